import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type PublicTextEntry, type PublicTextFeed, publicTextFeed } from './public-text-feed.ts'

const entry = (over: Partial<PublicTextEntry> = {}): PublicTextEntry => ({
  id: 'MER-2026-0004',
  title: 'Unsafe <advice> & more',
  lang: 'fr',
  publishedAt: '2026-12-06T09:00:00.000Z',
  updatedAt: '2026-12-06T09:00:00.000Z',
  summary: 'First version.',
  ...over,
})
const feed = (
  entries: readonly PublicTextEntry[],
  kind: PublicTextFeed['kind'] = 'advisory',
): string =>
  publicTextFeed({
    kind,
    node: 'meridia.example',
    authority: 'Meridia "Authority"',
    address: 'https://meridia.example',
    now: '2026-11-22T00:00:00.000Z',
    entries,
  })
const valuesOf = (xml: string, name: string) =>
  [...xml.matchAll(new RegExp(`<${name}(?: [^>]*)?>([^<]*)</${name}>`, 'g'))].map(
    ([, text]) => text,
  )

test('a feed and each entry have what RFC 4287 asks for, once', () => {
  const xml = feed([entry(), entry({ id: 'B' })])
  const [head = '', ...entries] = xml.split('<entry ')
  assert.equal(entries.length, 2)
  for (const part of [head, ...entries]) {
    for (const name of ['id', 'title', 'updated']) {
      assert.equal(valuesOf(part, name).length, 1, name)
    }
  }
  assert.deepEqual(valuesOf(head, 'name'), ['Meridia &quot;Authority&quot;'])
  assert.match(head, /rel="self" [^>]*href="https:\/\/meridia.example\/advisories\/feed.atom"/)
})

test('an entry keeps its id through its versions, and comes first when it changes', () => {
  const before = feed([entry(), entry({ id: 'B', updatedAt: '2026-12-07T00:00:00.000Z' })])
  const after = feed([
    entry({ updatedAt: '2026-12-08T00:00:00.000Z', summary: 'Corrected.' }),
    entry({ id: 'B', updatedAt: '2026-12-07T00:00:00.000Z' }),
  ])
  const tag = 'tag:meridia.example,2026:advisories'
  assert.deepEqual(valuesOf(before, 'id'), [tag, `${tag}:B`, `${tag}:MER-2026-0004`])
  assert.deepEqual(valuesOf(after, 'id'), [tag, `${tag}:MER-2026-0004`, `${tag}:B`])
  assert.equal(valuesOf(after, 'updated')[0], '2026-12-08T00:00:00.000Z')
  assert.equal(valuesOf(after, 'published')[0], '2026-12-06T09:00:00.000Z')
})

test('an empty feed says when it was made; notices have a feed of their own', () => {
  assert.deepEqual(valuesOf(feed([]), 'updated'), ['2026-11-22T00:00:00.000Z'])
  const xml = feed([entry({ id: 'N 1/<' })], 'safetyNotice')
  assert.match(xml, /href="https:\/\/meridia.example\/en\/safety-notices\/N%201%2F%3C"/)
  assert.match(xml, /tag:meridia.example,2026:safety-notices:N%201%2F%3C</)
})

test('markup in a text stays text', () => {
  const xml = feed([entry({ title: '</title><script>', summary: 'a\u0000b & c', lang: 'x" y="z' })])
  assert.ok(xml.includes('&lt;/title&gt;&lt;script&gt;'))
  assert.ok(xml.includes('<summary>ab &amp; c</summary>'))
  assert.ok(xml.includes('xml:lang="x&quot; y=&quot;z"'))
})
