/**
 * Notices by mail, and periods passed to deputies: run by the clock, never by an act.
 *
 * What a mail says is made here and nowhere else: how much waits, by kind, and the
 * workspace's address. Reports that wait make a mail leave later by a random time,
 * so that a mail does not show when somebody filed.
 */
import { Type } from '@sinclair/typebox'
import { toHex, utf8 } from '../../base/bytes.ts'
import { type Decision, permit, refuse } from '../../base/decision.ts'
import { addMs } from '../../base/time.ts'
import type { Acting } from '../../core/case/recorded.ts'
import { decideNotice } from '../../core/desk/decide-notice.ts'
import { personOf } from '../../core/people/standing.ts'
import { decideDeskAccess } from '../access.ts'
import { actingAs } from '../acting.ts'
import type { Kernel } from '../kernel.ts'
import { readStanding } from '../people/standing.ts'
import type { Mail, PreferenceState } from '../ports/notices.ts'
import type { Officer } from '../ports/people.ts'
import type { WorkCounts } from '../ports/work.ts'
import { countWork, urgentWork, workListOf } from './work-list.ts'

export const preferenceForm = Type.Object({
  address: Type.String({ minLength: 3, maxLength: 254 }),
  digestHour: Type.Optional(Type.Integer({ minimum: 0, maximum: 23 })),
  isUrgentWanted: Type.Boolean(),
})

type Wanted = {
  readonly address: string
  readonly digestHour?: number
  readonly isUrgentWanted: boolean
}

const ADDRESS = /^[^\s<>@",;:\\]+@([a-z0-9-]+(?:\.[a-z0-9-]+)*)$/i

/** An address counts once a code that was sent there has come back; a change of hours counts at once. */
export async function setPreference(
  kernel: Kernel,
  { address, digestHour, isUrgentWanted }: Wanted,
  { officer }: Acting,
): Promise<Decision<{ readonly isConfirmed: boolean }>> {
  const { desk, clocks } = kernel
  if (!desk.rules) {
    const text = 'this node sends no mail: the administrator configures it'
    return refuse('noMail', { rule: 'mail:configured', text })
  }
  const domain = ADDRESS.exec(address)?.[1]?.toLowerCase()
  if (domain === undefined) {
    return refuse('noAddress', { rule: 'mail:address', text: 'this is no mail address' })
  }
  const { domains } = desk.rules
  if (domains && !domains.some((known) => known.toLowerCase() === domain)) {
    const text = `notices go to addresses of the authority only: ${domains.join(', ')}`
    return refuse('foreignAddress', { rule: 'mail:domain', text })
  }
  const preference = { officer, address, digestHour: digestHour ?? null, isUrgentWanted }
  const known = await desk.notices.preference(officer)
  if (known?.address === address) {
    await desk.notices.setPreference(preference)
    return permit({ isConfirmed: true })
  }
  const asked = await desk.notices.askCode(preference, clocks.wireNow(), codeMail)
  if (asked) return permit({ isConfirmed: false })
  const text = 'a code was sent a moment ago: wait a minute before you ask for another'
  return refuse('tooSoon', { rule: 'mail:pause', text })
}

/** False for a wrong or expired code; the address that counted before goes on counting. */
export function confirmAddress(
  { desk, clocks }: Kernel,
  typed: string,
  { officer }: Acting,
): Promise<boolean> {
  return desk.notices.confirmCode(officer, typed, clocks.wireNow())
}

function codeMail(code: string) {
  const text = [
    'Somebody wants notices of Comity to be sent to this address. If it was you, type this',
    'code at "Notices by mail", where you asked for them, within a day:',
    '',
    code,
    '',
    'If it was not you, do nothing. Nobody from Comity will ask you for the code.',
    '',
  ].join('\n')
  return { subject: 'Comity: confirm this address', text }
}

/** Queues what is due. Returns how many mails that were. */
export async function queueNotices(kernel: Kernel): Promise<number> {
  let queued = 0
  const standing = await readStanding(kernel)
  for (const preference of await kernel.desk.notices.preferences()) {
    const officer = await kernel.people.officer(preference.officer)
    const hasLeft = personOf(standing, preference.officer)?.state === 'left'
    // Whoever is suspended or may be kept after all finds their notices as they were.
    if (hasLeft) await kernel.desk.notices.clearPreference(preference.officer)
    else if (officer && (await queueFor(kernel, officer, preference))) queued += 1
  }
  return queued
}

async function queueFor(
  kernel: Kernel,
  officer: Officer,
  preference: PreferenceState,
): Promise<boolean> {
  const { clocks, node, desk } = kernel
  const list = await workListOf(kernel, actingAs(officer, kernel))
  const work = countWork(list, clocks.caseNow(), node.zone)
  const reports = (await doesIntake(kernel, officer)) ? (await kernel.filings.waiting()).length : 0
  const pressing = urgentWork(list, clocks.caseNow(), node.zone).join('\n')
  const facts = {
    total:
      work.tasks +
      work.deadlines +
      work.reviews +
      work.messages +
      work.proposals +
      work.duties +
      work.dues +
      reports,
    urgent: work.urgent,
    urgentDigest: toHex(kernel.primitives.sha256(utf8(pressing))),
  }
  const now = clocks.wireNow()
  const due = decideNotice(preference, facts, now, node.zone)
  if (!due) return false
  const { kind, ...mark } = due
  // An urgent notice leaves at once, so it says nothing of reports.
  const told = kind === 'urgent' ? 0 : reports
  const delayMs = told > 0 ? randomBelow(kernel, desk.rules?.intakeDelayMs ?? 0) : 0
  const mail = noticeMail(kernel, preference, { ...work, reports: told }, kind)
  await desk.notices.queue({ ...mail, sendAt: addMs(now, delayMs) }, mark)
  return true
}

async function doesIntake(kernel: Kernel, officer: Officer): Promise<boolean> {
  const action = { name: 'intake', group: 'intake' } as const
  const access = await decideDeskAccess(kernel, action, actingAs(officer, kernel))
  return access.decision === 'permit'
}

type Told = WorkCounts & { readonly reports: number }

export function noticeMail(
  { node }: Kernel,
  { officer, address }: { readonly officer: string; readonly address: string },
  counts: Told,
  kind: 'digest' | 'urgent',
): Omit<Mail, 'sendAt'> {
  const lines = (
    [
      ['urgent', 'Due within a day, or late'],
      ['tasks', 'Tasks'],
      ['deadlines', 'Periods'],
      ['reviews', 'Reviews'],
      ['messages', 'Messages of other authorities'],
      ['proposals', 'Waiting for your second pair of eyes'],
      ['duties', 'Duties after releases'],
      ['dues', 'Other days to keep'],
      ['reports', 'Reports'],
    ] as const
  ).flatMap(([name, label]) => (counts[name] > 0 ? [`${label}: ${counts[name]}`] : []))
  const text = [
    'There is work in Comity.',
    '',
    ...lines,
    '',
    'Sign in to see it:',
    `${node.urls.officers}/en/officer/my-work`,
    '',
    'This mail says nothing about a case or a person. You choose there which mails you get.',
    '',
  ].join('\n')
  const subject = kind === 'urgent' ? 'Comity: something is due' : 'Comity: your work'
  return { officer, address, subject, text }
}

function randomBelow({ random }: Kernel, limitMs: number): number {
  const [a = 0, b = 0, c = 0] = random.bytes(3)
  return Math.floor(((a * 65536 + b * 256 + c) / 16777216) * limitMs)
}
