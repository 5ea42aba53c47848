/**
 * Single parties of an agreement between real nodes: one joins with the others' consent as
 * the clause says, one leaves while the others go on, and what it owed it still owes.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DAY_MS } from '../../src/base/time.ts'
import type { AgreementDocument } from '../../src/core/agreement/document.ts'
import { caseAt, PLACES } from '../support/demo.ts'
import { done, NODE_OF, startThreeNodes, TESTED, whyNot } from '../support/three-nodes.ts'

const nodes = await startThreeNodes()
const { world, shown, act, sign, everywhere, inDays } = nodes
const telling = world.begin()
await telling.until('5.release')
const [{ id: ring } = { id: '' }] =
  await world.hands.meridia.liaison.get<{ id: string }[]>('/agreements')
const meridiaCase = caseAt(telling.story, 'meridia')
const release = (recipient: string) =>
  world.hands.meridia.officer.act(meridiaCase, 'releaseToPeer', {
    ...TESTED,
    recipient,
    categories: ['caseSummary'],
  })

type Duty = { readonly dutyId: string; readonly releaseId: string; readonly state: string }
const dutiesAt = async (place: 'meridia' | 'sierra', releaseId: string) =>
  (await world.hands[place].officer.get<Duty[]>('/duties')).filter(
    (row) => row.releaseId === releaseId,
  )

/** An agreement of Meridia and Albion in which silence lets others join after three days. */
async function agreementOfTwo(): Promise<string> {
  const { liaison } = world.hands.meridia
  const drafted = await liaison.post('/agreements/drafts', {
    ...{ model: 'disclosure-ring', title: 'Of two at first (fictional)' },
    parties: [NODE_OF.albion],
    ...{ validFromAt: await inDays(-1), sunsetAt: await inDays(300) },
  })
  assert.ok('done' in drafted, JSON.stringify(drafted))
  const id = drafted.done.streamId
  const { document } = (await shown('meridia', id)).state
  const clauses = document?.clauses.map((clause) =>
    clause.kind === 'membership' ? { ...clause, joining: 'silence', noticeDays: 3 } : clause,
  )
  done(await act('meridia', id, 'changeDraft', { document: { ...document, clauses } }))
  done(await act('meridia', id, 'offerDraft', { signWithinDays: 20 }))
  await everywhere('the offer', id, ({ phase }) => phase === 'offered', ['albion'])
  done(await sign('albion', id))
  await everywhere('the signature', id, ({ phase }) => phase === 'signing', ['meridia'])
  done(await sign('meridia', id))
  await everywhere('the agreement of two', id, ({ phase }) => phase === 'inForce', [
    'meridia',
    'albion',
  ])
  return id
}

test('a party leaves alone: its duties stay, nothing goes to it, and the others go on', async () => {
  const released = await release(NODE_OF.sierra)
  assert.ok('done' in released, JSON.stringify(released))
  const releaseId = released.done.result['releaseId'] as string
  const owed = await nodes.waitFor('the duties at Sierra', async () => {
    const duties = await dutiesAt('sierra', releaseId)
    return duties.length > 0 && duties
  })
  const early = { reason: 'The law has changed (invented).', endsAt: await inDays(59) }
  assert.equal(whyNot(await act('sierra', ring, 'leaveAgreement', early)), 'endTooSoon')
  await nodes.whileAway('albion', async () => {
    const notice = { ...early, endsAt: await inDays(61) }
    done(await act('sierra', ring, 'leaveAgreement', notice))
    assert.equal(whyNot(await act('sierra', ring, 'leaveAgreement', notice)), 'laterEnd')
  })
  await everywhere('the notice', ring, ({ departures }) => departures.length === 1)
  assert.ok('done' in (await release(NODE_OF.sierra)), 'until the notice ends it applies')
  await nodes.pass(62 * DAY_MS)
  assert.equal(whyNot(await release(NODE_OF.sierra)), 'recipientNotParty')
  await everywhere('the leaving', ring, ({ departures, phase }) => {
    return phase === 'inForce' && departures[0]?.hasLeft === true
  })
  assert.ok('done' in (await release(NODE_OF.albion)), 'the others go on')
  const text = { ...early, code: 'other', clauses: [], reviewAt: await inDays(9) }
  assert.equal(whyNot(await act('sierra', ring, 'suspendAgreement', text)), 'hasLeft')

  const after = await dutiesAt('sierra', releaseId)
  assert.deepEqual(
    after.map(({ dutyId }) => dutyId).toSorted(),
    owed.map(({ dutyId }) => dutyId).toSorted(),
  )
  const report = after.find(({ dutyId }) => dutyId === '7.4') ?? after[0]
  assert.ok(report)
  const theirs = caseAt(telling.story, 'sierra')
  const discharge = { releaseId, dutyId: '7.4', proof: 'It was used to warn schools (invented).' }
  await world.hands.sierra.officer.do(theirs, 'dischargeDuty', discharge)
  await nodes.waitFor('the discharge at Meridia', async () =>
    (await dutiesAt('meridia', releaseId)).some(
      ({ dutyId, state }) => dutyId === '7.4' && state === 'discharged',
    ),
  )
})

test('who left comes back by joining: it and all others sign', async () => {
  const input = { reason: 'It asked to come back (invented).', signWithinDays: 20 }
  const wrong = (joining: string) => act('meridia', ring, 'admitParty', { ...input, joining })
  assert.equal(whyNot(await wrong('nobody.example')), 'unknownPeer')
  assert.equal(whyNot(await wrong(NODE_OF.meridia)), 'unknownPeer')
  assert.equal(whyNot(await wrong(NODE_OF.albion)), 'partiesChanged')
  done(await act('albion', ring, 'admitParty', { ...input, joining: NODE_OF.sierra }))
  await everywhere('the text', ring, ({ texts }) => texts.length === 1)
  for (const place of PLACES) done(await sign(place, ring))
  await everywhere('version 2', ring, ({ document, departures, phase }) => {
    return document?.version === 2 && departures.length === 0 && phase === 'inForce'
  })
  assert.ok('done' in (await release(NODE_OF.sierra)), 'it is a party again')
})

test('a party joins while one that consents by silence was away; all hold the same text', async () => {
  const id = await agreementOfTwo()
  const known = await world.hands.sierra.liaison.get<{ id: string }[]>('/agreements')
  assert.ok(!known.some((row) => row.id === id))
  await nodes.whileAway('albion', async () => {
    done(
      await act('meridia', id, 'admitParty', {
        ...{ joining: NODE_OF.sierra, reason: 'It asked (invented).', signWithinDays: 20 },
      }),
    )
    await everywhere('the text', id, ({ phase }) => phase === 'offered', ['sierra'])
    done(await sign('sierra', id))
    const { state } = await shown('sierra', id)
    assert.equal(state.phase, 'signing')
  })
  await everywhere('the text', id, ({ texts }) => texts.length === 1, ['albion'])
  await nodes.pass(4 * DAY_MS)
  await everywhere('the agreement of three', id, ({ phase, document, texts }) => {
    const parties = document?.parties.map(({ node }) => node) ?? []
    return phase === 'inForce' && parties.includes(NODE_OF.sierra) && texts.length === 0
  })
  const texts = await Promise.all(PLACES.map(async (place) => (await shown(place, id)).state))
  assert.equal(new Set(texts.map(({ digest }) => digest)).size, 1)
  const [meridia] = texts
  const silent = (meridia?.signatures ?? []).filter(({ officer, party }) => officer === party)
  assert.deepEqual(
    silent.map(({ party }) => party).toSorted(),
    [NODE_OF.albion, NODE_OF.meridia],
    'who joins signs itself',
  )
  const { document } = texts[2] as { document: AgreementDocument }
  assert.ok(document.parties.every(({ messageKeys }) => messageKeys.length > 0))
})
