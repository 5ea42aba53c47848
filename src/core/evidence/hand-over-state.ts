/** How far what was sent has come: sent, arrived, accepted, rejected. Pure. */
import type { Release } from '../release/release.ts'
import type { EvidenceState } from './evidence.ts'

export type HandOverState = 'sent' | 'arrived' | 'accepted' | 'rejected'

const ARRIVED = ['applied', 'duplicate'] as const

/** Of a release that this authority decided; undefined if it carries no exhibit or was not sent. */
export function handOverState(
  { peerAnswers }: EvidenceState,
  { kind, releaseId, sentAt, receipt }: Release,
): HandOverState | undefined {
  if (kind !== 'exhibit' || sentAt === null) return undefined
  const answer = peerAnswers.find((one) => one.releaseId === releaseId)
  if (answer) return answer.answer
  return ARRIVED.some((status) => status === receipt?.status) ? 'arrived' : 'sent'
}
