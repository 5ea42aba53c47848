/** `npm start` in a copy of the checkout: when it serves, what it prints, which processes it has. */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { SupervisorState } from '../src/node/supervisor-state.ts'
import { descendantsOf, processorSecondsOf } from './processes.ts'

const WAIT_MS = 60_000

export type Serving = {
  /** From the spawning of npm until everyone answered. */
  readonly ms: number
  /** Of all processes until then: says more than the time where the machine is busy. */
  readonly processorSeconds: number
}

export type Started = {
  readonly serving: Promise<Serving>
  /** Waits for the end of the story that this start tells. Returns what was printed. */
  story(): Promise<string>
  pids(): readonly { readonly name: string; readonly pid: number }[]
  stop(): Promise<void>
}

export async function startIn(
  copy: string,
  data: string,
  running: Set<() => Promise<void>>,
): Promise<Started> {
  const startedMs = performance.now()
  const child = spawn('npm', ['start', '--silent'], {
    cwd: join(copy, 'checkout'),
    env: { ...process.env, COMITY_DATA: data, NO_UPDATE_NOTIFIER: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      output += text
    })
  }
  const ended = new Promise<void>((done) => child.on('close', () => done()))
  const state = () => readState(data)
  const stop = async () => {
    running.delete(stop)
    // Straight to the supervisor: what npm makes of a signal is npm's affair.
    const pid = state()?.supervisor.pid
    if (pid !== undefined) process.kill(pid, 'SIGINT')
    else child.kill('SIGINT')
    const timer = setTimeout(() => child.kill('SIGKILL'), 15_000)
    await ended
    clearTimeout(timer)
  }
  running.add(stop)
  return {
    serving: untilServing(child, state, startedMs, () => output),
    pids: () => pidsOf(state()),
    async story() {
      const isOver = () => existsSync(join(data, 'story-told')) || /^✗/m.test(output)
      await until('the story', isOver, child)
      return output
    },
    stop,
  }
}

async function untilServing(
  child: ChildProcess,
  state: () => SupervisorState | undefined,
  startedMs: number,
  output: () => string,
): Promise<Serving> {
  const failed = () => new Error(`npm start ended: ${output().trim().split('\n').at(-1)}`)
  let ports: readonly number[] = []
  await until('the ports', () => {
    if (child.exitCode !== null) throw failed()
    ports = (state()?.children ?? []).flatMap(({ port }) => port ?? [])
    return ports.length === 4
  })
  await Promise.all(
    ports.map(async (port) => {
      const response = await fetch(`http://127.0.0.1:${port}/health`)
      if (!response.ok) throw new Error(`/health answers ${response.status}`)
      await response.text()
    }),
  )
  const ms = performance.now() - startedMs
  const root = child.pid ?? 0
  const pids = [root, ...descendantsOf(root).map(({ pid }) => pid)]
  const processorSeconds = pids.reduce((sum, pid) => sum + processorSecondsOf(pid), 0)
  return { ms, processorSeconds }
}

async function until(what: string, isSo: () => boolean, child?: ChildProcess): Promise<void> {
  const deadline = performance.now() + WAIT_MS
  while (!isSo()) {
    if (performance.now() > deadline) throw new Error(`waited ${WAIT_MS / 1000} s for ${what}`)
    if (child && child.exitCode !== null) throw new Error(`npm start ended before ${what}`)
    await pause(5)
  }
}

function readState(data: string): SupervisorState | undefined {
  try {
    return JSON.parse(readFileSync(join(data, 'supervisor.json'), 'utf8')) as SupervisorState
  } catch {
    return undefined
  }
}

function pidsOf(state: SupervisorState | undefined) {
  if (!state) return []
  const children = state.children.map(({ id, pid = 0 }) => ({ name: id, pid }))
  return [...children, { name: 'supervisor', pid: state.supervisor.pid }]
}
