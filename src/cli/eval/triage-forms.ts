/** Forms of the engines about triage: decision tables and CVSS. */
import { Type } from '@sinclair/typebox'
import { CVSS4_LENGTH_MAX } from '../../core/triage/cvss4.ts'
import { MATCH_LIST_MAX } from '../../core/triage/duplicates.ts'
import { decisionTables } from '../../wire/vocabulary.ts'
import type { EvalForm } from './forms.ts'

const Key = Type.String({ pattern: '^(?:[A-Za-z0-9](?:[A-Za-z0-9_]*[A-Za-z0-9])?|T\\*)$' })
const KeyOrOpen = Type.Union([Key, Type.Null()])
const closed = { additionalProperties: false } as const

const decisionTable: EvalForm = {
  says: 'What a decision table says about inputs, of which some may not be known',
  input: Type.Object({
    table: Type.Union(Object.keys(decisionTables).map((name) => Type.Literal(name))),
    inputs: Type.Record(Type.String(), KeyOrOpen, {
      description: 'Value key by decision point id; null or absent is not known.',
    }),
  }),
  output: Type.Object(
    {
      table: Type.String(),
      version: Type.String(),
      outcome: Type.Record(Type.String(), KeyOrOpen, {
        description: 'Null if what is not known leaves several.',
      }),
      outcomes: Type.Array(Key, { minItems: 1, description: 'From low to high.' }),
      path: Type.Array(
        Type.Object(
          {
            id: Type.String(),
            name: Type.String(),
            value: KeyOrOpen,
            valueName: Type.Union([Type.String(), Type.Null()]),
          },
          closed,
        ),
      ),
      rows: Type.Integer({ minimum: 1, description: 'Rows of the table that fit the inputs.' }),
    },
    closed,
  ),
}

const cvss4: EvalForm = {
  says: 'The score of a CVSS 4.0 vector, rounded half up after adding 1e-6',
  input: Type.Object({
    vector: Type.String({ pattern: '^CVSS:4\\.0/', maxLength: CVSS4_LENGTH_MAX }),
  }),
  output: Type.Object(
    {
      vector: Type.String(),
      score: Type.Number({ minimum: 0, maximum: 10 }),
      severity: Type.Union(
        ['None', 'Low', 'Medium', 'High', 'Critical'].map((word) => Type.Literal(word)),
      ),
      nomenclature: Type.String({ pattern: '^CVSS-BT?E?$' }),
    },
    closed,
  ),
}

const Texts = Type.Optional(Type.Array(Type.String(), { maxItems: MATCH_LIST_MAX }))
const NotEmpty = Type.String({ minLength: 1 })
const PlainReport = Type.Object({
  title: NotEmpty,
  description: NotEmpty,
  language: Type.Optional(Type.Union([Type.String(), Type.Null()])),
  systems: Type.Optional(Type.Union([Texts, Type.Null()])),
  references: Type.Optional(Type.Union([Texts, Type.Null()])),
  identifiers: Type.Optional(Type.Union([Texts, Type.Null()])),
})
const AvidReport = Type.Object(
  { data_type: Type.Literal('AVID') },
  { description: 'A record as `avid` takes it.' },
)
const Report = Type.Union([AvidReport, PlainReport])

const duplicate: EvalForm = {
  says: 'Whether two reports are about the same thing, with the reasons; advice only',
  input: Type.Object({ reports: Type.Array(Report, { minItems: 2, maxItems: 2 }) }),
  output: Type.Object(
    {
      hit: Type.Boolean(),
      likeness: Type.Union(['same', 'related', 'none'].map((word) => Type.Literal(word))),
      textLikeness: Type.Union([Type.Number({ minimum: 0, maximum: 1 }), Type.Null()], {
        description: 'Null where the texts were not compared.',
      }),
      reasons: Type.Array(
        Type.Object({ reason: Type.String(), values: Type.Array(Type.String()) }, closed),
      ),
      limits: Type.Array(
        Type.Union(['languagesDiffer', 'textTooShort'].map((word) => Type.Literal(word))),
      ),
    },
    closed,
  ),
}

export const TRIAGE_FORMS: Readonly<Record<string, EvalForm>> = {
  'decision-table': decisionTable,
  cvss4,
  duplicate,
}
