/**
 * The answer to our request: a redacted exhibit, which this node checks itself.
 *
 * The shown parts are recomputed to the root; the root stands in the event by
 * which the peer sealed the original; that event is in the peer's log as the
 * agreement's witnesses saw it. It proves derivation, not that redacting was right.
 */
import { equalBytes, fromHex, toHex, utf8 } from '../base/bytes.ts'
import { canonicalBytes } from '../base/canonical-json.ts'
import type { Decision } from '../base/decision.ts'
import { unverified } from '../base/errors.ts'
import type { AgreementState } from '../core/agreement/agreement.ts'
import { type AnswerFacts, assistanceOf } from '../core/assistance/assistance.ts'
import { receiveAnswer } from '../core/assistance/decide-assistance.ts'
import { afterEvents, type CaseEvent, type CaseState } from '../core/case/case.ts'
import { receiveExhibit, verifyDerivation } from '../core/evidence/decide-evidence.ts'
import type { PageTransform } from '../core/evidence/page-transform.ts'
import { receiveRelease } from '../core/release/follow-release.ts'
import { parsePolicy } from '../proof/policy.ts'
import { type RedactedRecord, verifyRedactedRecord } from '../proof/redacted-record.ts'
import { type EventOpening, type OpenedPlace, verifyOpening } from '../wire/event-opening.ts'
import { todaysEvent } from '../wire/event-versions.ts'
import type { ContentOf } from '../wire/exchange/contents.ts'
import { requireStated, requireTransformed } from '../wire/redaction-claims.ts'
import { agreementStateOf } from './agreements.ts'
import { jointCase } from './joint-case.ts'
import { keepViews } from './keep-views.ts'
import type { MessageOutcome } from './ports/exchange.ts'
import { applyTo, caseStateOf, type Receiving, rejected, releaseFrom } from './receive-message.ts'

export async function receiveExhibitAnswer(
  receiving: Receiving,
  content: ContentOf<'assistanceAnswer'>,
): Promise<MessageOutcome> {
  const { kernel, unit, origin, acting } = receiving
  const stream = await jointCase(unit, origin, content.caseId)
  const state = caseStateOf(stream)
  if (!stream || !state) return rejected('release:linkedCase', 'missing-reference')
  const asked = assistanceOf(state.assistance, content.answer.requestId)
  if (asked?.request.requestedAuthority !== origin) {
    return rejected('assistance:unknownRequest', 'object-owner')
  }
  const agreement = await agreementStateOf(kernel, content.release.agreement.id)
  const record = content.release.view['exhibitTranscript'] as RedactedRecord
  const place = verifyDerived(receiving, content, record, agreement)

  const { exhibitId: _, ...facts } = content.exhibit
  const exhibitId = kernel.random.uuidByTime()
  const derivation = derivationOf(exhibitId, content, record, place)
  const received = { ...facts, exhibitId, from: origin, releaseId: content.release.releaseId }
  const computedDigest = toHex(kernel.primitives.sha256(canonicalBytes(record)))
  let next = state
  const events: CaseEvent[] = []
  const steps: ((now: CaseState) => Decision<readonly CaseEvent[]>)[] = [
    (now) => receiveAnswer(now, content.answer as AnswerFacts, acting),
    ({ releases }) =>
      receiveRelease({ releases, agreement }, releaseFrom(origin, content.release), acting),
    ({ evidence }) => receiveExhibit(evidence, { ...received, computedDigest }, acting),
    ({ evidence }) => verifyDerivation(evidence, derivation, acting),
  ]
  for (const step of steps) {
    const decided = step(next)
    if (decided.decision === 'refuse') return rejected(decided.because[0]?.rule, 'marking')
    events.push(...decided.value)
    next = afterEvents(next, decided.value, acting)
  }
  // Sealing it starts a process: only for an answer that is wanted and in order.
  await kernel.exhibits.keep({ caseId: stream.id, exhibitId }, record)
  const kept = await keepViews(kernel, stream.id, events)
  return applyTo(stream, origin, { decision: 'permit', value: kept, because: [] })
}

/** @throws ComityError `unverified` with what did not fit */
function verifyDerived(
  { kernel, origin }: Receiving,
  { exhibit, opening }: ContentOf<'assistanceAnswer'>,
  record: RedactedRecord,
  { document }: AgreementState,
): OpenedPlace {
  const { primitives } = kernel
  const agreed = parsePolicy(primitives, utf8(document?.quorum ?? ''))
  const policy = kernel.publicLog.withFollowers(agreed)
  const place = verifyOpening(primitives, opening as unknown as EventOpening, policy)
  const sealed = todaysEvent(opening.envelope.event as { readonly type: string }) as {
    type?: string
    exhibitId?: string
    partsRoot?: string
    transform?: PageTransform
  }
  // Pages are made, so their root begins with the event by which they were made.
  const isPages = sealed.type === 'exhibitRedacted' && sealed.transform !== undefined
  const isOriginal = isPages
    ? sealed.exhibitId === exhibit.exhibitId
    : sealed.type === 'exhibitSealed' && sealed.exhibitId === exhibit.derivedFrom
  if (opening.envelope.node !== origin || !isOriginal) {
    throw unverified('the opened event does not seal the original', { field: '/content/opening' })
  }
  const root = fromHex(sealed.partsRoot ?? '', '/content/opening/envelope/event/partsRoot')
  verifyRedactedRecord(primitives, record, root)
  requireStated(record, exhibit.redactions)
  if (sealed.transform) requireTransformed(primitives, record, sealed.transform)
  if (!equalBytes(root, fromHex(exhibit.partsRoot))) {
    throw unverified('the copy names another root', { field: '/content/exhibit/partsRoot' })
  }
  return place
}

function derivationOf(
  exhibitId: string,
  { exhibit }: ContentOf<'assistanceAnswer'>,
  { parts }: RedactedRecord,
  { origin, leafIndex, treeSize }: OpenedPlace,
) {
  const indices = parts.map((part, index) => ({ index, isShown: !('commitment' in part) }))
  return {
    exhibitId,
    partsRoot: exhibit.partsRoot,
    origin,
    leafIndex,
    treeSize,
    shownParts: indices.filter(({ isShown }) => isShown).map(({ index }) => index),
    redactedParts: indices.filter(({ isShown }) => !isShown).map(({ index }) => index),
  }
}
