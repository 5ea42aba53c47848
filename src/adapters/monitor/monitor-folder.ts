/**
 * What a monitor remembers, in a folder of its own, one folder for each log: `state.json`,
 * `log-notice` once the log is closed, and a file for each finding.
 *
 * A finding is on disk before the state that came with it: a monitor that is killed between
 * finds it again and knows it.
 */
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { toHex, utf8 } from '../../base/bytes.ts'
import { canonicalBytes, parseJson } from '../../base/canonical-json.ts'
import { malformed } from '../../base/errors.ts'
import type { Instant } from '../../base/time.ts'
import {
  findingBytes,
  isKnownFinding,
  type LogFinding,
  marksOf,
  readFinding,
} from '../../wire/monitor/finding.ts'
import { NOTHING, type Remembered } from '../../wire/monitor/look.ts'
import { nodePrimitives } from '../node-primitives.ts'
import { readIfThere, replaceFile } from '../postgres/log/durable-files.ts'

export type KeptState = Remembered & {
  /** When the log last answered, and when it first did not since. */
  readonly reachedAt: Instant | undefined
  readonly failingSince: Instant | undefined
}

export type MonitorFolder = {
  state(origin: string): Promise<KeptState>
  keepState(origin: string, state: KeptState): Promise<void>
  notice(origin: string): Promise<Uint8Array | undefined>
  keepNotice(origin: string, notice: Uint8Array): Promise<void>
  findings(origin: string): readonly LogFinding[]
  /** @returns the file; undefined if it was known before */
  keepFinding(finding: LogFinding): Promise<string | undefined>
}

const WRITER = 'monitor'
const STATE = 'state.json'
const NOTICE = 'log-notice'

export function monitorFolder(folder: string): MonitorFolder {
  const of = (origin: string) => join(folder, toHex(nodePrimitives.sha256(utf8(origin))))
  const findings = (origin: string) => {
    const place = join(of(origin), 'findings')
    const names = existsSync(place) ? readdirSync(place).filter((one) => one.endsWith('.json')) : []
    return names
      .sort()
      .map((name) => readFinding(parseJson(new Uint8Array(readFileSync(join(place, name))))))
  }
  const replace = (origin: string, path: string, bytes: Uint8Array) =>
    replaceFile({ folder: of(origin), writer: WRITER }, path, bytes)
  return {
    findings,
    async state(origin) {
      const bytes = await readIfThere(join(of(origin), STATE))
      return bytes
        ? stateIn(bytes, origin)
        : { ...NOTHING, reachedAt: undefined, failingSince: undefined }
    },
    keepState: (origin, state) =>
      replace(origin, STATE, canonicalBytes({ v: 1, origin, ...withoutAbsent(state) })),
    notice: (origin) => readIfThere(join(of(origin), NOTICE)),
    keepNotice: (origin, notice) => replace(origin, NOTICE, notice),
    async keepFinding(finding) {
      const known = findings(finding.origin).map(asKnown)
      if (isKnownFinding(known, asKnown(finding))) return undefined
      const bytes = findingBytes(finding)
      const digest = createHash('sha256').update(bytes).digest('hex').slice(0, 16)
      const path = join('findings', `${finding.finding}-${digest}.json`)
      await replace(finding.origin, path, bytes)
      return join(of(finding.origin), path)
    },
  }
}

function asKnown(finding: LogFinding) {
  const { origin, finding: name } = finding
  return { origin, finding: name, marks: marksOf(nodePrimitives, finding) }
}

function stateIn(bytes: Uint8Array, origin: string): KeptState {
  const state = parseJson(bytes, STATE) as unknown as KeptState & { origin: string }
  if (state.origin !== origin) throw malformed('the state is of another log', { field: STATE })
  const { head, auditedSize, freshAt, reachedAt, failingSince } = state
  return { head, auditedSize, freshAt, reachedAt, failingSince }
}

function withoutAbsent(state: object): object {
  return Object.fromEntries(Object.entries(state).filter(([, value]) => value !== undefined))
}
