/**
 * Files between nodes, in two folders of this machine: `out`, sealed to the peer that
 * fetches them, and `in`, what has come so far. Both hold ciphertext only and are emptied
 * when the way is over; no backup has them.
 */
import { createHash } from 'node:crypto'
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { PeerDirectory } from '../../app/ports/exchange.ts'
import type { ByteStream, Exhibits } from '../../app/ports/exhibits.ts'
import type { SealedBytes, Transfers } from '../../app/ports/transfers.ts'
import { ComityError, invariant, unavailable, unverified } from '../../base/errors.ts'
import { requireUuid } from '../../base/ids.ts'
import { MINUTE_MS } from '../../base/time.ts'
import { PIECE_BYTES } from '../../wire/exchange/file-transfer.ts'
import { isBlobDigest } from '../blobs/blob-store.ts'
import { isThere, readFileBlocks, removeSpooled, spool } from '../blobs/folder-blobs.ts'
import type { PeerClient } from '../peers/peer-client.ts'
import { askPeerFile, askPeerPiece } from './ask-peer.ts'

/** So long a peer waits for an answer that would be "later". */
const MAKING_MS = 3_000

export type TransferRoomParts = {
  readonly folder: string
  readonly exhibits: Exhibits
  readonly peers: PeerDirectory
  readonly call: PeerClient
  readonly encryptionIdentities: () => readonly string[] | Promise<readonly string[]>
  readonly pendingBytesMax: number
  readonly onFault: (error: unknown) => void
}

export function transferRoom(parts: TransferRoomParts): Transfers {
  const { folder, pendingBytesMax } = parts
  return {
    pendingBytesMax,
    ...sealedCopies(parts),
    ...arrivals(parts),
    async ask(peer, releaseId) {
      const found = await parts.peers.peer(peer)
      return found ? askPeerFile(parts.call, found, releaseId) : { kind: 'later' }
    },
    async askPiece(peer, releaseId, from) {
      const found = await parts.peers.peer(peer)
      return found ? askPeerPiece(parts.call, found, releaseId, from) : { kind: 'later' }
    },
    async keepOnly(isOnItsWay) {
      for (const side of ['out', 'in']) {
        const names = await readdir(join(folder, side)).catch(() => [])
        for (const name of names) {
          const path = join(folder, side, name)
          if (!(await isOld(path))) continue
          const releaseId = name.slice(0, name.indexOf('.'))
          if (!(await isOnItsWay(releaseId))) await rm(path, { force: true })
        }
      }
    },
  }
}

/** What came a moment ago may be of a release that was recorded meanwhile. */
const isOld = (path: string) =>
  stat(path).then(
    ({ mtimeMs }) => mtimeMs < Date.now() - MINUTE_MS,
    () => false,
  )

type Copies = Pick<Transfers, 'sealedFor' | 'pieceFor' | 'dropSealed'>

function sealedCopies({ folder, exhibits, peers, onFault }: TransferRoomParts): Copies {
  const out = join(folder, 'out')
  const pathOf = (releaseId: string) => join(out, `${requireUuid(releaseId)}.age`)
  const made = new Map<string, SealedBytes>()
  const making = new Map<string, Promise<void>>()
  const dropped = new Set<string>()

  const make: (copy: Parameters<Copies['sealedFor']>[0]) => Promise<void> = async (copy) => {
    const path = pathOf(copy.releaseId)
    if (await isThere(path)) {
      made.set(copy.releaseId, await factsOf(await readFileBlocks(path)))
      return
    }
    const peer = await peers.peer(copy.peer)
    if (!peer) throw unavailable('the peer is not known')
    const anew = await exhibits.sealedAnew(copy.exhibitId, peer.encryptionRecipient)
    const { file, ...facts } = await spool(folder, anew.bytes)
    try {
      const { digest } = await anew.plaintext
      if (digest !== copy.plaintext) throw unverified('the file is not the one that was released')
      await mkdir(out, { recursive: true, mode: 0o700 })
      await rename(file, path)
    } catch (error) {
      await rm(file, { force: true })
      throw error
    }
    // Dropped while it was being made: nobody will drop it again.
    if (dropped.delete(copy.releaseId)) await rm(path, { force: true })
    else made.set(copy.releaseId, facts)
  }

  return {
    async sealedFor(copy) {
      const { releaseId } = copy
      const known = made.get(releaseId)
      if (known) return known
      const under =
        making.get(releaseId) ??
        make(copy)
          .catch(onFault)
          .finally(() => {
            making.delete(releaseId)
            dropped.delete(releaseId)
          })
      making.set(releaseId, under)
      await Promise.race([under, wait(MAKING_MS, undefined, { ref: false })])
      return made.get(releaseId)
    },
    async pieceFor(releaseId, from) {
      const facts = made.get(releaseId)
      if (!facts || from >= facts.sizeBytes) return undefined
      return readAt(pathOf(releaseId), from, Math.min(PIECE_BYTES, facts.sizeBytes - from))
    },
    async dropSealed(releaseId) {
      made.delete(releaseId)
      if (making.has(releaseId)) dropped.add(releaseId)
      await rm(pathOf(releaseId), { force: true })
    },
  }
}

type Arrivals = Pick<Transfers, 'arrivedBytes' | 'append' | 'take' | 'dropArrived'>

function arrivals({ folder, exhibits, encryptionIdentities }: TransferRoomParts): Arrivals {
  const into = join(folder, 'in')
  const nameOf = (releaseId: string, digest: string) => {
    invariant(isBlobDigest(digest), 'sealed bytes have a digest')
    return `${requireUuid(releaseId)}.${digest}.part`
  }
  const pathOf = (releaseId: string, digest: string) => join(into, nameOf(releaseId, digest))
  return {
    async arrivedBytes(releaseId, digest) {
      return stat(pathOf(releaseId, digest)).then(
        ({ size }) => size,
        () => 0,
      )
    },
    async append({ releaseId, digest, from }, piece) {
      await mkdir(into, { recursive: true, mode: 0o700 })
      const handle = await open(pathOf(releaseId, digest), 'a', 0o600)
      try {
        if ((await handle.stat()).size !== from) throw unavailable('a file that comes has changed')
        await handle.appendFile(piece)
        await handle.datasync()
      } finally {
        await handle.close()
      }
    },
    async take(place, { releaseId, digest }) {
      const path = pathOf(releaseId, digest)
      if ((await factsOf(await readFileBlocks(path))).digest !== digest) return undefined
      const bytes = () => later(readFileBlocks(path))
      try {
        return await exhibits.takeSealed(place, await encryptionIdentities(), bytes)
      } catch (error) {
        // Nothing that was sealed to this node: trying again would change nothing.
        if (error instanceof ComityError && error.code === 'unverified') return undefined
        throw error
      }
    },
    async dropArrived(releaseId, but) {
      const names = await readdir(into).catch(() => [])
      const kept = but === undefined ? undefined : nameOf(releaseId, but)
      const isOther = (name: string) =>
        name.startsWith(`${requireUuid(releaseId)}.`) && name !== kept
      const own = names.filter(isOther)
      await Promise.all(own.map((name) => rm(join(into, name), { force: true })))
    },
  }
}

/** What a process had left half made. */
export const removeHalfMade = (folder: string) => removeSpooled(folder)

async function* later(opening: Promise<AsyncIterable<Uint8Array>>): ByteStream {
  yield* await opening
}

async function factsOf(bytes: AsyncIterable<Uint8Array>): Promise<SealedBytes> {
  const hash = createHash('sha256')
  let sizeBytes = 0
  for await (const chunk of bytes) {
    hash.update(chunk)
    sizeBytes += chunk.length
  }
  return { digest: hash.digest('hex'), sizeBytes }
}

async function readAt(path: string, from: number, length: number): Promise<Uint8Array | undefined> {
  const handle = await open(path, 'r').catch(() => undefined)
  if (!handle) return undefined
  try {
    const piece = new Uint8Array(length)
    const { bytesRead } = await handle.read(piece, 0, length, from)
    return bytesRead === length ? piece : undefined
  } finally {
    await handle.close()
  }
}
