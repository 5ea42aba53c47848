/** Runs one of the programs of this folder until it has said its line. */
import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { TestContext } from 'node:test'

export type Program = {
  readonly child: ChildProcess
  // biome-ignore lint/suspicious/noExplicitAny: each program says something else
  readonly said: any
}

export async function runProgram(
  test: TestContext,
  name: string,
  args: readonly string[],
  options: SpawnOptions = {},
): Promise<Program> {
  const child = startProgram(test, name, args, options)
  const lines = createInterface({ input: child.stdout! })
  const [line] = await Promise.race([once(lines, 'line'), once(child, 'exit').then(() => ['{}'])])
  return { child, said: JSON.parse(line) }
}

export function startProgram(
  test: TestContext,
  name: string,
  args: readonly string[],
  options: SpawnOptions = {},
): ChildProcess {
  const script = new URL(name, import.meta.url).pathname
  const child = spawn(process.execPath, [script, ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
    ...options,
  })
  test.after(() => child.kill('SIGKILL'))
  return child
}

/** Ends it without any chance to clean up. */
export async function killHard(child: ChildProcess): Promise<void> {
  const exited = once(child, 'exit')
  child.kill('SIGKILL')
  await exited
}
