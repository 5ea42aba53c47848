/** What the rules about credit and appeals read of a case. Pure. */
import { utcDateOf } from '../base/time.ts'
import { type CaseState, noCase } from '../core/case/case.ts'
import { isWithdrawn } from '../core/disclosure/advisories.ts'
import type { AdvisoryContent, Revision } from '../core/disclosure/advisory-events.ts'
import type { PublicContent } from '../core/disclosure/advisory-steps.ts'
import { isUnderEmbargo, participantOf } from '../core/disclosure/disclosure-state.ts'
import { agreedCredit, type CreditFacts } from '../core/disclosure/recognition.ts'
import type { AppealFacts } from '../core/disclosure/reporter-appeal.ts'
import type { FilingClock } from '../core/triage/filing-clocks.ts'
import { isMisconduct } from '../core/triage/matching.ts'

export function creditFactsOf(state: CaseState): CreditFacts {
  const { recognition, triage, disclosure, publications } = state
  const standing = publications.filter((one) => !isWithdrawn(one))
  const [publishedAt = null] = standing.map((one) => one.publishedAt).sort()
  return {
    recognition,
    hasMailbox: triage.filingId !== null,
    isMisconduct: triage.report !== null && isMisconduct(triage.report),
    isUnderEmbargo: isUnderEmbargo(disclosure),
    publishedAt,
    embargoEndedAt: disclosure.ended?.at ?? null,
  }
}

export function appealFactsOf(state: CaseState): AppealFacts {
  const { lead, disclosure, triage, desk, handlers, openedAt } = state
  const admitted = openedAt ? [{ kind: 'acknowledged', on: utcDateOf(openedAt) }] : []
  return {
    credit: creditFactsOf(state),
    reportState: participantOf(disclosure, lead)?.reportState,
    participant: lead,
    owed: triage.owed,
    told: [...admitted, ...desk.answers.map(({ kind, at }) => ({ kind, on: utcDateOf(at) }))],
    handlers,
  }
}

/** Of a report that nobody has opened yet. */
export function waitingFacts(owed: readonly FilingClock[]): AppealFacts {
  return { ...appealFactsOf(noCase), owed }
}

/** The version as it goes out, with whom it may name at this moment, and nobody else. */
export function withCredits<Content extends PublicContent>(
  state: CaseState,
  revision: Revision<Content>,
): Revision<Content> {
  return { ...revision, content: creditedContent(state, revision.content) }
}

export function creditedContent<Content extends PublicContent>(
  state: CaseState,
  content: Content,
): Content {
  if (content.is !== 'advisory') return content
  const { credits: _, ...text } = content as AdvisoryContent
  const agreed = agreedCredit(creditFactsOf(state))
  const credits = agreed ? { credits: [{ name: agreed.name, roles: agreed.roles }] } : {}
  return { ...text, ...credits } as unknown as Content
}
