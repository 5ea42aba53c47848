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
import { evalMessage } from './message.ts'
import { evalCheckpoint, evalCosignature, evalNote, evalTlogProof } from './proofs.ts'
import { evalRedaction } from './redaction.ts'
import { evalRelease } from './release.ts'

export type Engine = (input: Json) => Json
/** Opens what is sealed, which takes its time. */
export type OpeningEngine = (input: Json) => Promise<Json>

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

export const OPENING_ENGINES: Readonly<Record<string, OpeningEngine>> = { message: evalMessage }

const ALL: Readonly<Record<string, Engine | OpeningEngine>> = { ...ENGINES, ...OPENING_ENGINES }

export async function evalCommand(args: readonly string[]): Promise<number> {
  const [name = '', ...more] = args
  const engine = Object.hasOwn(ALL, name) ? ALL[name] : undefined
  if (!engine || more.length > 0) {
    const known = Object.keys(ALL).join(', ')
    process.stderr.write(`usage: comity eval ENGINE < in.jsonl > out.jsonl\n  engines: ${known}\n`)
    return args.includes('--help') ? 0 : 2
  }
  // Who reads the answers may stop at any line, as `head` does.
  process.stdout.once('error', () => process.exit(1))
  let isSound = true
  for await (const line of byteLines(process.stdin)) {
    const answer = await openedLine(engine, line)
    isSound &&= answer !== FAULT_LINE
    if (!process.stdout.write(`${answer}\n`)) {
      await new Promise((resolve) => process.stdout.once('drain', resolve))
    }
  }
  return isSound ? 0 : 1
}

const FAULT = { code: 'internal', message: 'the engine failed on this line: a fault of Comity' }
/** What was thrown may hold what was asked, so nothing of it is said. */
const FAULT_LINE = JSON.stringify({ error: FAULT })

type Given = string | Uint8Array | undefined

/** `undefined`: a line too long to be read. Exported for its tests. */
export function answerLine(engine: Engine, line: Given): string {
  try {
    return JSON.stringify(engine(valueIn(line)))
  } catch (error) {
    return errorLine(error)
  }
}

/** The same of an engine that may take its time. */
export async function openedLine(engine: Engine | OpeningEngine, line: Given): Promise<string> {
  try {
    return JSON.stringify(await engine(valueIn(line)))
  } catch (error) {
    return errorLine(error)
  }
}

function valueIn(line: Given): Json {
  if (line === undefined) throw malformed(`a line is longer than ${LINE_BYTES_MAX} bytes`)
  return parseJson(typeof line === 'string' ? utf8(line) : line)
}

function errorLine(error: unknown): string {
  if (!(error instanceof ComityError)) return FAULT_LINE
  const { code, message, field, reason } = error
  return JSON.stringify({ error: { code, message, field, reason } })
}
