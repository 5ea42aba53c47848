/**
 * Ways in which what a process holds in memory could reach a disk: core dumps, and swap.
 * Node.js can switch off neither; the service manager and the administrator do. Linux
 * says how it stands; elsewhere the answer is `unknown`.
 */
import { readFileSync } from 'node:fs'

export type MemoryExposure = {
  readonly coreDumps: 'off' | 'on' | 'unknown'
  /** `on` also where the swap is encrypted: that cannot be seen from here. */
  readonly swap: 'none' | 'on' | 'unknown'
}

export function memoryExposure(read: (file: string) => string = readText): MemoryExposure {
  return { coreDumps: coreDumps(read), swap: swap(read) }
}

function coreDumps(read: (file: string) => string): MemoryExposure['coreDumps'] {
  const limit = /^Max core file size\s+(\S+)/m.exec(tried(read, '/proc/self/limits'))?.[1]
  if (limit === undefined) return 'unknown'
  return limit === '0' ? 'off' : 'on'
}

function swap(read: (file: string) => string): MemoryExposure['swap'] {
  const [heading = '', ...areas] = tried(read, '/proc/swaps').trim().split('\n')
  if (!heading.startsWith('Filename')) return 'unknown'
  return areas.length === 0 ? 'none' : 'on'
}

function tried(read: (file: string) => string, file: string): string {
  try {
    return read(file)
  } catch {
    // Not Linux, or a sandbox that hides it: nothing is known.
    return ''
  }
}

function readText(file: string): string {
  return readFileSync(file, 'utf8')
}
