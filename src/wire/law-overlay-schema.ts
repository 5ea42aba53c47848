/**
 * The form of a Member State's overlay: `law/<order>/overlays/<code>.yaml`, as
 * `protocol/schemas/law-overlay.json` holds it.
 *
 * It fixes form only. What the overlay names must exist in the pack that it is laid over,
 * and what is fictional must say so: both are checked in law-overlay.ts.
 */
import { type Static, Type } from '@sinclair/typebox'
import { COUNTING_RULES } from '../core/law/clock.ts'
import { PeriodFile } from './law-clock-schema.ts'
import { ChannelsFile, SanctionFile } from './law-instrument-schema.ts'
import {
  AppliesFromFile,
  BasisFile,
  Code,
  ConditionFile,
  Day,
  Flag,
  Id,
  QuestionsFile,
  Region,
  SourcesFile,
  strict,
  Text,
  When,
  words,
} from './law-schema-words.ts'

const TranspositionFile = Type.Object(
  {
    law: Text,
    counting: words(COUNTING_RULES.filter((rule) => rule !== 'national')),
    appliesFrom: Type.Optional(AppliesFromFile),
    clocks: Type.Optional(
      Type.Array(
        Type.Object({ id: Code, period: Type.Optional(PeriodFile), basis: BasisFile }, strict),
      ),
    ),
    basis: BasisFile,
  },
  strict,
)

const OverlayInstrumentFile = Type.Object(
  {
    id: Id,
    channels: ChannelsFile,
    sanctions: Type.Optional(Type.Array(SanctionFile, { minItems: 1 })),
    transposition: Type.Optional(TranspositionFile),
  },
  strict,
)
export type OverlayInstrumentFile = Static<typeof OverlayInstrumentFile>

const OverlayCalendarFile = Type.Object(
  {
    zone: Text,
    /** Region of the holiday library whose days off are taken. */
    like: Region,
    weekend: Type.Optional(
      Type.Array(Type.Integer({ minimum: 1, maximum: 7 }), { maxItems: 6, uniqueItems: true }),
    ),
    days: Type.Optional(
      Type.Array(
        Type.Object({ date: Day, holiday: Type.Boolean(), name: Text, basis: BasisFile }, strict),
      ),
    ),
    basis: BasisFile,
  },
  strict,
)

export const LawOverlayFile = Type.Object(
  {
    overlay: Type.String({ pattern: '^law\\.[a-z][a-z0-9]{1,3}\\.[a-z]{2}$' }),
    pack: Type.String({ pattern: '^law\\.[a-z][a-z0-9]{1,3}$' }),
    code: Type.String({ pattern: '^[A-Z]{2}$' }),
    name: Text,
    fictional: Flag,
    version: Type.String({ pattern: '^\\d+\\.\\d+\\.\\d+$' }),
    status: words(['draft', 'reviewed', 'authoritative'] as const),
    validFrom: Day,
    validTo: Type.Optional(Day),
    asOf: Day,
    languages: Type.Array(Type.String({ pattern: '^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$' }), {
      minItems: 1,
    }),
    sources: SourcesFile,
    questions: Type.Optional(QuestionsFile),
    calendar: OverlayCalendarFile,
    authorities: Type.Optional(
      Type.Array(
        Type.Object({ id: Id, name: Text, when: Type.Optional(When), basis: BasisFile }, strict),
      ),
    ),
    instruments: Type.Optional(Type.Array(OverlayInstrumentFile)),
  },
  strict,
)
export type LawOverlayFile = Static<typeof LawOverlayFile>

/** The text of `protocol/schemas/law-overlay.json`. */
export function lawOverlaySchemaText(): string {
  const schema = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Overlay of a Member State over a law pack',
    ...LawOverlayFile,
    $defs: { condition: ConditionFile },
  }
  return `${JSON.stringify(schema, null, 2)}\n`
}
