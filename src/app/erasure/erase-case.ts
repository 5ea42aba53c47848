/**
 * Erasing a whole case, in one transaction: it is recorded in the stream of erasures, the
 * case is destroyed, and everybody to whom something of it went is asked to erase it.
 */
import { toHex } from '../../base/bytes.ts'
import { invariant } from '../../base/errors.ts'
import { addMs } from '../../base/time.ts'
import type { CaseState } from '../../core/case/case.ts'
import type { Acting } from '../../core/case/recorded.ts'
import type { ErasureBasis, ErasureEvent, ErasureRequest } from '../../core/erasure/erasure.ts'
import type { Release } from '../../core/release/release.ts'
import { DELETION_MS } from '../../core/release/retraction.ts'
import { isMatch } from '../../core/triage/matching.ts'
import { entriesRoot } from '../../wire/erasure-statement.ts'
import { nameOfCase } from '../joint-case.ts'
import type { Kernel } from '../kernel.ts'
import type { OpenStream, Unit } from '../ports/streams.ts'

export type ErasingCase = {
  readonly kernel: Kernel
  readonly unit: Unit
  readonly stream: OpenStream
  readonly state: CaseState
  readonly acting: Acting
  /** Officer id of the first person. */
  readonly proposedBy: string
}

/** The decision was made; nothing of the case is there afterwards. */
export async function eraseCase(
  place: ErasingCase,
  basis: ErasureBasis,
): Promise<{ readonly erasureId: string }> {
  const { kernel, unit, stream, state, acting, proposedBy } = place
  const erasures = await unit.open(kernel.erasureStreamId)
  invariant(erasures, 'every node has a stream of erasures')
  const erasureId = kernel.random.uuidByTime()
  const out = await outThere(place)
  const requests = out.map((release) => requestOf(place, release))
  const event: ErasureEvent = {
    type: 'caseErased',
    ...{ erasureId, caseId: stream.id, events: stream.history.length, proposedBy, requests },
    ...basis,
  }
  await erasures.append([event], acting.officer)
  const names = state.leadCaseId === null ? [] : [state.leadCaseId]
  const entries = await unit.eraseCase(stream.id, names)
  const stated: ErasureEvent = {
    type: 'erasureStated',
    ...{ erasureId, caseId: stream.id, events: entries.length, ...basis },
    entriesRoot: toHex(entriesRoot(kernel.primitives, entries)),
  }
  await erasures.append([stated], acting.officer)
  for (const release of out) await askToErase(place, release)
  return { erasureId }
}

/** What was sent and is not confirmed to be gone. What waits to leave is taken back instead. */
async function outThere({ unit, state }: ErasingCase): Promise<readonly Release[]> {
  const out: Release[] = []
  for (const release of state.releases.permitted) {
    const { sentAt, stopped, withdrawn, messageId } = release
    if (sentAt === null || stopped !== null || isMatch(release) || withdrawn?.done) continue
    if (messageId === null || !(await unit.takeBack(messageId))) out.push(release)
  }
  return out
}

function requestOf(
  place: ErasingCase,
  { releaseId, recipient, agreement }: Release,
): ErasureRequest {
  const { kernel, acting } = place
  const hasNode = kernel.peers.find(recipient) !== undefined
  const dueAt = hasNode ? addMs(acting.now, DELETION_MS) : null
  const caseId = nameOfCase(place)
  return { releaseId, recipient, caseId, dueAt, agreement: agreement?.id ?? null }
}

/** One that was called back before was told then, and answers that. */
async function askToErase(place: ErasingCase, release: Release): Promise<void> {
  const { kernel, unit, stream } = place
  const { releaseId, recipient, agreement, withdrawn } = release
  if (withdrawn || !kernel.peers.find(recipient)) return
  await unit.send({
    destination: recipient,
    type: 'retraction',
    objectId: stream.id,
    agreement: agreement?.digest ?? null,
    content: { caseId: nameOfCase(place), releaseId, cause: 'erased' },
  })
}
