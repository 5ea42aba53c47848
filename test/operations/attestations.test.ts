/** Time stamps and signature files on agreements, orders and checkpoints, on a real database. */
import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, type TestContext, test } from 'node:test'
import { Value } from '@sinclair/typebox/value'
import { nodePrimitives } from '../../src/adapters/node-primitives.ts'
import { publicFiles } from '../../src/adapters/postgres/log/public-files.ts'
import { readRoots } from '../../src/adapters/timestamps/pinned-roots.ts'
import { verifyTimeStampToken } from '../../src/adapters/timestamps/time-stamp-token.ts'
import type { ActDone } from '../../src/app/act.ts'
import { attachOrderSignature, stampOrder } from '../../src/app/acts/attestation-acts.ts'
import { type SignatureInput, signatureForm } from '../../src/app/attest.ts'
import {
  agreementSignature,
  attachAgreementSignature,
  stampAgreement,
} from '../../src/app/attest-agreement.ts'
import { caseStream, foldCaseStream } from '../../src/app/case-stream.ts'
import type { Kernel } from '../../src/app/kernel.ts'
import { fromBase64, toBase64, utf8 } from '../../src/base/bytes.ts'
import { canonicalBytes } from '../../src/base/canonical-json.ts'
import type { Decision } from '../../src/base/decision.ts'
import { addMs, DAY_MS, instantFromMs } from '../../src/base/time.ts'
import type {
  SignatureAttached,
  TimeStampReceived,
} from '../../src/core/attestation/attestation.ts'
import type { Acting } from '../../src/core/case/recorded.ts'
import { orderDocument } from '../../src/core/enforcement/order-document.ts'
import { checkpointStampJobs, openAttestations } from '../../src/node/attestations.ts'
import { type DeskKernel, deskKernel, NODE } from '../support/desk-kernel.ts'
import { keys } from '../support/kernel-database.ts'
import { at, authority, issue, makeRoot, openssl, pem, stamp } from '../support/openssl-tsa.ts'
import { digestOf, ringAgreement } from '../support/ring.ts'

const skip = openssl ? false : 'openssl is not installed: there is no responder'

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
const folder = mkdtempSync(join(tmpdir(), 'comity-attest-'))
after(() => rmSync(folder, { recursive: true }))

type World = DeskKernel & {
  readonly kernel: Kernel
  readonly lena: Acting
  readonly iris: Acting
  readonly agreementId: string
  readonly agreementDigest: string
  readonly caseId: string
  readonly orderDigest: string
}
const MEASURE = '01990000-0000-7000-8000-00000000aa01'
const PROPOSED = '01990000-0000-7000-8000-00000000aa02'

/** An agreement, and a case with one order that was made and one that was only proposed. */
async function world(t: TestContext, tsa?: { url: string; rootFile: string }): Promise<World> {
  const desk = await deskKernel(t)
  const timestamps = tsa && { timestamps: tsa }
  const attestations = openAttestations({ ...timestamps }, desk.database, keys)
  const kernel = { ...desk.kernel, attestations }
  const [lena, iris] = [
    await desk.enrol('Lena (invented)', ['liaison']),
    await desk.enrol('Iris (invented)', ['caseOfficer']),
  ]
  const document = ringAgreement()
  const digest = digestOf(document)
  await kernel.streams.transact((unit) => unit.create(document.id, 'agreement'))
  await desk.append(document.id, lena.officer, {
    type: 'agreementDrafted',
    document,
    digest,
  } as never)
  const caseId = await desk.openCase('Larkspur', iris)
  const order = { rung: 'correctiveOrder', basis: 'art. 79', reason: 'Repeated harm.' }
  await desk.append(
    caseId,
    iris.officer,
    {
      type: 'operatorNamed',
      operatorId: 'x',
      name: 'Larkspur',
      role: 'provider',
      invented: true,
    } as never,
    {
      type: 'measureTaken',
      measureId: MEASURE,
      officers: [iris.officer, 'bram'],
      ...order,
    } as never,
    {
      type: 'measureProposed',
      measureId: PROPOSED,
      proposedBy: 'bram',
      urgency: null,
      fine: null,
      ...order,
    } as never,
  )
  const { enforcement } = await stateOf(kernel, caseId)
  const made = orderDocument(enforcement, MEASURE, { authority: NODE.id, caseId })
  assert.ok(made)
  return {
    ...desk,
    kernel,
    lena,
    iris,
    agreementId: document.id,
    agreementDigest: digest,
    caseId,
    orderDigest: sha256(canonicalBytes(made)),
  }
}

const stateOf = async (kernel: Kernel, caseId: string) =>
  foldCaseStream((await caseStream(kernel, caseId)).history)

const historyOf = async ({ kernel }: World, id: string) =>
  (await kernel.streams.read(id))?.history ?? []

async function lastOf<Event>(world: World, id: string): Promise<Event> {
  return (await historyOf(world, id)).at(-1)?.event as Event
}

const FILE = randomBytes(3000)
const signature = (digest: string, changes: Partial<SignatureInput> = {}): SignatureInput => ({
  file: toBase64(FILE),
  mediaType: 'application/pkcs7-signature',
  signedDigest: digest,
  signerFunction: 'Director',
  checkedBy: 'Legal counsel',
  checkedHow: 'Validation service of the trust list, report of today',
  ...changes,
})

const onOrder = ({ kernel, iris, caseId, now }: World, input: object) =>
  attachOrderSignature.run(kernel, caseId, { input, acting: now(iris) })
const onAgreement = ({ kernel, lena, agreementId, now }: World, input: SignatureInput) =>
  attachAgreementSignature(kernel, agreementId, input, now(lena))

test('a signature file is kept sealed, and its event says what was verified and what a person says', async (t) => {
  const here = await world(t)
  const { kernel, agreementId, caseId, database } = here
  const places = [
    [agreementId, here.agreementDigest, onAgreement(here, signature(here.agreementDigest))],
    [
      caseId,
      here.orderDigest,
      onOrder(here, { measureId: MEASURE, ...signature(here.orderDigest.toUpperCase()) }),
    ],
  ] as const
  for (const [streamId, digest, done] of places) {
    assert.equal((await done).decision, 'permit')
    const event = await lastOf<SignatureAttached>(here, streamId)
    assert.equal(event.type, 'signatureAttached')
    assert.equal(event.document.digest, digest)
    assert.equal(event.digest, sha256(FILE))
    assert.equal(event.checkedBy, 'Legal counsel')
    const kept = await kernel.attestations.keptSignature(streamId, event.signatureId)
    assert.deepEqual(kept && Buffer.from(kept), FILE)
  }
  const rows = await database.selectFrom('signature_file').select('sealed_file').execute()
  assert.equal(rows.length, 2)
  for (const { sealed_file } of rows)
    assert.ok(!Buffer.from(sealed_file).includes(FILE.subarray(0, 16)))
  const { signatureId } = await lastOf<SignatureAttached>(here, agreementId)
  assert.deepEqual(Buffer.from(await agreementSignature(kernel, agreementId, signatureId)), FILE)
  await assert.rejects(agreementSignature(kernel, caseId, signatureId), { code: 'malformed' })
  await assert.rejects(agreementSignature(kernel, agreementId, MEASURE), { code: 'malformed' })
})

const whyOf = (decision: Decision<ActDone>) =>
  decision.decision === 'refuse' ? decision.why : 'permit'

test('what does not fit is refused, and nothing is kept', async (t) => {
  const here = await world(t)
  const { agreementDigest, orderDigest, kernel, iris, lena, now } = here
  const order = { measureId: MEASURE, ...signature(orderDigest) }
  const refused: Readonly<Record<string, readonly [() => Promise<Decision<ActDone>>, string]>> = {
    'a digest of another text': [() => onAgreement(here, signature(orderDigest)), 'digestMismatch'],
    'a digest of the agreement on the order': [
      () => onOrder(here, { ...order, signedDigest: agreementDigest }),
      'digestMismatch',
    ],
    'an order that was only proposed': [
      () => onOrder(here, { ...order, measureId: PROPOSED }),
      'unknownOrder',
    ],
    'an order of nobody': [() => onOrder(here, { ...order, measureId: 'x' }), 'unknownOrder'],
    'an unknown agreement': [
      () => attachAgreementSignature(kernel, MEASURE, signature(agreementDigest), now(lena)),
      'unknownAgreement',
    ],
    'a case instead of an agreement': [
      () => attachAgreementSignature(kernel, here.caseId, signature(agreementDigest), now(lena)),
      'unknownAgreement',
    ],
    'a case officer on an agreement': [
      () =>
        attachAgreementSignature(kernel, here.agreementId, signature(agreementDigest), now(iris)),
      'roleMissing',
    ],
    'a liaison officer on an order': [
      () => attachOrderSignature.run(kernel, here.caseId, { input: order, acting: now(lena) }),
      'roleMissing',
    ],
    'no authority, agreement': [
      () => stampAgreement(kernel, here.agreementId, now(lena)),
      'noTimeStamps',
    ],
    'no authority, order': [
      () =>
        stampOrder.run(kernel, here.caseId, { input: { measureId: MEASURE }, acting: now(iris) }),
      'noTimeStamps',
    ],
  }
  for (const [name, [act, why]] of Object.entries(refused)) {
    assert.equal(whyOf(await act()), why, name)
  }
  await assert.rejects(onAgreement(here, signature(agreementDigest, { file: 'A===' })), {
    code: 'malformed',
  })
  const large = toBase64(new Uint8Array(256 * 1024 + 1))
  await assert.rejects(onAgreement(here, signature(agreementDigest, { file: large })), {
    code: 'malformed',
  })
  assert.equal((await historyOf(here, here.agreementId)).length, 1)
  assert.deepEqual((await stateOf(kernel, here.caseId)).attestations, [])
  assert.deepEqual(await here.database.selectFrom('signature_file').selectAll().execute(), [])

  assert.equal(whyOf(await onAgreement(here, signature(agreementDigest))), 'permit')
  assert.equal(whyOf(await onAgreement(here, signature(agreementDigest))), 'alreadyAttached')
})

test('the form takes no other media type, no empty file, no digest of another form', () => {
  const good = signature('ab'.repeat(32))
  assert.ok(Value.Check(signatureForm, good))
  for (const change of [
    { mediaType: 'text/html' },
    { file: '' },
    { file: 'not base64!' },
    { file: 'A'.repeat(400_000) },
    { signedDigest: 'ab'.repeat(31) },
    { signedDigest: `sha256:${'ab'.repeat(32)}` },
    { signerFunction: '' },
    { checkedBy: '' },
    { checkedHow: undefined },
    { signedAt: '2026-11-22' },
  ]) {
    assert.ok(
      !Value.Check(signatureForm, { ...good, ...change }),
      JSON.stringify(change).slice(0, 60),
    )
  }
})

test('a file of pinned certificates without one, or with a broken one, is refused', () => {
  const file = join(folder, 'roots.pem')
  const broken = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'
  for (const text of ['', 'hello', broken]) {
    writeFileSync(file, text)
    assert.throws(() => readRoots(file), { code: 'malformed', field: file })
  }
  assert.throws(() => readRoots(join(folder, 'missing.pem')), { code: 'malformed' })
})

describe('time stamps on documents', { skip }, () => {
  before(() => {
    makeRoot('root')
    makeRoot('stranger')
    issue('tsa', 'root')
  })

  const expected = (digest: Uint8Array) => {
    const now = instantFromMs(Date.now())
    return {
      digest,
      roots: [pem('root')],
      notBefore: addMs(now, -DAY_MS),
      notAfter: addMs(now, DAY_MS),
    }
  }

  test('an agreement and an order are stamped; the token stands in the event and verifies', async (t) => {
    const asked: Uint8Array[] = []
    const url = await authority((query) => {
      asked.push(query)
      return stamp(query, 'tsa')
    })
    const here = await world(t, { url, rootFile: at('root.crt') })
    const { kernel, lena, iris, now, agreementId, caseId } = here
    assert.equal(whyOf(await stampAgreement(kernel, agreementId, now(lena))), 'permit')
    const call = { input: { measureId: MEASURE }, acting: now(iris) }
    assert.equal(whyOf(await stampOrder.run(kernel, caseId, call)), 'permit')
    for (const [streamId, digest] of [
      [agreementId, here.agreementDigest],
      [caseId, here.orderDigest],
    ] as const) {
      const event = await lastOf<TimeStampReceived>(here, streamId)
      assert.equal(event.document.digest, digest)
      const made = verifyTimeStampToken(
        fromBase64(event.token, 'token'),
        expected(Buffer.from(digest, 'hex')),
      )
      assert.equal(made.at, event.stampedAt)
    }
    assert.equal(asked.length, 2)
    for (const query of asked) assert.ok(query.length < 100, 'a digest leaves and nothing else')
  })

  test('an outage, a stranger and a liar change nothing', async (t) => {
    const other = utf8('another text')
    const places: Readonly<Record<string, readonly [string, string, string]>> = {
      'nobody there': ['http://127.0.0.1:9/', 'root.crt', 'unavailable'],
      'an error': [await authority(() => utf8('no'), { status: 503 }), 'root.crt', 'unavailable'],
      'another root': [
        await authority((query) => stamp(query, 'tsa')),
        'stranger.crt',
        'unverified',
      ],
      'not a time stamp': [await authority(() => other), 'root.crt', 'unverified'],
    }
    const here = await world(t)
    const call = { input: { measureId: MEASURE }, acting: here.now(here.iris) }
    const before = (await historyOf(here, here.caseId)).length
    for (const [name, [url, root, code]] of Object.entries(places)) {
      const timestamps = { url, rootFile: at(root) }
      const kernel = {
        ...here.kernel,
        attestations: openAttestations({ timestamps }, here.database, keys),
      }
      await assert.rejects(
        stampAgreement(kernel, here.agreementId, here.now(here.lena)),
        { code },
        name,
      )
      await assert.rejects(stampOrder.run(kernel, here.caseId, call), { code }, name)
    }
    assert.equal((await historyOf(here, here.agreementId)).length, 1)
    assert.equal((await historyOf(here, here.caseId)).length, before)
  })

  test('the newest checkpoint is stamped once a day; an outage is tried again', async () => {
    const directory = join(folder, 'log')
    const files = publicFiles(directory)
    let isOut = true
    let asked = 0
    const url = await authority((query) => {
      asked += 1
      return isOut ? utf8('') : stamp(query, 'tsa')
    })
    const timestamps = { url, rootFile: at('root.crt') }
    const attestations = openAttestations({ timestamps }, undefined as never, keys)
    let nowMs = Date.now()
    const clocks = { wireNow: () => instantFromMs(nowMs) } as Kernel['clocks']
    const parts = { attestations, clocks, primitives: nodePrimitives }
    const [job] = checkpointStampJobs(parts, files)
    assert.ok(job)
    await job.run()
    assert.equal(asked, 0, 'no log yet, nothing to stamp')
    const day = clocks.wireNow().slice(0, 10)
    await files.keepStamp('2020-01-01' as never, utf8('x'), utf8('y'))
    const checkpoint = utf8('example/ledger\n7\nAAAA\n')
    writeFileSync(join(directory, 'checkpoint'), checkpoint)
    await assert.rejects(job.run())
    assert.equal(await files.read(`time-stamps/${day}.tst`), undefined)
    isOut = false
    await job.run()
    writeFileSync(join(directory, 'checkpoint'), utf8('example/ledger\n8\nBBBB\n'))
    await job.run()
    assert.equal(asked, 2, 'once a day')
    const token = await files.read(`time-stamps/${day}.tst`)
    const kept = await files.read(`time-stamps/${day}.checkpoint`)
    assert.ok(token && kept)
    assert.deepEqual(Buffer.from(kept), Buffer.from(checkpoint))
    verifyTimeStampToken(token, expected(nodePrimitives.sha256(kept)))
    nowMs += DAY_MS
    await job.run()
    assert.equal(asked, 3, 'and again on the next day')
    for (const path of [
      'time-stamps/../checkpoint',
      'time-stamps/2020-01-01.key',
      'time-stamps/x.tst',
    ]) {
      await assert.rejects(files.read(path), { code: 'malformed' }, path)
    }
  })

  test('without an authority there is no job', () => {
    const attestations = openAttestations({}, undefined as never, keys)
    const files = publicFiles(folder)
    assert.deepEqual(checkpointStampJobs({ attestations } as Kernel, files), [])
  })
})
