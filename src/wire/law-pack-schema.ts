/**
 * The JSON Schema of a law pack file, as `protocol/schemas/law-pack.json` holds it.
 *
 * It fixes form: fields, types, codes. What form cannot say (sources that exist,
 * numbers that their quotes hold, chains without cycles) is checked in law-pack.ts.
 */
import { Kind, type Static, Type, TypeRegistry } from '@sinclair/typebox'
import {
  CLOCK_KINDS,
  COUNTING_RULES,
  INSTRUMENT_STATUSES,
  PERIOD_UNITS,
  START_EVENTS,
} from '../core/law/pack.ts'

const strict = { additionalProperties: false } as const
const Text = Type.String({ minLength: 1, maxLength: 2000 })
const Code = Type.String({ pattern: '^[a-z][a-z0-9_]*$', maxLength: 60 })
const Id = Type.String({ pattern: '^[a-z][a-z0-9_.-]*$', maxLength: 80 })
const Day = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' })
const Region = Type.String({ pattern: '^[A-Z]{2,4}(?:-[A-Z0-9]{1,3})?$' })
const Fact = Type.String({ pattern: '^[a-z][a-zA-Z0-9]*$', maxLength: 60 })

/** A closed list of words; the check is registered, as the library has none for it. */
function words<const W extends readonly string[]>(values: W) {
  return Type.Unsafe<W[number]>({ [Kind]: 'Words', type: 'string', enum: [...values] })
}
TypeRegistry.Set<{ enum: readonly unknown[] }>('Words', (schema, value) =>
  schema.enum.includes(value),
)

const BasisFile = Type.Object(
  {
    article: Text,
    source: Id,
    evidence: words(['P', 'S', 'R'] as const),
    quote: Type.Optional(Type.String({ minLength: 3, maxLength: 300 })),
  },
  strict,
)

type ConditionFile =
  | { fact: string; is: boolean | number | string }
  | { fact: string; has: string }
  | { fact: string; here: true }
  | { all: ConditionFile[] }
  | { any: ConditionFile[] }
  | { not: ConditionFile }

const When = Type.Unsafe<ConditionFile>(Type.Ref('condition'))
export const ConditionFile = Type.Union(
  [
    Type.Object({ fact: Fact, here: Type.Literal(true) }, strict),
    Type.Object({ fact: Fact, has: Text }, strict),
    Type.Object({ fact: Fact, is: Type.Union([Type.Boolean(), Type.Number(), Text]) }, strict),
    Type.Object({ all: Type.Array(When, { minItems: 1 }) }, strict),
    Type.Object({ any: Type.Array(When, { minItems: 1 }) }, strict),
    Type.Object({ not: When }, strict),
  ],
  { $id: 'condition' },
)

const PeriodFile = Type.Object(
  { count: Type.Integer({ minimum: 1, maximum: 10_000 }), unit: words(PERIOD_UNITS) },
  strict,
)

const AppliesFile = Type.Object({ date: Day, when: Type.Optional(When), basis: BasisFile }, strict)
const ApplicabilityFile = Type.Object(
  {
    provisionAppliesFrom: Type.Optional(AppliesFile),
    scopeAppliesFrom: Type.Optional(Type.Array(AppliesFile, { minItems: 1 })),
  },
  strict,
)

const ClockFile = Type.Object(
  {
    id: Code,
    stage: Code,
    by: Type.Optional(Text),
    to: Type.Optional(Text),
    kind: words(CLOCK_KINDS),
    period: Type.Optional(PeriodFile),
    start: Type.Optional(
      Type.Object({ event: words(START_EVENTS), ofClock: Type.Optional(Text) }, strict),
    ),
    plus: Type.Optional(Text),
    trigger: Type.Optional(Type.Object({ text: Text, when: Type.Optional(When) }, strict)),
    group: Type.Optional(Code),
    variants: Type.Optional(Type.Array(Type.Object({ when: When, period: PeriodFile }, strict))),
    onSilence: Type.Optional(Type.Object({ effect: Text, article: Text }, strict)),
    initialIncompleteAllowed: Type.Optional(Type.Boolean()),
    counting: Type.Optional(words(COUNTING_RULES)),
    binding: Type.Optional(Type.Boolean()),
    applies: Type.Optional(ApplicabilityFile),
    note: Type.Optional(Text),
    basis: BasisFile,
  },
  strict,
)

const MeasureFile = Type.Object(
  {
    code: Code,
    rung: Type.Integer({ minimum: 1, maximum: 20 }),
    authority: Id,
    preconditions: Type.Array(Text),
    hearing: Type.Optional(Text),
    compliance: Type.Optional(Text),
    track: words(['administrative', 'civil', 'criminal'] as const),
    courtNeeded: Type.Optional(Type.Boolean()),
    basis: BasisFile,
  },
  strict,
)

const InstrumentFile = Type.Object(
  {
    id: Id,
    name: Text,
    citation: Type.Object(
      { text: Text, celex: Type.Optional(Text), eli: Type.Optional(Text) },
      strict,
    ),
    status: words(INSTRUMENT_STATUSES),
    statusBasis: BasisFile,
    counting: Type.Optional(words(COUNTING_RULES)),
    applies: Type.Optional(ApplicabilityFile),
    dates: Type.Optional(
      Type.Array(
        Type.Object(
          {
            date: Type.String({ pattern: '^\\d{4}-\\d{2}(?:-\\d{2})?$' }),
            what: Text,
            basis: BasisFile,
          },
          strict,
        ),
      ),
    ),
    scopeWarnings: Type.Optional(Type.Array(Text)),
    preemptionRisk: Type.Optional(
      Type.Object(
        {
          level: words(['none', 'pending', 'enacted'] as const),
          switchOffFrom: Type.Optional(Day),
          note: Text,
        },
        strict,
      ),
    ),
    equivalents: Type.Optional(
      Type.Array(Type.Object({ text: Text, clocks: Type.Array(Text), basis: BasisFile }, strict)),
    ),
    authorities: Type.Array(
      Type.Object({ id: Id, kind: Code, name: Text, basis: BasisFile }, strict),
    ),
    competence: Type.Optional(
      Type.Array(
        Type.Object({ id: Code, authority: Id, when: When, text: Text, basis: BasisFile }, strict),
      ),
    ),
    clocks: Type.Optional(Type.Array(ClockFile)),
    measures: Type.Optional(Type.Array(MeasureFile)),
  },
  strict,
)

export const LawPackFile = Type.Object(
  {
    pack: Type.String({ pattern: '^law\\.[a-z]{2,4}(?:-[a-z0-9]{1,3})?$' }),
    version: Type.String({ pattern: '^\\d+\\.\\d+\\.\\d+$' }),
    status: words(['draft', 'reviewed', 'authoritative'] as const),
    legalOrder: Region,
    name: Text,
    validFrom: Day,
    validTo: Type.Optional(Day),
    asOf: Day,
    languages: Type.Array(Type.String({ pattern: '^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$' })),
    members: Type.Optional(Type.Array(Region)),
    within: Type.Optional(Type.Array(Region)),
    sources: Type.Record(
      Type.String({ pattern: '^[a-z][a-z0-9_.-]*$' }),
      Type.Object({ title: Text, place: Text, retrievedOn: Day }, strict),
      strict,
    ),
    questions: Type.Record(Type.String({ pattern: '^[a-z][a-zA-Z0-9]*$' }), Text, strict),
    calendar: Type.Object(
      {
        places: Type.Array(Type.Object({ zone: Text, holidays: Region }, strict), { minItems: 1 }),
        weekend: Type.Array(Type.Integer({ minimum: 1, maximum: 7 })),
        counting: words(COUNTING_RULES),
        countingBasis: BasisFile,
        holidaysBasis: BasisFile,
        corrections: Type.Optional(
          Type.Array(
            Type.Object(
              {
                holidays: Region,
                date: Day,
                holiday: Type.Boolean(),
                name: Text,
                basis: BasisFile,
              },
              strict,
            ),
          ),
        ),
      },
      strict,
    ),
    instruments: Type.Array(InstrumentFile, { minItems: 1 }),
  },
  {
    ...strict,
    title: 'Law pack',
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $defs: { condition: ConditionFile },
  },
)

export type LawPackFile = Static<typeof LawPackFile>
export type BasisFile = Static<typeof BasisFile>
export type ApplicabilityFile = Static<typeof ApplicabilityFile>
export type ClockFile = Static<typeof ClockFile>
export type InstrumentFile = Static<typeof InstrumentFile>
