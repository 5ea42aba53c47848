/**
 * Writes a security advisory in CSAF 2.0 (OASIS, profile 4,
 * `csaf_security_advisory`), one vulnerability of one product.
 *
 * It sees to the form; `adapters/csaf-validation.ts` checks it by the standard's
 * own schema and mandatory tests. It does not judge what is published.
 */
import type { Json } from '../base/canonical-json.ts'
import { malformed } from '../base/errors.ts'
import type { Instant } from '../base/time.ts'

export type AdvisoryNote = {
  readonly category: 'description' | 'details' | 'faq' | 'general' | 'legal_disclaimer' | 'summary'
  readonly title: string
  readonly text: string
}

export type AdvisoryInput = {
  readonly trackingId: string
  readonly title: string
  /** Written as a coordinator; the namespace is a web address. */
  readonly publisher: { readonly name: string; readonly namespace: string }
  readonly issuedAt: Instant
  /** At least one; the first also describes the vulnerability. */
  readonly notes: readonly AdvisoryNote[]
  readonly vendor: string
  readonly product: string
  readonly versionRange?: string
  /** A CVE id goes to its own member, the first one; others are listed by system. */
  readonly ids: readonly { readonly system: string; readonly text: string }[]
  /** Those that are no web address are named in a note instead. */
  readonly references: readonly { readonly summary: string; readonly url: string }[]
  readonly status: 'known_affected' | 'under_investigation'
  readonly remediationText: string
  readonly acknowledgements: readonly { readonly names: readonly string[] }[]
  /** CSAF 2.0 writes TLP:CLEAR as WHITE. */
  readonly tlp: 'WHITE'
  /** BCP 47. */
  readonly lang: string
}

const PRODUCT_ID = 'COMITY-1'
const CVE_ID = /^CVE-[0-9]{4}-[0-9]{4,}$/

/** @throws ComityError `malformed` if there is no note, or an empty text where one is needed */
export function writeAdvisory(input: AdvisoryInput): Json {
  requireTexts(input)
  return {
    document: {
      category: 'csaf_security_advisory',
      csaf_version: '2.0',
      distribution: { tlp: { label: input.tlp } },
      lang: input.lang,
      notes: [...input.notes, ...offWebNote(input)],
      publisher: { category: 'coordinator', ...input.publisher },
      ...unlessEmpty('references', externalReferences(input)),
      ...unlessEmpty('acknowledgments', acknowledgments(input)),
      title: input.title,
      tracking: tracking(input),
    },
    product_tree: productTree(input),
    vulnerabilities: [vulnerability(input)],
  }
}

/** The name of an advisory's file (CSAF 2.0, section 5.1). */
export function advisoryFileName(trackingId: string): string {
  return `${trackingId.toLowerCase().replaceAll(/[^+\-a-z0-9]+/g, '_')}.json`
}

function tracking({ trackingId, issuedAt }: AdvisoryInput): Json {
  return {
    current_release_date: issuedAt,
    id: trackingId,
    initial_release_date: issuedAt,
    revision_history: [{ date: issuedAt, number: '1', summary: 'First version.' }],
    status: 'final',
    version: '1',
  }
}

function productTree({ vendor, product, versionRange }: AdvisoryInput): Json {
  const name = versionRange === undefined ? product : `${product} ${versionRange}`
  const identified = { name: `${vendor} ${name}`, product_id: PRODUCT_ID }
  const branch: Json =
    versionRange === undefined
      ? { category: 'product_name', name: product, product: identified }
      : {
          category: 'product_name',
          name: product,
          branches: [
            { category: 'product_version_range', name: versionRange, product: identified },
          ],
        }
  return { branches: [{ category: 'vendor', name: vendor, branches: [branch] }] }
}

function vulnerability(input: AdvisoryInput): Json {
  const cve = input.ids.find(({ text }) => CVE_ID.test(text))
  const others = input.ids.filter((id) => id !== cve)
  return {
    ...(cve === undefined ? {} : { cve: cve.text }),
    ...unlessEmpty(
      'ids',
      others.map(({ system, text }) => ({ system_name: system, text })),
    ),
    notes: input.notes.slice(0, 1),
    product_status: { [input.status]: [PRODUCT_ID] },
    remediations: [
      { category: 'mitigation', details: input.remediationText, product_ids: [PRODUCT_ID] },
    ],
    title: input.title,
  }
}

function externalReferences({ references }: AdvisoryInput): readonly Json[] {
  return references
    .filter(({ url }) => isWebAddress(url))
    .map(({ summary, url }) => ({ category: 'external', summary: summary.trim() || url, url }))
}

function offWebNote({ references }: AdvisoryInput): readonly AdvisoryNote[] {
  const others = references.filter(({ url }) => !isWebAddress(url))
  if (others.length === 0) return []
  const text = others.map(({ summary, url }) => `${summary}: ${url}`).join('\n')
  return [{ category: 'general', title: 'References without a web address', text }]
}

function acknowledgments({ acknowledgements }: AdvisoryInput): readonly Json[] {
  const named = acknowledgements.map(({ names }) => names.filter((name) => name.trim() !== ''))
  return named.filter((names) => names.length > 0).map((names) => ({ names }))
}

function unlessEmpty(name: string, items: readonly Json[]): { readonly [name: string]: Json } {
  return items.length === 0 ? {} : { [name]: items }
}

/** RFC 3986 characters only: the schema's `uri` format takes no spaces or quotes. */
function isWebAddress(url: string): boolean {
  return /^https?:\/\/(?:[A-Za-z0-9\-._~:/?#@!$&'()*+,;=]|%[0-9A-Fa-f]{2})+$/.test(url)
}

function requireTexts(input: AdvisoryInput): void {
  const needed = {
    trackingId: input.trackingId,
    title: input.title,
    vendor: input.vendor,
    product: input.product,
    remediationText: input.remediationText,
    'publisher.name': input.publisher.name,
    'notes.0.text': input.notes[0]?.text ?? '',
  }
  for (const [field, text] of Object.entries(needed)) {
    if (text.trim() === '') throw malformed('an advisory needs this text', { field })
  }
}
