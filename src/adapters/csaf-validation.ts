/**
 * Validates CSAF 2.0 and 2.1 documents by schema and mandatory tests, with the validator
 * of the Secvisogram project.
 *
 * The validator takes a second and about 95 MB to load, so it runs in a passing
 * child process; this process stays small. The child gets no environment and no
 * file or network address from the document.
 */
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Advisories } from '../app/ports/advisories.ts'
import type { Json } from '../base/canonical-json.ts'
import { malformed, unavailable } from '../base/errors.ts'

export type CsafProblem = {
  /** Name of the test, e.g. `mandatoryTest_6_1_1`. */
  readonly test: string
  /** JSON pointer into the document. */
  readonly pointer: string
  readonly message: string
}
export type CsafValidation = { readonly valid: boolean; readonly problems: readonly CsafProblem[] }

const CHILD = fileURLToPath(new URL('./csaf-validator-process.ts', import.meta.url))
const TIMEOUT_MS = 60_000
const LINGER_MS = 20_000
const DOCUMENT_MAX_BYTES = 16 * 1024 * 1024

/**
 * A validator that stays for the next document and ends when none has come for a
 * while: publishing several advisories in a row loads it once.
 */
export function createAdvisories(lingerMs = LINGER_MS): Advisories {
  let session: Session | undefined
  return {
    async validate(document) {
      session ??= startSession(lingerMs, () => {
        session = undefined
      })
      const { valid, problems } = await session.validate(document)
      const told = problems.map(({ test, pointer, message }) => `${test} ${pointer}: ${message}`)
      return { valid, problems: told }
    },
  }
}

type Session = { validate(document: Json): Promise<CsafValidation> }

type Waiting = { resolve(answer: CsafValidation): void; reject(error: Error): void }

function startSession(lingerMs: number, onEnd: () => void): Session {
  const child = startChild()
  const waiting: Waiting[] = []
  let patience: NodeJS.Timeout | undefined
  const end = () => {
    clearTimeout(patience)
    onEnd()
    child.kill('SIGKILL')
    const error = unavailable('csaf validator stopped early', { reason: 'validator-stopped' })
    for (const one of waiting.splice(0)) one.reject(error)
  }
  /** While somebody waits a limit on the answer, else the time to linger. */
  const restartPatience = () => {
    clearTimeout(patience)
    patience = setTimeout(end, waiting.length > 0 ? TIMEOUT_MS : lingerMs).unref()
  }
  child.once('close', end)
  child.once('error', end)
  createInterface({ input: child.stdout }).on('line', (line) => {
    waiting.shift()?.resolve(JSON.parse(line) as CsafValidation)
    restartPatience()
  })
  return {
    validate: (document) =>
      new Promise((resolve, reject) => {
        const line = lineOf(document)
        waiting.push({ resolve, reject })
        restartPatience()
        child.stdin.write(`${line}\n`)
      }),
  }
}

/** Validates several documents in one child process; answers in the same order. */
export async function validateCsafAll(
  documents: readonly Json[],
): Promise<readonly CsafValidation[]> {
  const session = startSession(0, () => {})
  return Promise.all(documents.map((document) => session.validate(document)))
}

function startChild() {
  const child = spawn(process.execPath, [CHILD], { stdio: ['pipe', 'pipe', 'ignore'], env: {} })
  // A child that died early shows as missing answers, not as a broken pipe.
  child.stdin.on('error', () => {})
  return child
}

/** @throws ComityError `malformed` if too large */
function lineOf(document: Json): string {
  const line = JSON.stringify(document)
  if (Buffer.byteLength(line) <= DOCUMENT_MAX_BYTES) return line
  throw malformed('document is larger than 16 MiB', { field: '', reason: 'too-large' })
}
