/**
 * A peer's release says that a file follows. Nothing of it is here yet; what is checked
 * now is whether it may come at all, and what the sender's log says of it.
 */
import { Type } from '@sinclair/typebox'
import { equalBytes, fromHex, utf8 } from '../../base/bytes.ts'
import { canonicalText, type Json } from '../../base/canonical-json.ts'
import { type Decision, permit, refuse } from '../../base/decision.ts'
import { unverified } from '../../base/errors.ts'
import type { CaseEvent, CaseState } from '../../core/case/case.ts'
import type { Lineage } from '../../core/evidence/evidence.ts'
import { announceExhibit, type LoggedPlace } from '../../core/evidence/transfer.ts'
import { FILE_CATEGORY, fileFollowing } from '../../core/release/file-view.ts'
import { permittedRelease, type ReleaseView } from '../../core/release/release.ts'
import { parsePolicy } from '../../proof/policy.ts'
import { type EventOpening, verifyOpening } from '../../wire/event-opening.ts'
import { todaysEvent } from '../../wire/event-versions.ts'
import type { ContentOf } from '../../wire/exchange/contents.ts'
import { requireForm } from '../../wire/exchange/form.ts'
import { agreementStateOf } from '../agreements.ts'
import type { Receiving } from '../receive-message.ts'

/** Of what one peer may have on its way here at a time, however small. */
const FILES_PENDING_MAX = 100

type FileRelease = ContentOf<'release'>
type File = NonNullable<FileRelease['file']>

/** @throws ComityError `unverified` if the sender's proof is not one */
export async function announcedFile(
  receiving: Receiving,
  state: CaseState,
  { release, file }: FileRelease,
): Promise<Decision<readonly CaseEvent[]>> {
  const shown = fileFollowing(release.view as Parameters<typeof fileFollowing>[0])
  if (!file) return shown ? refuse('fileMissing', noFile) : permit([])
  const { kernel, origin, acting } = receiving
  const { digest, sizeBytes } = file.plaintext
  if (!isAsShown(file, release.view)) return refuse('fileMissing', noFile)
  // An id names one file in a case, from whichever side.
  if (permittedRelease(state.releases, release.releaseId)) return refuse('fileMissing', noFile)
  const bar = await tooMuch(receiving, sizeBytes)
  if (bar) return bar
  const announcement = {
    from: origin,
    releaseId: release.releaseId,
    exhibitId: kernel.random.uuidByTime(),
    name: file.name,
    mediaType: file.mediaType,
    file: { digest, sizeBytes },
    logged: await loggedPlace(receiving, file, release.agreement.id),
    ...lineageOf(file),
  }
  return announceExhibit(state.evidence, announcement, acting)
}

function isAsShown({ name, mediaType, plaintext }: File, view: FileRelease['release']['view']) {
  const said = { name, mediaType, ...plaintext }
  return canonicalText((view as ReleaseView)[FILE_CATEGORY] ?? null) === canonicalText(said)
}

async function tooMuch({ kernel, origin }: Receiving, sizeBytes: number) {
  if (sizeBytes > kernel.exhibits.fileBytesMax) {
    const text = 'the file is larger than this authority takes'
    return refuse('fileTooLarge', { rule: 'exchange:fileSize', text })
  }
  const waiting = (await kernel.registers.transfers()).filter(
    ({ isOurs, peer }) => !isOurs && peer === origin,
  )
  const pending = waiting.reduce((sum, row) => sum + row.sizeBytes, sizeBytes)
  const isFew = waiting.length < FILES_PENDING_MAX
  if (isFew && pending <= kernel.transfers.pendingBytesMax) return undefined
  const text = 'too much of this sender is still on its way; release it again later'
  return refuse('fileQuota', { rule: 'exchange:fileQuota', text })
}

/** Where the sender's log, as the agreement's witnesses saw it, commits to this file. */
async function loggedPlace(
  { kernel, origin }: Receiving,
  { exhibitId, plaintext, opening }: File,
  agreementId: string,
): Promise<LoggedPlace | null> {
  if (!opening) return null
  const { primitives, publicLog } = kernel
  const { document } = await agreementStateOf(kernel, agreementId)
  const policy = publicLog.withFollowers(parsePolicy(primitives, utf8(document?.quorum ?? '')))
  const place = verifyOpening(primitives, opening as unknown as EventOpening, policy)
  const sealed = todaysEvent(opening.envelope.event as { readonly type: string }) as {
    readonly type: string
    readonly exhibitId?: string
    readonly partsRoot?: string
  }
  // What came to the sender from a peer begins there with its arrival.
  const isBeginning = sealed.type === 'exhibitSealed' || sealed.type === 'exhibitReceived'
  const isSealing = isBeginning && sealed.exhibitId === exhibitId
  if (opening.envelope.node !== origin || !isSealing) {
    throw unverified('the opened event does not seal the file', { field: '/content/file/opening' })
  }
  const root = fromHex(sealed.partsRoot ?? '', '/content/file/opening/envelope/event/partsRoot')
  if (!equalBytes(root, fromHex(plaintext.digest))) {
    throw unverified('another file was sealed', { field: '/content/file/plaintext/digest' })
  }
  const { origin: log, leafIndex, treeSize } = place
  return { origin: log, leafIndex, treeSize }
}

/** What the opened event says of its original, if need be in the words of whoever made the copy: it was verified as the event that seals this file. */
export function lineageOf({ opening }: Pick<File, 'opening'>): { readonly lineage?: Lineage } {
  if (!opening) return {}
  const { scrub, lineage } = opening.envelope.event as {
    readonly scrub?: unknown
    readonly lineage?: unknown
  }
  if (lineage !== undefined) {
    const received = lineage as Json
    requireForm(LineageForm, received, LINEAGE_AT)
    return { lineage: received }
  }
  if (scrub === undefined) return {}
  const value = scrub as Json
  requireForm(ScrubForm, value, SCRUB_AT)
  const { input, tool, version } = value
  return { lineage: { ...input, tool, version } }
}

const SCRUB_AT = '/content/file/opening/envelope/event/scrub'
const LINEAGE_AT = '/content/file/opening/envelope/event/lineage'
const word = Type.String({ minLength: 1, maxLength: 60, pattern: '^[A-Za-z0-9._-]+$' })
const bytesOf = {
  digest: Type.String({ pattern: '^[0-9a-f]{64}$' }),
  sizeBytes: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
}
const tool = { tool: word, version: word }
/** As far as it is taken over; what was taken out is the sender's to say. */
const ScrubForm = Type.Object({
  input: Type.Object(bytesOf, { additionalProperties: false }),
  ...tool,
})
const LineageForm = Type.Object({ ...bytesOf, ...tool }, { additionalProperties: false })

const noFile = { rule: 'evidence:file', text: 'the file and what the release says of it differ' }
