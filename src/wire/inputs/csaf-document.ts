/**
 * CSAF documents of others, 2.0 and 2.1: advisories, VEX, and the vulnerability
 * report that 2.1 knows for a private hand-off. A case is about one vulnerability, so
 * the first is carried and the others are named. What is shared under a TLP label other
 * than CLEAR (2.0: WHITE) is not public, whatever it refers to.
 */
import { malformed } from '../../base/errors.ts'
import type {
  AdmittedReport,
  CvssAssessment,
  LocalText,
  ReportReference,
  WeaknessAssessment,
} from '../../core/triage/admitted-report.ts'
import { cvssOf } from './cvss.ts'
import { LIST_MAX, maybe, present, requirePart, type Source, unique } from './source.ts'

type At = readonly (string | number)[]
const FIRST = ['vulnerabilities', 0] as const
const VERSIONS = ['2.0', '2.1']

export function readCsafDocument(source: Source): AdmittedReport {
  const version = requirePart(source.text('document', 'csaf_version'), '/document/csaf_version')
  if (!VERSIONS.includes(version)) {
    const text = 'only CSAF 2.0 and 2.1 are read'
    throw malformed(text, { field: '/document/csaf_version', reason: 'wrong-form' })
  }
  const id = requirePart(source.text('document', 'tracking', 'id'), '/document/tracking/id')
  const title = requirePart(source.text('document', 'title'), '/document/title')
  const language = source.text('document', 'lang') ?? 'und'
  for (const at of rest(source, 'vulnerabilities')) source.leave('onlyFirst', ...at)
  const notes = [...notesOf(source, ['document', 'notes']), ...notesOf(source, [...FIRST, 'notes'])]
  const vulnerabilityTitle = source.text(...FIRST, 'title')
  const said = [...present([vulnerabilityTitle]), ...notes, ...actionsOf(source)]
  const { cve, ids } = identifiersOf(source)
  const cwe = weaknessesOf(source)
  const cvss = scoreOf(source)
  const { vendors, products } = productsOf(source)
  return {
    kind: cve === undefined ? 'report' : 'vulnerability',
    source: { format: 'CSAF', formatVersion: version },
    identifiers: { reportId: id, ...maybe('vulnerabilityId', cve ?? ids[0]) },
    title: { language, text: title },
    description: { language, text: said.length > 0 ? said.join('\n\n') : title },
    affected: {
      developers: vendors,
      artifacts: products.map((name) => ({ kind: 'System', name })),
    },
    problem: { origin: cve === undefined ? 'Third-party Report' : 'CVE Entry', nature: 'Advisory' },
    references: [
      ...referencesOf(source, ['document', 'references']),
      ...referencesOf(source, [...FIRST, 'references']),
    ],
    ...(cwe.length > 0 || cvss ? { impact: { ...maybe('cvss', cvss), cwe } } : {}),
    credits: creditsOf(source, language),
    ...maybe('publishedOn', source.date('document', 'tracking', 'initial_release_date')),
    ...maybe('lastModifiedOn', source.date('document', 'tracking', 'current_release_date')),
    ...standingOf(source),
    extensions: [],
    remarks: [],
  }
}

/** Absent where the document does not say: then its dates and references decide. */
function standingOf(source: Source): { readonly statedPublic?: boolean } {
  const label = source.text('document', 'distribution', 'tlp', 'label')
  const isPrivate = source.at('document', 'category') === 'csaf_vulnerability_report'
  if (label === undefined && !isPrivate) return {}
  const isClear = label === 'CLEAR' || label === 'WHITE'
  return isPrivate || !isClear ? { statedPublic: false } : {}
}

const NOTES = ['description', 'summary', 'details', 'general', 'faq', 'other']

function notesOf(source: Source, list: At): readonly string[] {
  return present(
    all(source, ...list).map((at) => {
      const category = source.at(...at, 'category')
      if (typeof category !== 'string' || !NOTES.includes(category)) return undefined
      const title = source.text(...at, 'title')
      const text = source.text(...at, 'text')
      source.take(...at, 'category')
      source.take(...at, 'audience')
      if (text === undefined) return undefined
      return title === undefined ? text : `${title}: ${text}`
    }),
  )
}

/** What to do about it. To which product each belongs, the document says. */
function actionsOf(source: Source): readonly string[] {
  return present(
    all(source, ...FIRST, 'remediations').map((at) => {
      const details = source.text(...at, 'details')
      const category = source.text(...at, 'category')
      return details === undefined ? undefined : `${category ?? 'remediation'}: ${details}`
    }),
  )
}

function identifiersOf(source: Source) {
  const cve = source.text(...FIRST, 'cve')
  const ids = all(source, ...FIRST, 'ids')
  const [first, ...others] = ids
  const own = cve === undefined && first ? source.text(...first, 'text') : undefined
  if (cve === undefined) for (const at of others) source.leave('onlyFirst', ...at)
  return { cve, ids: present([own]) }
}

/** One in 2.0 (`cwe`), several in 2.1 (`cwes`). */
function weaknessesOf(source: Source): readonly WeaknessAssessment[] {
  const places = [[...FIRST, 'cwe'], ...all(source, ...FIRST, 'cwes')] as readonly At[]
  return places.flatMap((at) => {
    const weaknessId = source.text(...at, 'id')
    if (weaknessId === undefined) return []
    return [{ weaknessId, ...maybe('text', source.text(...at, 'name')) }]
  })
}

const CVSS = ['cvss_v4', 'cvss_v3', 'cvss_v2']

/** `scores` in 2.0, `metrics` with `content` in 2.1. */
function scoreOf(source: Source): CvssAssessment | undefined {
  const holders = [
    ...all(source, ...FIRST, 'metrics').map((at) => [...at, 'content']),
    ...all(source, ...FIRST, 'scores'),
  ]
  const places = CVSS.flatMap((name) => holders.map((at) => [...at, name])).filter(
    (at) => source.at(...at) !== undefined,
  )
  const [first, ...others] = places
  for (const at of others) source.leave('onlyFirst', ...at)
  return first && cvssOf(source, first)
}

type Found = { readonly vendors: readonly string[]; readonly products: readonly string[] }

const DEPTH_MAX = 30

/** Vendors and product names of the tree; versions stay in the document. */
function productsOf(source: Source): Found {
  const found = branchesOf(source, ['product_tree', 'branches'], 0)
  const listed = all(source, 'product_tree', 'full_product_names').map((at) =>
    source.text(...at, 'name'),
  )
  return {
    vendors: unique(found.vendors),
    products: unique([...found.products, ...(found.products.length > 0 ? [] : present(listed))]),
  }
}

function branchesOf(source: Source, list: At, depth: number): Found {
  if (depth > DEPTH_MAX) return { vendors: [], products: [] }
  const parts = all(source, ...list).map((at): Found => {
    const category = source.at(...at, 'category')
    const isVendor = category === 'vendor'
    const isProduct = category === 'product_name'
    const name = isVendor || isProduct ? source.text(...at, 'name') : undefined
    if (name !== undefined) source.take(...at, 'category')
    const below = branchesOf(source, [...at, 'branches'], depth + 1)
    return {
      vendors: [...(isVendor ? present([name]) : []), ...below.vendors],
      products: [...(isProduct ? present([name]) : []), ...below.products],
    }
  })
  return {
    vendors: parts.flatMap(({ vendors }) => vendors),
    products: parts.flatMap(({ products }) => products),
  }
}

function referencesOf(source: Source, list: At): readonly ReportReference[] {
  return all(source, ...list).flatMap((at) => {
    const url = source.text(...at, 'url')
    if (url === undefined) return []
    const kind = source.text(...at, 'category')
    return [{ ...maybe('kind', kind), ...maybe('label', source.text(...at, 'summary')), url }]
  })
}

/** Published thanks: the document names who agreed to be named. */
function creditsOf(source: Source, language: string): readonly LocalText[] {
  const places = [
    ...all(source, 'document', 'acknowledgments'),
    ...all(source, ...FIRST, 'acknowledgments'),
  ]
  return places.flatMap((at) => {
    const names = source.texts(...at, 'names')
    const organization = source.text(...at, 'organization')
    const text = [...names, ...present([organization])].join(', ')
    return text === '' ? [] : [{ language, text }]
  })
}

function all(source: Source, ...list: At): readonly At[] {
  const count = Math.min(source.count(...list), LIST_MAX)
  return Array.from({ length: count }, (_, index) => [...list, index])
}

function rest(source: Source, ...list: At): readonly At[] {
  return all(source, ...list).slice(1)
}
