/** Processes as `/proc` shows them. Linux only; elsewhere there is nothing to read. */
import { readdirSync, readFileSync } from 'node:fs'

export type Memory = {
  /** Now resident (VmRSS), pages shared with others included. */
  readonly residentBytes: number
  /** The most that was ever resident (VmHWM). */
  readonly peakBytes: number
}

export type ProcessInfo = {
  readonly pid: number
  readonly parent: number
  readonly command: readonly string[]
}

export function memoryOf(pid: number): Memory | undefined {
  const status = readProc(`${pid}/status`)
  if (status === undefined) return undefined
  const field = (name: string) => {
    const kilobytes = new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]
    return Number(kilobytes ?? Number.NaN) * 1024
  }
  return { residentBytes: field('VmRSS'), peakBytes: field('VmHWM') }
}

/** Resident memory with shared pages divided among those who share them. */
export function ownShareOf(pid: number): number {
  const rollup = readProc(`${pid}/smaps_rollup`)
  const kilobytes = rollup && /^Pss:\s+(\d+) kB/m.exec(rollup)?.[1]
  return Number(kilobytes || Number.NaN) * 1024
}

/** Linux counts in these; it has been 100 a second on every machine for decades. */
const TICKS_PER_SECOND = 100

/** Processor time of a process and of its children that have ended. */
export function processorSecondsOf(pid: number): number {
  const stat = readProc(`${pid}/stat`)
  // The name, in brackets, may hold anything.
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ') ?? []
  return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) / TICKS_PER_SECOND
}

/** Every process below `root`, itself not included. */
export function descendantsOf(root: number): readonly ProcessInfo[] {
  const all = allProcesses()
  const found: ProcessInfo[] = []
  let parents = new Set([root])
  while (parents.size > 0) {
    const children = all.filter(({ parent }) => parents.has(parent))
    found.push(...children)
    parents = new Set(children.map(({ pid }) => pid))
  }
  return found
}

/** The process that was started with this argument; 0 if there is none. */
export function processOf(argument: string): number {
  return allProcesses().find(({ command }) => command.includes(argument))?.pid ?? 0
}

function allProcesses(): readonly ProcessInfo[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      const parent = /^PPid:\s+(\d+)/m.exec(readProc(`${name}/status`) ?? '')?.[1]
      const command = readProc(`${name}/cmdline`)?.split('\0').filter(Boolean)
      if (parent === undefined || command === undefined) return []
      return [{ pid: Number(name), parent: Number(parent), command }]
    })
}

function readProc(name: string): string | undefined {
  try {
    return readFileSync(`/proc/${name}`, 'utf8')
  } catch {
    return undefined
  }
}
