/**
 * After a restore of a backup that is older than an erasure: what was erased since goes again,
 * before the node serves anybody. What it was erased for, and what recipients have answered,
 * is recorded again; nobody is asked twice.
 */
import { invariant } from '../../base/errors.ts'
import { askedErasure, type ErasureEvent } from '../../core/erasure/erasure.ts'
import { foldCaseStream } from '../case-stream.ts'
import type { Kernel } from '../kernel.ts'
import { foldErasureStream, statedIn } from './read-erasures.ts'

/** `listed`: from outside of the database. Returns how many cases were erased again. */
export async function eraseAgain(
  kernel: Pick<Kernel, 'streams' | 'erasureStreamId' | 'node'>,
  listed: readonly ErasureEvent[],
): Promise<number> {
  let erased = 0
  for (const event of listed) {
    if (event.type === 'caseErased') erased += await eraseOne(kernel, event)
    else if (event.type === 'erasureStated') await stateAgain(kernel, event)
    else await answerAgain(kernel, event)
  }
  return erased
}

type Again = Pick<Kernel, 'streams' | 'erasureStreamId' | 'node'>

function eraseOne(
  { streams, erasureStreamId, node }: Again,
  event: Extract<ErasureEvent, { type: 'caseErased' }>,
): Promise<number> {
  return streams.transact(async (unit) => {
    const stream = await unit.open(event.caseId)
    const register = await unit.open(erasureStreamId)
    invariant(register, 'every node has a stream of erasures')
    const { erasures } = foldErasureStream(register.history)
    if (!erasures.some(({ erasureId }) => erasureId === event.erasureId)) {
      await register.append([event], node.id)
    }
    if (stream?.kind !== 'case') return 0
    const { leadCaseId } = foldCaseStream(stream.history)
    await unit.eraseCase(stream.id, leadCaseId === null ? [] : [leadCaseId])
    return 1
  })
}

async function stateAgain(
  { streams, erasureStreamId, node }: Again,
  event: Extract<ErasureEvent, { type: 'erasureStated' }>,
): Promise<void> {
  await streams.transact(async (unit) => {
    const register = await unit.open(erasureStreamId)
    invariant(register, 'every node has a stream of erasures')
    if (!statedIn(register.history, event.erasureId)) await register.append([event], node.id)
  })
}

async function answerAgain(
  { streams, erasureStreamId, node }: Again,
  event: Extract<ErasureEvent, { readonly from: string }>,
): Promise<void> {
  await streams.transact(async (unit) => {
    const register = await unit.open(erasureStreamId)
    invariant(register, 'every node has a stream of erasures')
    const state = foldErasureStream(register.history)
    const asked = askedErasure(state, event.from, event.releaseId)?.asked
    if (!asked) return
    const known = asked.answer?.answer
    const isNew =
      event.type === 'erasureAnswered'
        ? known !== event.answer && known !== 'done'
        : known === event.answer && asked.receipt === null
    if (isNew) await register.append([event], node.id)
  })
}
