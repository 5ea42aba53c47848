/**
 * What a node says to its operators: one JSON line each on standard error. The
 * only place that writes such lines.
 *
 * A line holds the kind, counts, ids of nodes and words of our own. It never holds
 * a message of an error that came from outside or from a library, because that may
 * quote what somebody sent: only where in our source it arose, its class and its code.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pino } from 'pino'
import { ComityError } from '../base/errors.ts'

export type Facts = Readonly<Record<string, string | number>>
export type Level = 'info' | 'warn' | 'error'

const ROOT = join(import.meta.dirname, '..', '..')
/** Ids, codes, addresses of nodes. A text with blanks or marks could be anything. */
const PLAIN = /^[A-Za-z0-9][A-Za-z0-9._:/@+-]{0,119}$/
const WITHHELD = '[withheld]'
const OWN_WORDS_MAX = 200
const FRAMES = 3
const CAUSES_MAX = 3

/** Words that would be a secret if they stood in a line by mistake. */
const NEVER = ['password', 'secret', 'token', 'code', 'key', 'identity', 'name', 'contact', 'title']
/** The code of a fault is one that `isCode` knows. */
const NEVER_IN_FAULTS = NEVER.filter((word) => word !== 'code')

const logger = pino(
  {
    base: null,
    timestamp: () => `,"at":"${new Date().toISOString()}"`,
    formatters: { level: (level) => ({ level }) },
    redact: { paths: [...NEVER, ...NEVER_IN_FAULTS.map((word) => `*.${word}`)], censor: WITHHELD },
  },
  { write: (line: string) => void process.stderr.write(line) },
)

const listeners = new Set<(kind: string, facts: Facts) => void>()

export function report(kind: string, facts: Facts = {}, level: Level = 'warn'): void {
  const plain = Object.entries(facts).map(([key, value]) => [key, plainFact(value)])
  for (const listen of listeners) listen(kind, facts)
  logger[level]({ kind, ...Object.fromEntries(plain) })
}

/** A fault of ours or of what we depend on: where it arose, never what it was about. */
export function reportFault(kind: string, error: unknown, facts: Facts = {}): void {
  for (const listen of listeners) listen(kind, facts)
  const plain = Object.entries(facts).map(([key, value]) => [key, plainFact(value)])
  logger.error({ kind, ...Object.fromEntries(plain), fault: faultOf(error) })
}

/** For figures that count lines. Returns what ends it. */
export function onReport(listen: (kind: string, facts: Facts) => void): () => void {
  listeners.add(listen)
  return () => listeners.delete(listen)
}

function plainFact(value: string | number): string | number {
  return typeof value === 'number' || PLAIN.test(value) ? value : WITHHELD
}

type Fault = {
  readonly class: string
  readonly code?: string
  readonly reason?: string
  readonly says?: string
  readonly where?: readonly string[]
  readonly cause?: Fault
}

function faultOf(error: unknown, depth = 0): Fault {
  if (!(error instanceof Error)) return { class: typeof error }
  const { code, reason, cause } = error as { code?: unknown; reason?: unknown; cause?: unknown }
  const where = framesOf(error)
  return {
    class: CLASSES.has(error.constructor.name) ? error.constructor.name : 'Error',
    ...(isCode(code) ? { code } : {}),
    ...(error instanceof ComityError && isCode(reason) ? { reason } : {}),
    ...(areOwnWords(error) ? { says: error.message.slice(0, OWN_WORDS_MAX) } : {}),
    ...(where.length > 0 ? { where } : {}),
    ...(cause !== undefined && depth < CAUSES_MAX ? { cause: faultOf(cause, depth + 1) } : {}),
  }
}

const OWN_CLASSES = ['ComityError', 'MustFreeze', 'MustRestart']
const CLASSES: ReadonlySet<string> = new Set([
  ...OWN_CLASSES,
  'AggregateError',
  'DatabaseError',
  'FastifyError',
  'RangeError',
  'ReferenceError',
  'SyntaxError',
  'TypeError',
])

/** Outages are told in words of this source; what is malformed or unverified came from outside. */
function areOwnWords(error: Error): boolean {
  if (error instanceof ComityError) return error.code === 'unavailable'
  return OWN_CLASSES.includes(error.constructor.name)
}

/** Of libraries and the system: `ECONNREFUSED`, `23505`; our own: `unavailable`, `key-unknown`. */
function isCode(code: unknown): code is string {
  return (
    typeof code === 'string' && /^([A-Z][A-Z_]{2,39}|[0-9A-Z]{5}|[a-z]+(-[a-z0-9]+)*)$/.test(code)
  )
}

/** Places in our own source. A message may imitate a stack, so it is cut off first. */
function framesOf({ stack = '', message }: Error): readonly string[] {
  const from = stack.indexOf(message)
  if (from < 0) return []
  const calls = stack.slice(from + message.length).split('\n')
  const places = calls.flatMap((line) => {
    const [, file, at] = /^ {4}at .*\/(src\/[\w./-]+\.ts):([0-9]+):[0-9]+\)?$/.exec(line) ?? []
    return file !== undefined && existsSync(join(ROOT, file)) ? [`${file}:${at}`] : []
  })
  return places.slice(0, FRAMES)
}
