import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { comityError, flipped, numberedLeaves } from '../../test/support/merkle.ts'
import {
  COSIGNED_AT_SECONDS,
  logSigner,
  signedHead,
  testSigner,
  witnessSigner,
} from '../../test/support/test-log.ts'
import { nodePrimitives } from '../adapters/node-primitives.ts'
import { textFromUtf8, toBase64, utf8 } from '../base/bytes.ts'
import { ComityError } from '../base/errors.ts'
import { browserPrimitives } from '../browser/primitives.ts'
import { parsePolicy } from './policy.ts'
import { formatReceipt, parseReceipt, type Receipt, verifyReceipt } from './receipt.ts'
import { rootOf } from './tree-hash.ts'
import { formatVkey, KEY_TYPE } from './vkey.ts'

const LOG_VKEY = 'authority.example/ledger+706db281+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4'
const WITNESS_VKEY = 'witness.example/w1+e81c5069+BHEmUfRQugW2OJi5nvX3ukVjLo4lJ/f3Fc1nHsQCTMUe'
const ENTRY = utf8('256')
const GOLDEN = `c2sp.org/tlog-proof@v1
index 256
goUV0DPBnYyQHzfsy4rtkZZncDSG+NL/8c9wQDIcXbE=

authority.example/ledger
257
HtoEmkNR2G92JSvX7At3Rq11t/oDFq1fVB29pFijEsQ=

— authority.example/ledger cG2ygSJadZC+zlMNiTZIT/CsuoRqJSFOf6uZXYSay5l0CtbwVUwSRBtUgCg64UZ7ToV+/CDcLQqI4DoBNW0yvmmfbwM=
— witness.example/w1 6BxQaQAAAABrSdIA+w9WnOcvO0h9McjMMDUJEPsXPpjGskn7bak3U1WHvMbCbrDSFRnkx19OyP6XJnuMRttBoY5vAng2wtiEGDPnBQ==
`

const policyOf = (text: string) => parsePolicy(nodePrimitives, utf8(text))
const POLICY = policyOf(`log ${LOG_VKEY}\nwitness w ${WITNESS_VKEY}\nquorum w\n`)

const check = (receipt: string, policy = POLICY, entry: Uint8Array = ENTRY) =>
  verifyReceipt(nodePrimitives, { receipt: utf8(receipt), entry, policy })

test('our keys and lines are the golden ones', () => {
  assert.equal(formatVkey(logSigner.key), LOG_VKEY)
  assert.equal(formatVkey(witnessSigner.key), WITNESS_VKEY)
  const leaves = numberedLeaves(257)
  const head = { treeSize: 257, rootHash: rootOf(nodePrimitives, leaves) }
  const hashes = [rootOf(nodePrimitives, leaves.slice(0, 256))]
  const note = signedHead(head, { cosigners: [witnessSigner] })
  const receipt = formatReceipt({ proof: { leafIndex: 256, hashes }, note })
  assert.equal(textFromUtf8(receipt), GOLDEN)
})

test('the golden receipt verifies, on both platforms', () => {
  for (const primitives of [nodePrimitives, browserPrimitives]) {
    const receipt = utf8(GOLDEN)
    const verified = verifyReceipt(primitives, { receipt, entry: ENTRY, policy: POLICY })
    assert.equal(verified.leafIndex, 256)
    assert.equal(verified.checkpoint.treeSize, 257)
    assert.deepEqual(
      verified.cosignatures.map(({ key, timeSeconds }) => [key.name, timeSeconds]),
      [['witness.example/w1', COSIGNED_AT_SECONDS]],
    )
  }
})

test('no bit of a receipt can change unseen', () => {
  const bytes = utf8(GOLDEN)
  for (let index = 0; index < bytes.length; index++) {
    const receipt = flipped(bytes, index, index % 8)
    const act = () => verifyReceipt(nodePrimitives, { receipt, entry: ENTRY, policy: POLICY })
    assert.throws(act, comityError(), `byte ${index}`)
  }
})

test('no prefix and no continuation of a receipt is one', () => {
  for (let length = 0; length < GOLDEN.length; length += 7) {
    assert.throws(() => check(GOLDEN.slice(0, length)), comityError())
  }
  for (const more of ['\n', ' ', 'x', '— x\n', GOLDEN]) {
    assert.throws(() => check(GOLDEN + more), comityError())
  }
})

test('another entry, index, log, witness or quorum is refused, with the failed step', () => {
  const reasonOf = (act: () => unknown) => {
    try {
      act()
    } catch (error) {
      if (error instanceof ComityError) return error.reason
      throw error
    }
    return 'accepted'
  }
  const otherLog = testSigner('other.example/ledger', KEY_TYPE.ed25519, new Uint8Array(32))
  const sameName = testSigner('authority.example/ledger', KEY_TYPE.ed25519, new Uint8Array(32))
  const w2 = testSigner('w2.example', KEY_TYPE.cosignature, new Uint8Array(32).fill(2))
  const two = `log ${LOG_VKEY}\nwitness a ${WITNESS_VKEY}\nwitness b ${formatVkey(w2.key)}\n`

  assert.equal(
    reasonOf(() => check(GOLDEN, POLICY, utf8('255'))),
    'not-included',
  )
  assert.equal(
    reasonOf(() => check(GOLDEN, policyOf('quorum none\n'))),
    'unknown-log',
  )
  const elsewhere = policyOf(`log ${formatVkey(otherLog.key)}\nquorum none\n`)
  assert.equal(
    reasonOf(() => check(GOLDEN, elsewhere)),
    'unknown-log',
  )
  const renamed = policyOf(`log ${formatVkey(sameName.key)}\nquorum none\n`)
  assert.equal(
    reasonOf(() => check(GOLDEN, renamed)),
    'unknown-key',
  )
  const alone = GOLDEN.slice(0, GOLDEN.indexOf('— witness'))
  assert.equal(
    reasonOf(() => check(alone)),
    'no-quorum',
  )
  assert.equal(
    reasonOf(() => check(alone, policyOf(`log ${LOG_VKEY}\nquorum none\n`))),
    'accepted',
  )
  assert.equal(
    reasonOf(() => check(GOLDEN, policyOf(`${two}quorum b\n`))),
    'no-quorum',
  )
  assert.equal(
    reasonOf(() => check(GOLDEN, policyOf(`${two}group g any a b\nquorum g\n`))),
    'accepted',
  )
  assert.equal(
    reasonOf(() => check(GOLDEN, policyOf(`${two}group g all a b\nquorum g\n`))),
    'no-quorum',
  )
  const twice = GOLDEN + GOLDEN.slice(GOLDEN.indexOf('— witness'))
  assert.equal(
    reasonOf(() => check(twice, policyOf(`${two}group g 2 a b\nquorum g\n`))),
    'no-quorum',
  )
})

test('a cosignature from the future is refused if the caller knows the time', () => {
  const at = (latestSeconds: number) =>
    verifyReceipt(nodePrimitives, {
      receipt: utf8(GOLDEN),
      entry: ENTRY,
      policy: POLICY,
      latestSeconds,
    })
  at(COSIGNED_AT_SECONDS)
  assert.throws(() => at(COSIGNED_AT_SECONDS - 1), comityError('unverified', 'future-cosignature'))
})

test('a log may not sign under a name that is not its own', () => {
  const head = { treeSize: 1, rootHash: numberedLeaves(1)[0] as Uint8Array }
  const note = signedHead(head, { origin: 'victim.example/ledger' })
  const receipt = formatReceipt({ proof: { leafIndex: 0, hashes: [] }, note })
  const victim = testSigner('victim.example/ledger', KEY_TYPE.ed25519, new Uint8Array(32))
  const policy = policyOf(`log ${LOG_VKEY}\nlog ${formatVkey(victim.key)}\nquorum none\n`)
  const act = () => verifyReceipt(nodePrimitives, { receipt, entry: utf8('0'), policy })
  assert.throws(act, comityError('unverified', 'unknown-key'))
})

test('a receipt of a wrong form is malformed', () => {
  const forms = [
    GOLDEN.replace('@v1', '@v2'),
    GOLDEN.replace('index 256', 'index 0256'),
    GOLDEN.replace('index 256', 'index  256'),
    GOLDEN.replace('index 256', 'index 0x100'),
    GOLDEN.replace('index 256', 'index 9007199254740992'),
    GOLDEN.replace('index 256', 'index 257'),
    GOLDEN.replace('index 256\n', ''),
    GOLDEN.replace('index', 'extra AA==\nextra AA==\nindex'),
    GOLDEN.replace('index', 'extra A\nindex'),
    GOLDEN.replace('index 256\n', 'index 256\nextra AA==\n'),
    GOLDEN.replace('goUV', 'goU'),
    GOLDEN.replace('XbE=', 'XbF='),
    GOLDEN.replace('\n257\n', '\n0257\n'),
    GOLDEN.replace('\n257\n', '\n-1\n'),
    GOLDEN.replace('\n257\n', '\n9007199254740993\n'),
    GOLDEN.replace('HtoEmkNR', ''),
    GOLDEN.replaceAll('\n', '\r\n'),
    GOLDEN.replace('index 256\n', `index 256\n${`${toBase64(new Uint8Array(32))}\n`.repeat(64)}`),
    `\ufeff${GOLDEN}`,
    `${GOLDEN}${'x'.repeat(300_000)}`,
  ]
  for (const form of forms)
    assert.throws(() => check(form), comityError('malformed'), form.slice(0, 200))
})

test('a receipt keeps its bytes through parsing and formatting', () => {
  const hash = fc.uint8Array({ minLength: 32, maxLength: 32 })
  fc.assert(
    fc.property(
      fc.maxSafeNat(),
      fc.array(hash, { maxLength: 63 }),
      fc.option(fc.uint8Array({ maxLength: 40 }), { nil: undefined }),
      (leafIndex, hashes, extra) => {
        const { note } = parseReceipt(utf8(GOLDEN))
        const receipt: Receipt = { proof: { leafIndex, hashes }, note }
        const bytes = formatReceipt(extra ? { ...receipt, unauthenticatedExtra: extra } : receipt)
        assert.deepEqual(formatReceipt(parseReceipt(bytes)), bytes)
      },
    ),
    { numRuns: 50 },
  )
})
