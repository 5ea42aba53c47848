/**
 * The lead of a case passes from one real node to another: offered by a release, accepted by
 * an officer there, told to the third. The new lead writes the embargo, the former one takes
 * part, and no byte of the report, its reporter or its mailbox came with the lead.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CaseState } from '../../src/core/case/case.ts'
import { caseAt, type Place } from '../support/demo.ts'
import { NODE_OF, startThreeNodes, TESTED } from '../support/three-nodes.ts'

const nodes = await startThreeNodes()
const { world, waitFor } = nodes
const telling = world.begin()
await telling.until('5.contact-refused')
const caseOf = (place: Place) => caseAt(telling.story, place)

const stateAt = async (place: Place) =>
  (await world.hands[place].officer.get<{ state: CaseState }>(`/cases/${caseOf(place)}`)).state
const until = (place: Place, what: string, holds: (state: CaseState) => boolean) =>
  waitFor(`${what} at ${place}`, async () => holds(await stateAt(place)))
const does = (place: Place, act: string, input: object) =>
  world.hands[place].officer.do(caseOf(place), act, input)

const { purpose: _, ...reasons } = TESTED
const offer = { peer: NODE_OF.albion, ...reasons }
const say = (answer: string) => ({ answer, reason: 'Canary reason: the vendor sits here.' })

/** Every text of what came in as the report, however deep, and the ids that lead to it. */
async function reportTexts(): Promise<readonly string[]> {
  const found = new Set<string>()
  const walk = (value: unknown): void => {
    if (typeof value === 'string' && value.length >= 12) found.add(value)
    else if (typeof value === 'object' && value !== null) Object.values(value).forEach(walk)
  }
  for (const { envelope } of await world.events('meridia')) {
    const { stream, event } = envelope as unknown as {
      readonly stream: string
      readonly event: { readonly type: string }
    }
    const isReport = /^(reportAdmitted|contactTakenOut|reporterWritten)$/.test(event.type)
    if (stream === caseOf('meridia') && isReport) walk(event)
  }
  return [...found]
}

const eventsAt = async (place: Place) =>
  (await world.events(place)).map(({ envelope }) => JSON.stringify(envelope))

test('an offer waits for an officer; a refusal leaves the lead where it is', async () => {
  const early = await world.hands.albion.officer.act(caseOf('albion'), 'answerLead', say('accept'))
  assert.ok('refused' in early && early.refused.why === 'nothingOffered')
  await does('meridia', 'offerLead', offer)
  await until('albion', 'the offer', ({ leadOffer }) => leadOffer?.from === NODE_OF.meridia)
  assert.equal((await stateAt('albion')).lead, NODE_OF.meridia)
  await does('albion', 'answerLead', say('refuse'))
  await until('meridia', 'the refusal', ({ leadOffer }) => leadOffer === null)
  assert.equal((await stateAt('meridia')).lead, NODE_OF.meridia)
})

test('with a yes the lead passes, all three say who leads, and nothing of the report came along', async () => {
  const texts = await reportTexts()
  assert.ok(texts.length >= 3, 'there is something to look for')
  const before = new Set(await eventsAt('albion'))
  await does('meridia', 'offerLead', offer)
  await until('albion', 'the offer', ({ leadOffer }) => leadOffer !== null)
  await does('albion', 'answerLead', say('accept'))
  for (const place of ['meridia', 'albion', 'sierra'] as const) {
    await until(place, 'the new lead', ({ lead }) => lead === NODE_OF.albion)
  }
  const came = (await eventsAt('albion')).filter((one) => !before.has(one))
  assert.ok(came.some((one) => one.includes('leadPassed')))
  for (const text of texts) {
    const found = came.filter((one) => one.includes(JSON.stringify(text).slice(1, -1)))
    assert.deepEqual(found, [], text)
  }
  const answered = (await eventsAt('meridia')).filter((one) => one.includes('Canary reason'))
  assert.deepEqual(answered, [], 'the reason of the answer stays with the one that answers')
})

test('the new lead writes the embargo, the former one is asked and answers', async () => {
  const refused = await world.hands.meridia.officer.act(caseOf('meridia'), 'recordSilence', {})
  assert.ok('refused' in refused && refused.refused.why === 'notTheLead')
  const end = { until: await nodes.inDays(40), zone: 'Europe/London' }
  await does('albion', 'proposeEmbargo', { participant: NODE_OF.albion, ...end })
  for (const place of ['meridia', 'sierra'] as const) {
    await until(place, 'the revision', ({ disclosure }) => disclosure.proposals.length > 0)
  }
  await does('meridia', 'answerInvitation', { answer: 'accept', reason: 'We agree (invented).' })
  const isYes = ({ disclosure }: CaseState) =>
    disclosure.terms?.until === end.until &&
    disclosure.participants.some(
      ({ id, consent }) => id === NODE_OF.meridia && consent === 'signatory',
    )
  await until('albion', 'the yes of the former lead', isYes)
  const input = { letter: 'A', evidence: 'Three providers show us logs (invented).' }
  await does('sierra', 'claimPublicFact', input)
  await until('albion', 'the claim', ({ disclosure }) => disclosure.claims.length === 1)
  assert.equal((await stateAt('meridia')).disclosure.claims.length, 0)
})
