/**
 * Runs the file worker on a stream: sealing, opening, sealing again. It may read the
 * program text and nothing else. Whoever reads the stream to its end without an error
 * has the whole of it; the facts are there only then. If either side stops, the worker
 * is killed.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Readable, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { unavailable, unverified } from '../../base/errors.ts'
import { SECOND_MS } from '../../base/time.ts'
import type { ByteStream } from '../../seal/payload.ts'
import { workerFlags } from '../worker-flags.ts'
import { streamTurns, type WorkerTurns } from '../worker-turns.ts'
import type { BlobFacts } from './blob-store.ts'

const WORKER = fileURLToPath(new URL('../../node/file-worker.ts', import.meta.url))
/** Neither side moved for so long: the other end is gone. */
const IDLE_MS = 120 * SECOND_MS
const ANSWER_MAX = 64 * 1024
/** A young generation that stays small: what passes through is garbage at once. */
const MEMORY = ['--max-semi-space-size=1', '--max-old-space-size=64']

export type FileWork =
  | { readonly act: 'seal' }
  | { readonly act: 'open'; readonly identity: string }
  | { readonly act: 'reseal'; readonly identity: string; readonly recipient?: string }

export type FileDone = {
  readonly plain: BlobFacts
  /** What was sealed, or what was opened. */
  readonly sealed: BlobFacts
  /** A new one, where no recipient was named. */
  readonly identity?: string
}

export type FileRun = { readonly bytes: ByteStream; readonly done: Promise<FileDone> }

export type FileRunParts = { readonly worker?: string; readonly turns?: WorkerTurns }

/** Waits for its turn; both the bytes and the facts fail with `unavailable` if it gets none. */
export function runFileWorker(
  work: FileWork,
  input: ByteStream,
  { worker = WORKER, turns = streamTurns }: FileRunParts = {},
): FileRun {
  const started = turns.take().then((end) => start(work, input, worker, end))
  const done = started.then((run) => run.done)
  // Whoever reads the stream learns of it there; nobody has to ask for the facts.
  done.catch(() => {})
  return { bytes: bytesOf(started), done }
}

async function* bytesOf(started: Promise<FileRun>): ByteStream {
  yield* (await started).bytes
}

function start(work: FileWork, input: ByteStream, worker: string, end: () => void): FileRun {
  const child = spawn(process.execPath, [...MEMORY, ...workerFlags(), worker], {
    stdio: ['pipe', 'pipe', 'ignore', 'pipe'],
    env: {},
  })
  const idle = idleTimer(child)
  const exit = exitOf(child)
  const over = () => {
    end()
    idle.stop()
  }
  exit.then(over, over)
  const answer = textOf(child.stdio[3] as Readable)
  const fed = feed(child, work, idle.over(input))
  const done = finished(fed, answer, exit)
  done.catch(() => {})
  return { bytes: output(child, done, idle), done }
}

async function feed(child: ChildProcess, work: FileWork, input: ByteStream): Promise<void> {
  const stdin = child.stdin as Writable
  // A worker that has died says so by its exit.
  stdin.on('error', () => {})
  const gone = new AbortController()
  child.once('close', () => gone.abort())
  try {
    stdin.write(`${JSON.stringify(work)}\n`)
    for await (const chunk of input) {
      if (gone.signal.aborted) return
      if (!stdin.write(chunk)) await once(stdin, 'drain', { signal: gone.signal }).catch(() => {})
    }
    stdin.end()
  } catch (error) {
    // Not ended but killed: a cut stream must never look like a whole one.
    child.kill('SIGKILL')
    throw error
  }
}

async function finished(
  fed: Promise<void>,
  answer: Promise<string>,
  exit: Promise<number | null>,
): Promise<FileDone> {
  const [feeding, text, code] = await Promise.allSettled([fed, answer, exit])
  if (feeding.status === 'rejected') throw feeding.reason
  if (code.status === 'rejected') throw code.reason
  if (code.value !== 0 || text.status === 'rejected' || !text.value.endsWith('\n')) {
    throw unverified('a file could not be sealed or opened', { reason: 'file-worker' })
  }
  return JSON.parse(text.value) as FileDone
}

async function* output(
  child: ChildProcess,
  done: Promise<FileDone>,
  idle: Idle,
): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of child.stdout as Readable) {
      idle.moved()
      yield chunk as Uint8Array
    }
    await done
  } finally {
    if (child.exitCode === null) child.kill('SIGKILL')
  }
}

function exitOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.on('error', (cause) => reject(unavailable('the file worker did not start', { cause })))
    child.on('close', (code) => resolve(code))
  })
}

async function textOf(stream: Readable): Promise<string> {
  let text = ''
  for await (const chunk of stream) {
    text += String(chunk)
    if (text.length > ANSWER_MAX) throw unavailable('the file worker says too much')
  }
  return text
}

type Idle = {
  moved(): void
  stop(): void
  over(bytes: ByteStream): ByteStream
}

function idleTimer(child: ChildProcess): Idle {
  const timer = setTimeout(() => child.kill('SIGKILL'), IDLE_MS)
  timer.unref()
  const moved = () => void timer.refresh()
  return {
    moved,
    stop: () => clearTimeout(timer),
    async *over(bytes) {
      for await (const chunk of bytes) {
        moved()
        yield chunk
      }
    },
  }
}
