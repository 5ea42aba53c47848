/**
 * Forms of the lines that `comity eval` reads and writes: the JSON Schemas under
 * `protocol/schemas/eval` are these, written out.
 *
 * A line that does not fit its form gets an error. One that fits may still get
 * one: the engine alone knows whether a proof has enough hashes or a record has
 * an identifier. The engines check by themselves; nothing is validated twice here.
 */

import { type TObject, type TProperties, type TSchema, Type } from '@sinclair/typebox'
import { CLOCK_STATES } from '../../core/law/clock-result.ts'
import { TRACKS } from '../../core/law/pack.ts'
import { CAP_RULES, PERSON_KINDS, TURNOVER_BASES } from '../../core/law/sanction-tier.ts'
import { COMPETENCE_FORM, GAPS_FORM } from './law-forms.ts'

const SAFE = Number.MAX_SAFE_INTEGER
const LAW_ID = '^[\\w./-]{1,160}$'
const SANCTION_STATES = [
  ...['maximum', 'range', 'alternatives', 'formula', 'open', 'modifier'],
  ...['refused', 'unknown_tier'],
]
const BASE64 = '^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$'

const Size = Type.Integer({ minimum: 0, maximum: SAFE })
const Base64 = Type.String({ pattern: BASE64 })
const Proof = Type.Union([Type.Array(Base64), Type.Null()], {
  description: 'Hashes from the leaf upwards; null is an empty list.',
})
const Ok = Type.Object({ ok: Type.Literal(true) }, { additionalProperties: false })

/** The answer to a line that could not be answered. The engine goes on with the next line. */
export const EngineError = Type.Object(
  {
    error: Type.Object(
      {
        code: Type.Union([Type.Literal('malformed'), Type.Literal('unverified')]),
        message: Type.String(),
        field: Type.Optional(Type.String({ description: 'The member that is wrong.' })),
      },
      { additionalProperties: false },
    ),
  },
  { additionalProperties: false },
)

const Text = Type.String()
const open = (properties: TProperties): TObject => Type.Object(properties)
const may = (schema: TSchema) => Type.Optional(Type.Union([schema, Type.Null()]))
const texts = may(Type.Array(Text))
const LocalText = open({ lang: Text, value: Text })
const named = (pattern: string) => may(Type.String({ pattern }))
const RECORD_ID = '^(?!.*\\.\\.)[A-Za-z0-9][A-Za-z0-9._-]{0,79}$'

const AvidImpact = open({
  avid: may(
    open({
      vuln_id: may(Text),
      risk_domain: texts,
      sep_view: texts,
      lifecycle_view: texts,
      taxonomy_version: may(Text),
    }),
  ),
  atlas: may(Type.Array(open({ tactic: may(Text), technique: may(Text), description: may(Text) }))),
  cvss: may(
    open({
      version: may(Text),
      vectorString: may(Text),
      baseScore: may(Type.Number()),
      baseSeverity: may(Text),
    }),
  ),
  cwe: may(Type.Array(open({ cweId: may(Text), description: may(Text), lang: may(Text) }))),
  odin: may(
    open({
      SocialImpactScore: may(Text),
      JailbreakTaxonomy: may(
        Type.Array(open({ Category: may(Text), Strategy: may(Text), Technique: may(Text) })),
      ),
    }),
  ),
})

/** Members beyond these are kept and come back. */
const AvidRecord = open({
  data_type: Type.Literal('AVID'),
  data_version: Type.String({ pattern: '^0\\.[1-3](?:\\.\\d{1,2})?$' }),
  metadata: open({ report_id: named(RECORD_ID), vuln_id: named(RECORD_ID) }),
  affects: open({
    developer: texts,
    deployer: texts,
    artifacts: may(Type.Array(open({ type: Text, name: Text }))),
  }),
  problemtype: open({ classof: Text, type: may(Text), description: LocalText }),
  metrics: may(
    Type.Array(
      open({
        name: may(Text),
        detection_method: may(open({ type: may(Text), name: may(Text) })),
        scorer: may(Text),
        metrics: may(Text),
      }),
    ),
  ),
  references: may(Type.Array(open({ type: may(Text), label: may(Text), url: Text }))),
  description: LocalText,
  reports: may(Type.Array(open({ report_id: Text, type: may(Text), name: may(Text) }))),
  impact: may(AvidImpact),
  credit: may(Type.Array(LocalText)),
  reported_date: may(Text),
  published_date: may(Text),
  last_modified_date: may(Text),
})

const Fact = Type.Union([Type.Boolean(), Type.Number(), Text, Type.Array(Text)])
const Filled = Type.String({ minLength: 1 })
const DueStep = Type.Object(
  { rule: Text, at: Text, text: Text, article: Type.Union([Text, Type.Null()]) },
  { additionalProperties: false },
)
const Moment = Type.Union([Text, Type.Null()], {
  description: 'RFC 9557, exclusive: the first moment that is too late.',
})
const Due = {
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
const Sanction = {
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

export type EvalForm = {
  readonly says: string
  readonly input: TSchema
  /** Of an answer that is no error. */
  readonly output: TSchema
}

export const EVAL_FORMS: Readonly<Record<string, EvalForm>> = {
  inclusion: {
    says: 'An inclusion proof of RFC 9162 in a tree of SHA-256',
    input: open({ leafIdx: Size, treeSize: Size, root: Base64, leafHash: Base64, proof: Proof }),
    output: Ok,
  },
  consistency: {
    says: 'A consistency proof of RFC 9162 between two trees of SHA-256',
    input: open({ size1: Size, size2: Size, root1: Base64, root2: Base64, proof: Proof }),
    output: Ok,
  },
  'disclosure-history': {
    says: 'An order of the six disclosure events V, F, D, P, X and A',
    input: open({ history: Type.String({ pattern: '^(?!.*(.).*\\1)[VFDPXA]{6}$' }) }),
    output: Type.Object({ legal: Type.Boolean(), why: Text }, { additionalProperties: false }),
  },
  avid: {
    says: 'A record of the AI Vulnerability Database, through case events and back',
    input: AvidRecord,
    output: Type.Object(
      {
        record: AvidRecord,
        lost: Type.Array(Text, { description: 'JSON pointers of members that did not come back.' }),
      },
      { additionalProperties: false },
    ),
  },
  due: { says: 'When the act of a clock of the law packs is due', ...Due },
  sanction: { says: 'What a fine may reach by a tier of the law packs', ...Sanction },
  competence: COMPETENCE_FORM,
  gaps: GAPS_FORM,
}
