/**
 * Files that were released and have not arrived: the recipient fetches them, sealed to it.
 *
 * That it was released once is not enough: whether it may still leave is asked again while
 * it travels, at most a moment before each piece. What may no longer leave stops, is
 * recorded, and nothing of it stays here.
 */
import { isUuid } from '../../base/ids.ts'
import { addMs, DAY_MS, type Instant, SECOND_MS } from '../../base/time.ts'
import type { CaseEvent, CaseState } from '../../core/case/case.ts'
import { exhibitOf } from '../../core/evidence/evidence.ts'
import { endTransfer, type TransferFailure } from '../../core/evidence/transfer.ts'
import { fileFollowing } from '../../core/release/file-view.ts'
import { permittedRelease, type Release } from '../../core/release/release.ts'
import type { ContentOf } from '../../wire/exchange/contents.ts'
import { foldCaseStream } from '../case-stream.ts'
import { jointCase } from '../joint-case.ts'
import type { Kernel } from '../kernel.ts'
import { againstLeaving } from '../leaving.ts'
import type { MessageOutcome } from '../ports/exchange.ts'
import type { TransferRow } from '../ports/registers.ts'
import type { SealedBytes } from '../ports/transfers.ts'
import { applyTo, caseStateOf, type Receiving, rejected } from '../receive-message.ts'

export type Lent<Value> =
  | { readonly kind: 'lent'; readonly value: Value }
  | { readonly kind: 'later' }
  /** Also where there is no such release for this peer. */
  | { readonly kind: 'gone' }

export type FileLender = {
  file(peer: string, releaseId: string): Promise<Lent<SealedBytes>>
  piece(peer: string, releaseId: string, from: number): Promise<Lent<Uint8Array>>
}

const GONE = { kind: 'gone' } as const
const LATER = { kind: 'later' } as const
/** So old may the last yes be, on both sides. */
export const ASKED_MS = SECOND_MS
/** So long may a file travel. */
export const FILE_TRAVEL_MS = 30 * DAY_MS

export function fileLender(kernel: Kernel): FileLender {
  const askedAt = new Map<string, Instant>()
  const mayLeave = async (peer: string, releaseId: string): Promise<TransferRow | undefined> => {
    const rows = await kernel.registers.transfers(releaseId)
    const row = rows.find((one) => one.isOurs && one.peer === peer)
    const now = kernel.clocks.wireNow()
    const last = askedAt.get(releaseId)
    if (row && last !== undefined && last <= now && now < addMs(last, ASKED_MS)) return row
    // Who has not come back for a moment is asked about anew: nobody is remembered for longer.
    for (const [each, at] of askedAt)
      if (at > now || now >= addMs(at, ASKED_MS)) askedAt.delete(each)
    if (!row || !(await mayGoOn(kernel, row))) return undefined
    askedAt.set(releaseId, now)
    return row
  }
  return {
    async file(peer, releaseId) {
      const row = await mayLeave(peer, releaseId)
      const copy = row && (await copyOf(kernel, row))
      if (!copy) return GONE
      const value = await kernel.transfers.sealedFor({ ...copy, peer })
      return value ? { kind: 'lent', value } : LATER
    },
    async piece(peer, releaseId, from) {
      if (!(await mayLeave(peer, releaseId))) return GONE
      const value = await kernel.transfers.pieceFor(releaseId, from)
      return value ? { kind: 'lent', value } : LATER
    },
  }
}

/** For each that is still on its way from here; run again and again. */
export async function watchLeavingFiles(kernel: Kernel): Promise<void> {
  const rows = await kernel.registers.transfers()
  const isOnItsWay = async (releaseId: string) =>
    isUuid(releaseId) && (await kernel.registers.transfers(releaseId)).length > 0
  await kernel.transfers.keepOnly(isOnItsWay)
  for (const row of rows) if (row.isOurs) await mayGoOn(kernel, row)
}

/** What the recipient says became of it. */
export async function receiveFileTransfer(
  { kernel, unit, origin }: Receiving,
  { caseId, releaseId, outcome }: ContentOf<'fileTransfer'>,
): Promise<MessageOutcome> {
  const stream = await jointCase(unit, origin, caseId)
  const state = caseStateOf(stream)
  const release = state && permittedRelease(state.releases, releaseId)
  const isTheirs = release?.recipient === origin && release.sentAt !== null
  if (!stream || !state || !isTheirs || !fileFollowing(release.view)) {
    return rejected('evidence:sentHere', 'missing-reference')
  }
  const ended = endTransfer(state.evidence, { releaseId, peer: origin, outcome })
  const applied = await applyTo(stream, origin, ended)
  await kernel.transfers.dropSealed(releaseId)
  return applied
}

async function copyOf(kernel: Kernel, { caseId, releaseId }: TransferRow) {
  const view = await kernel.streams.read(caseId)
  const release = view && permittedRelease(foldCaseStream(view.history).releases, releaseId)
  const plaintext = fileFollowing(release?.view ?? null)?.digest
  const exhibitId = release?.exhibitId
  return plaintext === undefined || exhibitId === undefined
    ? undefined
    : { releaseId, exhibitId, plaintext }
}

/** False: it stopped, and that is recorded. */
async function mayGoOn(kernel: Kernel, { caseId, releaseId }: TransferRow): Promise<boolean> {
  const view = await kernel.streams.read(caseId)
  if (view?.kind !== 'case') return false
  if (!(await whyStopped(kernel, caseId, foldCaseStream(view.history), releaseId))) return true
  return kernel.streams.transact(async (unit) => {
    const stream = await unit.open(caseId)
    const state = caseStateOf(stream)
    const outcome = state && (await whyStopped(kernel, caseId, state, releaseId))
    if (!stream || !outcome) return stream !== undefined
    const peer = permittedRelease(state.releases, releaseId)?.recipient ?? ''
    const ended = endTransfer(state.evidence, { releaseId, peer, outcome })
    if (ended.decision === 'permit' && ended.value.length > 0) {
      await stream.append(ended.value as readonly CaseEvent[], kernel.node.id)
    }
    await kernel.transfers.dropSealed(releaseId)
    return false
  })
}

async function whyStopped(
  kernel: Kernel,
  caseId: string,
  state: CaseState,
  releaseId: string,
): Promise<TransferFailure | undefined> {
  const release = permittedRelease(state.releases, releaseId)
  if (!release?.sentAt) return 'stopped'
  if (kernel.clocks.caseNow() >= addMs(release.sentAt, FILE_TRAVEL_MS)) return 'expired'
  const exhibit = exhibitOf(state.evidence, release.exhibitId ?? '')
  if (!exhibit || exhibit.isDestroyed || wasTurnedAway(release)) return 'stopped'
  return (await againstLeaving(kernel, caseId, state, release)) ? 'stopped' : undefined
}

/** The message itself was not applied: nobody expects its bytes. */
function wasTurnedAway({ receipt }: Release): boolean {
  return receipt?.status === 'rejected' || receipt?.status === 'expired'
}
