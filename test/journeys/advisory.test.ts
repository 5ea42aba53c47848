/**
 * An advisory at the pages, from its draft to its withdrawal: drafted by one officer, published
 * by a second one, changed, withdrawn; the public page, the feed and the CSAF provider follow.
 */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { createMessage, readKey, readSignature, verify } from 'openpgp'
import { request, signInLink } from '../../src/cli/story/client.ts'
import { startWorld } from '../support/demo.ts'
import { fill, formIn } from '../support/html-form.ts'
import { inventedAvid } from '../support/invented-avid.ts'
import { enterWorkspace, proveAtPage, type Workspace } from '../support/page-hand.ts'

const world = await startWorld()
const node = world.node('meridia')
const officer = await enterWorkspace(node, 'case-officer-1')
const second = await enterWorkspace(node, 'case-officer-2')
const caseId = await openedCase()
const page = `/en/officer/cases/${caseId}`

async function openedCase(): Promise<string> {
  const link = await signInLink(node, 'case-officer-1')
  const { headers } = await request(node, 'POST', '/api/v1/sign-in', { link })
  const cookie = headers.getSetCookie()[0]?.split(';')[0] ?? ''
  const body = { title: 'An invented tutor', record: inventedAvid }
  const opened = await request(node, 'POST', '/api/v1/cases', body, { cookie })
  assert.equal(opened.status, 200)
  return ((await opened.json()) as { value: { streamId: string } }).value.streamId
}

const TEXT = {
  ...{ title: 'Tutor gives wrong doses (invented)', summary: 'It gives doses for adults.' },
  ...{ vendor: 'Thistledown Models (invented)', product: 'Thistledown Tutor (invented)' },
  ...{ status: 'known_affected', remediation: 'Switch it off.', severity: 'high', lang: 'en' },
}

/** Opens the form of an act at its page, fills it in and sends it. */
async function act(at: Workspace, name: string, values: Record<string, string>) {
  const form = formIn((await at.get(`${page}/acts/${name}`)).html, `/acts/${name}`)
  fill(form, values)
  const sent = await at.send(form)
  assert.ok(
    [200, 303].includes(sent.status),
    `${name}: ${sent.status} ${sent.html
      .replaceAll(/<[^>]*>/g, ' ')
      .replaceAll(/\s+/g, ' ')
      .slice(600, 2600)}`,
  )
}

async function approve(at: Workspace) {
  await proveAtPage(at)
  const form = formIn((await at.get(`${page}/access`)).html, '/approve')
  assert.equal((await at.send(form)).status, 303)
}

const get = async (path: string) => {
  const response = await fetch(node.baseUrl + path)
  return { status: response.status, text: await response.text() }
}

/** Pages are kept for seconds and files are signed by a job: waits for what must come. */
async function until<T>(what: string, look: () => Promise<T | undefined | false>): Promise<T> {
  const ends = Date.now() + 120_000
  while (Date.now() < ends) {
    const found = await look()
    if (found) return found
    await new Promise((resolve) => setTimeout(resolve, 300))
  }
  return assert.fail(`never came: ${what}`)
}

async function state() {
  return officer.hand.get<{
    state: {
      advisoryDrafts: { trackingId: string; draftedAs: number }[]
      publications: { trackingId: string; revisions: { kind: string }[] }[]
    }
  }>(`/cases/${caseId}`)
}

async function draftName(): Promise<string> {
  const [draft] = (await state()).state.advisoryDrafts
  assert.ok(draft)
  return `${draft.trackingId}@${draft.draftedAs}`
}

const publicPage = async (id: string) => (await get(`/en/advisories/${id}`)).text
const entries = async (feed: string) => {
  const { feed: said } = JSON.parse((await get(feed)).text) as {
    feed: { entry: { id: string; updated: string; link: { href: string; rel: string }[] }[] }
  }
  return said.entry
}
const FEED = '/.well-known/csaf/v2.1/feed-tlp-clear.json'

let trackingId = ''

test('one officer drafts, another one publishes, and only then it is public', async () => {
  await act(officer, 'draftAdvisory', {
    ...{ ...TEXT, change: 'first', changeSummary: 'First version.' },
  })
  const draft = await draftName()
  trackingId = draft.slice(0, draft.lastIndexOf('@'))
  await proveAtPage(officer)
  await act(officer, 'publishDraft', { draft })
  assert.deepEqual((await state()).state.publications, [], 'only proposed')
  assert.equal((await get(`/en/advisories/${trackingId}`)).status, 404)
  assert.deepEqual(await entries(FEED), [])
  await approve(second)
  const [published] = (await state()).state.publications
  assert.deepEqual([published?.trackingId, published?.revisions.length], [trackingId, 1])
})

test('its page names every file, and each has the digest and the signature that it says', async () => {
  const html = await until('the files of the advisory', async () => {
    const text = await publicPage(trackingId)
    return /csaf\/clear\/[^"]*-vex\.json"/.test(text) && text
  })
  const links = [...html.matchAll(/href="(\/csaf\/[^"]+\.json)"/g)].map(([, href = '']) => href)
  assert.equal(links.length, 4, links.join(' '))
  const [, keyAt = ''] = /href="(\/\.well-known\/csaf\/openpgp\/[^"]+)"/.exec(html) ?? []
  const verificationKeys = await readKey({ armoredKey: (await get(keyAt)).text })
  for (const href of links) {
    const { text } = await get(href)
    const sha256 = createHash('sha256').update(text).digest('hex')
    assert.ok(html.includes(sha256), `${href} has a digest on the page`)
    assert.match((await get(`${href}.sha256`)).text, new RegExp(`^${sha256} `))
    const signature = await readSignature({ armoredSignature: (await get(`${href}.asc`)).text })
    const message = await createMessage({ binary: new TextEncoder().encode(text) })
    const { signatures } = await verify({ message, signature, verificationKeys })
    assert.equal(await signatures[0]?.verified, true, href)
  }
  const ids = (await entries(FEED)).map(({ id }) => id).sort()
  assert.deepEqual(ids, [trackingId, `${trackingId}-VEX`])
  assert.match(
    (await get('/.well-known/csaf/provider-metadata.json')).text,
    /csaf_trusted_provider/,
  )
})

test('a new version takes two again, and page, feed and files show it', async () => {
  const before = await entries(FEED)
  await act(officer, 'draftAdvisory', {
    ...{ ...TEXT, trackingId, change: 'correction', changeSummary: 'The advice was too weak.' },
    remediation: 'Switch it off everywhere.',
  })
  await proveAtPage(officer)
  await act(officer, 'publishDraft', { draft: await draftName() })
  assert.doesNotMatch(await publicPage(trackingId), /everywhere/)
  await approve(second)
  await until('the second version on the page', async () =>
    (await publicPage(trackingId)).includes('Switch it off everywhere.'),
  )
  const changed = await until('the second version in the feed', async () => {
    const now = await entries(FEED)
    const own = now.find(({ id }) => id === trackingId)
    return own && own.updated !== before.find(({ id }) => id === trackingId)?.updated && own
  })
  const self = changed.link.find(({ rel }) => rel === 'self')?.href ?? ''
  const { document } = JSON.parse((await get(new URL(self).pathname)).text) as {
    document: { tracking: { version: string; revision_history: object[] } }
  }
  assert.deepEqual([document.tracking.version, document.tracking.revision_history.length], ['2', 2])
})

test('a withdrawal stays and says so', async () => {
  await proveAtPage(officer)
  await act(officer, 'withdrawPublication', { trackingId, changeSummary: 'The finding was wrong.' })
  await approve(second)
  await until('the withdrawal on the page', async () => {
    const text = await publicPage(trackingId)
    return text.includes('The finding was wrong.') && text.includes('no longer holds')
  })
  const category = await until('the withdrawn document', async () => {
    const own = (await entries(FEED)).find(({ id }) => id === trackingId)
    const self = own?.link.find(({ rel }) => rel === 'self')?.href ?? ''
    const { document } = JSON.parse((await get(new URL(self).pathname)).text) as {
      document: { category: string }
    }
    return document.category === 'csaf_withdrawn' && document.category
  })
  assert.equal(category, 'csaf_withdrawn')
  assert.match((await get('/advisories/feed.atom')).text, new RegExp(trackingId))
  const out = await officer.get(`${page}/records-out`)
  assert.match(out.html, /cve:stillHolds/)
})
