/** A peer's signed receipt for a message of ours: if it carried a release, the case hears it. */
import { isUuid } from '../base/ids.ts'
import { recordReleaseReceipt as decideReceipt } from '../core/release/follow-release.ts'
import type { ReceiptStatus } from '../core/release/release.ts'
import { actingAs } from './acting.ts'
import { foldCaseStream } from './case-stream.ts'
import type { Kernel } from './kernel.ts'
import type { Unit } from './ports/streams.ts'

export type MessageReceipt = {
  readonly messageId: string
  readonly objectId: string
  readonly destination: string
  readonly decision: ReceiptStatus
  readonly reason?: string | undefined
  readonly rule?: string | undefined
}

export async function recordReleaseReceipt(
  kernel: Kernel,
  unit: Unit,
  { messageId, objectId, destination, decision, reason, rule }: MessageReceipt,
): Promise<void> {
  // Notices of the exchange itself are about a node, not about a case.
  if (!isUuid(objectId)) return
  const stream = await unit.open(objectId)
  if (stream?.kind !== 'case') return
  const { releases } = foldCaseStream(stream.history)
  const release = releases.permitted.find((one) => one.messageId === messageId)
  if (!release) return
  const acting = actingAs({ id: destination, roles: [] }, kernel)
  const reasons = [reason, rule].filter((one) => one !== undefined)
  const command = { releaseId: release.releaseId, status: decision, reasons }
  const decided = decideReceipt(releases, command, acting)
  if (decided.decision === 'permit') await stream.append(decided.value, destination)
}
