/**
 * The obligations, remedies and sanctions of a pack as entries of the matrix (gap-matrix.ts).
 *
 * What an entry says on a day is the same for every case, and made once; the facts of a
 * case only choose which are there, and which of them are open.
 */
import type { CalendarDate } from '../../base/time.ts'
import { formulaOf } from './cap-rule.ts'
import type { Clock } from './clock.ts'
import { type OpenQuestion, questionFor } from './competence.ts'
import { type Condition, evaluate, type Facts } from './condition.ts'
import { type EntryStanding, entryStanding, instrumentStanding } from './entry-standing.ts'
import type { CellEntry } from './gap-matrix.ts'
import { onceADay } from './once.ts'
import type { Basis, Instrument, LawPack } from './pack.ts'
import { isModifier } from './sanction-cap.ts'
import { standingOf } from './standing.ts'
import { dutyClassOf, remedyClassOf } from './subjects.ts'

type Stands = Pick<EntryStanding, 'state' | 'from'>

/** An entry as it stands where no fact is open. */
type Known = {
  readonly entry: CellEntry
  readonly when: Condition | null
  /** Where facts choose between the dates of its scope; else it stands as `entry` says. */
  readonly standsBy: ((facts: Facts) => Stands) | null
}

type Row = 'obligations' | 'remedies' | 'sanctions'
type KnownRows = { readonly instrument: Instrument } & Readonly<Record<Row, readonly Known[]>>

/** Of each instrument that is not gone, in the order of the pack. */
export const entriesOn = onceADay((pack: LawPack, on: CalendarDate): readonly KnownRows[] =>
  pack.instruments
    .filter(({ status }) => status !== 'repealed' && status !== 'dead')
    .map((instrument) => ({
      instrument,
      obligations: obligationsOf({ pack, instrument, on }),
      remedies: remediesOf({ pack, instrument, on }),
      sanctions: sanctionsOf({ pack, instrument, on }),
    })),
)

/**
 * Nothing if its condition is not met; `open` if the facts leave that, or competence, open.
 *
 * @param questions those that leave competence under its instrument open
 */
export function onFacts(
  pack: LawPack,
  { entry, when, standsBy }: Known,
  facts: Facts,
  questions: readonly OpenQuestion[],
): readonly CellEntry[] {
  const answer = when === null ? undefined : evaluate(when, facts, pack)
  if (answer?.answer === 'no') return []
  const { state, from } = standsBy?.(facts) ?? entry
  const missing = answer?.missing ?? []
  const isOpen =
    missing.length + questions.length > 0 && (state === 'applies' || state === 'confirm')
  if (!isOpen) return [state === entry.state ? entry : { ...entry, state, from }]
  const own = missing.map((fact) => questionFor(pack, fact))
  return [{ ...entry, state: 'open', from, openQuestions: [...own, ...questions] }]
}

type Asked = {
  readonly pack: LawPack
  readonly instrument: Instrument
  readonly on: CalendarDate
}

function obligationsOf(asked: Asked): readonly Known[] {
  return asked.instrument.clocks.flatMap((clock) => {
    const subject = dutyClassOf(clock)
    if (subject === undefined) return []
    const label = clock.trigger?.text ?? clock.stage.replaceAll('_', ' ')
    const entry = entryOf(asked, clock, {
      subject,
      label: clock.by === null ? label : `${clock.by}: ${label}`,
      detail: periodText(clock),
      ...dutyStanding(asked, clock, {}),
    })
    const isByFacts = clock.applies.scopeFrom.some(({ when }) => when !== null)
    const standsBy = isByFacts ? (facts: Facts) => dutyStanding(asked, clock, facts) : null
    return [{ entry, when: clock.trigger?.when ?? null, standsBy }]
  })
}

function dutyStanding({ pack, instrument, on }: Asked, clock: Clock, facts: Facts): Stands {
  const whole = instrumentStanding(instrument, on)
  if (whole.state === 'not_law') return whole
  const subject = { instrument, clock, basis: clock.basis }
  const at = { day: on, facts, isSigned: true, isClassified: false }
  const { standing } = standingOf(pack, subject, at)
  if (standing === 'not_yet_applicable') {
    return { state: 'not_yet', from: clock.applies.provisionFrom?.date ?? whole.from }
  }
  const isUnsure = clock.trigger !== null && clock.trigger.when === null
  if (standing === 'binding') return { state: isUnsure ? 'confirm' : 'applies', from: null }
  return { state: standing, from: null }
}

function remediesOf(asked: Asked): readonly Known[] {
  return asked.instrument.remedies.map((remedy) => {
    const entry = entryOf(asked, remedy, {
      subject: remedyClassOf(remedy),
      label: remedy.kind.replaceAll('_', ' '),
      detail: `${remedy.who}: ${remedy.text}`,
      ...entryStanding(asked.instrument, remedy, asked.on),
    })
    return { entry, when: null, standsBy: null }
  })
}

function sanctionsOf(asked: Asked): readonly Known[] {
  return asked.instrument.sanctions.map((tier) => {
    const entry = entryOf(asked, tier, {
      subject: tier.track,
      label: tier.for,
      detail: isModifier(tier) ? `changes ${tier.modifies.join(', ')}` : formulaOf(tier),
      ...entryStanding(asked.instrument, tier, asked.on),
    })
    return { entry, when: tier.when, standsBy: null }
  })
}

type Described = Pick<CellEntry, 'subject' | 'label' | 'detail'> & Stands

function entryOf(
  { pack, instrument }: Asked,
  { id, basis }: { readonly id: string; readonly basis: Basis },
  { subject, label, detail, state, from }: Described,
): CellEntry {
  return {
    id: id.includes('/') ? id : `${instrument.id}/${id}`,
    legalOrder: pack.legalOrder,
    instrument: instrument.id,
    matter: instrument.matter,
    subject,
    label,
    detail,
    from,
    state,
    basis,
    openQuestions: [],
  }
}

function periodText({ kind, period, start, plus, backwardsFrom }: Clock): string {
  if (period === null) return plus ?? 'no number'
  const unit = period.unit.replaceAll('_', ' ')
  const length = `${period.count} ${unit}${period.count === 1 ? '' : 's'}`
  const of = start !== null ? `from ${start.event.replaceAll('_', ' ')}` : `before ${backwardsFrom}`
  const word = { max: 'within', min: 'at least', validity: 'for', recurring: 'every' }
  return `${kind === 'qualitative' ? '' : word[kind]} ${length} ${of}`.trim()
}
