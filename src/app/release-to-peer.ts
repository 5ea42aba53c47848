/**
 * Releases to a peer: the steps that every act which sends something across a
 * border goes through. The decision itself is in core/release; this file brings
 * together what it reads, and sends what it permitted.
 */

import type { Json } from '../base/canonical-json.ts'
import { type Decision, permit, type Refusal } from '../base/decision.ts'
import { invariant } from '../base/errors.ts'
import type { AgreementState } from '../core/agreement/agreement.ts'
import type { ReleaseKind } from '../core/agreement/clause.ts'
import { afterEvents, type CaseEvent, type CaseState } from '../core/case/case.ts'
import type { Acting } from '../core/case/recorded.ts'
import type { PrepareRelease } from '../core/release/basis.ts'
import {
  prepareRelease,
  refusedRelease,
  releaseQuestion,
  shownOf,
} from '../core/release/decide-release.ts'
import { sendRelease as decideSending } from '../core/release/follow-release.ts'
import type { Release, WhyRelease } from '../core/release/release.ts'
import { askPolicy, type PolicyAnswers } from '../core/release/request.ts'
import { dutyAsSent } from '../core/release/tracked-duty.ts'
import { recordRightsTest } from '../core/rights/record-rights-test.ts'
import {
  RIGHTS_QUESTIONS,
  type RightsAnswer,
  type RightsQuestion,
  type RightsTest,
} from '../core/rights/rights-test.ts'
import type { Sight, Step } from './act.ts'
import { caseRecord } from './case-record.ts'
import { countCarveOuts } from './count-carve-outs.ts'
import { type Gathered, groundOfRelease, releaseBasis } from './release-basis.ts'

/** The reasons of a rights test as a form asks for them; every answer given is a yes. */
export type RightsReasons = {
  readonly legalBasis: string
  readonly necessity: string
  readonly proportionality: string
  readonly nonDiscrimination: string
  readonly leastIntrusive: string
  readonly expression: string
}

/** As a release asks for them: a full test that was recorded for it takes their place. */
export type ReleaseReasons = Partial<RightsReasons> & {
  readonly legalBasis: string
  readonly rightsTestId?: string
}

export type ReleaseDraft = {
  readonly kind: ReleaseKind
  readonly recipient: string
  readonly purpose: string
  readonly legalBasis: string
  readonly categories: readonly string[]
  readonly answers: ReleaseReasons
  /** Content beyond the case record, e.g. a redacted transcript. */
  readonly record?: { readonly [category: string]: Json }
  /** Set where a review was opened for it before. */
  readonly releaseId?: string
  /** Set where an exhibit leaves. */
  readonly exhibitId?: string
  /** The release of a peer whose content goes on; `record` holds it, and nothing of our own. */
  readonly passesOn?: string
  readonly emergency?: NonNullable<PrepareRelease['emergency']>
  readonly together?: NonNullable<PrepareRelease['together']>
}

export type PreparedRelease = {
  readonly command: PrepareRelease
  /** The agreement with the recipient. */
  readonly agreement: AgreementState
  readonly gathered: Gathered
  readonly policyAnswers: PolicyAnswers
  readonly testId: string
  /** Undefined: `testId` was recorded before. */
  readonly test: RightsTest | undefined
}

/** What a step has of it, or somebody who only looks. */
export type ReleaseSight = Omit<Sight<unknown>, 'input'> &
  Partial<Pick<Step<unknown>, 'proposedBy'>>

export async function prepareForRelease(
  { kernel, caseId, state, acting, proposedBy }: ReleaseSight,
  draft: ReleaseDraft,
): Promise<PreparedRelease> {
  const sight = { kernel, caseId, state, acting }
  const ground = await groundOfRelease(sight, draft.recipient, proposedBy)
  const { gathered, document, policyDigest, conditions } = ground
  const { rightsTestId } = draft.answers
  const testId = rightsTestId ?? kernel.random.uuidByTime()
  const tested = state.rights.tests.find((one) => one.testId === rightsTestId)?.subject.id
  const command: PrepareRelease = {
    releaseId: draft.releaseId ?? tested ?? kernel.random.uuidByTime(),
    kind: draft.kind,
    recipient: draft.recipient,
    purpose: draft.purpose,
    legalBasis: draft.legalBasis,
    categories: draft.categories,
    ...(draft.exhibitId === undefined ? {} : { exhibitId: draft.exhibitId }),
    ...(draft.passesOn === undefined ? {} : { passesOn: draft.passesOn }),
    ...(draft.together ? { together: draft.together } : {}),
    record:
      draft.passesOn === undefined
        ? { ...caseRecord(state), ...draft.record }
        : (draft.record ?? {}),
    rightsTestId: testId,
    emergency: draft.emergency ?? null,
    policyDigest,
    conditions,
  }
  const policyAnswers: PolicyAnswers = document
    ? askPolicy(document, releaseQuestion(command, acting), kernel.policy.decide)
    : new Map()
  const test = rightsTestId === undefined ? rightsTestOf(draft.answers) : undefined
  const { agreement } = gathered
  return { command, agreement, gathered, policyAnswers, testId, test }
}

export function rightsTestOf(answers: Partial<RightsReasons>): RightsTest {
  const yes = (question: RightsQuestion) => [
    question,
    { answer: 'yes', reason: answers[question] ?? '' },
  ]
  const entries = RIGHTS_QUESTIONS.map(yes)
  return Object.fromEntries(entries) as Record<RightsQuestion, RightsAnswer>
}

/** A short rights test and its release are one decision: the one is never recorded without the other. */
export function decideRelease(
  state: CaseState,
  acting: Acting,
  { command, gathered, policyAnswers, testId, test }: PreparedRelease,
): Decision<readonly CaseEvent[]> {
  const subject = { kind: 'release', id: command.releaseId } as const
  const recorded = test
    ? recordRightsTest(state.rights, { testId, subject, test }, acting)
    : permit([])
  if (recorded.decision === 'refuse') return recorded
  const basis = releaseBasis(afterEvents(state, recorded.value, acting), gathered)
  const released = prepareRelease(basis, command, acting, policyAnswers)
  if (released.decision === 'refuse') return released
  return permit([...recorded.value, ...released.value], ...released.because)
}

/** What a refused release leaves in the history: everything but the content. */
export function recordRefusedRelease(
  state: CaseState,
  acting: Acting,
  { command, gathered }: PreparedRelease,
  refusal: Refusal,
): readonly CaseEvent[] {
  const basis = releaseBasis(state, gathered)
  return [refusedRelease(basis, command, acting, refusal as Refusal<WhyRelease>)]
}

/**
 * Queues the permitted release for its recipient and records the sending.
 * `more` is what the message carries besides the view, e.g. the embargo's terms.
 */
export async function sendRelease(
  step: Step<unknown>,
  prepared: PreparedRelease,
  messageType: string,
  more: object,
): Promise<object> {
  return queueRelease(step, prepared, messageType, (release) => ({
    release: releaseAsSent(release, prepared),
    ...more,
  }))
}

function releaseAsSent(release: Release, { command }: PreparedRelease): object {
  const { releaseId, kind, agreement, purpose, legalBasis, categories, duties, handling } = release
  // What goes on as it came stands in no event here: see `ReleaseDecided.passesOn`.
  const view = command.passesOn === undefined ? release.view : shownOf(command)
  const marked = handling ? { handling } : {}
  const agreed = duties.map(dutyAsSent)
  const what = { releaseId, kind, agreement, purpose, legalBasis, categories }
  return { ...what, duties: agreed, view, ...marked }
}

/** `contentOf`: what the message carries of the permitted release. */
export async function queueRelease(
  step: Step<unknown>,
  { command, agreement }: PreparedRelease,
  messageType: string,
  contentOf: (release: Release) => object,
): Promise<object> {
  const { unit, stream, state, acting } = step
  const release = state.releases.permitted.find(({ releaseId }) => releaseId === command.releaseId)
  invariant(release?.agreement, 'a permitted release has an agreement')
  const { releaseId } = release
  const messageId = await unit.send({
    destination: command.recipient,
    type: messageType,
    objectId: stream.id,
    agreement: release.agreement.digest,
    content: contentOf(release),
  })
  const sent = decideSending(
    { releases: state.releases, agreement },
    { releaseId, messageId },
    acting,
  )
  invariant(sent.decision === 'permit', 'what was permitted may be sent')
  await stream.append(sent.value, acting.officer)
  await countCarveOuts(step, release)
  return { releaseId, messageId }
}
