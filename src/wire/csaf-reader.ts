/**
 * Reads a CSAF document as this software writes it, 2.0 or 2.1, back into an advisory.
 * What it does not carry it lists; for a document of ours that list is empty. It is no
 * reader for documents of others, and it does not check a digest or a signature.
 */
import type { Json } from '../base/canonical-json.ts'
import { malformed } from '../base/errors.ts'
import { instant } from '../base/time.ts'
import { lostMembers } from './avid.ts'
import {
  CSAF_VERSIONS,
  type CsafAdvisory,
  type CsafForm,
  type CsafProduct,
  type CsafShape,
  type CsafVersion,
  FLAGS,
  INVOLVED_PARTIES,
  INVOLVED_STATUS,
  NOTE_CATEGORIES,
  REMEDIES,
  STANDINGS,
} from './csaf-advisory.ts'
import {
  ACTION_TITLE,
  CATEGORIES,
  productId,
  WITHDRAWAL_TITLE,
  WITHDRAWN_20,
  writeCsaf,
} from './csaf-writer.ts'

export type ReadCsaf = CsafShape & {
  readonly advisory: CsafAdvisory
  /** JSON pointers of what the advisory does not carry. */
  readonly lost: readonly string[]
}

type Member = Json | undefined
type Found = { readonly [name: string]: Member }

/** @throws ComityError `malformed` naming the member that is not as we write it */
export function readCsaf(given: Json): ReadCsaf {
  const root = objectOf(given, '')
  const document = objectOf(root['document'], '/document')
  const version = wordOf(document['csaf_version'], CSAF_VERSIONS, '/document/csaf_version')
  const form = formOf(document['category'], version)
  const shape = { version, form }
  const advisory = advisoryOf(root, document, shape)
  return { ...shape, advisory, lost: lostMembers(given, writeCsaf(advisory, shape)) }
}

function formOf(category: Member, version: CsafVersion): CsafForm {
  if (version === '2.0' && category === WITHDRAWN_20) return 'withdrawn'
  const forms = Object.keys(CATEGORIES) as CsafForm[]
  const form = forms.find((one) => CATEGORIES[one] === category)
  if (form) return form
  throw malformed('not a form of document that we write', { field: '/document/category' })
}

function advisoryOf(root: Found, document: Found, { form }: CsafShape): CsafAdvisory {
  const tracking = objectOf(document['tracking'], '/document/tracking')
  const publisher = objectOf(document['publisher'], '/document/publisher')
  const notes = listOf(document['notes'], '/document/notes').map(noteOf)
  const isReason = ({ title }: { title: string }) => title === WITHDRAWAL_TITLE
  const vulnerability: Found =
    form === 'withdrawn' ? {} : objectOf(first(root['vulnerabilities']), '/vulnerabilities/0')
  const severity = document['aggregate_severity']
  return {
    trackingId: textOf(tracking['id'], '/document/tracking/id'),
    title: textOf(document['title'], '/document/title'),
    lang: textOf(document['lang'], '/document/lang'),
    publisher: {
      name: textOf(publisher['name'], '/document/publisher/name'),
      namespace: textOf(publisher['namespace'], '/document/publisher/namespace'),
    },
    status: wordOf(tracking['status'], ['final', 'interim'], '/document/tracking/status'),
    revisions: revisionsOf(tracking),
    notes: form === 'withdrawn' ? notes.filter((note) => !isReason(note)) : notes,
    severity: severity === undefined ? null : textOf(objectOf(severity, '')['text'], ''),
    products: form === 'withdrawn' ? [] : productsOf(root, vulnerability),
    ...identifiersOf(vulnerability),
    references: listOf(document['references'], '/document/references').map((one, at) => {
      const { summary, url } = objectOf(one, `/document/references/${at}`)
      return { summary: textOf(summary, 'summary'), url: textOf(url, 'url') }
    }),
    acknowledgements: listOf(document['acknowledgments'], '/document/acknowledgments').map(
      (one, at) => {
        const field = `/document/acknowledgments/${at}/names`
        const { names, summary } = objectOf(one, field)
        return {
          names: listOf(names, field).map((name) => textOf(name, field)),
          ...(summary === undefined ? {} : { summary: textOf(summary, field) }),
        }
      },
    ),
    withdrawn: form === 'withdrawn' ? (notes.find(isReason)?.text ?? null) : null,
    sharing: sharingOf(objectOf(document['distribution'], '/document/distribution')),
    disclosureAt: maybe(vulnerability['disclosure_date'], (text) => instant(textOf(text, ''))),
    involvements: listOf(vulnerability['involvements'], '/involvements').map((one, at) => {
      const field = `/vulnerabilities/0/involvements/${at}`
      const { party, status, date } = objectOf(one, field)
      return {
        party: wordOf(party, INVOLVED_PARTIES, `${field}/party`),
        status: wordOf(status, INVOLVED_STATUS, `${field}/status`),
        date: instant(textOf(date, `${field}/date`), `${field}/date`),
      }
    }),
  }
}

function revisionsOf(tracking: Found): CsafAdvisory['revisions'] {
  const field = '/document/tracking/revision_history'
  return listOf(tracking['revision_history'], field).map((one, at) => {
    const { number, date, summary } = objectOf(one, `${field}/${at}`)
    return {
      number: textOf(number, `${field}/${at}/number`),
      date: instant(textOf(date, `${field}/${at}/date`), `${field}/${at}/date`),
      summary: textOf(summary, `${field}/${at}/summary`),
    }
  })
}

function noteOf(given: Json, at: number): CsafAdvisory['notes'][number] {
  const field = `/document/notes/${at}`
  const { category, title, text } = objectOf(given, field)
  return {
    category: wordOf(category, NOTE_CATEGORIES, `${field}/category`),
    title: textOf(title, `${field}/title`),
    text: textOf(text, `${field}/text`),
  }
}

function identifiersOf({ cve, ids }: Found) {
  return {
    cve: maybe(cve, (text) => textOf(text, '/vulnerabilities/0/cve')),
    ids: listOf(ids, '/vulnerabilities/0/ids').map((one, at) => {
      const { system_name, text } = objectOf(one, `/vulnerabilities/0/ids/${at}`)
      return { system: textOf(system_name, 'system_name'), text: textOf(text, 'text') }
    }),
  }
}

function sharingOf({ sharing_group, tlp }: Found): CsafAdvisory['sharing'] {
  if (sharing_group === undefined) return null
  const { id, name } = objectOf(sharing_group, '/document/distribution/sharing_group')
  const field = '/document/distribution/tlp/label'
  const label = objectOf(tlp, field)['label']
  return {
    groupId: textOf(id, '/document/distribution/sharing_group/id'),
    recipient: textOf(name, '/document/distribution/sharing_group/name'),
    tlp: wordOf(label, ['AMBER', 'AMBER+STRICT', 'RED'], field),
  }
}

type Named = {
  readonly id: string
  readonly vendor: string
  readonly name: string
  readonly full: string
}

/** In the order of their ids, which is that of the advisory. */
function productsOf(root: Found, vulnerability: Found): readonly CsafProduct[] {
  const tree = objectOf(root['product_tree'], '/product_tree')
  const named = listOf(tree['branches'], '/product_tree/branches').flatMap((vendor) => {
    const { name, branches } = objectOf(vendor, '/product_tree/branches')
    const said = textOf(name, '/product_tree/branches/name')
    return listOf(branches, '/product_tree/branches').map((one) => namedOf(said, one))
  })
  const inOrder = named.map((_, index) => named.find(({ id }) => id === productId(index)))
  return inOrder.map((one, index) => {
    if (!one)
      throw malformed('no product of this id', { field: '/product_tree', reason: 'missing' })
    return productOf(one, productId(index), vulnerability)
  })
}

function namedOf(vendor: string, branch: Json): Named {
  const { name, product, branches } = objectOf(branch, '/product_tree/branches')
  const [range] = listOf(branches, '/product_tree/branches')
  const leaf = range === undefined ? product : objectOf(range, '/product_tree/branches')['product']
  const { name: full, product_id } = objectOf(leaf, '/product_tree/branches/product')
  return {
    id: textOf(product_id, '/product_tree/branches/product/product_id'),
    vendor,
    name: textOf(name, '/product_tree/branches/name'),
    full: textOf(full, '/product_tree/branches/product/name'),
  }
}

function productOf({ vendor, name, full }: Named, id: string, vulnerability: Found): CsafProduct {
  const status = objectOf(vulnerability['product_status'], '/vulnerabilities/0/product_status')
  const standing = STANDINGS.find((one) => listOf(status[one], one).includes(id))
  if (!standing) throw malformed('a product has no status', { field: `/product_tree/${id}` })
  const about = (member: string) =>
    listOf(vulnerability[member], `/vulnerabilities/0/${member}`)
      .map((one) => objectOf(one, `/vulnerabilities/0/${member}`))
      .find(({ product_ids }) => listOf(product_ids, member).includes(id))
  const remedy = about('remediations')
  const note = listOf(vulnerability['notes'], '/vulnerabilities/0/notes')
    .map((one) => objectOf(one, '/vulnerabilities/0/notes'))
    .find(({ title }) => title === `${ACTION_TITLE} (${id})`)
  const action = remedy?.['details'] ?? about('threats')?.['details'] ?? note?.['text']
  const rest = full.slice(`${vendor} ${name} `.length)
  return {
    vendor,
    name,
    versionRange: rest === '' ? null : rest,
    standing,
    action: maybe(action, (text) => textOf(text, '/vulnerabilities/0/remediations')),
    remedy: remedy ? wordOf(remedy['category'], REMEDIES, '/remediations/category') : 'mitigation',
    flag: maybe(about('flags')?.['label'], (label) => wordOf(label, FLAGS, '/flags/label')),
  }
}

function first(given: Member): Member {
  return listOf(given, '/vulnerabilities')[0]
}

function maybe<T>(given: Member, read: (given: Member) => T): T | null {
  return given === undefined ? null : read(given)
}

function objectOf(given: Member, field: string): Found {
  if (given !== null && typeof given === 'object' && !Array.isArray(given)) return given as Found
  throw malformed('not an object', { field, reason: 'wrong-type' })
}

/** Absent is empty. */
function listOf(given: Member, field: string): readonly Json[] {
  if (given === undefined) return []
  if (Array.isArray(given)) return given as readonly Json[]
  throw malformed('not a list', { field, reason: 'wrong-type' })
}

function textOf(given: Member, field: string): string {
  if (typeof given === 'string') return given
  throw malformed('not a text', { field, reason: 'wrong-type' })
}

function wordOf<W extends string>(given: Member, words: readonly W[], field: string): W {
  const found = words.find((word) => word === given)
  if (found !== undefined) return found
  throw malformed('not one of the words that stand here', { field, reason: 'wrong-form' })
}
