/**
 * Discharging a duty in a case: with the proof that its kind asks for. A duty to delete
 * or to give back destroys what the release brought, the exhibits with every copy made
 * from them, in the same decision; a legal hold or a need of the case refuses it.
 */
import { type Decision, permit, type Refusal, refuse } from '../../base/decision.ts'
import { destroyExhibits, existingWithCopies } from '../evidence/destroy.ts'
import {
  DELETING,
  type DutyRef,
  dischargeDuty,
  EVIDENCE_OF,
  findDuty,
  otherSideOf,
} from '../release/follow-duties.ts'
import type { ReceivedRelease, Release } from '../release/release.ts'
import type { DutyEvidence } from '../release/tracked-duty.ts'
import type { CaseEvent, CaseState } from './case.ts'
import { caseNeeds } from './case-need.ts'
import type { Acting } from './recorded.ts'

export type DischargeInCase = DutyRef & {
  readonly proof: string
  /** Id of the notice, or of the message by which it was given back, where the kind asks for one. */
  readonly shownBy?: string
}

export type WhyNotDischarged =
  | 'caseNeed'
  | 'heldInHistory'
  | 'notReceived'
  | 'unknownNotice'
  | 'unknownMessage'

export function dischargeInCase(
  state: CaseState,
  command: DischargeInCase,
  acting: Acting,
): Decision<readonly CaseEvent[]> {
  const found = findDuty(state.releases, command)
  if ('decision' in found) return found
  const { duty, release } = found
  const isDeleting = DELETING.includes(duty.kind) && duty.owedBy === acting.authority
  const deleted = isDeleting ? deletion(state, release, command, acting) : permit(NOTHING)
  if (deleted.decision === 'refuse') return deleted
  const evidence = evidenceFor(state, command, release, { kind: duty.kind, ...deleted.value })
  if ('decision' in evidence) return evidence
  const discharged = dischargeDuty(state.releases, { ...command, evidence }, acting)
  if (discharged.decision === 'refuse') return discharged
  return permit([...deleted.value.events, ...discharged.value])
}

type Deleted = {
  readonly events: readonly CaseEvent[]
  readonly evidence: Extract<DutyEvidence, { kind: 'deletion' }>
}

const NOTHING: Deleted = { events: [], evidence: { kind: 'deletion', view: null, exhibits: [] } }

function deletion(
  state: CaseState,
  release: Release | ReceivedRelease,
  { proof }: DischargeInCase,
  { officer }: Acting,
): Decision<Deleted> {
  if (!('from' in release)) return no('notReceived', 'only what was received is destroyed here')
  const { releaseId, view, viewCommitment, destroyedAt } = release
  if (viewCommitment === undefined && Object.keys(view).length > 0) {
    const text = 'it came before views were kept apart: it stands in the history, under no own key'
    return no('heldInHistory', text)
  }
  const needs = caseNeeds(state)
  if (needs.length > 0) return refuse('caseNeed', ...needs)
  const brought = state.evidence.exhibits.filter((exhibit) => exhibit.releaseId === releaseId)
  const ids = brought.map(({ exhibitId }) => exhibitId)
  const exhibits = existingWithCopies(state.evidence, ids)
  const purpose = `${proof} (release ${releaseId})`
  const exhibitIds = exhibits.map(({ exhibitId }) => exhibitId)
  const destroyed = destroyExhibits(state.evidence, { exhibitIds, purpose }, officer)
  if (destroyed.decision === 'refuse') return destroyed
  const isViewHeld = viewCommitment !== undefined && destroyedAt === null
  const commitment = viewCommitment ?? null
  const ofView: readonly CaseEvent[] = isViewHeld
    ? [{ type: 'receivedViewDestroyed', releaseId, commitment: viewCommitment, reason: proof }]
    : []
  const digests = exhibits.map(({ exhibitId, digest }) => ({ exhibitId, digest }))
  return permit({
    events: [...destroyed.value, ...ofView],
    evidence: { kind: 'deletion', view: commitment, exhibits: digests },
  })
}

function evidenceFor(
  { rights, releases, desk }: CaseState,
  { shownBy = '' }: DischargeInCase,
  release: Release | ReceivedRelease,
  { kind, evidence }: Pick<Deleted, 'evidence'> & { readonly kind: keyof typeof EVIDENCE_OF },
): DutyEvidence | Refusal<WhyNotDischarged> {
  switch (EVIDENCE_OF[kind]) {
    case 'deletion':
      return evidence
    case 'notice': {
      const isSent = rights.notices.some(({ noticeId }) => noticeId === shownBy)
      if (isSent) return { kind: 'notice', noticeId: shownBy }
      return no('unknownNotice', 'name the notice that was sent in this case')
    }
    case 'return': {
      const other = otherSideOf(release)
      const messages = releases.permitted
        .filter(({ recipient, sentAt }) => recipient === other && sentAt !== null)
        .map(({ messageId }) => messageId)
      const byHand = desk.handOvers
        .filter(({ recipient }) => recipient === other)
        .map(({ handOverId }) => handOverId)
      if ([...messages, ...byHand].includes(shownBy)) return { kind: 'return', messageId: shownBy }
      return no('unknownMessage', 'name the message or hand-over by which it was given back')
    }
    case 'text':
      return { kind: 'text' }
  }
}

function no(why: WhyNotDischarged, text: string): Refusal<WhyNotDischarged> {
  return refuse(why, { rule: `duty:${why}`, text })
}
