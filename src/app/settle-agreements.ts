/**
 * What time brings to agreements: entry into force at their start, lapse at their end or
 * when the time for signing is over, the end of a notice, consent by silence. Asked again
 * and again; a step is taken in the transaction that finds it due.
 */
import { dueEvents, silentConsent } from '../core/agreement/decide-agreement.ts'
import { foldAgreementStream, recordEvents } from './agreement-record.ts'
import { consentBySilence } from './agreement-steps.ts'
import type { Kernel } from './kernel.ts'

const ENDED: readonly string[] = ['retired', 'withdrawn']

export async function settleAgreements(kernel: Kernel): Promise<void> {
  for (const { id, state } of await kernel.registers.agreements()) {
    if (!ENDED.includes(state)) await settleAgreement(kernel, id)
  }
}

async function settleAgreement(kernel: Kernel, id: string): Promise<void> {
  const view = await kernel.streams.read(id)
  const now = kernel.clocks.caseNow()
  if (view?.kind !== 'agreement') return
  const before = foldAgreementStream(view.history)
  const isSilent = silentConsent(before, kernel.node.id, now) !== undefined
  if (dueEvents(before, now).length === 0 && !isSilent) return
  await kernel.streams.transact(async (unit) => {
    const stream = await unit.open(id)
    if (stream?.kind !== 'agreement') return
    const recording = { kernel, unit, stream, now }
    await recordEvents(recording, [], kernel.node.id)
    await consentBySilence(recording)
  })
}
