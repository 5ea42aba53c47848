/**
 * Competence: which authorities may act on a set of facts, and why.
 *
 * Each rule is data of a pack. A rule that the facts leave open returns the
 * questions to ask; it never guesses. It does not say which of several competent
 * authorities leads: that is lead.ts.
 */
import type { Because } from '../../base/decision.ts'
import type { CalendarDate } from '../../base/time.ts'
import { evaluate, type Facts } from './condition.ts'
import { instrumentStanding } from './entry-standing.ts'
import { designatedFor } from './overlay.ts'
import { type Basis, type CompetenceRule, cite, type Instrument, type LawPack } from './pack.ts'

export type OpenQuestion = { readonly fact: string; readonly text: string }

export type Finding = {
  readonly legalOrder: string
  /** Kind of authority, in the words of the pack, e.g. `market_surveillance_authority`. */
  readonly authorityKind: string
  readonly authority: string
  readonly instrument: string
  readonly competent: 'yes' | 'no' | 'open'
  readonly because: readonly Because[]
  readonly openQuestions: readonly OpenQuestion[]
}

/** A finding with the rule that it rests on. */
export type RuledFinding = Finding & {
  /** `<instrument id>/<rule id>`. */
  readonly rule: string
  readonly authorityName: string
  readonly basis: Basis
}

/** One finding for each rule of each pack, in the order of the packs; `on` is the day asked about. */
export function assessCompetence(
  packs: readonly LawPack[],
  facts: Facts,
  on: CalendarDate,
): readonly Finding[] {
  return competenceFindings(packs, facts, on).map((finding) => {
    const { rule: _, authorityName: __, basis: ___, ...plain } = finding
    return plain
  })
}

export function competenceFindings(
  packs: readonly LawPack[],
  facts: Facts,
  on: CalendarDate,
): readonly RuledFinding[] {
  return packs.flatMap((pack) =>
    pack.instruments.flatMap((instrument) =>
      instrument.competence.map((rule) => findingOf({ pack, instrument, rule, facts, on })),
    ),
  )
}

/** What an instrument's findings say together; `undefined` if it has no rule of competence. */
export function competenceUnder(
  findings: readonly Finding[],
  instrument: string,
): 'yes' | 'no' | 'open' | undefined {
  const answers = findingsUnder(findings, instrument)
  if (answers.length === 0) return undefined
  if (answers.some(({ competent }) => competent === 'yes')) return 'yes'
  return answers.some(({ competent }) => competent === 'open') ? 'open' : 'no'
}

export function findingsUnder<F extends Finding>(
  findings: readonly F[],
  instrument: string,
): readonly F[] {
  let index = byInstrument.get(findings)
  if (index === undefined) {
    index = Map.groupBy(findings, (finding) => finding.instrument)
    byInstrument.set(findings, index)
  }
  return (index.get(instrument) ?? []) as readonly F[]
}

/** Lists of findings are never changed, so each is ordered once. */
const byInstrument = new WeakMap<readonly Finding[], ReadonlyMap<string, readonly Finding[]>>()

/** The question a pack asks for a fact. */
export function questionFor(pack: LawPack, fact: string): OpenQuestion {
  let asked = questions.get(pack)
  if (asked === undefined) {
    asked = new Map()
    questions.set(pack, asked)
  }
  const known = asked.get(fact)
  if (known !== undefined) return known
  const text = pack.questions[fact]
  const question = { fact, text: text ?? fact }
  if (text !== undefined) asked.set(fact, question)
  return question
}

const questions = new WeakMap<LawPack, Map<string, OpenQuestion>>()

type Asked = {
  readonly pack: LawPack
  readonly instrument: Instrument
  readonly rule: CompetenceRule
  readonly facts: Facts
  readonly on: CalendarDate
}

function findingOf({ pack, instrument, rule, facts, on }: Asked): RuledFinding {
  const authority = pack.instruments
    .flatMap(({ authorities }) => authorities)
    .find(({ id }) => id === rule.authority)
  const says = { rule: `law:${rule.id}`, text: rule.text, source: cite(rule.basis) }
  const found = designatedFor(pack, rule.authority, facts)
  const own = found && 'name' in found ? found : undefined
  const shared = {
    legalOrder: pack.legalOrder,
    authorityKind: authority?.kind ?? 'unknown',
    authority: rule.authority,
    instrument: instrument.id,
    rule: rule.id,
    authorityName: own?.name ?? authority?.name ?? rule.authority,
    basis: rule.basis,
  }
  const notLaw = whyNotLaw(instrument, on)
  if (notLaw.length > 0) {
    return { ...shared, competent: 'no', because: [...notLaw, says], openQuestions: [] }
  }
  const { answer, grounds, missing } = evaluate(rule.when, facts, pack)
  if (answer === 'unknown') {
    const openQuestions = missing.map((fact) => questionFor(pack, fact))
    return { ...shared, competent: 'open', because: [says], openQuestions }
  }
  const because: Because[] = [
    says,
    { rule: 'law:facts', text: `Facts: ${grounds.join('; ')}.` },
    ...(own === undefined ? [] : [designation(own)]),
  ]
  if (answer === 'yes' && rule.basis.evidence === 'R') {
    const text = 'The rule is recalled only: does the text of the law say so?'
    const openQuestions = [{ fact: rule.id, text }]
    return { ...shared, competent: 'open', because, openQuestions }
  }
  return { ...shared, competent: answer, because, openQuestions: [] }
}

function designation({ name, basis }: { readonly name: string; readonly basis: Basis }): Because {
  return { rule: 'law:designated', text: `Designated here: ${name}.`, source: cite(basis) }
}

/** A bill or a proposal gives nobody a power, nor does a law before its day. */
function whyNotLaw(instrument: Instrument, on: CalendarDate): readonly Because[] {
  const standing = instrumentStanding(instrument, on)
  return standing.state === 'applies' ? [] : standing.because
}
