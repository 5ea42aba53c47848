/**
 * A wrong code, one that nobody has, and what is no code at all: the same bytes, and the same
 * work, counted at the ports. Over the site's own routes and a real database; no clock is read.
 */
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import fastify from 'fastify'
import { compressText } from '../../src/adapters/compression.ts'
import { nodePrimitives } from '../../src/adapters/node-primitives.ts'
import { systemRandom } from '../../src/adapters/random.ts'
import type { Kernel } from '../../src/app/kernel.ts'
import { openMailbox, openMailboxById } from '../../src/app/open-mailbox.ts'
import { toHex } from '../../src/base/bytes.ts'
import { registerSite } from '../../src/web/register-site.ts'
import {
  CODE_RANDOM_BYTES,
  displayCode,
  NO_CODE,
  newReceiptCode,
  secretsOfCode,
} from '../../src/wire/intake/receipt-code.ts'
import { deskKernel, NODE } from '../support/desk-kernel.ts'
import { newFiling } from '../support/new-filing.ts'

const { sha256 } = nodePrimitives
const code = () => newReceiptCode(nodePrimitives, systemRandom.bytes(CODE_RANDOM_BYTES))
const idOf = (text: string) => secretsOfCode(nodePrimitives, text, NODE.id).mailboxId
const unknown = code()
/** Its last symbol is another one. */
const mistyped = unknown.slice(0, -1) + (unknown.endsWith('7') ? '8' : '7')

const WRONG_CODES = [
  ['one that nobody has', unknown],
  ['another that nobody has', displayCode(code()).toLowerCase()],
  ['a symbol is wrong', mistyped],
  ['too short', 'ABCD-EFGH'],
  ['too long', 'A'.repeat(500)],
  ['no such symbols', '????-????-????-????-????-????'],
  ['nothing', ''],
  ['the form of none', NO_CODE],
] as const
const WRONG_IDS = [
  ['one that nobody has', toHex(idOf(unknown))],
  ['of another nobody', toHex(systemRandom.bytes(32))],
  ['too short', 'abc'],
  ['not hex', 'z'.repeat(64)],
  ['in capitals', 'AB'.repeat(32)],
  ['nothing', ''],
] as const

/** A kernel that tells each hash, look-up and read that is asked of it, in order. */
async function countedKernel(t: TestContext) {
  const { kernel: plain, database } = await deskKernel(t)
  const asked: string[] = []
  const told = <Port extends object>(name: string, port: Port): Port =>
    new Proxy(port, {
      get(target, key) {
        const found = Reflect.get(target, key)
        if (typeof found !== 'function') return found
        return (...given: unknown[]) => {
          const [first] = given
          const size = first instanceof Uint8Array ? ` ${first.length}` : ''
          asked.push(`${name}.${String(key)}${size}`)
          return found.apply(target, given)
        }
      },
    })
  const kernel = {
    ...plain,
    primitives: told('primitives', plain.primitives),
    filings: told('filings', plain.filings),
    streams: told('streams', plain.streams),
    random: told('random', plain.random),
    receipts: told('receipts', { of: async () => undefined }),
    keys: { columnKey: async () => new Uint8Array(32) },
    intake: {},
  } as unknown as Kernel
  const workOf = async (work: () => Promise<unknown>) => {
    asked.length = 0
    const result = await work()
    return { result, asked: [...asked] }
  }
  return { kernel, database, workOf, plain }
}

test('whatever is wrong with a code, the same is hashed and looked up', async (t) => {
  const { kernel, workOf } = await countedKernel(t)
  const [, first] = WRONG_CODES[0]
  const right = await workOf(() => openMailbox(kernel, first))
  assert.equal(right.asked.filter((one) => one.startsWith('filings.findByMailbox')).length, 1)
  for (const [what, typed] of WRONG_CODES) {
    const { result, asked } = await workOf(() => openMailbox(kernel, typed))
    assert.deepEqual([result, asked], [undefined, right.asked], what)
  }
  const byId = await workOf(() => openMailboxById(kernel, idOf(unknown)))
  const byNone = await workOf(() => openMailboxById(kernel, undefined))
  assert.deepEqual(byNone, byId)
  assert.deepEqual(byId.asked, ['random.bytes', 'primitives.sha256 32', 'filings.findByMailbox 32'])
})

test('who files for what stands in for no code is found by nobody who mistypes', async (t) => {
  const { kernel, plain } = await countedKernel(t)
  const taken = newFiling({ mailboxHash: new Uint8Array(sha256(idOf(NO_CODE))) })
  assert.ok(await plain.filings.add(taken))
  for (const [what, typed] of WRONG_CODES) {
    assert.equal(await openMailbox(kernel, typed), undefined, what)
  }
  const own = code()
  const filed = newFiling({ mailboxHash: new Uint8Array(sha256(idOf(own))) })
  assert.ok(await plain.filings.add(filed))
  assert.equal((await plain.filings.findByMailbox(sha256(idOf(own))))?.id, filed.id)
})

test('pages and machine door answer every wrong code with the same bytes', async (t) => {
  const { kernel, workOf } = await countedKernel(t)
  const server = fastify()
  t.after(() => server.close())
  const kernels = { public: kernel, officers: kernel, federation: kernel }
  await registerSite(server, kernels, { compress: compressText, doors: ['public'] })
  const doors = [
    ['/en/report/status', 'text/html', WRONG_CODES, form],
    ['/en/report/status', 'application/json', WRONG_CODES, form],
    ['/en/report/mailbox/open', 'application/json', WRONG_IDS, json],
  ] as const
  for (const [url, accept, wrongs, body] of doors) {
    const answers = []
    for (const [what, typed] of wrongs) {
      const sent = body(typed)
      const headers = { ...sent.headers, accept }
      const { result, asked } = await workOf(() =>
        server.inject({ method: 'POST', url, headers, payload: sent.payload }),
      )
      const {
        statusCode,
        headers: given,
        rawPayload,
      } = result as Awaited<ReturnType<typeof server.inject>>
      const { date: _, ...others } = given
      answers.push({ what, answer: { statusCode, others, body: toHex(rawPayload) }, asked })
    }
    const [first] = answers
    assert.equal(first?.answer.statusCode, 404, `${url} ${accept}`)
    for (const { what, answer, asked } of answers) {
      assert.deepEqual(answer, first?.answer, `${url} ${accept}: ${what}`)
      assert.deepEqual(asked, first?.asked, `${url} ${accept}: ${what}`)
    }
  }
})

function form(typed: string) {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  return { headers, payload: new URLSearchParams({ code: typed }).toString() }
}

function json(mailboxId: string) {
  return {
    headers: { 'content-type': 'application/json' },
    payload: JSON.stringify({ mailboxId }),
  }
}
