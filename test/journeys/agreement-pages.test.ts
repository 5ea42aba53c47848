/** One agreement at the officers' pages: read by many, changed by the liaison officer, form by form. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { waitFor } from '../../src/cli/story/story.ts'
import { startWorld } from '../support/demo.ts'
import { fill, formIn } from '../support/html-form.ts'
import { enterWorkspace } from '../support/page-hand.ts'

const world = await startWorld()
await world.begin().until('0.step-up')
const [{ id } = { id: '' }] = await world.hands.meridia.liaison.get<{ id: string }[]>('/agreements')
const node = world.node('meridia')
const liaison = await enterWorkspace(node, 'liaison')
const reviewer = await enterWorkspace(node, 'reviewer')
const page = `/en/officer/agreements/${id}`
const actPath = (name: string) => `${page}/acts/${name}`
const linksTo = (html: string, name: string) => html.includes(`href="${actPath(name)}"`)

async function send(name: string, given: Record<string, string | string[]>) {
  const { html, status } = await liaison.get(actPath(name))
  assert.equal(status, 200)
  const form = formIn(html, actPath(name))
  fill(form, given)
  return liaison.send(form)
}

test('the page shows words beside data, who signed, and what happened', async () => {
  const { status, html } = await liaison.get(page)
  assert.equal(status, 200)
  const { state } = await liaison.hand.get<{
    state: { document: { clauses: { id: string; kind: string; text: string }[] } }
  }>(`/agreements/${id}`)
  for (const { text, kind } of state.document.clauses) {
    assert.ok(html.includes(text.slice(0, 20)), text)
    assert.ok(html.includes(kind))
  }
  for (const words of ['Entered into force', 'Suspended', 'Resumed', 'What may happen next']) {
    assert.ok(html.includes(words), words)
  }
  assert.ok(linksTo(html, 'suspendAgreement') && linksTo(html, 'retireAgreement'))
  assert.ok(!linksTo(html, 'resumeAgreement'))
  assert.ok(html.includes('the party that suspended the agreement resumes it'))
})

test('a reviewer reads the same and finds no way to change it', async () => {
  const { status, html } = await reviewer.get(page)
  assert.equal(status, 200)
  assert.ok(!html.includes(`${page}/acts/`))
  const form = await reviewer.get(actPath('suspendAgreement'))
  assert.equal(form.status, 200)
  assert.ok(/<button[^>]*disabled/.test(form.html))
})

test('what is not there is not found', async () => {
  for (const path of [
    ...['/en/officer/agreements/nothing', '/en/officer/agreements/x/acts/suspendAgreement'],
    '/en/officer/agreements/01990000-0000-7000-8000-0000000000ee',
    actPath('explode'),
    actPath('constructor'),
  ]) {
    const { status } = await liaison.get(path)
    assert.ok(status === 404 || status === 400, `${path}: ${status}`)
  }
})

test('a suspension at the page: an empty form comes back, a whole one takes effect', async () => {
  const empty = await send('suspendAgreement', {})
  assert.equal(empty.status, 400)
  const past = await send('suspendAgreement', {
    ...{ code: 'breach', reason: 'A breach (invented).', reviewAt: '2020-01-01T09:00' },
  })
  assert.equal(past.status, 409, 'a review lies in the future')
  assert.ok(past.html.includes('a suspension needs a review in the future'))
  const done = await send('suspendAgreement', {
    ...{ code: 'breach', reason: 'A breach (invented).', reviewAt: '2099-01-01T09:00' },
  })
  assert.equal(done.location, page)
  const { html } = await liaison.get(page)
  assert.ok(html.includes('Nothing may leave under the agreement meanwhile.'))
  assert.ok(html.includes('A breach (invented).'))
  assert.ok(html.includes('agreement:reviewDateMissing'), 'the refused step is in the history')
  assert.equal((await send('resumeAgreement', { reason: 'Mended.' })).location, page)
})

test('an amendment at the page shows in plain words what it would change', async () => {
  const form = formIn((await liaison.get(actPath('offerText'))).html, actPath('offerText'))
  const { document } = await waitFor('the text', async () => {
    const read = await liaison.hand.get<{ state: { document: Record<string, unknown> } }>(
      `/agreements/${id}`,
    )
    return read.state
  })
  const next = { ...document, version: 2, title: 'Another title (fictional)' }
  fill(form, { document: JSON.stringify(next), reason: 'A better title.' })
  const done = await liaison.send(form)
  assert.equal(done.location, page, done.html)
  const { html } = await liaison.get(page)
  assert.ok(html.includes('What would change') && html.includes('Another title (fictional)'))
  assert.equal((await send('withdrawOffer', { reason: 'Not now.' })).location, page)
  assert.ok(!(await liaison.get(page)).html.includes('What would change'))
})

test('a draft is begun, commented on and dropped at the page', async () => {
  const at = '/en/officer/agreements/draft'
  const form = formIn((await liaison.get(at)).html, at)
  fill(form, {
    ...{ model: 'disclosure-ring', parties: ['albion.example'] },
    ...{ validFromAt: '2026-01-01T09:00', sunsetAt: '2099-01-01T09:00' },
  })
  const begun = await liaison.send(form)
  const draft = begun.location ?? ''
  assert.match(draft, /^\/en\/officer\/agreements\/[0-9a-f-]{36}$/, begun.html)
  for (const [name, given] of [
    ['commentOnDraft', { text: 'The dates are fine.' }],
    ['dropDraft', { reason: 'A drill.' }],
  ] as const) {
    const path = `${draft}/acts/${name}`
    const one = formIn((await liaison.get(path)).html, path)
    fill(one, given)
    assert.equal((await liaison.send(one)).location, draft)
  }
  const { html } = await liaison.get(draft)
  assert.ok(html.includes('The dates are fine.') && html.includes('Withdrawn'))
  const { html: list } = await liaison.get('/en/officer/agreements')
  assert.ok(list.includes(draft))
})

test('a text is written clause by clause, and offered with what it changes in plain words', async () => {
  const at = `${page}/text`
  const opened = await liaison.get(at)
  assert.equal(opened.status, 200)
  assert.ok(opened.html.includes('Nothing changes yet.'))
  const press = (html: string, pressed: string, given: Record<string, string> = {}) => {
    const form = formIn(html, at)
    const hidden = (name: string) => form.fields.get(name)?.values[0] ?? ''
    const fields = { document: hidden('document'), formToken: hidden('formToken') }
    const sent = Object.entries({ ...fields, ...given, do: pressed })
    return liaison.send({
      action: at,
      fields: new Map(
        sent.map(([name, value]) => [
          name,
          { kind: 'text', values: [value], offered: [] } as const,
        ]),
      ),
    })
  }
  assert.equal((await press(opened.html, 'explode')).status, 400)
  assert.equal((await press(opened.html, 'edit:0', { document: '{}' })).status, 400)
  const added = await press(opened.html, 'add', { kind: 'statement' })
  const own = { at: String(added.html.split('id="clause-').length - 2), id: '8.9' }
  assert.ok(added.html.includes('has no text'), 'what must be mended is said')
  assert.equal((await press(added.html, 'save', { ...own, text: '' })).status, 400)
  const saved = await press(added.html, 'save', { ...own, text: 'The parties meet (invented).' })
  assert.equal(saved.status, 200, saved.html)
  assert.ok(saved.html.includes('Clause 8.9 is new'), 'the change in plain words')
  assert.equal((await press(saved.html, 'send', { signWithinDays: '30' })).status, 400)
  const offer = { reason: 'Meetings were left open.', signWithinDays: '30' }
  assert.equal((await press(saved.html, 'send', offer)).location, page)
  assert.ok((await liaison.get(page)).html.includes('Clause 8.9 is new'))
  assert.equal((await send('withdrawOffer', { reason: 'Not now.' })).location, page)
})
