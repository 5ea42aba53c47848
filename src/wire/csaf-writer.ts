/**
 * Writes an advisory as a CSAF document, 2.0 or 2.1 (OASIS). It sees to the form;
 * `adapters/csaf-validation.ts` checks it by the standard's own schema and mandatory
 * tests, `csaf-rules.ts` says whether the advisory fits the form that is asked for. It
 * does not judge what is published.
 */
import type { Json } from '../base/canonical-json.ts'
import { malformed } from '../base/errors.ts'
import {
  type CsafAdvisory,
  type CsafNote,
  type CsafProduct,
  type CsafShape,
  type CsafVersion,
  isVersRange,
  isWebAddress,
} from './csaf-advisory.ts'

export const SCHEMA_21 = 'https://docs.oasis-open.org/csaf/csaf/v2.1/schema/csaf.json'
export const WITHDRAWAL_TITLE = 'Reasoning for Withdrawal'
export const REPORT_SUMMARY_TITLE = 'Vulnerability Summary'
export const ACTION_TITLE = 'What to do'
const PRODUCT_PREFIX = 'COMITY-'

export const CATEGORIES: Readonly<Record<CsafShape['form'], string>> = {
  securityAdvisory: 'csaf_security_advisory',
  deprecatedSecurityAdvisory: 'csaf_deprecated_security_advisory',
  vex: 'csaf_vex',
  vulnerabilityReport: 'csaf_vulnerability_report',
  withdrawn: 'csaf_withdrawn',
}
/** CSAF 2.0 has no profile for what was withdrawn. */
export const WITHDRAWN_20 = 'csaf_base'

/** @throws ComityError `malformed` if there is no note, or an empty text where one is needed */
export function writeCsaf(advisory: CsafAdvisory, shape: CsafShape): Json {
  requireTexts(advisory)
  const { version, form } = shape
  return {
    ...(version === '2.1' ? { $schema: SCHEMA_21 } : {}),
    document: {
      ...unlessEmpty('acknowledgments', advisory.acknowledgements as unknown as Json[]),
      ...(advisory.severity === null ? {} : { aggregate_severity: { text: advisory.severity } }),
      category: version === '2.0' && form === 'withdrawn' ? WITHDRAWN_20 : CATEGORIES[form],
      csaf_version: version,
      distribution: distribution(advisory, version),
      lang: advisory.lang,
      notes: documentNotes(advisory),
      publisher: { category: 'coordinator', ...advisory.publisher },
      ...unlessEmpty(
        'references',
        advisory.references.map(({ summary, url }) => ({ category: 'external', summary, url })),
      ),
      title: advisory.title,
      tracking: tracking(advisory),
    },
    ...(form === 'withdrawn'
      ? {}
      : {
          product_tree: productTree(advisory.products, version),
          vulnerabilities: [vulnerability(advisory, shape)],
        }),
  }
}

function distribution({ sharing }: CsafAdvisory, version: CsafVersion): Json {
  // CSAF 2.0 has the labels of TLP 1, where CLEAR is WHITE.
  if (sharing === null) return { tlp: { label: version === '2.0' ? 'WHITE' : 'CLEAR' } }
  const { groupId, recipient, tlp } = sharing
  return { sharing_group: { id: groupId, name: recipient }, tlp: { label: tlp } }
}

function documentNotes({ notes, withdrawn }: CsafAdvisory): Json[] {
  const reason = { category: 'description', title: WITHDRAWAL_TITLE, text: withdrawn ?? '' }
  return withdrawn === null ? [...notes] : [...notes, reason]
}

function tracking({ trackingId, revisions, status }: CsafAdvisory): Json {
  const [first, last] = [revisions[0], revisions.at(-1)]
  if (!first || !last) throw missing('revisions')
  return {
    current_release_date: last.date,
    id: trackingId,
    initial_release_date: first.date,
    revision_history: revisions.map(({ date, number, summary }) => ({ date, number, summary })),
    status,
    version: last.number,
  }
}

function productTree(products: readonly CsafProduct[], version: CsafVersion): Json {
  const vendors = [...new Set(products.map(({ vendor }) => vendor))]
  return {
    branches: vendors.map((vendor) => ({
      category: 'vendor',
      name: vendor,
      branches: products.flatMap((product, index) =>
        product.vendor === vendor ? [productBranch(product, index, version)] : [],
      ),
    })),
  }
}

function productBranch(
  { vendor, name, versionRange }: CsafProduct,
  index: number,
  version: CsafVersion,
): Json {
  const said = versionRange === null ? name : `${name} ${versionRange}`
  const product = { name: `${vendor} ${said}`, product_id: productId(index) }
  // Of ranges 2.1 takes a `vers:` only; others stand in the product's full name.
  const isBranch = versionRange !== null && (version === '2.0' || isVersRange(versionRange))
  if (!isBranch) return { category: 'product_name', name, product }
  const range = { category: 'product_version_range', name: versionRange, product }
  return { category: 'product_name', name, branches: [range] }
}

function vulnerability(advisory: CsafAdvisory, { form, version }: CsafShape): Json {
  const { cve, ids, products, disclosureAt, involvements, title } = advisory
  return {
    ...(cve === null ? {} : { cve }),
    ...(disclosureAt === null || version === '2.0' ? {} : { disclosure_date: disclosureAt }),
    ...unlessEmpty('flags', flags(products)),
    ...unlessEmpty(
      'ids',
      ids.map(({ system, text }) => ({ system_name: system, text })),
    ),
    ...unlessEmpty('involvements', involvements as unknown as Json[]),
    notes: [...described(advisory, form), ...actionsOfFixed(products)],
    product_status: productStatus(products),
    ...unlessEmpty('remediations', remediations(products)),
    ...unlessEmpty('threats', impacts(products)),
    title,
  }
}

function described({ notes }: CsafAdvisory, form: CsafShape['form']): readonly Json[] {
  const [first] = notes
  if (!first) throw missing('notes')
  if (form !== 'vulnerabilityReport') return [first]
  return [{ category: 'summary', title: REPORT_SUMMARY_TITLE, text: first.text }]
}

function productStatus(products: readonly CsafProduct[]): Json {
  const found: Record<string, string[]> = {}
  for (const [index, { standing }] of products.entries()) {
    found[standing] = [...(found[standing] ?? []), productId(index)]
  }
  return found
}

function remediations(products: readonly CsafProduct[]): Json[] {
  return products.flatMap(({ standing, action, remedy }, index) => {
    const isOpen = standing === 'known_affected' || standing === 'under_investigation'
    if (!isOpen || action === null) return []
    return [{ category: remedy, details: action, product_ids: [productId(index)] }]
  })
}

/** CSAF 2.1 allows no remedy for what is fixed (test 6.1.36): it stands in a note. */
function actionsOfFixed(products: readonly CsafProduct[]): Json[] {
  return products.flatMap(({ standing, action }, index) =>
    standing === 'fixed' && action !== null
      ? [{ category: 'details', title: `${ACTION_TITLE} (${productId(index)})`, text: action }]
      : [],
  )
}

function impacts(products: readonly CsafProduct[]): Json[] {
  return products.flatMap(({ standing, action }, index) =>
    standing === 'known_not_affected' && action !== null
      ? [{ category: 'impact', details: action, product_ids: [productId(index)] }]
      : [],
  )
}

function flags(products: readonly CsafProduct[]): Json[] {
  return products.flatMap(({ flag }, index) =>
    flag === null ? [] : [{ label: flag, product_ids: [productId(index)] }],
  )
}

export const productId = (index: number) => `${PRODUCT_PREFIX}${index + 1}`

function unlessEmpty(name: string, items: readonly Json[]): { readonly [name: string]: Json } {
  return items.length === 0 ? {} : { [name]: items }
}

function requireTexts(advisory: CsafAdvisory): void {
  const needed: readonly (readonly [string, string])[] = [
    ['trackingId', advisory.trackingId],
    ['title', advisory.title],
    ['publisher.name', advisory.publisher.name],
    advisory.withdrawn === null
      ? ['notes.0.text', advisory.notes[0]?.text ?? '']
      : ['withdrawn', advisory.withdrawn],
    ...advisory.notes.map(({ text }: CsafNote, at) => [`notes.${at}.text`, text] as const),
    ...advisory.revisions.map(({ summary }, at) => [`revisions.${at}.summary`, summary] as const),
    ...advisory.references.map(({ summary }, at) => [`references.${at}.summary`, summary] as const),
    ...advisory.products.flatMap(({ vendor, name, action, versionRange }, at) => [
      [`products.${at}.vendor`, vendor] as const,
      [`products.${at}.name`, name] as const,
      [`products.${at}.action`, action ?? 'none'] as const,
      [`products.${at}.versionRange`, versionRange ?? 'none'] as const,
    ]),
  ]
  for (const [field, text] of needed) if (text.trim() === '') throw missing(field)
  const off = advisory.references.findIndex(({ url }) => !isWebAddress(url))
  if (off >= 0) throw malformed('a reference is a web address', { field: `references.${off}.url` })
}

const missing = (field: string) => malformed('an advisory needs this text', { field })
