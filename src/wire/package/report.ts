/**
 * The report of a verification: a list of checks, each with what it proves and what
 * it does not, and one verdict.
 *
 * Checks run in order and failures are collected. A check fails closed: whatever is
 * thrown inside it, on hostile content too, is a failure of that check.
 */
import { ComityError } from '../../base/errors.ts'
import { plainText } from './plain-text.ts'
import { type CheckId, SENTENCES } from './sentences.ts'

export type Failure = {
  /** Path in the package, or what the caller calls the input. */
  readonly file: string
  /** Of the event that is meant. */
  readonly version?: number
  readonly message: string
}

export type Check = {
  readonly id: CheckId
  readonly title: string
  readonly ok: boolean
  /** The files that it looked at. */
  readonly files: readonly string[]
  readonly proves: string
  readonly doesNotProve: string
  /** What was found, as one sentence. */
  readonly detail: string
  readonly failures: readonly Failure[]
}

/** `unanchored`: sound in itself, but nothing ties its keys to anyone. It is a failure. */
export type Verdict = 'verified' | 'unanchored' | 'failed'

export type Subject =
  | 'evidence-package'
  | 'event-opening'
  | 'erased-entry'
  | 'release'
  | 'safe-harbour'
  | 'filing-accepted'
  | 'filing-statement'
  | 'filing-sealed'
  | 'contribution-certificate'
  | 'log-finding'
  | 'log'
  | 'log-export'

export type ClockLine = { readonly simulatedClock: boolean; readonly clockOffsetMs: number | null }

export type Report = {
  readonly v: 1
  readonly subject: Subject
  readonly verdict: Verdict
  readonly anchored: boolean
  /** null where the input was not read far enough, or says nothing about it. */
  readonly clock: ClockLine | null
  /** Facts to show beside the checks, e.g. the node; only of what was read. */
  readonly about: readonly (readonly [label: string, value: string])[]
  readonly checks: readonly Check[]
}

/** What a running check may say. */
export type Checking = {
  fail(file: string, message: string, version?: number): void
  /** Runs `step`; an error is recorded as a failure of `file`. */
  attempt<T>(file: string, step: () => T, version?: number): T | undefined
  looked(...files: readonly string[]): void
  found(detail: string): void
}

const FAILURES_MAX = 100

export class ReportWriter {
  readonly #subject: Subject
  readonly #checks: Check[] = []
  readonly #about: (readonly [string, string])[] = []
  #clock: ClockLine | null = null

  constructor(subject: Subject) {
    this.#subject = subject
  }

  /** `undefined` if the check could not be finished; with failures it may still give a value. */
  check<T>(id: CheckId, run: (checking: Checking) => T): T | undefined {
    const failures: Failure[] = []
    const files = new Set<string>()
    let detail = ''
    const record = (failure: Failure) => {
      files.add(failure.file)
      if (failures.length < FAILURES_MAX) failures.push(failure)
    }
    const attempt = <T>(file: string, step: () => T, version?: number): T | undefined => {
      try {
        return step()
      } catch (error) {
        record(failureOf(error, file, version))
        return undefined
      }
    }
    const checking: Checking = {
      fail: (file, message, version) =>
        record({ file, message, ...(version === undefined ? {} : { version }) }),
      attempt,
      looked: (...paths) => {
        for (const path of paths) files.add(path)
      },
      found: (text) => {
        detail = text
      },
    }
    const value = attempt('package', () => run(checking))
    const [first] = failures
    this.#checks.push({
      id,
      ...SENTENCES[id],
      ok: first === undefined,
      files: [...files],
      detail: first ? first.message : detail,
      failures,
    })
    return value
  }

  about(label: string, value: string): void {
    this.#about.push([label, plainText(value)])
  }

  clock(clock: ClockLine): void {
    this.#clock = clock
  }

  get isSound(): boolean {
    return this.#checks.every(({ ok }) => ok)
  }

  finish(): Report {
    const wrong = this.#checks.filter(({ ok }) => !ok)
    const isFailed = wrong.some(({ id }) => id !== 'anchor')
    const anchors = this.#checks.filter(({ id }) => id === 'anchor')
    const anchored = anchors.length > 0 && anchors.every(({ ok }) => ok)
    return {
      v: 1,
      subject: this.#subject,
      verdict: isFailed ? 'failed' : anchored ? 'verified' : 'unanchored',
      anchored,
      clock: this.#clock,
      about: this.#about,
      checks: this.#checks,
    }
  }
}

function failureOf(error: unknown, file: string, version: number | undefined): Failure {
  const at = version === undefined ? {} : { version }
  if (!(error instanceof ComityError)) {
    // Content of a form that no writer makes ran into a reader: it is refused, not a crash.
    return { file, ...at, message: 'the content has a form that cannot be read' }
  }
  const { field, message } = error
  if (field === undefined) return { file, ...at, message }
  // A field that is a path of the archive says more exactly which file is meant.
  const isPath =
    field === 'archive' || field.startsWith('data/') || /^[a-z0-9-]+\.(txt|note)$/.test(field)
  if (isPath) return { file: field, ...at, message }
  return { file, ...at, message: `${message} (${field})` }
}
