/**
 * Fetches the files that peers announced, piece by piece, and goes on where it was cut. A
 * file becomes an exhibit when all of it has come, its digest is right, and nothing stands
 * against it; else nothing of it is kept, and both sides record why.
 */
import { ComityError } from '../../base/errors.ts'
import { addMs, type Instant, SECOND_MS } from '../../base/time.ts'
import { requireNamed } from '../../core/agreement/agreement.ts'
import type { CaseState } from '../../core/case/case.ts'
import {
  type Announcement,
  arriveExhibit,
  failTransfer,
  openTransfer,
  type TransferFailure,
  type TransferOutcome,
} from '../../core/evidence/transfer.ts'
import { DELETING } from '../../core/release/follow-duties.ts'
import type { ReceivedRelease } from '../../core/release/release.ts'
import { retractionOf } from '../../core/release/retraction.ts'
import type { TrackedDuty } from '../../core/release/tracked-duty.ts'
import { PIECE_BYTES, sealedBytesMax } from '../../wire/exchange/file-transfer.ts'
import { actingAs } from '../acting.ts'
import { agreementStateOf } from '../agreements.ts'
import { foldCaseStream } from '../case-stream.ts'
import { nameOfCase } from '../joint-case.ts'
import type { Kernel } from '../kernel.ts'
import type { FileSeal } from '../ports/exhibits.ts'
import type { TransferRow } from '../ports/registers.ts'
import type { OpenStream, Unit } from '../ports/streams.ts'
import type { SealedBytes } from '../ports/transfers.ts'
import { caseStateOf } from '../receive-message.ts'
import { ASKED_MS, FILE_TRAVEL_MS } from './lend-files.ts'

/** One run takes so long at most: the next goes on. */
const RUN_MS = 5 * SECOND_MS

export type FileTurns = {
  /** Begins a turn for each peer that has none under way, and waits for no turn. */
  begin(): Promise<void>
  /** When the turns under way are over. */
  ended(): Promise<void>
}

/** Peers side by side, the files of each in their order: none waits for another peer's turn. */
export function fileTurns(kernel: Kernel, onFault: (error: unknown) => void): FileTurns {
  const turns = new Map<string, Promise<void>>()
  const beginTurn = (peer: string, rows: readonly TransferRow[]) => {
    const until = addMs(kernel.clocks.wireNow(), RUN_MS)
    const turn = fetchFrom(kernel, rows, { until, onFault }).finally(() => turns.delete(peer))
    turns.set(peer, turn)
  }
  return {
    async begin() {
      const coming = (await kernel.registers.transfers()).filter(({ isOurs }) => !isOurs)
      for (const peer of new Set(coming.map((row) => row.peer))) {
        if (!turns.has(peer)) beginTurn(peer, withinQuota(kernel, coming, peer))
      }
    },
    async ended() {
      await Promise.all(turns.values())
    },
  }
}

/** A peer that does not answer ends its turn. */
async function fetchFrom(
  kernel: Kernel,
  rows: readonly TransferRow[],
  { until, onFault }: { readonly until: Instant; readonly onFault: (error: unknown) => void },
): Promise<void> {
  for (const row of rows) {
    if (kernel.clocks.wireNow() >= until) return
    try {
      await fetchOne(kernel, row, until)
    } catch (error) {
      onFault(error)
      if (error instanceof ComityError && error.code === 'unavailable') return
    }
  }
}

/** Whatever was announced together: no more than this lies here at a time. */
function withinQuota(
  { transfers }: Kernel,
  coming: readonly TransferRow[],
  peer: string,
): readonly TransferRow[] {
  let sum = 0
  return coming.filter((row) => {
    if (row.peer !== peer) return false
    sum += row.sizeBytes
    return sum <= transfers.pendingBytesMax
  })
}

async function fetchOne(kernel: Kernel, row: TransferRow, until: Instant): Promise<void> {
  const announced = await stillExpected(kernel, row)
  if (!announced) return
  const { transfers } = kernel
  const { peer, releaseId } = row
  const asked = await transfers.ask(peer, releaseId)
  if (asked.kind === 'later') return
  if (asked.kind === 'stopped') return fail(kernel, row, 'stopped')
  const sealed = asked.value
  if (sealed.sizeBytes > sealedBytesMax(announced.file.sizeBytes)) {
    return fail(kernel, row, 'digestMismatch')
  }
  // A peer that seals anew each time would fill this disk with beginnings.
  await transfers.dropArrived(releaseId, sealed.digest)
  if (await fetchPieces(kernel, row, sealed, until)) await arrive(kernel, row, announced, sealed)
}

/** True when all of it is here. */
async function fetchPieces(
  kernel: Kernel,
  row: TransferRow,
  { digest, sizeBytes }: SealedBytes,
  until: Instant,
): Promise<boolean> {
  const { transfers, clocks } = kernel
  const { peer, releaseId } = row
  let have = await transfers.arrivedBytes(releaseId, digest)
  let askedAt = clocks.wireNow()
  while (have < sizeBytes) {
    const now = clocks.wireNow()
    if (now >= until) return false
    if (now >= addMs(askedAt, ASKED_MS)) {
      if (!(await stillExpected(kernel, row))) return false
      askedAt = now
    }
    const piece = await transfers.askPiece(peer, releaseId, have)
    if (piece.kind === 'later') return false
    const wanted = Math.min(PIECE_BYTES, sizeBytes - have)
    if (piece.kind === 'stopped' || piece.value.length !== wanted) {
      await fail(kernel, row, piece.kind === 'stopped' ? 'stopped' : 'digestMismatch')
      return false
    }
    await transfers.append({ releaseId, digest, from: have }, piece.value)
    have += piece.value.length
  }
  return have === sizeBytes
}

/** Undefined: it is no more, or that it stopped was recorded now. */
async function stillExpected(kernel: Kernel, row: TransferRow): Promise<Announcement | undefined> {
  const view = await kernel.streams.read(row.caseId)
  if (view?.kind !== 'case') return undefined
  const state = foldCaseStream(view.history)
  const announced = openTransfer(state.evidence, { releaseId: row.releaseId, from: row.peer })
  const against = announced && (await whyNot(kernel, row, state))
  if (!against) return announced ?? undefined
  await fail(kernel, row, against)
  return undefined
}

/** At this end: it was called back, the agreement binds no more, or it takes too long. */
async function whyNot(
  kernel: Kernel,
  { releaseId, peer }: TransferRow,
  { releases, evidence }: CaseState,
): Promise<TransferFailure | undefined> {
  const announced = openTransfer(evidence, { releaseId, from: peer })
  const release = releases.received.find((one) => one.releaseId === releaseId)
  if (!announced || !release || isGone(release) || retractionOf(releases, releaseId, peer)) {
    return 'stopped'
  }
  const now = kernel.clocks.caseNow()
  if (now >= addMs(announced.at, FILE_TRAVEL_MS)) return 'expired'
  const agreement = await agreementStateOf(kernel, release.agreement.id)
  const binds = requireNamed(agreement, release.agreement, now)
  return binds.decision === 'refuse' ? 'stopped' : undefined
}

/** Said to be deleted before it came: nothing of it is to lie here afterwards. */
function isGone({ destroyedAt, duties }: ReceivedRelease): boolean {
  const isDeleted = ({ kind, dischargedAt }: TrackedDuty) =>
    DELETING.includes(kind) && dischargedAt !== null
  return destroyedAt !== null || duties.some(isDeleted)
}

async function arrive(
  kernel: Kernel,
  row: TransferRow,
  { exhibitId }: Announcement,
  { digest }: SealedBytes,
): Promise<void> {
  const { exhibits, transfers } = kernel
  const { caseId, releaseId } = row
  // Of a run that was stopped between sealing and recording.
  await exhibits.dropFile(exhibitId)
  const taken = await transfers.take({ caseId, exhibitId }, { releaseId, digest })
  if (!taken) return fail(kernel, row, 'digestMismatch')
  const outcome = await recordArrival(kernel, row, taken).catch(async (error) => {
    await exhibits.dropFile(exhibitId)
    throw error
  })
  await (outcome === 'arrived' ? exhibits.settleFile(exhibitId) : exhibits.dropFile(exhibitId))
  await transfers.dropArrived(releaseId)
}

async function recordArrival(
  kernel: Kernel,
  row: TransferRow,
  arrived: FileSeal,
): Promise<TransferOutcome> {
  const { releaseId, peer } = row
  const acting = actingAs({ id: peer, roles: [] }, kernel)
  return inCase(kernel, row, async (state, end) => {
    // Somebody may have called it back while it was sealed.
    const against = await whyNot(kernel, row, state)
    if (against)
      return end(failTransfer(state.evidence, { ...ref(row), outcome: against }), against)
    const decided = arriveExhibit(state.evidence, { releaseId, from: peer, arrived }, acting)
    if (decided.decision === 'permit') return end(decided, 'arrived')
    const outcome = 'digestMismatch'
    return end(failTransfer(state.evidence, { ...ref(row), outcome }), outcome)
  })
}

async function fail(kernel: Kernel, row: TransferRow, outcome: TransferFailure): Promise<void> {
  await inCase(kernel, row, (state, end) =>
    end(failTransfer(state.evidence, { ...ref(row), outcome }), outcome),
  )
  await kernel.transfers.dropArrived(row.releaseId)
}

const ref = ({ releaseId, peer: from }: TransferRow) => ({ releaseId, from })

type End = (
  decided: ReturnType<typeof failTransfer>,
  outcome: TransferOutcome,
) => Promise<TransferOutcome>

/** What is recorded here is told to the sender in the same transaction. */
async function inCase(
  kernel: Kernel,
  row: TransferRow,
  decide: (state: CaseState, end: End) => Promise<TransferOutcome>,
): Promise<TransferOutcome> {
  return kernel.streams.transact(async (unit) => {
    const stream = await unit.open(row.caseId)
    const state = caseStateOf(stream)
    if (!stream || !state) return 'stopped'
    return decide(state, async (decided, outcome) => {
      if (decided.decision === 'refuse' || decided.value.length === 0) return 'stopped'
      await stream.append(decided.value, row.peer)
      await tell(kernel, { unit, stream, state }, row, outcome)
      return outcome
    })
  })
}

async function tell(
  kernel: Kernel,
  {
    unit,
    stream,
    state,
  }: { readonly unit: Unit; readonly stream: OpenStream; readonly state: CaseState },
  { releaseId, peer }: TransferRow,
  outcome: TransferOutcome,
): Promise<void> {
  if (!kernel.peers.find(peer)) return
  await unit.send({
    destination: peer,
    type: 'fileTransfer',
    objectId: releaseId,
    // It says that nothing came, too, where the agreement binds no more.
    agreement: null,
    content: { caseId: nameOfCase({ stream, state }), releaseId, outcome },
  })
}
