/**
 * The last question before a release leaves: does something stand against it now? It was
 * permitted when it was decided; it waits while the peer is down, for hours or days. What
 * may not leave any more is taken back, and the case says why. Nothing of it was sent.
 */
import type { Refusal } from '../base/decision.ts'
import type { CaseState } from '../core/case/case.ts'
import type { Release, ReleaseState, WhyStopped } from '../core/release/release.ts'
import { askPolicy } from '../core/release/request.ts'
import { standsAgainst } from '../core/release/still-permitted.ts'
import { actingAs } from './acting.ts'
import { foldCaseStream } from './case-stream.ts'
import type { Kernel } from './kernel.ts'
import type { StreamView } from './ports/streams.ts'
import { lastingGround, releaseBasis } from './release-basis.ts'

export type WaitingMessage = {
  readonly id: string
  readonly type: string
  /** The case, of messages that carry a release. */
  readonly objectId: string
}

const CARRYING: ReadonlySet<string> = new Set([
  'release',
  'invitation',
  'leadOffer',
  'assistanceAnswer',
  'matchQuestion',
])

/**
 * Before the message gets its number. Nearly always nothing stands against it: only what
 * may not leave is looked at again under the lock of its case, and taken back there.
 */
export async function checkLeaving(
  kernel: Kernel,
  waiting: readonly WaitingMessage[],
): Promise<void> {
  const reading = readingOnce(kernel)
  for (const message of waiting) {
    if (!CARRYING.has(message.type)) continue
    const stream = await reading.streams.read(message.objectId)
    if ((await standing(reading, stream, message.id)) !== undefined) await stopOne(kernel, message)
  }
}

/**
 * All of it gets its number at one moment after the last question, so what the questions
 * have in common is read once: agreements, law, and each case however much waits of it.
 */
function readingOnce(kernel: Kernel): Kernel {
  const { streams, registers, law } = kernel
  const read = onceByKey((id: string) => streams.read(id))
  const agreements = onceByKey(() => registers.agreements())
  const context = onceByKey(() => law.context())
  return {
    ...kernel,
    streams: { ...streams, read },
    registers: { ...registers, agreements: () => agreements('') },
    law: { ...law, context: () => context('') },
  }
}

function onceByKey<T>(read: (key: string) => Promise<T>): (key: string) => Promise<T> {
  const known = new Map<string, Promise<T>>()
  return (key) => {
    const found = known.get(key) ?? read(key)
    known.set(key, found)
    return found
  }
}

async function stopOne(kernel: Kernel, { id, objectId }: WaitingMessage): Promise<void> {
  await kernel.streams.transact(async (unit) => {
    const stream = await unit.open(objectId)
    const found = await standing(kernel, stream, id)
    if (!found || !(await unit.takeBack(id)) || !found.release) return
    const { releaseId } = found.release
    const { why, because } = found.against
    const stopped = { type: 'releaseStopped', releaseId, why, because }
    await stream?.append([stopped], kernel.node.id)
  })
}

type Standing =
  | { readonly release: Release; readonly against: Refusal<WhyStopped> }
  /** A message that carries a release and belongs to none would be a release undecided. */
  | { readonly release: undefined }

/** What stands against a message now; undefined: nothing does. */
async function standing(
  kernel: Kernel,
  stream: Pick<StreamView, 'id' | 'kind' | 'history'> | undefined,
  messageId: string,
): Promise<Standing | undefined> {
  if (stream?.kind !== 'case') return { release: undefined }
  const state = foldCaseStream(stream.history)
  const release = releaseOf(state.releases, messageId)
  if (!release) return { release: undefined }
  const against = await againstLeaving(kernel, stream.id, state, release)
  return against && { release, against }
}

/** What stands against it at this moment; undefined: nothing does. */
export async function againstLeaving(
  kernel: Kernel,
  caseId: string,
  state: CaseState,
  release: Release,
): Promise<Refusal<WhyStopped> | undefined> {
  const acting = actingAs({ id: kernel.node.id, roles: [] }, kernel)
  const sight = { kernel, caseId, state, acting }
  const { gathered, conditions } = await lastingGround(sight, release.recipient)
  return standsAgainst(releaseBasis(state, gathered), release, acting, {
    conditions,
    ask: (document, question) => askPolicy(document, question, kernel.policy.decide),
  })
}

function releaseOf({ permitted }: ReleaseState, messageId: string) {
  return permitted.find((release) => release.messageId === messageId)
}
