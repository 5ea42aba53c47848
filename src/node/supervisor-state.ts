/**
 * `supervisor.json` in the data folder: which supervisor runs and where its
 * children are, so that a second start and other commands can tell. It says
 * nothing once the supervisor that wrote it is gone.
 */
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { lockHolder } from '../adapters/managed-postgres/folder-lock.ts'
import { type ProcessIdentity, sameProcess } from '../adapters/managed-postgres/process-identity.ts'

export type SupervisorState = {
  readonly supervisor: ProcessIdentity
  readonly children: readonly ChildState[]
}

export type ChildState = {
  readonly id: string
  /** Left out while the child does not run. */
  readonly pid?: number | undefined
  /** Left out until the child is ready. */
  readonly port?: number | undefined
}

const STATE_FILE = 'supervisor.json'

/** The supervisor that runs on `dataFolder` now, or undefined. */
export function runningSupervisor(dataFolder: string): SupervisorState | undefined {
  const holder = lockHolder(dataFolder)
  if (holder === undefined) return undefined
  const state = readState(join(dataFolder, STATE_FILE))
  return state !== undefined && sameProcess(state.supervisor, holder) ? state : undefined
}

/** A full disk costs the information, not the children: then nothing is written. */
export function writeSupervisorState(
  dataFolder: string,
  supervisor: ProcessIdentity,
  children: readonly ChildState[],
): void {
  const file = join(dataFolder, STATE_FILE)
  const state: SupervisorState = {
    supervisor,
    children: children.map(({ id, pid, port }) => ({ id, pid, port })),
  }
  try {
    writeFileSync(`${file}.new`, `${JSON.stringify(state, undefined, 2)}\n`, { mode: 0o600 })
    renameSync(`${file}.new`, file)
  } catch {
    removeSupervisorState(dataFolder)
  }
}

export function removeSupervisorState(dataFolder: string): void {
  rmSync(join(dataFolder, STATE_FILE), { force: true })
}

function readState(file: string): SupervisorState | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return undefined
  }
}
