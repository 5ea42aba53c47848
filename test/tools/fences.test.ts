/**
 * Every fence between the folders holds: each test plants one violation and sees
 * it caught, beside a tree that passes. A fence that is not planted here may be
 * down without anyone noticing.
 */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, test } from 'node:test'
import { checkImports, type Finding } from '../../tools/check-imports.ts'
import { FENCES, SENDERS } from '../../tools/fences.ts'
import { moduleFacts } from '../../tools/module-facts.ts'

const root = path.join(import.meta.dirname, '../..')

const MANIFEST = JSON.stringify({
  dependencies: {
    canonicalize: '1',
    'age-encryption': '1',
    'date-holidays': '1',
    yaml: '1',
    pg: '1',
    fastify: '1',
    '@fastify/cookie': '1',
    '@noble/curves': '1',
  },
  devDependencies: { 'fast-check': '1' },
})

/** A tree in which every folder holds one module, and nothing is wrong. */
const SOUND: Readonly<Record<string, string>> = {
  'package.json': MANIFEST,
  'vocabulary/terms.json': '{}',
  ...Object.fromEntries(
    Object.keys(FENCES).map((folder) => [`src/${folder}/thing.ts`, 'export const thing = 1\n']),
  ),
  'src/app/ports/clock.ts': 'export type Clock = () => string\n',
}

const SOUND_FORMS: Readonly<Record<string, string>> = {
  'src/core/case/case.ts': `import { thing } from '../../base/thing.ts'\nexport const two = thing`,
  'src/core/law/law.ts': `import type { two } from '../case/case.ts'\nexport type Two = typeof two`,
  'src/base/json.ts': `import canonicalize from 'canonicalize'\nexport const c = canonicalize`,
  'src/base/when.ts': `export const at = (ms: number) => new Date(ms).toISOString()`,
  'src/base/bits.ts': `export const bits = (a: number) => (a & 3) | ~a`,
  'src/wire/terms.ts': `import t from '../../vocabulary/terms.json' with { type: 'json' }\nexport { t }`,
  'src/adapters/clock.ts': `import type { Clock } from '../app/ports/clock.ts'
export const clock: Clock = () => String(Date.now())`,
  'src/adapters/pg.d.ts': `declare module 'pg' {
  export function connect(): Later
  export default connect
  export { later }
}`,
  'src/adapters/lazy.ts': `import { createRequire } from 'node:module'
export const load = (name: string) => createRequire(import.meta.url)(name)`,
  'src/proof/proof.test.ts': `import fc from 'fast-check'
import fs from 'node:fs'
import { thing } from '../adapters/thing.ts'
export const x = [fc, fs, thing, 1 << 3, Date.now()]`,
  'src/proof/union.ts': `export type Side = 'left' | 'right' // 1 << 3, Date.now(), import('node:fs')`,
  'src/web/answer.ts': `export const f = (reply: R) => reply.code(200).send('done')`,
  'src/app/release-to-peer.ts': `export const f = (u: U, type: string) => u.send({ type })`,
  'src/app/acts/disclosure-acts.ts': `export const f = (u: U) => u.send({ type: 'embargoEnded' })`,
  'src/web/words.ts': `import cookie from '@fastify/cookie'\nimport path from 'node:path'
export const words = [cookie, path, 'Math.random()']`,
}

function findingsWith(planted: Readonly<Record<string, string>>): readonly Finding[] {
  return checkImports(new Map(Object.entries({ ...SOUND, ...planted }))).findings
}

/** The rule that must catch it, the file it stands in, its text. */
type Plant = readonly [rule: string, file: string, text: string]

const PLANTS: readonly Plant[] = [
  // Folder to folder.
  ['folder', 'src/base/x.ts', `import { thing } from '../core/thing.ts'`],
  ['folder', 'src/seal/x.ts', `import { thing } from '../core/thing.ts'`],
  ['folder', 'src/core/x.ts', `import { thing } from '../proof/thing.ts'`],
  ['folder', 'src/core/x.ts', `import type { thing } from '../wire/thing.ts'`],
  ['folder', 'src/core/x.ts', `export { thing } from '../proof/thing.ts'`],
  ['folder', 'src/core/x.ts', `export const load = () => import('../adapters/thing.ts')`],
  ['folder', 'src/core/x.ts', `export type T = import('../proof/thing.ts').Thing`],
  ['folder', 'src/core/x.ts', `export const y: typeof import('../proof/thing.ts') = z`],
  ['folder', 'src/core/x.ts', `import thing = require('../proof/thing.ts')`],
  ['folder', 'src/core/x.ts', `import terms from '../../vocabulary/terms.json'`],
  ['folder', 'src/proof/x.ts', `import { thing } from '../core/thing.ts'`],
  ['folder', 'src/proof/x.ts', `import { thing } from '../seal/thing.ts'`],
  ['folder', 'src/wire/x.ts', `import { thing } from '../app/thing.ts'`],
  ['folder', 'src/wire/x.ts', `import { thing } from '../seal/thing.ts'`],
  ['folder', 'src/app/x.ts', `import { thing } from '../adapters/thing.ts'`],
  ['folder', 'src/app/x.ts', `import { thing } from '../web/thing.ts'`],
  ['folder', 'src/adapters/x.ts', `import { thing } from '../app/thing.ts'`],
  ['folder', 'src/adapters/x.ts', `import { thing } from '../web/thing.ts'`],
  ['folder', 'src/web/x.ts', `import { thing } from '../adapters/thing.ts'`],
  ['folder', 'src/web/x.ts', `import { thing } from '../seal/thing.ts'`],
  ['folder', 'src/api/x.ts', `import { thing } from '../web/thing.ts'`],
  ['folder', 'src/browser/x.ts', `import { thing } from '../core/thing.ts'`],
  ['folder', 'src/browser/x.ts', `import { thing } from '../app/thing.ts'`],
  ['folder', 'src/node/x.ts', `import { thing } from '../browser/thing.ts'`],
  ['folder', 'src/elsewhere/x.ts', `export const x = 1`],
  ['folder', 'src/x.ts', `export const x = 1`],
  // Packages.
  ['package', 'src/base/x.ts', `import pg from 'pg'`],
  ['package', 'src/core/x.ts', `import canonicalize from 'canonicalize'`],
  ['package', 'src/proof/x.ts', `import { ed25519 } from '@noble/curves/ed25519.js'`],
  ['package', 'src/proof/x.ts', `export const p = import.meta.resolve('@noble/curves')`],
  ['package', 'src/proof/x.ts', `export const p = require.resolve('@noble/curves')`],
  ['package', 'src/web/x.ts', `import pg from 'pg'`],
  ['package', 'src/wire/x.ts', `import fastify from 'fastify'`],
  ['dependency', 'src/adapters/x.ts', `import left from 'left-pad'`],
  ['dependency', 'src/adapters/x.ts', `import fc from 'fast-check'`],
  ['dependency', 'src/core/x.test.ts', `import left from 'left-pad'`],
  // Node's own modules.
  ['builtin', 'src/base/x.ts', `import { createHash } from 'node:crypto'`],
  ['builtin', 'src/core/x.ts', `import 'node:fs'`],
  ['builtin', 'src/app/x.ts', `export const fs = await import('node:fs')`],
  ['builtin', 'src/browser/x.ts', `import path from 'node:path'`],
  ['builtin', 'src/web/x.ts', `import fs from 'node:fs'`],
  ['builtin', 'src/adapters/x.ts', `import fs from 'fs'`],
  // Paths.
  ['ending', 'src/core/x.ts', `import { thing } from './thing'`],
  ['ending', 'src/core/x.ts', `import { thing } from './thing.js'`],
  ['missing', 'src/core/x.ts', `import { nothing } from './nothing.ts'`],
  ['test', 'src/node/x.ts', `import { y } from './y.test.ts'`],
  ['specifier', 'src/node/x.ts', `import x from '#inside'`],
  ['specifier', 'src/node/x.ts', `import x from '/etc/thing.ts'`],
  ['specifier', 'src/node/x.ts', `import x from 'https://example.org/thing.ts'`],
  ['computed-import', 'src/core/x.ts', `export const load = (name: string) => import(name)`],
  ['computed-import', 'src/api/x.ts', `export const load = (n: string) => import('./' + n)`],
  // Forms that the house does without.
  ['default-export', 'src/core/x.ts', `export default function x() {}`],
  ['default-export', 'src/core/x.ts', `const x = 1\nexport { x as default }`],
  ['default-export', 'src/core/x.ts', `const x = 1\nexport = x`],
  ['export-all', 'src/core/x.ts', `export * from './thing.ts'`],
  ['export-all', 'src/core/x.ts', `export * as things from './thing.ts'`],
  ['enum', 'src/core/x.ts', `export enum Side { Left, Right }`],
  ['enum', 'src/core/x.ts', `export const enum Side { Left, Right }`],
  ['barrel', 'src/core/index.ts', `export const x = 1`],
  ['language', 'src/core/x.js', `export const x = 1`],
  ['parse', 'src/core/x.ts', `export const x: = 1`],
  // Bit operators.
  ['bit-operator', 'src/proof/x.ts', `export const half = (n: number) => n >> 1`],
  ['bit-operator', 'src/proof/x.ts', `export const half = (n: number) => n >>> 1`],
  ['bit-operator', 'src/proof/x.ts', `export const odd = (n: number) => (n & 1) === 1`],
  ['bit-operator', 'src/proof/x.ts', `export const whole = (n: number) => ~n`],
  ['bit-operator', 'src/proof/x.ts', `export function f(n: number) { n <<= 1\nreturn n }`],
  // Clocks and randomness.
  ...['base', 'core', 'proof', 'wire', 'app'].map(
    (folder): Plant => ['clock', `src/${folder}/x.ts`, `export const now = () => Date.now()`],
  ),
  ['clock', 'src/core/x.ts', `export const now = () => new Date()`],
  ['clock', 'src/core/x.ts', `export const now = () => new globalThis.Date()`],
  ['clock', 'src/core/x.ts', `export const now = () => Date()`],
  ['clock', 'src/core/x.ts', `export const now = Date['now']`],
  ['clock', 'src/core/x.ts', `const { now } = Date\nexport { now }`],
  ['clock', 'src/core/x.ts', `export const roll = globalThis.Math.random`],
  ['clock', 'src/core/x.ts', `export const roll = () => Math.random()`],
  ['clock', 'src/core/x.ts', `export const ms = () => performance.now()`],
  ['clock', 'src/core/x.ts', `export const now = () => Temporal.Now.instant()`],
  // Messages to peers.
  ['send', 'src/app/x.ts', `export const f = (unit: U) => unit.send({ type: 'release' })`],
  ['send', 'src/app/x.ts', `export const f = (step: S) => step.unit.send(step)`],
  ['send', 'src/app/x.ts', `export const f = ({ send }: U) => send({ type: 'release' })`],
  ['send', 'src/app/x.ts', `export const f = (one: U) => one['send']`],
  ['send', 'src/app/x.ts', `export const f = (one?: U) => one?.send`],
  ['send', 'src/node/x.ts', `export const f = (unit: U) => unit.send`],
  ['send', 'src/web/x.ts', `export const f = ({ unit }: S) => unit?.send({})`],
  [
    'message',
    'src/app/acts/disclosure-acts.ts',
    `export const f = (unit: U) => unit.send({ type: 'release', content: {} })`,
  ],
  [
    'message',
    'src/app/acts/assistance-acts.ts',
    `export const f = (unit: U, type: string) => unit.send({ type, content: {} })`,
  ],
]

describe('import fences', () => {
  test('a sound tree has no finding', () => {
    const files = new Map(Object.entries({ ...SOUND, ...SOUND_FORMS }))
    const report = checkImports(files)
    assert.deepEqual(report.findings, [])
    assert.equal(report.modules, files.size - 2)
  })

  for (const [rule, file, text] of PLANTS) {
    test(`${rule}: ${file}: ${text.replaceAll('\n', ' ; ')}`, () => {
      const sound = { 'src/node/y.test.ts': 'export const y = 1' }
      const findings = findingsWith({ ...sound, [file]: text })
      assert.deepEqual(
        findings.map((finding) => [finding.rule, finding.file]),
        [[rule, file]],
      )
    })
  }

  test('every sender of the table still sends', () => {
    for (const file of Object.keys(SENDERS)) {
      const facts = moduleFacts(readFileSync(path.join(root, file), 'utf8'), file)
      assert.ok(
        facts.some(({ kind }) => kind === 'send'),
        file,
      )
    }
  })

  test('a finding names its line', () => {
    const text = `// one\n\nimport { thing } from '../proof/thing.ts'\n`
    assert.equal(findingsWith({ 'src/core/x.ts': text })[0]?.line, 3)
  })

  test('a tree without modules fails', () => {
    const { modules, findings } = checkImports(new Map([['package.json', MANIFEST]]))
    assert.equal(modules, 0)
    assert.equal(findings.length, 1)
  })

  test('the same is found in files on disk', (t) => {
    const folder = temporaryFolder(t)
    for (const [file, text] of Object.entries({ ...SOUND, ...SOUND_FORMS }))
      plant(folder, file, text)
    assert.deepEqual(checkImports(folder).findings, [])
    plant(folder, 'src/core/x.ts', `import { thing } from '../proof/thing.ts'`)
    assert.deepEqual(
      checkImports(folder).findings.map(({ rule, file }) => [rule, file]),
      [['folder', 'src/core/x.ts']],
    )
  })
})

describe('inner folders know neither Node nor a browser', () => {
  const UNKNOWN = [
    'fetch',
    'process',
    'Buffer',
    'setTimeout',
    'setInterval',
    'queueMicrotask',
    'document',
    'window',
    'crypto',
    'performance',
    'console',
    'require',
    'localStorage',
    'XMLHttpRequest',
    'WebSocket',
  ]

  test('each name is unknown there', (t) => {
    const lines = UNKNOWN.map((name) => `export const use_${name} = ${name}`)
    const errors = typeErrorsOf(t, lines.join('\n'))
    assert.deepEqual(
      errors.map((error) => error.line),
      UNKNOWN.map((_, index) => index + 1),
    )
    assert.deepEqual(
      errors.filter((error) => !error.text.includes('Cannot find name')),
      [],
    )
  })

  test('a module of Node is unknown there', (t) => {
    const errors = typeErrorsOf(t, `import fs from 'node:fs'\nexport const read = fs.readFileSync`)
    assert.ok(errors.some((error) => error.line === 1 && /node:fs/.test(error.text)))
  })

  test('an enum and a parameter property are refused there', (t) => {
    const errors = typeErrorsOf(
      t,
      `export enum Side { Left }\nexport class C { constructor(readonly a: string) {} }`,
    )
    const erasable = errors.filter((error) => error.text.includes('TS1294'))
    assert.deepEqual([...new Set(erasable.map((error) => error.line))], [1, 2])
  })

  test('what the language itself has is known there', (t) => {
    const sound = `export const bytes = new TextEncoder().encode(JSON.stringify([new Map()]))`
    assert.deepEqual(typeErrorsOf(t, sound), [])
  })
})

type TypeError = { readonly line: number; readonly text: string }
type Cleanup = { after(fn: () => void): void }

/** Type-checks one file under the rules of the inner folders. */
function typeErrorsOf(t: Cleanup, text: string): readonly TypeError[] {
  const folder = temporaryFolder(t)
  plant(folder, 'package.json', '{"type":"module"}')
  plant(folder, 'planted.ts', text)
  const config = {
    extends: path.join(root, 'tsconfig.inner.json'),
    include: [path.join(folder, 'planted.ts'), path.join(root, 'src/base/ambient.d.ts')],
  }
  plant(folder, 'tsconfig.json', JSON.stringify(config))
  const output = outputOf('node_modules/typescript/bin/tsc', ['--pretty', 'false', '-p', folder])
  const errors = output.split('\n').filter((line) => line.includes('error TS'))
  return errors.map((text) => {
    const position = /planted\.ts\((\d+),/.exec(text)
    assert.ok(position, `an error that is not about the planted file: ${text}`)
    return { line: Number(position[1]), text }
  })
}

function outputOf(script: string, args: readonly string[]): string {
  try {
    return execFileSync(process.execPath, [path.join(root, script), ...args], { encoding: 'utf8' })
  } catch (error) {
    return (error as { stdout: string }).stdout
  }
}

function temporaryFolder(t: Cleanup): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'comity-fences-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

function plant(folder: string, file: string, text: string): void {
  mkdirSync(path.join(folder, path.dirname(file)), { recursive: true })
  writeFileSync(path.join(folder, file), text)
}
