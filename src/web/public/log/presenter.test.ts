import assert from 'node:assert/strict'
import path from 'node:path'
import test from 'node:test'
import {
  COSIGNED_AT_SECONDS,
  logSigner,
  signedHead,
  type TestSigner,
  testSigner,
} from '../../../../test/support/test-log.ts'
import { nodePrimitives } from '../../../adapters/node-primitives.ts'
import { utf8 } from '../../../base/bytes.ts'
import { formatSignedNote, type SignedNote } from '../../../proof/signed-note.ts'
import { formatVkey, KEY_TYPE } from '../../../proof/vkey.ts'
import { loadCatalogues } from '../../messages.ts'
import { logModel } from './presenter.ts'

const locales = path.join(import.meta.dirname, '../../../../locales')
const messages = loadCatalogues(locales).messagesFor('en', 'public')
const witness = (node: string, seed: number) =>
  testSigner(`${node}/witness`, KEY_TYPE.cosignature, new Uint8Array(32).fill(seed))
const own = witness('authority.example', 1)
const albion = witness('albion.example', 2)
const sierra = witness('sierra.example', 3)
const outside = witness('outside.example', 4)
const vkeyOf = ({ key }: TestSigner) => formatVkey(key)

const policy = utf8(
  [
    `log ${vkeyOf(logSigner)}`,
    `witness own ${vkeyOf(own)}`,
    `witness albion ${vkeyOf(albion)}`,
    `witness sierra ${vkeyOf(sierra)}`,
    `witness outside ${vkeyOf(outside)}`,
    'group parties 2 own albion sierra',
    'group both all parties outside',
    'quorum both',
    '',
  ].join('\n'),
)
const authorities = new Map([
  ['authority.example', 'This authority'],
  ['albion.example', 'Albion'],
  ['sierra.example', 'Sierra'],
])
const head = { treeSize: 7, rootHash: new Uint8Array(32).fill(9) }

const modelOf = (note: SignedNote | undefined) =>
  logModel({
    primitives: nodePrimitives,
    checkpoint: note && formatSignedNote(note),
    policy,
    nodeId: 'authority.example',
    authorities,
    messages,
  })
const plain = (text: string) => text.replaceAll(/[\u2066-\u2069]/g, '')

test('a checkpoint with its quorum is shown with each cosigner and its time', () => {
  const model = modelOf(signedHead(head, { cosigners: [albion, sierra, outside] }))
  assert.equal(model.head?.isVerified, true)
  assert.equal(model.head.treeSize, 7)
  assert.equal(model.head.rootHash, '09'.repeat(32))
  assert.deepEqual(model.cosigners, [
    {
      ...{ name: 'albion.example/witness', authority: 'Albion', isOutsideParty: false },
      at: new Date(COSIGNED_AT_SECONDS * 1000).toISOString(),
    },
    {
      ...{ name: 'sierra.example/witness', authority: 'Sierra', isOutsideParty: false },
      at: new Date(COSIGNED_AT_SECONDS * 1000).toISOString(),
    },
    {
      ...{ name: 'outside.example/witness', isOutsideParty: true },
      at: new Date(COSIGNED_AT_SECONDS * 1000).toISOString(),
    },
  ])
  assert.equal(model.quorum.reached, true)
  assert.equal(model.quorum.needed, 3)
  assert.equal(
    plain(model.quorum.rule),
    '2 of (authority.example, albion.example, sierra.example) and outside.example',
  )
})

test('without the outside witness, or with one party, the quorum is not reached', () => {
  for (const cosigners of [[albion, sierra], [albion, outside], [outside], []]) {
    const model = modelOf(signedHead(head, { cosigners }))
    assert.equal(model.quorum.reached, false)
    assert.equal(model.head?.isVerified, true)
    assert.equal(model.cosigners.filter(({ at }) => at).length, cosigners.length)
  }
})

test('what does not verify is shown as such and nobody cosigned it', () => {
  const good = signedHead(head, { cosigners: [albion, sierra, outside] })
  const other = signedHead({ ...head, treeSize: 8 }, { cosigners: [albion, sierra, outside] })
  const stranger = testSigner('stranger.example/ledger', KEY_TYPE.ed25519, new Uint8Array(32))
  const impostor = testSigner(logSigner.key.name, KEY_TYPE.ed25519, new Uint8Array(32))
  const [ownLine] = good.signatures
  assert.ok(ownLine)
  const forged: Record<string, SignedNote> = {
    'the signatures of another tree': { text: good.text, signatures: other.signatures },
    'a right log, cosignatures of another tree': {
      text: good.text,
      signatures: [ownLine, ...other.signatures.slice(1)],
    },
    'a log that the policy does not name': signedHead(head, {
      signer: stranger,
      cosigners: [albion, sierra, outside],
    }),
    'the name of the log with another key': signedHead(head, { signer: impostor }),
    'no signature of the log': { text: good.text, signatures: good.signatures.slice(1) },
  }
  for (const [what, note] of Object.entries(forged)) {
    const model = modelOf(note)
    assert.equal(model.head?.isVerified, false, what)
    assert.equal(model.quorum.reached, false, what)
    assert.deepEqual(
      model.cosigners.filter(({ at }) => at),
      [],
      what,
    )
  }
})

test('before the first checkpoint the witnesses are named and the quorum is not reached', () => {
  const model = modelOf(undefined)
  assert.equal(model.head, undefined)
  assert.equal(model.cosigners.length, 3)
  assert.equal(model.quorum.reached, false)
})
