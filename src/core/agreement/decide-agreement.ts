/**
 * Drafting, offering, signing, and what signatures and time bring. Steps that a party takes
 * once there is a text are in admit-step.ts.
 *
 * Used for one's own acts and for those a peer reports: whoever calls with a peer's act has
 * verified the peer's signature before.
 */
import { type Decision, permit, type Refusal, refuse } from '../../base/decision.ts'
import { addMs, DAY_MS, type Instant } from '../../base/time.ts'
import type { Acting } from '../case/recorded.ts'
import { type AgreementState, foldAgreement } from './agreement.ts'
import type { AgreementEvent, PartySignature } from './agreement-events.ts'
import type { ClauseOf } from './clause.ts'
import { type AgreementDocument, clauseOfKind, partyOf } from './document.ts'
import { documentFaults } from './document-faults.ts'
import { dueDeparture, hasLeft, joinsBySilence, membershipTerms } from './membership.ts'
import { amendmentOf, hasBound, type OfferedText, openText, unsigned } from './offered-texts.ts'

export type WhyAgreement =
  | 'wrongPhase'
  | 'documentFaulty'
  | 'notAParty'
  | 'digestMismatch'
  | 'alreadySigned'
  | 'signaturesMissing'
  | 'notYetValid'
  | 'pastSunset'
  | 'deadlinePassed'
  | 'deadlineMissing'
  | 'notLater'
  | 'anotherAgreement'
  | 'partiesChanged'
  | 'hasLeft'
  | 'rapidNotAllowed'
  | 'notTheOfferer'
  | 'nothingOffered'
  | 'reasonMissing'
  | 'reviewDateMissing'
  | 'onlyBySuspendingParty'
  | 'endTooSoon'
  | 'laterEnd'
  | 'unknownClause'
  | 'unknownDispute'
  | 'disputeNotAsAgreed'
  | 'stepTaken'
  | 'onlyByOpener'

export type AgreementDecision = Decision<readonly AgreementEvent[], WhyAgreement>

/** `digest`: SHA-256 of `agreementDigestInput(document)`, lower-case hex, computed by the caller. */
export function draftAgreement(
  state: AgreementState,
  { document, digest }: { readonly document: AgreementDocument; readonly digest: string },
  _acting: Acting,
): AgreementDecision {
  if (state.phase !== 'none' && state.phase !== 'drafted') return wrongPhase(state)
  if (state.document && state.document.id !== document.id) {
    return no('anotherAgreement', 'the draft is of another agreement')
  }
  const faults = documentFaults(document)
  if (faults.length > 0) return refuse('documentFaulty', ...faults)
  return permit([{ type: 'agreementDrafted', document, digest }])
}

export function offerAgreement(
  state: AgreementState,
  { party, signBy }: { readonly party: string; readonly signBy?: Instant | undefined },
  { now }: Acting,
): AgreementDecision {
  const { document, digest, phase } = state
  if (phase !== 'drafted' || !document || !digest) return wrongPhase(state)
  const bar = notAParty(document, party) ?? pastSunset(document, now)
  if (bar) return bar
  if (signBy !== undefined && signBy <= now)
    return no('deadlinePassed', `to be signed by ${signBy}`)
  const deadline = signBy === undefined ? {} : { signBy }
  return permit([{ type: 'agreementOffered', digest, offeredBy: party, ...deadline }])
}

/**
 * Any party's signature over exactly a text that is offered; one per party. One that was given
 * in time counts although it arrives late: others may have seen the agreement bind by it.
 * Who signs for itself signs the newest text, `openText`.
 */
export function signAgreement(
  state: AgreementState,
  command: PartySignature,
  { now }: Acting,
): AgreementDecision {
  const text = state.texts.find(({ digest }) => digest === command.digest)
  if (!text) {
    return openText(state)
      ? no('digestMismatch', 'another text waits for signatures')
      : wrongPhase(state)
  }
  const bar = notAParty(text.document, command.party) ?? pastSunset(text.document, now)
  if (bar) return bar
  if (text.signatures.some(({ party }) => party === command.party)) {
    return no('alreadySigned', `${command.party} has signed already`)
  }
  const signedAt = command.signedAt ?? now
  if (text.signBy !== null && signedAt >= text.signBy) {
    return no('deadlinePassed', `to be signed by ${text.signBy}`)
  }
  if (hasLeft(state, command.party) && !text.joining.includes(command.party)) {
    return no('hasLeft', `${command.party} has left the agreement`)
  }
  if (hasCountered(state, command, signedAt)) {
    return no('digestMismatch', `${command.party} has offered another text in its place`)
  }
  return permit([{ type: 'agreementSigned', ...signatureOf(command) }])
}

function hasCountered(
  { texts }: AgreementState,
  { party, digest }: PartySignature,
  signedAt: Instant,
): boolean {
  const later = texts.slice(texts.findIndex((text) => text.digest === digest) + 1)
  return later.some(
    ({ offeredBy, statement }) =>
      offeredBy === party && statement !== null && statement.at <= signedAt,
  )
}

function signatureOf(given: PartySignature): PartySignature {
  const { party, officer, digest, signature, simulated, signedAt } = given
  return { party, officer, digest, signature, simulated, ...(signedAt ? { signedAt } : {}) }
}

/** A text that everybody has signed binds once its start has come. */
export function enterIntoForce(
  state: AgreementState,
  { now }: Pick<Acting, 'now'>,
): AgreementDecision {
  const signed = state.texts.find((text) => unsigned(text).length === 0)
  if (!signed) {
    const text = openText(state)
    if (!text || text.signatures.length === 0) return wrongPhase(state)
    const because = unsigned(text).map((node) => ({
      rule: 'agreement:allSign',
      text: `${node} has not signed`,
    }))
    return refuse('signaturesMissing', ...because)
  }
  const { document, digest } = signed
  if (now < document.validFromAt) return no('notYetValid', `starts at ${document.validFromAt}`)
  const late = pastSunset(document, now)
  if (late) return late
  const { id, version } = document
  return permit([
    hasBound(state)
      ? { type: 'agreementAmended', successor: { id, version, digest } }
      : { type: 'agreementEnteredIntoForce', digest },
  ])
}

/** What signatures and time have brought by `now`, in order; nothing if nothing has come. */
export function dueEvents(state: AgreementState, now: Instant): readonly AgreementEvent[] {
  const events: AgreementEvent[] = []
  let next = state
  for (;;) {
    const event = dueEvent(next, now)
    if (!event) return events
    events.push(event)
    next = foldAgreement(next, { event, version: 0, at: now, by: '' })
  }
}

function dueEvent(state: AgreementState, now: Instant): AgreementEvent | undefined {
  if (state.phase === 'retired') return undefined
  const entered = enterIntoForce(state, { now })
  if (entered.decision === 'permit') return entered.value[0]
  const text = openText(state)
  if (text && isOver(text, now)) {
    return hasBound(state)
      ? { type: 'agreementOfferLapsed', digest: text.digest }
      : { type: 'agreementLapsed', reason: 'notSignedInTime' }
  }
  return dueOfForce(state, now)
}

/** Past its deadline without all signatures, or past its own end. */
function isOver(text: OfferedText, now: Instant): boolean {
  const { signBy, document } = text
  const isLate = signBy !== null && signBy <= now && unsigned(text).length > 0
  return isLate || now >= document.sunsetAt
}

function dueOfForce(state: AgreementState, now: Instant): AgreementEvent | undefined {
  const { phase, document, retirement } = state
  const binds = phase === 'inForce' || phase === 'suspended' || phase === 'retiring'
  if (!binds || !document) return undefined
  if (retirement && now >= retirement.endsAt) {
    const { party, reason } = retirement
    return { type: 'agreementRetired', party, reason }
  }
  if (now >= document.sunsetAt) return { type: 'agreementLapsed', reason: 'sunset' }
  return dueDeparture(state, now)
}

/** The notice of a rapid amendment has passed here and nobody of this party has objected. */
export function silentConsent(
  state: AgreementState,
  party: string,
  now: Instant,
): OfferedText | undefined {
  const text = amendmentOf(state)
  if (!text?.rapid || !state.document || !unsigned(text).includes(party)) return undefined
  const noticeDays = noticeOf(state.document, text.joining)
  if (noticeDays === null || hasLeft(state, party) || text.joining.includes(party)) return undefined
  return now >= addMs(text.offeredAt, noticeDays * DAY_MS) ? text : undefined
}

/** How long the others have to object, by the clauses in force; null: silence is no consent. */
export function noticeOf(document: AgreementDocument, joining: readonly string[]): number | null {
  if (joining.length === 0) return rapidTerms(document)?.noticeDays ?? null
  return joinsBySilence(document) ? (membershipTerms(document)?.noticeDays ?? null) : null
}

export function rapidTerms(document: AgreementDocument): ClauseOf<'rapidAmendment'> | undefined {
  return clauseOfKind(document, 'rapidAmendment') as ClauseOf<'rapidAmendment'> | undefined
}

export function notAParty(
  document: AgreementDocument,
  node: string,
): Refusal<WhyAgreement> | undefined {
  return partyOf(document, node) ? undefined : no('notAParty', `${node} is not a party`)
}

export function pastSunset(
  document: AgreementDocument,
  now: Instant,
): Refusal<WhyAgreement> | undefined {
  return now < document.sunsetAt ? undefined : no('pastSunset', `ended at ${document.sunsetAt}`)
}

export function wrongPhase({ phase }: AgreementState): Refusal<WhyAgreement> {
  return no('wrongPhase', `not possible while the agreement is ${phase}`)
}

export function no(why: WhyAgreement, text: string): Refusal<WhyAgreement> {
  return refuse(why, { rule: `agreement:${why}`, text })
}
