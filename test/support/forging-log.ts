/** A log on loopback that serves whatever a test wants: honest growth, or lies under its own key. */
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { utf8 } from '../../src/base/bytes.ts'
import { formatCheckpoint } from '../../src/proof/checkpoint.ts'
import { formatEntryBundle } from '../../src/proof/entry-bundle.ts'
import { formatSignedNote } from '../../src/proof/signed-note.ts'
import { parseTilePath, tilePath } from '../../src/proof/tile-path.ts'
import { tilesBetween } from '../../src/proof/tiles.ts'
import { formatVkey } from '../../src/proof/vkey.ts'
import { naiveLeaf, naiveRoots } from './merkle.ts'
import { logSigner, type TestSigner, testCosignature, testSignature } from './test-log.ts'

/** What is served instead of a file; undefined: as an honest log would. */
export type Lie = (response: ServerResponse) => void

export type ForgingLog = {
  readonly url: string
  readonly vkey: string
  readonly signer: TestSigner
  /** Every request, as its path. */
  readonly asked: string[]
  /** The entries `"<name> 0"`, …: another name is another history. */
  show(history: History): void
  head(history: History): { treeSize: number; rootHash: Uint8Array }
  note(history: History): Uint8Array
  lie(path: string, lie: Lie | undefined): void
  stop(): Promise<void>
}

export type History = {
  readonly size: number
  /** From this entry on another history than the honest one. */
  readonly forkedAt?: number
  readonly cosigners?: readonly TestSigner[]
  readonly timeSeconds?: number
  readonly signer?: TestSigner
}

export const entryOf = (index: number, forkedAt = Number.POSITIVE_INFINITY) =>
  utf8(index < forkedAt ? `entry ${index}` : `forged ${index}`)

export async function forgingLog(signer: TestSigner = logSigner): Promise<ForgingLog> {
  let shown: History = { size: 0 }
  const lies = new Map<string, Lie>()
  const asked: string[] = []
  const server = createServer((request, response) => {
    const path = (request.url ?? '').replace(/^\/log\/(1\/)?/, '')
    asked.push(path)
    const lie = lies.get(path)
    if (lie) return lie(response)
    const bytes = path === 'checkpoint' ? noteOf(signer, shown) : fileOf(shown, path)
    response.writeHead(bytes ? 200 : 404).end(bytes)
  })
  server.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/log`,
    vkey: formatVkey(signer.key),
    signer,
    asked,
    show: (history) => {
      shown = history
    },
    head: headOf,
    note: (history) => noteOf(signer, history),
    lie: (path, lie) => void (lie ? lies.set(path, lie) : lies.delete(path)),
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

const leavesOf = ({ size, forkedAt }: History) =>
  Array.from({ length: size }, (_, i) => naiveLeaf(entryOf(i, forkedAt)))

function headOf(history: History) {
  const leaves = leavesOf(history)
  return { treeSize: history.size, rootHash: naiveRoots(leaves)(0, leaves.length) }
}

function noteOf(signer: TestSigner, history: History): Uint8Array {
  const { cosigners = [], timeSeconds = Math.floor(Date.now() / 1000) } = history
  const by = history.signer ?? signer
  const text = formatCheckpoint({ origin: by.key.name, ...headOf(history), extensions: [] })
  const lines = cosigners.map((each) => testCosignature(each, text, timeSeconds))
  return formatSignedNote({ text, signatures: [testSignature(by, text), ...lines] })
}

/** By the naive tree: not by the code that is tested. */
function fileOf(history: History, path: string): Uint8Array | undefined {
  const ref = attempt(() => parseTilePath(path))
  if (!ref) return undefined
  const first = ref.index * 256
  if (ref.level === 'entries') {
    if (first + ref.width > history.size) return undefined
    const entries = Array.from({ length: ref.width }, (_, i) =>
      entryOf(first + i, history.forkedAt),
    )
    return formatEntryBundle(entries)
  }
  const isServed = tilesBetween(0, history.size).some((tile) => tilePath(tile) === path)
  const span = 256 ** ref.level
  if (!isServed && (first + ref.width) * span > history.size) return undefined
  const root = naiveRoots(leavesOf(history))
  return Buffer.concat(
    Array.from({ length: ref.width }, (_, i) => root((first + i) * span, (first + i + 1) * span)),
  )
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch {
    return undefined
  }
}
