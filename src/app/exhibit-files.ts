/**
 * Files as exhibits: taken in as a stream, given out as one, shown in part.
 *
 * Who asks is decided before a byte is read, and again with the record. A file whose
 * stream breaks off, grows too large or is refused at the end leaves nothing. What goes
 * out is on record before its first byte leaves.
 */
import { type Decision, permit, refuse } from '../base/decision.ts'
import { malformed } from '../base/errors.ts'
import { addMs, HOUR_MS } from '../base/time.ts'
import type { Acting } from '../core/case/recorded.ts'
import { exhibitOf } from '../core/evidence/evidence.ts'
import { decideCaseAccess } from './access.ts'
import type { ActDone } from './act.ts'
import { downloadFile, sealFile } from './acts/file-acts.ts'
import { foldCaseStream } from './case-stream.ts'
import type { Kernel } from './kernel.ts'
import type { ByteStream, FileSeal } from './ports/exhibits.ts'

export type SentFile = {
  readonly name: string
  readonly mediaType: string
  readonly purpose: string
  readonly bytes: ByteStream
  /** SHA-256 that the sender says its bytes have, lower-case hex. */
  readonly saidDigest?: string | undefined
}

/** @throws ComityError `malformed` with reason `file-size`, or whatever breaks the stream */
export async function takeFile(
  kernel: Kernel,
  caseId: string,
  acting: Acting,
  { bytes, saidDigest, ...file }: SentFile,
): Promise<Decision<ActDone>> {
  const access = await decideCaseAccess(kernel, caseId, sealFile.action, acting)
  if (access.decision === 'refuse') return access
  const { exhibits, random, clocks } = kernel
  const exhibitId = random.uuidByTime()
  const limited = withinLimit(bytes, exhibits.fileBytesMax)
  const sealed = await exhibits.takeFile({ caseId, exhibitId }, limited)
  const drop = () => exhibits.dropFile(exhibitId)
  const decision = await recordFile(
    kernel,
    caseId,
    { exhibitId, sealed, saidDigest, file },
    {
      ...acting,
      now: clocks.caseNow(),
    },
  ).catch(async (error) => {
    await drop()
    throw error
  })
  await (decision.decision === 'permit' ? exhibits.settleFile(exhibitId) : drop())
  return decision
}

async function recordFile(
  kernel: Kernel,
  caseId: string,
  taken: {
    readonly exhibitId: string
    readonly sealed: FileSeal
    readonly saidDigest: string | undefined
    readonly file: Omit<SentFile, 'bytes' | 'saidDigest'>
  },
  acting: Acting,
): Promise<Decision<ActDone>> {
  const { exhibitId, sealed, saidDigest, file } = taken
  if (saidDigest !== undefined && saidDigest !== sealed.plaintext.digest) {
    const text = 'the bytes that arrived are not those whose digest was named'
    return refuse('digestMismatch', { rule: 'evidence:digestMismatch', text })
  }
  return sealFile.run(kernel, caseId, { input: { exhibitId, ...file, ...sealed }, acting })
}

async function* withinLimit(bytes: ByteStream, limit: number): ByteStream {
  let size = 0
  for await (const chunk of bytes) {
    size += chunk.length
    if (size > limit)
      throw malformed('the file is too large', { field: 'file', reason: 'file-size' })
    yield chunk
  }
}

export type OpenedFile = {
  readonly name: string
  readonly mediaType: string
  readonly sizeBytes: number
  readonly bytes: ByteStream
}

/** For the officer who asks, and recorded as such. */
export async function openFile(
  kernel: Kernel,
  caseId: string,
  acting: Acting,
  input: {
    readonly exhibitId: string
    readonly purpose: string
    readonly whyOriginal?: string
  },
): Promise<Decision<OpenedFile>> {
  const decided = await downloadFile.run(kernel, caseId, { input, acting })
  if (decided.decision === 'refuse') return decided
  return permit(await openedFile(kernel, caseId, input.exhibitId), ...decided.because)
}

export async function openedFile(
  kernel: Kernel,
  caseId: string,
  exhibitId: string,
): Promise<OpenedFile> {
  const stream = await kernel.streams.read(caseId)
  const exhibit = stream && exhibitOf(foldCaseStream(stream.history).evidence, exhibitId)
  if (!exhibit?.file) throw malformed('there is no such file', { reason: 'not-found' })
  const { name, mediaType, file } = exhibit
  return {
    name,
    mediaType,
    sizeBytes: file.sizeBytes,
    bytes: await kernel.exhibits.openFile(exhibitId),
  }
}

const STAGED_MAX_MS = 24 * HOUR_MS

/**
 * Files, exhibits and hand-overs that were sealed and never recorded: the act was refused, or the node
 * was stopped in between.
 */
export async function sweepFiles(kernel: Kernel): Promise<void> {
  const { exhibits, streams, clocks } = kernel
  for (const { caseId, exhibitId } of await exhibits.stagedBefore(
    addMs(clocks.wireNow(), -STAGED_MAX_MS),
  )) {
    const stream = await streams.read(caseId)
    const state = stream && foldCaseStream(stream.history)
    const isRecorded =
      state &&
      (exhibitOf(state.evidence, exhibitId) ||
        state.desk.handOvers.some(({ handOverId }) => handOverId === exhibitId))
    await (isRecorded ? exhibits.settleFile(exhibitId) : exhibits.dropFile(exhibitId))
  }
}
