import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type LawFeed, type LawFeedEntry, lawFeed } from './law-feed.ts'
import { escapeXml } from './xml.ts'

const entry = (over: Partial<LawFeedEntry> = {}): LawFeedEntry => ({
  kind: 'version',
  pack: 'law.zz',
  name: 'Zedland (invented)',
  version: '0.1.0',
  digest: 'ab'.repeat(32),
  at: '2026-01-01T00:00:00.000Z',
  summary: 'The first version here.',
  ...over,
})
const feed = (...entries: LawFeedEntry[]): LawFeed => ({
  node: 'meridia.example',
  authority: 'Meridia <Authority> & "Co"',
  address: 'https://meridia.example',
  now: '2026-11-22T00:00:00.000Z',
  entries,
})

/** Element names with their text, of XML in which nothing is nested in text. */
const valuesOf = (xml: string, name: string) =>
  [...xml.matchAll(new RegExp(`<${name}(?: [^>]*)?>([^<]*)</${name}>`, 'g'))].map(
    ([, text]) => text,
  )

test('what RFC 4287 asks of a feed and of each entry is there, once', () => {
  const xml = lawFeed(feed(entry(), entry({ kind: 'signed', at: '2026-03-01T10:00:00.000Z' })))
  const [head = '', ...entries] = xml.split('<entry>')
  assert.equal(entries.length, 2)
  for (const part of [head, ...entries]) {
    for (const name of ['id', 'title', 'updated'])
      assert.equal(valuesOf(part, name).length, 1, name)
    for (const at of valuesOf(part, 'updated')) {
      assert.match(at ?? '', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/)
    }
  }
  assert.deepEqual(valuesOf(head, 'name'), ['Meridia &lt;Authority&gt; &amp; &quot;Co&quot;'])
  assert.match(
    head,
    /<link rel="self" type="application\/atom\+xml" href="https:\/\/meridia\.example\/law\/feed\.atom"\/>/,
  )
  assert.deepEqual(valuesOf(head, 'updated'), ['2026-03-01T10:00:00.000Z'])
  const ids = valuesOf(xml, 'id')
  assert.equal(new Set(ids).size, ids.length)
  for (const id of ids) assert.match(id ?? '', /^tag:meridia\.example,2026:law/)
})

test('an id stays what it is when other entries come, and differs by version, digest and kind', () => {
  const idOf = (one: LawFeedEntry, ...more: LawFeedEntry[]) =>
    valuesOf(lawFeed(feed(one, ...more)), 'id').find(
      (id) =>
        id?.endsWith(`:${one.kind}`) && id.includes(one.digest) && id.includes(`:${one.version}:`),
    )
  const id = idOf(entry())
  assert.ok(id)
  assert.equal(idOf(entry(), entry({ version: '0.2.0', at: '2026-06-01T00:00:00.000Z' })), id)
  assert.equal(idOf(entry({ summary: 'Other words.' })), id)
  for (const other of [
    { version: '0.2.0' },
    { digest: 'cd'.repeat(32) },
    { kind: 'signed' as const },
  ]) {
    assert.notEqual(idOf(entry(other)), id)
  }
})

test('the newest comes first, and an empty feed is one', () => {
  const xml = lawFeed(
    feed(entry({ version: '1.0.0' }), entry({ version: '2.0.0', at: '2026-02-01T00:00:00.000Z' })),
  )
  assert.ok(xml.indexOf('2.0.0') < xml.indexOf('1.0.0'))
  const empty = lawFeed(feed())
  assert.deepEqual(valuesOf(empty, 'updated'), ['2026-11-22T00:00:00.000Z'])
  assert.ok(empty.endsWith('</feed>\n'))
})

for (const [name, text, expected] of [
  ['markup', '<a href="x">\'&amp;', '&lt;a href=&quot;x&quot;&gt;&#39;&amp;amp;'],
  ['characters that XML cannot hold', 'a\u0000b\u0008c\u001fd\ufffee\uffff', 'abcde'],
  ['half of a pair', 'a\ud800b', 'ab'],
  ['what it can hold', 'a\tb\nc 𝌆 é', 'a\tb\nc 𝌆 é'],
] as const) {
  test(`text inside XML: ${name}`, () => {
    assert.equal(escapeXml(text), expected)
  })
}
