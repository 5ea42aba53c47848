/**
 * Worked examples of a law pack: Markdown files with tables that a lawyer can read.
 *
 * Reads every table of a file whose first column is `clock` or `tier`; all other text is
 * left alone, and so are tables with other columns. A row that cannot be read is an error
 * with file and line, never a row passed over.
 */
import { type ComityError, malformed } from '../base/errors.ts'
import { type Instant, instantFromMs } from '../base/time.ts'
import type { ClockEvent } from '../core/law/clock-events.ts'
import { isClockEventName, mustNameClock } from '../core/law/clock-events.ts'
import type { Facts, FactValue } from '../core/law/condition.ts'

export type ExampleKind = 'clock' | 'tier'

export type ExampleRow = {
  readonly kind: ExampleKind
  /** `<file>:<line>`, for messages. */
  readonly place: string
  readonly cells: Readonly<Record<string, string>>
}

const COLUMNS: Readonly<Record<ExampleKind, readonly string[]>> = {
  clock: ['clock', 'start', 'zone', 'events and facts', 'state', 'strict', 'legal', 'why'],
  tier: ['tier', 'turnover', 'circumstances', 'maximum', 'why'],
}

/** @throws ComityError `malformed` (reason `example`) naming file and line */
export function readExamples(text: string, fileName: string): readonly ExampleRow[] {
  const rows: ExampleRow[] = []
  let columns: readonly string[] | null = null
  let kind: ExampleKind = 'clock'
  for (const [n, line] of text.split(/\r?\n/).entries()) {
    const place = `${fileName}:${n + 1}`
    if (!line.trimStart().startsWith('|')) {
      columns = null
      continue
    }
    const cells = cellsOf(line)
    if (columns === null) {
      kind = cells[0] === 'tier' ? 'tier' : 'clock'
      columns = cells[0] === kind ? cells : []
      if (columns.length > 0) requireColumns(columns, kind, place)
    } else if (columns.length > 0 && !cells.every((cell) => /^:?-+:?$/.test(cell))) {
      if (cells.length !== columns.length) throw exampleError(place, 'not as many cells as columns')
      const named = columns.map((column, at) => [column, cells[at] ?? ''])
      rows.push({ kind, place, cells: Object.fromEntries(named) })
    }
  }
  return rows
}

/** The facts and events of a cell: `fact=value; event@moment; event(clock id)@moment`. */
export type Circumstances = {
  readonly facts: Facts
  readonly events: readonly Pick<ClockEvent, 'event' | 'clock' | 'at'>[]
  /** `now@…`; `null`: none was given. */
  readonly now: Instant | null
}

/**
 * @param clock the clock that events belong to which must name one, and name none
 * @throws ComityError `malformed` (reason `example`)
 */
export function circumstancesIn(cell: string, place: string, clock: string): Circumstances {
  const facts: Record<string, FactValue> = {}
  const events: Pick<ClockEvent, 'event' | 'clock' | 'at'>[] = []
  let now: Instant | null = null
  for (const item of itemsIn(cell)) {
    const [, name, of, moment] = /^([a-z_]+)(?:\(([^()]+)\))?@(\S+)$/.exec(item) ?? []
    if (name === undefined || moment === undefined) {
      const [fact, value] = factIn(item, place)
      facts[fact] = value
    } else if (name === 'now') {
      now = momentIn(moment, place)
    } else {
      if (!isClockEventName(name)) throw exampleError(place, `no clock knows the event ${name}`)
      const named = of ?? (mustNameClock(name) ? clock : null)
      events.push({ event: name, clock: named, at: momentIn(moment, place) })
    }
  }
  return { facts, events, now }
}

/** The parts of a cell, which `;` separates. */
export function itemsIn(cell: string): readonly string[] {
  return cell
    .split(';')
    .map((item) => item.trim())
    .filter((item) => item !== '')
}

/** `name=value`: true, false and numbers are read as such; `[a,b]` is a list. */
export function factIn(item: string, place: string): readonly [string, FactValue] {
  const [, name, value] = /^([a-z][a-zA-Z0-9]*)=(.+)$/.exec(item) ?? []
  if (name === undefined || value === undefined) {
    throw exampleError(place, `neither a fact nor an event: ${item}`)
  }
  const list = /^\[(.*)\]$/.exec(value)?.[1]
  if (list !== undefined) {
    const items = list.split(',').map((each) => each.trim())
    return [name, items.filter((each) => each !== '')]
  }
  if (value === 'true' || value === 'false') return [name, value === 'true']
  return [name, /^-?\d{1,15}(?:\.\d{1,6})?$/.test(value) ? Number(value) : value]
}

/** A moment with its offset. @throws ComityError `malformed` (reason `example`) */
export function momentIn(text: string, place: string): Instant {
  try {
    return instantFromMs(Temporal.Instant.from(text).epochMilliseconds)
  } catch {
    // Temporal has no other way to ask.
    throw exampleError(place, `not a moment with its offset: ${text}`)
  }
}

export function exampleError(place: string, message: string): ComityError {
  return malformed(`${message} (${place})`, { field: place, reason: 'example' })
}

/** `\|` is a bar within a cell; backquotes are for the eye only. */
export function cellsOf(line: string): readonly string[] {
  const inner = line
    .trim()
    .replace(/^\|/, '')
    .replace(/(?<!\\)\|$/, '')
  return inner
    .split(/(?<!\\)\|/)
    .map((cell) => cell.replaceAll('\\|', '|').replaceAll('`', '').trim())
}

function requireColumns(columns: readonly string[], kind: ExampleKind, place: string): void {
  const missing = COLUMNS[kind].find((name) => !columns.includes(name))
  if (missing !== undefined) throw exampleError(place, `the table has no column “${missing}”`)
}
