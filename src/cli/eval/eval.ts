/**
 * `comity eval ENGINE < in.jsonl > out.jsonl`: one answer a line, in order. A line
 * that cannot be answered gets `{"error":{"code","message"}}`, and on it goes.
 */
import { utf8 } from '../../base/bytes.ts'
import { type Json, parseJson } from '../../base/canonical-json.ts'
import { ComityError, malformed } from '../../base/errors.ts'
import { byteLines, LINE_BYTES_MAX } from '../byte-lines.ts'
import { evalAgreement } from './agreement.ts'
import { evalAvid } from './avid.ts'
import { evalConsistency } from './consistency.ts'
import { evalCsaf } from './csaf.ts'
import { evalCve } from './cve.ts'
import { evalCvss4 } from './cvss4.ts'
import { evalDecisionTable } from './decision-table.ts'
import { evalDisclosureHistory } from './disclosure-history.ts'
import { evalDuplicate } from './duplicate.ts'
import { evalEmbargo } from './embargo.ts'
import { evalInclusion } from './inclusion.ts'
import { evalCompetence, evalDue, evalGaps, evalSanction } from './law.ts'
import { evalCheckpoint, evalCosignature, evalNote, evalTlogProof } from './proofs.ts'
import { evalRedaction } from './redaction.ts'
import { evalRelease } from './release.ts'

export type Engine = (input: Json) => Json

/** By name. Exported for its tests. */
export const ENGINES: Readonly<Record<string, Engine>> = {
  inclusion: evalInclusion,
  consistency: evalConsistency,
  'disclosure-history': evalDisclosureHistory,
  avid: evalAvid,
  due: evalDue,
  sanction: evalSanction,
  competence: evalCompetence,
  gaps: evalGaps,
  agreement: evalAgreement,
  redaction: evalRedaction,
  release: evalRelease,
  'decision-table': evalDecisionTable,
  cvss4: evalCvss4,
  duplicate: evalDuplicate,
  embargo: evalEmbargo,
  csaf: evalCsaf,
  cve: evalCve,
  note: evalNote,
  checkpoint: evalCheckpoint,
  cosignature: evalCosignature,
  'tlog-proof': evalTlogProof,
}

export async function evalCommand(args: readonly string[]): Promise<number> {
  const [name = '', ...more] = args
  const engine = Object.hasOwn(ENGINES, name) ? ENGINES[name] : undefined
  if (!engine || more.length > 0) {
    const known = Object.keys(ENGINES).join(', ')
    process.stderr.write(`usage: comity eval ENGINE < in.jsonl > out.jsonl\n  engines: ${known}\n`)
    return args.includes('--help') ? 0 : 2
  }
  for await (const line of byteLines(process.stdin)) {
    if (!process.stdout.write(`${answerLine(engine, line)}\n`)) {
      await new Promise((resolve) => process.stdout.once('drain', resolve))
    }
  }
  return 0
}

/** `undefined`: a line too long to be read. Exported for its tests. */
export function answerLine(engine: Engine, line: string | Uint8Array | undefined): string {
  try {
    if (line === undefined) throw malformed(`a line is longer than ${LINE_BYTES_MAX} bytes`)
    return JSON.stringify(engine(parseJson(typeof line === 'string' ? utf8(line) : line)))
  } catch (error) {
    if (!(error instanceof ComityError)) throw error
    const { code, message, field, reason } = error
    return JSON.stringify({ error: { code, message, field, reason } })
  }
}
