/**
 * Officers and peers who try more than they may: a copy that nobody reviewed, a
 * title that travels with an invitation, streams that are no cases, and more acts
 * at once than the node has connections.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Hand } from '../../src/cli/story/client.ts'
import { memorised } from '../../src/cli/story/story.ts'
import { caseAt, startWorld } from '../support/demo.ts'

const world = await startWorld()
const telling = world.begin()
await telling.until('6.answer')
const { story } = telling
const caseId = caseAt(story, 'meridia')
const { officer, reviewer } = world.hands.meridia

const REASONS = {
  legalBasis: 'Model agreement, clause 4.3 (fictional).',
  necessity: 'The transcript shows the behaviour that is examined.',
  proportionality: 'Only what was asked for is given.',
  nonDiscrimination: 'The choice depends on nothing personal.',
  leastIntrusive: 'Parts that are not needed are left out.',
  expression: 'It touches no press, union, protest, religion or politics.',
}

test('an approval is for the copy that was reviewed, not for a fuller one', async () => {
  const requestId = memorised(story.memory.requestId, 'a request')
  const { releaseId } = memorised(story.memory.answer, 'a prepared answer')
  const fuller = await officer.do(caseId, 'prepareAnswer', {
    requestId,
    exhibitId: memorised(story.memory.exhibitId, 'an exhibit'),
    redactions: [{ part: 0, reason: 'greeting' }],
    leftReason: 'The words that stay say who speaks, and name nobody.',
  })
  const answer = {
    requestId,
    exhibitId: String(fuller.result['exhibitId']),
    releaseId,
    codes: ['FUNDAMENTAL_RIGHT_MANIFEST'],
    reasons: 'A greeting is left out.',
    ...REASONS,
  }
  await officer.mustRefuse(caseId, 'answerAssistance', answer, 'reviewMissing')
})

test('an answer stops while hidden words can be read elsewhere in it, and leaves no copy', async () => {
  const before = await exhibitFiles()
  const input = {
    requestId: memorised(story.memory.requestId, 'a request'),
    exhibitId: memorised(story.memory.exhibitId, 'an exhibit'),
    redactions: [{ part: 0, reason: 'greeting' }],
  }
  for (const leftReason of [undefined, '', '   ']) {
    await officer.mustRefuse(caseId, 'prepareAnswer', { ...input, leftReason }, 'textLeft')
  }
  assert.deepEqual(await exhibitFiles(), before)
})

test('an exhibit of another case is not opened, and nothing is made of it', async () => {
  const before = await exhibitFiles()
  const input = {
    requestId: memorised(story.memory.requestId, 'a request'),
    exhibitId: '01890000-0000-7000-8000-000000000000',
    redactions: [{ part: 0, reason: 'greeting' }],
  }
  await officer.mustRefuse(caseId, 'prepareAnswer', input, 'unknownRequest')
  assert.deepEqual(await exhibitFiles(), before)
})

test('an invitation carries the permitted stub and nothing else of the case', async () => {
  const { state } = await officer.get<{ state: { title: string } }>(`/cases/${caseId}`)
  for (const at of ['albion', 'sierra'] as const) {
    const opened = (await world.events(at)).find(
      ({ kind, envelope }) => kind === 'case' && envelope.event.type === 'caseOpened',
    )
    assert.ok(opened)
    const { title } = opened.envelope.event as unknown as { title: string }
    assert.ok(title.includes('meridia.example'), title)
    assert.ok(!title.includes(state.title), `${at} got the title before any release`)
  }
})

test('a stream that is no case is not read as one', async () => {
  const streams = await world.database('meridia').selectFrom('stream').selectAll().execute()
  const others = streams.filter(({ kind }) => kind !== 'case')
  assert.ok(others.length >= 3)
  for (const { id } of others) {
    for (const path of ['', '/timeline', '/receipts/1', '/openings/1']) {
      const asked = reviewer.bytes('GET', `/cases/${id}${path}`)
      await assert.rejects(asked, /: 40[04] /, path)
    }
  }
})

test('more acts at once than connections do not stop the node', async () => {
  const input = {
    recipient: 'albion.example',
    purpose: 'investigation',
    categories: ['reporterContact'],
    ...REASONS,
  }
  const all = Promise.all(Array.from({ length: 24 }, () => act(officer, 'releaseToPeer', input)))
  const late = new Promise<never>((_, reject) => {
    setTimeout(() => reject(new Error('the node hangs')), 120_000).unref()
  })
  const answers = await Promise.race([all, late])
  assert.ok(answers.every((answer) => 'refused' in answer))
})

test('an advisory says neither that somebody reported nor what they pointed at', async () => {
  await telling.until('8.challenge')
  await telling.step('9.embargo-ends')
  await telling.step('9.advisory')
  const { filingId = '' } = story.memory
  assert.match(filingId, /^[0-9a-f-]{36}$/)
  const [row] = await world.database('meridia').selectFrom('p_publication').selectAll().execute()
  const text = JSON.stringify(row?.document)
  assert.ok(text.includes('csaf_version'))
  assert.ok(!text.includes(filingId))
  assert.ok(!text.includes('portal'))
})

const act = (hand: Hand, name: string, input: object) => hand.act(caseId, name, input)

function exhibitFiles() {
  return world
    .database('meridia')
    .selectFrom('exhibit_blob')
    .select('exhibit_id')
    .orderBy('exhibit_id')
    .execute()
}
