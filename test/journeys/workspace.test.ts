/**
 * Officers do the whole story at the pages of the workspace: every form is opened,
 * filled in with what it offers, and sent as a browser without scripts sends it.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Hands } from '../../src/cli/story/story.ts'
import { caseAt, startWorld } from '../support/demo.ts'
import { enterWorkspace, type Workspace } from '../support/page-hand.ts'

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

test('the whole story is told at the pages', async () => {
  const telling = world.begin({ hands: handsAtPages() })
  await telling.toTheEnd()
  assert.ok(telling.results.length > 30)

  const id = caseAt(telling.story, 'meridia')
  const officer = desk('meridia', 'case-officer-1')
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
  const [exhibit] = [...page.html.matchAll(/href="([^"]*\/exhibits\/[^"]+)"/g)]
  assert.match((await officer.get(exhibit?.[1] ?? '')).html, /^age-encryption\.org\/v1\n/)
  for (const path of ['cases', 'intake', 'agreements', 'law', 'oversight']) {
    const { status } = await officer.get(`/en/officer/${path}`)
    assert.equal(status, 200, path)
  }
})
