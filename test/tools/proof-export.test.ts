/**
 * `comity/proof` as an auditor has it: the built folder alone, elsewhere, with the
 * examples of its page run as they stand on the receipt of the specification.
 */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { before, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { fromBase64 } from '../../src/base/bytes.ts'
import * as shared from '../../src/proof/exports.ts'
import { build } from '../../tools/build.ts'
import { openingOf, world } from '../support/filing-receipts.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const root = path.join(import.meta.dirname, '../..')
const fences = (page: string, language: string) =>
  [
    ...page.matchAll(new RegExp(`\`\`\`${language}\\n([^\`]*(?:\`[^\`]+\`[^\`]*)*?)\`\`\``, 'g')),
  ].map(([, text]) => text as string)
const pageAt = (place: string) => readFileSync(path.join(root, place), 'utf8')

const [nodeExample = '', openingExample = '', browserExample = ''] = fences(
  pageAt('docs/integrating/proof.md'),
  'js',
)
const [entry = '', receipt = '', policy = ''] = fences(pageAt('protocol/spec/log.md'), '(?:json)?')
const folder = temporaryFolder()
const proof = path.join(folder, 'proof')

before(async () => {
  await build()
  cpSync(path.join(root, 'dist/proof'), proof, { recursive: true })
  writeFileSync(path.join(folder, 'policy.txt'), policy)
  writeFileSync(path.join(folder, 'receipt.tlog-proof'), receipt)
  writeFileSync(path.join(folder, 'entry.json'), entry.trim())
  writeFileSync(path.join(folder, 'check.mjs'), nodeExample)
})

const runIn = async (cwd: string, script: string) => {
  const { stdout } = await promisify(execFile)(process.execPath, [script], { cwd })
  return stdout
}

test('the example for Node verifies the receipt of the specification, far from the repository', async () => {
  const printed = await runIn(folder, 'check.mjs')
  assert.match(printed, /^entry 1 of meridia\.example\/ledger, a log of 3 entries$/m)
  assert.equal(printed.match(/^cosigned by .+ at 2026-11-22T17/gm)?.length, 2)
})

test('the example for Node fails for another entry', async () => {
  const other = temporaryFolder()
  cpSync(folder, other, { recursive: true })
  writeFileSync(path.join(other, 'entry.json'), entry.trim().replace('"v":1', '"v":2'))
  await assert.rejects(runIn(other, 'check.mjs'), /ComityError.*not-included/s)
})

test('the example for an opening verifies a release, and fails for another event', async () => {
  const place = temporaryFolder()
  const release = openingOf(
    'releaseDecided',
    (event) => 'decision' in event && event.decision === 'permit',
  )
  const write = (file: string, content: string | Uint8Array) =>
    writeFileSync(path.join(place, file), content)
  cpSync(proof, path.join(place, 'proof'), { recursive: true })
  write('policy.txt', world.policy)
  write('receipt.tlog-proof', release.receipt)
  write('entry.json', fromBase64(release.entry))
  write('check.mjs', `${nodeExample}\n${openingExample}`)
  write('release.json', JSON.stringify(release))
  const printed = await runIn(place, 'check.mjs')
  assert.match(printed, /^meridia\.example recorded releaseDecided at 2026-/m)
  const { envelope } = release
  write('release.json', JSON.stringify({ ...release, envelope: { ...envelope, by: 'another' } }))
  await assert.rejects(runIn(place, 'check.mjs'), /ComityError.*wrong-opening/s)
})

test('the example for a browser says what it shows, and why not', async () => {
  const place = temporaryFolder()
  cpSync(proof, path.join(place, 'proof'), { recursive: true })
  mkdirSync(path.join(place, 'node_modules'))
  symlinkSync(path.join(root, 'node_modules/@noble'), path.join(place, 'node_modules/@noble'))
  const file = path.join(place, 'check.mjs')
  writeFileSync(file, browserExample)
  const { check } = await import(pathToFileURL(file).href)
  const bytes = (text: string) => new TextEncoder().encode(text)
  const given = [bytes(receipt), bytes(entry.trim()), bytes(policy)]
  const shown = 'in the log, and cosigned by albion.example/witness and witness.example/witness'
  assert.equal(check(...given), shown)
  const alone = receipt.split('\n').filter((line) => !line.startsWith('— witness.example'))
  assert.equal(check(bytes(alone.join('\n')), given[1], given[2]), 'not shown: no-quorum')
})

test('no import leaves the folder, and every file of it loads alone', async () => {
  const files = readdirSync(proof, { recursive: true, encoding: 'utf8' })
  const scripts = files.filter((file) => /\.(d\.ts|js)$/.test(file))
  assert.ok(scripts.length > 40)
  for (const file of scripts) {
    const at = path.join(proof, file)
    const imported = readFileSync(at, 'utf8').matchAll(/(?:from|import)\s*\(?['"]([^'"]+)['"]/g)
    for (const [, specifier = ''] of imported) {
      assert.match(specifier, /^\.\//, `${file} imports ${specifier}`)
      const target = path.join(path.dirname(at), specifier)
      assert.ok(!path.relative(proof, target).startsWith('..'), `${file} imports ${specifier}`)
      const beside = at.endsWith('.d.ts') ? target.replace(/\.js$/, '.d.ts') : target
      const library = target.endsWith('canonicalize.js')
      assert.ok(library || files.includes(path.relative(proof, beside)), `${file}: ${specifier}`)
    }
    if (at.endsWith('.js')) await import(pathToFileURL(at).href)
  }
})

test('it says about itself what it offers, with a type beside each file', async () => {
  const built = await import(pathToFileURL(path.join(proof, 'index.js')).href)
  assert.deepEqual(Object.keys(built).toSorted(), Object.keys(shared).toSorted())
  const page = pageAt('docs/integrating/proof.md')
  const undocumented = Object.keys(shared).filter(
    (name) => !page.includes(name) && !/^(format|from|to|utf8|KEY_TYPE)/.test(name),
  )
  assert.deepEqual(undocumented, [])
  const own = JSON.parse(pageAt('package.json')).exports['./proof']
  assert.deepEqual(own, {
    types: './dist/proof/index.d.ts',
    default: './dist/proof/index.js',
  })
  const name = 'comity/proof'
  const byName = await import(name)
  assert.equal(typeof byName.verifyReceipt, 'function')
})

test('its types are enough for a program in TypeScript', async () => {
  const place = temporaryFolder()
  cpSync(proof, path.join(place, 'proof'), { recursive: true })
  writeFileSync(
    path.join(place, 'use.mts'),
    `import { type Primitives, verifyReceipt } from './proof/index.js'
export const index = (primitives: Primitives, receipt: Uint8Array, entry: Uint8Array) =>
  verifyReceipt(primitives, { receipt, entry, policy: { logs: [], witnesses: [], quorum: 'none' } })
    .leafIndex.toFixed()
// @ts-expect-error a receipt is bytes
export const wrong = (primitives: Primitives) => verifyReceipt(primitives, { receipt: 'text' })
`,
  )
  const compiler = path.join(root, 'node_modules/typescript/bin/tsc')
  const options =
    '--ignoreConfig --noEmit --strict --module nodenext --target es2022 --lib es2022,dom'
  await promisify(execFile)(process.execPath, [compiler, ...options.split(' '), 'use.mts'], {
    cwd: place,
  })
})
