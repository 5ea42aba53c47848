/**
 * The vault: one large stream through the sealing worker into a folder, and out again.
 * Memory is that of a process with the node's part of the work, and of the worker, together
 * at their peak. 5 GB by default; COMITY_VAULT_MB makes it shorter.
 */
import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type FileRun, type FileWork, runFileWorker } from '../src/adapters/blobs/file-worker.ts'
import { folderBlobs } from '../src/adapters/blobs/folder-blobs.ts'
import { atMost, type Measured, megabytes, type Section } from './measured.ts'
import { descendantsOf, memoryOf, ownShareOf } from './processes.ts'

const MB = 1_000_000
const DEFAULT_MB = 5_000
const RATE_GOAL_MB = 100
const MEMORY_GOAL_MB = 200
const PIECE_BYTES = 64 * 1024
const LOOK_MS = 500

/** In a process of its own, so that nothing else that the bench has loaded is counted. */
export async function measureVault(): Promise<Section> {
  const { stdout } = await promisify(execFile)(process.execPath, [import.meta.filename])
  return JSON.parse(stdout) as Section
}

if (import.meta.main) {
  const totalBytes = Number(process.env['COMITY_VAULT_MB'] ?? DEFAULT_MB) * MB
  const folder = await mkdtemp(join(tmpdir(), 'comity-vault-'))
  try {
    const lines = await measureIn(folder, totalBytes)
    process.stdout.write(JSON.stringify({ title: 'Vault', lines } satisfies Section))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function measureIn(folder: string, totalBytes: number): Promise<readonly Measured[]> {
  const store = folderBlobs(folder)
  const size = megabytes(totalBytes)
  const sealing = await measured(
    { act: 'seal' },
    generated(totalBytes),
    async ({ bytes, done }) => {
      const kept = await store.keep(bytes)
      return { ...(await done), kept }
    },
  )
  const { identity = '', kept } = sealing.value
  const sealed = await store.read(kept.digest)
  const opening = await measured({ act: 'open', identity }, sealed, async ({ bytes, done }) => {
    let shown = 0
    for await (const chunk of bytes) shown += chunk.length
    return { ...(await done), shown }
  })
  if (opening.value.shown !== totalBytes) throw new Error('what came out is not what went in')
  return [
    rate(`sealing, hashing and keeping ${size}`, totalBytes, sealing.ms, true),
    memory(`worker and node while sealing ${size}`, sealing),
    rate(`opening and hashing ${size}`, totalBytes, opening.ms, false),
    memory(`worker and node while opening ${size}`, opening),
  ]
}

function rate(what: string, bytes: number, ms: number, isGoal: boolean): Measured {
  const perSecond = bytes / MB / (ms / 1000)
  const goal = { text: `≥ ${RATE_GOAL_MB} MB/s`, isMet: perSecond >= RATE_GOAL_MB }
  return { what, figure: `${Math.round(perSecond)} MB/s`, ...(isGoal ? { goal } : {}) }
}

function memory(what: string, { peakBytes, peakApartBytes }: Run<unknown>): Measured {
  const goal = atMost(MEMORY_GOAL_MB, peakBytes / MB, 'MB')
  const beside = `shared pages counted twice: ${megabytes(peakApartBytes)}`
  return { what, figure: `${megabytes(peakBytes)} at its peak`, goal, beside }
}

type Run<T> = {
  readonly value: T
  readonly ms: number
  /** Pages that both share, the program of Node.js above all, counted once. */
  readonly peakBytes: number
  readonly peakApartBytes: number
}

async function measured<T>(
  work: FileWork,
  input: AsyncIterable<Uint8Array>,
  use: (run: FileRun) => Promise<T>,
): Promise<Run<T>> {
  let peakBytes = 0
  let peakApartBytes = 0
  const look = () => {
    const pids = [process.pid, ...descendantsOf(process.pid).map(({ pid }) => pid)]
    const sumOf = (bytesOf: (pid: number) => number | undefined) =>
      pids.reduce((sum, pid) => sum + (bytesOf(pid) || 0), 0)
    peakBytes = Math.max(peakBytes, sumOf(ownShareOf))
    peakApartBytes = Math.max(
      peakApartBytes,
      sumOf((pid) => memoryOf(pid)?.residentBytes),
    )
  }
  const started = performance.now()
  const timer = setInterval(look, LOOK_MS)
  try {
    const value = await use(runFileWorker(work, input))
    return { value, ms: performance.now() - started, peakBytes, peakApartBytes }
  } finally {
    clearInterval(timer)
  }
}

/** The same random piece again and again: making new ones would be measured too. */
async function* generated(totalBytes: number): AsyncGenerator<Uint8Array> {
  const piece = randomBytes(PIECE_BYTES)
  for (let left = totalBytes; left > 0; left -= piece.length) {
    yield left < piece.length ? piece.subarray(0, left) : piece
  }
}
