/**
 * The vulnerability report of CSAF 2.1 that an officer hands to the recipient of a release.
 * It is derived from what the release decision permitted and from nothing else: what was not
 * released stands in no member of it. It decides nothing about the release, and says by its
 * rules why there is no report.
 */
import { toHex, utf8 } from '../base/bytes.ts'
import type { Json } from '../base/canonical-json.ts'
import { type Because, type Decision, permit, refuse } from '../base/decision.ts'
import { type DisclosureState, participantOf } from '../core/disclosure/disclosure-state.ts'
import type { Release, ReleaseView } from '../core/release/release.ts'
import type { Primitives } from '../proof/primitives.ts'
import { type CsafAdvisory, type CsafNote, csafFileName, isWebAddress } from './csaf-advisory.ts'
import { barOfReport, csafOfCase, type WhyNoCsaf } from './csaf-case.ts'

export type ReportedRelease = {
  readonly release: Release
  readonly disclosure: DisclosureState
  readonly caseId: string
  /** Whose release it is; the address is a web address. */
  readonly publisher: { readonly name: string; readonly namespace: string }
  /** Name of the recipient. */
  readonly recipient: string
  readonly isDemo: boolean
}

export type VulnerabilityReport = { readonly fileName: string; readonly document: Json }

export type WhyNoReport = WhyNoCsaf | 'releaseNotStanding' | 'notInDisclosure'

const standing: Because = {
  rule: 'csaf:report:release',
  text: 'a report is made of content of this case whose release stands and was not called back',
}
const participating: Because = {
  rule: 'csaf:report:participant',
  text: 'a report is for a participant of the disclosure that has not left it',
}
const inView = {
  vendor: {
    rule: 'csaf:report:vendor',
    text: 'what was released names the vendor of the product',
  },
  product: { rule: 'csaf:report:product', text: 'what was released names the product' },
  description: {
    rule: 'csaf:report:description',
    text: 'what was released says how the product fails',
  },
} as const satisfies Readonly<Record<string, Because>>

export function reportOfRelease(
  primitives: Pick<Primitives, 'sha256'>,
  given: ReportedRelease,
): Decision<VulnerabilityReport, WhyNoReport> {
  const { release, disclosure } = given
  const { withdrawn, stopped, passesOn, decision } = release
  if (decision !== 'permit' || withdrawn || stopped || passesOn !== undefined || !release.view) {
    return refuse('releaseNotStanding', standing)
  }
  const participant = participantOf(disclosure, release.recipient)
  if (!participant || participant.left) return refuse('notInDisclosure', participating)
  const handling = {
    tlp: release.handling?.tlp ?? 'AMBER+STRICT',
    // Proposed terms bind content too: it goes only to who consented.
    isUnderEmbargo: disclosure.embargo !== 'none' && disclosure.embargo !== 'exited',
    isRecipientBound: participant.consent === 'signatory',
  } as const
  const bar = barOfReport(handling)
  if (bar) return bar
  const seen = seenIn(release.view)
  const missing = (['vendor', 'product', 'description'] as const).filter(
    (what) => seen[`${what}s`].length === 0,
  )
  if (missing.length > 0) return refuse('notOfThisForm', ...missing.map((what) => inView[what]))
  const advisory = advisoryOf(primitives, given, seen, handling)
  const shape = { version: '2.1', form: 'vulnerabilityReport' } as const
  const made = csafOfCase({ advisory, isPublished: false, ...handling }, shape)
  if (made.decision === 'refuse') return made
  const fileName = csafFileName(advisory.trackingId)
  return permit({ fileName, document: made.value }, ...made.because)
}

type Seen = {
  readonly vendors: readonly string[]
  readonly products: readonly string[]
  /** One or none. */
  readonly descriptions: readonly string[]
  readonly title: string | null
  readonly lang: string
  readonly references: CsafAdvisory['references']
}

/** What the categories of a view say; one that is not there says nothing. */
function seenIn(view: ReleaseView): Seen {
  const facts = view['technicalFacts']
  const affected = member(facts, 'affected')
  const description = member(facts, 'description')
  return {
    vendors: distinct(listIn(affected, 'developers').map(textOf)),
    products: distinct(listIn(affected, 'artifacts').map((one) => textOf(member(one, 'name')))),
    descriptions: distinct([textOf(member(description, 'text'))]),
    title: textOf(member(view['caseSummary'], 'title')) || null,
    lang: textOf(member(description, 'language')) || 'en',
    references: listIn(facts, 'references').flatMap((one) => {
      const url = textOf(member(one, 'url'))
      return isWebAddress(url) ? [{ summary: textOf(member(one, 'label')) || url, url }] : []
    }),
  }
}

function advisoryOf(
  primitives: Pick<Primitives, 'sha256'>,
  { release, disclosure, caseId, publisher, recipient, isDemo }: ReportedRelease,
  seen: Seen,
  { tlp, isUnderEmbargo }: { readonly tlp: string; readonly isUnderEmbargo: boolean },
): CsafAdvisory {
  const groupId = sharingGroup(primitives, caseId, release.recipient)
  const title = seen.title ?? `Vulnerability report on ${seen.products.join(', ')}`
  return {
    trackingId: `${groupId}-${release.releaseId}`,
    title: isDemo ? `[DEMONSTRATION] ${title}` : title,
    lang: seen.lang,
    publisher,
    status: 'interim',
    revisions: [{ number: '1', date: release.decidedAt, summary: 'First version.' }],
    notes: notesOf(release, seen, isDemo),
    severity: null,
    products: seen.products.map((name) => ({
      ...{ vendor: seen.vendors.join(', '), name, versionRange: null },
      ...{ standing: 'known_affected', action: null, remedy: 'mitigation', flag: null },
    })),
    cve: null,
    // The recipient knows the case by this id.
    ids: [{ system: publisher.namespace, text: caseId }],
    references: seen.references,
    acknowledgements: [],
    withdrawn: null,
    // Never wider than it was released; there is no word for less than AMBER here.
    sharing: { groupId, recipient, tlp: tlp === 'AMBER+STRICT' ? 'AMBER+STRICT' : 'AMBER' },
    disclosureAt: isUnderEmbargo ? (disclosure.terms?.until ?? null) : null,
    involvements: [],
  }
}

function notesOf({ duties, handling }: Release, { descriptions }: Seen, isDemo: boolean) {
  const notes: CsafNote[] = descriptions.map((text) => ({
    ...{ category: 'summary', title: 'Summary', text },
  }))
  const owed = [
    ...(handling?.codes.length ? [`Handling codes: ${handling.codes.join(', ')}`] : []),
    ...duties.map(({ text }) => text),
  ].filter((text) => text.trim() !== '')
  const category = 'legal_disclaimer'
  if (owed.length > 0) notes.push({ category, title: 'Duties', text: owed.join('\n') })
  if (isDemo) notes.push({ category, title: 'Demonstration', text: DEMONSTRATION })
  return notes
}

const DEMONSTRATION =
  'Made by a demonstration of Comity with fictional authorities and a simulated clock. Not a real report.'

/**
 * The same for every report of a case to one recipient. The standard asks for a UUID of
 * version 4, so a digest stands in the place of its random bits.
 */
function sharingGroup(
  { sha256 }: Pick<Primitives, 'sha256'>,
  caseId: string,
  recipient: string,
): string {
  const hex = toHex(sha256(utf8(`comity/csaf-sharing-group/v1\n${caseId}\n${recipient}`)))
  const variant = '89ab'[Number.parseInt(hex.charAt(16), 16) % 4] as string
  const groups = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ]
  return groups.join('-')
}

function member(value: Json | undefined, name: string): Json | undefined {
  const isObject = value !== null && typeof value === 'object' && !Array.isArray(value)
  if (!isObject || !Object.hasOwn(value, name)) return undefined
  return (value as { readonly [name: string]: Json | undefined })[name]
}

function listIn(value: Json | undefined, name: string): readonly Json[] {
  const found = member(value, name)
  return Array.isArray(found) ? (found as readonly Json[]) : []
}

const textOf = (value: Json | undefined) => (typeof value === 'string' ? value.trim() : '')
const distinct = (texts: readonly string[]) => [...new Set(texts.filter((text) => text !== ''))]
