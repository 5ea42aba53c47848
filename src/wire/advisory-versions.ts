/**
 * An advisory as it was published before versions were recorded: the one version that
 * there was, with the texts of its CSAF document. Total: what a document lacks is empty.
 */
import type { AdvisoryContent, Revision } from '../core/disclosure/advisory-events.ts'

type Found = { readonly [member: string]: unknown }

export function firstRevisionOf(document: unknown): Revision<AdvisoryContent> {
  const head = inside(document, 'document')
  const [vulnerability] = list(inside(document)['vulnerabilities'])
  const [vendor] = list(inside(document, 'product_tree')['branches'])
  const [product] = list(inside(vendor)['branches'])
  const [remediation] = list(inside(vulnerability)['remediations'])
  const status = inside(vulnerability, 'product_status')
  const summary = list(head['notes']).find((note) => inside(note)['category'] === 'summary')
  const content: AdvisoryContent = {
    is: 'advisory',
    lang: text(head['lang']) || 'en',
    title: text(head['title']),
    summary: text(inside(summary)['text']),
    vendor: text(inside(vendor)['name']),
    product: text(inside(product)['name']),
    versionRange: null,
    status: status['under_investigation'] ? 'under_investigation' : 'known_affected',
    remediation: text(inside(remediation)['details']),
    forUsers: null,
    severity: 'notRated',
    sectors: [],
  }
  return { number: 1, kind: 'first', summary: 'First version.', content }
}

function inside(value: unknown, ...path: readonly string[]): Found {
  const [member, ...rest] = path
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
  const found = isObject ? (value as Found) : {}
  return member === undefined ? found : inside(found[member], ...rest)
}

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])
const text = (value: unknown): string => (typeof value === 'string' ? value : '')
