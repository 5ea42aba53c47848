/** A statement from its draft to what everybody reads, on a real database. */
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { libraryHolidays, loadLaw } from '../../src/adapters/law-packs.ts'
import { systemRandom as random } from '../../src/adapters/random.ts'
import type { Kernel } from '../../src/app/kernel.ts'
import { findSafeHarbourAct, lawsToCite, readSafeHarbours } from '../../src/app/safe-harbour.ts'
import { type CalendarDate, utcDateOf } from '../../src/base/time.ts'
import type { Acting, Role } from '../../src/core/case/recorded.ts'
import { lawKey } from '../../src/core/law/safe-harbour.ts'
import { lawDesk } from '../../src/node/law-desk.ts'
import { safeHarbourModel } from '../../src/web/public/safe-harbour/presenter.ts'
import { deskKernel } from '../support/desk-kernel.ts'

const LAW = new URL('../../law', import.meta.url).pathname

async function world(t: TestContext) {
  const desk = await deskKernel(t)
  const lawStreamId = random.uuidByTime()
  const { streams, clocks } = desk.kernel
  await streams.transact((unit) => unit.create(lawStreamId, 'law'))
  const law = lawDesk({
    ...{ versions: loadLaw(LAW).versions, lawStreamId, streams, legalOrder: 'EU' },
    now: () => clocks.caseNow(),
    holidaysOf: libraryHolidays(),
  })
  const kernel: Kernel = { ...desk.kernel, law, lawStreamId }
  const enrol = (name: string, role: Role) => desk.enrol(name, [role])
  const run = async (name: string, input: object, acting: Acting, isProved = true) => {
    const proof = isProved ? { steppedUpAt: clocks.wireNow() } : {}
    const decision = await findSafeHarbourAct(name)?.run(kernel, input, {
      ...desk.now(acting),
      ...proof,
    })
    return decision?.decision === 'refuse' ? decision.why : 'permitted'
  }
  const publicModel = async () => safeHarbourModel(await readSafeHarbours(kernel), today)
  const today: CalendarDate = utcDateOf(clocks.caseNow())
  return { kernel, enrol, run, publicModel }
}

const draft = {
  ...{ legalOrder: 'EU', scope: 'Invented assistants of Meridia.' },
  ...{ promises: ['noAction'], conditions: ['leastData'], laws: [], validUntilOn: null },
}

test('a draft is nobody’s promise until a second person issues exactly it', async (t) => {
  const { kernel, enrol, run, publicModel } = await world(t)
  const [ada, ben] = [await enrol('Ada', 'reviewer'), await enrol('Ben', 'liaison')]
  const admin = await enrol('Cyn', 'administrator')
  assert.equal(await run('draftSafeHarbour', draft, ada, false), 'stepUpNeeded')
  assert.equal(await run('draftSafeHarbour', draft, admin), 'roleMissing')
  const unread = { ...draft, laws: ['eu/invented/nothing'] }
  assert.equal(await run('draftSafeHarbour', unread, ada), 'unknownLaw')
  assert.equal(await run('draftSafeHarbour', draft, ada), 'permitted')
  assert.deepEqual((await publicModel()).statements, [])
  const [waiting] = (await readSafeHarbours(kernel)).drafts
  assert.ok(waiting)
  const { draftId, digest } = waiting
  const shown = { draftId, digest, confirmed: true }
  assert.equal(await run('issueSafeHarbour', shown, ada), 'samePerson')
  assert.equal(
    await run('issueSafeHarbour', { ...shown, digest: '0'.repeat(64) }, ben),
    'otherText',
  )
  assert.equal(await run('issueSafeHarbour', shown, ben), 'permitted')
  const [statement] = (await publicModel()).statements
  assert.equal(statement?.standing, 'inForce')
  assert.deepEqual(
    statement?.promises.map(({ id }) => id),
    ['noAction', 'lasting'],
  )
  assert.equal(statement?.limits.length, 5)
  assert.equal(statement?.file, 'EU-1.json')
})

test('a law is cited with article, source and how it was read; the next version replaces', async (t) => {
  const { kernel, enrol, run, publicModel } = await world(t)
  const [ada, ben] = [await enrol('Ada', 'reviewer'), await enrol('Ben', 'caseOfficer')]
  const laws = await lawsToCite(kernel)
  const law = laws.find(
    ({ instrument, article }) => instrument === 'eu.whistle' && article === '21(2)',
  )
  assert.ok(law, 'the EU pack holds the protection of whistle-blowers')
  assert.ok(laws.every(({ evidence }) => evidence !== 'R'))
  for (const cited of [[], [lawKey(law)]]) {
    assert.equal(await run('draftSafeHarbour', { ...draft, laws: cited }, ada), 'permitted')
    const [waiting] = (await readSafeHarbours(kernel)).drafts
    assert.ok(waiting)
    const { draftId, digest } = waiting
    assert.equal(
      await run('issueSafeHarbour', { draftId, digest, confirmed: true }, ben),
      'permitted',
    )
  }
  const { statements, earlier } = await publicModel()
  assert.equal(statements[0]?.version, 2)
  assert.equal(statements[0]?.laws[0]?.isSignedOff, false)
  assert.ok(statements[0]?.laws[0]?.source)
  assert.deepEqual(
    earlier.map(({ version, standing }) => [version, standing]),
    [[1, 'replaced']],
  )
  const reason = { legalOrder: 'EU', reason: 'An invented new act.', confirmed: true }
  assert.equal(await run('withdrawSafeHarbour', reason, ben), 'permitted')
  assert.equal((await publicModel()).statements[0]?.standing, 'withdrawn')
})
