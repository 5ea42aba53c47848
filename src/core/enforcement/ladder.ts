/**
 * The ladder of measures, from advice to prosecution, as data: who owns a rung,
 * what must be recorded before it, and when it may be skipped.
 *
 * The engine proposes and checks; humans decide. Which rungs an authority has at
 * all, and their limits, come from its law pack: a rung without a basis there is
 * not offered. Nothing here creates a power.
 */

export const RUNG_CODES = [
  'advice',
  'warning',
  'commitments',
  'correctiveOrder',
  'userWarning',
  'interimMeasure',
  'restriction',
  'processingBan',
  'periodicPenalty',
  'fine',
  'businessSuspension',
  'accessRestriction',
  'assetFreeze',
  'prosecutionReferral',
] as const
export type RungCode = (typeof RUNG_CODES)[number]

export type SkipRule = {
  /** `free`: may be passed over without a record. `recorded`: only with ground and reason. */
  readonly skip: 'free' | 'recorded' | 'never'
  /** Coded grounds; for `recorded`. */
  readonly grounds: readonly SkipGround[]
  readonly source: string | null
}

/** CPC here is Regulation (EU) 2017/2394; its art. 21(1)(a)-(e) are the first five. */
export type SkipGround =
  | 'immediateActionNeeded'
  | 'cessationByCommitmentsUnlikely'
  | 'noCommitmentsProposedInTime'
  | 'commitmentsInsufficient'
  | 'commitmentsNotImplemented'
  | 'wilfulConduct'
  | 'imminentHarm'
  | 'urgency'

export type Rung = {
  /** 1 is the lowest. */
  readonly number: number
  readonly code: RungCode
  /** What must be on record, in words for the officer. */
  readonly precondition: string
  /** Rungs to be taken, or lawfully skipped, before this one. */
  readonly after: readonly RungCode[]
  /** Rungs to be taken before this one: no skip counts. */
  readonly requires: readonly RungCode[]
  readonly hearing: { readonly workingDaysMin: number; readonly source: string } | null
  readonly skip: SkipRule
  /** Whether two officers decide, the proposer and another. */
  readonly twoOfficers: boolean
  /** Decided by a court or prosecutor: here only a hand-over. */
  readonly handOver: boolean
}

const MSR_HEARING = {
  workingDaysMin: 10,
  source: 'Regulation (EU) 2019/1020, art. 18(3)',
} as const
const FREE: SkipRule = { skip: 'free', grounds: [], source: null }
const NEVER: SkipRule = { skip: 'never', grounds: [], source: null }
const imminent: SkipRule = { skip: 'recorded', grounds: ['imminentHarm'], source: null }

const rung = (
  number: number,
  code: RungCode,
  precondition: string,
  rest: Partial<Rung> = {},
): Rung => ({
  ...{ number, code, precondition, after: [], requires: [], hearing: null },
  ...{ skip: FREE, twoOfficers: true, handOver: false },
  ...rest,
})

export const LADDER: readonly Rung[] = [
  rung(1, 'advice', 'contact was made; facts and question are listed', { twoOfficers: false }),
  rung(2, 'warning', 'the suspicion is reasoned; the addressee is identified', {
    twoOfficers: false,
    skip: { skip: 'recorded', grounds: ['wilfulConduct', 'imminentHarm'], source: null },
  }),
  rung(3, 'commitments', 'the operator was invited to offer commitments; a time limit is set', {
    after: ['warning'],
    skip: {
      skip: 'recorded',
      grounds: [
        'immediateActionNeeded',
        'cessationByCommitmentsUnlikely',
        'noCommitmentsProposedInTime',
        'commitmentsInsufficient',
        'commitmentsNotImplemented',
      ],
      source: 'Regulation (EU) 2017/2394, art. 21(1)',
    },
  }),
  rung(4, 'correctiveOrder', 'the operator was heard', {
    after: ['warning', 'commitments'],
    hearing: MSR_HEARING,
    skip: { skip: 'recorded', grounds: ['urgency'], source: MSR_HEARING.source },
  }),
  rung(5, 'userWarning', 'the risk to users is shown', { skip: imminent }),
  rung(6, 'interimMeasure', 'urgency, risk of serious harm, necessity and proportionality', {
    skip: FREE,
  }),
  rung(7, 'restriction', 'the order was not obeyed or the risk persists', {
    after: ['correctiveOrder'],
    hearing: MSR_HEARING,
    skip: imminent,
  }),
  rung(8, 'processingBan', 'serious breach of rights', { after: ['correctiveOrder'] }),
  rung(9, 'periodicPenalty', 'an order and the dates on which it was not obeyed', {
    requires: ['correctiveOrder'],
    skip: NEVER,
  }),
  rung(10, 'fine', 'an order that was not obeyed; the factors; fines by other authorities', {
    requires: ['correctiveOrder'],
    skip: NEVER,
  }),
  rung(11, 'businessSuspension', 'a basis in the law pack', {
    requires: ['correctiveOrder'],
    skip: NEVER,
  }),
  rung(12, 'accessRestriction', 'all other powers are exhausted; a court orders', {
    requires: ['correctiveOrder'],
    skip: NEVER,
    handOver: true,
  }),
  rung(13, 'assetFreeze', 'a request to a court or prosecutor with its legal basis', {
    skip: NEVER,
    handOver: true,
  }),
  rung(14, 'prosecutionReferral', 'evidence of an offence', { handOver: true }),
]

export function rungOf(code: RungCode): Rung | undefined {
  return LADDER.find((candidate) => candidate.code === code)
}
