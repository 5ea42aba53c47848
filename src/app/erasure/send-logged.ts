/**
 * Sends an answer to an erasure again, with the opening of its event, as soon as the witnesses
 * have cosigned the entry: whoever asked can then show that our log holds it.
 *
 * The answer itself has gone at once. An erased case sends nothing more.
 */
import type { CaseState } from '../../core/case/case.ts'
import type { RetractionEvent } from '../../core/release/retraction.ts'
import type { EventOpening } from '../../wire/event-opening.ts'
import { foldCaseStream } from '../case-stream.ts'
import { openingOf } from '../event-openings.ts'
import { nameOfCase } from '../joint-case.ts'
import type { Kernel } from '../kernel.ts'
import type { OpenStream, Unit } from '../ports/streams.ts'

/** In the transaction that records the answer, when its event was appended. */
export async function sendWhenLogged(
  unit: Unit,
  { id, history }: OpenStream,
  type: 'retractionConfirmed' | 'retractionKept',
): Promise<void> {
  const at = history.findLastIndex(({ event }) => event.type === type)
  await unit.awaitReceipt(id, at + 1)
}

/** Returns how many were sent. */
export async function sendLoggedAnswers(kernel: Kernel): Promise<number> {
  let sent = 0
  for (const { caseId, version } of await kernel.erasures.awaitedReceipts()) {
    const view = await kernel.streams.read(caseId)
    const opening = view && (await openingOf(kernel, view, version))
    if (opening && (await sendOne(kernel, { caseId, version, opening }))) sent += 1
  }
  return sent
}

type Logged = {
  readonly caseId: string
  readonly version: number
  readonly opening: EventOpening
}

function sendOne({ streams }: Kernel, { caseId, version, opening }: Logged): Promise<boolean> {
  return streams.transact(async (unit) => {
    const stream = await unit.open(caseId)
    if (stream?.kind !== 'case' || !(await unit.endAwaiting(caseId, version))) return false
    const state = foldCaseStream(stream.history)
    const event = stream.history[version - 1]?.event as RetractionEvent
    const to = state.releases.retractions.find(({ releaseId }) => releaseId === event.releaseId)
    const answer = answerIn(event)
    if (!answer || !to) return false
    await sendAnswer(unit, { stream, state }, { ...answer, to: to.from, opening })
    return true
  })
}

function answerIn(event: RetractionEvent) {
  if (event.type === 'retractionConfirmed') {
    const { type: _, proof: __, ...statement } = event
    return { type: 'retractionDone', statement }
  }
  if (event.type !== 'retractionKept') return undefined
  const { type: _, ...statement } = event
  return { type: 'erasureAnswer', statement }
}

export type Answering = {
  /** Node id of the one that asked. */
  readonly to: string
  readonly type: string
  readonly statement: object
  readonly opening?: EventOpening
}

export async function sendAnswer(
  unit: Unit,
  named: { readonly stream: OpenStream; readonly state: CaseState },
  { to, type, statement, opening }: Answering,
): Promise<void> {
  const caseId = nameOfCase(named)
  await unit.send({
    destination: to,
    type,
    objectId: caseId,
    agreement: null,
    content: { caseId, ...statement, ...(opening ? { opening } : {}) },
  })
}
