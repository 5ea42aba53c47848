/** The log of the node, as everyone sees it: checkpoint, tiles, media types, and that it only grows. */
import { nodePrimitives } from '../../adapters/node-primitives.ts'
import { equalBytes, toBase64 } from '../../base/bytes.ts'
import { type Checkpoint, verifyCheckpoint } from '../../proof/checkpoint.ts'
import { consistencyPath, verifyConsistency } from '../../proof/consistency.ts'
import { parseSignedNote } from '../../proof/signed-note.ts'
import { TILE_WIDTH, tilePath } from '../../proof/tile-path.ts'
import { parseTile, rootFromRightEdge, rootFromRuns, slicesOf } from '../../proof/tiles.ts'
import { parseVkey } from '../../proof/vkey.ts'
import { type Check, expect, NotTested, next, type Session, taken } from './check.ts'
import { field } from './talk.ts'

function logUrl({ document }: Session): string {
  const { log } = document.endpoints
  if (log === undefined) throw new NotTested('its document names no address of its log')
  return log
}

async function checkpointOf(session: Session): Promise<Checkpoint> {
  const heard = await session.talk.plain('GET', `${logUrl(session)}/checkpoint`)
  expect(heard.status === 200, `the checkpoint is answered ${heard.status}`)
  const key = parseVkey(nodePrimitives, session.document.logKey)
  return verifyCheckpoint(nodePrimitives, parseSignedNote(heard.body), [key])
}

async function tileOf(session: Session, level: number, index: number, width: number) {
  const path = tilePath({ level, index, width })
  const heard = await session.talk.plain('GET', `${logUrl(session)}/${path}`)
  expect(heard.status === 200, `${path} is answered ${heard.status}`)
  expect(heard.contentType === 'application/octet-stream', `${path} is of ${heard.contentType}`)
  const caching = field(heard.headers, 'cache-control')
  expect(caching.includes('immutable'), `${path} has cache-control ${caching || 'missing'}`)
  return parseTile(heard.body, width)
}

async function rootByTiles(session: Session, treeSize: number): Promise<Uint8Array> {
  const levels: Uint8Array[][] = []
  for (let level = 0, size = treeSize; size > 0; level++, size = Math.floor(size / TILE_WIDTH)) {
    const index = Math.floor(size / TILE_WIDTH)
    const width = size % TILE_WIDTH
    levels.push(width === 0 ? [] : await tileOf(session, level, index, width))
  }
  return rootFromRightEdge(nodePrimitives, levels)
}

async function proofBetween(session: Session, older: number, newer: number) {
  const proof: Uint8Array[] = []
  for (const subtree of consistencyPath(older, newer)) {
    const runs: Uint8Array[][] = []
    for (const { tile, offset, count } of slicesOf(subtree, newer)) {
      const hashes = await tileOf(session, Number(tile.level), tile.index, tile.width)
      runs.push(hashes.slice(offset, offset + count))
    }
    proof.push(rootFromRuns(nodePrimitives, runs))
  }
  return proof
}

export const LOG_CHECKS: readonly Check[] = [
  {
    requirement: 'log/checkpoint',
    does: 'the checkpoint is signed by the key of the node document',
    async run(session) {
      const heard = await session.talk.plain('GET', `${logUrl(session)}/checkpoint`)
      expect(heard.contentType === 'text/plain; charset=utf-8', `it is of ${heard.contentType}`)
      const { origin, extensions } = await checkpointOf(session)
      expect(origin.startsWith(`${session.target.node}/`), `it is of ${origin}`)
      expect(extensions.length === 0, 'it has extension lines')
    },
  },
  {
    requirement: 'log/three-keys',
    does: 'the keys of log, witness and messages are three',
    async run({ document }) {
      const keys = [document.logKey, document.witnessKey].map((text) =>
        toBase64(parseVkey(nodePrimitives, text).publicKey),
      )
      const all = [...keys, ...document.messageKeys.map(({ key }) => key)]
      expect(new Set(all).size === all.length, 'one key has two uses')
    },
  },
  {
    requirement: 'log/closed-logs',
    does: 'the checkpoints of its closed logs are there, at their size at least',
    async run(session) {
      const { closedLogs = [] } = session.document
      if (closedLogs.length === 0) throw new NotTested('it has closed none')
      for (const [index, { logKey, treeSize }] of closedLogs.entries()) {
        const { body, status } = await session.talk.plain(
          'GET',
          `${logUrl(session)}/${index + 1}/checkpoint`,
        )
        expect(status === 200, `the checkpoint of log ${index + 1} is answered ${status}`)
        const keys = [parseVkey(nodePrimitives, logKey)]
        const closed = verifyCheckpoint(nodePrimitives, parseSignedNote(body), keys)
        expect(closed.treeSize >= treeSize, `log ${index + 1} has ${closed.treeSize} entries`)
      }
    },
  },
  {
    requirement: 'log/tiles-first',
    does: 'the tiles of the right edge lead to the root of the checkpoint',
    async run(session) {
      const { treeSize, rootHash } = await checkpointOf(session)
      if (treeSize === 0) throw new NotTested('the log is empty')
      const root = await rootByTiles(session, treeSize)
      expect(equalBytes(root, rootHash), `the tiles of ${treeSize} entries have another root`)
    },
  },
  {
    requirement: 'log/one-history',
    does: 'the log grows by our receipts, and what it was is its beginning',
    async run(session) {
      const before = await checkpointOf(session)
      await taken(session, await next(session))
      const after = await grownFrom(session, before)
      if (before.treeSize === 0) return
      const proof = await proofBetween(session, before.treeSize, after.treeSize)
      verifyConsistency(nodePrimitives, before, after, proof)
    },
  },
  {
    requirement: 'log/resources',
    does: 'what is no tile is not there',
    async run(session) {
      for (const path of ['tile/0/x', 'tile/0/000.p/0', 'tile/9/999', 'nothing']) {
        const { status } = await session.talk.plain('GET', `${logUrl(session)}/${path}`)
        expect(status === 404, `${path} is answered ${status}`)
      }
    },
  },
  {
    requirement: 'log/resources',
    does: 'entry bundles are not for everyone',
    async run(session) {
      const { status } = await session.talk.plain('GET', `${logUrl(session)}/tile/entries/000.p/1`)
      expect(status === 403 || status === 404, `they are answered ${status}`)
    },
  },
]

const GROWS_WITHIN_MS = 30_000
const LOOK_EVERY_MS = 250

async function grownFrom(session: Session, before: Checkpoint): Promise<Checkpoint> {
  const end = Date.now() + GROWS_WITHIN_MS
  for (;;) {
    const after = await checkpointOf(session)
    expect(after.treeSize >= before.treeSize, 'the log has shrunk')
    if (after.treeSize > before.treeSize) return after
    expect(Date.now() < end, 'the receipt of a message is not in the log after 30 seconds')
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
  }
}
