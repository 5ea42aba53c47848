/**
 * The Atom feeds (RFC 4287) of advisories and of safety notices: one entry for each, which
 * keeps its id through all versions and says in which it is. No person is named.
 *
 * Ids are tag URIs (RFC 4151) of the node and the tracking id.
 */
import { escapeXml } from './xml.ts'

export type PublicTextFeed = {
  readonly kind: 'advisory' | 'safetyNotice'
  /** Id of the node, which is a name of the domain name system. */
  readonly node: string
  readonly authority: string
  /** Address of the public door, without a path. */
  readonly address: string
  /** Used where the feed has no entry. */
  readonly now: string
  readonly entries: readonly PublicTextEntry[]
}

export type PublicTextEntry = {
  readonly id: string
  readonly title: string
  /** BCP 47, of title and summary. */
  readonly lang: string
  /** RFC 3339. */
  readonly publishedAt: string
  readonly updatedAt: string
  /** What the latest version says of itself. */
  readonly summary: string
}

/** Year in which the name belonged to who makes the tags (RFC 4151, section 2.1). */
const TAG_YEAR = '2026'

const PLACES = {
  advisory: {
    tag: 'advisories',
    title: 'Advisories',
    feed: '/advisories/feed.atom',
    page: '/en/advisories/',
  },
  safetyNotice: {
    tag: 'safety-notices',
    title: 'Safety notices',
    feed: '/safety-notices/feed.atom',
    page: '/en/safety-notices/',
  },
} as const

/** The entry that changed last first. */
export function publicTextFeed(feed: PublicTextFeed): string {
  const { kind, node, authority, address, now } = feed
  const place = PLACES[kind]
  const entries = [...feed.entries].sort((a, b) =>
    a.updatedAt < b.updatedAt ? 1 : a.updatedAt > b.updatedAt ? -1 : a.id < b.id ? -1 : 1,
  )
  const lines = [
    '<?xml version="1.0" encoding="utf-8"?>',
    '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">',
    `  <id>tag:${escapeXml(node)},${TAG_YEAR}:${place.tag}</id>`,
    `  <title>${place.title}: ${escapeXml(authority)}</title>`,
    `  <updated>${escapeXml(entries[0]?.updatedAt ?? now)}</updated>`,
    `  <author><name>${escapeXml(authority)}</name></author>`,
    `  <link rel="self" type="application/atom+xml" href="${escapeXml(address + place.feed)}"/>`,
    `  <link rel="alternate" type="text/html" href="${escapeXml(address)}/en/advisories"/>`,
    ...entries.flatMap((entry) => entryLines(feed, entry)),
    '</feed>',
  ]
  return `${lines.join('\n')}\n`
}

function entryLines(
  { kind, node, address }: PublicTextFeed,
  { id, title, lang, publishedAt, updatedAt, summary }: PublicTextEntry,
): readonly string[] {
  const place = PLACES[kind]
  const page = `${address}${place.page}${encodeURIComponent(id)}`
  return [
    `  <entry xml:lang="${escapeXml(lang)}">`,
    `    <id>tag:${escapeXml(node)},${TAG_YEAR}:${place.tag}:${escapeXml(encodeURIComponent(id))}</id>`,
    `    <title>${escapeXml(title)}</title>`,
    `    <published>${escapeXml(publishedAt)}</published>`,
    `    <updated>${escapeXml(updatedAt)}</updated>`,
    `    <link rel="alternate" type="text/html" href="${escapeXml(page)}"/>`,
    `    <summary>${escapeXml(summary)}</summary>`,
    '  </entry>',
  ]
}
