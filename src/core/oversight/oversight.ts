/**
 * Oversight in a stream of its own: by which statute somebody watches this authority,
 * what they looked at, which cases a draw picked, and what they recommended.
 *
 * Only people with the role of oversight write here, but for the answers of the
 * authority and what the node itself finds wrong with logs of peers. Nothing in it waits for the consent of those who are watched.
 */
import { changeWhere } from '../../base/lists.ts'
import type { CalendarDate, Instant } from '../../base/time.ts'
import type { Recorded } from '../case/recorded.ts'
import type { Side } from '../people/standing.ts'

/** What a draw picks from. */
export const POPULATIONS = ['cases', 'decisions', 'releases', 'refusals', 'delayedNotices'] as const
export type Population = (typeof POPULATIONS)[number]

export const ANSWERS = ['accepted', 'partly', 'rejected'] as const
export type RecommendationAnswer = (typeof ANSWERS)[number]

export const ASSESSMENTS = ['followed', 'partlyFollowed', 'notFollowed'] as const
export type Assessment = (typeof ASSESSMENTS)[number]

/** A statute that lets oversight see more than decisions, tests, statistics and proofs. */
export type Mandate = {
  readonly mandateId: string
  /** The overseeing body. */
  readonly body: string
  readonly statute: string
  readonly article: string
  /** Where the text can be read, and when it was. */
  readonly source: string
  readonly retrievedOn: CalendarDate
  readonly access: 'decisions' | 'content'
}

/** A round of a public beacon that nobody can know yet when the draw is announced. */
export type BeaconRound = {
  /** Hex of the chain that signs it. */
  readonly chain: string
  readonly round: number
  /** Real time at which the round appears. */
  readonly appearsAt: Instant
}

export type OversightEvent =
  | ({
      readonly type: 'mandateRecorded'
      /** In whose place it was recorded, where that was by a delegation. */
      readonly inPlaceOf?: string
    } & Mandate)
  | {
      readonly type: 'mandateConfirmed'
      readonly mandateId: string
      /** Nobody else was there: whoever recorded it waited until the public had its notice. */
      readonly isAlone: boolean
    }
  | { readonly type: 'mandateEnded'; readonly mandateId: string; readonly reason: string }
  | {
      readonly type: 'inspectionOpened'
      readonly inspectionId: string
      readonly mandateId: string
      readonly caseIds: readonly string[]
      readonly question: string
    }
  | {
      readonly type: 'inspectionClosed'
      readonly inspectionId: string
      readonly finding: string
    }
  /** Oversight opened the page of a case: once a day for each person and case. */
  | { readonly type: 'caseLookedAt'; readonly caseId: string }
  | ({ readonly type: 'drawAnnounced' } & AnnouncedDraw)
  | {
      readonly type: 'drawHeld'
      readonly drawId: string
      /** Hex: of the beacon over the announced round. */
      readonly signature: string
      readonly randomness: string
      /** Places in the list, from 0, in the order in which they were drawn. */
      readonly picked: readonly number[]
    }
  | {
      readonly type: 'recommendationMade'
      readonly recommendationId: string
      readonly title: string
      readonly text: string
      /** null: about how the authority works. */
      readonly caseId: string | null
      readonly drawId: string | null
      readonly dueAt: Instant
    }
  | {
      readonly type: 'recommendationAnswered'
      readonly recommendationId: string
      readonly answer: RecommendationAnswer
      readonly reasons: string
    }
  | {
      readonly type: 'recommendationAssessed'
      readonly recommendationId: string
      readonly assessment: Assessment
      readonly reasons: string
    }
  /** What the public reads: words written for it, without the case. */
  | {
      readonly type: 'recommendationPublished'
      readonly recommendationId: string
      readonly summary: string
    }
  | ({ readonly type: 'logFindingRecorded' } & RecordedLogFinding)

/** By the node: what its monitor found about the log of a peer, with the evidence. */
export type RecordedLogFinding = {
  readonly findingId: string
  /** The peer. */
  readonly node: string
  readonly origin: string
  readonly finding: string
  /** Whether the log's own signatures show it, whoever looks. */
  readonly convicts: boolean
  /** Real time. */
  readonly foundAt: Instant
  /** What it is known by, so that the same is recorded once. */
  readonly marks: readonly string[]
  /** The file that anybody can verify, as text (protocol/spec/log.md). */
  readonly evidence: string
}

export type AnnouncedDraw = {
  readonly drawId: string
  readonly population: Population
  readonly from: Instant
  readonly until: Instant
  /** What could be drawn, sorted: the case, and where it is more than a case, `/` and its place. */
  readonly list: readonly string[]
  /** SHA-256 of the list, hex: fixed before the beacon speaks. */
  readonly listDigest: string
  readonly sampleSize: number
  readonly beacon: BeaconRound
}

export type Inspection = {
  readonly inspectionId: string
  readonly mandateId: string
  readonly caseIds: readonly string[]
  readonly question: string
  readonly openedAt: Instant
  readonly officer: string
  readonly finding: string | null
}

export type Draw = AnnouncedDraw & {
  readonly announcedAt: Instant
  readonly held: {
    readonly signature: string
    readonly randomness: string
    readonly picked: readonly number[]
    readonly at: Instant
  } | null
}

export type Recommendation = {
  readonly recommendationId: string
  readonly title: string
  readonly text: string
  readonly caseId: string | null
  readonly drawId: string | null
  readonly madeAt: Instant
  readonly dueAt: Instant
  readonly answer: {
    readonly answer: RecommendationAnswer
    readonly reasons: string
    readonly at: Instant
  } | null
  readonly assessment: {
    readonly assessment: Assessment
    readonly reasons: string
    readonly at: Instant
  } | null
  readonly published: { readonly summary: string; readonly at: Instant } | null
}

export type RecordedMandate = Mandate & {
  readonly recordedAt: Instant
  readonly recordedBy: Side
  readonly confirmed: { readonly at: Instant; readonly isAlone: boolean } | null
  readonly endedAt: Instant | null
}

export type OversightState = {
  readonly mandates: readonly RecordedMandate[]
  readonly inspections: readonly Inspection[]
  readonly looks: readonly {
    readonly caseId: string
    readonly officer: string
    readonly at: Instant
  }[]
  readonly draws: readonly Draw[]
  readonly recommendations: readonly Recommendation[]
  readonly logFindings: readonly RecordedLogFinding[]
}

export const noOversight: OversightState = {
  mandates: [],
  inspections: [],
  looks: [],
  draws: [],
  recommendations: [],
  logFindings: [],
}

export function foldOversight(
  state: OversightState,
  { event, at, by }: Recorded<OversightEvent>,
): OversightState {
  switch (event.type) {
    case 'mandateRecorded': {
      const { type: _, inPlaceOf = null, ...facts } = event
      const recorded = { recordedAt: at, recordedBy: { officer: by, inPlaceOf } }
      const mandate = { ...facts, ...recorded, confirmed: null, endedAt: null }
      return { ...state, mandates: [...state.mandates, mandate] }
    }
    case 'mandateConfirmed':
      return changedMandate(state, event, { confirmed: { at, isAlone: event.isAlone } })
    case 'mandateEnded':
      return changedMandate(state, event, { endedAt: at })
    case 'inspectionOpened': {
      const { type: _, ...opened } = event
      const inspection = { ...opened, openedAt: at, officer: by, finding: null }
      return { ...state, inspections: [...state.inspections, inspection] }
    }
    case 'inspectionClosed': {
      const isIt = ({ inspectionId }: Inspection) => inspectionId === event.inspectionId
      const close = (one: Inspection) => ({ ...one, finding: event.finding })
      return { ...state, inspections: changeWhere(state.inspections, isIt, close) }
    }
    case 'caseLookedAt': {
      const look = { caseId: event.caseId, officer: by, at }
      return { ...state, looks: [...state.looks, look] }
    }
    case 'drawAnnounced': {
      const { type: _, ...draw } = event
      return { ...state, draws: [...state.draws, { ...draw, announcedAt: at, held: null }] }
    }
    case 'drawHeld': {
      const { type: _, drawId, ...held } = event
      const isIt = (draw: Draw) => draw.drawId === drawId
      const hold = (draw: Draw) => ({ ...draw, held: { ...held, at } })
      return { ...state, draws: changeWhere(state.draws, isIt, hold) }
    }
    case 'recommendationMade': {
      const { type: _, ...made } = event
      const nothing = { answer: null, assessment: null, published: null }
      const recommendation = { ...made, ...nothing, madeAt: at }
      return { ...state, recommendations: [...state.recommendations, recommendation] }
    }
    case 'recommendationAnswered': {
      const { answer, reasons } = event
      return changed(state, event, { answer: { answer, reasons, at } })
    }
    case 'recommendationAssessed': {
      const { assessment, reasons } = event
      return changed(state, event, { assessment: { assessment, reasons, at } })
    }
    case 'recommendationPublished':
      return changed(state, event, { published: { summary: event.summary, at } })
    case 'logFindingRecorded': {
      const { type: _, ...found } = event
      return { ...state, logFindings: [...state.logFindings, found] }
    }
  }
}

function changedMandate(
  state: OversightState,
  { mandateId }: Pick<Mandate, 'mandateId'>,
  change: Partial<RecordedMandate>,
): OversightState {
  const isIt = (one: RecordedMandate) => one.mandateId === mandateId
  const mandates = changeWhere(state.mandates, isIt, (one) => ({ ...one, ...change }))
  return { ...state, mandates }
}

function changed(
  state: OversightState,
  { recommendationId }: { readonly recommendationId: string },
  change: Partial<Recommendation>,
): OversightState {
  const recommendations = changeWhere(
    state.recommendations,
    (one) => one.recommendationId === recommendationId,
    (one) => ({ ...one, ...change }),
  )
  return { ...state, recommendations }
}

/** Where a recommendation stands; `overdue`: neither answered nor assessed when it was due. */
export type RecommendationStatus = 'open' | 'overdue' | RecommendationAnswer | Assessment

export function statusOf(
  { answer, assessment, dueAt }: Recommendation,
  now: Instant,
): RecommendationStatus {
  if (assessment) return assessment.assessment
  if (now >= dueAt && answer?.answer !== 'rejected') return 'overdue'
  return answer?.answer ?? 'open'
}

/** One that opens decisions only gives nothing that oversight does not see anyway. */
export function isWaiting({ access, confirmed, endedAt }: RecordedMandate): boolean {
  return access === 'content' && confirmed === null && endedAt === null
}

const isUsable = (mandate: RecordedMandate) => mandate.endedAt === null && !isWaiting(mandate)

/** The mandate by which the person may see the content of the case now; undefined: by none. */
export function contentMandate(
  { mandates, inspections }: OversightState,
  { caseId, officer }: { readonly caseId: string; readonly officer: string },
): { readonly mandate: Mandate; readonly inspection: Inspection } | undefined {
  for (const inspection of inspections) {
    if (inspection.finding !== null || inspection.officer !== officer) continue
    if (!inspection.caseIds.includes(caseId)) continue
    const mandate = mandates.find(({ mandateId }) => mandateId === inspection.mandateId)
    if (mandate?.access === 'content' && isUsable(mandate)) return { mandate, inspection }
  }
  return undefined
}
