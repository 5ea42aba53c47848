/**
 * The JSON Schema of a law pack, as `protocol/schemas/law-pack.json` holds it: its head
 * (`pack.yaml`), the file of an instrument, and the questions that packs share.
 *
 * It fixes form: fields, types, codes. What form cannot say (sources that exist,
 * numbers that their quotes hold, chains without cycles) is checked in law-pack-checks.ts.
 */
import { type Static, Type } from '@sinclair/typebox'
import { COUNTING_RULES } from '../core/law/clock.ts'
import { InstrumentFile } from './law-instrument-schema.ts'
import {
  BasisFile,
  ConditionFile,
  Day,
  QuestionsFile,
  Region,
  SourcesFile,
  strict,
  Text,
  words,
} from './law-schema-words.ts'

const CalendarFile = Type.Object(
  {
    places: Type.Array(Type.Object({ zone: Text, holidays: Region }, strict), { minItems: 1 }),
    weekend: Type.Array(Type.Integer({ minimum: 1, maximum: 7 }), {
      maxItems: 6,
      uniqueItems: true,
    }),
    counting: words(COUNTING_RULES),
    countingBasis: BasisFile,
    holidaysBasis: BasisFile,
    corrections: Type.Optional(
      Type.Array(
        Type.Object(
          { holidays: Region, date: Day, holiday: Type.Boolean(), name: Text, basis: BasisFile },
          strict,
        ),
      ),
    ),
  },
  strict,
)

const VersionText = Type.String({ pattern: '^\\d+\\.\\d+\\.\\d+$' })

export const PackHeadFile = Type.Object(
  {
    pack: Type.String({ pattern: '^law\\.[a-z][a-z0-9]{1,3}(?:-[a-z0-9]{1,3})?$' }),
    version: VersionText,
    status: words(['draft', 'reviewed', 'authoritative'] as const),
    legalOrder: Region,
    name: Text,
    validFrom: Day,
    validTo: Type.Optional(Day),
    replaces: Type.Optional(VersionText),
    asOf: Day,
    languages: Type.Array(Type.String({ pattern: '^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$' })),
    members: Type.Optional(Type.Array(Region)),
    within: Type.Optional(Type.Array(Region)),
    sources: Type.Optional(SourcesFile),
    questions: Type.Optional(QuestionsFile),
    calendar: CalendarFile,
    instruments: Type.Array(Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,40}\\.yaml$' }), {
      minItems: 1,
      uniqueItems: true,
    }),
  },
  strict,
)
export type PackHeadFile = Static<typeof PackHeadFile>

/** `law/questions.yaml`: what to ask for facts that several packs use. */
export const SharedQuestionsFile = Type.Object({ questions: QuestionsFile }, strict)

/** The text of `protocol/schemas/law-pack.json`. */
export function lawPackSchemaText(): string {
  const schema = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Law pack: its head, the file of an instrument, and shared questions',
    anyOf: [PackHeadFile, InstrumentFile, SharedQuestionsFile],
    $defs: { condition: ConditionFile },
  }
  return `${JSON.stringify(schema, null, 2)}\n`
}
