/**
 * A restricted and then a confidential case on a running node: who is let in, what lists
 * show, what takes a second person, and that the pages about it tell the truth.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { caseAt, startWorld } from '../support/demo.ts'
import { fill, formIn } from '../support/html-form.ts'
import { enterWorkspace, proveAtPage } from '../support/page-hand.ts'

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

test('who reported is for the two who took it out: the page, the sealed file and each step', async () => {
  const liaison = await at('liaison')
  for (const one of [officer, liaison]) {
    assert.ok((await one.get(page)).html.includes(`${page}/contact"`), 'the case links to it')
    const { status, html } = await one.get(`${page}/contact`)
    assert.equal(status, 200)
    const form = formIn(html, '/contact.age')
    const shut = await one.send(form)
    if (shut.status !== 200) {
      assert.equal(shut.status, 403)
      await proveAtPage(one)
    }
    const sent = await one.send(form)
    assert.equal(sent.status, 200)
    assert.match(Buffer.from(sent.bytes).toString('latin1'), /^age-encryption\.org\/v1\n/)
  }
  for (const one of [second, oversight, administrator]) {
    assert.ok(!(await one.get(page)).html.includes(`${page}/contact"`))
    assert.ok([403, 404].includes((await one.get(`${page}/contact`)).status))
  }
  const steps = (await world.events('meridia'))
    .map(({ envelope }) => envelope.event as { readonly type: string; readonly step?: string })
    .filter(({ type }) => type === 'contactHandled')
  assert.deepEqual(
    steps.map(({ step }) => step),
    ['fetched', 'fetched'],
  )
})

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

const everybody = { 'case-officer-1': officer, 'case-officer-2': second, oversight, administrator }
type Key = keyof typeof everybody
const me = async (key: Key): Promise<{ id: string; name: string }> =>
  JSON.parse((await everybody[key].get('/api/v1/me')).html)

/** What the case's page about access says of each person. */
async function whoSees(reader: typeof officer): Promise<(key: Key) => Promise<string>> {
  const { html } = await reader.get(`${page}/access`)
  const rows = html.matchAll(
    /<bdi>([^<]+)<\/bdi> <span class="comity-rule">[\s\S]*?<strong>([^<]+)</g,
  )
  const said = new Map([...rows].map(([, name = '', word = '']) => [name, word]))
  return async (key) => said.get((await me(key)).name) ?? assert.fail(`no row for ${key}`)
}

/** What the page says about each person is what that person meets. */
async function pagesTellTheTruth(): Promise<void> {
  const said = await whoSees(oversight)
  for (const key of Object.keys(everybody) as Key[]) {
    const isOpen = (await everybody[key].get(page)).status === 200
    assert.equal(await said(key), isOpen ? 'Sees the case' : 'Sees nothing', key)
  }
}

test('one person lets nobody into a confidential case, and the pages say so', async () => {
  await world.hands.meridia.officer.post(`/cases/${caseId}/acts/classifyCase`, {
    classification: 'confidential',
    reason: 'a witness is threatened',
  })
  await pagesTellTheTruth()
  const { html } = await officer.get(`${page}/acts/assignOfficer`)
  assert.match(html, /One person only proposes this/)
  assert.match(html, /fourEyes:confidential/)
  const form = formIn(html, '/acts/assignOfficer')
  fill(form, { officer: (await me('case-officer-2')).id, reason: 'she knows the system' })
  const sent = await officer.send(form)
  assert.equal(sent.status, 303)
  assert.match(sent.location ?? '', /\/access#proposals$/)
  assert.match((await officer.get(`${page}/access`)).html, /fourEyes:confidential/)
  assert.equal((await second.get(page)).status, 403, 'only proposed')
  await pagesTellTheTruth()
})

test('what waits for a second person stands in the work of whoever could be it', async () => {
  const mine = async (hand: typeof officer) => (await hand.get('/en/officer/my-work')).html
  const place = `${page}/access#proposals`
  const html = await mine(oversight)
  assert.ok(html.includes(place), 'with a way to it')
  assert.match(html, /Assign an officer/)
  for (const hand of [officer, second]) assert.ok(!(await mine(hand)).includes(place))
})

test('a second person lets in, and what the newcomer may do is what the page says', async () => {
  const { html } = await oversight.get(`${page}/access`)
  assert.equal((await oversight.send(formIn(html, '/approve'))).status, 303)
  assert.equal((await second.get(page)).status, 200)
  await pagesTellTheTruth()
  const own = (await second.get(`${page}/access`)).html
  const may = [...own.matchAll(/href="[^"]*\/acts\/(\w+)"/g)].map(([, act = '']) => act)
  assert.ok(may.includes('assignOfficer') && !may.includes('decideReview'))
  for (const act of [
    'assignOfficer',
    'classifyCase',
    'admitPerson',
    'admitGuest',
    'decideReview',
  ]) {
    const { html: form } = await second.get(`${page}/acts/${act}`)
    assert.equal(!/<button[^>]*\bdisabled\b/.test(form), may.includes(act), act)
  }
})

type Waiting = { readonly proposalId: string; readonly act: string; readonly digest: string }

test('programs list, reject and withdraw proposals, and approve only what they were shown', async () => {
  const { officer: first, oversight: other } = world.hands.meridia
  const opening = { classification: 'open', reason: 'the danger is over' }
  const propose = async (): Promise<Waiting> => {
    await first.post(`/cases/${caseId}/acts/classifyCase`, opening)
    const open = await other.get<Waiting[]>(`/cases/${caseId}/proposals`)
    return open[0] ?? assert.fail('nothing waits')
  }
  const answer = (hand: typeof first, { proposalId }: Waiting, how: string, body: object = {}) =>
    hand.post(`/cases/${caseId}/proposals/${proposalId}/${how}`, body)
  const whyOf = async (answered: ReturnType<typeof answer>) => {
    const got = await answered
    return 'refused' in got ? got.refused.why : 'permit'
  }
  const one = await propose()
  const waits = await other.get<Waiting[]>('/proposals')
  assert.deepEqual(
    waits.map(({ proposalId, act }) => ({ proposalId, act })),
    [{ proposalId: one.proposalId, act: 'classifyCase' }],
  )
  assert.deepEqual(await first.get<Waiting[]>('/proposals'), [], 'not whoever proposed it')
  const { digest } = one
  assert.equal(await whyOf(answer(first, one, 'approve', { digest })), 'samePerson')
  const forged = { digest: '0'.repeat(64) }
  assert.equal(await whyOf(answer(other, one, 'approve', forged)), 'otherContent')
  assert.equal(await whyOf(answer(other, one, 'withdraw')), 'notTheProposer')
  assert.equal(await whyOf(answer(first, one, 'reject', { reason: 'mine' })), 'samePerson')
  assert.equal(await whyOf(answer(other, one, 'reject', { reason: 'not yet' })), 'permit')
  const two = await propose()
  assert.equal(await whyOf(answer(first, two, 'withdraw')), 'permit')
  assert.equal(await whyOf(answer(other, two, 'approve', { digest })), 'alreadyAnswered')
  const three = await propose()
  assert.equal(await whyOf(answer(other, three, 'approve', { digest })), 'permit')
  assert.deepEqual(await other.get<Waiting[]>('/proposals'), [])
})
