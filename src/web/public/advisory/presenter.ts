/**
 * A published CSAF 2.0 document as a page. The document is one that this node
 * wrote and checked before it was published; members it lacks are left out. Pure.
 */
import type { CsafKey, CsafFile as ServedFile } from '../../../app/ports/csaf-provider.ts'
import type { PublicationRow } from '../../../app/ports/registers.ts'
import { toHex, utf8 } from '../../../base/bytes.ts'
import { canonicalBytes } from '../../../base/canonical-json.ts'
import type { Instant } from '../../../base/time.ts'
import type { Hashing } from '../../../proof/primitives.ts'
import { advisoryFileName } from '../../../wire/csaf.ts'
import { isVexId } from '../../../wire/csaf-advisory.ts'
import type { PublicTextModel } from '../public-text.ts'
import type { AdvisoryModel, CsafFile, ServedFiles } from './model.ts'

type Branch = {
  readonly branches?: readonly Branch[]
  readonly product?: { readonly name: string; readonly product_id: string }
}

type Vulnerability = {
  readonly cve?: string
  readonly ids?: readonly { readonly system_name: string; readonly text: string }[]
  readonly product_status?: Readonly<Record<string, readonly string[]>>
}

/** The members of CSAF 2.0 that are shown. */
type Csaf = {
  readonly document: {
    readonly title: string
    readonly distribution?: { readonly tlp?: { readonly label: string } }
    readonly notes?: readonly {
      readonly category: string
      readonly title?: string
      readonly text: string
    }[]
    readonly references?: readonly { readonly summary: string; readonly url: string }[]
    readonly tracking: {
      readonly id: string
      readonly version: string
      readonly initial_release_date: Instant
      readonly current_release_date: Instant
    }
  }
  readonly product_tree?: Branch
  readonly vulnerabilities?: readonly Vulnerability[]
}

export type AdvisoryView = {
  readonly hashing: Hashing
  readonly isDemonstration: boolean
  /** What the CSAF provider serves of it; empty before it is signed. */
  readonly files: readonly ServedFile[]
  /** The one in use first. */
  readonly keys: readonly CsafKey[]
}

export function csafTitleOf({ document }: PublicationRow): string {
  return csafOf(document).document.title
}

/** `text`: the same advisory as its case told it, version by version. */
export function advisoryModel(
  row: PublicationRow,
  text: PublicTextModel,
  view: AdvisoryView,
): AdvisoryModel {
  const { document, product_tree, vulnerabilities = [] } = csafOf(row.document)
  const { distribution, notes = [], references = [], tracking } = document
  return {
    text,
    publishedAt: tracking.initial_release_date,
    updatedAt: tracking.current_release_date,
    version: tracking.version,
    tlp: tlpOf(distribution?.tlp?.label ?? ''),
    isDemonstration: view.isDemonstration,
    products: productsOf(product_tree ?? {}, vulnerabilities),
    identifiers: vulnerabilities.flatMap(identifiersOf),
    notes: notes
      .filter(({ category }) => category !== 'summary')
      .map(({ title: heading = '', category, text }) => ({ title: heading || category, text })),
    references: references.map(({ summary: name, url }) => ({ title: name, url })),
    csaf: csafFileOf(row, view.hashing),
    served: servedFiles(view),
  }
}

/** What is signed by a former key is signed again by the one in use, so one key is named. */
function servedFiles({ files, keys }: AdvisoryView): ServedFiles {
  return {
    files: files.map(({ version, trackingId, year, fileName, content, sha256, sha512 }) => ({
      ...{ version, year, file: fileName, sizeBytes: utf8(content).length, sha256, sha512 },
      form: isVexId(trackingId) ? 'vex' : 'advisory',
    })),
    keyFingerprint: keys[0]?.fingerprint ?? null,
  }
}

/** The digest is over the bytes that the server sends and that the case recorded. */
export function csafFileOf(row: PublicationRow, { sha256 }: Hashing): CsafFile {
  const bytes = canonicalBytes(row.document as object)
  return {
    year: row.publishedAt.slice(0, 4),
    file: advisoryFileName(row.trackingId),
    sizeBytes: bytes.length,
    sha256: toHex(sha256(bytes)),
  }
}

function csafOf(document: PublicationRow['document']): Csaf {
  return document as unknown as Csaf
}

/** CSAF 2.0 has the labels of TLP 1; TLP 2.0 says CLEAR for WHITE. */
function tlpOf(label: string): string {
  return `TLP:${label === 'WHITE' ? 'CLEAR' : label}`
}

function productsOf(tree: Branch, vulnerabilities: readonly Vulnerability[]) {
  const names = new Map(productNames(tree))
  const statuses = vulnerabilities.flatMap(({ product_status = {} }) =>
    Object.entries(product_status),
  )
  return statuses.flatMap(([status, ids]) =>
    ids.map((id) => ({ name: names.get(id) ?? id, status })),
  )
}

function productNames({ product, branches = [] }: Branch): [string, string][] {
  const own: [string, string][] = product ? [[product.product_id, product.name]] : []
  return [...own, ...branches.flatMap(productNames)]
}

function identifiersOf({ cve, ids = [] }: Vulnerability) {
  const others = ids.map(({ system_name, text }) => ({ system: system_name, text }))
  return cve === undefined ? others : [{ system: 'CVE', text: cve }, ...others]
}
