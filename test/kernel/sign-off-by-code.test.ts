/** Signing off a law pack from the files on the officer's own machine, with a code from the page. */
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { libraryHolidays, loadLaw } from '../../src/adapters/law-packs.ts'
import { postgresSignOffCodes } from '../../src/adapters/postgres/law/sign-off-codes.ts'
import { systemRandom as random } from '../../src/adapters/random.ts'
import type { Kernel } from '../../src/app/kernel.ts'
import { giveSignOffCode, signOffByCode, signOffLawPack } from '../../src/app/sign-off-law-pack.ts'
import type { Decision } from '../../src/base/decision.ts'
import { MINUTE_MS } from '../../src/base/time.ts'
import type { Acting, Role } from '../../src/core/case/recorded.ts'
import { packRef } from '../../src/core/law/pack.ts'
import { isSignedOff } from '../../src/core/law/sign-off.ts'
import { lawDesk } from '../../src/node/law-desk.ts'
import { deskKernel } from '../support/desk-kernel.ts'
import { lawFolder } from '../support/invented-law.ts'

async function world(t: TestContext) {
  const desk = await deskKernel(t)
  const { versions } = loadLaw(lawFolder(t, { zz: { version: '0.1.0', hours: 72 } }))
  const lawStreamId = random.uuidByTime()
  const { streams, clocks } = desk.kernel
  await streams.transact((unit) => unit.create(lawStreamId, 'law'))
  const law = lawDesk({
    ...{ versions, lawStreamId, streams, legalOrder: 'ZZ' },
    now: () => clocks.caseNow(),
    holidaysOf: libraryHolidays(),
  })
  const signOffCodes = postgresSignOffCodes({ database: desk.database, clocks, random })
  const kernel: Kernel = { ...desk.kernel, law, lawStreamId, signOffCodes }
  const [pack] = versions
  assert.ok(pack)
  const enrol = async (name: string, role: Role = 'reviewer') => desk.enrol(name, [role])
  /** Right after a strong proof. */
  const proved = (acting: Acting): Acting => ({
    ...desk.now(acting),
    steppedUpAt: clocks.wireNow(),
  })
  const codeFor = async (acting: Acting) =>
    permitted(await giveSignOffCode(kernel, { pack: pack.id }, proved(acting))).code
  const { id, version, digest } = packRef(pack)
  const files = { pack: id, version, digest }
  const isSigned = async (clock?: string) =>
    isSignedOff((await law.context()).signOffs, packRef(pack), clock)
  return { desk, kernel, files, enrol, proved, codeFor, isSigned }
}

function permitted<T>(decision: Decision<T>): T {
  assert.equal(decision.decision, 'permit', JSON.stringify(decision))
  return (decision as { value: T }).value
}

const whyNot = (decision: Decision<unknown>) =>
  decision.decision === 'refuse' ? decision.why : 'permitted'

test('two officers sign the bytes on their own machines; what both sign but one clock binds', async (t) => {
  const { kernel, files, enrol, codeFor, isSigned } = await world(t)
  const [ada, ben] = [await enrol('Ada'), await enrol('Ben')]
  const excepted = ['zz.act/warning']
  permitted(await signOffByCode(kernel, { ...files, code: await codeFor(ada), excepted }))
  assert.equal(await isSigned(), false)
  permitted(await signOffByCode(kernel, { ...files, code: await codeFor(ben) }))
  assert.equal(await isSigned(), true)
  assert.equal(await isSigned('zz.act/report'), true)
  assert.equal(await isSigned('zz.act/warning'), false)
})

test('other bytes, another pack, another version or an unknown clock sign nothing', async (t) => {
  const { kernel, files, enrol, codeFor, isSigned } = await world(t)
  const [ada, ben] = [await enrol('Ada'), await enrol('Ben')]
  for (const [wrong, why] of [
    [{ digest: 'ab'.repeat(32) }, 'otherDigest'],
    [{ pack: 'law.eu' }, 'otherPack'],
    [{ version: '0.1.1' }, 'unknownPack'],
    [{ excepted: ['zz.act/nothing'] }, 'unknownClock'],
  ] as const) {
    for (const officer of [ada, ben]) {
      const code = await codeFor(officer)
      assert.equal(whyNot(await signOffByCode(kernel, { ...files, ...wrong, code })), why)
      // Used up by the attempt.
      assert.equal(whyNot(await signOffByCode(kernel, { ...files, code })), 'wrongCode')
    }
  }
  assert.equal(await isSigned(), false)
})

test('a code is one signature of one officer, for ten minutes', async (t) => {
  const { desk, kernel, files, enrol, codeFor, isSigned } = await world(t)
  const ada = await enrol('Ada')
  const [first, second, third] = [await codeFor(ada), await codeFor(ada), await codeFor(ada)]
  permitted(await signOffByCode(kernel, { ...files, code: first }))
  assert.equal(whyNot(await signOffByCode(kernel, { ...files, code: first })), 'wrongCode')
  assert.equal(whyNot(await signOffByCode(kernel, { ...files, code: second })), 'sameOfficer')
  desk.pass(10 * MINUTE_MS)
  assert.equal(whyNot(await signOffByCode(kernel, { ...files, code: third })), 'wrongCode')
  assert.equal(await isSigned(), false)
})

test('no code without a fresh proof or without the role; who has left meanwhile signs nothing', async (t) => {
  const { desk, kernel, files, enrol, proved, codeFor } = await world(t)
  const ada = await enrol('Ada')
  assert.equal(
    whyNot(await giveSignOffCode(kernel, { pack: files.pack }, desk.now(ada))),
    'stepUpNeeded',
  )
  assert.equal(
    whyNot(await signOffLawPack(kernel, { ...files, simulated: false }, desk.now(ada))),
    'stepUpNeeded',
  )
  assert.equal(
    whyNot(await giveSignOffCode(kernel, { pack: 'law.eu' }, proved(ada))),
    'unknownPack',
  )
  const guard = await enrol('Olga', 'oversight')
  assert.equal(
    whyNot(await giveSignOffCode(kernel, { pack: files.pack }, proved(guard))),
    'roleMissing',
  )
  const code = await codeFor(ada)
  await desk.database
    .updateTable('officer')
    .set({ left_at: new Date() })
    .where('id', '=', ada.officer)
    .execute()
  assert.notEqual(whyNot(await signOffByCode(kernel, { ...files, code })), 'permitted')
})

test('on the page an officer signs what was shown, and for the profile of the node', async (t) => {
  const { kernel, files, enrol, proved, isSigned } = await world(t)
  const [ada, ben] = [await enrol('Ada'), await enrol('Ben')]
  const { pack, version } = files
  const wish = { pack, version, simulated: false }
  for (const digest of ['', 'ab'.repeat(32), files.digest.toUpperCase()]) {
    const decision = await signOffLawPack(kernel, { ...wish, digest }, proved(ada))
    assert.equal(whyNot(decision), 'otherDigest')
  }
  for (const officer of [ada, ben]) {
    const simulated = await signOffLawPack(
      kernel,
      { ...wish, digest: files.digest, simulated: true },
      proved(officer),
    )
    assert.equal(whyNot(simulated), 'otherProfile')
  }
  const node = { ...kernel.node, profile: 'demo' as const }
  const real = await signOffLawPack({ ...kernel, node }, wish, proved(ada))
  assert.equal(whyNot(real), 'otherProfile')
  assert.equal(await isSigned(), false)
  permitted(await signOffLawPack(kernel, { ...wish, digest: files.digest }, proved(ada)))
})
