/** Every step with sealing keys on a real database: who is refused, and what a refusal leaves. */
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { deskKernel } from '../../test/support/desk-kernel.ts'
import type { Decision } from '../base/decision.ts'
import { addMs, HOUR_MS } from '../base/time.ts'
import type { Acting } from '../core/case/recorded.ts'
import type { RosterEntry } from '../core/sealing/events.ts'
import { proposalsFor } from './desk/waiting-proposals.ts'
import {
  askForRecovery,
  cancelKeyRecovery,
  completeKeyRecovery,
  giveRecoveryShare,
  recordEscrow,
} from './recover-key.ts'
import {
  announceSealingKey,
  approveSealingRoster,
  endRosterProposal,
  fingerprintOf,
  loseSealingKey,
  proposeSealingRoster,
  readSealingWork,
} from './sealing-keys.ts'
import { SEALING_STEPS } from './sealing-steps.ts'

const GROUND = 'Both officers of the inner group have lost their keys.'
const keyFor = (who: Acting) => `age1${who.officer}`

async function world(t: TestContext) {
  const desk = await deskKernel(t)
  const { enrol, append, now } = desk
  const { kernel } = desk
  const [ada, bob, lee, cyd, eve, pim, gus] = [
    await enrol('Ada Invented', ['caseOfficer']),
    await enrol('Bob Invented', ['caseOfficer']),
    await enrol('Lee Invented', ['liaison']),
    await enrol('Cyd Invented', ['reviewer']),
    await enrol('Eve Invented', ['counsel']),
    await enrol('Pim Invented', ['administrator']),
    await enrol('Gus Invented', ['oversight']),
  ]
  const staff = { ada, bob, lee, cyd, eve, pim, gus }
  /** As after a fresh proof of who it is. */
  const proved = (who: Acting): Acting => {
    const at = now(who)
    return { ...at, steppedUpAt: at.now }
  }
  const stale = (who: Acting): Acting => {
    const at = now(who)
    return { ...at, steppedUpAt: addMs(at.now, -HOUR_MS) }
  }
  for (const who of [ada, bob, lee, cyd]) {
    const done = await announceSealingKey(
      kernel,
      { recipient: keyFor(who), kept: 'file' },
      proved(who),
    )
    assert.equal(done.decision, 'permit', JSON.stringify(done))
  }
  const entry = (who: Acting, layer: RosterEntry['layer']): RosterEntry => ({
    recipient: keyFor(who),
    layer,
    holder: { officer: who.officer },
  })
  const entries = [entry(ada, 'inner'), entry(bob, 'inner'), entry(lee, 'outer')]
  const told = entries.map(({ recipient }) => fingerprintOf(kernel.primitives, recipient))
  const setId = '00112233aabbccdd'
  const share = (index: number, who: Acting) => ({
    index,
    holder: { officer: who.officer },
    digest: String(index).repeat(64),
    sealed: 'YQ==',
  })
  const made = {
    setId,
    recipient: 'age1escrow',
    threshold: 2,
    shares: [share(1, cyd), share(2, lee)],
  }
  const proposal = async () => (await readSealingWork(kernel)).proposal ?? assert.fail('none')
  const request = async () =>
    (await readSealingWork(kernel)).recovery.requests.at(-1) ?? assert.fail('none')
  const requestId = async () => (await request()).requestId
  /** Each step as the person `who` would do it; what it needs stands by then. */
  const steps = {
    announceKey: (who: Acting) =>
      announceSealingKey(kernel, { recipient: `${keyFor(who)}x`, kept: 'file' }, who),
    loseKey: (who: Acting) => loseSealingKey(kernel, who),
    proposeRoster: (who: Acting) => proposeSealingRoster(kernel, entries, who),
    approveRoster: async (who: Acting) =>
      approveSealingRoster(kernel, { proposalId: (await proposal()).proposalId, told }, who),
    withdrawRoster: async (who: Acting) =>
      endRosterProposal(kernel, (await proposal()).proposalId, who),
    rejectRoster: async (who: Acting) =>
      endRosterProposal(kernel, (await proposal()).proposalId, who),
    recordEscrow: (who: Acting) => recordEscrow(kernel, made, who),
    askForRecovery: (who: Acting) => askForRecovery(kernel, { setId, ground: GROUND }, who),
    giveShare: async (who: Acting) =>
      giveRecoveryShare(kernel, { requestId: await requestId(), index: 1, sealed: 'Yg==' }, who),
    cancelOwnRecovery: async (who: Acting) =>
      cancelKeyRecovery(kernel, { requestId: await requestId(), reason: 'found' }, who),
    cancelAnyRecovery: async (who: Acting) =>
      cancelKeyRecovery(kernel, { requestId: await requestId(), reason: 'doubt' }, who),
    completeRecovery: async (who: Acting) => completeKeyRecovery(kernel, await requestId(), who),
  }
  const tell = (...events: readonly { readonly type: string }[]) =>
    append(kernel.authorityStreamId, pim.officer, ...events)
  const size = async () => {
    const both = await Promise.all(
      [kernel.authorityStreamId, kernel.sealingStreamId].map((id) => kernel.streams.read(id)),
    )
    return both.reduce((sum, stream) => sum + (stream?.history.length ?? 0), 0)
  }
  return { ...desk, kernel, staff, proved, stale, steps, tell, size, request }
}

type World = Awaited<ReturnType<typeof world>>
type Step = keyof World['steps']
type Name = keyof World['staff']

const whyOf = (decision: Decision<unknown>) =>
  decision.decision === 'refuse' ? decision.why : 'permit'

/** What must stand before a step makes sense. */
const BEFORE: Readonly<Partial<Record<Step, readonly (readonly [Step, Name])[]>>> = {
  approveRoster: [['proposeRoster', 'pim']],
  withdrawRoster: [['proposeRoster', 'pim']],
  rejectRoster: [['proposeRoster', 'pim']],
  askForRecovery: [['recordEscrow', 'gus']],
  giveShare: [
    ['recordEscrow', 'gus'],
    ['askForRecovery', 'ada'],
  ],
  cancelOwnRecovery: [
    ['recordEscrow', 'gus'],
    ['askForRecovery', 'ada'],
  ],
  cancelAnyRecovery: [
    ['recordEscrow', 'gus'],
    ['askForRecovery', 'ada'],
  ],
  completeRecovery: [
    ['recordEscrow', 'gus'],
    ['askForRecovery', 'ada'],
  ],
}

async function worldBefore(t: TestContext, step: Step): Promise<World> {
  const all = await world(t)
  for (const [name, who] of BEFORE[step] ?? []) {
    assert.equal(whyOf(await all.steps[name](all.proved(all.staff[who]))), 'permit', name)
  }
  return all
}

/** Who may do a step, and who is refused by the rules of access for the lack of a role. */
const RIGHT: Readonly<Record<Step, { readonly by: Name; readonly not: readonly Name[] }>> = {
  announceKey: { by: 'eve', not: [] },
  loseKey: { by: 'ada', not: [] },
  proposeRoster: { by: 'pim', not: ['ada', 'gus', 'eve'] },
  approveRoster: { by: 'cyd', not: ['eve', 'pim'] },
  withdrawRoster: { by: 'pim', not: [] },
  rejectRoster: { by: 'cyd', not: ['eve'] },
  recordEscrow: { by: 'gus', not: ['ada', 'eve', 'cyd'] },
  askForRecovery: { by: 'ada', not: ['eve', 'pim', 'cyd'] },
  giveShare: { by: 'cyd', not: [] },
  cancelOwnRecovery: { by: 'ada', not: [] },
  cancelAnyRecovery: { by: 'gus', not: [] },
  completeRecovery: { by: 'ada', not: ['eve', 'pim', 'cyd'] },
}

for (const step of Object.keys(RIGHT) as Step[]) {
  const { by, not } = RIGHT[step]
  const wantsProof = 'stepUp' in SEALING_STEPS[step]
  test(`${step}: refused without office, role or a fresh proof, and nothing is recorded`, async (t) => {
    const { steps, staff, proved, stale, size, tell, now } = await worldBefore(t, step)
    const before = await size()
    const refused = async (who: Acting) => whyOf(await steps[step](who))
    for (const other of not) assert.equal(await refused(proved(staff[other])), 'roleMissing', other)
    const outside: Acting = { ...proved(staff.eve), officer: staff.eve.officer, roles: ['vendor'] }
    assert.equal(await refused(outside), 'roleMissing', 'from outside')
    if (wantsProof) {
      assert.equal(await refused(now(staff[by])), 'stepUpNeeded', 'without a proof')
      assert.equal(await refused(stale(staff[by])), 'stepUpNeeded', 'with an old one')
    }
    assert.equal(await size(), before)
    const { officer } = staff[by]
    await tell({ type: 'leavingStarted', officer, note: 'n' } as never)
    assert.equal(await refused(proved(staff[by])), 'notInOffice')
    await tell({ type: 'leavingCancelled', officer } as never)
    // Without a strong proof where none is asked for. Of a recovery two shares are missing.
    const who = wantsProof ? proved(staff[by]) : now(staff[by])
    assert.equal(await refused(who), step === 'completeRecovery' ? 'tooFewShares' : 'permit')
  })
}

test('who may not answer a proposal or a request of others does not end it', async (t) => {
  const { steps, staff, proved } = await worldBefore(t, 'giveShare')
  assert.equal(whyOf(await steps.cancelOwnRecovery(proved(staff.bob))), 'notHolder')
  assert.equal(whyOf(await steps.giveShare(proved(staff.bob))), 'notHolder')
  assert.equal(whyOf(await steps.cancelOwnRecovery(proved(staff.lee))), 'permit', 'a holder may')
})

test('a roster stands in the work of who could approve it, and of nobody else', async (t) => {
  const { kernel, staff, steps, proved, now } = await worldBefore(t, 'approveRoster')
  const waitsFor = async (who: Acting) =>
    (await proposalsFor(kernel, now(who))).map(({ act }) => act)
  for (const who of [staff.cyd, staff.gus]) {
    assert.deepEqual(await waitsFor(who), ['approveSealingRoster'], 'without a fresh proof too')
  }
  // The others hold a key that is new in it, may not approve, or proposed it.
  for (const who of [staff.ada, staff.lee, staff.eve, staff.pim]) {
    assert.deepEqual(await waitsFor(who), [])
  }
  await steps.rejectRoster(proved(staff.cyd))
  assert.deepEqual(await waitsFor(staff.gus), [])
})

test('a roster waits for nobody who may not propose it any more', async (t) => {
  const { steps, staff, proved, tell, kernel } = await worldBefore(t, 'approveRoster')
  const changed = { officer: staff.pim.officer, roles: ['counsel'], note: 'n' }
  await tell({ type: 'officerRolesChanged', ...changed } as never)
  assert.equal(whyOf(await steps.approveRoster(proved(staff.cyd))), 'proposerMayNot')
  assert.equal((await readSealingWork(kernel)).keys.rosters.length, 0)
  assert.equal(whyOf(await steps.rejectRoster(proved(staff.cyd))), 'permit')
})

test('whoever came back by a code of the proposer does not approve the roster', async (t) => {
  const { kernel, steps, staff, proved, now } = await worldBefore(t, 'approveRoster')
  await kernel.streams.transact(async (unit) => {
    const stream = await unit.open(kernel.authorityStreamId)
    const given = { type: 'wayBackGiven', officer: staff.cyd.officer } as const
    await stream?.append([given], staff.pim.officer)
  })
  assert.equal(whyOf(await steps.approveRoster(proved(staff.cyd))), 'wayBack')
  assert.deepEqual(await proposalsFor(kernel, now(staff.cyd)), [])
  assert.equal((await proposalsFor(kernel, now(staff.gus))).length, 1, 'a third person may')
})

test('whoever acts only in the place of a new key’s holder does not approve it', async (t) => {
  const { steps, staff, proved, tell, now } = await worldBefore(t, 'approveRoster')
  const at = now(staff.ada).now
  await tell({
    type: 'delegationGiven',
    delegationId: 'd',
    from: staff.ada.officer,
    to: staff.eve.officer,
    roles: ['caseOfficer'],
    acts: null,
    fromAt: addMs(at, -HOUR_MS),
    untilAt: addMs(at, HOUR_MS),
  } as never)
  assert.equal(whyOf(await steps.approveRoster(proved(staff.eve))), 'ownKey')
})

test('nobody gives a share to somebody who may not ask for the key any more', async (t) => {
  const { steps, staff, proved, tell, request } = await worldBefore(t, 'giveShare')
  await tell({ type: 'leavingStarted', officer: staff.ada.officer, note: 'n' } as never)
  assert.equal(whyOf(await steps.giveShare(proved(staff.cyd))), 'requesterMayNot')
  assert.deepEqual((await request()).given, [])
})
