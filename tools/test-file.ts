/**
 * Runs one test file in a process of its own and says what became of its tests.
 *
 * A file fails as a whole if it holds no test, ends badly, ends before its
 * summary, or is still running at its time limit; then the processes it started
 * are ended with it. Only leaves are counted: a suite, or a test that holds
 * tests, counts only if it failed by itself.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { TestLine } from './test-reporter.ts'

export type TestResult = {
  readonly name: string
  readonly outcome: 'passed' | 'failed' | 'skipped'
  /** Why it failed, or why it was skipped. */
  readonly text: string
}

export type FileResult = {
  readonly file: string
  readonly ms: number
  readonly results: readonly TestResult[]
  /** The end of what the process printed. */
  readonly output: string
}

export type FileRun = {
  readonly root: string
  readonly file: string
  readonly timeoutMs: number
  /** A path that is free for the report of this run. */
  readonly reportFile: string
  readonly env: NodeJS.ProcessEnv
}

const REPORTER = new URL('./test-reporter.ts', import.meta.url).href
const OUTPUT_LENGTH_MAX = 8000
/** How long a process may take to end after it was asked to. */
const GRACE_MS = 3000

const running = new Set<ChildProcess>()

export async function runTestFile(run: FileRun): Promise<FileResult> {
  const started = performance.now()
  const ending = await endingOf(run)
  const lines = readLines(run.reportFile)
  const results = leavesOf(lines)
  const fault = faultOfFile(ending, lines, results, run.timeoutMs)
  if (fault !== undefined) {
    const notes = lines.flatMap((line) => (line.kind === 'note' ? [line.text] : []))
    results.push({ name: 'the file', outcome: 'failed', text: [fault, ...notes].join('\n') })
  }
  return { file: run.file, ms: performance.now() - started, results, output: ending.output }
}

/** Ends every test file that is running, and what it started. */
export function stopTestFiles(): void {
  for (const child of running) kill(child, 'SIGKILL')
}

type Ending = {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly isLate: boolean
  readonly output: string
}

function endingOf({ root, file, timeoutMs, reportFile, env }: FileRun): Promise<Ending> {
  const reporter = [`--test-reporter=${REPORTER}`, `--test-reporter-destination=${reportFile}`]
  const child = spawn(process.execPath, [...reporter, path.join(root, file)], {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own, so that what the file started can be ended with it.
    detached: process.platform !== 'win32',
  })
  running.add(child)
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (part: string) => {
      output = (output + part).slice(-OUTPUT_LENGTH_MAX)
    })
  }
  let isLate = false
  const limit = setTimeout(() => {
    isLate = true
    kill(child, 'SIGTERM')
    setTimeout(() => kill(child, 'SIGKILL'), GRACE_MS).unref()
  }, timeoutMs)
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', (code, signal) => {
      clearTimeout(limit)
      // What the file started and left behind would hold its output open.
      kill(child, 'SIGKILL')
      running.delete(child)
      setImmediate(() => resolve({ code, signal, isLate, output }))
    })
  })
}

function kill(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return
  try {
    if (process.platform === 'win32') child.kill(signal)
    else process.kill(-child.pid, signal)
  } catch (error) {
    // Nothing of the group is left.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

function readLines(reportFile: string): readonly TestLine[] {
  if (!existsSync(reportFile)) return []
  const lines = readFileSync(reportFile, 'utf8').split('\n')
  // The last part is empty, or was cut when the process was ended.
  return lines.slice(0, -1).map((line) => JSON.parse(line) as TestLine)
}

function faultOfFile(
  { code, signal, isLate }: Ending,
  lines: readonly TestLine[],
  results: readonly TestResult[],
  timeoutMs: number,
): string | undefined {
  if (isLate) return `still running after ${timeoutMs / 1000} s: a test or an open handle hangs`
  const hasFailure = results.some((result) => result.outcome === 'failed')
  if (signal !== null) return `ended by ${signal}`
  if (code !== 0 && !hasFailure) return `ended with code ${code}`
  if (results.length === 0) return 'holds no test'
  if (!lines.some((line) => line.kind === 'end')) return 'ended before its tests were done'
  return undefined
}

type Finished = Extract<TestLine, { kind: 'test' }>

/** The leaves, named with the suites they stand in. A parent's line follows its children's. */
export function leavesOf(lines: readonly TestLine[]): TestResult[] {
  const waiting: TestResult[][] = []
  for (const line of lines) {
    if (line.kind !== 'test') continue
    const children = waiting[line.depth + 1] ?? []
    waiting.length = line.depth + 1
    const siblings = waiting[line.depth] ?? []
    waiting[line.depth] = siblings
    siblings.push(...children.map((child) => ({ ...child, name: `${line.name} > ${child.name}` })))
    siblings.push(...ownResult(line, children.length > 0))
  }
  return waiting.flat()
}

function ownResult(line: Finished, hasChildren: boolean): TestResult[] {
  const { name, isSuite, failure } = line
  const reason = line.skip ?? line.todo
  if (reason !== undefined && reason !== false) return [skipped(name, reason)]
  if (failure?.type === 'subtestsFailed' && hasChildren) return []
  if (failure !== undefined) return [{ name, outcome: 'failed', text: failure.text }]
  return hasChildren || isSuite ? [] : [{ name, outcome: 'passed', text: '' }]
}

/** A test may be skipped only for a reason. */
function skipped(name: string, reason: string | true): TestResult {
  return typeof reason === 'string' && reason !== ''
    ? { name, outcome: 'skipped', text: reason }
    : { name, outcome: 'failed', text: 'skipped without a reason' }
}
