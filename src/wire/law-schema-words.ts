/** The small forms that every part of a law pack file is made of. */
import { Kind, type Static, Type, TypeRegistry } from '@sinclair/typebox'

export const strict = { additionalProperties: false } as const
export const Text = Type.String({ minLength: 1, maxLength: 2000 })
export const Code = Type.String({ pattern: '^[a-z][a-z0-9_]*$', maxLength: 60 })
export const Id = Type.String({ pattern: '^[a-z][a-z0-9_.-]*$', maxLength: 80 })
export const Day = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' })
export const Region = Type.String({ pattern: '^[A-Z][A-Z0-9]{1,3}(?:-[A-Z0-9]{1,3})?$' })
export const FACT_PATTERN = '^[a-z][a-zA-Z0-9]*$'
const Fact = Type.String({ pattern: FACT_PATTERN, maxLength: 60 })
/** `<instrument>/<clock or tier>`. */
export const FullId = Type.String({ pattern: '^[a-z][a-z0-9_.-]*/[a-z][a-z0-9_]*$', maxLength: 80 })
export const Flag = Type.Optional(Type.Boolean())

/** A closed list of words; the check is registered, as the library has none for it. */
export function words<const W extends readonly string[]>(values: W) {
  return Type.Unsafe<W[number]>({ [Kind]: 'Words', type: 'string', enum: [...values] })
}
TypeRegistry.Set<{ enum: readonly unknown[] }>('Words', (schema, value) =>
  schema.enum.includes(value),
)

export const BasisFile = Type.Object(
  {
    article: Text,
    source: Id,
    evidence: words(['P', 'S', 'R'] as const),
    quote: Type.Optional(Type.String({ minLength: 2, maxLength: 400 })),
    numeral: Type.Optional(Type.String({ minLength: 1, maxLength: 60 })),
  },
  strict,
)
export type BasisFile = Static<typeof BasisFile>

export const SourcesFile = Type.Record(
  Type.String({ pattern: '^[a-z][a-z0-9_.-]*$' }),
  Type.Object({ title: Text, place: Text, retrievedOn: Day }, strict),
  strict,
)
export type SourcesFile = Static<typeof SourcesFile>

export const QuestionsFile = Type.Record(Type.String({ pattern: FACT_PATTERN }), Text, strict)

export type ConditionFile =
  | { fact: string; is: boolean | number | string }
  | { fact: string; has: string }
  | { fact: string; here: true }
  | { all: ConditionFile[] }
  | { any: ConditionFile[] }
  | { not: ConditionFile }

export const When = Type.Unsafe<ConditionFile>(Type.Ref('condition'))
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

export const AppliesFile = Type.Object(
  { date: Day, when: Type.Optional(When), basis: BasisFile },
  strict,
)
export const AppliesFromFile = Type.Object({ date: Day, basis: BasisFile }, strict)
