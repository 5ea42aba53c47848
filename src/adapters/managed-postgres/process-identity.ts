/**
 * Who a process is: its number together with when it started, because numbers
 * are used again. Two equal identities are the same process.
 *
 * On Linux the start counts from boot and the boot's id is part of it. Elsewhere
 * the start is as exact as `ps` prints it; on Windows it is not known, so there a
 * living process with that number is taken for the same one. Processes of other
 * containers that share a folder are not seen.
 */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

export type ProcessIdentity = { readonly pid: number; readonly start: string }

/** Undefined if no such process runs (a zombie does not run). */
export function identifyProcess(pid: number): ProcessIdentity | undefined {
  const start = processStart(pid)
  return start === undefined ? undefined : { pid, start }
}

export function isRunning(identity: ProcessIdentity): boolean {
  return processStart(identity.pid) === identity.start
}

export function sameProcess(a: ProcessIdentity, b: ProcessIdentity): boolean {
  return a.pid === b.pid && a.start === b.start
}

function processStart(pid: number): string | undefined {
  if (process.platform === 'linux') return startOnLinux(pid)
  if (process.platform === 'win32') return isAlive(pid) ? 'unknown' : undefined
  const ps = spawnSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], { encoding: 'utf8' })
  const [stat, ...start] = ps.stdout.trim().split(/\s+/)
  return stat === undefined || stat === '' || stat.startsWith('Z') ? undefined : start.join(' ')
}

/** proc(5): after the command in brackets, field 3 is the state and 22 the start in ticks. */
function startOnLinux(pid: number): string | undefined {
  const stat = readIfThere(`/proc/${pid}/stat`)
  if (stat === undefined) return undefined
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  if (fields[0] === 'Z' || fields[0] === 'X') return undefined
  return `${readIfThere('/proc/sys/kernel/random/boot_id')?.trim()}/${fields[19]}`
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}
