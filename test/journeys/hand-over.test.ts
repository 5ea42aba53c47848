/**
 * A release for a counterpart without a node: decided as any release, handed over as
 * a package that `comity verify` checks, acknowledged by hand. On a real node with
 * its log and witnesses.
 */
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { utf8 } from '../../src/base/bytes.ts'
import { waitFor } from '../../src/cli/story/story.ts'
import { verifyCommand } from '../../src/cli/verify.ts'
import { readTar, writeTar } from '../../src/wire/package/tar.ts'
import { caseAt, startWorld } from '../support/demo.ts'
import { enterWorkspace } from '../support/page-hand.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const world = await startWorld()
const telling = world.begin()
await telling.until('2.valid-too-early')
const node = world.node('meridia')
const { officer } = world.hands.meridia
const desk = await enterWorkspace(node, 'case-officer-1')
const folder = temporaryFolder()
const reasons = {
  legalBasis: 'Invented Act on Automated Systems, art. 5',
  necessity: 'They must know of it to protect people there.',
  proportionality: 'Only a summary leaves, nothing else of the case.',
  nonDiscrimination: 'It concerns no person and no group of persons.',
  leastIntrusive: 'Nothing less would let them act in time there.',
  expression: 'It touches no press, union, protest, religion or politics.',
}
const draft = { purpose: 'investigation', categories: ['caseSummary'], ...reasons }

async function newCase(): Promise<string> {
  const opened = (await officer.post('/cases', {
    title: 'Larkspur by hand <script>',
    answers: { title: 'x', whatHappened: 'It said so.', isPublic: 'no', language: 'en' },
  })) as { done?: { streamId: string } }
  assert.ok(opened.done, JSON.stringify(opened))
  return opened.done.streamId
}

async function verify(name: string, bytes: Uint8Array) {
  const file = join(folder, name)
  writeFileSync(file, bytes)
  const said: string[] = []
  const out = { write: (text: string) => said.push(text) }
  const code = await verifyCommand([file, '--policy', world.demo.policyFile], out, out)
  return { code, said: said.join('') }
}

test('a release is decided, packed, verified offline, and acknowledged once', async () => {
  const caseId = await newCase()
  await officer.mustRefuse(
    caseId,
    'releaseByHand',
    { ...draft, recipient: 'nobody.example' },
    'agreementNotInForce',
  )
  await officer.mustRefuse(
    caseId,
    'releaseByHand',
    { ...draft, recipient: 'albion.example', categories: ['reporterContact'] },
    'categoryNotReleasable',
  )
  const released = await officer.do(caseId, 'releaseByHand', {
    ...draft,
    recipient: 'albion.example',
  })
  const { releaseId } = released.result as { releaseId: string }
  const key = { recipientKey: `age1${'q'.repeat(58)}` }
  await officer.mustRefuse(caseId, 'makeHandOver', { releaseId, ...key }, 'noFileReleased')
  const handOverId = await waitFor('the sealed receipt', async () => {
    const answer = await officer.act(caseId, 'makeHandOver', { releaseId })
    if ('done' in answer) return (answer.done.result as { handOverId: string }).handOverId
    assert.equal(answer.refused.why, 'receiptNotSealed')
    return undefined
  })
  await officer.mustRefuse(caseId, 'makeHandOver', { releaseId }, 'nothingToHandOver')
  const place = `/en/officer/cases/${caseId}/hand-overs/${handOverId}`
  const { bytes, status } = await desk.get(place)
  assert.equal(status, 200)

  const sound = await verify('sound.tar', bytes)
  assert.equal(sound.code, 0, sound.said)
  assert.match(sound.said, /permit to albion\.example: caseSummary/)
  const files = new Map(readTar(bytes))
  const page = Buffer.from(files.get('release.html') ?? []).toString()
  assert.ok(page.includes('Larkspur by hand &lt;script&gt;') && !page.includes('<script>'))

  const release = Buffer.from(files.get('release.json') ?? []).toString()
  for (const [name, changed] of [
    ['page', ['release.html', page.replace('albion.example', 'sierra.example')]],
    ['view', ['release.json', release.replace('Larkspur by hand', 'Nothing by hand')]],
    ['recipient', ['release.json', release.replaceAll('albion.example', 'sierra.example')]],
    ['purpose', ['release.json', release.replace('"purpose":"investigation"', '"purpose":"x"')]],
  ] as const) {
    const spoilt = new Map(files).set(changed[0], utf8(changed[1]))
    const { code, said } = await verify(`${name}.tar`, writeTar(spoilt))
    assert.equal(code, 1, `${name}: ${said}`)
  }
  for (const name of ['release.json', 'release.html']) {
    const { code } = await verify(
      `no-${name}.tar`,
      writeTar(new Map([...files].filter(([path]) => path !== name))),
    )
    assert.notEqual(code, 0)
  }
  const flipped = bytes.slice()
  // In the release itself: the policy beside it is a copy, and a reader brings their own.
  const inRelease = Buffer.from(bytes).indexOf(release) + 1000
  flipped[inRelease] = (flipped[inRelease] ?? 0) + 1
  assert.notEqual((await verify('flipped.tar', flipped)).code, 0)

  const today = new Date(JSON.parse(release).envelope.at as string).toISOString().slice(0, 10)
  const receipt = {
    handOverId,
    receivedOn: today,
    form: 'typed',
    name: 'Canary Person (invented)',
    acknowledgement: 'Received with thanks.',
  }
  for (const receivedOn of ['2001-01-01', '2999-01-01']) {
    await officer.mustRefuse(caseId, 'recordHandOver', { ...receipt, receivedOn }, 'dateImpossible')
  }
  await officer.do(caseId, 'recordHandOver', receipt)
  await officer.mustRefuse(caseId, 'recordHandOver', receipt, 'nothingHandedOver')
  const events = (await world.events('meridia')).map(({ envelope }) => JSON.stringify(envelope))
  assert.ok(events.some((text) => text.includes('handOverReceived')))
  assert.ok(!events.some((text) => text.includes('Canary Person')), 'the name is kept apart')
  assert.match((await desk.get(`/en/officer/cases/${caseId}/tasks`)).html, /Acknowledged/)
  assert.ok(readFileSync(world.demo.policyFile).length > 0)
})

test('what was released by hand to nobody of the disclosure is no vulnerability report', async () => {
  const developer = 'Larkspur Dialogue Ltd (invented)'
  const opened = (await officer.post('/cases', {
    title: 'Larkspur by report',
    answers: {
      ...{ title: 'x', whatHappened: 'It said so.', isPublic: 'no', language: 'en' },
      ...{ developer, systemName: 'Larkspur Companion' },
    },
  })) as { done?: { streamId: string } }
  const caseId = opened.done?.streamId ?? assert.fail(JSON.stringify(opened))
  const asked = { ...draft, categories: ['technicalFacts'], recipient: 'albion.example' }
  const { result } = await officer.do(caseId, 'releaseByHand', asked)
  const { releaseId } = result as { releaseId: string }
  const place = `/en/officer/cases/${caseId}/releases/${releaseId}/vulnerability-report`
  const work = await desk.get(`/en/officer/cases/${caseId}/tasks`)
  assert.match(work.html, /csaf:report:participant/)
  assert.ok(!work.html.includes(place), 'no link where there is no report')
  assert.equal((await desk.get(place)).status, 409)
  assert.equal((await desk.get(place.replace(releaseId, 'none'))).status, 404)
})

test('a participant that accepted the embargo gets what was released as such a report', async () => {
  await telling.until('5.emergency')
  const caseId = caseAt(telling.story, 'meridia')
  const work = await desk.get(`/en/officer/cases/${caseId}/tasks`)
  const places = [...work.html.matchAll(/href="([^"]*\/vulnerability-report)"/g)]
  const place = places[0]?.[1] ?? assert.fail('there is a report')
  const { status, html } = await desk.get(place)
  assert.equal(status, 200)
  const { document } = JSON.parse(html)
  assert.equal(document.category, 'csaf_vulnerability_report')
  type Answer = { readonly value: { readonly document: { readonly document: object } } }
  const { value } = await officer.get<Answer>(place.replace('/en/officer', ''))
  assert.deepEqual(value.document.document, document, 'the interface says the same')
})
