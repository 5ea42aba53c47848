/**
 * Statements of migrations under which a node would not go on serving: those that
 * rewrite a table, hold its lock while they read it all, or take away what the running
 * version still reads. Each needs a note in the SQL file, above it or in it:
 *
 *     -- serves on: at most some hundred rows, and nobody is signed in meanwhile
 *
 * A table that the same file makes is empty, so nothing about it counts. Statements
 * inside functions are not read: they run later, in a place of their own.
 */

export type LockFinding = { readonly line: number; readonly message: string }

type Statement = {
  /** Comments and what stands in quotes taken out; in lower case, single spaces. */
  readonly text: string
  readonly line: number
  readonly hasNote: boolean
}

const NOTE = /--[ \t]*serves on:[ \t]*\S[^\n]{2,}/

type Rule = { readonly pattern: RegExp; readonly why: string }

/** Of `alter table`: each part between commas is looked at by itself. */
const ALTER_RULES: readonly Rule[] = [
  { pattern: /^alter (?:column )?\S+ (?:set data )?type\b/, why: 'rewrites the table' },
  { pattern: /^alter (?:column )?\S+ set not null\b/, why: 'reads the whole table under its lock' },
  { pattern: /^rename\b/, why: 'takes a name from the running version' },
  { pattern: /^drop (?!constraint|not|default)/, why: 'takes a column from the running version' },
  {
    pattern:
      /^add (?:constraint \S+ )?(?:check|foreign key|primary key|unique|exclude)\b(?!.*\bnot valid\b)/,
    why: 'reads the whole table under its lock; add it not valid, validate it later',
  },
  { pattern: /^set (?:logged|unlogged|tablespace|access method)\b/, why: 'rewrites the table' },
]

const ADDED_COLUMN =
  /^add (?:column )?(?:if not exists )?(?!constraint|check|foreign|primary|unique|exclude)/

const COLUMN_RULES: readonly Rule[] = [
  { pattern: /\bnot null\b(?!.*\bdefault\b)/, why: 'is not null and has no default' },
  {
    pattern: /\bdefault\b(?! (?:-?[\d.]+|'|null|true|false|now\(\)|current_timestamp)(?:\s|'|:|$))/,
    why: 'has a default that is computed for each row: the table is rewritten',
  },
  { pattern: /\bgenerated\b/, why: 'is computed for each row: the table is rewritten' },
  { pattern: /\b(?:unique|primary key)\b/, why: 'makes an index under the lock of the table' },
  { pattern: /\b(?:big|small)?serial\b/, why: 'is numbered for each row: the table is rewritten' },
  // PostgreSQL reads the whole table for them, whatever the new column holds.
  { pattern: /\b(?:check|references)\b/, why: 'is checked for each row under the lock' },
]

export function slowStatements(sql: string): readonly LockFinding[] {
  const statements = statementsOf(sql)
  const own = new Set(statements.flatMap(({ text }) => madeTable(text) ?? []))
  return statements
    .filter(({ hasNote }) => !hasNote)
    .flatMap(({ text, line }) =>
      [...new Set(faultsOf(text, own))].map((why) => {
        return { line, message: `${why}; say \`-- serves on: reason\` or do it in steps` }
      }),
    )
}

function madeTable(text: string): string | undefined {
  return /^create (?:unlogged )?table (?:if not exists )?([^\s(]+)/.exec(text)?.[1]
}

const INDEX =
  /^create (?:unique )?index (concurrently )?(?:if not exists )?(?:\S+ )??on (?:only )?([^\s(]+)/

function faultsOf(text: string, own: ReadonlySet<string>): string[] {
  const altered = /^alter table (?:if exists )?(?:only )?(\S+) (.*)$/.exec(text)
  if (altered) {
    const [, table = '', actions = ''] = altered
    return own.has(table) ? [] : alterFaults(table, actions)
  }
  const indexed = INDEX.exec(text)
  if (indexed) {
    const [, concurrently, table = ''] = indexed
    const isFine = concurrently !== undefined || own.has(table)
    return isFine ? [] : [`the index on ${table} is made while nobody can write to it`]
  }
  const changed = /^(?:update (?:only )?|delete from (?:only )?|truncate (?:table )?)(\S+)/.exec(
    text,
  )
  if (changed && !own.has(changed[1] ?? '')) {
    return [`rows of ${changed[1]} are changed and held until the migration ends`]
  }
  const dropped = /^drop (?:table|view|materialized view|type|schema) (?:if exists )?(\S+)/.exec(
    text,
  )
  if (dropped) return [`${dropped[1]} is taken from the running version`]
  const held = /^(?:lock|cluster|reindex|vacuum|refresh)\b.*/.exec(text)
  return held ? [`\`${held[0]}\` holds a lock for long`] : []
}

function alterFaults(table: string, actions: string): string[] {
  return partsOf(actions).flatMap((action) => {
    if (ADDED_COLUMN.test(action)) {
      const definition = action.replace(ADDED_COLUMN, '')
      const [column] = definition.split(' ', 1)
      return COLUMN_RULES.filter(({ pattern }) => pattern.test(definition)).map(
        ({ why }) => `column ${column} of ${table} ${why}`,
      )
    }
    return ALTER_RULES.filter(({ pattern }) => pattern.test(action)).map(
      ({ why }) => `\`${action}\` on ${table} ${why}`,
    )
  })
}

/** Parts between the commas that stand in no brackets. */
function partsOf(text: string): string[] {
  const parts = ['']
  let depth = 0
  for (const char of text) {
    if (char === '(') depth += 1
    if (char === ')') depth -= 1
    if (char === ',' && depth === 0) parts.push('')
    else parts[parts.length - 1] += char
  }
  return parts.map((part) => part.trim())
}

/** What PostgreSQL skips or takes as one piece: comments, texts, bodies of functions, names. */
const PIECES =
  /--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'|(\$\w*\$)[\s\S]*?\1|"(?:[^"]|"")*"|;|[^;'"$/-]+|[\s\S]/g

function statementsOf(sql: string): Statement[] {
  const statements: Statement[] = []
  let [text, start, line, hasNote] = ['', 0, 1, false]
  for (const [piece] of sql.matchAll(PIECES)) {
    if (piece === ';') {
      statements.push({ text: plain(text), line: start, hasNote })
      ;[text, start, hasNote] = ['', 0, false]
    } else if (piece.startsWith('--') || piece.startsWith('/*')) {
      hasNote ||= NOTE.test(piece)
    } else {
      const isFirst = start === 0 && piece.trim() !== ''
      if (isFirst) start = line + (piece.slice(0, piece.search(/\S/)).split('\n').length - 1)
      text += /^['$]/.test(piece) && piece.length > 1 ? "''" : piece
    }
    line += piece.split('\n').length - 1
  }
  if (plain(text) !== '') statements.push({ text: plain(text), line: start, hasNote })
  return statements
}

const plain = (text: string) => text.replaceAll('"', '').replace(/\s+/g, ' ').trim().toLowerCase()
