/**
 * The advisory that an officer publishes, one product, as a CSAF document: the short
 * way in to `csaf-writer.ts`, which has all forms and versions of the standard.
 */
import type { Json } from '../base/canonical-json.ts'
import type { Instant } from '../base/time.ts'
import {
  type CsafAdvisory,
  type CsafNote,
  type CsafRevision,
  type CsafThanks,
  CVE_ID,
  csafFileName,
  isWebAddress,
  type Standing,
} from './csaf-advisory.ts'
import { writeCsaf } from './csaf-writer.ts'

export type AdvisoryNote = CsafNote

export type AdvisoryInput = {
  readonly trackingId: string
  readonly title: string
  /** Written as a coordinator; the namespace is a web address. */
  readonly publisher: { readonly name: string; readonly namespace: string }
  readonly issuedAt: Instant
  /** Of a later version: all versions, ascending. Without them it is the first. */
  readonly revisions?: readonly CsafRevision[]
  /** At least one; the first also describes the vulnerability. */
  readonly notes: readonly AdvisoryNote[]
  readonly vendor: string
  readonly product: string
  readonly versionRange?: string
  /** A CVE id goes to its own member, the first one; others are listed by system. */
  readonly ids: readonly { readonly system: string; readonly text: string }[]
  /** Those that are no web address are named in a note instead. */
  readonly references: readonly { readonly summary: string; readonly url: string }[]
  readonly status: Standing
  readonly remediationText: string
  readonly severity?: string
  readonly acknowledgements: readonly CsafThanks[]
  /** Why it no longer holds: such a version names no product. */
  readonly withdrawn?: string
  /** CSAF 2.0 writes TLP:CLEAR as WHITE. */
  readonly tlp: 'WHITE'
  /** BCP 47. */
  readonly lang: string
}

/**
 * CSAF 2.0.
 *
 * @throws ComityError `malformed` if there is no note, or an empty text where one is needed
 */
export function writeAdvisory(input: AdvisoryInput): Json {
  const advisory = advisoryFrom(input)
  const form = advisory.withdrawn === null ? 'securityAdvisory' : 'withdrawn'
  return writeCsaf(advisory, { version: '2.0', form })
}

/** The name of an advisory's file (CSAF 2.0, section 5.1). */
export const advisoryFileName = csafFileName

function advisoryFrom(input: AdvisoryInput): CsafAdvisory {
  const { trackingId, title, publisher, lang, withdrawn = null } = input
  const cve = input.ids.find(({ text }) => CVE_ID.test(text))
  const firstVersion = { number: '1', date: input.issuedAt, summary: 'First version.' }
  const product = {
    vendor: input.vendor,
    name: input.product,
    versionRange: input.versionRange ?? null,
    standing: input.status,
    action: input.remediationText,
    remedy: 'mitigation',
    flag: null,
  } as const
  const notes = [...input.notes, ...offWebNote(input)]
  return {
    ...{ trackingId, title, publisher, lang, withdrawn },
    status: 'final',
    revisions: input.revisions ?? [firstVersion],
    notes: withdrawn === null ? notes : notes.filter(({ category }) => category !== 'description'),
    severity: input.severity ?? null,
    products: withdrawn === null ? [product] : [],
    cve: cve?.text ?? null,
    ids: input.ids.filter((id) => id !== cve),
    references: input.references
      .filter(({ url }) => isWebAddress(url))
      .map(({ summary, url }) => ({ summary: summary.trim() || url, url })),
    acknowledgements: acknowledgements(input),
    sharing: null,
    disclosureAt: null,
    involvements: [],
  }
}

function offWebNote({ references }: AdvisoryInput): readonly AdvisoryNote[] {
  const others = references.filter(({ url }) => !isWebAddress(url))
  if (others.length === 0) return []
  const text = others.map(({ summary, url }) => `${summary}: ${url}`).join('\n')
  return [{ category: 'general', title: 'References without a web address', text }]
}

function acknowledgements({ acknowledgements: given }: AdvisoryInput) {
  return given.flatMap(({ names, ...rest }) => {
    const named = names.filter((name) => name.trim() !== '')
    return named.length > 0 ? [{ names: named, ...rest }] : []
  })
}
