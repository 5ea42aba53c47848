/**
 * Sent is not accepted. An officer of the receiving authority accepts an exhibit that
 * arrived, or rejects it with a reason; both are acts of custody, and the sender
 * records the answer. What was rejected stays sealed where it is, may still be read, and
 * is used no more (`rejected.ts`).
 */
import { permit } from '../../base/decision.ts'
import type { Acting } from '../case/recorded.ts'
import { custody, type EvidenceDecision, no, usableExhibit } from './decide-evidence.ts'
import {
  ACKNOWLEDGEMENTS,
  type Acknowledgement,
  type EvidenceEvent,
  type EvidenceState,
} from './evidence.ts'

export function acknowledgeExhibit(
  state: EvidenceState,
  command: {
    readonly exhibitId: string
    readonly answer: Acknowledgement
    readonly reason: string
  },
  { officer }: Acting,
): EvidenceDecision {
  const { exhibitId, answer } = command
  const exhibit = usableExhibit(state, exhibitId)
  if ('decision' in exhibit) return exhibit
  const { releaseId } = exhibit
  // Of a file, what both sides can compute: each has sealed it under a key of its own.
  const digest = exhibit.file?.digest ?? exhibit.digest
  if (exhibit.origin !== 'received' || releaseId === null) {
    return no('notReceived', 'only what a peer sent is accepted or rejected')
  }
  if (exhibit.acknowledged) return no('alreadyAnswered', 'the peer has its answer')
  if (!ACKNOWLEDGEMENTS.includes(answer)) return no('unknownAct', 'accept it, or reject it')
  const said = command.reason.trim()
  if (answer === 'rejected' && said === '') {
    return no('reasonMissing', 'a rejection says why, so that the peer can do something about it')
  }
  const reason = answer === 'rejected' ? said : null
  return permit([
    { type: 'exhibitAcknowledged', exhibitId, releaseId, answer, reason, digest },
    custody(exhibit, answer, officer, reason ?? `release ${releaseId} from ${exhibit.from}`),
  ])
}

export type PeerAcknowledgement = Omit<
  Extract<EvidenceEvent, { type: 'exhibitAnswerReceived' }>,
  'type'
>

/**
 * What a peer says of what this authority sent it. `sent`: recipient and digest of the
 * release that it names, as this authority decided it; undefined if there is none.
 */
export function receiveAcknowledgement(
  state: EvidenceState,
  command: PeerAcknowledgement,
  sent: { readonly recipient: string; readonly digest: string } | undefined,
): EvidenceDecision {
  const { from, releaseId, answer, reason, digest } = command
  if (sent?.recipient !== from) return no('unknownExhibit', 'no exhibit was sent by this release')
  if (sent.digest !== digest) return no('digestMismatch', 'the answer is about other bytes')
  if (state.peerAnswers.some((one) => one.releaseId === releaseId)) {
    return no('alreadyAnswered', 'the peer has answered')
  }
  if ((answer === 'rejected') !== (reason !== null)) {
    return no('reasonMissing', 'a rejection has its reason, and only a rejection')
  }
  return permit([{ type: 'exhibitAnswerReceived', from, releaseId, answer, reason, digest }])
}
