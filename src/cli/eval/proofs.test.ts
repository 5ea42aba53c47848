/** The golden lines of `comity eval` about notes and receipts, and what is refused. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  BODY,
  CHECKPOINT,
  ENTRY,
  FOO,
  LOG,
  LOG_LINE,
  NOTE,
  POLICY,
  PROOF,
  ROOT_256,
  ROOT_257,
  WITNESS,
  WITNESS_LINE,
} from '../../../test/support/sample-notes.ts'
import type { Json } from '../../base/canonical-json.ts'
import { answerLine, ENGINES } from './eval.ts'

const SEEN = { vkey: WITNESS, name: 'witness.example/w1', timeSeconds: 1_800_000_000 }
const HEAD = { origin: 'authority.example/ledger', treeSize: 257, rootHash: ROOT_257 }

function ask(engine: string, line: Json): unknown {
  const run = ENGINES[engine] ?? assert.fail(engine)
  return JSON.parse(answerLine(run, JSON.stringify(line)))
}

function refused(engine: string, line: Json, code: string, detail: object): void {
  const { error } = ask(engine, line) as { error: { message: string } }
  const { message, ...rest } = error
  assert.deepEqual(rest, { code, ...detail }, message)
}

test('a note: which keys signed it, cosigners among them', () => {
  const text = 'This is an example message.\n'
  assert.deepEqual(ask('note', { note: NOTE, vkeys: [WITNESS, FOO] }), { text, signedBy: [FOO] })
  const both = ask('note', { note: CHECKPOINT, vkeys: [WITNESS, LOG] })
  assert.deepEqual(both, { text: BODY, signedBy: [LOG, WITNESS] })
  const seen = ask('note', { note: CHECKPOINT, vkeys: [WITNESS] })
  assert.deepEqual(seen, { text: BODY, signedBy: [WITNESS] })
})

test('a checkpoint is what its log signed; cosigners are named with their times', () => {
  const known = { checkpoint: CHECKPOINT, vkeys: [LOG, WITNESS] }
  assert.deepEqual(ask('checkpoint', known), { ...HEAD, extensions: [], cosignatures: [SEEN] })
  const alone = { checkpoint: CHECKPOINT, vkeys: [LOG] }
  assert.deepEqual(ask('checkpoint', alone), { ...HEAD, extensions: [], cosignatures: [] })
  assert.deepEqual(ask('cosignature', known), { cosignatures: [SEEN] })
  assert.deepEqual(ask('cosignature', alone), { cosignatures: [] })
})

test('a proof says where the entry is, and who saw the log', () => {
  const found = ask('tlog-proof', { proof: PROOF, policy: POLICY, entry: ENTRY })
  assert.deepEqual(found, {
    ok: true,
    index: 256,
    ...HEAD,
    extensions: [],
    cosignatures: [SEEN],
  })
})

test('nobody known, one wrong byte, another text: unverified, with the step', () => {
  const wrongLine = LOG_LINE.replace('cG2ygSJa', 'cG2ygSJb')
  const wrongCosignature = WITNESS_LINE.replace('AABrSdIA', 'AABrSdIB')
  refused('note', { note: NOTE, vkeys: [] }, 'unverified', { reason: 'unknown-key' })
  refused('note', { note: NOTE, vkeys: [LOG] }, 'unverified', { reason: 'unknown-key' })
  const other = { note: NOTE.replace('example message', 'exemple message'), vkeys: [FOO] }
  refused('note', other, 'unverified', { reason: 'bad-signature' })
  const bad = { checkpoint: `${BODY}\n${wrongLine}${WITNESS_LINE}`, vkeys: [LOG, WITNESS] }
  refused('checkpoint', bad, 'unverified', { reason: 'bad-signature' })
  const stranger = { checkpoint: CHECKPOINT, vkeys: [WITNESS] }
  refused('checkpoint', stranger, 'unverified', { reason: 'unknown-key' })
  const timed = { checkpoint: `${BODY}\n${LOG_LINE}${wrongCosignature}`, vkeys: [LOG, WITNESS] }
  for (const engine of ['note', 'checkpoint', 'cosignature']) {
    const line = { ...timed, note: timed.checkpoint }
    refused(engine, line, 'unverified', { reason: 'bad-cosignature' })
  }
})

test('a proof that does not hold names the step that failed', () => {
  const line = { proof: PROOF, policy: POLICY, entry: ENTRY }
  const steps: [object, string][] = [
    [{ entry: Buffer.from('257').toString('base64') }, 'not-included'],
    [{ proof: PROOF.replace(ROOT_256, ROOT_257) }, 'not-included'],
    [{ proof: PROOF.replace(WITNESS_LINE, '') }, 'no-quorum'],
    [{ policy: POLICY.replace(`log ${LOG}`, `log ${FOO}`) }, 'unknown-log'],
    [{ proof: PROOF.replace('cG2ygSJa', 'cG2ygSJb') }, 'bad-signature'],
  ]
  for (const [change, reason] of steps) {
    refused('tlog-proof', { ...line, ...change }, 'unverified', { reason })
  }
})

test('what has no form is malformed, and the member is named', () => {
  const cases: [string, Json, string][] = [
    ['note', { vkeys: [FOO] }, 'note'],
    ['note', { note: 'no signatures\n', vkeys: [FOO] }, 'note'],
    ['note', { note: NOTE }, 'vkeys'],
    ['note', { note: NOTE, vkeys: FOO }, 'vkeys'],
    ['note', { note: NOTE, vkeys: [FOO, 7] }, 'vkeys/1'],
    ['note', { note: NOTE, vkeys: [FOO.replace('530d903a', '530d903b')] }, 'vkeys/0'],
    ['note', { note: NOTE, vkeys: Array(257).fill(FOO) }, 'vkeys'],
    ['checkpoint', { checkpoint: NOTE, vkeys: [FOO] }, 'checkpoint'],
    ['cosignature', { checkpoint: NOTE, vkeys: [WITNESS] }, 'checkpoint'],
    ['tlog-proof', { proof: PROOF, policy: POLICY }, 'entry'],
    ['tlog-proof', { proof: 'index 1\n\n', policy: POLICY, entry: ENTRY }, 'receipt'],
    ['tlog-proof', { proof: PROOF, policy: 'quorum nobody\n', entry: ENTRY }, 'line 1'],
  ]
  for (const [engine, line, field] of cases) refused(engine, line, 'malformed', { field })
})
