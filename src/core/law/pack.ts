/**
 * The shape of a law pack in memory: what one legal order says, as data.
 *
 * A pack promises that every value names its article, its source and how that
 * source was read. It does not promise that the reading is right: that is what
 * the sign-off of two officers is for (sign-off.ts). Packs are read and checked
 * by `wire/law-pack.ts`; everything here may assume that those checks held.
 */
import type { CalendarDate } from '../../base/time.ts'
import type { Applicability, Clock, CountingRule } from './clock.ts'
import type { Condition } from './condition.ts'
import type { Channel, EvidenceRule, RefusalGround, Transfer } from './information-limits.ts'
import type { AppliedOverlay } from './overlay.ts'
import type { Protection, Remedy, Threshold } from './remedies.ts'
import type { FiningFactors, Limitation, SanctionTier } from './sanction-tier.ts'

/** P: the text of the law was read. S: a secondary source was read. R: recalled only. */
export type EvidenceCode = 'P' | 'S' | 'R'

/** Where a value comes from. Nothing in a pack stands without one. */
export type Basis = {
  /** Article or section, without the name of the instrument, e.g. `73(2)`. */
  readonly article: string
  /** What was read, and where, e.g. "Regulation (EU) 2024/1689, consolidated text (…)". */
  readonly source: string
  readonly evidence: EvidenceCode
  readonly retrievedOn: CalendarDate
  /** A few words of the text as read. `null`: the pack holds no quote for this value. */
  readonly quote: string | null
  /** The words of the quote that say the number, where they are not English or digits. */
  readonly numeral: string | null
}

export const INSTRUMENT_STATUSES = [
  'in_force',
  'in_force_not_yet_applicable',
  'in_force_partially',
  'enacted_future',
  'bill_pending',
  'proposal',
  'soft_law',
  'signed_not_in_force',
  'repealed',
  'dead',
  'unknown',
] as const
export type InstrumentStatus = (typeof INSTRUMENT_STATUSES)[number]

/** What an instrument is about; instruments on one matter are compared with each other. */
export const MATTERS = [
  'ai_system',
  'personal_data',
  'cybersecurity',
  'online_platform',
  'product',
  'whistleblowing',
  'other',
] as const
export type Matter = (typeof MATTERS)[number]

export type Authority = {
  readonly id: string
  readonly kind: string
  readonly name: string
  readonly basis: Basis
}

/** If `when` holds, `authority` is competent under the instrument. */
export type CompetenceRule = {
  readonly id: string
  readonly authority: string
  readonly when: Condition
  readonly text: string
  readonly basis: Basis
}

/** Who leads where several authorities are competent. */
export type LeadRule = {
  readonly id: string
  readonly authority: string
  readonly when: Condition
  readonly rule: (typeof LEAD_RULES)[number]
  readonly text: string
  /** Id of the clock of the procedure that settles a dispute about it. */
  readonly dispute: string | null
  readonly basis: Basis
}

export const LEAD_RULES = [
  'one_stop_shop',
  'main_establishment',
  'exclusive',
  'place_of_incident',
  'agreement',
] as const

/** A corporate role that the instrument reaches; `when`: only under these facts. */
export type Reach = {
  readonly id: string
  readonly role: string
  readonly when: Condition | null
  readonly text: string
  readonly basis: Basis
}

/** What a term means here; `term` is one code across all packs. */
export type Definition = {
  readonly id: string
  readonly term: string
  readonly text: string
  readonly basis: Basis
}

export const TRACKS = ['administrative', 'civil', 'criminal'] as const
export type Track = (typeof TRACKS)[number]

/** A measure that an authority may take; `rung` orders the ladder, 1 is the mildest. */
export type Measure = {
  readonly code: string
  readonly rung: number
  readonly authority: string
  readonly preconditions: readonly string[]
  /** Id of the `min` clock of the hearing that must have run out first. */
  readonly hearing: string | null
  /** Id of the clock that gives the operator time to comply. */
  readonly compliance: string | null
  readonly track: Track
  readonly isCourtNeeded: boolean
  readonly when: Condition | null
  /** What it may not be used for, or only under which limits. */
  readonly limits: readonly string[]
  /** Id of the `validity` clock after which it ends. */
  readonly validity: string | null
  readonly appliesFrom: { readonly date: CalendarDate; readonly basis: Basis } | null
  readonly basis: Basis
}

export type Instrument = {
  readonly id: string
  readonly name: string
  readonly matter: Matter
  readonly citation: {
    readonly text: string
    readonly celex: string | null
    readonly eli: string | null
  }
  readonly status: InstrumentStatus
  readonly statusBasis: Basis
  readonly dates: readonly {
    readonly date: string
    readonly what: string
    readonly basis: Basis
  }[]
  /** The two keys of the whole; a clock may have its own. */
  readonly applies: Applicability
  readonly scopeWarnings: readonly string[]
  /** Ids of instruments that it replaces, or citations of those that no pack holds. */
  readonly supersedes: readonly string[]
  readonly supersededBy: string | null
  readonly preemptionRisk: {
    readonly level: 'none' | 'pending' | 'enacted'
    readonly switchOffFrom: CalendarDate | null
    readonly note: string
  } | null
  /** Rules under which another regime may stand in for this one's clocks. */
  readonly equivalents: readonly {
    readonly text: string
    readonly clocks: readonly string[]
    readonly basis: Basis
  }[]
  readonly authorities: readonly Authority[]
  readonly channels: readonly Channel[]
  readonly competence: readonly CompetenceRule[]
  readonly lead: readonly LeadRule[]
  readonly reach: readonly Reach[]
  readonly definitions: readonly Definition[]
  readonly clocks: readonly Clock[]
  readonly measures: readonly Measure[]
  readonly sanctions: readonly SanctionTier[]
  readonly fining: FiningFactors | null
  readonly limitation: Limitation | null
  readonly evidenceRules: readonly EvidenceRule[]
  readonly transfers: readonly Transfer[]
  readonly refusalGrounds: readonly RefusalGround[]
  readonly remedies: readonly Remedy[]
  readonly protections: readonly Protection[]
  readonly thresholds: readonly Threshold[]
}

/** A place where action is taken: its time zone and its public holidays. */
export type Place = {
  /** IANA name. */
  readonly zone: string
  /** Key of the holiday provider, e.g. `BE` or `GB-ENG`. */
  readonly holidays: string
  /** Key whose public holidays stand in, where the provider does not know `holidays`. */
  readonly like?: string
}

export type PackCalendar = {
  /** The first is the default. */
  readonly places: readonly Place[]
  /** ISO weekdays, Monday is 1. */
  readonly weekend: readonly number[]
  readonly counting: CountingRule
  readonly countingBasis: Basis
  readonly holidaysBasis: Basis
  /** Where the holiday provider is known to be wrong; the pack wins. */
  readonly corrections: readonly {
    readonly holidays: string
    readonly date: CalendarDate
    readonly isHoliday: boolean
    readonly name: string
    readonly basis: Basis
  }[]
}

export type LawPack = {
  readonly id: string
  /** Every change of the law or of its reading is a new version. */
  readonly version: string
  readonly status: 'draft' | 'reviewed' | 'authoritative'
  /** ISO 3166 code or a bloc: `EU`, `GB`, `US-CA`. */
  readonly legalOrder: string
  readonly name: string
  readonly validFrom: CalendarDate
  readonly validTo: CalendarDate | null
  /** The version whose validity ends where this one's begins. */
  readonly replaces: string | null
  readonly asOf: CalendarDate
  readonly languages: readonly string[]
  /** Codes that count as this legal order, e.g. the Member States. */
  readonly members: readonly string[]
  /** Wider codes that may or may not mean this legal order, e.g. `US` for `US-CA`. */
  readonly within: readonly string[]
  /** The question to ask for each fact that the pack's conditions use. */
  readonly questions: Readonly<Record<string, string>>
  readonly calendar: PackCalendar
  readonly instruments: readonly Instrument[]
  /** SHA-256 over the digests of its files, lower-case hex: what officers sign off. */
  readonly digest: string
  /** What a Member State added to it (overlay.ts). */
  readonly overlay?: AppliedOverlay
}

/** What a case stores of the packs it was decided under. */
export type PackRef = { readonly id: string; readonly version: string; readonly digest: string }

export function packRef({ id, version, digest }: LawPack): PackRef {
  return { id, version, digest }
}

/** `undefined` if the pack has no such clock. `clockId` is `<instrument id>/<clock id>`. */
export function findClock(
  pack: LawPack,
  clockId: string,
): { instrument: Instrument; clock: Clock } | undefined {
  let index = clocksById.get(pack)
  if (index === undefined) {
    index = new Map(
      pack.instruments.flatMap((instrument) =>
        instrument.clocks.map((clock) => [clock.id, { instrument, clock }] as const),
      ),
    )
    clocksById.set(pack, index)
  }
  return index.get(clockId)
}

/** A pack does not change, and its clocks are asked for by the hundred. */
const clocksById = new WeakMap<
  LawPack,
  ReadonlyMap<string, { instrument: Instrument; clock: Clock }>
>()

/** The citation shown beside a value: "<article>, <instrument>" plus how it was read. */
export function cite(basis: Basis): string {
  return `${basis.source}, art. ${basis.article} (evidence ${basis.evidence})`
}
