/** The law of a case as its page shows it. Pure. */
import type { CaseLaw } from '../../../app/case-law.ts'
import type { RuledFinding } from '../../../core/law/competence.ts'
import type { FactValue } from '../../../core/law/condition.ts'
import type { DataPath } from '../../../core/law/data-paths.ts'
import type { LeadFinding } from '../../../core/law/lead.ts'
import { moneyWords } from '../../../core/law/money.ts'
import { type Basis, packRef } from '../../../core/law/pack.ts'
import type { Power } from '../../../core/law/powers.ts'
import type { SanctionCap } from '../../../core/law/sanction-cap.ts'
import { isSignedOff, type SignOffs } from '../../../core/law/sign-off.ts'
import type { LawSource } from '../../parts.ts'
import { readable } from '../../words.ts'
import type { Clock } from '../case/model.ts'
import { clockRow } from '../case/present-law.ts'
import { orderClocks } from '../case/presenter.ts'
import type { Authority, CaseHead, CaseLawModel, CaseLead, CaseMeasure, LawAsk } from './model.ts'

export type CaseLawView = {
  readonly law: CaseLaw
  readonly head: CaseHead
  readonly ask: LawAsk
  readonly signOffs: SignOffs
}

export function caseLawModel({ law, head, ask, signOffs }: CaseLawView): CaseLawModel {
  const { overview, packs, on, facts } = law
  const { competence } = overview
  const { findings, lead, reach, coordination, openQuestions } = competence
  const of = (answer: RuledFinding['competent']) =>
    findings.filter(({ competent }) => competent === answer).map(authority)
  const shown = new Set(packs.map(({ legalOrder }) => legalOrder))
  return {
    case: head,
    on,
    ask,
    versions: packs.map((pack) => ({
      id: pack.id,
      version: pack.version,
      isSignedOff: isSignedOff(signOffs, packRef(pack)),
    })),
    facts: Object.entries(facts).flatMap(([name, value]) =>
      value === undefined ? [] : [{ name, value: valueText(value) }],
    ),
    questions: openQuestions.map(({ fact, text, decides }) => ({
      fact,
      text,
      decides: decides.length,
    })),
    competent: of('yes'),
    open: of('open').filter(({ legalOrder }) => shown.has(legalOrder)),
    elsewhere: of('open').filter(({ legalOrder }) => !shown.has(legalOrder)),
    notCompetent: of('no').filter(({ legalOrder }) => shown.has(legalOrder)),
    leads: lead.filter(({ outcome }) => outcome !== 'open').map(leadRow),
    openLeads: lead
      .filter(({ outcome, legalOrder }) => outcome === 'open' && shown.has(legalOrder))
      .map(leadRow),
    ...(coordination ? { coordination: coordination.because } : {}),
    reached: reach.flatMap(({ reached, instrument, entity, role, article }) =>
      reached === 'no'
        ? []
        : [{ instrument, entity, role: readable(role), state: reached, article }],
    ),
    clocks: clockGroups(overview.clocks.map((clock) => clockRow(clock, packs))),
    powers: [...Map.groupBy(overview.powers, ({ legalOrder }) => legalOrder)].map(
      ([legalOrder, powers]) => ({ legalOrder, measures: powers.map(measureRow) }),
    ),
    caps: overview.caps.map(capRow),
    paths: overview.paths.map(pathRow),
  }
}

function valueText(value: FactValue): string {
  return Array.isArray(value) ? value.join(', ') : String(value)
}

export function lawSource({ article, source, evidence }: Basis): LawSource {
  return { article: `art. ${article}`, title: source, evidence }
}

function authority(finding: RuledFinding): Authority {
  const { legalOrder, authorityName, instrument, basis, because, openQuestions } = finding
  return {
    legalOrder,
    name: authorityName,
    instrument,
    source: lawSource(basis),
    because,
    asks: openQuestions.map(({ text }) => text),
  }
}

function leadRow(lead: LeadFinding): CaseLead {
  const { instrument, outcome, authority: leader, place, claims, because, disputes } = lead
  const who =
    leader === null ? claims.join(', ') : `${leader}${place === null ? '' : ` (${place})`}`
  const settled = disputes
    .map(({ decidedBy, clock }) => [decidedBy, clock].filter(Boolean).join(', '))
    .join('; ')
  return { instrument, outcome, who, because, ...(settled === '' ? {} : { dispute: settled }) }
}

/** Each clock in the first group that it fits; what a fact decides is never shown as due. */
function clockGroups(clocks: readonly Clock[]): CaseLawModel['clocks'] {
  const groups = Map.groupBy(clocks, ({ state, asks = [], strictDue }) => {
    if (state === 'not_yet_applicable') return 'later'
    if (asks.length > 0) return 'open'
    if (state === 'not_started') return 'waiting'
    return strictDue === undefined ? 'undated' : 'dated'
  })
  const of = (group: keyof CaseLawModel['clocks']) => orderClocks(groups.get(group) ?? [])
  return {
    dated: of('dated'),
    undated: of('undated'),
    open: of('open'),
    waiting: of('waiting'),
    later: of('later'),
  }
}

function measureRow(power: Power): CaseMeasure {
  const { measure, authority: holder, state, from, track, isCourtNeeded } = power
  return {
    measure: readable(measure),
    authority: holder,
    state,
    ...(from === null ? {} : { from }),
    track,
    isCourtNeeded,
    conditions: [...power.preconditions, ...power.openQuestions.map(({ text }) => text)],
    limits: power.limits,
    source: lawSource(power.basis),
  }
}

function capRow(cap: SanctionCap): CaseLawModel['caps'][number] {
  const { tier, state, base, steps, isFloorOfCap, basis } = cap
  return {
    tier,
    for: cap.for,
    amount: amountText(cap),
    state: cap.standing === 'binding' ? state : cap.standing,
    ...(base ? { base: base.text } : {}),
    steps: steps.map(({ text }) => text),
    isFloorOfCap,
    source: lawSource(basis),
  }
}

function amountText({ minimum, maximum, alternatives, formula }: SanctionCap): string {
  if (alternatives.length > 0) return alternatives.map(moneyWords).join(' / ')
  if (maximum === null) return formula
  const least = minimum === null ? '' : `${moneyWords(minimum)} – `
  return `${least}${moneyWords(maximum)}`
}

function pathRow(path: DataPath): CaseLawModel['paths'][number] {
  const { from, to, data, effect, direct, because, conditions, question } = path
  const asked = question === null ? [] : [{ rule: 'law:open', text: question }]
  return { from, to, data, effect, direct, because: [...because, ...asked], conditions }
}
