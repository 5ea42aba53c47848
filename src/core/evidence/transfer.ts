/**
 * A file on its way between two authorities. The release comes first, as a message; the
 * bytes follow, sealed to the recipient, and arrive whole or not at all.
 *
 * Announced is not arrived, and arrived is not accepted. What did not arrive is recorded
 * with the reason, and nothing of it is kept on either side.
 */
import { permit } from '../../base/decision.ts'
import { changeWhere } from '../../base/lists.ts'
import type { Instant } from '../../base/time.ts'
import type { Acting, Recorded } from '../case/recorded.ts'
import { custody, type EvidenceDecision, newExhibitBar, no } from './decide-evidence.ts'
import type { EvidenceEvent, EvidenceState, FileFacts, Lineage } from './evidence.ts'

/** Why a file did not arrive. */
export const TRANSFER_FAILURES = ['digestMismatch', 'stopped', 'expired'] as const
export type TransferFailure = (typeof TRANSFER_FAILURES)[number]
export type TransferOutcome = 'arrived' | TransferFailure

/** The log entry of the sender that commits to the file: log origin and place. */
export type LoggedPlace = {
  readonly origin: string
  readonly leafIndex: number
  readonly treeSize: number
}

export type Announcement = {
  /** Node id of the authority that released. */
  readonly from: string
  readonly releaseId: string
  /** The id that it will have here. */
  readonly exhibitId: string
  readonly name: string
  readonly mediaType: string
  readonly file: FileFacts
  /** null: the sender could not show it, as in an emergency. */
  readonly logged: LoggedPlace | null
  /** Of a scrubbed copy, as the sender's opened event says it. */
  readonly lineage?: Lineage
}

export type TransferEvent =
  | ({ readonly type: 'exhibitAnnounced' } & Announcement)
  | {
      /** On both sides. */
      readonly type: 'exhibitTransferEnded'
      readonly releaseId: string
      /** Node id of the other side. */
      readonly peer: string
      readonly outcome: TransferOutcome
    }

/** `announced`: of what comes; null: of what this authority sent. */
export type Transfer = {
  readonly releaseId: string
  readonly peer: string
  readonly announced: (Announcement & { readonly at: Instant }) | null
  readonly ended: { readonly outcome: TransferOutcome; readonly at: Instant } | null
}

type Transfers = Pick<EvidenceState, 'transfers'>

export function announceExhibit(
  state: EvidenceState,
  announcement: Announcement,
  _acting: Acting,
): EvidenceDecision {
  const { releaseId } = announcement
  const isKnown = state.transfers.some((one) => one.releaseId === releaseId)
  if (isKnown) return no('exhibitExists', 'the file was announced')
  const bar = newExhibitBar(state, asExhibit(announcement, announcement.file))
  return bar ?? permit([{ type: 'exhibitAnnounced', ...announcement }])
}

/** What lies here now: sealed anew, under a key of its own, with the plaintext that was found. */
export type ArrivedFile = {
  readonly digest: string
  readonly sizeBytes: number
  readonly plaintext: FileFacts
}

/** The bytes have come. Other bytes than those of the release are refused. */
export function arriveExhibit(
  state: EvidenceState,
  { releaseId, from, arrived }: TransferRef & { readonly arrived: ArrivedFile },
  { officer }: Acting,
): EvidenceDecision {
  const announced = openTransfer(state, { releaseId, from })
  if (!announced) return no('unknownExhibit', 'nobody announced this file')
  const { file, logged, lineage, name, mediaType, exhibitId } = announced
  const { plaintext } = arrived
  if (plaintext.digest !== file.digest || plaintext.sizeBytes !== file.sizeBytes) {
    return no('digestMismatch', 'the bytes that arrived are not those of the release')
  }
  const exhibit = { ...asExhibit({ exhibitId, name, mediaType }, file), ...sealedAs(arrived) }
  const bar = newExhibitBar(state, exhibit)
  if (bar) return bar
  const derivation = logged && {
    ...{ exhibitId, partsRoot: file.digest, ...logged },
    ...{ shownParts: [0], redactedParts: [] },
  }
  const events: EvidenceEvent[] = [
    {
      type: 'exhibitReceived',
      ...exhibit,
      ...{ from, releaseId, derivedFrom: null, redactions: [] },
      ...(lineage ? { lineage } : {}),
    },
    custody(exhibit, 'received', officer, `release ${releaseId} from ${from}`),
    ...(derivation ? [{ type: 'derivationVerified' as const, ...derivation }] : []),
    { type: 'exhibitTransferEnded', releaseId, peer: from, outcome: 'arrived' },
  ]
  return permit(events)
}

/** At the recipient: it will not come, or not as it was released. */
export function failTransfer(
  state: EvidenceState,
  { releaseId, from, outcome }: TransferRef & { readonly outcome: TransferFailure },
): EvidenceDecision {
  if (!openTransfer(state, { releaseId, from })) return permit([])
  return permit([{ type: 'exhibitTransferEnded', releaseId, peer: from, outcome }])
}

/** At the sender: it stopped, or the recipient says what became of it. Said twice, it changes nothing. */
export function endTransfer(
  state: Transfers,
  command: {
    readonly releaseId: string
    readonly peer: string
    readonly outcome: TransferOutcome
  },
): EvidenceDecision {
  if (transferOf(state, command.releaseId, command.peer)) return permit([])
  return permit([{ type: 'exhibitTransferEnded', ...command }])
}

type TransferRef = { readonly releaseId: string; readonly from: string }

export function transferOf(
  { transfers }: Transfers,
  releaseId: string,
  peer: string,
): Transfer | undefined {
  return transfers.find((one) => one.releaseId === releaseId && one.peer === peer)
}

/** What a peer announced and has not come. */
export function openTransfer(
  state: Transfers,
  { releaseId, from }: TransferRef,
): Transfer['announced'] {
  const transfer = transferOf(state, releaseId, from)
  return transfer && !transfer.ended ? transfer.announced : null
}

export function foldTransfers(
  transfers: readonly Transfer[],
  { event, at }: Pick<Recorded<TransferEvent>, 'event' | 'at'>,
): readonly Transfer[] {
  if (event.type === 'exhibitAnnounced') {
    const { type: _, ...announced } = event
    const { releaseId, from: peer } = announced
    return [...transfers, { releaseId, peer, announced: { ...announced, at }, ended: null }]
  }
  const { releaseId, peer, outcome } = event
  const ended = { outcome, at }
  if (!transferOf({ transfers }, releaseId, peer)) {
    return [...transfers, { releaseId, peer, announced: null, ended }]
  }
  const isIt = (one: Transfer) => one.releaseId === releaseId && one.peer === peer
  return changeWhere(transfers, isIt, (one) => ({ ...one, ended }))
}

const sealedAs = ({ digest, sizeBytes }: ArrivedFile) => ({ digest, sizeBytes })

/** Until it has come, nobody knows the bytes that will lie here. */
function asExhibit(
  {
    exhibitId,
    name,
    mediaType,
  }: { readonly exhibitId: string; readonly name: string; readonly mediaType: string },
  file: FileFacts,
) {
  const { digest, sizeBytes } = file
  return { exhibitId, name, mediaType, digest, sizeBytes, partsRoot: digest, parts: 1, file }
}
