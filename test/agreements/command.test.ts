/** `comity agreement`, run as a person runs it. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { ringAgreement } from '../support/ring.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const folder = temporaryFolder()

function agreement(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['src/cli/main.ts', 'agreement', ...args],
    { encoding: 'utf8' },
  )
  return { status, stdout, stderr }
}

function fileOf(name: string, value: unknown): string {
  const path = join(folder, name)
  writeFileSync(path, typeof value === 'string' ? value : JSON.stringify(value))
  return path
}

test('a model lints clean, and the exit code tells of errors', () => {
  const clean = agreement('lint', 'agreements/emergency.json')
  assert.equal(clean.status, 0, clean.stderr)
  assert.match(clean.stdout, /^0 errors, 0 warnings, 3 notes$/m)
  const blocked = agreement('lint', 'agreements/emergency.json', '--between', 'cn,gb', '--json')
  assert.equal(blocked.status, 1)
  const { findings, counts } = JSON.parse(blocked.stdout)
  assert.ok(findings.some(({ code }: { code: string }) => code === 'lawBlocks'))
  assert.ok(counts.error > 0)
})

test('two files are compared in words', () => {
  const older = fileOf('older.json', ringAgreement())
  const newer = fileOf('newer.json', ringAgreement({ version: 2, emergencyClause: null }))
  const { status, stdout } = agreement('diff', older, newer)
  assert.equal(status, 0)
  assert.match(stdout, /permits less, or guards more/)
  assert.match(stdout, /^less +There is no emergency clause any more\.$/m)
})

test('what is no agreement, and wrong usage, end with their codes and say why', () => {
  const table: readonly [number, RegExp, ...string[]][] = [
    [2, /usage: comity agreement/],
    [2, /usage: comity agreement/, 'lint'],
    [2, /usage: comity agreement/, 'diff', 'agreements/emergency.json'],
    [2, /usage: comity agreement/, 'sign', 'agreements/emergency.json'],
    [2, /--sing/, 'lint', 'agreements/emergency.json', '--sing'],
    [1, /ENOENT/, 'lint', join(folder, 'nowhere.json')],
    [1, /is no agreement/, 'lint', fileOf('list.json', [])],
    [1, /JSON/i, 'lint', fileOf('text.json', 'not json')],
    [1, /no pack of this legal order/, 'lint', 'agreements/emergency.json', '--against', 'ZZ'],
    [1, /not a calendar date/, 'lint', 'agreements/emergency.json', '--on', 'soon'],
    [1, /wrong form/, 'diff', fileOf('empty.json', {}), fileOf('empty.json', {})],
  ]
  for (const [status, stderr, ...args] of table) {
    const ended = agreement(...args)
    assert.equal(ended.status, status, args.join(' '))
    assert.match(ended.stderr, stderr, args.join(' '))
  }
  const faulty = agreement('lint', fileOf('faulty.json', { title: 'An agreement' }))
  assert.equal(faulty.status, 1)
  assert.match(faulty.stdout, /^error +sunsetAt: The agreement has no sunsetAt/m)
})
