/**
 * How an agreement changes between three real nodes, and what does not count: notice in
 * which silence binds and an objection stops, a dispute that suspends its clause, two texts
 * with one number, a text with a rule that nobody understands, words that it does not know,
 * and a request that outlives it. What is refused is kept and said, and nothing leaves.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DAY_MS } from '../../src/base/time.ts'
import type { AgreementDocument, TransferInstrument } from '../../src/core/agreement/document.ts'
import { caseAt, PLACES, type Place } from '../support/demo.ts'
import { done, NODE_OF, startThreeNodes, TESTED, whyNot } from '../support/three-nodes.ts'

const nodes = await startThreeNodes()
const { world, shown, act, sign, everywhere, inDays, waitFor } = nodes
const telling = world.begin()
await telling.until('5.emergency')
const [{ id: ring } = { id: '' }] =
  await world.hands.meridia.liaison.get<{ id: string }[]>('/agreements')
const { officer } = world.hands.meridia
const caseOf = (place: Place) => caseAt(telling.story, place)

const release = (recipient: string, changes: object = {}) =>
  officer.act(caseOf('meridia'), 'releaseToPeer', {
    ...TESTED,
    recipient,
    categories: ['technicalFacts'],
    ...changes,
  })

async function textNow(): Promise<AgreementDocument> {
  const { document } = (await shown('meridia', ring)).state
  assert.ok(document)
  return document
}

async function offer(place: Place, changes: Partial<AgreementDocument>, rapid = false) {
  const current = (await shown(place, ring)).state
  const version = current.lastVersion + 1
  const document = { ...current.document, ...changes, version }
  const reason = 'It is better so (invented).'
  return act(place, ring, 'offerText', { document, reason, signWithinDays: 40, rapid })
}

/** Refused steps of the agreement and refused releases, as the history of a place keeps them. */
async function keptAt(place: Place, type: string): Promise<readonly Record<string, unknown>[]> {
  const events = (await world.events(place)).map(({ envelope }) => envelope.event)
  return events.filter((event) => event.type === type) as unknown as Record<string, unknown>[]
}

/** Releases that Meridia has sent or is about to send. */
async function leaving(): Promise<number> {
  const database = world.database('meridia')
  // In one statement: a message moves from one table to the other at any moment.
  const all = await database
    .selectFrom('fed_out')
    .select('header as text')
    .unionAll(database.selectFrom('fed_out_pending').select('draft as text'))
    .execute()
  return all.filter(({ text }) => JSON.parse(text).type === 'release').length
}

const toSierra: TransferInstrument = {
  ...{ from: 'EU', to: 'US-CA', simulated: true, authorisedOn: '2026-01-15' },
  ...{ kind: 'administrativeArrangement', authorisation: 'Fictional arrangement EU-US-CA 1' },
}
const personal = { categories: ['personalData'] }

test('silence through the notice binds a party that was away for most of it', async () => {
  const { transferInstruments, version } = await textNow()
  assert.equal(whyNot(await release(NODE_OF.sierra, personal)), 'noTransferInstrument')
  const widened = { transferInstruments: [...transferInstruments, toSierra] }
  const more = { ...widened, title: 'Another title (fictional)' }
  assert.equal(whyNot(await offer('meridia', more, true)), 'rapidNotAllowed')
  await nodes.whileAway('sierra', async () => {
    done(await offer('meridia', widened, true))
    done(await sign('meridia', ring))
  })
  await everywhere('the text', ring, ({ texts }) => texts[0]?.signatures.length === 1)
  await nodes.pass(13 * DAY_MS)
  for (const place of PLACES) {
    const { state } = await shown(place, ring)
    assert.equal(state.document?.version, version, 'the notice lasts fourteen days')
  }
  await nodes.pass(2 * DAY_MS)
  await everywhere('the next version', ring, (state) => state.document?.version === version + 1)
  const states = await Promise.all(PLACES.map(async (place) => (await shown(place, ring)).state))
  assert.equal(new Set(states.map(({ digest }) => digest)).size, 1)
  for (const { signatures } of states) {
    const silent = signatures.filter(({ officer: by, party }) => by === party)
    assert.deepEqual(silent.map(({ party }) => party).toSorted(), [NODE_OF.albion, NODE_OF.sierra])
  }
  assert.notEqual(whyNot(await release(NODE_OF.sierra, personal)), 'noTransferInstrument')
})

test('an objection stops a rapid amendment everywhere, also where it was not heard at once', async () => {
  const before = await textNow()
  const none = { reason: 'We object to nothing.' }
  assert.equal(whyNot(await act('albion', ring, 'objectToAmendment', none)), 'nothingOffered')
  done(await offer('meridia', { transferInstruments: [toSierra] }, true))
  done(await sign('meridia', ring))
  await everywhere('the text', ring, ({ texts }) => texts.length === 1)
  await nodes.whileAway('sierra', async () => {
    const reason = 'Our transfers would end (invented).'
    done(await act('albion', ring, 'objectToAmendment', { reason }))
  })
  await everywhere('the objection', ring, ({ texts }) => texts.length === 0)
  await nodes.pass(15 * DAY_MS)
  assert.equal(whyNot(await act('sierra', ring, 'objectToAmendment', none)), 'nothingOffered')
  for (const place of PLACES) {
    const { state } = await shown(place, ring)
    assert.deepEqual(state.document, before, place)
  }
})

test('a dispute suspends its clause at both sides, and its decision ends that', async () => {
  assert.ok('done' in (await release(NODE_OF.albion)))
  const open = { clause: '4.1', reason: 'We read it otherwise (invented).' }
  const wrong = { ...open, clause: '99.9' }
  assert.equal(whyNot(await act('albion', ring, 'openDispute', wrong)), 'unknownClause')
  await nodes.whileAway('sierra', async () => {
    done(await act('albion', ring, 'openDispute', open))
  })
  const isOpen = (resolved: boolean) => (state: Awaited<ReturnType<typeof shown>>['state']) =>
    state.disputes.some(({ clause, resolution }) => clause === '4.1' && !resolution !== resolved)
  await everywhere('the dispute', ring, isOpen(false))
  const before = await leaving()
  const refused = await release(NODE_OF.albion)
  assert.match(JSON.stringify(refused), /4\.1/)
  assert.equal(whyNot(refused), 'clauseNotInEffect')
  const there = await world.hands.albion.officer.act(caseOf('albion'), 'releaseToPeer', {
    ...{ ...TESTED, recipient: NODE_OF.meridia, categories: ['caseSummary'] },
  })
  assert.ok('refused' in there, 'nor does it permit at the other side')
  assert.equal(await leaving(), before)
  const { disputeId } = (await shown('albion', ring)).state.disputes.at(-1) as { disputeId: string }
  const end = { disputeId, outcome: 'settled', reason: 'The liaisons agree (invented).' }
  assert.equal(whyNot(await act('meridia', ring, 'resolveDispute', end)), 'onlyByOpener')
  const step = { disputeId, outcome: 'The liaisons met (invented).' }
  done(await act('albion', ring, 'recordDisputeStep', step))
  assert.ok('refused' in (await release(NODE_OF.albion)), 'a step does not end it')
  done(await act('albion', ring, 'resolveDispute', end))
  assert.ok('refused' in (await act('albion', ring, 'resolveDispute', end)))
  await everywhere('its end', ring, isOpen(true))
  assert.ok('done' in (await release(NODE_OF.albion)), 'it permits again')
})

test('an unknown purpose or category is refused with its name, kept, and nothing leaves', async () => {
  const before = await leaving()
  const kept = (await keptAt('meridia', 'releaseDecided')).length
  for (const [changes, why, named] of [
    [{ purpose: 'curiosity' }, 'purposeNotCovered', 'curiosity'],
    [{ categories: ['technicalFacts', 'dreams'] }, undefined, 'dreams'],
    [{ recipient: 'nobody.example' }, undefined, undefined],
  ] as const) {
    const answer = await release(NODE_OF.albion, changes)
    assert.ok('refused' in answer, JSON.stringify(changes))
    if (why) assert.equal(answer.refused.why, why)
    if (named) assert.match(JSON.stringify(answer), new RegExp(named))
  }
  assert.equal(await leaving(), before)
  const decided = (await keptAt('meridia', 'releaseDecided')).slice(kept)
  assert.equal(decided.length, 3)
  assert.ok(
    decided.every((one) => one['decision'] === 'refuse'),
    JSON.stringify(decided),
  )
})

test('two texts with one number, offered apart: one comes into force, the same everywhere', async () => {
  const { version } = await textNow()
  let comeBack = () => {}
  const gate = new Promise<void>((open) => {
    comeBack = open
  })
  let meridia: Promise<void> | undefined
  await nodes.whileAway('albion', async () => {
    done(await offer('meridia', { title: 'As Meridia would have it (fictional)' }))
    // Albion has not heard of it, and does not before it has offered its own.
    meridia = nodes.whileAway('meridia', () => gate)
  })
  done(await offer('albion', { title: 'As Albion would have it (fictional)' }))
  comeBack()
  await meridia
  await everywhere('both texts', ring, ({ texts }) => texts.length === 2)
  for (const place of PLACES) done(await sign(place, ring))
  await everywhere('one of them', ring, ({ document }) => document?.version !== version)
  const states = await Promise.all(PLACES.map(async (place) => (await shown(place, ring)).state))
  assert.equal(new Set(states.map(({ digest }) => digest)).size, 1)
  for (const { earlier, texts } of states) {
    assert.ok(earlier.every(({ document }) => document.version <= version))
    assert.deepEqual(texts, [])
  }
})

test('a text with a rule that nobody understands forbids, until it is gone', async () => {
  const { clauses } = await textNow()
  const withClause = (clause: object) =>
    ({ clauses: [...clauses, clause] }) as Partial<AgreementDocument>
  const moon = { id: '9.8', kind: 'requireMoonlight', text: 'Only at full moon (invented).' }
  const code = {
    ...{ id: '9.9', kind: 'handling', text: 'Handle it as H99 (invented).', tlp: 'AMBER' },
    ...{ categories: ['technicalFacts'], codes: ['H99'] },
  }
  const kept = (await keptAt('sierra', 'agreementStepRefused')).length
  const faulty = await offer('sierra', withClause(code))
  assert.equal(whyNot(faulty), 'documentFaulty')
  assert.match(JSON.stringify(faulty), /H99/)
  assert.equal((await keptAt('sierra', 'agreementStepRefused')).length, kept + 1)
  for (const [changes, isStrange] of [
    [withClause(moon), true],
    [{ clauses }, false],
  ] as const) {
    done(await offer('sierra', changes))
    await everywhere('the text', ring, ({ texts }) => texts.length === 1)
    for (const place of PLACES) done(await sign(place, ring))
    await everywhere('the new text in force', ring, ({ document, texts }) => {
      return texts.length === 0 && document?.clauses.some(({ id }) => id === moon.id) === isStrange
    })
    const before = await leaving()
    const answer = await release(NODE_OF.albion)
    if (!isStrange) {
      assert.ok('done' in answer, 'nothing is lost by it')
      continue
    }
    assert.equal(whyNot(answer), 'unknownConstraint')
    assert.match(JSON.stringify(answer), /9\.8/)
    assert.equal(await leaving(), before)
  }
})

test('a request that outlives its agreement goes nowhere, and the receipt says why', async () => {
  const endsAt = await inDays(5)
  const notice = { reason: 'The law has changed (invented).', endsAt }
  done(await act('sierra', ring, 'retireAgreement', notice))
  await everywhere('the notice', ring, ({ phase }) => phase === 'retiring')
  let requestId = ''
  const ask = {
    ...TESTED,
    requestedAuthority: NODE_OF.meridia,
    type: 'info',
    exhibitId: '01990000-0000-7000-8000-0000000000aa',
    power: 'Information power of the requesting authority (fictional).',
    classification: 'Suspected harm to the health of minors by an AI system.',
    provision: 'Model agreement, clause 1.1 (fictional).',
    facts: 'Accounts in our territory saw the same behaviour.',
    ownEnquiries: 'We asked the operator and got no transcript.',
    answerWithinDays: 30,
  }
  const { officer: asking } = world.hands.albion
  await nodes.whileAway('meridia', async (pass) => {
    const asked = await asking.do(caseOf('albion'), 'requestAssistance', ask)
    requestId = asked.result['requestId'] as string
    await pass(6 * DAY_MS)
  })
  await everywhere('the end', ring, ({ phase }) => phase === 'retired')
  const receipt = await waitFor('the receipt', async () => {
    const rows = await world
      .database('albion')
      .selectFrom('fed_out')
      .select(['header', 'decision', 'receipt'])
      .where('object_id', '=', caseOf('meridia'))
      .orderBy('epoch')
      .orderBy('seq')
      .execute()
    const ofIt = rows.findLast(({ header }) => JSON.parse(header).type === 'assistanceRequest')
    return ofIt?.decision ? ofIt : undefined
  })
  assert.equal(receipt.decision, 'rejected')
  // Who asked took its content back, or else who was asked turned it away.
  assert.match(receipt.receipt ?? '', /"reason":"(withheld|agreement|marking)"/)
  const late = await asking.act(caseOf('albion'), 'requestAssistance', ask)
  assert.ok('refused' in late)
  type Items = {
    readonly state: {
      readonly assistance: {
        readonly items: readonly { readonly request: { requestId: string } }[]
      }
    }
  }
  const here = await officer.get<Items>(`/cases/${caseOf('meridia')}`)
  assert.ok(!here.state.assistance.items.some(({ request }) => request.requestId === requestId))
  const there = await asking.get<Items>(`/cases/${caseOf('albion')}`)
  assert.ok(there.state.assistance.items.some(({ request }) => request.requestId === requestId))
})
