/**
 * Releases to a peer: the steps that every act which sends something across a
 * border goes through. The decision itself is in core/release; this file brings
 * together what it reads, and sends what it permitted.
 */

import { toHex, utf8 } from '../base/bytes.ts'
import type { Json } from '../base/canonical-json.ts'
import { type Decision, permit, type Refusal } from '../base/decision.ts'
import { invariant } from '../base/errors.ts'
import { type AgreementState, noAgreement } from '../core/agreement/agreement.ts'
import type { ReleaseKind } from '../core/agreement/clause.ts'
import { documentInEffect } from '../core/agreement/clauses-in-effect.ts'
import { partyOf } from '../core/agreement/document.ts'
import type { CaseEvent, CaseState } from '../core/case/case.ts'
import type { Acting } from '../core/case/recorded.ts'
import { conflictIn } from '../core/people/standing.ts'
import { NO_SAFEGUARDS, type PrepareRelease, type ReleaseBasis } from '../core/release/basis.ts'
import { compileAgreement } from '../core/release/compile-agreement.ts'
import { prepareRelease, refusedRelease, releaseQuestion } from '../core/release/decide-release.ts'
import { sendRelease as decideSending } from '../core/release/follow-release.ts'
import type { WhyRelease } from '../core/release/release.ts'
import { askPolicy, type PolicyAnswers } from '../core/release/request.ts'
import { recordRightsTest } from '../core/rights/record-rights-test.ts'
import { RIGHTS_QUESTIONS, type RightsTest } from '../core/rights/rights-test.ts'
import type { Step } from './act.ts'
import { agreementStateOf } from './agreements.ts'
import { caseRecord } from './case-record.ts'
import type { Kernel } from './kernel.ts'
import { readStanding } from './people/standing.ts'

/** The reasons of a rights test as a form asks for them; every answer given is a yes. */
export type RightsReasons = {
  readonly legalBasis: string
  readonly necessity: string
  readonly proportionality: string
  readonly nonDiscrimination: string
  readonly leastIntrusive: string
}

export type ReleaseDraft = {
  readonly kind: ReleaseKind
  readonly recipient: string
  readonly purpose: string
  readonly legalBasis: string
  readonly categories: readonly string[]
  readonly answers: RightsReasons
  /** Content beyond the case record, e.g. a redacted transcript. */
  readonly record?: { readonly [category: string]: Json }
  /** Set where a review was opened for it before. */
  readonly releaseId?: string
  /** Set where an exhibit leaves. */
  readonly exhibitId?: string
}

export type PreparedRelease = {
  readonly command: PrepareRelease
  readonly agreement: AgreementState
  readonly policyAnswers: PolicyAnswers
  readonly testId: string
  readonly test: RightsTest
  /** Officers with an open conflict of interest in this matter. */
  readonly conflicted: readonly string[]
}

export async function prepareForRelease(
  { kernel, caseId, state, acting }: Step<unknown>,
  draft: ReleaseDraft,
): Promise<PreparedRelease> {
  const agreement = await agreementWith(kernel, draft.recipient)
  const document = agreement.document && documentInEffect(agreement.document, acting.now)
  const testId = kernel.random.uuidByTime()
  const command: PrepareRelease = {
    releaseId: draft.releaseId ?? kernel.random.uuidByTime(),
    kind: draft.kind,
    recipient: draft.recipient,
    purpose: draft.purpose,
    legalBasis: draft.legalBasis,
    categories: draft.categories,
    ...(draft.exhibitId === undefined ? {} : { exhibitId: draft.exhibitId }),
    record: { ...caseRecord(state), ...draft.record },
    rightsTestId: testId,
    emergency: null,
    policyDigest: document ? toHex(kernel.primitives.sha256(utf8(compileAgreement(document)))) : '',
  }
  const policyAnswers: PolicyAnswers = document
    ? askPolicy(document, releaseQuestion(command, acting), kernel.policy.decide)
    : new Map()
  const test = rightsTestOf(draft.answers)
  const conflicted = await conflictedIn(kernel, state, caseId, draft.recipient)
  return { command, agreement, policyAnswers, testId, test, conflicted }
}

/** Read in the transaction that decides: what was declared up to this moment counts. */
export async function conflictedIn(
  kernel: Kernel,
  { enforcement, disclosure }: CaseState,
  caseId: string,
  recipient: string,
): Promise<readonly string[]> {
  const standing = await readStanding(kernel)
  const matter = {
    caseId,
    operators: enforcement.operator ? [enforcement.operator.name] : [],
    authorities: [recipient, ...disclosure.participants.map(({ id }) => id)],
  }
  const officers = new Set(standing.conflicts.map(({ officer }) => officer))
  return [...officers].filter((officer) => conflictIn(standing, officer, matter))
}

/** The agreement in which both are parties; the one in force first. */
export async function agreementWith(kernel: Kernel, peer: string): Promise<AgreementState> {
  const rows = await kernel.registers.agreements()
  const shared = rows.filter(({ document }) => partyOf(document, peer))
  const chosen = shared.find(({ state }) => state === 'inForce') ?? shared[0]
  return chosen ? agreementStateOf(kernel, chosen.id) : noAgreement
}

export function rightsTestOf(answers: RightsReasons): RightsTest {
  const entries = RIGHTS_QUESTIONS.map((question) => [
    question,
    { answer: 'yes', reason: answers[question] },
  ])
  return Object.fromEntries(entries) as RightsTest
}

/** Rights test and release in one decision: the one is never recorded without the other. */
export function decideRelease(
  state: CaseState,
  acting: Acting,
  { command, agreement, policyAnswers, testId, test, conflicted }: PreparedRelease,
): Decision<readonly CaseEvent[]> {
  const subject = { kind: 'release', id: command.releaseId } as const
  const recorded = recordRightsTest(state.rights, { testId, subject, test }, acting)
  if (recorded.decision === 'refuse') return recorded
  const basis = releaseBasis(state, { agreement, conflicted }, { testId, test, subject, acting })
  const released = prepareRelease(basis, command, acting, policyAnswers)
  if (released.decision === 'refuse') return released
  return permit([...recorded.value, ...released.value], ...released.because)
}

/** What a refused release leaves in the history: everything but the content. */
export function recordRefusedRelease(
  state: CaseState,
  acting: Acting,
  { command, agreement, conflicted }: PreparedRelease,
  refusal: Refusal,
): readonly CaseEvent[] {
  const basis = releaseBasis(state, { agreement, conflicted })
  return [refusedRelease(basis, command, acting, refusal as Refusal<WhyRelease>)]
}

type FreshTest = {
  readonly testId: string
  readonly test: RightsTest
  readonly subject: { readonly kind: 'release'; readonly id: string }
  readonly acting: Acting
}

export function releaseBasis(
  { releases, rights, disclosure }: CaseState,
  { agreement, conflicted }: Pick<PreparedRelease, 'agreement' | 'conflicted'>,
  fresh?: FreshTest,
): ReleaseBasis {
  const signatories = disclosure.participants
    .filter(({ consent }) => consent === 'signatory')
    .map(({ id }) => id)
  const embargo = { state: disclosure.embargo, signatories }
  const basis = { ...NO_SAFEGUARDS, releases, agreement, rights, embargo, conflicted }
  if (!fresh) return basis
  const { testId, test, subject, acting } = fresh
  const recorded = { testId, test, subject, officer: acting.officer, at: acting.now }
  const withTest = { ...rights, tests: [...rights.tests, recorded] }
  return { ...basis, rights: withTest }
}

/**
 * Queues the permitted release for its recipient and records the sending.
 * `more` is what the message carries besides the view, e.g. the embargo's terms.
 */
export async function sendRelease(
  { unit, stream, state, acting }: Step<unknown>,
  { command, agreement }: PreparedRelease,
  messageType: string,
  more: object,
): Promise<object> {
  const release = state.releases.permitted.find(({ releaseId }) => releaseId === command.releaseId)
  invariant(release?.agreement, 'a permitted release has an agreement')
  const { releaseId, kind, purpose, legalBasis, categories, duties, view } = release
  const messageId = await unit.send({
    destination: command.recipient,
    type: messageType,
    objectId: stream.id,
    agreement: release.agreement.digest,
    content: {
      release: {
        releaseId,
        kind,
        agreement: release.agreement,
        purpose,
        legalBasis,
        categories,
        duties: duties.map(({ dischargedAt: _, ...duty }) => duty),
        view,
      },
      ...more,
    },
  })
  const sent = decideSending(
    { releases: state.releases, agreement },
    { releaseId, messageId },
    acting,
  )
  invariant(sent.decision === 'permit', 'what was permitted may be sent')
  await stream.append(sent.value, acting.officer)
  return { releaseId, messageId }
}
