/** Oversight on a real database: a draw that a beacon fixes, a look, content by statute. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { bls12_381 } from '@noble/curves/bls12-381.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { quicknet } from '../../src/adapters/beacon/quicknet.ts'
import type { Kernel } from '../../src/app/kernel.ts'
import { readOversight, recordLook } from '../../src/app/oversight/oversight-act.ts'
import { findOversightAct } from '../../src/app/oversight/oversight-acts.ts'
import { toHex } from '../../src/base/bytes.ts'
import { addMs, DAY_MS } from '../../src/base/time.ts'
import type { Acting } from '../../src/core/case/recorded.ts'
import { drawnPlaces } from '../../src/proof/draw.ts'
import { deskKernel } from '../support/desk-kernel.ts'

const { shortSignatures } = bls12_381
const secret = new Uint8Array(32).fill(5)
const publicKey = toHex(shortSignatures.getPublicKey(secret).toBytes())

/** The network's scheme with a key of this test. */
function signatureOf(round: number): string {
  const message = Buffer.alloc(8)
  message.writeBigUInt64BE(BigInt(round))
  const point = shortSignatures.hash(sha256(message), 'BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_')
  return toHex(shortSignatures.Signature.toBytes(shortSignatures.sign(point, secret)))
}

async function run(kernel: Kernel, name: string, input: object, acting: Acting) {
  const act = findOversightAct(name)
  assert.ok(act, name)
  const proven = { ...acting, steppedUpAt: kernel.clocks.wireNow() }
  const decision = await act.run(kernel, input, proven)
  return decision.decision === 'permit' ? 'permit' : decision.why
}

describe('oversight', () => {
  test('draws cases that nobody could choose, and anybody can draw again', async (t) => {
    const desk = await deskKernel(t)
    const kernel: Kernel = { ...desk.kernel, beacon: quicknet(publicKey, 'test chain') }
    const [olu, ada] = [
      await desk.enrol('Olu', ['oversight']),
      await desk.enrol('Ada', ['caseOfficer']),
    ]
    for (const title of ['One', 'Two', 'Three', 'Four']) await desk.openCase(title, ada)
    const now = kernel.clocks.caseNow()
    const period = { fromAt: addMs(now, -DAY_MS), untilAt: addMs(now, DAY_MS) }
    const wish = { population: 'cases', sampleSize: 2, ...period }

    assert.equal(await run(kernel, 'announceDraw', wish, ada), 'roleMissing')
    assert.equal(
      await run(kernel, 'announceDraw', { ...wish, sampleSize: 5 }, olu),
      'sampleTooLarge',
    )
    const empty = { ...wish, untilAt: period.fromAt }
    assert.equal(await run(kernel, 'announceDraw', empty, olu), 'nothingToDraw')
    assert.equal(await run(kernel, 'announceDraw', wish, olu), 'permit')

    const [announced] = (await readOversight(kernel)).draws
    assert.ok(announced)
    assert.equal(announced.list.length, 4)
    assert.ok(announced.beacon.appearsAt >= addMs(kernel.clocks.wireNow(), 10 * 60_000))
    // A case that is opened afterwards is not in the list.
    await desk.openCase('Five', ada)
    const { drawId, beacon, listDigest } = announced
    const early = { drawId, signature: signatureOf(beacon.round - 1) }
    assert.equal(await run(kernel, 'holdDraw', early, olu), 'wrongSignature')
    const signature = signatureOf(beacon.round)
    assert.equal(await run(kernel, 'holdDraw', { drawId, signature }, olu), 'permit')
    assert.equal(await run(kernel, 'holdDraw', { drawId, signature }, olu), 'alreadyHeld')
    const held = (await readOversight(kernel)).draws[0]?.held
    const randomness = sha256(Buffer.from(signature, 'hex'))
    const again = drawnPlaces(kernel.primitives, randomness, { listDigest, length: 4, size: 2 })
    assert.deepEqual(held?.picked, again)
    assert.equal((await readOversight(kernel)).draws[0]?.list.length, 4)
  })

  test('every kind of draw lists what lies in the period, sorted', async (t) => {
    const desk = await deskKernel(t)
    const ada = await desk.enrol('Ada', ['caseOfficer'])
    const caseId = await desk.openCase('One', ada)
    const because = [{ rule: 'release:x', text: 'x' }]
    const refused = { type: 'actRefused', act: 'releaseToPeer', why: 'roleMissing', because }
    await desk.append(caseId, ada.officer, refused, refused)
    const now = desk.kernel.clocks.caseNow()
    const period = { from: addMs(now, -DAY_MS), until: addMs(now, DAY_MS) }
    const list = (population: Parameters<typeof desk.kernel.registers.drawList>[0]) =>
      desk.kernel.registers.drawList(population, period)
    assert.deepEqual(await list('cases'), [caseId])
    const refusals = await list('refusals')
    assert.equal(refusals.length, 2)
    assert.deepEqual(refusals, refusals.toSorted())
    assert.ok(refusals.every((place) => place.startsWith(`${caseId}/`)))
    assert.deepEqual(await list('decisions'), refusals)
    assert.deepEqual(await list('releases'), [])
    assert.deepEqual(await list('delayedNotices'), [])
    const before = { from: addMs(now, -9 * DAY_MS), until: addMs(now, -8 * DAY_MS) }
    assert.deepEqual(await desk.kernel.registers.drawList('refusals', before), [])
  })

  test('a statute that opens content takes a second officer, or a day where there is none', async (t) => {
    const desk = await deskKernel(t)
    const { kernel } = desk
    const olu = await desk.enrol('Olu', ['oversight'])
    const statute = {
      ...{ body: 'A body (fictional)', statute: 'An act (fictional)', source: 'made up' },
      ...{ retrievedOn: '2026-11-02', access: 'content' },
    }
    const confirm = async (article: string, who: Acting) => {
      const { mandates } = await readOversight(kernel)
      const { mandateId } = mandates.find((one) => one.article === article) ?? {}
      return run(kernel, 'confirmMandate', { mandateId }, desk.now(who))
    }
    await run(kernel, 'recordMandate', { ...statute, article: '1' }, desk.now(olu))
    assert.equal(await confirm('1', olu), 'noticeRuns')
    desk.pass(DAY_MS)
    assert.equal(await confirm('1', olu), 'permit')
    const uma = await desk.enrol('Uma', ['oversight'])
    const ada = await desk.enrol('Ada', ['caseOfficer'])
    await run(kernel, 'recordMandate', { ...statute, article: '2' }, desk.now(olu))
    desk.pass(DAY_MS)
    assert.equal(await confirm('2', olu), 'samePerson')
    assert.equal(await confirm('2', ada), 'roleMissing')
    // By a delegation of the recorder nobody becomes a second person.
    const now = desk.now(olu).now
    const lent = { delegationId: kernel.random.uuidByTime(), from: olu.officer, to: ada.officer }
    const span = { fromAt: now, untilAt: addMs(now, DAY_MS), roles: ['oversight'], acts: null }
    await desk.append(kernel.authorityStreamId, olu.officer, {
      ...{ type: 'delegationGiven', ...lent, ...span },
    } as never)
    assert.equal(await confirm('2', ada), 'samePerson')
    assert.equal(await confirm('2', uma), 'permit')
    const alone = (await readOversight(kernel)).mandates.map(({ confirmed }) => confirmed?.isAlone)
    assert.deepEqual(alone, [true, false])
  })

  test('every look at a case is on record, where only oversight writes', async (t) => {
    const desk = await deskKernel(t)
    const [olu, ada] = [
      await desk.enrol('Olu', ['oversight']),
      await desk.enrol('Ada', ['caseOfficer']),
    ]
    const caseId = await desk.openCase('One', ada)
    await recordLook(desk.kernel, caseId, desk.now(olu))
    await recordLook(desk.kernel, caseId, desk.now(olu))
    desk.pass(DAY_MS + 1)
    await recordLook(desk.kernel, caseId, desk.now(olu))
    const { looks } = await readOversight(desk.kernel)
    assert.deepEqual(
      looks.map(({ caseId: seen, officer }) => [seen, officer]),
      [
        [caseId, olu.officer],
        [caseId, olu.officer],
      ],
    )
  })
})
