/**
 * What may be done with an exhibit. Each decision that touches its bytes also
 * records the act of custody, so that no exhibit moves without a trace.
 */
import { type Decision, permit, type Refusal, refuse } from '../../base/decision.ts'
import type { Acting } from '../case/recorded.ts'
import {
  CUSTODY_ACTS,
  type CustodyAct,
  type EvidenceEvent,
  type EvidenceState,
  type Exhibit,
  type ExhibitFacts,
  exhibitOf,
  type LeftoversAnswered,
  type LookingAs,
  type Redaction,
} from './evidence.ts'
import { isRedactionGround } from './grounds.ts'
import { rejectionBar } from './rejected.ts'

export type WhyEvidence =
  | 'exhibitExists'
  | 'exhibitFaulty'
  | 'unknownExhibit'
  | 'destroyed'
  | 'nothingRedacted'
  | 'textLeft'
  | 'redactionFaulty'
  | 'lineageBroken'
  | 'digestMismatch'
  | 'purposeMissing'
  | 'unknownAct'
  | 'isFile'
  | 'notReceived'
  | 'alreadyAnswered'
  | 'exhibitRejected'
  | 'reasonMissing'
  | 'copyDiffers'
  | 'ownRedaction'
  | 'alreadyReviewed'
  | 'notACopy'
  | 'boxesFaulty'
  | 'notAFile'
  | 'alreadyScrubbed'
  | 'copyFirst'

export type EvidenceDecision = Decision<readonly EvidenceEvent[], WhyEvidence>

const DIGEST = /^[0-9a-f]{64}$/

export function sealExhibit(
  state: EvidenceState,
  { purpose, ...facts }: ExhibitFacts & { readonly purpose: string },
  { officer }: Acting,
): EvidenceDecision {
  const bar = newExhibitBar(state, facts) ?? purposeBar(purpose)
  if (bar) return bar
  return permit([
    { type: 'exhibitSealed', ...facts },
    custody(facts, 'collected', officer, purpose),
  ])
}

export type RedactExhibit = ExhibitFacts & {
  readonly derivedFrom: string
  readonly redactions: readonly Redaction[]
  readonly wantsReview?: true
  /** Places where the copy still shows what it hides elsewhere. */
  readonly leftIn?: readonly string[]
  /** Why that is in order. */
  readonly leftReason?: string
  readonly purpose: string
}

/** A new exhibit derived from another: the same parts and root, less of them shown. */
export function redactExhibit(
  state: EvidenceState,
  command: RedactExhibit,
  acting: Acting,
): EvidenceDecision {
  const { purpose, leftIn = [], leftReason = '', ...event } = command
  const { derivedFrom, redactions, wantsReview: _, ...facts } = event
  const source = copyableExhibit(state, derivedFrom)
  if ('decision' in source) return source
  const bar = newExhibitBar(state, facts) ?? purposeBar(purpose)
  if (bar) return bar
  if (source.file) return no('isFile', 'a file has no parts that could be left out')
  if (redactions.length === 0) return no('nothingRedacted', 'a redacted copy hides some part')
  const fault = redactionFault(redactions, source.parts)
  if (fault) return no('redactionFaulty', fault)
  const hidden = new Set(wholeParts(redactions))
  if (wholeParts(source.redactions).some((part) => !hidden.has(part))) {
    return no('redactionFaulty', 'what the source does not show, its copy does not show')
  }
  if (facts.partsRoot !== source.partsRoot || facts.parts !== source.parts) {
    return no('lineageBroken', 'a redacted copy keeps the parts and the root of its source')
  }
  const left = leftoversOf(leftIn, leftReason)
  if ('decision' in left) return left
  return permit([
    { type: 'exhibitRedacted', ...event, ...left, ...inPlace(acting) },
    custody(source, 'redacted', acting.officer, purpose),
  ])
}

/** Whose role the maker of a copy used: that person does not review it either. */
export function inPlace({ inPlaceOf }: Acting): { readonly inPlaceOf?: string } {
  return inPlaceOf ? { inPlaceOf } : {}
}

/** Hidden words that the copy shows elsewhere stop it, until somebody says why they may stay. */
export function leftoversOf(
  places: readonly string[],
  reason: string,
): { readonly leftovers?: LeftoversAnswered } | Refusal<WhyEvidence> {
  if (places.length === 0) return {}
  if (reason.trim() !== '') return { leftovers: { places, reason } }
  const where = `${places.slice(0, 5).join(', ')}${places.length > 5 ? ', …' : ''}`
  return no(
    'textLeft',
    `what is hidden can still be read in: ${where}; hide it, or say why it may stay`,
  )
}

/** An act on an exhibit; `digest` is of the bytes that were handled. */
export function recordCustody(
  state: EvidenceState,
  command: {
    readonly exhibitId: string
    readonly act: CustodyAct
    readonly purpose: string
    readonly digest: string
    readonly capacity?: LookingAs
  },
  { officer }: Acting,
): EvidenceDecision {
  const { exhibitId, act, purpose, digest, capacity } = command
  const exhibit = usableExhibit(state, exhibitId)
  if ('decision' in exhibit) return exhibit
  if (!CUSTODY_ACTS.includes(act)) return no('unknownAct', 'there is no such act of custody')
  if (act === 'opened' && exhibit.file) {
    return no('isFile', 'a file is shown or downloaded on its own page, not opened part by part')
  }
  if (digest !== exhibit.digest) {
    return no('digestMismatch', 'the bytes handled are not those that were sealed')
  }
  const handled = custody(exhibit, act, officer, purpose)
  return purposeBar(purpose) ?? permit([capacity ? { ...handled, capacity } : handled])
}

export type ReceiveExhibit = Omit<Extract<EvidenceEvent, { type: 'exhibitReceived' }>, 'type'>

/** `computedDigest`: of the bytes that arrived; the sender's claim alone is not enough. */
export function receiveExhibit(
  state: EvidenceState,
  { computedDigest, ...received }: ReceiveExhibit & { readonly computedDigest: string },
  { officer }: Acting,
): EvidenceDecision {
  const bar = newExhibitBar(state, received)
  if (bar) return bar
  if (computedDigest !== received.digest) {
    return no('digestMismatch', 'the bytes that arrived are not those that were named')
  }
  const fault = redactionFault(received.redactions, received.parts)
  if (fault) return no('redactionFaulty', fault)
  const purpose = `release ${received.releaseId} from ${received.from}`
  return permit([
    { type: 'exhibitReceived', ...received },
    custody(received, 'received', officer, purpose),
  ])
}

export type VerifyDerivation = Omit<Extract<EvidenceEvent, { type: 'derivationVerified' }>, 'type'>

/**
 * Records that the shown parts were recomputed to the root and the root was found
 * in the sender's log. The caller has done both; here it must fit the exhibit.
 */
export function verifyDerivation(
  state: EvidenceState,
  command: VerifyDerivation,
  _acting: Acting,
): EvidenceDecision {
  const exhibit = usableExhibit(state, command.exhibitId)
  if ('decision' in exhibit) return exhibit
  if (command.partsRoot !== exhibit.partsRoot) {
    return no('lineageBroken', 'the recomputed root is not that of the sealed original')
  }
  const hidden = new Set(wholeParts(exhibit.redactions))
  const all = new Set([...command.shownParts, ...command.redactedParts])
  const isExact =
    command.redactedParts.length === hidden.size &&
    command.redactedParts.every((part) => hidden.has(part)) &&
    command.shownParts.length + command.redactedParts.length === exhibit.parts &&
    all.size === exhibit.parts
  if (!isExact) return no('lineageBroken', 'shown and redacted parts do not add up to the exhibit')
  return permit([{ type: 'derivationVerified', ...command }])
}

export function newExhibitBar(
  state: EvidenceState,
  facts: ExhibitFacts,
): Refusal<WhyEvidence> | undefined {
  if (exhibitOf(state, facts.exhibitId)) return no('exhibitExists', 'the exhibit is recorded')
  const { name, mediaType, sizeBytes, digest, partsRoot, parts } = facts
  const isSound =
    name.trim() !== '' &&
    mediaType.includes('/') &&
    isSize(sizeBytes) &&
    isSize(parts) &&
    DIGEST.test(digest) &&
    DIGEST.test(partsRoot)
  return isSound && isSoundFile(facts)
    ? undefined
    : no('exhibitFaulty', 'name, type, size, digest, parts or root is wrong')
}

/** A file is one part, and its root is the digest of its plaintext. */
function isSoundFile({ file, parts, partsRoot }: ExhibitFacts): boolean {
  return file === undefined || (isSize(file.sizeBytes) && parts === 1 && partsRoot === file.digest)
}

const isSize = (value: number) => Number.isSafeInteger(value) && value > 0

export function wholeParts(redactions: readonly Redaction[]): readonly number[] {
  return redactions.filter(({ at }) => at === undefined).map(({ part }) => part)
}

function redactionFault(redactions: readonly Redaction[], parts: number): string | undefined {
  const inside = redactions.every(
    ({ part }) => Number.isSafeInteger(part) && 0 <= part && part < parts,
  )
  if (!inside) return 'a redaction names a part that the exhibit does not have'
  const places = redactions.map(({ part, at }) => `${part} ${at ?? ''}`)
  if (new Set(places).size !== places.length) return 'a part is redacted twice'
  if (wholeParts(redactions).length === parts) return 'a copy that shows nothing is not released'
  if (redactions.some(({ reason }) => reason.trim() === '')) return 'each redaction has its reason'
  const isCoded = redactions.every(({ at, ground }) =>
    ground === undefined ? at === undefined : isRedactionGround(ground),
  )
  return isCoded ? undefined : 'each redaction inside a part has its ground'
}

export function usableExhibit(
  state: EvidenceState,
  exhibitId: string,
): Exhibit | Refusal<WhyEvidence> {
  const exhibit = exhibitOf(state, exhibitId)
  if (exhibit === undefined) return no('unknownExhibit', 'there is no such exhibit')
  return exhibit.isDestroyed ? no('destroyed', 'the exhibit was destroyed') : exhibit
}

/** A copy is made of what is there and was not rejected on arrival. */
export function copyableExhibit(
  state: EvidenceState,
  exhibitId: string,
): Exhibit | Refusal<WhyEvidence> {
  const source = usableExhibit(state, exhibitId)
  if ('decision' in source) return source
  const bar = rejectionBar(state.exhibits, source)
  return bar === undefined ? source : no('exhibitRejected', bar)
}

export function custody(
  { exhibitId, digest }: Pick<ExhibitFacts, 'exhibitId' | 'digest'>,
  act: CustodyAct,
  by: string,
  purpose: string,
): Extract<EvidenceEvent, { type: 'custodyRecorded' }> {
  return { type: 'custodyRecorded', exhibitId, act, by, purpose, digest }
}

export function purposeBar(purpose: string): Refusal<WhyEvidence> | undefined {
  return purpose.trim() === '' ? no('purposeMissing', 'an act of custody has a purpose') : undefined
}

export function no<Why extends WhyEvidence>(why: Why, text: string): Refusal<Why> {
  return refuse(why, { rule: `evidence:${why}`, text })
}
