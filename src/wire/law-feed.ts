/**
 * The Atom feed of changes of law packs (RFC 4287): one entry for each version that a node
 * holds, one for each version that its officers have signed off. It names nobody.
 *
 * Ids are tag URIs (RFC 4151) of the node, the version and its digest, so that they stay
 * the same wherever the feed is read.
 */
import { escapeXml } from './xml.ts'

export type LawFeed = {
  /** Id of the node, which is a name of the domain name system. */
  readonly node: string
  readonly authority: string
  /** Address of the public door, without a path. */
  readonly address: string
  /** Used where the feed has no entry. */
  readonly now: string
  readonly entries: readonly LawFeedEntry[]
}

export type LawFeedEntry = {
  readonly kind: 'version' | 'signed'
  readonly pack: string
  readonly name: string
  readonly version: string
  readonly digest: string
  /** RFC 3339. */
  readonly at: string
  /** In plain words. */
  readonly summary: string
}

/** Year in which the name belonged to who makes the tags (RFC 4151, section 2.1). */
const TAG_YEAR = '2026'

/** The newest entry first. */
export function lawFeed(feed: LawFeed): string {
  const { node, authority, address, now } = feed
  const entries = [...feed.entries].sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0))
  const lines = [
    '<?xml version="1.0" encoding="utf-8"?>',
    '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">',
    `  <id>tag:${escapeXml(node)},${TAG_YEAR}:law</id>`,
    `  <title>Law packs: ${escapeXml(authority)}</title>`,
    `  <updated>${escapeXml(entries[0]?.at ?? now)}</updated>`,
    `  <author><name>${escapeXml(authority)}</name></author>`,
    `  <link rel="self" type="application/atom+xml" href="${escapeXml(address)}/law/feed.atom"/>`,
    `  <link rel="alternate" type="text/html" href="${escapeXml(address)}/en/law"/>`,
    ...entries.flatMap((entry) => entryLines(feed, entry)),
    '</feed>',
  ]
  return `${lines.join('\n')}\n`
}

function entryLines({ node, address }: LawFeed, entry: LawFeedEntry): readonly string[] {
  const { kind, pack, name, version, digest, at, summary } = entry
  const place = `/en/law/${encodeURIComponent(pack)}/${encodeURIComponent(version)}`
  const what = kind === 'signed' ? 'signed off' : `valid from ${at.slice(0, 10)}`
  return [
    '  <entry>',
    `    <id>tag:${escapeXml(node)},${TAG_YEAR}:law:${escapeXml(`${pack}:${version}:${digest}:${kind}`)}</id>`,
    `    <title>${escapeXml(`${name}, version ${version}: ${what}`)}</title>`,
    `    <updated>${escapeXml(at)}</updated>`,
    `    <link rel="alternate" type="text/html" href="${escapeXml(address + place)}"/>`,
    `    <summary>${escapeXml(summary)}</summary>`,
    '  </entry>',
  ]
}
