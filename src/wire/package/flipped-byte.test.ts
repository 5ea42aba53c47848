/** One flipped byte anywhere fails and is named. */
import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { buildPackage, logWorld } from '../../../test/support/package-world.ts'
import { nodePrimitives } from '../../adapters/node-primitives.ts'
import { parsePolicy } from '../../proof/policy.ts'
import type { Primitives } from '../../proof/primitives.ts'
import { readTar } from './tar.ts'
import { verifyPackage } from './verify-package.ts'

const BLOCK = 512
const policy = parsePolicy(nodePrimitives, logWorld().policy)

type Region = { readonly file: string; readonly start: number; readonly end: number }
type Layout = {
  readonly headers: readonly Region[]
  readonly contents: readonly Region[]
  readonly paddings: readonly Region[]
}

/** Remembers what was verified: tens of thousands of packages differ in one byte each. */
const known = new Map<string, boolean>()
const primitives: Primitives = {
  ...nodePrimitives,
  verifyEd25519: (...parts) => {
    const id = parts.map((part) => Buffer.from(part).toString('latin1')).join('|')
    const answer = known.get(id) ?? nodePrimitives.verifyEd25519(...parts)
    known.set(id, answer)
    return answer
  },
}

let bytes: Uint8Array
let layout: Layout

before(async () => {
  bytes = await buildPackage()
  assert.equal(verifyPackage(nodePrimitives, bytes, policy).verdict, 'verified')
  layout = layoutOf(bytes)
})

test('in every header and every padding', () => {
  for (const { file, start, end } of [...layout.headers, ...layout.paddings]) {
    for (let at = start; at < end; at++) requireNamed(at, file)
  }
})

test('in the two blocks that end the archive', () => {
  for (let at = bytes.length - 2 * BLOCK; at < bytes.length; at += 7) requireNamed(at, 'archive')
})

test('in every tag file', () => {
  const tagFiles = layout.contents.filter(({ file }) => !file.startsWith('data/'))
  assert.equal(tagFiles.length, 5)
  for (const { file, start, end } of tagFiles) {
    for (let at = start; at < end; at++) requireNamed(at, file)
  }
})

test('in the payload: some bytes of every file, and 3,000 others', () => {
  const payload = layout.contents.filter(({ file }) => file.startsWith('data/'))
  const next = numbersFrom(20_261_122)
  for (const { file, start, end } of payload) {
    for (const at of [start, end - 1, start + (next() % (end - start))]) requireNamed(at, file)
  }
  const sizes = payload.reduce((sum, { start, end }) => sum + end - start, 0)
  for (let done = 0; done < 3000; done++) {
    let place = next() % sizes
    const region = payload.find(({ start, end }) => {
      if (place < end - start) return true
      place -= end - start
      return false
    })
    assert.ok(region)
    requireNamed(region.start + place, region.file)
  }
})

/**
 * The file that holds the byte is named. Two kinds of byte are named by what depends
 * on them: a changed path, by the place of its header; a changed line of a manifest,
 * by the manifest or by a file that it lists.
 */
function requireNamed(at: number, file: string): void {
  const bit = at % 8
  flip(at, bit)
  const report = verifyPackage(primitives, bytes, policy)
  flip(at, bit)
  assert.equal(report.verdict, 'failed', `byte ${at} of ${file}`)
  const failures = report.checks.flatMap((check) => check.failures)
  const isNamed = failures.some((failure) => failure.file === file)
  const header = layout.headers.find(({ start, end }) => start <= at && at < end)
  const isPlaced = failures.some(({ message }) => message.includes(`byte ${header?.start} `))
  const isManifest = file.includes('manifest-sha256') && failures.length > 0
  assert.ok(isNamed || (header && isPlaced) || isManifest, `byte ${at} of ${file} is not named`)
}

function flip(at: number, bit: number): void {
  bytes[at] = (bytes[at] ?? 0) ^ (1 << bit)
}

function layoutOf(archive: Uint8Array): Layout {
  const headers: Region[] = []
  const contents: Region[] = []
  const paddings: Region[] = []
  let start = 0
  for (const [file, content] of readTar(archive)) {
    const end = start + BLOCK + content.length
    const next = Math.ceil(end / BLOCK) * BLOCK
    headers.push({ file, start, end: start + BLOCK })
    contents.push({ file, start: start + BLOCK, end })
    paddings.push({ file, start: end, end: next })
    start = next
  }
  return { headers, contents, paddings }
}

/** The numbers of one seed: a linear congruential generator (Numerical Recipes). */
function numbersFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state
  }
}
