/**
 * The cover: the package for people, as text and as a page without scripts. It is
 * made from the record alone, so the same record always gives the same bytes.
 */

import { escapeHtml } from '../../base/html.ts'
import type { CaseState } from '../../core/case/case.ts'
import type { PackageContent } from './content.ts'
import { plainText } from './plain-text.ts'
import { RECEIPT_DOES_NOT_PROVE, RECEIPT_PROVES } from './sentences.ts'

type Section = { readonly title: string; readonly lines: readonly string[] }

export function coverText(content: PackageContent, state: CaseState): string {
  const sections = sectionsOf(content, state).map(
    ({ title, lines }) =>
      `${title}\n${'-'.repeat(title.length)}\n${lines.map((line) => `${line}\n`).join('')}`,
  )
  return `${sections.join('\n')}`
}

export function coverHtml(content: PackageContent, state: CaseState): string {
  const sections = sectionsOf(content, state).map(({ title, lines }) => {
    const items = lines.map((line) => `<li>${escapeHtml(line)}</li>\n`).join('')
    return `<h2>${escapeHtml(title)}</h2>\n<ul>\n${items}</ul>\n`
  })
  const csp = `<meta http-equiv="Content-Security-Policy" content="default-src 'none'">`
  const head = `<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n${csp}\n`
  const title = '<title>Evidence package</title>\n</head>\n<body>\n<h1>Evidence package</h1>\n'
  return `${head}${title}${sections.join('')}</body>\n</html>\n`
}

/** Said on every cover and by `comity verify`. */
export function clockSentence(simulatedClock: boolean, clockOffsetMs: number | null): string {
  if (!simulatedClock) return 'simulatedClock: false. Case time is real time.'
  const ahead =
    clockOffsetMs === null
      ? ''
      : ` Case time ran ${durationOf(clockOffsetMs)} ahead of real time when this was made.`
  return `simulatedClock: true. This comes from a demonstration or an exercise.${ahead}`
}

function durationOf(ms: number): string {
  const minutes = Math.floor(ms / 60_000)
  const days = Math.floor(minutes / 1440)
  const hours = Math.floor((minutes % 1440) / 60)
  return `${days} d ${hours} h ${minutes % 60} min`
}

function sectionsOf(content: PackageContent, state: CaseState): readonly Section[] {
  const { facts } = content
  return [
    {
      title: 'Case',
      lines: [
        `Title: ${plainText(state.title)}`,
        `Node: ${facts.node}`,
        `Case: ${facts.caseId}`,
        `Made at: ${facts.madeAt.caseNow} (case time), ${facts.madeAt.wireNow} (real time)`,
        clockSentence(facts.simulatedClock, facts.clockOffsetMs),
      ],
    },
    { title: 'What a tick proves', lines: [RECEIPT_PROVES, RECEIPT_DOES_NOT_PROVE, HOW_TO_VERIFY] },
    { title: 'Contents', lines: contentsOf(content) },
    { title: 'Releases', lines: orNone(releasesOf(state)) },
    { title: 'Refusals', lines: orNone(refusalsOf(state)) },
    { title: 'Exhibits', lines: orNone(exhibitsOf(state)) },
    { title: 'History of the case', lines: timelineOf(content) },
  ]
}

const HOW_TO_VERIFY =
  'Verify with: comity verify FILE --policy POLICY. The policy says which log and which witnesses you trust; take it from a source other than this package.'

const orNone = (lines: readonly string[]) => (lines.length > 0 ? lines : ['none'])

function contentsOf({ facts, streams }: PackageContent): string[] {
  const { counts } = facts
  return [
    ...streams.map(({ kind, id, events }) => `Stream ${kind} ${id}: ${events.length} events`),
    `Sealed exhibits: ${counts.exhibits}; redacted copies: ${counts.lineage}`,
    `Advisories: ${counts.advisories}; messages to peers: ${counts.channelReceipts}`,
  ]
}

function releasesOf({ releases }: CaseState): string[] {
  const sent = releases.permitted.map(({ decidedAt, kind, recipient, categories, receipt }) => {
    const answer = receipt ? `receipt: ${receipt.status}` : 'no receipt yet'
    return `${decidedAt} released to ${recipient}: ${kind}, ${categories.join(', ')}; ${answer}`
  })
  const received = releases.received.map(({ receivedAt, kind, from, categories }) => {
    return `${receivedAt} received from ${from}: ${kind}, ${categories.join(', ')}`
  })
  return [...sent, ...received].map((line) => plainText(line))
}

function refusalsOf({ releases, refusals }: CaseState): string[] {
  const refused = releases.refused.map(({ decidedAt, recipient, categories, why, because }) => {
    const rules = because.map(({ rule }) => rule).join(', ')
    return `${decidedAt} release to ${recipient} of ${categories.join(', ')}: ${why} (${rules})`
  })
  const acts = refusals.map(({ at, event: { act, why, because } }) => {
    return `${at} ${act}: ${why} (${because.map(({ rule }) => rule).join(', ')})`
  })
  return [...refused, ...acts].sort().map((line) => plainText(line))
}

function exhibitsOf({ evidence }: CaseState): string[] {
  return evidence.exhibits.map(({ exhibitId, name, origin, parts, redactions, isDestroyed }) => {
    const hidden = redactions.length > 0 ? `, ${redactions.length} left out` : ''
    const state = isDestroyed ? ', destroyed' : ''
    return plainText(`${exhibitId} ${name}: ${origin}, ${parts} parts${hidden}${state}`)
  })
}

function timelineOf({ streams }: PackageContent): string[] {
  const own = streams.find(({ kind }) => kind === 'case')
  return (own?.events ?? []).map(({ envelope: { version, at, by, event } }) =>
    plainText(`${version}. ${at} ${event.type} by ${by}`),
  )
}
