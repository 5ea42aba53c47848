/**
 * Tells whoever plans the duty roster by mail that nobody is on duty for a part of the
 * next day: once a day, to those who want urgent notices. Where nobody ever planned a
 * shift there is no roster, and nothing to tell.
 */
import { addMs, HOUR_MS } from '../../base/time.ts'
import { ruleOf } from '../../core/access/rules.ts'
import { localDate } from '../../core/desk/local-time.ts'
import { rosterGaps } from '../../core/people/duty.ts'
import type { Kernel } from '../kernel.ts'
import { readStanding } from '../people/standing.ts'

const AHEAD_MS = 24 * HOUR_MS

/** Returns how many mails it queued. */
export async function queueRosterNotices(kernel: Kernel): Promise<number> {
  const { clocks, desk, node, people } = kernel
  if (!desk.rules) return 0
  const standing = await readStanding(kernel)
  const isPlanned = standing.shifts.some(({ state }) => state !== 'cancelled')
  const now = clocks.caseNow()
  if (!isPlanned || rosterGaps(standing, now, addMs(now, AHEAD_MS)).length === 0) return 0
  const today = localDate(clocks.wireNow(), node.zone)
  let queued = 0
  for (const wish of await desk.notices.preferences()) {
    if (!wish.isUrgentWanted || wish.rosterOn === today) continue
    const officer = await people.officer(wish.officer)
    const plans = officer?.roles.some((role) => ruleOf('control').roles.includes(role))
    if (!plans) continue
    const mail = rosterMail(kernel)
    const { officer: to, address } = wish
    await desk.notices.queue(
      { officer: to, address, ...mail, sendAt: clocks.wireNow() },
      { rosterOn: today },
    )
    queued += 1
  }
  return queued
}

function rosterMail({ node }: Kernel) {
  const text = [
    'Within the next 24 hours there is a time when nobody is on duty.',
    '',
    'Sign in to see the roster:',
    `${node.urls.officers}/en/officer/duty`,
    '',
  ].join('\n')
  return { subject: 'Comity: nobody is on duty', text }
}
