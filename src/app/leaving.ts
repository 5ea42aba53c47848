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

/** Each in a transaction of its own, before the message gets its number. */
export async function checkLeaving(
  kernel: Kernel,
  waiting: readonly WaitingMessage[],
): Promise<void> {
  for (const message of waiting) {
    if (CARRYING.has(message.type)) await checkOne(kernel, message)
  }
}

async function checkOne(kernel: Kernel, { id, objectId }: WaitingMessage): Promise<void> {
  await kernel.streams.transact(async (unit) => {
    const stream = await unit.open(objectId)
    // A message that carries a release and belongs to none would be a release undecided.
    if (stream?.kind !== 'case') return void (await unit.takeBack(id))
    const state = foldCaseStream(stream.history)
    const release = releaseOf(state.releases, id)
    if (!release) return void (await unit.takeBack(id))
    const against = await againstLeaving(kernel, stream.id, state, release)
    if (!against || !(await unit.takeBack(id))) return
    const { why, because } = against
    const stopped = { type: 'releaseStopped', releaseId: release.releaseId, why, because }
    await stream.append([stopped], kernel.node.id)
  })
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
