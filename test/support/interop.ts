/**
 * Programs of others, for tests of what we say to each other: from the folder that
 * COMITY_INTEROP names, else from the PATH. Without them a test says so and is skipped.
 */
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import path from 'node:path'

export function foreignProgram(name: string): string | undefined {
  const folders = [process.env['COMITY_INTEROP'], ...(process.env['PATH'] ?? '').split(':')]
  return folders
    .filter((folder) => folder !== undefined && folder !== '')
    .map((folder) => path.join(folder as string, name))
    .find((file) => existsSync(file))
}

/** The reason for which a test cannot run, or false: what `skip` of a test takes. */
export function missing(...names: readonly string[]): string | false {
  const absent = names.filter((name) => foreignProgram(name) === undefined)
  if (absent.length === 0) return false
  return `${absent.join(', ')} not installed: neither in COMITY_INTEROP nor in the PATH`
}

/** Waits for a program that has just been started. */
export async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; !(await isSo().catch(() => false)); tries++) {
    assert(tries < 300, 'a program does not start')
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}
