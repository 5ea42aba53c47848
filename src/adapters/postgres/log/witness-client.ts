/**
 * Asks a witness for its cosignature (C2SP tlog-witness). An answer counts only
 * when its signature verifies under the key that is known for that witness.
 */
import { equalBytes, textFromUtf8, toHex, utf8 } from '../../../base/bytes.ts'
import { invariant, unavailable, unverified } from '../../../base/errors.ts'
import type { Verified } from '../../../base/verified.ts'
import { formatAddCheckpoint } from '../../../proof/add-checkpoint.ts'
import { type Checkpoint, verifyCheckpoint } from '../../../proof/checkpoint.ts'
import { verifyConsistency } from '../../../proof/consistency.ts'
import { verifyCosignatures } from '../../../proof/cosignature.ts'
import { parseDecimal } from '../../../proof/decimal.ts'
import {
  formatSignatureLine,
  knownSignatures,
  NOTE_SIZE_MAX,
  parseSignatureLines,
  parseSignedNote,
  type SignedNote,
} from '../../../proof/signed-note.ts'
import type { TreeHead } from '../../../proof/tree-hash.ts'
import { formatVkey, type NoteKey } from '../../../proof/vkey.ts'
import { wasSigned } from './log-head.ts'
import type { KnownWitness, SequencerParts } from './sequencer-parts.ts'
import { MustFreeze } from './stop-signals.ts'
import { sizeOf } from './tables.ts'
import { consistencyFromTiles } from './tile-reader.ts'

export type SignedHead = TreeHead & { readonly note: SignedNote }

const TIMEOUT_MS = 5000
const SIZE_MEDIA_TYPE = 'text/x.tlog.size'

/**
 * Has a head cosigned and stores the line of each key that is known for the witness.
 *
 * @throws ComityError if the witness does not answer, or not rightly
 * @throws MustFreeze if it shows a checkpoint of ours that our head does not extend
 */
export async function requestCosignature(
  parts: SequencerParts,
  witness: KnownWitness,
  head: SignedHead,
): Promise<void> {
  let oldSize = await cursorOf(parts, witness)
  // Once more if the witness names another old size than we remember.
  let isTold = false
  for (let attempt = 0; attempt < 2; attempt++) {
    const answer = await submit(parts, witness, head, oldSize)
    if (answer.status === 404 && !isTold && parts.notices?.length) {
      isTold = true
      attempt -= 1
      await tellNotices(parts, witness)
      continue
    }
    if (answer.status === 200) return storeCosignature(parts, witness, head, answer.body)
    if (answer.status !== 409 || answer.mediaType !== SIZE_MEDIA_TYPE) {
      if (answer.status === 422) await compareWith(parts, witness, head)
      throw unavailable(`witness ${witness.key.name} answered ${answer.status}`)
    }
    oldSize = parseDecimal(textFromUtf8(answer.body).replace(/\n$/, ''), 'size')
    if (oldSize > head.treeSize) {
      await compareWith(parts, witness, head)
      throw unavailable(`witness ${witness.key.name} claims a larger log`)
    }
  }
  throw unavailable(`witness ${witness.key.name} changes its old size`)
}

/** Tells a witness why this log follows another one. @throws ComityError if it does not accept */
async function tellNotices(parts: SequencerParts, { key, url }: KnownWitness): Promise<void> {
  for (const notice of parts.notices ?? []) {
    const answer = await exchange(parts, `${url}/log-notice`, {
      method: 'POST',
      body: new Uint8Array(notice),
    })
    if (answer.status !== 200) {
      throw unavailable(`witness ${key.name} answered ${answer.status} to the notice`)
    }
  }
}

/**
 * Compares our head with the checkpoint that a witness holds: after a restore
 * from backup it may be ahead of us. Only our own signature counts as evidence.
 *
 * @throws MustFreeze if our head does not extend that checkpoint
 */
export async function compareWith(
  parts: SequencerParts,
  witness: KnownWitness,
  head: TreeHead,
): Promise<void> {
  const path = `${toHex(parts.primitives.sha256(utf8(parts.origin)))}/checkpoint`
  const answer = await exchange(parts, `${witness.url}/${path}`, { method: 'GET' })
  if (answer.status === 404) return
  if (answer.status !== 200) {
    throw unavailable(`witness ${witness.key.name} answered ${answer.status}`)
  }
  const note = parseSignedNote(answer.body)
  const seen = verifyCheckpoint(parts.primitives, note, [parts.signer.key])
  if (!(await isExtended(parts, seen, head))) {
    throw new MustFreeze(`witness ${witness.key.name} holds a head of ours that is not in our log`)
  }
}

async function isExtended(
  parts: SequencerParts,
  seen: Verified<Checkpoint>,
  head: TreeHead,
): Promise<boolean> {
  if (seen.treeSize === 0) return true
  // It may have a head that we signed while it let us wait: whoever reads our log can send it.
  if (seen.treeSize > head.treeSize) return wasSigned(parts.database, seen)
  if (seen.treeSize === head.treeSize) return equalBytes(seen.rootHash, head.rootHash)
  const proof = await proofTo(parts, seen.treeSize, head.treeSize)
  try {
    verifyConsistency(parts.primitives, seen, head, proof)
    return true
  } catch {
    // Our own proof leads elsewhere: the checkpoint is of another history.
    return false
  }
}

async function submit(
  parts: SequencerParts,
  { url }: KnownWitness,
  { note, treeSize }: SignedHead,
  oldSize: number,
): Promise<Answer> {
  const proof = await proofTo(parts, oldSize, treeSize)
  const body = new Uint8Array(formatAddCheckpoint({ oldSize, proof, note }))
  return exchange(parts, `${url}/add-checkpoint`, { method: 'POST', body })
}

async function proofTo(
  { primitives, directory }: SequencerParts,
  oldSize: number,
  newSize: number,
): Promise<Uint8Array[]> {
  if (oldSize === 0 || oldSize === newSize) return []
  return consistencyFromTiles(primitives, directory, oldSize, newSize)
}

async function storeCosignature(
  { database, primitives }: SequencerParts,
  { key, moreKeys = [] }: KnownWitness,
  { note, treeSize }: SignedHead,
  body: Uint8Array,
): Promise<void> {
  const answered = { text: note.text, signatures: parseSignatureLines(textFromUtf8(body)) }
  const cosignatures = verifyCosignatures(primitives, answered, [key, ...moreKeys])
  if (cosignatures.length === 0) {
    throw unverified(`witness ${key.name} answered without its cosignature`)
  }
  await database.transaction().execute(async (tx) => {
    for (const { key: signedBy, timeSeconds } of cosignatures) {
      const line = lineOf(answered, signedBy)
      const time = { line, time_seconds: timeSeconds }
      await tx
        .insertInto('log_cosig')
        .values({ size: treeSize, witness: formatVkey(signedBy), first_line: line, ...time })
        .onConflict((conflict) => conflict.columns(['size', 'witness']).doUpdateSet(time))
        .execute()
    }
    await tx
      .insertInto('witness_cursor')
      .values({ witness: formatVkey(key), last_size: treeSize })
      .onConflict((conflict) => conflict.column('witness').doUpdateSet({ last_size: treeSize }))
      .execute()
  })
}

function lineOf({ text, signatures }: SignedNote, key: NoteKey): string {
  const own = signatures.find(
    (line) => knownSignatures({ text, signatures: [line] }, [key]).length > 0,
  )
  invariant(own !== undefined, 'a verified cosignature has its line')
  return formatSignatureLine(own)
}

async function cursorOf({ database }: SequencerParts, { key }: KnownWitness): Promise<number> {
  const row = await database
    .selectFrom('witness_cursor')
    .select('last_size')
    .where('witness', '=', formatVkey(key))
    .executeTakeFirst()
  return row === undefined ? 0 : sizeOf(row.last_size)
}

type Answer = {
  readonly status: number
  readonly mediaType: string | null
  readonly body: Uint8Array
}

async function exchange(
  { witnessTimeoutMs = TIMEOUT_MS, stopSignal }: SequencerParts,
  url: string,
  init: RequestInit,
): Promise<Answer> {
  try {
    const timeout = AbortSignal.timeout(witnessTimeoutMs)
    const signal = stopSignal ? AbortSignal.any([timeout, stopSignal]) : timeout
    const response = await fetch(url, { ...init, signal, redirect: 'error' })
    const { status, headers } = response
    return { status, mediaType: headers.get('content-type'), body: await readBody(response) }
  } catch (cause) {
    throw unavailable('witness cannot be reached', { cause })
  }
}

async function readBody({ body }: Response): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of body ?? []) {
    size += chunk.length
    if (size > NOTE_SIZE_MAX) throw unavailable('answer is too long')
    chunks.push(chunk)
  }
  return new Uint8Array(Buffer.concat(chunks))
}
