/**
 * The test runner itself, on planted files: what it counts, what it fails, and
 * its last line. A runner that says "passed" of what did not run would hide
 * everything else.
 */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, type TestContext, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'

const runner = path.join(import.meta.dirname, '../../tools/test.ts')
const HEAD = `import { describe, it, test } from 'node:test'\n`

type Run = { readonly code: number | null; readonly output: string; readonly lastLine: string }

/** Plants each text as `src/<name>.test.ts` in a tree of its own and runs them. */
function run(
  t: TestContext,
  texts: Readonly<Record<string, string>>,
  args: readonly string[] = ['src/'],
): Run {
  const root = mkdtempSync(path.join(tmpdir(), 'comity-runner-'))
  t.after(() => rmSync(root, { recursive: true, force: true }))
  mkdirSync(path.join(root, 'src'))
  for (const [name, text] of Object.entries(texts)) {
    writeFileSync(path.join(root, `src/${name}.test.ts`), HEAD + text)
  }
  const options = { cwd: root, encoding: 'utf8', timeout: 30_000 } as const
  const { status, stdout } = spawnSync(process.execPath, [runner, ...args], options)
  return { code: status, output: stdout, lastLine: stdout.trimEnd().split('\n').at(-1) ?? '' }
}

describe('what is counted', () => {
  test('leaves count, suites and parents do not', (t) => {
    const nested = `
describe('outer', () => { it('a', () => {}); describe('inner', () => { it('b', () => {}) }) })
test('parent', async (t) => { await t.test('c', () => {}); await t.test('d', () => {}) })
test('e', () => {})`
    const { code, lastLine } = run(t, { nested, other: `test('f', () => {})` })
    assert.equal(lastLine, '6 passed, 0 failed, 0 skipped')
    assert.equal(code, 0)
  })

  test('a failing leaf counts once, with the suites it stands in', (t) => {
    const text = `describe('outer', () => { it('a', () => { throw new Error('planted') }) })`
    const { code, lastLine, output } = run(t, { text, good: `test('b', () => {})` })
    assert.equal(lastLine, '1 passed, 1 failed, 0 skipped')
    assert.equal(code, 1)
    assert.match(output, /outer > a/)
    assert.match(output, /planted/)
  })

  test('a skipped test prints its reason', (t) => {
    const text = `test('a', { skip: 'needs a moon' }, () => {})\ntest('b', () => {})`
    const { code, lastLine, output } = run(t, { text })
    assert.equal(lastLine, '1 passed, 0 failed, 1 skipped')
    assert.equal(code, 0)
    assert.match(output, /needs a moon/)
  })

  test('files are chosen by a part of their path', (t) => {
    const texts = { one: `test('a', () => {})`, two: `test('b', () => { throw new Error() })` }
    assert.equal(run(t, texts, ['src/one']).lastLine, '1 passed, 0 failed, 0 skipped')
    assert.equal(run(t, texts, ['one', 'two']).lastLine, '1 passed, 1 failed, 0 skipped')
    assert.equal(run(t, texts, ['three']).lastLine, '0 passed, 0 failed, 0 skipped')
  })
})

describe('a second run', () => {
  const ONCE = `import { existsSync, writeFileSync } from 'node:fs'
const mark = new URL('./ran', import.meta.url)
test('once', () => { if (!existsSync(mark)) { writeFileSync(mark, ''); throw new Error('planted') } })`
  const always = `test('always', () => { throw new Error('planted') })`
  const good = `test('good', () => {})`

  test('what passes then counts as passed, and is told', (t) => {
    const { code, lastLine, output } = run(t, { once: ONCE, good }, ['src/', '--second-run'])
    assert.equal(lastLine, '2 passed, 0 failed, 0 skipped')
    assert.equal(code, 0)
    assert.match(output, /FAIL src\/once\.test\.ts/)
    assert.match(output, /unsteady, [^\n]*:\n {2}src\/once\.test\.ts: once\n/)
  })

  test('what fails twice has failed, once', (t) => {
    const { code, lastLine, output } = run(t, { always, good }, ['src/', '--second-run'])
    assert.equal(lastLine, '1 passed, 1 failed, 0 skipped')
    assert.equal(code, 1)
    assert.doesNotMatch(output, /unsteady/)
  })

  test('is not made for many, nor when only some files were asked for', (t) => {
    const many = { one: always, two: always, three: always, once: ONCE }
    assert.equal(run(t, many, ['src/', '--second-run']).lastLine, '0 passed, 4 failed, 0 skipped')
    assert.equal(run(t, { once: ONCE }).lastLine, '0 passed, 1 failed, 0 skipped')
  })
})

describe('what fails a run', () => {
  const FAULTS: readonly (readonly [name: string, text: string, shown: RegExp])[] = [
    ['a file without a test', `export const x = 1`, /holds no test/],
    ['a file that throws when loaded', `throw new Error('planted')`, /planted/],
    ['a file that does not parse', `const x: = 1`, /ERR_INVALID_TYPESCRIPT_SYNTAX/],
    ['a skip without a reason', `test.skip('a', () => {})`, /skipped without a reason/],
    ['a todo without a reason', `test.todo('a')`, /skipped without a reason/],
    [
      'an early exit',
      `test('a', async () => { process.exit(0) })`,
      /holds no test|before its tests/,
    ],
    [
      'an exit between tests',
      `test('a', () => {})\ntest('b', async () => { await new Promise((go) => setTimeout(go, 200)); process.exit(0) })`,
      /before its tests/,
    ],
    [
      'an error after the end',
      `test('a', () => { setTimeout(() => { throw new Error('planted') }, 50) })`,
      /planted/,
    ],
    [
      'a hook that fails after its tests',
      `import { after } from 'node:test'
describe('s', () => { after(() => { throw new Error('planted') }); it('a', () => {}) })`,
      /planted/,
    ],
  ]

  for (const [name, text, shown] of FAULTS) {
    test(name, (t) => {
      const { code, lastLine, output } = run(t, { text })
      assert.match(lastLine, /^\d+ passed, 1 failed, 0 skipped$/)
      assert.match(output, shown)
      assert.equal(code, 1)
    })
  }

  test('no test at all', (t) => {
    const { code, lastLine } = run(t, {})
    assert.equal(lastLine, '0 passed, 0 failed, 0 skipped')
    assert.equal(code, 1)
  })

  test('an unknown option', (t) => {
    const { code, lastLine } = run(t, { good: `test('a', () => {})` }, ['--wrong'])
    assert.equal(lastLine, '0 passed, 1 failed, 0 skipped')
    assert.equal(code, 1)
  })
})

describe('a file that hangs', () => {
  test('is ended at its limit, with what it started', async (t) => {
    const beat = path.join(mkdtempSync(path.join(tmpdir(), 'comity-beat-')), 'beat')
    t.after(() => rmSync(path.dirname(beat), { recursive: true, force: true }))
    const child = `setInterval(() => require('node:fs').appendFileSync(process.argv[1], '.'), 50)`
    const text = `import { spawn } from 'node:child_process'
test('a', () => { spawn(process.execPath, ['-e', ${JSON.stringify(child)}, ${JSON.stringify(beat)}]) })`
    const { code, lastLine, output } = run(t, { text }, ['src/', '--timeout=1'])
    assert.equal(lastLine, '1 passed, 1 failed, 0 skipped')
    assert.match(output, /still running after 1 s/)
    assert.equal(code, 1)
    assert.ok(existsSync(beat), 'the planted process ran')
    const size = readFileSync(beat).length
    await wait(300)
    assert.equal(readFileSync(beat).length, size, 'the planted process has ended')
  })
})
