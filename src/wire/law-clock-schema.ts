/** The form of a clock in a law pack file. */
import { type Static, Type } from '@sinclair/typebox'
import {
  CLOCK_KINDS,
  CLOCK_STAGES,
  COUNTING_RULES,
  PERIOD_UNITS,
  START_EVENTS,
} from '../core/law/clock.ts'
import {
  AppliesFile,
  BasisFile,
  Code,
  Flag,
  FullId,
  strict,
  Text,
  When,
  words,
} from './law-schema-words.ts'

const periodFields = {
  count: Type.Integer({ minimum: 1, maximum: 10_000 }),
  unit: words(PERIOD_UNITS),
}
export const PeriodFile = Type.Object(periodFields, strict)

/** Both keys of applicability. */
export const ApplicabilityFile = Type.Object(
  {
    provisionAppliesFrom: Type.Optional(AppliesFile),
    scopeAppliesFrom: Type.Optional(Type.Array(AppliesFile, { minItems: 1 })),
  },
  strict,
)
export type ApplicabilityFile = Static<typeof ApplicabilityFile>

/** An event, or the end of another clock from which the period counts backwards. */
const StartFile = Type.Object(
  {
    event: Type.Optional(words(START_EVENTS)),
    ofClock: Type.Optional(FullId),
    endOf: Type.Optional(FullId),
  },
  strict,
)

export const ClockFile = Type.Object(
  {
    id: Code,
    stage: words(CLOCK_STAGES),
    by: Type.Optional(Text),
    to: Type.Optional(Text),
    routes: Type.Optional(
      Type.Array(Type.Object({ when: When, to: Text, basis: BasisFile }, strict)),
    ),
    kind: words(CLOCK_KINDS),
    period: Type.Optional(PeriodFile),
    start: Type.Optional(StartFile),
    plus: Type.Optional(Text),
    trigger: Type.Optional(Type.Object({ text: Text, when: Type.Optional(When) }, strict)),
    group: Type.Optional(Code),
    variants: Type.Optional(
      Type.Array(
        Type.Object({ when: When, period: PeriodFile, basis: Type.Optional(BasisFile) }, strict),
      ),
    ),
    extension: Type.Optional(
      Type.Object(
        {
          ...periodFields,
          times: Type.Integer({ minimum: 1, maximum: 10 }),
          condition: Text,
          basis: BasisFile,
        },
        strict,
      ),
    ),
    pauses: Type.Optional(
      Type.Array(
        Type.Object(
          {
            kind: words(['tolling', 'suspension'] as const),
            cause: Text,
            after: words(['resume', 'restart', 'confirm'] as const),
            basis: BasisFile,
          },
          strict,
        ),
      ),
    ),
    onSilence: Type.Optional(
      Type.Object({ effect: Text, article: Text, needsReceipt: Flag }, strict),
    ),
    initialIncompleteAllowed: Flag,
    counting: Type.Optional(words(COUNTING_RULES)),
    binding: Flag,
    applies: Type.Optional(ApplicabilityFile),
    note: Type.Optional(Text),
    basis: BasisFile,
  },
  strict,
)
export type ClockFile = Static<typeof ClockFile>
