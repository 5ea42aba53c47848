/** Acts of the authority that is asked for assistance: preparing an answer, and answering. */
import { type Static, Type } from '@sinclair/typebox'
import type { Json } from '../../base/canonical-json.ts'
import { type Decision, permit, refuse } from '../../base/decision.ts'
import { invariant } from '../../base/errors.ts'
import { assistanceOf } from '../../core/assistance/assistance.ts'
import { decideAssistance, deliverAssistance } from '../../core/assistance/decide-assistance.ts'
import { afterEvents, type CaseEvent, type CaseState } from '../../core/case/case.ts'
import type { Recorded } from '../../core/case/recorded.ts'
import { redactExhibit } from '../../core/evidence/decide-evidence.ts'
import { exhibitOf, rootedIn } from '../../core/evidence/evidence.ts'
import { openReview } from '../../core/rights/review.ts'
import type { RedactedRecord } from '../../proof/redacted-record.ts'
import type { EventOpening } from '../../wire/event-opening.ts'
import { caseAct, type Step } from '../act.ts'
import { openingOf } from '../event-openings.ts'
import { nameOfCase } from '../joint-case.ts'
import { leftIn, makeCopy } from '../redaction/make-copy.ts'
import { agreementWith } from '../release-basis.ts'
import {
  decideRelease,
  type PreparedRelease,
  prepareForRelease,
  recordRefusedRelease,
  sendRelease,
} from '../release-to-peer.ts'
import { assistanceBasis, TRANSCRIPT } from './assistance-basis.ts'
import { id, reason, releaseReasons } from './fields.ts'
import { copyName, leftReason, redactionsOf } from './redaction-acts.ts'

/**
 * Prepares an answer: makes the redacted copy, and asks for the independent
 * reviews of the request and of the release. Nothing leaves yet.
 */
export const prepareAnswer = caseAct({
  name: 'prepareAnswer',
  topic: 'assistance',
  group: 'assist',
  reads: ({ exhibitId }) => exhibitId,
  input: Type.Object({
    requestId: id,
    exhibitId: id,
    /** None: the exhibit is a redacted copy, and leaves as it is. */
    redactions: Type.Array(Type.Object({ part: Type.Integer({ minimum: 0 }), reason }), {
      maxItems: 5000,
    }),
    leftReason,
  }),
  when: hasOpenRequest,
  before: async ({ kernel, caseId, state, input }) => {
    // Nothing is opened on the word of a form: the exhibit must be one of this case, of parts.
    const source = exhibitOf(state.evidence, input.exhibitId)
    if (!source || source.file) return undefined
    const { random } = kernel
    const ids = {
      releaseId: random.uuidByTime(),
      reviews: [random.uuidByTime(), random.uuidByTime()],
    }
    if (source.redactedBy !== undefined && input.redactions.length === 0) {
      return { copyId: source.exhibitId, copy: null, ...ids }
    }
    const copyId = random.uuidByTime()
    const asks = input.redactions.map((each) => ({ ...each, ground: 'other' }))
    const place = { caseId, exhibitId: copyId }
    const { leftReason: left = '' } = input
    const made = await makeCopy(kernel, { source, asks, leftReason: left, place })
    if ('notThere' in made) return null
    const { record, leftovers, ...seal } = made
    const redactions = redactionsOf(record, input.redactions, source.redactions)
    const copy = { ...seal, redactions, leftIn: leftIn({ leftovers }), leftReason: left }
    return { copyId, copy, ...ids }
  },
  decide: (state, { requestId, exhibitId }, acting, prepared) => {
    const item = assistanceOf(state.assistance, requestId)
    const source = exhibitOf(state.evidence, exhibitId)
    if (prepared === null) return refuse('redactionFaulty', noSuchPart)
    if (!item || !source || !prepared) return refuse('unknownRequest', unknownRequest)
    const { copyId, copy, releaseId, reviews } = prepared
    const { name, mediaType } = source
    const purpose = `answer to request ${requestId}`
    const facts = { exhibitId: copyId, name: copyName(name), mediaType, derivedFrom: exhibitId }
    const redacted = copy
      ? redactExhibit(state.evidence, { ...copy, ...facts, purpose }, acting)
      : permit([])
    if (redacted.decision === 'refuse') return redacted
    const recipient = item.request.requestingAuthority
    const { purpose: asked } = item.request
    const covers = { recipient, purpose: asked, categories: [TRANSCRIPT], exhibitId: copyId }
    const subjects = [
      { subject: { kind: 'assistance', id: requestId } as const, covers: null },
      { subject: { kind: 'release', id: releaseId } as const, covers },
    ]
    const events: CaseEvent[] = [...redacted.value]
    for (const [index, each] of subjects.entries()) {
      const review = { ...each, reviewId: reviews[index] ?? '', caseHandlers: state.handlers }
      const opened = openReview(state.rights, review, acting)
      if (opened.decision === 'refuse') return opened
      events.push(...opened.value)
    }
    return permit(events, ...redacted.because)
  },
  finish: async ({ kernel }, prepared) => {
    if (!prepared) return undefined
    const { copyId, copy, releaseId, reviews } = prepared
    if (copy) await kernel.exhibits.settleFile(copyId)
    return { exhibitId: copyId, releaseId, reviewIds: reviews }
  },
})

const noSuchPart = {
  rule: 'evidence:redactionFaulty',
  text: 'a redaction names a part that the exhibit does not have',
}

const unknownRequest = {
  rule: 'assistance:unknownRequest',
  text: 'there is no such request or no such exhibit',
}

const answerForm = Type.Object({
  requestId: id,
  exhibitId: id,
  releaseId: id,
  codes: Type.Array(Type.String({ maxLength: 60 }), { maxItems: 10 }),
  reasons: reason,
  ...releaseReasons,
})

/** Answers a request with a reviewed, redacted exhibit, as a release under the agreement. */
export const answerAssistance = caseAct({
  name: 'answerAssistance',
  topic: 'assistance',
  group: 'askAssistance',
  stepUp: true,
  proposedOn: 'secondOfficerMissing',
  reads: ({ exhibitId }) => exhibitId,
  input: answerForm,
  when: hasOpenRequest,
  before: async ({ kernel, state, input }) => {
    const copy = exhibitOf(state.evidence, input.exhibitId)
    return copy && !copy.file ? kernel.exhibits.open(copy.exhibitId) : null
  },
  prepare: prepareAnswerRelease,
  decide: (state, input, acting, { release, opening }) => {
    if (!opening) return refuse('receiptNotSealed', receiptNotSealed)
    const { requestId, exhibitId, releaseId, codes, reasons } = input
    const answer = { requestId, answer: 'partial', codes, regime: null, reasons } as const
    const decided = decideAssistance(assistanceBasis(state, release.agreement), answer, acting)
    if (decided.decision === 'refuse') return decided
    const released = decideRelease(state, acting, release)
    if (released.decision === 'refuse') return released
    const next = afterEvents(state, [...decided.value, ...released.value], acting)
    const delivery = { requestId, exhibitId, releaseId }
    const delivered = deliverAssistance(assistanceBasis(next, release.agreement), delivery, acting)
    if (delivered.decision === 'refuse') return delivered
    return permit<CaseEvent[]>(
      [...decided.value, ...released.value, ...delivered.value],
      ...decided.because,
      ...released.because,
    )
  },
  refused: (state, acting, { release }, refusal) =>
    recordRefusedRelease(state, acting, release, refusal),
  finish: async (step, { release, opening }) => {
    const { state, input } = step
    const exhibit = exhibitOf(state.evidence, input.exhibitId)
    const item = assistanceOf(state.assistance, input.requestId)
    invariant(exhibit && item?.answer, 'an answer has its exhibit')
    const { decidedAt: _, by: __, ...answer } = item.answer
    const { exhibitId, name, mediaType, sizeBytes, digest, partsRoot, parts } = exhibit
    return sendRelease(step, release, 'assistanceAnswer', {
      caseId: nameOfCase(step),
      answer,
      exhibit: {
        exhibitId,
        name,
        mediaType,
        sizeBytes,
        digest,
        partsRoot,
        parts,
        derivedFrom: exhibit.transform
          ? exhibit.derivedFrom
          : rootedIn(state.evidence, exhibit).exhibitId,
        redactions: exhibit.redactions,
      },
      opening,
    })
  },
})

/** Turns a request away: codes and reasons stay here and go to the authority that asked. */
export const refuseAssistance = caseAct({
  name: 'refuseAssistance',
  topic: 'assistance',
  group: 'askAssistance',
  input: Type.Object({
    requestId: id,
    codes: Type.Array(Type.String({ maxLength: 60 }), { minItems: 1, maxItems: 10 }),
    reasons: reason,
  }),
  when: hasOpenRequest,
  prepare: async ({ kernel, state, input }) => {
    const asked = assistanceOf(state.assistance, input.requestId)
    return agreementWith(kernel, asked?.request.requestingAuthority ?? '')
  },
  decide: (state, input, acting, agreement) =>
    decideAssistance(
      assistanceBasis(state, agreement),
      { ...input, answer: 'refused', regime: null },
      acting,
    ),
  finish: async (step) => {
    const { unit, stream, state, input } = step
    const item = assistanceOf(state.assistance, input.requestId)
    invariant(item?.answer, 'what was refused has its answer')
    const { decidedAt: _, by: __, ...answer } = item.answer
    await unit.send({
      destination: item.request.requestingAuthority,
      type: 'assistanceTurnedAway',
      objectId: stream.id,
      agreement: null,
      content: { caseId: nameOfCase(step), answer },
    })
    return undefined
  },
})

const receiptNotSealed = {
  rule: 'evidence:sealedReceipt',
  text: 'the witnesses have not yet cosigned the entry of the original exhibit; try again shortly',
}

/** The release, and the opening of the event by which the original was sealed. */
async function prepareAnswerRelease(
  step: Step<Static<typeof answerForm>>,
  record: RedactedRecord | null,
): Promise<{ release: PreparedRelease; opening: EventOpening | undefined }> {
  const { kernel, state, stream, input } = step
  const item = assistanceOf(state.assistance, input.requestId)
  const copy = exhibitOf(state.evidence, input.exhibitId)
  const release = await prepareForRelease(step, {
    kind: 'exhibit',
    recipient: item?.request.requestingAuthority ?? '',
    purpose: item?.request.purpose ?? '',
    legalBasis: input.legalBasis,
    categories: [TRANSCRIPT],
    answers: input,
    record: { [TRANSCRIPT]: record as unknown as Json },
    releaseId: input.releaseId,
    exhibitId: input.exhibitId,
  })
  const history = stream.history as readonly Recorded<CaseEvent>[]
  const rooted = copy && rootedIn(state.evidence, copy)
  const original = history.find(
    ({ event }) =>
      (event.type === 'exhibitSealed' || event.type === 'exhibitRedacted') &&
      event.exhibitId === rooted?.exhibitId,
  )
  const view = original && (await kernel.streams.read(stream.id))
  const opening = view && original && (await openingOf(kernel, view, original.version))
  return { release, opening }
}

function hasOpenRequest({ assistance }: CaseState): Decision<null> {
  const open = assistance.items.some(({ side, answer }) => side === 'requested' && answer === null)
  if (open) return permit(null)
  const text = 'no request of a peer waits for an answer'
  return refuse('noOpenRequest', { rule: 'assistance:open', text })
}
