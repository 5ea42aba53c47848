import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nodePrimitives } from '../../src/adapters/node-primitives.ts'
import type { Database } from '../../src/adapters/postgres/database.ts'
import { migrate, openDatabase } from '../../src/adapters/postgres/database.ts'
import { toHex, utf8 } from '../../src/base/bytes.ts'
import { instantFromMs } from '../../src/base/time.ts'
import { formatAddCheckpoint } from '../../src/proof/add-checkpoint.ts'
import { verifyCheckpoint } from '../../src/proof/checkpoint.ts'
import { buildConsistency } from '../../src/proof/consistency.ts'
import { verifyCosignatures } from '../../src/proof/cosignature.ts'
import {
  parseSignatureLines,
  parseSignedNote,
  type SignedNote,
} from '../../src/proof/signed-note.ts'
import { rootOf } from '../../src/proof/tree-hash.ts'
import { KEY_TYPE } from '../../src/proof/vkey.ts'
import { withDatabase } from '../support/database.ts'
import { numberedLeaves } from '../support/merkle.ts'
import {
  logSigner,
  signedHead,
  testSignature,
  testSigner,
  witnessSigner,
} from '../support/test-log.ts'
import { startWitness, type WitnessServer } from '../support/witness-server.ts'

const leaves = numberedLeaves(40)
const head = (treeSize: number) => ({
  treeSize,
  rootHash: rootOf(nodePrimitives, leaves.slice(0, treeSize)),
})
const request = (oldSize: number, size: number, cosigners = [witnessSigner].slice(1)) =>
  formatAddCheckpoint({
    oldSize,
    proof:
      oldSize === 0 || oldSize >= size
        ? []
        : buildConsistency(nodePrimitives, oldSize, leaves.slice(0, size)),
    note: signedHead(head(size), { cosigners }),
  })

const ORIGIN_HASH = toHex(nodePrimitives.sha256(utf8(logSigner.key.name)))

async function withWitness(
  work: (witness: WitnessServer, database: Database) => Promise<void>,
): Promise<void> {
  await withDatabase(async (url) => {
    const database = openDatabase(url, 4)
    await migrate(database)
    const witness = await startWitness(database, 'lantern.example/witness')
    try {
      await work(witness, database)
    } finally {
      await witness.stop()
      await database.destroy()
    }
  })
}

function post({ url }: WitnessServer, body: Uint8Array, type?: string): Promise<Response> {
  const headers = new Headers(type === undefined ? {} : { 'content-type': type })
  return fetch(`${url}/add-checkpoint`, { method: 'POST', body: new Uint8Array(body), headers })
}

const monitor = ({ url }: WitnessServer, hash = ORIGIN_HASH) => fetch(`${url}/${hash}/checkpoint`)

test('an extension is cosigned, stored, and shown to monitors, by both algorithms of the witness', () =>
  withWitness(async (witness) => {
    assert.equal((await monitor(witness)).status, 404)
    for (const [old, size] of [
      [0, 5],
      [5, 5],
      [5, 13],
    ] as const) {
      const answer = await post(witness, request(old, size, [witnessSigner]))
      assert.equal(answer.status, 200)
      const signatures = parseSignatureLines(await answer.text())
      assert.equal(signatures.length, 2, 'a line of each algorithm')
      const { text } = signedHead(head(size))
      const keys = [witness.key, ...(witness.moreKeys ?? [])]
      const cosignatures = verifyCosignatures(nodePrimitives, { text, signatures }, keys)
      assert.deepEqual(
        cosignatures.map(({ key }) => key.type),
        [KEY_TYPE.cosignature, KEY_TYPE.mlDsa44Cosignature],
      )
      for (const { timeSeconds } of cosignatures) {
        assert(Math.abs(timeSeconds - Date.now() / 1000) < 60)
      }
      const shown = await monitor(witness)
      assert.equal(shown.headers.get('content-type'), 'text/plain; charset=utf-8')
      const note = parseSignedNote(await shown.bytes())
      assert.equal(verifyCheckpoint(nodePrimitives, note, [logSigner.key]).treeSize, size)
      assert.equal(verifyCosignatures(nodePrimitives, note, keys).length, 2)
      assert.equal(note.signatures.length, 3, 'and no strangers')
    }
  }))

test('a conflict names the size, in exactly the media type of the protocol', () =>
  withWitness(async (witness) => {
    await post(witness, request(0, 13))
    const answer = await post(witness, request(0, 20))
    assert.equal(answer.status, 409)
    assert.equal(answer.headers.get('content-type'), 'text/x.tlog.size')
    assert.equal(await answer.text(), '13\n')
  }))

test('any content type will do, and none; the body is limited', () =>
  withWitness(async (witness) => {
    for (const type of [undefined, 'text/plain', 'application/json', 'x/y; charset=ascii']) {
      const answer = await post(witness, request(0, 0), type)
      assert.equal(answer.status, 200, String(type))
    }
    assert.equal((await post(witness, new Uint8Array(0))).status, 400)
    const large = await post(witness, new Uint8Array(128 * 1024 + 1).fill(10))
    assert.equal(large.status, 413)
    const refused = await post(witness, utf8('old x\n'), 'application/json')
    assert.equal(refused.headers.get('content-type'), 'application/problem+json')
    assert.equal(((await refused.json()) as { code: string }).code, 'malformed')
  }))

test('a refusal changes nothing', () =>
  withWitness(async (witness, database) => {
    await post(witness, request(0, 13))
    const before = await database.selectFrom('witness_state').selectAll().execute()
    const stranger = formatAddCheckpoint({
      oldSize: 0,
      proof: [],
      note: signedHead(head(5), { origin: 'stranger.example' }),
    })
    const shrunk = request(13, 5)
    const forked = formatAddCheckpoint({
      oldSize: 13,
      proof: buildConsistency(nodePrimitives, 13, leaves.slice(0, 20)),
      note: signedHead({ treeSize: 20, rootHash: head(19).rootHash }),
    })
    for (const [body, status] of [
      [stranger, 404],
      [shrunk, 400],
      [request(5, 13), 409],
      [forked, 422],
    ] as const) {
      assert.equal((await post(witness, body)).status, status)
    }
    const { updated_at: _, ...rest } = (
      await database.selectFrom('witness_state').selectAll().execute()
    )[0] as (typeof before)[number]
    const { updated_at: __, ...restBefore } = before[0] as (typeof before)[number]
    assert.deepEqual(rest, restBefore)
  }))

test('a second history is kept as evidence, once, beside what was cosigned', () =>
  withWitness(async (witness, database) => {
    await post(witness, request(0, 13))
    const other = signedHead({ treeSize: 13, rootHash: head(12).rootHash })
    const split = formatAddCheckpoint({ oldSize: 13, proof: [], note: other })
    for (let time = 0; time < 3; time++) assert.equal((await post(witness, split)).status, 422)
    const rows = await database.selectFrom('witness_evidence').selectAll().execute()
    assert.equal(rows.length, 1)
    const kept = parseSignedNote(rows[0]?.submission as Uint8Array)
    assert.equal(kept.text, other.text)
    assert.equal(verifyCheckpoint(nodePrimitives, kept, [logSigner.key]).treeSize, 13)
    const cosigned = parseSignedNote(rows[0]?.cosigned_note as Uint8Array)
    assert.equal(verifyCheckpoint(nodePrimitives, cosigned, [logSigner.key]).treeSize, 13)
  }))

/** Proofs and lines of strangers that make another body of the same signed text. */
const disguised = (note: SignedNote, count: number, oldSize = 13) =>
  Array.from({ length: count }, (_, i) => {
    const stranger = testSigner(`s${i}.example`, KEY_TYPE.ed25519, new Uint8Array(32).fill(i + 1))
    const signatures = [...note.signatures, testSignature(stranger, note.text)]
    const proof = numberedLeaves(i + 1).slice(i)
    return formatAddCheckpoint({ oldSize, proof, note: { ...note, signatures } })
  })

test('a wrong proof or old size is the submitter’s own: nothing is kept', () =>
  withDatabase(async (url) => {
    const database = openDatabase(url, 4)
    await migrate(database)
    const accused: string[] = []
    const onEvidence = (origin: string) => void accused.push(origin)
    const witness = await startWitness(database, 'lantern.example/witness', { onEvidence })
    try {
      await post(witness, request(0, 13))
      const published = [signedHead(head(13)), signedHead(head(20))]
      for (const body of published.flatMap((note) => disguised(note, 20))) {
        assert.equal((await post(witness, body)).status, 422)
      }
      for (const body of disguised(signedHead(head(13)), 3, 5)) {
        assert.equal((await post(witness, body)).status, 409)
      }
      // Perhaps a lie, but only another head of the same size would show it.
      const elsewhere = signedHead({ treeSize: 20, rootHash: head(19).rootHash })
      for (const body of disguised(elsewhere, 3)) {
        assert.equal((await post(witness, body)).status, 422)
      }
      const rows = await database.selectFrom('witness_evidence').select('origin').execute()
      assert.deepEqual([rows, accused], [[], []])
    } finally {
      await witness.stop()
      await database.destroy()
    }
  }))

test('a second history is kept whatever old size and lines come with it, and not without end', () =>
  withWitness(async (witness, database) => {
    const count = async () =>
      (await database.selectFrom('witness_evidence').select('origin').execute()).length
    await post(witness, request(0, 13))
    const other = (size: number) => signedHead({ treeSize: 13, rootHash: head(size).rootHash })
    for (const body of disguised(other(1), 10, 5)) {
      assert.equal((await post(witness, body)).status, 409)
    }
    for (const body of disguised(other(1), 10)) {
      assert.equal((await post(witness, body)).status, 422)
    }
    assert.equal(await count(), 1)
    for (let size = 14; size < 40; size++) {
      for (const body of disguised(other(size), 1)) await post(witness, body)
    }
    assert.equal(await count(), 16)
  }))

test('of many submissions from the same old size exactly one wins, and none rolls back', () =>
  withWitness(async (witness, database) => {
    for (const old of [0, 5]) {
      const answers = await Promise.all(
        Array.from({ length: 8 }, (_, i) => post(witness, request(old, old === 0 ? 5 : 13 + i))),
      )
      // From size 0 all submit the same head; those that come second conflict too.
      const statuses = answers.map(({ status }) => status).sort()
      assert.deepEqual(statuses, [200, ...Array(7).fill(409)])
    }
    const { size } = await database
      .selectFrom('witness_state')
      .select('size')
      .executeTakeFirstOrThrow()
    assert(Number(size) >= 13)
  }))

test('monitors ask by the exact hash', () =>
  withWitness(async (witness) => {
    await post(witness, request(0, 5))
    assert.equal((await monitor(witness)).status, 200)
    for (const hash of [ORIGIN_HASH.toUpperCase(), ORIGIN_HASH.slice(1), '0'.repeat(64), '%00']) {
      assert.equal((await monitor(witness, hash)).status, 404, hash)
    }
  }))

test('the time of a cosignature is the time on the wire', () =>
  withDatabase(async (url) => {
    const database = openDatabase(url, 2)
    await migrate(database)
    const wireNow = () => instantFromMs(1_900_000_000_999)
    const witness = await startWitness(database, 'w.example', { wireNow })
    try {
      const answer = await post(witness, request(0, 5))
      const signatures = parseSignatureLines(await answer.text())
      const { text } = signedHead(head(5))
      const [cosignature] = verifyCosignatures(nodePrimitives, { text, signatures }, [witness.key])
      assert.equal(cosignature?.timeSeconds, 1_900_000_000)
    } finally {
      await witness.stop()
      await database.destroy()
    }
  }))
