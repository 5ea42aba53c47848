/** An affected person reads a notice and challenges it, with a code and without an account. */
import { type Decision, permit, refuse } from '../base/decision.ts'
import { invariant } from '../base/errors.ts'
import type { Instant } from '../base/time.ts'
import type { CaseState } from '../core/case/case.ts'
import type { Release } from '../core/release/release.ts'
import type { Consent } from '../core/rights/consents.ts'
import type { PersonMessage } from '../core/rights/correspondence.ts'
import { challengeNotice as decideChallenge } from '../core/rights/notice.ts'
import { type Remedy, type RetractionStep, retractionSteps } from '../core/rights/remedies.ts'
import type { AffectedPerson, Notice } from '../core/rights/rights.ts'
import { actingAs } from './acting.ts'
import { foldCaseStream } from './case-stream.ts'
import type { Kernel } from './kernel.ts'

export type OpenedNotice = {
  readonly caseId: string
  readonly notice: Notice
  /** The person's own record: whether and why the notice had to wait. */
  readonly person: AffectedPerson | undefined
  /** What left this authority in the case, stubs aside. */
  readonly releases: readonly Release[]
  readonly reviews: CaseState['rights']['reviews']
  readonly remedies: readonly (Remedy & { readonly steps: readonly RetractionStep[] })[]
  readonly consents: readonly Consent[]
  readonly messages: readonly PersonMessage[]
}

/** `undefined` for an unknown code, and for any other reason why there is nothing to read. */
export async function openNotice(kernel: Kernel, code: string): Promise<OpenedNotice | undefined> {
  const person = await kernel.personsAffected.findByCode(code)
  if (!person) return undefined
  const stream = await kernel.streams.read(person.caseId)
  if (!stream) return undefined
  const { rights, releases } = foldCaseStream(stream.history)
  const notice = rights.notices.find(({ personId }) => personId === person.id)
  if (!notice) return undefined
  const own = rights.reviews.filter(({ subject }) => notice.challengeIds.includes(subject.id))
  return {
    caseId: person.caseId,
    notice,
    person: rights.persons.find(({ personId }) => personId === person.id),
    releases: releases.permitted.filter(({ kind }) => kind !== 'stub'),
    reviews: own,
    remedies: rights.remedies
      .filter(({ challengeId }) => notice.challengeIds.includes(challengeId))
      .map((remedy) => ({ ...remedy, steps: retractionSteps(remedy, releases.permitted) })),
    consents: rights.consents.filter(({ personId }) => personId === person.id),
    messages: rights.messages.filter(({ personId }) => personId === person.id),
  }
}

export type Challenged = {
  readonly challengeId: string
  readonly reviewId: string
  readonly receivedAt: Instant
}

/** The challenge opens the independent review in the same step. */
export async function challengeNotice(
  kernel: Kernel,
  code: string,
  ground: string,
): Promise<Decision<Challenged>> {
  const opened = await openNotice(kernel, code)
  if (!opened)
    return refuse('unknownCode', { rule: 'rights:code', text: 'no notice has this code' })
  return kernel.streams.transact(async (unit) => {
    const stream = await unit.open(opened.caseId)
    invariant(stream, 'a notice has its case')
    const state = foldCaseStream(stream.history)
    const challengeId = kernel.random.uuid()
    const acting = actingAs({ id: kernel.node.id, roles: [] }, kernel)
    const reviewId = kernel.random.uuid()
    const command = {
      challengeId,
      noticeId: opened.notice.noticeId,
      ground,
      reviewId,
      caseHandlers: state.handlers,
    }
    const decided = decideChallenge(state.rights, command, acting)
    if (decided.decision === 'refuse') return decided
    await stream.append(decided.value, kernel.node.id)
    return permit({ challengeId, reviewId, receivedAt: acting.now }, ...decided.because)
  })
}
