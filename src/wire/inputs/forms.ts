/**
 * What a record of each format must have to be read here, as JSON Schemas. They ask for
 * less than the formats' own schemas do: a published record with a fault elsewhere is
 * still read, and what it does not hold in the right type is named.
 */
import { type TSchema, Type } from '@sinclair/typebox'

const text = Type.String({ pattern: '\\S' })
const number = Type.Union([
  Type.Integer({ minimum: 0, maximum: 999_999_999 }),
  Type.String({ pattern: '^[0-9]{1,9}$' }),
])

const localText = Type.Object({ lang: Type.String(), value: Type.String() })
const avid = Type.Object({
  data_type: Type.Literal('AVID'),
  data_version: Type.String({ pattern: '^0\\.[1-3](\\.[0-9]{1,2})?$' }),
  metadata: Type.Object({}),
  affects: Type.Object({}),
  problemtype: Type.Object({ classof: Type.String(), description: localText }),
  description: localText,
})

const told = Type.Union([
  Type.Object({ 'Full Description': text }),
  Type.Object({ 'Short Description': text }),
])
const aiidIncident = Type.Object({ incident_id: number, description: text })
const aiidReport = Type.Union([
  Type.Object({ report_number: number, text }),
  Type.Object({ report_number: number, plain_text: text }),
])
const aiidClassification = Type.Union([
  Type.Object({ namespace: text, incident_id: number, classifications: told }),
  Type.Object({
    namespace: text,
    incidents: Type.Array(number, { minItems: 1 }),
    attributes: Type.Array(Type.Object({ short_name: text }), { minItems: 1 }),
  }),
])

const flawReport = Type.Union(
  ['Flaw Description', 'Incident Description']
    .flatMap((name) => [name, `${name} - Detailed`])
    .map((name) => Type.Object({ [name]: text })),
)

const cve = Type.Object({
  dataType: Type.Literal('CVE_RECORD'),
  cveMetadata: Type.Object({
    cveId: Type.String({ pattern: '^CVE-[0-9]{4}-[0-9]{4,19}$' }),
    state: Type.Literal('PUBLISHED'),
  }),
  containers: Type.Object({
    cna: Type.Object({ descriptions: Type.Array(Type.Object({ value: text }), { minItems: 1 }) }),
  }),
})

const csaf = Type.Object({
  document: Type.Object({
    csaf_version: Type.Union([Type.Literal('2.0'), Type.Literal('2.1')]),
    title: text,
    tracking: Type.Object({ id: text }),
  }),
})

/** By the name of the published schema. */
export const INPUT_FORMS = {
  avid: { says: 'Record of the AI Vulnerability Database', form: avid },
  'aiid-incident': { says: 'Incident of the AI Incident Database', form: aiidIncident },
  'aiid-report': { says: 'Report of the AI Incident Database', form: aiidReport },
  'aiid-classification': {
    says: 'Classification of the AI Incident Database',
    form: aiidClassification,
  },
  'flaw-report': { says: 'AI flaw report', form: flawReport },
  cve: { says: 'Published CVE record of version 5', form: cve },
  csaf: { says: 'CSAF document of version 2.0 or 2.1', form: csaf },
} as const satisfies Readonly<Record<string, { readonly says: string; readonly form: TSchema }>>
