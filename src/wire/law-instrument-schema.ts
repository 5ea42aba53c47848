/** The form of one instrument's file in a law pack: `<order>/<instrument>.yaml`. */
import { type Static, type TProperties, Type } from '@sinclair/typebox'
import { COUNTING_RULES } from '../core/law/clock.ts'
import {
  EVIDENCE_RULE_KINDS,
  REFUSAL_SCOPES,
  TRANSFER_DATA,
  TRANSFER_EFFECTS,
} from '../core/law/information-limits.ts'
import { INSTRUMENT_STATUSES, LEAD_RULES, MATTERS, TRACKS } from '../core/law/pack.ts'
import { PROTECTION_KINDS, REMEDY_KINDS } from '../core/law/remedies.ts'
import {
  BAR_TRIGGERS,
  CAP_RULES,
  PERSON_KINDS,
  SAMENESS,
  TURNOVER_BASES,
} from '../core/law/sanction-tier.ts'
import { MEASURE_CODES } from '../core/law/subjects.ts'
import { ApplicabilityFile, ClockFile } from './law-clock-schema.ts'
import {
  AppliesFromFile,
  BasisFile,
  Code,
  Day,
  Flag,
  FullId,
  Id,
  Region,
  SourcesFile,
  strict,
  Text,
  When,
  words,
} from './law-schema-words.ts'

/** A list of entries, each with its basis. */
function entries<T extends TProperties>(fields: T) {
  return Type.Optional(Type.Array(Type.Object({ ...fields, basis: BasisFile }, strict)))
}

const Amount = Type.Integer({ minimum: 0, maximum: 10 ** 13 })

export const SanctionFile = Type.Object(
  {
    id: Code,
    for: Text,
    when: Type.Optional(When),
    persons: Type.Optional(words(PERSON_KINDS)),
    cap: words(CAP_RULES),
    fixed: Type.Optional(Type.Union([Amount, Type.Tuple([Amount, Amount])])),
    currency: Type.Optional(Type.String({ pattern: '^[A-Z]{3}$' })),
    percent: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 100 })),
    base: Type.Optional(words(TURNOVER_BASES)),
    baseNote: Type.Optional(Text),
    benefitTimes: Type.Optional(Type.Integer({ minimum: 1, maximum: 10 })),
    percentWhen: Type.Optional(When),
    percentAbove: Type.Optional(Amount),
    alternatives: Flag,
    modifies: Type.Optional(Type.Array(FullId, { minItems: 1 })),
    dayDivisor: Type.Optional(Type.Integer({ minimum: 1, maximum: 366 })),
    floorOfCap: Flag,
    track: Type.Optional(words(TRACKS)),
    appliesFrom: Type.Optional(AppliesFromFile),
    binding: Flag,
    note: Type.Optional(Text),
    basis: BasisFile,
  },
  strict,
)
export type SanctionFile = Static<typeof SanctionFile>

const FiningFile = Type.Object(
  {
    factors: Type.Array(Code),
    priorFines: Type.Array(Code),
    bars: entries({
      id: Code,
      trigger: words(BAR_TRIGGERS),
      same: words(SAMENESS),
      instrument: Type.Optional(Id),
      when: Type.Optional(When),
      text: Text,
    }),
    basis: BasisFile,
  },
  strict,
)
export type FiningFile = Static<typeof FiningFile>

const MeasureFile = Type.Object(
  {
    code: words(MEASURE_CODES),
    rung: Type.Integer({ minimum: 1, maximum: 20 }),
    authority: Id,
    preconditions: Type.Array(Text),
    hearing: Type.Optional(FullId),
    compliance: Type.Optional(FullId),
    track: words(TRACKS),
    courtNeeded: Flag,
    when: Type.Optional(When),
    limits: Type.Optional(Type.Array(Text)),
    validity: Type.Optional(FullId),
    appliesFrom: Type.Optional(AppliesFromFile),
    basis: BasisFile,
  },
  strict,
)

export const ChannelsFile = entries({
  id: Code,
  to: Id,
  clocks: Type.Optional(Type.Array(FullId)),
  comity: words(['not_designated', 'designated'] as const),
  designation: Type.Optional(Text),
  where: Text,
})

const InstrumentPart = Type.Object(
  {
    id: Id,
    name: Text,
    matter: words(MATTERS),
    citation: Type.Object(
      { text: Text, celex: Type.Optional(Text), eli: Type.Optional(Text) },
      strict,
    ),
    status: words(INSTRUMENT_STATUSES),
    statusBasis: BasisFile,
    counting: Type.Optional(words(COUNTING_RULES)),
    applies: Type.Optional(ApplicabilityFile),
    dates: entries({ date: Type.String({ pattern: '^\\d{4}-\\d{2}(?:-\\d{2})?$' }), what: Text }),
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
    supersedes: Type.Optional(Type.Array(Text)),
    supersededBy: Type.Optional(Text),
    equivalents: entries({ text: Text, clocks: Type.Array(FullId) }),
    authorities: entries({ id: Id, kind: Code, name: Text }),
    channels: ChannelsFile,
    competence: entries({ id: Code, authority: Id, when: When, text: Text }),
    lead: entries({
      id: Code,
      authority: Id,
      when: When,
      rule: words(LEAD_RULES),
      text: Text,
      dispute: Type.Optional(FullId),
    }),
    reach: entries({ id: Code, role: Code, when: Type.Optional(When), text: Text }),
    definitions: entries({ id: Code, term: Code, text: Text }),
    clocks: Type.Optional(Type.Array(ClockFile)),
    measures: Type.Optional(Type.Array(MeasureFile)),
    sanctions: Type.Optional(Type.Array(SanctionFile)),
    fining: Type.Optional(FiningFile),
    limitation: Type.Optional(
      Type.Object({ years: Type.Integer({ minimum: 1, maximum: 100 }), basis: BasisFile }, strict),
    ),
    evidenceRules: entries({
      id: Code,
      kind: words(EVIDENCE_RULE_KINDS),
      text: Text,
      clocks: Type.Optional(Type.Array(FullId)),
      abroad: Type.Optional(words(TRANSFER_DATA)),
      binding: Flag,
    }),
    transfers: entries({
      id: Code,
      to: Type.Optional(Type.Array(Region, { minItems: 1 })),
      data: words(TRANSFER_DATA),
      effect: words(TRANSFER_EFFECTS),
      text: Text,
      binding: Flag,
    }),
    refusalGrounds: entries({
      id: Code,
      code: Type.String({ pattern: '^[A-Z][A-Z_]*$', maxLength: 60 }),
      appliesTo: words(REFUSAL_SCOPES),
      text: Text,
    }),
    remedies: entries({
      id: Code,
      kind: words(REMEDY_KINDS),
      who: Text,
      to: Type.Optional(Id),
      text: Text,
      binding: Flag,
    }),
    protections: entries({ id: Code, kind: words(PROTECTION_KINDS), text: Text }),
    thresholds: entries({
      id: Code,
      value: Type.Number({ minimum: 0 }),
      unit: Code,
      text: Text,
    }),
  },
  strict,
)
export type InstrumentPart = Static<typeof InstrumentPart>

export const InstrumentFile = Type.Object(
  { sources: Type.Optional(SourcesFile), instrument: InstrumentPart },
  strict,
)
export type InstrumentFile = Static<typeof InstrumentFile>
