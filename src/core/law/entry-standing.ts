/**
 * Whether an entry of a pack is law on a day, and how surely: for competence,
 * measures, transfers, remedies and sanctions. Clocks have their own (standing.ts),
 * because their dates bind.
 *
 * `applies` needs the text itself (evidence P). It does not say that the entry is
 * signed off: whoever acts on it asks sign-off.ts.
 */
import type { Because } from '../../base/decision.ts'
import type { CalendarDate } from '../../base/time.ts'
import type { AppliesFrom } from './clock.ts'
import { onceADay } from './once.ts'
import { type Basis, cite, type Instrument } from './pack.ts'

/**
 * `applies`: the text was read and is law. `confirm`: law by a secondary source.
 * `advisory`: recalled only, or not binding. `not_yet`: law, but only from later on.
 * `not_law`: a bill, a proposal, soft law, or law that is gone.
 */
export const ENTRY_STATES = ['applies', 'confirm', 'advisory', 'not_yet', 'not_law'] as const
export type EntryState = (typeof ENTRY_STATES)[number]

export type EntryStanding = {
  readonly state: EntryState
  /** First day of application, where the state is `not_yet` and the pack names it. */
  readonly from: CalendarDate | null
  readonly because: readonly Because[]
}

type Entry = {
  readonly basis: Basis
  readonly appliesFrom?: { readonly date: CalendarDate; readonly basis: Basis } | null
  readonly isBinding?: boolean
}

const APPLIES: EntryStanding = { state: 'applies', from: null, because: [] }

/** True for what an authority may rely on, be it after a lawyer confirmed it. */
export function isUsable({ state }: { readonly state: EntryState }): boolean {
  return state === 'applies' || state === 'confirm'
}

/** @param on the day asked about, as a calendar date of the authority */
export function entryStanding(
  instrument: Instrument,
  entry: Entry,
  on: CalendarDate,
): EntryStanding {
  const whole = instrumentStanding(instrument, on)
  if (whole.state !== 'applies') return whole
  const from = entry.appliesFrom ?? null
  if (from !== null && on < from.date) return notYet(from)
  if (entry.isBinding === false) {
    return less('advisory', 'not-binding', 'The pack marks it as not binding.')
  }
  if (entry.basis.evidence === 'R') {
    return less('advisory', 'recalled-only', 'The entry is recalled only and must be verified.')
  }
  if (entry.basis.evidence === 'S') {
    const text = 'Only a secondary source was read.'
    return less('confirm', 'secondary-source', text, cite(entry.basis))
  }
  return APPLIES
}

/** Of the instrument as a whole: `applies`, `not_yet` or `not_law`. */
export const instrumentStanding = onceADay(standingOn)

function standingOn(instrument: Instrument, on: CalendarDate): EntryStanding {
  const { status, statusBasis, preemptionRisk: risk } = instrument
  const isFuture = status === 'enacted_future' || status === 'in_force_not_yet_applicable'
  const isLaw = isFuture || status === 'in_force' || status === 'in_force_partially'
  if (!isLaw) {
    const text = `The instrument confers no power now: ${status.replaceAll('_', ' ')}.`
    return less('not_law', 'not-law', text, cite(statusBasis))
  }
  if (risk?.level === 'enacted' && (risk.switchOffFrom === null || risk.switchOffFrom <= on)) {
    return less('not_law', 'pre-empted', risk.note)
  }
  const from = instrument.applies.provisionFrom
  if (from !== null && on < from.date) return notYet(from)
  if (from === null && isFuture) {
    const text = 'The instrument does not apply yet.'
    return less('not_yet', 'provision-later', text, cite(statusBasis))
  }
  return APPLIES
}

function notYet({ date, basis }: Pick<AppliesFrom, 'date' | 'basis'>): EntryStanding {
  const text = `It applies only from ${date}.`
  const because = [{ rule: 'law:provision-later', text, source: cite(basis) }]
  return { state: 'not_yet', from: date, because }
}

function less(state: EntryState, rule: string, text: string, source?: string): EntryStanding {
  const id = `law:${rule}`
  const because = source === undefined ? { rule: id, text } : { rule: id, text, source }
  return { state, from: null, because: [because] }
}
