/**
 * Whether a clock's date may bind, and if not, why.
 *
 * A date binds only if the text of the law was read, the instrument is law, both
 * of its keys of applicability cover the day of the event, the counting rule is
 * known, and two officers signed the pack off. Everything else is shown as less.
 */
import type { Because } from '../../base/decision.ts'
import type { CalendarDate } from '../../base/time.ts'
import type { AppliesFrom, Clock } from './clock.ts'
import { evaluate, type Facts } from './condition.ts'
import { type Basis, cite, type Instrument, type InstrumentStatus, type LawPack } from './pack.ts'

const NOT_YET: readonly InstrumentStatus[] = ['enacted_future', 'in_force_not_yet_applicable']

export type Standing = {
  readonly standing: 'binding' | 'confirm' | 'advisory' | 'not_yet_applicable'
  readonly because: readonly Because[]
}

export const NOT_LAW: readonly InstrumentStatus[] = [
  'bill_pending',
  'proposal',
  'soft_law',
  'signed_not_in_force',
  'repealed',
  'dead',
  'unknown',
]

/** What is asked about: a clock, with the basis of the period that its facts chose. */
export type Subject = {
  readonly instrument: Instrument
  readonly clock: Clock
  readonly basis: Basis
}

export type Circumstances = {
  /** Local calendar date of the clock's start event. */
  readonly day: CalendarDate
  readonly facts: Facts
  readonly isSigned: boolean
  /** An officer found that the facts fall under the clock: no open fact contests its scope. */
  readonly isClassified: boolean
}

export function standingOf(pack: LawPack, subject: Subject, at: Circumstances): Standing {
  const { instrument, clock } = subject
  const { day, isSigned } = at
  const advisory = whyAdvisory(subject, day)
  if (advisory.length > 0) return { standing: 'advisory', because: advisory }
  const notYet = whyNotYet(instrument, clock, day)
  if (notYet.length > 0) return { standing: 'not_yet_applicable', because: notYet }
  const doubts = [...whyScopeInDoubt(pack, clock, at), ...whyUnsure(subject)]
  if (!isSigned) {
    doubts.push(because('not-signed-off', 'Two officers have not signed off this law pack.'))
  }
  if (doubts.length > 0) return { standing: 'confirm', because: doubts }
  return {
    standing: 'binding',
    because: [because('text-read', 'The text of the law was read and the pack is signed off.')],
  }
}

function whyAdvisory({ instrument, clock, basis }: Subject, day: CalendarDate): Because[] {
  const found: Because[] = []
  if (NOT_LAW.includes(instrument.status)) {
    const text = `The instrument is not law: ${instrument.status.replaceAll('_', ' ')}.`
    found.push(because('not-law', text, cite(instrument.statusBasis)))
  }
  if (!clock.isBinding) found.push(because('not-binding', 'The pack marks it as not binding.'))
  if (basis.evidence === 'R') {
    found.push(because('recalled-only', 'The entry is recalled only and must be verified.'))
  }
  const risk = instrument.preemptionRisk
  if (risk?.level === 'enacted' && (risk.switchOffFrom === null || risk.switchOffFrom <= day)) {
    found.push(because('pre-empted', risk.note))
  }
  return found
}

function whyNotYet(instrument: Instrument, clock: Clock, day: CalendarDate): Because[] {
  const from = clock.applies.provisionFrom
  if (from !== null && day < from.date) {
    return [
      because('provision-later', `The provision applies from ${from.date}.`, cite(from.basis)),
    ]
  }
  if (from === null && NOT_YET.includes(instrument.status)) {
    return [because('provision-later', 'The instrument does not apply yet.')]
  }
  return []
}

/** The second key. Facts may choose between scope dates; what they leave open is doubt. */
function whyScopeInDoubt(
  pack: LawPack,
  clock: Clock,
  { day, facts, isClassified }: Circumstances,
): Because[] {
  const { scopeFrom } = clock.applies
  const possible = scopeFrom.filter((from) => answerOf(pack, from, facts) !== 'no')
  if (scopeFrom.length > 0 && possible.length === 0) {
    return [because('scope-not-met', 'The facts place it outside the scope in the pack.')]
  }
  if (isClassified && possible.some(({ date }) => date <= day)) return []
  return possible
    .filter(({ date }) => day < date)
    .map(({ date, basis }) => {
      const text = `The provision applies, but its scope only from ${date}.`
      return because('scope-later', text, cite(basis))
    })
}

function answerOf(pack: LawPack, from: AppliesFrom, facts: Facts): 'yes' | 'no' | 'unknown' {
  return from.when === null ? 'yes' : evaluate(from.when, facts, pack).answer
}

function whyUnsure({ clock, basis }: Subject): Because[] {
  const found: Because[] = []
  if (basis.evidence === 'S') {
    found.push(because('secondary-source', 'Only a secondary source was read.', cite(basis)))
  }
  if (clock.counting === 'national') {
    const text = 'A directive: the national law that transposes it sets and counts the period.'
    found.push(because('national-counting', text))
  }
  return found
}

function because(rule: string, text: string, source?: string): Because {
  const id = `law:${rule}`
  return source === undefined ? { rule: id, text } : { rule: id, text, source }
}
