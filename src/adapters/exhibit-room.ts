/** The exhibit room on this machine: a worker process for each act, ciphertext as files. */
import { spawn } from 'node:child_process'
import { realpathSync } from 'node:fs'
import { mkdir, open, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ExhibitPlace, ExhibitSeal, Exhibits } from '../app/ports/exhibits.ts'
import { type Bytes, fromBase64, textFromUtf8, toBase64, toHex, utf8 } from '../base/bytes.ts'
import { unavailable, unverified } from '../base/errors.ts'
import { requireUuid } from '../base/ids.ts'
import type { RedactedRecord } from '../proof/redacted-record.ts'
import type { AtRest } from './keys/at-rest.ts'
import { nodePrimitives } from './node-primitives.ts'
import type { Database } from './postgres/database.ts'

const WORKER_TIME_MS = 30_000
const ROOT = fileURLToPath(new URL('../../', import.meta.url))

export type ExhibitRoomParts = {
  readonly database: Database
  readonly atRest: AtRest
  /** Folder of ciphertexts, one file an exhibit. */
  readonly folder: string
  /** The worker program: runs outside this process, without network. */
  readonly worker: string
}

export function exhibitRoom(parts: ExhibitRoomParts): Exhibits {
  const { database, atRest, folder } = parts
  const run = <Answer>(request: object) => runWorker<Answer>(parts.worker, request)
  const fileOf = (exhibitId: string) => join(folder, `${requireUuid(exhibitId)}.age`)
  const identityContext = (exhibitId: string) => `exhibit/${exhibitId}/identity`

  async function keepSealed({ caseId, exhibitId }: ExhibitPlace, sealed: Sealed): Promise<Bytes> {
    const ciphertext = fromBase64(sealed.ciphertext)
    await writeDurably(folder, fileOf(exhibitId), ciphertext)
    await database
      .insertInto('exhibit_blob')
      .values({
        exhibit_id: exhibitId,
        case_id: caseId,
        digest: nodePrimitives.sha256(ciphertext),
        wrapped_identity: atRest.node.seal(identityContext(exhibitId), utf8(sealed.identity)),
      })
      .execute()
    return ciphertext
  }

  async function openingOf(exhibitId: string) {
    const row = await database
      .selectFrom('exhibit_blob')
      .selectAll()
      .where('exhibit_id', '=', requireUuid(exhibitId))
      .executeTakeFirstOrThrow()
    const ciphertext = await readFile(fileOf(exhibitId))
    if (toHex(nodePrimitives.sha256(ciphertext)) !== toHex(row.digest)) {
      throw unverified('an exhibit at rest is not what was sealed')
    }
    const identity = atRest.node.open(identityContext(exhibitId), row.wrapped_identity)
    return { identity: textFromUtf8(identity), ciphertext: toBase64(ciphertext) }
  }

  return {
    async seal(place, exhibitParts) {
      const sealed = await run<Sealed>({ act: 'seal', parts: exhibitParts, flat: true })
      const ciphertext = await keepSealed(place, sealed)
      const digest = toHex(nodePrimitives.sha256(ciphertext))
      return { ...rootsOf(sealed), digest, sizeBytes: ciphertext.length }
    },
    async redact(sourceId, hidden, place) {
      const opening = await openingOf(sourceId)
      const request = { act: 'redact', opening, hidden: hidden.map((part) => ({ part })) }
      const sealed = await run<Sealed & { record: RedactedRecord }>(request)
      await keepSealed(place, sealed)
      return { ...copyOf(sealed), record: sealed.record }
    },
    async keep(place, record) {
      const sealed = await run<Sealed>({ act: 'keep', record })
      await keepSealed(place, sealed)
      return copyOf(sealed)
    },
    async open(exhibitId) {
      const request = { act: 'open', opening: await openingOf(exhibitId) }
      return (await run<{ record: RedactedRecord }>(request)).record
    },
    async ciphertext(exhibitId) {
      return new Uint8Array(await readFile(fileOf(exhibitId)))
    },
  }
}

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

async function writeDurably(folder: string, file: string, bytes: Uint8Array): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const temporary = await open(`${file}.new`, 'w', 0o600)
  try {
    await temporary.writeFile(bytes)
    await temporary.sync()
  } finally {
    await temporary.close()
  }
  await rename(`${file}.new`, file)
  const directory = await open(folder, 'r')
  try {
    await directory.sync()
  } finally {
    await directory.close()
  }
}

/** Starts the worker with read access to the program text alone: no keys, no writes, no network, no children. */
function runWorker<Answer>(worker: string, request: object): Promise<Answer> {
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
