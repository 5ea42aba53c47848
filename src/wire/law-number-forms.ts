/** Forms of the questions `due` and `sanction`, and of their answers. */
import { type TObject, type TProperties, type TSchema, Type } from '@sinclair/typebox'
import { CLOCK_STATES } from '../core/law/clock-result.ts'
import { TRACKS } from '../core/law/pack.ts'
import { CAP_RULES, PERSON_KINDS, TURNOVER_BASES } from '../core/law/sanction-tier.ts'

const LAW_ID = '^[\\w./-]{1,160}$'
const SANCTION_STATES = [
  ...['maximum', 'range', 'alternatives', 'formula', 'open', 'modifier'],
  ...['refused', 'unknown_tier'],
]

const Size = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })
const Text = Type.String()
const open = (properties: TProperties): TObject => Type.Object(properties)
const may = (schema: TSchema) => Type.Optional(Type.Union([schema, Type.Null()]))
const Fact = Type.Union([Type.Boolean(), Type.Number(), Text, Type.Array(Text)])
const Filled = Type.String({ minLength: 1 })
const DueStep = Type.Object(
  { rule: Text, at: Text, text: Text, article: Type.Union([Text, Type.Null()]) },
  { additionalProperties: false },
)
const Moment = Type.Union([Text, Type.Null()], {
  description: 'RFC 9557, exclusive: the first moment that is too late.',
})
export const DUE_FORM = {
  says: 'When the act of a clock of the law packs is due',
  input: open({
    clock: Filled,
    start: Type.Union([Filled, Type.Null()]),
    timeZone: Filled,
    facts: may(Type.Record(Text, Fact)),
    events: may(Type.Array(open({ event: Filled, at: Filled, clock: may(Text) }))),
  }),
  output: Type.Object(
    {
      state: Type.Union(CLOCK_STATES.map((state) => Type.Literal(state))),
      strictDue: Moment,
      legalDue: Moment,
      steps: Type.Array(DueStep),
      source: Type.Union([Text, Type.Null()]),
      evidence: Type.Union([...['P', 'S', 'R'].map((code) => Type.Literal(code)), Type.Null()]),
    },
    { additionalProperties: false },
  ),
}

const Amount = Type.Union([Size, Type.String({ pattern: '^\\d{1,18}(?:\\.\\d{1,3})?$' })], {
  description: 'Whole units of the currency; more than 2^53 - 1, or fractions, as text.',
})
const Count = Type.Union([
  Type.Integer({ minimum: 1, maximum: 1_000_000_000 }),
  Type.String({ pattern: '^0*[1-9]\\d*$' }),
])
const OrNull = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()])
const exact = (properties: TProperties) => Type.Object(properties, { additionalProperties: false })
const oneOf = (codes: readonly string[]) => Type.Union(codes.map((code) => Type.Literal(code)))
const maximum = {
  maximum: Type.Union([Text, Type.Null()], { description: 'Decimal text in whole units.' }),
  maximumMinor: OrNull(Text),
}
const SanctionAnswer = exact({
  tier: Text,
  for: OrNull(Text),
  state: oneOf(SANCTION_STATES),
  standing: OrNull(oneOf(['binding', 'confirm', 'advisory', 'not_yet_applicable'])),
  ...maximum,
  minimum: OrNull(Text),
  minimumMinor: OrNull(Text),
  alternatives: Type.Array(exact(maximum)),
  certain: OrNull(
    exact({ maximumIs: oneOf(['at_least', 'at_most']), amount: Text, amountMinor: Text }),
  ),
  currency: OrNull(Text),
  rule: OrNull(oneOf(CAP_RULES)),
  formula: OrNull(Text),
  steps: Type.Array(exact({ rule: Text, text: Text, article: OrNull(Text) })),
  base: OrNull(exact({ base: OrNull(oneOf(TURNOVER_BASES)), text: Text, note: OrNull(Text) })),
  modifiers: Type.Array(
    exact({ tier: Text, persons: OrNull(oneOf(PERSON_KINDS)), applied: Type.Boolean() }),
  ),
  changed: Type.Array(exact({ tier: Text, state: Text, currency: OrNull(Text), ...maximum })),
  floorOfCap: Type.Boolean({ description: 'National law may go higher.' }),
  track: OrNull(oneOf(TRACKS)),
  note: OrNull(Text),
  questions: Type.Array(exact({ fact: Text, question: Text })),
  why: OrNull(oneOf(['currencyDiffers', 'doesNotApply'])),
  because: Type.Array(exact({ rule: Text, text: Text, source: Type.Optional(Text) })),
  article: OrNull(Text),
  source: OrNull(Text),
  evidence: OrNull(oneOf(['P', 'S', 'R'])),
  quote: OrNull(Text),
  pack: OrNull(exact({ id: Text, version: Text, asOf: Text })),
})
export const SANCTION_FORM = {
  says: 'What a fine may reach by a tier of the law packs',
  input: open({
    tier: may(Type.String({ pattern: LAW_ID })),
    instrument: may(Type.String({ pattern: LAW_ID })),
    turnover: may(Amount),
    benefit: may(Amount),
    currency: may(Type.String({ pattern: '^[A-Z]{3}$' })),
    violations: may(Count),
    days: may(Count),
    is: may(Type.Array(oneOf(PERSON_KINDS), { maxItems: PERSON_KINDS.length })),
    facts: may(Type.Record(Text, Fact)),
    on: may(Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' })),
  }),
  output: Type.Union([
    SanctionAnswer,
    exact({
      instrument: Text,
      state: oneOf(['listed', 'unknown_instrument']),
      tiers: Type.Array(SanctionAnswer),
    }),
  ]),
}
