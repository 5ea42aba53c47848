/** What a check of `comity doctor` says: how it is, and how to mend it. */

import type { OpenedKeys } from '../../adapters/keys/open-keys.ts'
import type { Database } from '../../adapters/postgres/database.ts'
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
