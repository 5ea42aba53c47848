/**
 * `comity eval ENGINE < in.jsonl > out.jsonl`: one answer a line, in order. A line
 * that cannot be answered gets `{"error":{"code","message"}}`, and on it goes.
 */
import { createInterface } from 'node:readline'
import { utf8 } from '../../base/bytes.ts'
import { type Json, parseJson } from '../../base/canonical-json.ts'
import { ComityError } from '../../base/errors.ts'
import { evalAvid } from './avid.ts'
import { evalConsistency } from './consistency.ts'
import { evalDisclosureHistory } from './disclosure-history.ts'
import { evalInclusion } from './inclusion.ts'

export type Engine = (input: Json) => Json

/** By name. Exported for its tests. */
export const ENGINES: Readonly<Record<string, Engine>> = {
  inclusion: evalInclusion,
  consistency: evalConsistency,
  'disclosure-history': evalDisclosureHistory,
  avid: evalAvid,
}

export async function evalCommand([name = '']: readonly string[]): Promise<number> {
  const engine = Object.hasOwn(ENGINES, name) ? ENGINES[name] : undefined
  if (!engine) {
    const known = Object.keys(ENGINES).join(', ')
    process.stderr.write(`usage: comity eval ENGINE < in.jsonl > out.jsonl\n  engines: ${known}\n`)
    return name === '--help' ? 0 : 2
  }
  const lines = createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY })
  for await (const line of lines) {
    if (!process.stdout.write(`${answerLine(engine, line)}\n`)) {
      await new Promise((resolve) => process.stdout.once('drain', resolve))
    }
  }
  return 0
}

/** Exported for its tests. */
export function answerLine(engine: Engine, line: string): string {
  try {
    return JSON.stringify(engine(parseJson(utf8(line))))
  } catch (error) {
    if (!(error instanceof ComityError)) throw error
    const field = error.field ? { field: error.field } : {}
    return JSON.stringify({ error: { code: error.code, message: error.message, ...field } })
  }
}
