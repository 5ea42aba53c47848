/** What a check of `comity doctor` says: how it is, and how to mend it. */
import type { OpenedKeys } from '../../adapters/keys/open-keys.ts'
import type { Database } from '../../adapters/postgres/database.ts'
import { DAY_MS, HOUR_MS } from '../../base/time.ts'
import type { NodeConfig } from '../config.ts'

export type Finding = {
  readonly state: 'well' | 'warning' | 'wrong'
  readonly says: string
  /** What to do; wherever it is not well. */
  readonly mend?: string
}

/** What checks look at. Each part is there only if what it needs was well. */
export type Patient = {
  readonly configFile: string
  readonly config: NodeConfig
  readonly database?: Database
  readonly keys?: OpenedKeys
  readonly nowMs: number
}

export type Check = {
  readonly name: string
  /** Nothing found: it does not apply here. */
  run(patient: Patient): Promise<readonly Finding[]> | readonly Finding[]
}

export const well = (says: string): Finding => ({ state: 'well', says })
export const warning = (says: string, mend: string): Finding => ({ state: 'warning', says, mend })
export const wrong = (says: string, mend: string): Finding => ({ state: 'wrong', says, mend })

/** In words, e.g. `3 hours`; of nothing, `0 hours`. */
export function timeSince(nowMs: number, since: number | undefined): string {
  const ms = nowMs - (since ?? nowMs)
  return ms > 2 * DAY_MS ? `${Math.floor(ms / DAY_MS)} days` : `${Math.floor(ms / HOUR_MS)} hours`
}
