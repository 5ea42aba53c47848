/**
 * Flags that start a worker with read access to the program text alone: no keys, no
 * writes, no network, no children.
 */
import { realpathSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const PROGRAM = ['src', 'node_modules', 'package.json'].map((name) => join(ROOT, name))

export function workerFlags(): readonly string[] {
  // Packages may be linked from elsewhere; the worker may read them at their real place.
  const readable = new Set([...PROGRAM, ...PROGRAM.map((path) => realpathSync(path))])
  return ['--permission', ...[...readable].map((path) => `--allow-fs-read=${path}`)]
}
