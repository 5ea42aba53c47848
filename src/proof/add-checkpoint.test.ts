import assert from 'node:assert/strict'
import { test } from 'node:test'
import { comityError, numberedLeaves } from '../../test/support/merkle.ts'
import { logSigner, signedHead, testSigner } from '../../test/support/test-log.ts'
import { nodePrimitives } from '../adapters/node-primitives.ts'
import { textFromUtf8, utf8 } from '../base/bytes.ts'
import {
  checkSubmission,
  convicts,
  formatAddCheckpoint,
  parseAddCheckpoint,
} from './add-checkpoint.ts'
import { buildConsistency } from './consistency.ts'
import { rootOf, type TreeHead } from './tree-hash.ts'
import { KEY_TYPE } from './vkey.ts'

const leaves = numberedLeaves(20)
const head = (treeSize: number): TreeHead => ({
  treeSize,
  rootHash: rootOf(nodePrimitives, leaves.slice(0, treeSize)),
})
const proofOf = (older: number, newer: number) =>
  older === 0 || older === newer
    ? []
    : buildConsistency(nodePrimitives, older, leaves.slice(0, newer))

type Submission = Partial<{
  oldSize: number
  proof: readonly Uint8Array[]
  to: TreeHead
  signer: typeof logSigner
  origin: string
}>

const submission = ({ oldSize = 5, to = head(13), proof, signer, origin }: Submission = {}) =>
  formatAddCheckpoint({
    oldSize,
    proof: proof ?? proofOf(Math.min(oldSize, to.treeSize), to.treeSize),
    note: signedHead(to, { ...(signer && { signer }), ...(origin && { origin }) }),
  })

const check = (body: Uint8Array, last: TreeHead | undefined = head(5)) =>
  checkSubmission(
    nodePrimitives,
    body,
    async (origin) => (origin === logSigner.key.name ? [logSigner.key] : undefined),
    async () => last,
  )

const never = (body: Uint8Array) =>
  checkSubmission(
    nodePrimitives,
    body,
    async () => [logSigner.key],
    async () => undefined,
  )

test('an extension, the same head again, and a first head are accepted', async () => {
  for (const to of [head(5), head(6), head(8), head(20)]) {
    const answer = await check(submission({ to }))
    assert.equal(answer.status, 200)
    assert.equal(answer.status === 200 && answer.checkpoint.treeSize, to.treeSize)
  }
  for (const size of [0, 1, 20]) {
    assert.equal((await never(submission({ oldSize: 0, to: head(size) }))).status, 200)
  }
  const grown = await check(submission({ oldSize: 0, to: head(7) }), head(0))
  assert.equal(grown.status, 200)
})

const stranger = testSigner('stranger.example', KEY_TYPE.ed25519, new Uint8Array(32))
const forger = testSigner('authority.example/ledger', KEY_TYPE.ed25519, new Uint8Array(32).fill(9))
const forged = { ...forger, key: logSigner.key }
const other = { treeSize: 13, rootHash: head(12).rootHash }

const ANSWERS: [string, number, Uint8Array][] = [
  ['an unknown origin', 404, submission({ signer: stranger })],
  [
    'an unknown origin comes before a bad old size',
    404,
    submission({ signer: stranger, oldSize: 14 }),
  ],
  ['no known key', 403, submission({ signer: forger })],
  ['a failing known key', 403, submission({ signer: forged })],
  [
    'a failing signature comes before a bad old size',
    403,
    submission({ signer: forged, oldSize: 14 }),
  ],
  [
    "another log's key for our origin",
    403,
    submission({ signer: stranger, origin: 'authority.example/ledger' }),
  ],
  ['an old size above the new', 400, submission({ oldSize: 14 })],
  ['an old size above the new comes before a conflict', 400, submission({ oldSize: 20 })],
  ['an old size below the last', 409, submission({ oldSize: 4 })],
  ['an old size of zero', 409, submission({ oldSize: 0 })],
  ['an old size above the last', 409, submission({ oldSize: 6 })],
  ['a conflict comes before a bad proof', 409, submission({ oldSize: 4, proof: [] })],
  ['no proof', 422, submission({ proof: [] })],
  ['a proof for another size', 422, submission({ proof: proofOf(6, 13) })],
  ['another root of the new size', 422, submission({ to: other })],
  [
    'another root of the same size',
    422,
    submission({ to: { ...head(5), rootHash: head(4).rootHash } }),
  ],
  ['a proof where none is due', 422, submission({ to: head(5), proof: proofOf(5, 13) })],
]

for (const [what, status, body] of ANSWERS) {
  test(`${what} gets ${status}`, async () => {
    const answer = await check(body)
    assert.equal(answer.status, status)
    if (answer.status === 409) assert.equal(answer.lastSize, 5)
  })
}

test('only another root at one size, or going on when closed, convicts the log', async () => {
  const forkedRoot = head(4).rootHash
  const VERDICTS: [string, boolean, TreeHead, TreeHead | undefined, number | undefined][] = [
    ['the head that was cosigned', false, head(13), head(13), undefined],
    ['an older head', false, head(5), head(13), undefined],
    ['a head whose extension nobody has shown', false, head(20), head(13), undefined],
    ['another root at another size', false, { ...head(20), rootHash: forkedRoot }, head(13), 20],
    ['a first head', false, head(13), undefined, undefined],
    ['the head at which it was closed', false, head(13), head(5), 13],
    ['what was cosigned before a notice that says less', false, head(13), head(13), 5],
    ['what was signed before that', false, head(12), head(13), 5],
    [
      'another root at the same size',
      true,
      { ...head(13), rootHash: forkedRoot },
      head(13),
      undefined,
    ],
    ['the same of a closed log', true, { ...head(13), rootHash: forkedRoot }, head(13), 13],
    [
      'an empty tree with two roots',
      true,
      { ...head(0), rootHash: forkedRoot },
      head(0),
      undefined,
    ],
    ['a closed log that went on', true, head(14), head(13), 13],
    ['a closed log never seen that went on', true, head(14), undefined, 13],
    ['a closed log beyond what was cosigned', true, head(14), head(13), 5],
  ]
  for (const [what, expected, to, last, closedSize] of VERDICTS) {
    const answer = await never(submission({ oldSize: 0, to }))
    assert('checkpoint' in answer, what)
    assert.equal(convicts(answer.checkpoint, last, closedSize), expected, what)
  }
})

test('an empty tree has the empty root, and no proof', async () => {
  const wrong = { treeSize: 0, rootHash: head(1).rootHash }
  assert.equal((await never(submission({ oldSize: 0, to: wrong }))).status, 422)
  const proof = proofOf(5, 13)
  assert.equal((await never(submission({ oldSize: 0, proof }))).status, 422)
  assert.equal((await never(submission({ oldSize: 0, to: head(0), proof }))).status, 422)
})

test('a body of a wrong form gets 400', async () => {
  const good = textFromUtf8(submission())
  const line = `${good.split('\n')[1]}\n`
  const bodies = [
    '',
    '\n\n',
    good.replace('old 5', 'old  5'),
    good.replace('old 5', 'old 05'),
    good.replace('old 5', 'old -5'),
    good.replace('old 5', 'old 5 '),
    good.replace('old 5', 'old 9007199254740992'),
    good.replace('old 5\n', ''),
    good.replace('old 5', 'OLD 5'),
    good.replace(line, line.slice(4)),
    good.replace(line, ` ${line}`),
    good.replace(line, line.repeat(64)),
    good.replace('\n\n', '\n'),
    good.replace('\n\n', '\n\n\n'),
    good.replace('\n13\n', '\n013\n'),
    good.replaceAll('\n', '\r\n'),
    good.slice(0, -1),
    good.slice(0, good.indexOf('—')),
    `\ufeff${good}`,
  ]
  for (const body of bodies) assert.equal((await check(utf8(body))).status, 400, body)
  const notUtf8 = new Uint8Array(submission()).fill(0xff, 10, 12)
  assert.throws(() => parseAddCheckpoint(notUtf8), comityError('malformed'))
})
