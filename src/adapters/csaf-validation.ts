/**
 * Validates CSAF 2.0 documents by schema and mandatory tests, with the validator
 * of the Secvisogram project.
 *
 * The validator takes a second and about 95 MB to load, so it runs in a short-lived
 * child process; this process stays small. The child gets no environment and no
 * file or network address from the document.
 */
import { type ChildProcess, spawn } from 'node:child_process'
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
const DOCUMENT_MAX_BYTES = 16 * 1024 * 1024

export function createAdvisories(): Advisories {
  return {
    async validate(document) {
      const { valid, problems } = await validateCsaf(document)
      const told = problems.map(({ test, pointer, message }) => `${test} ${pointer}: ${message}`)
      return { valid, problems: told }
    },
  }
}

/** @throws ComityError `unavailable` if the validator does not answer; `malformed` if too large */
export async function validateCsaf(document: Json): Promise<CsafValidation> {
  const [validation] = await validateCsafAll([document])
  if (validation === undefined) throw unavailable('csaf validator gave no answer')
  return validation
}

/** Validates several documents in one child process; answers in the same order. */
export async function validateCsafAll(
  documents: readonly Json[],
): Promise<readonly CsafValidation[]> {
  const lines = documents.map((document) => JSON.stringify(document))
  if (lines.some((line) => Buffer.byteLength(line) > DOCUMENT_MAX_BYTES)) {
    throw malformed('document is larger than 16 MiB', { field: '', reason: 'too-large' })
  }
  const child = spawn(process.execPath, [CHILD], {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: {},
    timeout: TIMEOUT_MS,
    killSignal: 'SIGKILL',
  })
  const answers = answersOf(child, lines.length)
  // A child that died early shows as missing answers, not as a broken pipe.
  child.stdin.on('error', () => {})
  child.stdin.end(lines.map((line) => `${line}\n`).join(''))
  return answers
}

async function answersOf(child: ChildProcess, count: number): Promise<readonly CsafValidation[]> {
  const failure = new Promise<never>((_, reject) => {
    child.once('error', (cause) => reject(unavailable('csaf validator did not start', { cause })))
  })
  const answers = await Promise.race([readAnswers(child), failure])
  if (answers.length === count) return answers
  throw unavailable('csaf validator stopped early', { reason: 'validator-stopped' })
}

async function readAnswers(child: ChildProcess): Promise<readonly CsafValidation[]> {
  const answers: CsafValidation[] = []
  if (child.stdout === null) return answers
  for await (const line of createInterface({ input: child.stdout })) {
    answers.push(JSON.parse(line) as CsafValidation)
  }
  return answers
}
