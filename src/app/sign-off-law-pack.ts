/** An officer signs off a version of a law pack for this authority. Two must, before it binds. */
import { type Decision, permit, refuse } from '../base/decision.ts'
import { invariant } from '../base/errors.ts'
import type { Acting, Recorded } from '../core/case/recorded.ts'
import { packRef } from '../core/law/pack.ts'
import {
  signOffLawPack as decideSignOff,
  foldSignOffs,
  noSignOffs,
  type SignOffEvent,
} from '../core/law/sign-off.ts'
import { decideDeskAccess } from './access.ts'
import { type ActDone, actDone } from './act.ts'
import type { Kernel } from './kernel.ts'

export const SIGN_OFF_LAW_PACK = {
  name: 'signOffLawPack',
  group: 'signOffLaw',
  stepUp: true,
} as const

export async function signOffLawPack(
  kernel: Kernel,
  { pack, simulated }: { readonly pack: string; readonly simulated: boolean },
  acting: Acting,
): Promise<Decision<ActDone>> {
  const access = await decideDeskAccess(kernel, SIGN_OFF_LAW_PACK, acting)
  if (access.decision === 'refuse') return access
  const { packs } = await kernel.law.context()
  const found = packs.find(({ id }) => id === pack)
  if (!found) return refuse('unknownPack', { rule: 'law:pack', text: 'there is no such pack' })
  return kernel.streams.transact(async (unit) => {
    const stream = await unit.open(kernel.lawStreamId)
    invariant(stream, 'every node has a law stream')
    const history = stream.history as readonly Recorded<SignOffEvent>[]
    const command = { pack: packRef(found), simulated }
    const decided = decideSignOff(history.reduce(foldSignOffs, noSignOffs), command, acting)
    if (decided.decision === 'refuse') return decided
    await stream.append(decided.value, acting.officer)
    return permit(actDone(stream, decided.value), ...decided.because)
  })
}
