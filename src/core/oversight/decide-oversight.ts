/**
 * What oversight may do. The authority that is watched is asked for nothing here: it
 * cannot refuse a look, a draw or a recommendation, only answer.
 *
 * Since nobody else checks the words of a statute, a statute that opens content counts once
 * a second officer of oversight has confirmed it. Where the body has one officer only, it
 * counts a day after the public could read it (it is on the public page at once): so a
 * statute that is made up is seen before anything is read under it, and a small body is not
 * shut out. That the statute says so, no confirmation proves.
 */
import { type Decision, permit, type Refusal, refuse } from '../../base/decision.ts'
import { addMs, DAY_MS, type Instant, MINUTE_MS } from '../../base/time.ts'
import type { AccessDecision } from '../access/decide-access.ts'
import { requireProposer } from '../access/second-person.ts'
import { isFullReason } from '../case/reason.ts'
import type { Acting } from '../case/recorded.ts'
import { isSameSide, personsOf, sideOf } from '../people/standing.ts'
import {
  type AnnouncedDraw,
  type Assessment,
  isWaiting,
  type Mandate,
  type OversightEvent,
  type OversightState,
  type RecommendationAnswer,
} from './oversight.ts'

export const DRAW_LIST_MAX = 10_000
export const INSPECTED_CASES_MAX = 200
/** Between announcing a draw and the round that decides it: long enough to be logged and cosigned. */
export const BEACON_LEAD_MS = 10 * MINUTE_MS

export type WhyOversight =
  | 'sourceMissing'
  | 'alreadyRecorded'
  | 'unknownMandate'
  | 'mandateEnded'
  | 'notConfirmed'
  | 'nothingToConfirm'
  | 'samePerson'
  | 'noticeRuns'
  | 'nothingToInspect'
  | 'unknownInspection'
  | 'notYours'
  | 'reasonMissing'
  | 'seenToday'
  | 'nothingToDraw'
  | 'listTooLong'
  | 'sampleTooLarge'
  | 'roundKnown'
  | 'unknownDraw'
  | 'alreadyHeld'
  | 'dueInThePast'
  | 'unknownRecommendation'
  | 'alreadyAnswered'
  | 'alreadyAssessed'
  | 'alreadyPublished'

export type OversightDecision = Decision<readonly OversightEvent[], WhyOversight>

/** Between a statute on the public page and content under it, where nobody else confirms. */
export const NOTICE_OF_STATUTE_MS = DAY_MS

export function recordMandate(
  state: OversightState,
  mandate: Mandate,
  acting: Acting,
): OversightDecision {
  const { mandateId, body, statute, article, source } = mandate
  if ([body, statute, article, source].some((text) => text.trim() === '')) {
    return no('sourceMissing', 'a mandate names the body, the statute, the article and its source')
  }
  const isKnown = state.mandates.some(
    (one) =>
      one.mandateId === mandateId ||
      (one.endedAt === null && one.statute === statute && one.article === article),
  )
  if (isKnown) return no('alreadyRecorded', 'this mandate is on record')
  const { inPlaceOf } = acting
  return permit([{ type: 'mandateRecorded', ...mandate, ...(inPlaceOf ? { inPlaceOf } : {}) }])
}

/** `others`: officers of oversight in office; `recorderMay`: whether whoever recorded it still may. */
export function confirmMandate(
  state: OversightState,
  { mandateId }: { readonly mandateId: string },
  acting: Acting,
  around: { readonly others: readonly string[]; readonly recorderMay: AccessDecision },
): Decision<readonly OversightEvent[], WhyOversight | 'proposerMayNot'> {
  const mandate = currentMandate(state, mandateId)
  if ('decision' in mandate) return mandate
  if (!isWaiting(mandate)) return no('nothingToConfirm', 'this statute waits for nobody')
  const { recordedBy, recordedAt } = mandate
  if (!isSameSide(recordedBy, sideOf(acting))) {
    const bar = requireProposer(acting, around.recorderMay)
    return bar ?? permit([{ type: 'mandateConfirmed', mandateId, isAlone: false }])
  }
  const others = around.others.filter((one) => !personsOf(recordedBy).includes(one))
  if (others.length > 0) {
    return no('samePerson', 'whoever records a statute does not confirm it: a second officer must')
  }
  const opensAt = addMs(recordedAt, NOTICE_OF_STATUTE_MS)
  if (acting.now < opensAt) {
    return no('noticeRuns', `with nobody to confirm it, it waits for the public until ${opensAt}`)
  }
  return permit([{ type: 'mandateConfirmed', mandateId, isAlone: true }])
}

export function endMandate(
  state: OversightState,
  command: { readonly mandateId: string; readonly reason: string },
): OversightDecision {
  const mandate = currentMandate(state, command.mandateId)
  if ('decision' in mandate) return mandate
  if (!isFullReason(command.reason)) return reasonMissing()
  return permit([{ type: 'mandateEnded', ...command }])
}

export function openInspection(
  state: OversightState,
  command: {
    readonly inspectionId: string
    readonly mandateId: string
    readonly caseIds: readonly string[]
    readonly question: string
  },
): OversightDecision {
  const mandate = currentMandate(state, command.mandateId)
  if ('decision' in mandate) return mandate
  if (isWaiting(mandate)) {
    return no('notConfirmed', 'a second officer of oversight confirms this statute first')
  }
  const caseIds = [...new Set(command.caseIds)].sort()
  if (caseIds.length === 0 || caseIds.length > INSPECTED_CASES_MAX) {
    return no('nothingToInspect', `an inspection names 1 to ${INSPECTED_CASES_MAX} cases`)
  }
  if (!isFullReason(command.question)) return reasonMissing()
  return permit([{ type: 'inspectionOpened', ...command, caseIds }])
}

export function closeInspection(
  { inspections }: OversightState,
  command: { readonly inspectionId: string; readonly finding: string },
  { officer }: Acting,
): OversightDecision {
  const found = inspections.find(({ inspectionId }) => inspectionId === command.inspectionId)
  if (!found || found.finding !== null) {
    return no('unknownInspection', 'there is no such open inspection')
  }
  if (found.officer !== officer) return no('notYours', 'who opened an inspection closes it')
  if (!isFullReason(command.finding)) return reasonMissing()
  return permit([{ type: 'inspectionClosed', ...command }])
}

/** Nothing to add is no fault: the look of today stands already. */
export function noteLook(
  { looks }: OversightState,
  caseId: string,
  { officer, now }: Acting,
): OversightDecision {
  const aDayAgo = addMs(now, -DAY_MS)
  const isNoted = looks.some(
    (look) => look.caseId === caseId && look.officer === officer && look.at > aDayAgo,
  )
  if (isNoted) return no('seenToday', 'this look is on record')
  return permit([{ type: 'caseLookedAt', caseId }])
}

/** `list` is sorted; `wireNow` is real time, which is what beacons keep. */
export function announceDraw(
  draw: AnnouncedDraw,
  { wireNow }: { readonly wireNow: Instant },
): OversightDecision {
  const { list, sampleSize, beacon } = draw
  if (list.length === 0) return no('nothingToDraw', 'nothing of this kind lies in the period')
  if (list.length > DRAW_LIST_MAX) {
    return no('listTooLong', `a draw picks from at most ${DRAW_LIST_MAX}; choose a shorter period`)
  }
  if (sampleSize < 1 || sampleSize > list.length) {
    return no('sampleTooLarge', `the list has ${list.length}: draw from 1 to as many`)
  }
  if (beacon.appearsAt < addMs(wireNow, BEACON_LEAD_MS)) {
    return no('roundKnown', 'the round must lie ahead: a draw is announced before it can be known')
  }
  return permit([{ type: 'drawAnnounced', ...draw }])
}

/** The signature was verified by the caller, and `picked` computed from it. */
export function holdDraw(
  { draws }: OversightState,
  command: {
    readonly drawId: string
    readonly signature: string
    readonly randomness: string
    readonly picked: readonly number[]
  },
): OversightDecision {
  const draw = draws.find(({ drawId }) => drawId === command.drawId)
  if (!draw) return no('unknownDraw', 'no such draw was announced')
  if (draw.held) return no('alreadyHeld', 'the draw was held; a round is never drawn twice')
  return permit([{ type: 'drawHeld', ...command }])
}

export function recommend(
  state: OversightState,
  command: {
    readonly recommendationId: string
    readonly title: string
    readonly text: string
    readonly caseId: string | null
    readonly drawId: string | null
    readonly dueAt: Instant
  },
  { now }: Acting,
): OversightDecision {
  const { title, text, drawId, dueAt } = command
  if (title.trim() === '' || !isFullReason(text)) return reasonMissing()
  if (drawId !== null && !state.draws.some((draw) => draw.drawId === drawId)) {
    return no('unknownDraw', 'no such draw was announced')
  }
  if (dueAt <= now) return no('dueInThePast', 'the date for the answer lies ahead')
  return permit([{ type: 'recommendationMade', ...command }])
}

/** The authority's own answer. */
export function answerRecommendation(
  state: OversightState,
  command: {
    readonly recommendationId: string
    readonly answer: RecommendationAnswer
    readonly reasons: string
  },
): OversightDecision {
  const found = recommendationOf(state, command)
  if ('decision' in found) return found
  if (found.assessment) return no('alreadyAssessed', 'oversight has closed this recommendation')
  if (found.answer) return no('alreadyAnswered', 'the recommendation was answered')
  if (!isFullReason(command.reasons)) return reasonMissing()
  return permit([{ type: 'recommendationAnswered', ...command }])
}

export function assessRecommendation(
  state: OversightState,
  command: {
    readonly recommendationId: string
    readonly assessment: Assessment
    readonly reasons: string
  },
): OversightDecision {
  const found = recommendationOf(state, command)
  if ('decision' in found) return found
  if (found.assessment) return no('alreadyAssessed', 'this recommendation is closed')
  if (!isFullReason(command.reasons)) return reasonMissing()
  return permit([{ type: 'recommendationAssessed', ...command }])
}

export function publishRecommendation(
  state: OversightState,
  command: { readonly recommendationId: string; readonly summary: string },
): OversightDecision {
  const found = recommendationOf(state, command)
  if ('decision' in found) return found
  if (found.published) return no('alreadyPublished', 'the recommendation is published')
  if (!isFullReason(command.summary)) return reasonMissing()
  return permit([{ type: 'recommendationPublished', ...command }])
}

function currentMandate({ mandates }: OversightState, mandateId: string) {
  const mandate = mandates.find((one) => one.mandateId === mandateId)
  if (!mandate) return no('unknownMandate', 'there is no such mandate on record')
  return mandate.endedAt === null ? mandate : no('mandateEnded', 'the mandate has ended')
}

function recommendationOf(
  { recommendations }: OversightState,
  { recommendationId }: { readonly recommendationId: string },
) {
  const found = recommendations.find((one) => one.recommendationId === recommendationId)
  return found ?? no('unknownRecommendation', 'there is no such recommendation')
}

function reasonMissing(): Refusal<WhyOversight> {
  return no('reasonMissing', 'say it in words that somebody else can check')
}

function no(why: WhyOversight, text: string): Refusal<WhyOversight> {
  return refuse(why, { rule: `oversight:${why}`, text })
}
