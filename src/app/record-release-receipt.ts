/** A peer's signed receipt for a message of ours: if it carried a release, the case hears it. */
import { type CaseEvent, foldCase } from '../core/case/case.ts'
import type { Recorded } from '../core/case/recorded.ts'
import { recordReleaseReceipt as decideReceipt } from '../core/release/follow-release.ts'
import type { ReceiptStatus } from '../core/release/release.ts'
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
  const stream = await unit.open(objectId)
  if (stream?.kind !== 'case') return
  const { releases } = foldCase(stream.history as readonly Recorded<CaseEvent>[])
  const release = releases.permitted.find((one) => one.messageId === messageId)
  if (!release) return
  const acting = {
    officer: destination,
    roles: [],
    authority: kernel.node.id,
    now: kernel.clocks.caseNow(),
  }
  const reasons = [reason, rule].filter((one) => one !== undefined)
  const command = { releaseId: release.releaseId, status: decision, reasons }
  const decided = decideReceipt(releases, command, acting)
  if (decided.decision === 'permit') await stream.append(decided.value, destination)
}
