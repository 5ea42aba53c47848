import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { buildInput, buildPackage, logWorld, repacked } from '../../test/support/package-world.ts'
import { utf8 } from '../base/bytes.ts'
import { canonicalBytes } from '../base/canonical-json.ts'
import { writeEventOpening } from '../wire/event-opening.ts'
import type { Report } from '../wire/package/report.ts'
import { RECEIPT_DOES_NOT_PROVE, RECEIPT_PROVES } from '../wire/package/sentences.ts'
import { readTar, writeTar } from '../wire/package/tar.ts'
import { verifyCommand } from './verify.ts'

let folder: string
const at = (name: string) => join(folder, name)

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'comity-verify-'))
  writeFileSync(at('package.tar'), await buildPackage())
  writeFileSync(at('policy.txt'), logWorld().policy)
})
after(() => rmSync(folder, { recursive: true, force: true }))

async function run(...args: readonly string[]) {
  const out: string[] = []
  const err: string[] = []
  const code = await verifyCommand(
    args,
    { write: (text) => out.push(text) },
    { write: (text) => err.push(text) },
  )
  return { code, out: out.join(''), err: err.join('') }
}

test('a good package: ticks, both sentences, the clock, and the verdict last', async () => {
  const { code, out } = await run(at('package.tar'), '--policy', at('policy.txt'))
  assert.equal(code, 0)
  const lines = out.trimEnd().split('\n')
  assert.equal(lines.at(-1), 'verdict: verified')
  for (const sentence of [RECEIPT_PROVES, RECEIPT_DOES_NOT_PROVE]) assert.ok(out.includes(sentence))
  assert.ok(out.includes('simulatedClock: true.'))
  const ticks = lines.filter((line) => line.startsWith('\u2713')).length
  assert.equal(lines.filter((line) => line.startsWith('    Does not prove: ')).length, ticks)
  assert.equal(lines.filter((line) => line.startsWith('    Proves: ')).length, ticks)
})

test('without a policy it says unanchored and fails', async () => {
  const { code, out } = await run(at('package.tar'))
  assert.equal(code, 1)
  assert.match(out.trimEnd().split('\n').at(-1) ?? '', /^verdict: unanchored \(failed\)/)
})

test('a changed byte fails and its file is named', async () => {
  const bytes = new Uint8Array(await buildPackage())
  const text = Buffer.from(bytes).indexOf('Larkspur')
  bytes[text] = (bytes[text] ?? 0) ^ 1
  writeFileSync(at('changed.tar'), bytes)
  const { code, out } = await run(at('changed.tar'), '--policy', at('policy.txt'))
  assert.equal(code, 1)
  assert.match(out.trimEnd().split('\n').at(-1) ?? '', /^verdict: failed: data\/\S+: /)
})

test('--json gives the report and nothing else', async () => {
  const { code, out } = await run(at('package.tar'), '--policy', at('policy.txt'), '--json')
  assert.equal(code, 0)
  const report = JSON.parse(out) as Report
  assert.equal(report.verdict, 'verified')
  assert.ok(report.checks.every(({ ok, proves, doesNotProve }) => ok && proves && doesNotProve))
})

test('a receipt is checked with the opening beside it', async () => {
  const [event] = buildInput().streams[0]?.events ?? []
  assert.ok(event)
  writeFileSync(at('event.json'), canonicalBytes(writeEventOpening(event.envelope, event)))
  writeFileSync(at('event.tlog-proof'), event.receipt)
  assert.equal((await run(at('event.tlog-proof'), '--policy', at('policy.txt'))).code, 0)
  writeFileSync(at('alone.tlog-proof'), event.receipt)
  assert.equal((await run(at('alone.tlog-proof'), '--policy', at('policy.txt'))).code, 2)
})

test('text of others cannot steer the terminal', async () => {
  const bytes = await repacked(await buildPackage(), (files) => {
    files.set('data/cover.txt', utf8('\u001b[2J'))
  })
  writeFileSync(at('escape.tar'), bytes)
  const opening = { envelope: { by: '\u001b[31m' } }
  writeFileSync(at('escape.json'), JSON.stringify(opening))
  for (const name of ['escape.tar', 'escape.json']) {
    const { out, err } = await run(at(name), '--policy', at('policy.txt'))
    assert.ok(!`${out}${err}`.includes('\u001b'), name)
  }
})

test('unusable input: exit code 2 and one line that says why', async () => {
  mkdirSync(at('folder'))
  writeFileSync(at('empty'), '')
  writeFileSync(at('sparse'), '')
  truncateSync(at('sparse'), 257 * 1024 * 1024)
  writeFileSync(at('deep.json'), `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`)
  writeFileSync(at('proto.json'), '{"__proto__":{"envelope":1},"envelope":{}}')
  writeFileSync(at('latin1.json'), Buffer.from([0x7b, 0x22, 0xe9, 0x22, 0x3a, 0x31, 0x7d]))
  execFileSync('mkfifo', [at('pipe')])
  const names = [
    'folder',
    'empty',
    'sparse',
    'deep.json',
    'proto.json',
    'latin1.json',
    'pipe',
    'none',
  ]
  for (const name of names) {
    const { code, out, err } = await run(at(name), '--policy', at('policy.txt'))
    assert.equal(code, 2, name)
    assert.equal(out, '', name)
    assert.match(err, /^comity: [^\n]+\n$/, name)
  }
})

test('what is no package fails as one: compressed, text, wrong names', async () => {
  const good = await buildPackage()
  const archive = new Uint8Array(good)
  archive.set(utf8('../../etc/passwd\0'), 0)
  const twice = new Uint8Array([...good.subarray(0, 1024), ...good])
  const deep = await repacked(good, (files) => {
    files.set('data/package.json', utf8('['.repeat(100_000)))
  })
  const proto = new Map(readTar(good)).set('data/__proto__', utf8('x'))
  const inputs: Record<string, Uint8Array> = {
    'gzip.tar': gzipSync(good),
    'text.tar': utf8('This is no package.\n'.repeat(100)),
    'traversal.tar': archive,
    'twice.tar': twice,
    'truncated.tar': good.subarray(0, 5000),
    'deep.tar': deep,
    'proto.tar': writeTar(proto),
  }
  for (const [name, bytes] of Object.entries(inputs)) {
    writeFileSync(at(name), bytes)
    const { code, out } = await run(at(name), '--policy', at('policy.txt'))
    assert.equal(code, 1, name)
    assert.match(out, /verdict: failed: \S+/, name)
  }
})

test('--help says how it is used', async () => {
  const { code, out } = await run('--help')
  assert.equal(code, 0)
  assert.match(out, /^usage: comity verify FILE/)
})

test('wrong usage and a bad policy: exit code 2', async () => {
  writeFileSync(at('bad-policy'), 'quorum everybody\n')
  const calls = [
    [],
    [at('package.tar'), at('package.tar')],
    [at('package.tar'), '--trust-me'],
    [at('package.tar'), '--policy'],
    [at('package.tar'), '--policy', at('bad-policy')],
    [at('package.tar'), '--policy', at('none')],
  ]
  for (const call of calls) assert.equal((await run(...call)).code, 2, call.join(' '))
})
