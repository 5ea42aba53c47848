/** The forms of the engines that write CSAF documents and drafts of CVE records. */
import { type TSchema, Type } from '@sinclair/typebox'
import {
  CSAF_VERSIONS,
  FLAGS,
  NOTE_CATEGORIES,
  REMEDIES,
  STANDINGS,
} from '../../wire/csaf-advisory.ts'
import { CveDraftForm } from '../../wire/outputs/cve-form.ts'
import { WHY_NOT_WRITTEN } from '../../wire/outputs/not-written.ts'

const closed = { additionalProperties: false } as const
const words = <const W extends readonly string[]>(list: W) =>
  Type.Union(list.map((word) => Type.Literal(word as W[number])))
const Said = Type.String({ minLength: 1, maxLength: 4000 })
const At = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$' })
const may = <T extends TSchema>(schema: T) => Type.Optional(Type.Union([schema, Type.Null()]))
const list = <T extends TSchema>(schema: T) => Type.Optional(Type.Array(schema, { maxItems: 200 }))

const Product = Type.Object(
  {
    vendor: Said,
    name: Said,
    versionRange: may(Said),
    standing: words(STANDINGS),
    action: may(Said),
    remedy: Type.Optional(words(REMEDIES)),
    flag: may(words(FLAGS)),
  },
  closed,
)

const caseMembers = {
  publisher: Type.Object({ name: Said, namespace: Said }, closed),
  trackingId: Type.String({ minLength: 1, maxLength: 100 }),
  title: Said,
  lang: Type.Optional(Type.String({ pattern: '^[a-z]{2,3}$' })),
  published: Type.Boolean({ description: 'Whether the case has published this.' }),
  embargo: Type.Optional(words(['none', 'proposed', 'active', 'revise', 'exited'])),
  tlp: Type.Optional(words(['CLEAR', 'GREEN', 'AMBER', 'AMBER+STRICT', 'RED'])),
  versions: Type.Array(Type.Object({ number: Said, date: At, summary: Said }, closed), {
    minItems: 1,
    maxItems: 200,
  }),
  notes: Type.Array(
    Type.Object({ category: words(NOTE_CATEGORIES), title: Said, text: Said }, closed),
    { maxItems: 50 },
  ),
  severity: may(Said),
  products: list(Product),
  cve: may(Type.String({ pattern: '^CVE-[0-9]{4}-[0-9]{4,}$' })),
  ids: list(Type.Object({ system: Said, text: Said }, closed)),
  references: list(Type.Object({ summary: Said, url: Said }, closed)),
  acknowledgements: list(
    Type.Object({ names: Type.Array(Said, { minItems: 1, maxItems: 50 }) }, closed),
  ),
  withdrawn: may(Said),
  recipient: may(
    Type.Object(
      {
        name: Said,
        groupId: Type.String({
          pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$',
        }),
        bound: Type.Boolean({ description: 'It consented to the embargo in force.' }),
      },
      closed,
    ),
  ),
  disclosureAt: may(At),
}

const Case = Type.Object(caseMembers, closed)

export const CsafQuestion = Type.Object(
  {
    case: Case,
    form: words(['securityAdvisory', 'vex', 'vulnerabilityReport', 'withdrawn']),
    version: words(CSAF_VERSIONS),
  },
  closed,
)

export const CveQuestion = Type.Object(
  {
    case: Type.Object(
      {
        ...caseMembers,
        address: may(
          Type.String({ maxLength: 2048, description: 'The public page of the advisory.' }),
        ),
        weaknesses: list(
          Type.Object(
            { cwe: may(Type.String({ pattern: '^CWE-[1-9][0-9]{0,4}$' })), text: Said },
            closed,
          ),
        ),
        cvss4: may(Type.String({ maxLength: 300, description: 'A vector of CVSS 4.0.' })),
        terms: list(Type.String({ pattern: '^[a-z0-9:._-]{1,100}$' })),
      },
      closed,
    ),
  },
  closed,
)

const Because = Type.Array(Type.Object({ rule: Type.String(), text: Type.String() }, closed))

export const CSAF_FORM = {
  csaf: {
    says: 'A case as a CSAF document, or the rules by which there is none',
    input: CsafQuestion,
    output: Type.Union([
      Type.Object(
        {
          decision: Type.Literal('permit'),
          because: Because,
          fileName: Type.String(),
          document: Type.Object({}),
        },
        closed,
      ),
      Type.Object(
        { decision: Type.Literal('refuse'), why: Type.String(), because: Because },
        closed,
      ),
    ]),
  },
  cve: {
    says: 'A case as a draft of a CVE record, or the rules by which there is none',
    input: CveQuestion,
    output: Type.Union([
      Type.Object(
        {
          decision: Type.Literal('permit'),
          because: Because,
          draft: CveDraftForm,
          notCarried: Type.Array(
            Type.Object({ pointer: Type.String(), why: words(WHY_NOT_WRITTEN) }, closed),
          ),
        },
        closed,
      ),
      Type.Object(
        { decision: Type.Literal('refuse'), why: Type.String(), because: Because },
        closed,
      ),
    ]),
  },
}
