/**
 * Forms of the lines that `comity eval` reads and writes: the JSON Schemas under
 * `protocol/schemas/eval` are these, written out.
 *
 * A line that does not fit its form gets an error. One that fits may still get
 * one: the engine alone knows whether a proof has enough hashes or a record has
 * an identifier. The engines check by themselves; nothing is validated twice here.
 */

import { type TObject, type TProperties, type TSchema, Type } from '@sinclair/typebox'
import { AGREEMENT_FORM } from '../../wire/agreement-ask.ts'
import { DUE_FORM, SANCTION_FORM } from '../../wire/law-number-forms.ts'
import { COMPETENCE_FORM, GAPS_FORM } from '../../wire/law-question-forms.ts'
import { CSAF_FORM } from './csaf-form.ts'
import { DISCLOSURE_FORMS } from './disclosure-forms.ts'
import { MESSAGE_FORM } from './message-form.ts'
import { PROOF_FORMS } from './proof-forms.ts'
import { REDACTION_FORM } from './redaction-form.ts'
import { RELEASE_FORM } from './release-form.ts'
import { TRIAGE_FORMS } from './triage-forms.ts'

const SAFE = Number.MAX_SAFE_INTEGER
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
        code: Type.Union(['malformed', 'unverified', 'internal'].map((code) => Type.Literal(code))),
        message: Type.String(),
        field: Type.Optional(Type.String({ description: 'The member that is wrong.' })),
        reason: Type.Optional(Type.String({ description: 'The step that failed, in kebab-case.' })),
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
  due: DUE_FORM,
  sanction: SANCTION_FORM,
  competence: COMPETENCE_FORM,
  gaps: GAPS_FORM,
  agreement: AGREEMENT_FORM,
  redaction: REDACTION_FORM,
  release: RELEASE_FORM,
  ...TRIAGE_FORMS,
  ...DISCLOSURE_FORMS,
  ...CSAF_FORM,
  ...PROOF_FORMS,
  message: MESSAGE_FORM,
}
