/** What pages about law packs are made from: the packs, and the stream of sign-offs. */
import type { Kernel } from '../../../app/kernel.ts'
import { utcDateOf } from '../../../base/time.ts'
import type { Recorded } from '../../../core/case/recorded.ts'
import type { SignOffEvent } from '../../../core/law/sign-off.ts'
import type { Messages } from '../../messages.ts'
import type { LawFacts } from './presenter.ts'

export async function lawFacts(kernel: Kernel, messages: Messages): Promise<LawFacts> {
  return { ...(await lawSources(kernel)), today: utcDateOf(kernel.clocks.caseNow()), messages }
}

export async function lawSources({ law, streams, lawStreamId }: Kernel) {
  const [context, stream] = await Promise.all([law.context(), streams.read(lawStreamId)])
  return { context, history: (stream?.history ?? []) as readonly Recorded<SignOffEvent>[] }
}
