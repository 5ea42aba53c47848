/** Clocks as an iCalendar file: cases by their number, never by their title. */
import { type BoardClock, calendarEntries } from '../../../app/desk/clock-board.ts'
import type { Instant } from '../../../base/time.ts'
import type { SiteKit } from '../../site-kit.ts'
import { wordFor } from '../../words.ts'
import { caseRef } from '../case/present-case.ts'
import { clockName } from '../case/present-law.ts'

export const CALENDAR_TYPE = 'text/calendar; charset=utf-8'

export async function writeCalendar(
  { kernel, renderer }: SiteKit,
  lang: string,
  { clocks, now }: { readonly clocks: readonly BoardClock[]; readonly now: Instant },
): Promise<Uint8Array> {
  const messages = renderer.catalogues.messagesFor(lang, 'officers')
  const { packs } = await kernel.law.context()
  const entries = calendarEntries(clocks, kernel.node.id, {
    title: (row) =>
      messages.t('clocks.entryTitle', {
        clock: clockName(row.clock, packs),
        case: caseRef(row.caseId, row.caseOpenedAt, kernel.node.id),
      }),
    text: (row) =>
      messages.t('clocks.entryText', {
        state: wordFor(messages, 'clock', row.state),
        id: row.clock,
      }),
  })
  const name = messages.t('clocks.calendarName', { node: kernel.node.name })
  return kernel.desk.calendars.write(name, entries, now)
}
