/**
 * Runs the processes of one start: each node and the outside witness. A child
 * that ends is started again, at once the first time, then after growing pauses.
 * All of them end with the supervisor, however it ends, because the channel to
 * each child closes with it (exit-with-parent.ts is the child's side).
 *
 * It does not look into what the children do; a child that hangs is not noticed.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { lockFolder } from '../adapters/managed-postgres/folder-lock.ts'
import { unavailable } from '../base/errors.ts'
import { removeSupervisorState, writeSupervisorState } from './supervisor-state.ts'

export type ChildSpec = {
  readonly id: string
  /** A TypeScript or JavaScript file, run on the Node that runs the supervisor. */
  readonly script: string
  readonly args?: readonly string[]
  /** For Node itself. */
  readonly flags?: readonly string[]
  /** Added to the supervisor's own environment. */
  readonly env?: Readonly<Record<string, string>>
  /** Gets the child's output; without it the output goes to our standard error. */
  readonly logFile?: string
}

export type SupervisorEvent =
  | { readonly type: 'childStarted'; readonly id: string; readonly pid: number }
  | {
      readonly type: 'childReady'
      readonly id: string
      readonly pid: number
      readonly port: number
    }
  | {
      readonly type: 'childExited'
      readonly id: string
      readonly code: number | null
      readonly signal: NodeJS.Signals | null
    }
  | { readonly type: 'childRestarting'; readonly id: string; readonly delayMs: number }
  /** Anything else that a child sends. */
  | { readonly type: 'childMessage'; readonly id: string; readonly message: unknown }

export type SupervisorOptions = {
  /** Locked while the supervisor runs; `supervisor.json` in it tells where the children are. */
  readonly dataFolder: string
  readonly children: readonly ChildSpec[]
  readonly onEvent?: (event: SupervisorEvent) => void
  /** Default 30 s. */
  readonly readyWithinMs?: number
}

export type SupervisedChild = {
  readonly id: string
  /** Undefined while it does not run. */
  readonly pid: number | undefined
  /** Undefined until it says that it is ready. */
  readonly port: number | undefined
}

export type Supervisor = {
  readonly children: ReadonlyMap<string, SupervisedChild>
  /**
   * Every child was ready once. Rejects with `unavailable` if one is not in time or ends
   * again and again; the supervisor must then be stopped.
   */
  readonly ready: Promise<void>
  /** SIGTERM to every child, SIGKILL to those that remain after 5 s. */
  stop(): Promise<void>
}

const READY_WITHIN_MS = 30_000
const STOP_WITHIN_MS = 5_000
const UNREADY_ENDS_MAX = 3
const FIRST_PAUSE_MS = 250
const PAUSE_MAX_MS = 10_000
/** A child that ran this long starts with a clean slate. */
const STEADY_MS = 30_000

/** @throws ComityError `unavailable`, reason `folder-in-use` */
export function startSupervisor(options: SupervisorOptions): Supervisor {
  const { dataFolder, onEvent = () => {}, readyWithinMs = READY_WITHIN_MS } = options
  const lock = lockFolder(dataFolder)
  const children = new Map<string, Child>()
  const notify = (event: SupervisorEvent) => {
    if (event.type !== 'childMessage') {
      writeSupervisorState(dataFolder, lock.holder, [...children.values()])
    }
    onEvent(event)
  }
  for (const spec of options.children) children.set(spec.id, new Child(spec, notify))
  for (const child of children.values()) child.start()

  const each = [...children.values()].map((child) => child.readyWithin(readyWithinMs))
  const ready = Promise.all(each).then(() => {})
  ready.catch(() => {})
  let stopped: Promise<void> | undefined
  const stop = async () => {
    await Promise.all([...children.values()].map((child) => child.stop()))
    removeSupervisorState(dataFolder)
    lock.release()
  }
  return {
    children,
    ready,
    stop: () => {
      stopped ??= stop()
      return stopped
    },
  }
}

/** How long to wait before the `count`th restart in a row. */
export function restartPauseMs(count: number): number {
  return count <= 1 ? 0 : Math.min(FIRST_PAUSE_MS * 2 ** (count - 2), PAUSE_MAX_MS)
}

class Child implements SupervisedChild {
  readonly id: string
  port: number | undefined
  readonly #spec: ChildSpec
  readonly #notify: (event: SupervisorEvent) => void
  readonly #firstReady = Promise.withResolvers<void>()
  #process: ChildProcess | undefined
  #ended: Promise<void> = Promise.resolve()
  #restart: NodeJS.Timeout | undefined
  #startedAt = 0
  #endsInARow = 0
  #wasReady = false
  #isStopping = false

  constructor(spec: ChildSpec, notify: (event: SupervisorEvent) => void) {
    this.id = spec.id
    this.#spec = spec
    this.#notify = notify
  }

  get pid(): number | undefined {
    return this.#process?.pid
  }

  start(): void {
    this.#restart = undefined
    this.#startedAt = performance.now()
    const child = spawnChild(this.#spec)
    this.#process = child
    child.on('message', (message) => this.#receive(message))
    this.#ended = new Promise((done) => {
      child.on('error', () => {
        if (child.pid === undefined) this.#end(null, null, done)
      })
      child.on('exit', (code, signal) => this.#end(code, signal, done))
    })
    if (child.pid !== undefined) {
      this.#notify({ type: 'childStarted', id: this.id, pid: child.pid })
    }
  }

  async readyWithin(timeoutMs: number): Promise<void> {
    const timer = setTimeout(() => this.#fail(`was not ready within ${timeoutMs} ms`), timeoutMs)
    await this.#firstReady.promise.finally(() => clearTimeout(timer))
  }

  async stop(): Promise<void> {
    this.#isStopping = true
    clearTimeout(this.#restart)
    this.#fail('was stopped before it was ready')
    const child = this.#process
    if (child === undefined) return
    child.kill('SIGTERM')
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS)
    await this.#ended
    clearTimeout(timer)
  }

  #receive(message: unknown): void {
    const port = readyPort(message)
    const pid = this.pid
    if (port === undefined || pid === undefined) {
      this.#notify({ type: 'childMessage', id: this.id, message })
      return
    }
    this.port = port
    this.#wasReady = true
    this.#notify({ type: 'childReady', id: this.id, pid, port })
    this.#firstReady.resolve()
  }

  #end(code: number | null, signal: NodeJS.Signals | null, done: () => void): void {
    this.#process = undefined
    this.port = undefined
    this.#notify({ type: 'childExited', id: this.id, code, signal })
    done()
    if (this.#isStopping) return
    const wasSteady = performance.now() - this.#startedAt >= STEADY_MS
    this.#endsInARow = wasSteady ? 1 : this.#endsInARow + 1
    if (!this.#wasReady && this.#endsInARow >= UNREADY_ENDS_MAX) {
      this.#fail(`ended ${this.#endsInARow} times before it was ready`)
      return
    }
    const delayMs = restartPauseMs(this.#endsInARow)
    this.#notify({ type: 'childRestarting', id: this.id, delayMs })
    this.#restart = setTimeout(() => this.start(), delayMs)
  }

  #fail(what: string): void {
    const { logFile } = this.#spec
    const where = logFile === undefined ? '' : `; see ${logFile}`
    this.#firstReady.reject(
      unavailable(`${this.id} ${what}${where}`, { reason: 'child-not-ready' }),
    )
  }
}

/** Detached: a terminal's Ctrl-C reaches the supervisor alone, which stops the children in order. */
function spawnChild({ script, args = [], flags = [], env = {}, logFile }: ChildSpec): ChildProcess {
  const output = logFile === undefined ? 2 : openSync(logFile, 'a', 0o600)
  const child = spawn(process.execPath, [...flags, script, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', output, output, 'ipc'],
    detached: true,
    windowsHide: true,
  })
  if (logFile !== undefined) closeSync(output)
  return child
}

function readyPort(message: unknown): number | undefined {
  if (typeof message !== 'object' || message === null) return undefined
  const { ready, port } = message as { ready?: unknown; port?: unknown }
  return ready === true && typeof port === 'number' ? port : undefined
}
