/**
 * A hand-over package: a permitted release for a counterpart that no message reaches.
 * A plain tar with the opening of the release's event (what machines and `comity
 * verify` read), the same as a page to read without a network, and the log policy.
 *
 * The page is derived from the opening, byte for byte, so a page that says something
 * else is found out. It proves what the opening proves and no more.
 */

import { type Bytes, utf8 } from '../base/bytes.ts'
import { canonicalBytes, type Json, parseJson } from '../base/canonical-json.ts'
import { ComityError } from '../base/errors.ts'
import { escapeHtml } from '../base/html.ts'
import type { ReleaseDecided } from '../core/release/release.ts'
import type { EventOpening } from './event-opening.ts'
import { todaysEvent } from './event-versions.ts'
import { type Files, readTar, writeTar } from './package/tar.ts'

export const HAND_OVER_FILES = {
  opening: 'release.json',
  page: 'release.html',
  policy: 'policy.txt',
  readme: 'README.txt',
} as const

const README = `A release that one authority hands over to another.

release.html  what was released, to read in a browser, without a network
release.json  the same for machines: the signed decision, its opening and its receipt
policy.txt    the log and witnesses by which the sender says that the receipt counts

To check it:  comity verify THIS.tar --policy policy.txt
Get the policy from the sender by a second way before you trust the one in here.
`

export function writeHandOver(opening: EventOpening, policy: Uint8Array): Bytes {
  return writeTar(handOverFiles(opening, policy))
}

/** The files of a release that no sealed file goes with. */
export function handOverFiles(opening: EventOpening, policy: Uint8Array): Map<string, Bytes> {
  return new Map([
    [HAND_OVER_FILES.opening, canonicalBytes(opening as unknown as Json as object)],
    [HAND_OVER_FILES.page, handOverPage(opening)],
    [HAND_OVER_FILES.policy, new Uint8Array(policy)],
    [HAND_OVER_FILES.readme, utf8(README)],
  ])
}

/** With its members in the order in which whoever checks the page reads them. */
function asRead(opening: EventOpening): EventOpening {
  return parseJson(canonicalBytes(opening as unknown as Json as object)) as unknown as EventOpening
}

/** `undefined` if it is no hand-over package: another kind of archive, or none. */
export function readHandOverTar(bytes: Uint8Array): Files | undefined {
  try {
    const files = readTar(bytes)
    const isOne = files.has(HAND_OVER_FILES.opening) && files.has(HAND_OVER_FILES.page)
    return isOne ? files : undefined
  } catch (error) {
    if (error instanceof ComityError) return undefined
    throw error
  }
}

/** `more`: HTML of ours, e.g. how to open what goes with it. */
export function handOverPage(opening: EventOpening, more = ''): Bytes {
  const { envelope } = asRead(opening)
  const release = todaysEvent(envelope.event) as unknown as ReleaseDecided
  const rows: readonly (readonly [string, string])[] = [
    ['From', envelope.node],
    ['To', release.recipient],
    ['Decided', envelope.at],
    ['Agreement', release.agreement ? `${release.agreement.id}, ${release.agreement.digest}` : '–'],
    ['Purpose', release.purpose],
    ['Legal basis', release.legalBasis],
    ['Categories', release.categories.join(', ')],
  ]
  const list = (items: readonly string[]) =>
    `<ul>${items.map((item) => `<li>${escapeHtml(item)}</li>`).join('')}</ul>`
  const view = Object.entries(release.view ?? {}).map(
    ([category, content]) =>
      `<h3>${escapeHtml(category)}</h3><pre>${escapeHtml(JSON.stringify(content, null, 2))}</pre>`,
  )
  return utf8(`<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Release ${escapeHtml(release.releaseId)}</title>
<style>body{font:1rem/1.5 sans-serif;max-width:48rem;margin:2rem auto;padding:0 1rem}dt{font-weight:bold}pre{white-space:pre-wrap;background:#f3f2f1;padding:1rem;overflow-wrap:anywhere}</style></head>
<body><main><h1>Release ${escapeHtml(release.releaseId)}</h1>
<dl>${rows.map(([name, value]) => `<dt>${name}</dt><dd>${escapeHtml(value)}</dd>`).join('')}</dl>
<h2>Why it was permitted</h2>${list(release.because.map(({ rule, text }) => `${text} (${rule})`))}
<h2>Duties that travel with it</h2>${list(release.duties.map(({ text, dueAt }) => (dueAt ? `${text} Due ${dueAt}.` : text)))}
<h2>What was released</h2>${view.join('')}
${more}<p>Check this package with <code>comity verify</code>; this page alone proves nothing.</p>
</main></body></html>
`)
}
