/** Names for the ids that a case holds: officers, authorities, and whoever caused an event. */
import type { Kernel } from '../../../app/kernel.ts'
import type { CaseEvent } from '../../../core/case/case.ts'
import type { Recorded } from '../../../core/case/recorded.ts'
import type { Actor, AuthorityName } from '../../parts.ts'

export type Names = {
  readonly own: AuthorityName
  authority(id: string): AuthorityName
  officer(id: string): string
  actor(id: string): Actor
  /** Who caused an event: what the node recorded itself came from a peer, a person or a timer. */
  causeOf(recorded: Recorded<CaseEvent>): Actor
}

export async function namesOf({ node, staff, peers }: Kernel): Promise<Names> {
  const officers = new Map((await staff.everyone()).map(({ id, name }) => [id, name]))
  const own = { id: node.id, name: node.name }
  const authority = (id: string) =>
    id === node.id ? own : { id, name: peers.find(id)?.name ?? id }
  const officer = (id: string) => officers.get(id) ?? id
  return {
    own,
    authority,
    officer,
    actor(id) {
      if (id === node.id) return { kind: 'timer' }
      return peers.find(id)
        ? { kind: 'peer', name: authority(id).name }
        : { kind: 'officer', name: officer(id) }
    },
    causeOf({ event, by }) {
      if (by !== node.id) return { kind: 'officer', name: officer(by) }
      if (BY_PERSON.has(event.type)) return { kind: 'affectedPerson' }
      if (event.type === 'guestViewed') return { kind: 'guest' }
      if (
        event.type === 'sharedViewed' ||
        event.type === 'statementFiled' ||
        event.type === 'participantSpoke'
      ) {
        const name = officers.get(event.person)
        return name === undefined ? { kind: 'guest' } : { kind: 'officer', name }
      }
      const peer = peerOf(event)
      return peer && peer !== node.id
        ? { kind: 'peer', name: authority(peer).name }
        : { kind: 'timer' }
    },
  }
}

const BY_PERSON: ReadonlySet<string> = new Set(['noticeChallenged', 'reviewOpened'])

/** The peer whose message an event came with, where the event says so. */
function peerOf(event: CaseEvent): string | undefined {
  switch (event.type) {
    case 'invitationReceived':
    case 'embargoTermsReceived':
    case 'releaseReceived':
    case 'exhibitReceived':
    case 'exhibitAnnounced':
    case 'exhibitAnswerReceived':
    case 'releaseRetracted':
    case 'onwardConsentRequested':
    case 'matchAnswered':
    case 'matchCompared':
    case 'recordsConsultationReceived':
    case 'recordsOriginatorReplied':
      return event.from
    case 'exhibitTransferEnded':
      return event.peer
    case 'retractionDone':
      return event.by
    case 'assistanceReceived':
      return event.request.requestingAuthority
    case 'consentChanged':
    case 'participantJoined':
    case 'participantLeft':
      return event.participant
    case 'caseOpened':
      return event.lead
    default:
      return undefined
  }
}
