/**
 * A restricted case on a running node: who is let in, what lists show, and that
 * opening it again takes a second person.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { caseAt, startWorld } from '../support/demo.ts'
import { formIn } from '../support/html-form.ts'
import { enterWorkspace } from '../support/page-hand.ts'

const world = await startWorld()
const telling = world.begin()
await telling.until('3.competence')
const caseId = caseAt(telling.story, 'meridia')
const page = `/en/officer/cases/${caseId}`
const at = (key: string) => enterWorkspace(world.node('meridia'), key)
const officer = await at('case-officer-1')
const second = await at('case-officer-2')
const oversight = await at('oversight')
const administrator = await at('administrator')

test('a restricted case is shown to those assigned and to oversight, and to nobody else', async () => {
  assert.ok((await second.get(page)).status === 200, 'open before')
  await world.hands.meridia.officer.post(`/cases/${caseId}/acts/classifyCase`, {
    classification: 'restricted',
    reason: 'a witness could be hurt',
  })
  assert.equal((await officer.get(page)).status, 200, 'who restricts it is assigned to it')
  assert.equal((await oversight.get(page)).status, 200)
  const shut = await second.get(page)
  assert.equal(shut.status, 403)
  assert.match(shut.html, /restricted/)
  for (const path of ['/access', '/work', '/package', '/acts/recordFacts', '/receipts/1']) {
    assert.ok([403, 404].includes((await second.get(page + path)).status), path)
  }
  assert.ok((await officer.get('/en/officer/cases')).html.includes(caseId))
  assert.ok(!(await second.get('/en/officer/cases')).html.includes(caseId), 'not in the list')
  assert.equal((await administrator.get(`${page}/access`)).status, 403)
  assert.equal((await administrator.get('/en/officer/what-i-may-do')).status, 200)
})

test('opening it again waits for a second person, who is never the first', async () => {
  await world.hands.meridia.officer.post(`/cases/${caseId}/acts/classifyCase`, {
    classification: 'open',
    reason: 'the witness is safe',
  })
  assert.equal((await second.get(page)).status, 403, 'only proposed')
  const own = (await officer.get(`${page}/access`)).html
  assert.doesNotMatch(own, /action="[^"]*\/approve"/)
  assert.match(own, /action="[^"]*\/withdraw"/)
  const { html } = await oversight.get(`${page}/access`)
  const answer = await oversight.send(formIn(html, '/approve'))
  assert.equal(answer.status, 303)
  assert.equal((await second.get(page)).status, 200, 'open again')
})
