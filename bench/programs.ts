/** Programs of the benchmark that run in processes of their own. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'

export type ProgramOptions = {
  readonly args?: readonly string[]
  readonly input?: string
  readonly running: Set<() => Promise<void>>
  readonly stopMs: number
}

/** What a program of `bench/programs` writes. @throws if it fails or takes too long */
export async function outputOf(
  name: string,
  { args = [], input = '', running, stopMs }: ProgramOptions,
): Promise<string> {
  const program = join(import.meta.dirname, 'programs', name)
  const child = spawn(process.execPath, [program, ...args], { stdio: ['pipe', 'pipe', 'inherit'] })
  const stop = async () => void child.kill('SIGKILL')
  running.add(stop)
  const timer = setTimeout(stop, stopMs)
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (text) => {
    output += text
  })
  child.stdin.on('error', () => {})
  child.stdin.end(input)
  const code = await new Promise((done) => child.on('close', done))
  clearTimeout(timer)
  running.delete(stop)
  if (code !== 0) throw new Error(`${name} failed, or took more than ${stopMs / 1000} s`)
  return output
}
