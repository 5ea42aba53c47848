/** What the node needs for the work around its cases, and what it does for it by the clock. */
import { readFileSync } from 'node:fs'
import { icalFiles } from '../adapters/calendar/ical.ts'
import { deliverHooks, nameEndpoints, queueHooks } from '../adapters/hooks/hook-queue.ts'
import { requireHookPlace } from '../adapters/hooks/post-hook.ts'
import type { AtRest } from '../adapters/keys/at-rest.ts'
import { sendWaitingMail } from '../adapters/mail/mail-queue.ts'
import { mailSender } from '../adapters/mail/send-mail.ts'
import type { Database } from '../adapters/postgres/database.ts'
import { postgresHandOvers } from '../adapters/postgres/desk/hand-overs.ts'
import { postgresImports } from '../adapters/postgres/desk/imports.ts'
import { postgresLetters } from '../adapters/postgres/desk/letters.ts'
import { postgresNotices } from '../adapters/postgres/desk/notices.ts'
import { workRecords } from '../adapters/postgres/desk/records.ts'
import { postgresSearch } from '../adapters/postgres/desk/search.ts'
import { postgresUndelivered } from '../adapters/postgres/desk/undelivered.ts'
import { systemRandom as random } from '../adapters/random.ts'
import { postgresGuests } from '../adapters/sign-in/guests.ts'
import { fileTables } from '../adapters/tables/tables.ts'
import { escalateDeadlines } from '../app/desk/escalate.ts'
import { runNoticeClock } from '../app/desk/notice-timers.ts'
import { queueNotices } from '../app/desk/notices.ts'
import { askForOverdueWork } from '../app/desk/overdue-work.ts'
import { queueRosterNotices } from '../app/desk/roster-notice.ts'
import type { Kernel } from '../app/kernel.ts'
import type { NoticeRules } from '../app/ports/notices.ts'
import type { Desk } from '../app/ports/work.ts'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../base/time.ts'
import type { HooksConfig } from './config/hooks.ts'
import type { MailConfig } from './config/mail.ts'
import type { Job } from './jobs.ts'
import { report } from './report.ts'

export type DeskParts = {
  readonly database: Database
  readonly atRest: AtRest
  readonly mail: MailConfig | undefined
  readonly hooks?: HooksConfig | undefined
}

export function openDesk({ database, atRest, mail }: DeskParts): Desk {
  return {
    records: workRecords(database, atRest),
    notices: postgresNotices(database, atRest, random),
    rules: mail && rulesOf(mail),
    search: postgresSearch(database, atRest),
    tables: fileTables,
    calendars: icalFiles,
    letters: postgresLetters(database, atRest),
    handOvers: postgresHandOvers(database, atRest),
    imports: postgresImports(database, atRest, random),
    guests: postgresGuests({ database, atRest, random }),
    undelivered: postgresUndelivered(database),
  }
}

const INTAKE_DELAY_MINUTES = 240

function rulesOf({ domains, intakeDelayMinutes, escalation }: MailConfig): NoticeRules {
  const intakeDelayMs = (intakeDelayMinutes ?? INTAKE_DELAY_MINUTES) * MINUTE_MS
  return { domains, intakeDelayMs, escalation }
}

export function deskJobs(kernel: Kernel, parts: DeskParts): readonly Job[] {
  const noticeClock = {
    name: 'notice-clock',
    intervalMs: MINUTE_MS,
    run: async () => void (await runNoticeClock(kernel)),
  }
  const overdueWork = {
    name: 'overdue-work',
    intervalMs: MINUTE_MS,
    run: async () => void (await askForOverdueWork(kernel)),
  }
  return [...mailJobs(kernel, parts), hookJob(kernel, parts), noticeClock, overdueWork]
}

function hookJob(kernel: Kernel, { database, atRest, hooks = [] }: DeskParts): Job {
  const entries = hooks.map(({ name, url, secretFile }) => {
    const place = { url, secret: readFileSync(secretFile, 'utf8').trim() }
    requireHookPlace(place)
    return [name, place] as const
  })
  const places = new Map(entries)
  const officersUrl = kernel.node.urls.officers
  const queue = { database, atRest, random, places, officersUrl, nowMs: Date.now }
  let isNamed = false
  return {
    name: 'hooks',
    intervalMs: 15 * SECOND_MS,
    async run() {
      if (!isNamed) await nameEndpoints(queue)
      isNamed = true
      if (places.size === 0) return
      await queueHooks(queue)
      const { delayed, dead } = await deliverHooks(queue)
      if (delayed + dead > 0) report('hooks-not-delivered', { delayed, dead })
    },
  }
}

/** Without mail there is nothing to do. */
function mailJobs(kernel: Kernel, { database, atRest, mail }: DeskParts): readonly Job[] {
  if (!mail) return []
  const send = mailSender(mail)
  const queue = { database, atRest, send, nowMs: Date.now }
  return [
    {
      name: 'mail-notices',
      intervalMs: MINUTE_MS,
      run: async () => void (await queueNotices(kernel)),
    },
    {
      name: 'roster-notices',
      intervalMs: HOUR_MS / 4,
      run: async () => void (await queueRosterNotices(kernel)),
    },
    {
      name: 'mail-send',
      intervalMs: 15 * SECOND_MS,
      async run() {
        const { delayed, failed } = await sendWaitingMail(queue)
        if (delayed + failed > 0) report('mail-not-sent', { delayed, failed })
      },
    },
    {
      name: 'escalate-deadlines',
      intervalMs: HOUR_MS / 4,
      run: async () => void (await escalateDeadlines(kernel)),
    },
  ]
}
