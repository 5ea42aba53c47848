/**
 * That an officer opens the original of a file of a report, although a cleaned copy stands
 * beside it, and why. Which files are originals stands inside the sealed report: the node
 * takes the officer's word for it, and for nothing else.
 */
import { type Decision, permit, refuse } from '../base/decision.ts'
import { invariant } from '../base/errors.ts'
import type { Acting } from '../core/case/recorded.ts'
import type { SealingWorkEvent } from '../core/sealing/events.ts'
import { decideDeskAccess } from './access.ts'
import { type ActDone, actDone } from './act.ts'
import type { Kernel } from './kernel.ts'
import { SEALING_STEPS } from './sealing-steps.ts'

export const WHY_ORIGINAL_MIN = 10
export const WHY_ORIGINAL_MAX = 500

export type OpenOriginal = {
  readonly filingId: string
  /** From 0, as the report lists its files. */
  readonly position: number
  readonly why: string
}

export async function openOriginal(
  kernel: Kernel,
  { filingId, position, why }: OpenOriginal,
  acting: Acting,
): Promise<Decision<ActDone>> {
  const access = await decideDeskAccess(kernel, SEALING_STEPS.openOriginal, acting)
  if (access.decision === 'refuse') return access
  const said = why.trim()
  if (said.length < WHY_ORIGINAL_MIN || said.length > WHY_ORIGINAL_MAX) {
    return refuse('noReason', {
      rule: 'intake:whyOriginal',
      text: `say in ${WHY_ORIGINAL_MIN} to ${WHY_ORIGINAL_MAX} characters why the original is needed`,
    })
  }
  const filing = await kernel.filings.find(filingId)
  const isThere = filing && Number.isInteger(position) && position >= 0
  if (!isThere || position >= filing.attachments) {
    return refuse('noFile', { rule: 'intake:file', text: 'the report has no such file' })
  }
  return kernel.streams.transact(async (unit) => {
    const stream = await unit.open(kernel.sealingStreamId)
    invariant(stream, 'every node has a sealing stream')
    const opened: SealingWorkEvent = {
      type: 'originalOpened',
      ...{ filingId, part: `attachment-${position}`, why: said },
    }
    // With the intake's own entries, so that the log does not tell when reports are worked on.
    await stream.append([opened], acting.officer, 'intake')
    return permit(actDone(stream, [opened]))
  })
}
