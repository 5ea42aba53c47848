/** How far what was sent has come: sent, arrived or failed, accepted, rejected. Pure. */
import { fileFollowing } from '../release/file-view.ts'
import type { Release } from '../release/release.ts'
import type { EvidenceState } from './evidence.ts'
import { transferOf } from './transfer.ts'

export type HandOverState = 'sent' | 'arrived' | 'failed' | 'accepted' | 'rejected'

const ARRIVED = ['applied', 'duplicate'] as const

/** Of a release that this authority decided; undefined if it carries no exhibit or was not sent. */
export function handOverState(
  { peerAnswers, transfers }: EvidenceState,
  { kind, releaseId, recipient, sentAt, receipt, view }: Release,
): HandOverState | undefined {
  if (kind !== 'exhibit' || sentAt === null) return undefined
  const answer = peerAnswers.find((one) => one.releaseId === releaseId)
  if (answer) return answer.answer
  if (fileFollowing(view)) {
    const outcome = transferOf({ transfers }, releaseId, recipient)?.ended?.outcome
    return outcome === undefined ? 'sent' : outcome === 'arrived' ? 'arrived' : 'failed'
  }
  return ARRIVED.some((status) => status === receipt?.status) ? 'arrived' : 'sent'
}
