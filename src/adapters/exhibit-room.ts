/**
 * The exhibit room on this machine: a worker process for each act, and ciphertext in
 * the blob store. Each exhibit has an age identity of its own, wrapped by the node's
 * key: without its row nobody opens it again.
 */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { ExhibitPlace, ExhibitSeal, Exhibits, RedactedExhibit } from '../app/ports/exhibits.ts'
import {
  type Bytes,
  fromBase64,
  fromHex,
  textFromUtf8,
  toBase64,
  toHex,
  utf8,
} from '../base/bytes.ts'
import { ComityError, invariant, unavailable, unverified } from '../base/errors.ts'
import { requireUuid } from '../base/ids.ts'
import type { RedactedRecord } from '../proof/redacted-record.ts'
import type { ByteStream } from '../seal/payload.ts'
import type { BlobStore } from './blobs/blob-store.ts'
import { type FileWork, runFileWorker } from './blobs/file-worker.ts'
import { readFileBlocks } from './blobs/folder-blobs.ts'
import type { AtRest } from './keys/at-rest.ts'
import { nodePrimitives } from './node-primitives.ts'
import type { Database } from './postgres/database.ts'
import { workerFlags } from './worker-flags.ts'
import { shortTurns } from './worker-turns.ts'

const WORKER_TIME_MS = 30_000

export type ExhibitRoomParts = {
  readonly database: Database
  readonly atRest: AtRest
  readonly blobs: BlobStore
  /** Where exhibits lay under their own ids before they had the names of their digests. */
  readonly folder: string
  /** The worker program: runs outside this process, without network. */
  readonly worker: string
  readonly fileBytesMax: number
}

export function exhibitRoom(parts: ExhibitRoomParts): Exhibits {
  const run = <Answer>(request: object) => runWorker<Answer>(parts.worker, request)
  const kept = keptExhibits(parts)

  async function keepSealed(
    place: ExhibitPlace,
    sealed: Sealed,
    stagedAt: Date | null,
  ): Promise<Bytes> {
    const ciphertext = fromBase64(sealed.ciphertext)
    const { digest } = await parts.blobs.keep(once(ciphertext))
    await kept.insert(place, { digest, identity: sealed.identity, stagedAt })
    return ciphertext
  }

  async function openingOf(exhibitId: string) {
    const { identity, digest, bytes } = await kept.opening(exhibitId)
    const ciphertext = await wholeOf(bytes)
    if (toHex(nodePrimitives.sha256(ciphertext)) !== digest) throw notAsSealed()
    return { identity, ciphertext: toBase64(ciphertext) }
  }

  return {
    ...fileRoom(parts, kept),
    async seal(place, exhibitParts, form) {
      const sealed = await run<Sealed>({ act: 'seal', parts: exhibitParts, form })
      const ciphertext = await keepSealed(place, sealed, new Date())
      const digest = toHex(nodePrimitives.sha256(ciphertext))
      return { ...rootsOf(sealed), digest, sizeBytes: ciphertext.length }
    },
    async redact(sourceId, { asks, beside }, place) {
      const request = { act: 'redact', opening: await openingOf(sourceId), asks, beside }
      const answer = await run<(Sealed & Pick<RedactedExhibit, Made>) | { notThere: number }>(
        request,
      )
      if ('notThere' in answer) return answer
      if (place) await keepSealed(place, answer, new Date())
      return { ...copyOf(answer), record: answer.record, leftovers: answer.leftovers }
    },
    async keep(place, record) {
      const sealed = await run<Sealed>({ act: 'keep', record })
      await keepSealed(place, sealed, null)
      return copyOf(sealed)
    },
    async open(exhibitId) {
      const request = { act: 'open', opening: await openingOf(exhibitId) }
      return (await run<{ record: RedactedRecord }>(request)).record
    },
    destroy: (exhibitId) => kept.destroy(exhibitId),
  }
}

type FileRoom = Pick<
  Exhibits,
  | 'fileBytesMax'
  | 'takeFile'
  | 'takeSealed'
  | 'sealedAnew'
  | 'sealFor'
  | 'settleFile'
  | 'dropFile'
  | 'stagedBefore'
  | 'openFile'
  | 'digestOf'
  | 'sealedBytes'
>

function fileRoom({ blobs, database, fileBytesMax }: ExhibitRoomParts, kept: Kept): FileRoom {
  const table = () => database.selectFrom('exhibit_blob')
  const take = async (place: ExhibitPlace, work: FileWork, bytes: ByteStream) => {
    const sealing = runFileWorker(work, bytes)
    const { digest, sizeBytes } = await blobs.keep(sealing.bytes)
    const { plain, sealed, identity } = await sealing.done
    invariant(sealed.digest === digest, 'what was sealed is what was kept')
    const isForOutside = work.act === 'reseal' && work.recipient !== undefined
    invariant((identity === undefined) === isForOutside, 'only what is sealed here opens here')
    try {
      await kept.insert(place, { digest, identity, stagedAt: new Date() })
    } catch (error) {
      await blobs.remove(digest)
      throw error
    }
    return { digest, sizeBytes, plaintext: plain }
  }
  return {
    fileBytesMax,
    takeFile: (place, bytes) => take(place, { act: 'seal' }, bytes),
    async takeSealed(place, identities, bytes) {
      for (const identity of identities.slice(0, -1)) {
        const taken = await take(place, { act: 'reseal', identity }, bytes()).catch(notOpened)
        if (taken) return taken
      }
      const identity = identities.at(-1)
      invariant(identity, 'a node has an identity')
      return take(place, { act: 'reseal', identity }, bytes())
    },
    async sealedAnew(exhibitId, recipient) {
      const { identity, bytes } = await kept.opening(exhibitId)
      const run = runFileWorker({ act: 'reseal', identity, recipient }, bytes)
      return { bytes: run.bytes, plaintext: run.done.then(({ plain }) => plain) }
    },
    async sealFor(place, sourceId, recipient) {
      const { identity, bytes } = await kept.opening(sourceId)
      return take(place, { act: 'reseal', identity, recipient }, bytes)
    },
    async settleFile(exhibitId) {
      await database
        .updateTable('exhibit_blob')
        .set({ staged_at: null })
        .where('exhibit_id', '=', requireUuid(exhibitId))
        .execute()
    },
    async dropFile(exhibitId) {
      const gone = await database
        .deleteFrom('exhibit_blob')
        .where('exhibit_id', '=', requireUuid(exhibitId))
        .where('staged_at', 'is not', null)
        .returning('digest')
        .executeTakeFirst()
      if (gone) await blobs.remove(toHex(gone.digest))
    },
    async stagedBefore(at) {
      const rows = await table()
        .select(['exhibit_id', 'case_id'])
        .where('staged_at', '<', new Date(at))
        .execute()
      return rows.map(({ exhibit_id, case_id }) => ({ exhibitId: exhibit_id, caseId: case_id }))
    },
    async openFile(exhibitId) {
      const { identity, digest, bytes } = await kept.opening(exhibitId)
      const opening = runFileWorker({ act: 'open', identity }, bytes)
      return asSealed(opening.bytes, async () => (await opening.done).sealed.digest === digest)
    },
    async digestOf(bytes) {
      const hash = createHash('sha256')
      for await (const chunk of bytes) hash.update(chunk)
      return hash.digest('hex')
    },
    async sealedBytes(exhibitId) {
      return (await kept.atRest(exhibitId)).bytes
    },
  }
}

type Kept = ReturnType<typeof keptExhibits>

/** The rows of exhibits, and the bytes that they name. */
function keptExhibits({ database, atRest, blobs, folder }: ExhibitRoomParts) {
  const contextOf = (exhibitId: string) => `exhibit/${exhibitId}/identity`
  const readRow = async (exhibitId: string) => {
    const row = await database
      .selectFrom('exhibit_blob')
      .selectAll()
      .where('exhibit_id', '=', requireUuid(exhibitId))
      .executeTakeFirstOrThrow()
    if (row.destroyed_at) throw unavailable('the exhibit was destroyed')
    const digest = toHex(row.digest)
    const former = join(folder, `${requireUuid(exhibitId)}.age`)
    const bytes = () => readFileBlocks(former).catch(() => blobs.read(digest))
    return { wrapped: row.wrapped_identity, digest, bytes }
  }
  return {
    async insert(
      { caseId, exhibitId }: ExhibitPlace,
      facts: {
        readonly digest: string
        readonly identity: string | undefined
        readonly stagedAt: Date | null
      },
    ): Promise<void> {
      await database
        .insertInto('exhibit_blob')
        .values({
          exhibit_id: exhibitId,
          case_id: caseId,
          digest: fromHex(facts.digest),
          wrapped_identity:
            facts.identity === undefined
              ? null
              : atRest.node.seal(contextOf(exhibitId), utf8(facts.identity)),
          staged_at: facts.stagedAt,
        })
        .execute()
    },
    /** The key first: without it the bytes are nothing. Done again it removes what was left. */
    async destroy(exhibitId: string): Promise<void> {
      const row = await database
        .updateTable('exhibit_blob')
        .set((is) => ({
          wrapped_identity: null,
          destroyed_at: is.fn.coalesce('destroyed_at', is.val(new Date())),
        }))
        .where('exhibit_id', '=', requireUuid(exhibitId))
        .returning('digest')
        .executeTakeFirst()
      await rm(join(folder, `${requireUuid(exhibitId)}.age`), { force: true })
      if (row) await blobs.remove(toHex(row.digest))
    },
    async opening(exhibitId: string) {
      const { wrapped, digest, bytes } = await readRow(exhibitId)
      if (!wrapped) throw unavailable('the exhibit does not open here')
      const identity = atRest.node.open(contextOf(exhibitId), wrapped)
      return { identity: textFromUtf8(identity), digest, bytes: await bytes() }
    },
    /** As it lies, whoever can open it. */
    async atRest(exhibitId: string) {
      const { digest, bytes } = await readRow(exhibitId)
      return { digest, bytes: await bytes() }
    },
  }
}

async function* once(bytes: Uint8Array): ByteStream {
  yield bytes
}

async function wholeOf(bytes: ByteStream): Promise<Bytes> {
  const chunks: Uint8Array[] = []
  for await (const chunk of bytes) chunks.push(chunk)
  return new Uint8Array(Buffer.concat(chunks))
}

/** Ends with an error where the bytes at rest are not those that were sealed. */
async function* asSealed(bytes: ByteStream, isRight: () => Promise<boolean>): ByteStream {
  yield* bytes
  if (!(await isRight())) throw notAsSealed()
}

/** It was sealed to another of the node's identities, perhaps. */
function notOpened(error: unknown): undefined {
  if (error instanceof ComityError && error.code === 'unverified') return undefined
  throw error
}

const notAsSealed = () => unverified('an exhibit at rest is not what was sealed')

type Made = 'record' | 'leftovers'

/** What the worker gives back when it has sealed. */
type Sealed = {
  readonly identity: string
  readonly ciphertext: string
  readonly partsRoot: string
  readonly parts: number
  readonly copyDigest: string
  readonly copySizeBytes: number
}

const rootsOf = ({ partsRoot, parts }: Sealed) => ({ partsRoot, parts })

function copyOf(sealed: Sealed): ExhibitSeal {
  const { copyDigest, copySizeBytes } = sealed
  return { ...rootsOf(sealed), digest: copyDigest, sizeBytes: copySizeBytes }
}

/** In its turn: the worker holds the whole exhibit in memory. */
async function runWorker<Answer>(worker: string, request: object): Promise<Answer> {
  const end = await shortTurns.take()
  return answerOf<Answer>(worker, request).finally(end)
}

/** One request, one answer, each as JSON. */
function answerOf<Answer>(worker: string, request: object): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...workerFlags(), worker], {
      stdio: ['pipe', 'pipe', 'ignore'],
      env: {},
      timeout: WORKER_TIME_MS,
    })
    const chunks: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
    child.on('error', (cause) => reject(unavailable('the exhibit worker did not start', { cause })))
    child.on('close', (code) => {
      if (code !== 0) return reject(unavailable('the exhibit worker failed'))
      resolve(JSON.parse(Buffer.concat(chunks).toString('utf8')) as Answer)
    })
    child.stdin.on('error', () => {})
    child.stdin.end(JSON.stringify(request))
  })
}
