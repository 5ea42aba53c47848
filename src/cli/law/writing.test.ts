/** What `law/writing.md` tells lawyers: its pack loads and works, and its lists are complete. */
import assert from 'node:assert/strict'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, test } from 'node:test'
import { loadExamples } from '../../adapters/law-examples.ts'
import { readLaw } from '../../adapters/law-packs.ts'
import { CLOCK_MARKS } from '../../core/law/clock-events.ts'
import { capExampleFault } from '../../wire/law-example-caps.ts'
import { clockExampleFault } from '../../wire/law-example-clocks.ts'
import { lawPackSchemaText } from '../../wire/law-pack-schema.ts'
import { asIfSigned, LAW_FOLDER } from './shipped-law.ts'

const page = readFileSync(join(LAW_FOLDER, 'writing.md'), 'utf8')
const folder = mkdtempSync(join(tmpdir(), 'comity-writing-'))
after(() => rmSync(folder, { recursive: true }))

/** Each file of the page is a block after the line that names it. */
cpSync(join(LAW_FOLDER, 'questions.yaml'), join(folder, 'questions.yaml'))
for (const [, name = '', text = ''] of page.matchAll(/^`(zl\/\S+)`,.*\n```\w+\n([\s\S]*?)```/gm)) {
  mkdirSync(dirname(join(folder, name)), { recursive: true })
  writeFileSync(join(folder, name), text)
}

test('the pack on the page loads, and its worked examples come out', () => {
  const { current } = readLaw(folder)
  assert.deepEqual(
    current.map(({ id }) => id),
    ['law.zl'],
  )
  const law = asIfSigned(current)
  const rows = loadExamples(folder)
  assert.deepEqual(
    rows.map(({ kind }) => kind),
    ['clock', 'tier'],
  )
  for (const row of rows) {
    const fault = row.kind === 'tier' ? capExampleFault(law, row) : clockExampleFault(law, row)
    assert.equal(fault, undefined)
  }
})

/** Names of fields and words of closed lists, anywhere in the form. */
function namesIn(schema: unknown): readonly string[] {
  if (Array.isArray(schema)) return schema.flatMap(namesIn)
  if (schema === null || typeof schema !== 'object') return []
  const { properties, enum: words, ...rest } = schema as Record<string, unknown>
  const fields = properties === undefined ? [] : Object.entries(properties as object)
  return [
    ...fields.flatMap(([name, form]) => [name, ...namesIn(form)]),
    ...(Array.isArray(words) ? words.map(String) : []),
    ...Object.values(rest).flatMap(namesIn),
  ]
}

test('every field and every word of the form stands on the page', () => {
  const names = new Set([...namesIn(JSON.parse(lawPackSchemaText())), ...CLOCK_MARKS])
  assert.ok(names.size > 200, `only ${names.size} names were found`)
  const told = new Set(page.match(/[A-Za-z0-9_]+/g))
  assert.deepEqual(
    [...names].filter((name) => !told.has(name)),
    [],
  )
})

test('every word in the lists of the page is one of the form', () => {
  const names = new Set(namesIn(JSON.parse(lawPackSchemaText())))
  const lists = page.slice(page.indexOf('## Words'), page.indexOf('## Worked examples'))
  const cells = [...lists.matchAll(/^\| [^|]+\| ([^|]+)\|$/gm)].map(([, words = '']) => words)
  const words = cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, word]) => word))
  assert.ok(words.length > 150, `only ${words.length} words were found`)
  assert.deepEqual(
    words.filter((word) => word === undefined || !names.has(word)),
    [],
  )
})
