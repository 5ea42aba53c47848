/** The kinds of lines that a node writes, and those that the docs explain: the same ones. */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

const ROOT = join(import.meta.dirname, '..', '..')
const CALL = /(?<![\w.])report(?:Fault)?\(\s*([^,)\s]+)/g
/** What the sequencer tells of, by the one call whose kind is put together. */
const LOG_KINDS = /export type SequencerError = ([^\n]+)/

function sourceFiles(): string[] {
  return ['src/node', 'src/cli'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
      .map((name) => join(folder, name))
      .filter((name) => name !== join('src', 'node', 'report.ts')),
  )
}

const read = (file: string) => readFileSync(join(ROOT, file), 'utf8')

function kindsIn(text: string): string[] {
  return [...text.matchAll(CALL)].flatMap(([, first = '']) => {
    const plain = /^'([a-z-]+)'$/.exec(first)?.[1]
    if (plain !== undefined) return [plain]
    assert.match(first, /^`log-\$\{kind\}`$/, 'a kind of a line that nobody can list')
    const [, union = ''] =
      LOG_KINDS.exec(read('src/adapters/postgres/log/sequencer-parts.ts')) ?? []
    const kinds = [...union.matchAll(/'([a-z]+)'/g)].map(([, kind]) => `log-${kind}`)
    assert.ok(kinds.length >= 3, union)
    return kinds
  })
}

function explained(): string[] {
  const [, table = ''] = read('docs/operating/monitoring.md').split('| kind | means |\n|---|---|\n')
  const [rows = ''] = table.split('\n\n', 1)
  return rows
    .split('\n')
    .flatMap((row) =>
      [...(row.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)].map(([, kind = '']) => kind),
    )
}

test('the search finds a kind however its call is written, and no kind it cannot name', () => {
  const calls = "report('a-b')\n  reportFault('c', e)\nx.report(error)\nreport(\n  'd',\n  {})"
  assert.deepEqual(kindsIn(calls), ['a-b', 'c', 'd'])
  assert.throws(() => kindsIn('report(kind, {})'), /nobody can list/)
})

test('every kind of line is explained, and nothing else is', () => {
  const written = [...new Set(sourceFiles().flatMap((file) => kindsIn(read(file))))].sort()
  assert.ok(written.length > 15, `only ${written.length}`)
  const listed = explained().sort()
  assert.deepEqual(listed, [...new Set(listed)], 'none is explained twice')
  assert.deepEqual(listed, written)
})
