/**
 * Officers do the whole story at the pages of the workspace: every form is opened,
 * filled in with what it offers, and sent as a browser without scripts sends it.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { signInLink } from '../../src/cli/story/client.ts'
import { type Hands, memorised } from '../../src/cli/story/story.ts'
import { checkAccessibility, collectProblems, launchBrowser, newPage } from '../support/browser.ts'
import { caseAt, countEvents, startWorld } from '../support/demo.ts'
import { fill, formIn } from '../support/html-form.ts'
import { browserAt, enterWorkspace, type Workspace } from '../support/page-hand.ts'

const PEOPLE = {
  officer: 'case-officer-1',
  second: 'case-officer-2',
  liaison: 'liaison',
  reviewer: 'reviewer',
  oversight: 'oversight',
} as const

const world = await startWorld()
const desks = new Map<string, Workspace>()
for (const node of world.demo.nodes) {
  for (const key of [...Object.values(PEOPLE), 'administrator']) {
    desks.set(`${node.authority.database} ${key}`, await enterWorkspace(node, key))
  }
}

function desk(at: string, key: string): Workspace {
  const found = desks.get(`${at} ${key}`)
  assert.ok(found)
  return found
}

function handsAtPages(): Hands {
  const at = (place: string) => {
    const { post } = world.hands[place as 'meridia'].liaison
    const people = Object.entries(PEOPLE).map(([name, key]) => [name, desk(place, key).hand])
    const hands = Object.fromEntries(people)
    // Agreements are drafted elsewhere and offered over the interface; signing is at the page.
    const liaison = {
      ...hands['liaison'],
      post: (path: string, body: object) =>
        path === '/agreements' ? post(path, body) : hands['liaison'].post(path, body),
    }
    return { ...hands, liaison }
  }
  return { meridia: at('meridia'), albion: at('albion'), sierra: at('sierra') } as Hands
}

const story = world.begin()
await story.until('2.valid-too-early')
const openCase = caseAt(story.story, 'meridia')
const officer = desk('meridia', 'case-officer-1')
const casePath = `/en/officer/cases/${openCase}`

const telling = world.begin({ hands: handsAtPages() })
const told = telling.story

test('the whole story is told at the pages', async () => {
  await telling.toTheEnd()
  assert.ok(telling.results.length > 30)

  const id = caseAt(telling.story, 'meridia')
  const page = await officer.get(`/en/officer/cases/${id}`)
  assert.equal(page.status, 200)
  for (const text of ['Larkspur Holdings Ltd (invented)', 'Why?', 'Corrective order', 'Upheld']) {
    assert.ok(page.html.includes(text), `the case page shows ${text}`)
  }
  const whys = [...page.html.matchAll(/href="([^"]*\/why\/\d+)"/g)].map(([, path = '']) => path)
  assert.ok(new Set(whys).size > 10)
  for (const path of new Set(whys)) {
    const why = await officer.get(path)
    assert.equal(why.status, 200, path)
    assert.match(why.html, /comity-because--(permit|refuse)/, path)
  }
  const [receipt] = [...page.html.matchAll(/href="([^"]*\/receipts\/\d+)"/g)]
  assert.match((await officer.get(receipt?.[1] ?? '')).html, /^c2sp\.org\/tlog-proof@v1\n/)
  const [sealed] = [...page.html.matchAll(/href="([^"]*\/exhibits\/[^"/]+)" download>/g)]
  assert.match((await officer.get(sealed?.[1] ?? '')).html, /^age-encryption\.org\/v1\n/)
  const about = await officer.get(`${sealed?.[1]}/about`)
  assert.ok(page.html.includes(`href="${sealed?.[1]}/about"`), 'the name leads to its page')
  assert.deepEqual([about.status, /<h1/.test(about.html)], [200, true])
  for (const path of ['cases', 'intake', 'agreements', 'law', 'oversight']) {
    const { status } = await officer.get(`/en/officer/${path}`)
    assert.equal(status, 200, path)
  }
})

test('the affected person reads the review of the challenge and may challenge again, once', async () => {
  const visitor = browserAt(world.node('meridia'))
  const code = memorised(told.memory.noticeCode, 'a code')
  const enter = async () => {
    const form = formIn((await visitor.get('/en/notice')).html, '/en/notice')
    fill(form, { code })
    return visitor.send(form)
  }
  const notice = await enter()
  assert.equal(notice.status, 200)
  assert.match(notice.html, /An apology, and access to what was released/)
  assert.match(notice.html, /Albion Algorithm Inspectorate \(fictional\)/)
  const challenge = formIn(notice.html, '/notice/challenge')
  fill(challenge, { ground: 'no' })
  const short = await visitor.send(challenge)
  assert.equal(short.status, 400)
  assert.match(short.html, /href="#f-ground"/)
  fill(challenge, { ground: 'The apology does not say what was released.' })
  const challenged = await visitor.send(challenge)
  assert.equal(challenged.status, 201)
  assert.match(challenged.html, /Your challenge was received/)
  assert.equal((await visitor.send(challenge)).status, 409)
  assert.match((await enter()).html, /A challenge of this notice is being reviewed/)
})

test('the reporter sees that an officer has opened the report, and gets the sealed receipt', async () => {
  const visitor = browserAt(world.node('meridia'))
  const form = formIn((await visitor.get('/en/report/status')).html, '/report/status')
  fill(form, { code: memorised(told.memory.code, 'a code') })
  const status = await visitor.send(form)
  assert.equal(status.status, 200)
  assert.match(status.html, /An officer opened your report/)
  const file = await visitor.send(formIn(status.html, 'filing-sealed.json'))
  const { kind } = JSON.parse(file.html) as { kind: string }
  assert.equal(kind, 'filing-sealed')
})

test('without a session every page leads to the sign-in, which says so', async () => {
  const visitor = browserAt(world.node('meridia'))
  const pages = ['cases', 'intake', 'agreements', 'law', 'oversight', `cases/${openCase}`]
  for (const page of [...pages, `cases/${openCase}/acts/openHearing`]) {
    const answer = await visitor.get(`/en/officer/${page}`)
    assert.equal(answer.status, 303, page)
    assert.equal(answer.location, '/en/officer/sign-in')
  }
  assert.equal((await visitor.get('/en/officer/sign-in')).status, 401)
})

test('an administrator reads no case and sees why', async () => {
  const administrator = desk('meridia', 'administrator')
  for (const path of ['/en/officer/cases', casePath, `${casePath}/acts/openHearing`]) {
    const { status, html } = await administrator.get(path)
    assert.equal(status, 403, path)
    assert.match(html, /an administrator runs the node and reads no case/)
    assert.ok(!html.includes(story.story.report.answers['title'] ?? ''))
  }
})

test('a form that no page of the sign-in made is refused, and nothing happens', async () => {
  const before = await countEvents(world.database('meridia'))
  const act = `${casePath}/acts/nameOperator`
  const page = await officer.get(act)
  const input = { name: 'Larkspur Dialogue Ltd (invented)', role: 'provider', invented: 'true' }
  const forged = formIn(page.html, '/acts/nameOperator')
  fill(forged, { ...input, formToken: '0'.repeat(64) })
  const foreign = formIn((await desk('meridia', 'reviewer').get(act)).html, '/acts/nameOperator')
  fill(foreign, input)
  for (const form of [forged, foreign]) {
    const answer = await officer.send(form)
    assert.equal(answer.status, 403)
    assert.match(answer.html, /not-our-form/)
  }
  const good = formIn(page.html, '/acts/nameOperator')
  fill(good, input)
  const crossed = await officer.send(good, {
    origin: 'https://elsewhere.example',
    'sec-fetch-site': 'cross-site',
  })
  assert.equal(crossed.status, 403)
  assert.equal(await countEvents(world.database('meridia')), before)
})

test('a form with faults comes back with what was written and links to each field', async () => {
  const path = `${casePath}/acts/setEmbargoEnd`
  const form = formIn((await officer.get(path)).html, '/acts/setEmbargoEnd')
  fill(form, { until: '2026-02-30T10:00', ground: '<b>not markup</b>', justification: 'kept' })
  const answer = await officer.send(form)
  assert.equal(answer.status, 400)
  assert.match(answer.html, /<title>Error: /)
  assert.match(answer.html, /href="#f-until"/)
  assert.match(answer.html, /&lt;b&gt;not markup&lt;\/b&gt;/)
  assert.equal(
    formIn(answer.html, '/acts/setEmbargoEnd').fields.get('justification')?.values[0],
    'kept',
  )
})

test('a case that moved on under a form is shown again, and the form can be sent then', async () => {
  const path = `${casePath}/acts/refuseEmbargo`
  const early = formIn((await officer.get(path)).html, '/acts/refuseEmbargo')
  await officer.hand.do(openCase, 'assignTaxonomy', {
    terms: [{ scheme: 'ai-harm', id: 'eu-3-49-a' }],
  })
  fill(early, { ground: 'notSought', reason: 'Nobody asked for one.' })
  const answer = await officer.send(early)
  assert.equal(answer.status, 409)
  assert.match(answer.html, /case:version/)
  const again = await officer.send(formIn(answer.html, '/acts/refuseEmbargo'))
  assert.equal(again.status, 303)
})

test('what is not possible now is shown disabled, with the reason that the server gives', async () => {
  const { html } = await officer.get(casePath)
  for (const [act, rule] of [
    ['publishAdvisory', ''],
    ['approveMeasure', 'enforcement:secondOfficerRequired'],
    ['decideReview', 'role:decideReview'],
    // It needs a fresh proof as well, which can be had; a release that waits cannot.
    ['validateEmergency', 'emergency:open'],
  ] as const) {
    const off = new RegExp(`id="off-${act}"[\\s\\S]*?</div>`).exec(html)?.[0]
    const link = html.includes(`/acts/${act}"`)
    assert.equal(off === undefined, link, `${act} is either a link or off`)
    if (rule) assert.ok(off?.includes(rule), `${act} is off by ${rule}`)
  }
})

test('there is no page for what does not exist', async () => {
  for (const path of [
    '/en/officer/cases/0190a1b2-0000-7000-8000-000000000004',
    '/en/officer/cases/not-a-uuid',
    `${casePath}/acts/eraseEverything`,
    `${casePath}/acts/constructor`,
    `${casePath}/why/999999`,
    `${casePath}/receipts/0`,
    `${casePath}/receipts/1e3`,
    `${casePath}/exhibits/0190a1b2-0000-7000-8000-000000000004`,
    '/en/officer/intake/0190a1b2-0000-7000-8000-000000000004',
    '/en/officer/intake/..%2f..%2fetc%2fpasswd/report.age',
    '/en/officer/nothing',
  ]) {
    const { status, html } = await officer.get(path)
    assert.equal(status, 404, path)
    assert.match(html, /<h1/, path)
  }
})

test('the list of cases keeps its filter in the address', async () => {
  const title = story.story.report.answers['title'] ?? ''
  const query = (text: string) => `/en/officer/cases?${new URLSearchParams({ text })}`
  assert.ok((await officer.get(query(title.slice(0, 20)))).html.includes(openCase))
  const none = await officer.get(query('no case has this text <script>'))
  assert.ok(!none.html.includes(openCase))
  assert.ok(!none.html.includes('<script>\n') && none.html.includes('&lt;script&gt;'))
})

test('in a browser: an act by keyboard alone, and axe finds nothing', async () => {
  const browser = await launchBrowser()
  const { baseUrl } = world.node('meridia')
  try {
    const page = await newPage(browser)
    const problems = collectProblems(page)
    const link = await signInLink(world.node('meridia'), 'case-officer-1')
    await page.goto(`${baseUrl}/en/officer/sign-in/${link}`)
    await page.getByRole('button', { name: 'Sign in as' }).press('Enter')
    await page.waitForURL('**/officer/cases')
    assert.deepEqual(await checkAccessibility(page), [])
    await page.locator(`a[href="${casePath}"]`).press('Enter')
    await page.waitForURL(`**${casePath}`)
    assert.deepEqual(await checkAccessibility(page), [])
    await page.locator(`a[href="${casePath}/acts/recordFacts"]`).press('Enter')
    await page.getByRole('heading', { name: 'Record facts' }).waitFor()
    assert.deepEqual(await checkAccessibility(page), [])
    await page.locator('input[name="facts.offeredIn"][value="EU"]').press('Space')
    await page.locator('select[name="facts.isAiSystem"]').press('ArrowDown')
    await page.getByRole('button', { name: 'Save and record' }).press('Enter')
    await page
      .getByRole('status')
      .filter({ hasText: /Recorded:.*Record facts/ })
      .waitFor()
    for (const path of ['intake', 'agreements', 'law', 'oversight', `cases/${openCase}/package`]) {
      await page.goto(`${baseUrl}/en/officer/${path}`)
      assert.deepEqual(await checkAccessibility(page), [], path)
    }
    const { state } = await officer.hand.get<{ state: { law: { facts: object } } }>(
      `/cases/${openCase}`,
    )
    assert.deepEqual(state.law.facts, { offeredIn: ['EU'], isAiSystem: true })
    assert.deepEqual(problems, [])
  } finally {
    await browser.close()
  }
})
