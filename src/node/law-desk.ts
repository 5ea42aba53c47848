/** The law of this node: the packs it uses, with its own officers' sign-offs. */
import type { Kernel, LawDesk } from '../app/kernel.ts'
import { growingFold } from '../base/growing-fold.ts'
import { addMs, type CalendarDate, type Instant, utcDateOf } from '../base/time.ts'
import type { Recorded } from '../core/case/recorded.ts'
import { type HolidaysOf, workCalendar } from '../core/law/calendar.ts'
import { dueDate } from '../core/law/due-date.ts'
import { onceADay } from '../core/law/once.ts'
import { cite, findClock, type LawPack } from '../core/law/pack.ts'
import { packsOn } from '../core/law/pack-versions.ts'
import { foldSignOffs, noSignOffs, type SignOffEvent } from '../core/law/sign-off.ts'

/** What is owed to a reporter, where the pack of the legal order says so. */
const FILING_CLOCKS = ['eu.whistle/ack', 'eu.whistle/feedback']

export type LawDeskParts = {
  /** Every version that is loaded. */
  readonly versions: readonly LawPack[]
  /** Case time: it says which version of a pack is in use. */
  readonly now: () => Instant
  readonly holidaysOf: HolidaysOf
  readonly legalOrder: string
  readonly streams: Pick<Kernel['streams'], 'read'>
  readonly lawStreamId: string
}

export function lawDesk(parts: LawDeskParts): LawDesk {
  const { versions, holidaysOf, legalOrder } = parts
  const inUse = () => packsInUse(versions, utcDateOf(parts.now()))
  const own = () => inUse().find((pack) => pack.legalOrder === legalOrder)
  const filingClocksOf = onceADay((pack: LawPack, on) => clocksFrom(pack, holidaysOf, on))
  const extensionsOf = onceADay((pack: LawPack, on) => extensionsFrom(pack, holidaysOf, on))
  return {
    ownPackId: () => own()?.id ?? '',
    async context() {
      const stream = await parts.streams.read(parts.lawStreamId)
      const history = (stream?.history ?? []) as readonly Recorded<SignOffEvent>[]
      const signOffs = foldGrowing(history)
      return { packs: inUse(), versions, holidaysOf, signOffs }
    },
    filingClocks(filedOn) {
      const pack = own()
      return pack ? filingClocksOf(pack, filedOn) : []
    },
    filingExtensions(filedOn) {
      const pack = own()
      return pack ? extensionsOf(pack, filedOn) : []
    },
  }
}

const foldGrowing = growingFold(foldSignOffs, noSignOffs)

const packsInUse = onceADay((versions: readonly LawPack[], on) => packsOn(versions, on))

function clocksFrom(pack: LawPack, holidaysOf: HolidaysOf, filedOn: CalendarDate) {
  const start = `${filedOn}T12:00:00.000Z` as Instant
  const calendar = workCalendar(pack, holidaysOf)
  return FILING_CLOCKS.flatMap((id) => {
    const clock = findClock(pack, id)?.clock
    if (!clock?.period) return []
    const { strictAt } = dueDate(start, clock.period, calendar, clock.counting)
    return [{ kind: id, dueOn: lastDayBefore(strictAt), source: cite(clock.basis) }]
  })
}

/** Only an extension whose words were read, and in the unit of the period that it extends. */
function extensionsFrom(pack: LawPack, holidaysOf: HolidaysOf, filedOn: CalendarDate) {
  const start = `${filedOn}T12:00:00.000Z` as Instant
  const calendar = workCalendar(pack, holidaysOf)
  return FILING_CLOCKS.flatMap((id) => {
    const clock = findClock(pack, id)?.clock
    if (!clock?.period || !clock.extension || clock.extension.basis.evidence !== 'P') return []
    const { period, extension } = clock
    if (extension.period.unit !== period.unit) return []
    const whole = { ...period, count: period.count + extension.period.count }
    const { strictAt } = dueDate(start, whole, calendar, clock.counting)
    return [{ kind: id, dueOn: lastDayBefore(strictAt), source: cite(extension.basis) }]
  })
}

/** Due dates are the first moment of lateness; people read the last day. */
function lastDayBefore(strictAt: Instant): CalendarDate {
  return utcDateOf(addMs(strictAt, -1))
}
