/**
 * A case as a record of another system: AVID, the AI Incident Database, or a draft for the
 * CVE programme. It holds what is public and nothing else: the text that the case published,
 * or the public record that the case was opened from. Everything else is listed by name.
 *
 * It is a file for whoever sends it in; no such system has been told anything.
 */
import type { Json } from '../../base/canonical-json.ts'
import { type Because, type Decision, permit, refuse } from '../../base/decision.ts'
import type { Instant } from '../../base/time.ts'
import { type AdmittedReport, isAlreadyPublic } from '../../core/triage/admitted-report.ts'
import { writeAvid } from '../avid.ts'
import type { CsafAdvisory } from '../csaf-advisory.ts'
import { embargoFirst } from '../csaf-case.ts'
import { writeAiidIncident } from '../inputs/aiid.ts'
import { pointerTo } from '../json-pointer.ts'
import { draftCve } from './cve-draft.ts'
import type { NotWritten, WhyNotWritten } from './not-written.ts'

export const RECORD_FORMATS = ['avid', 'aiid', 'cve'] as const
export type RecordFormat = (typeof RECORD_FORMATS)[number]

export type PublicCase = {
  readonly isUnderEmbargo: boolean
  /** What the case published last, as its CSAF document says it. */
  readonly published: {
    readonly advisory: CsafAdvisory
    /** Of the first version. */
    readonly at: Instant
    /** Of the public page. */
    readonly address: string
  } | null
  readonly report: AdmittedReport | null
  /** Terms of its classification, e.g. `trait.probabilistic`. */
  readonly terms: readonly string[]
  readonly hasScore: boolean
}

export type RecordOut = {
  readonly format: RecordFormat
  /** Written from the case's own published text, or from the public record it was opened from. */
  readonly from: 'advisory' | 'record'
  readonly record: Json
  readonly notCarried: readonly NotWritten[]
}

export type WhyNoRecord = 'underEmbargo' | 'notPublished' | 'withdrawn' | 'notForCve' | 'noArticle'

export function writeRecord(
  format: RecordFormat,
  one: PublicCase,
): Decision<RecordOut, WhyNoRecord> {
  if (one.isUnderEmbargo) return refuse('underEmbargo', embargoFirst)
  if (format === 'cve') return cveOf(one)
  const { report, published } = one
  const isPublicRecord = report !== null && isPublic(report)
  // The very record comes back, member by member.
  if (isPublicRecord && format === 'avid' && report.source.format === 'AVID') {
    return written({ format, from: 'record', record: writeAvid(report), notCarried: [] })
  }
  if (published) {
    if (published.advisory.withdrawn !== null) return refuse('withdrawn', stillHolds)
    return format === 'avid' ? avidOfAdvisory(one, published) : aiidOfAdvisory(one, published)
  }
  if (!isPublicRecord || format === 'avid') return refuse('notPublished', publishedFirst)
  const incident = writeAiidIncident(report)
  if (!incident) return refuse('noArticle', articleFirst)
  const { incident: record, lost } = incident
  const notCarried = [
    ...lost.map(({ pointer, why }) => ({
      pointer: `/report${pointer}`,
      why: why === 'personal' ? ('personal' as const) : ('noPlace' as const),
    })),
    ...ofClassification(one, () => 'noPlace'),
  ]
  return written({ format, from: 'record', record, notCarried })
}

/** What came in by a portal is confidential, whatever the reporter said of it. */
function isPublic(report: AdmittedReport): boolean {
  return report.source.format !== 'portal' && isAlreadyPublic(report)
}

type Published = NonNullable<PublicCase['published']>

function cveOf(one: PublicCase): Decision<RecordOut, WhyNoRecord> {
  const { published } = one
  if (!published) return refuse('notPublished', publishedFirst)
  const { advisory, at: publicAt, address } = published
  const decision = draftCve({
    ...{ advisory, publicAt, address, isPublished: true, isUnderEmbargo: one.isUnderEmbargo },
    tlp: 'CLEAR',
    weaknesses: [],
    cvss4: null,
    others: ofClassification(one, (group) => (group === 'weakness' ? 'notPublished' : 'noPlace')),
  })
  if (decision.decision === 'refuse') {
    return refuse(decision.why === 'notForCve' ? 'notForCve' : 'notPublished', ...decision.because)
  }
  const { draft, notCarried } = decision.value
  return written({ format: 'cve', from: 'advisory', record: draft as unknown as Json, notCarried })
}

/** ISO 639-3, as AVID writes languages; of those in which advisories are written. */
const ISO_639_3: Readonly<Record<string, string>> = {
  ...{ en: 'eng', fr: 'fra', de: 'deu', es: 'spa', ar: 'ara', it: 'ita' },
  ...{ pt: 'por', pl: 'pol', uk: 'ukr', zh: 'zho', ja: 'jpn', ko: 'kor' },
}

/** AVID has lists for these: what stands in the case was not published with the text. */
const AVID_HAS: readonly string[] = ['impact', 'lifecycle', 'weakness', 'severity']

function avidOfAdvisory(one: PublicCase, published: Published): Decision<RecordOut, WhyNoRecord> {
  const language = ISO_639_3[published.advisory.lang] ?? published.advisory.lang
  const report = reportOf(published, language)
  const record = writeAvid({ ...report, source: { format: 'AVID', formatVersion: '0.3.1' } })
  const notCarried = [
    ...ofAdvisory(published.advisory),
    ...ofClassification(one, (group) => (AVID_HAS.includes(group) ? 'notPublished' : 'noPlace')),
  ]
  return written({ format: 'avid', from: 'advisory', record, notCarried })
}

function aiidOfAdvisory(one: PublicCase, published: Published): Decision<RecordOut, WhyNoRecord> {
  const incident = writeAiidIncident(reportOf(published, published.advisory.lang))
  if (!incident) return refuse('noArticle', articleFirst)
  const { lang } = published.advisory
  const notCarried = [
    // An incident of that database does not say in which language it is.
    ...(lang === 'en' ? [] : [{ pointer: '/lang', why: 'noPlace' as const }]),
    ...ofAdvisory(published.advisory),
    ...ofClassification(one, () => 'noPlace'),
  ]
  return written({ format: 'aiid', from: 'advisory', record: incident.incident, notCarried })
}

/** No id of the other system: it gives its own. */
function reportOf({ advisory, at, address }: Published, language: string): AdmittedReport {
  const { title, notes, products, references } = advisory
  return {
    kind: 'report',
    source: { format: 'advisory', formatVersion: '1' },
    identifiers: {},
    title: { language, text: title },
    description: { language, text: notes[0]?.text ?? '' },
    affected: {
      developers: [...new Set(products.map(({ vendor }) => vendor))],
      deployers: [],
      artifacts: products.map(({ name }) => ({ kind: 'System', name })),
    },
    problem: { origin: 'Third-party Report', nature: 'Advisory' },
    references: [
      { kind: 'source', label: title, url: address },
      ...references.map(({ summary, url }) => ({ kind: 'source', label: summary, url })),
    ],
    reportedOn: at.slice(0, 10),
    extensions: [],
    remarks: [],
  }
}

/** What an advisory says beyond text, vendor, product and references. */
function ofAdvisory(advisory: CsafAdvisory): readonly NotWritten[] {
  const { severity, notes, products, acknowledgements, cve, ids } = advisory
  const ofProduct = (at: number, product: CsafAdvisory['products'][number]) =>
    (['versionRange', 'standing', 'action', 'flag'] as const)
      .filter((name) => product[name] !== null)
      .map((name) => noPlace('products', at, name))
  return [
    ...(severity === null ? [] : [noPlace('severity')]),
    ...notes.slice(1).map((_, at) => noPlace('notes', at + 1)),
    ...products.flatMap((product, at) => ofProduct(at, product)),
    ...(cve === null ? [] : [noPlace('cve')]),
    ...ids.map((_, at) => noPlace('ids', at)),
    ...acknowledgements.map((_, at) => ({ ...noPlace('acknowledgements', at), why: PERSONAL })),
  ]
}

const PERSONAL = 'personal' as const satisfies WhyNotWritten

function ofClassification(
  { terms, hasScore }: PublicCase,
  whyOf: (group: string) => WhyNotWritten,
): readonly NotWritten[] {
  const score = hasScore ? [{ pointer: '/cvss', why: 'notPublished' as const }] : []
  return [
    ...score,
    ...terms.map((term) => ({
      pointer: pointerTo('/terms', term),
      why: whyOf(term.split('.')[0] ?? ''),
    })),
  ]
}

function noPlace(...path: readonly (string | number)[]): NotWritten {
  const pointer = path.reduce<string>((at, step) => pointerTo(at, step), '')
  return { pointer, why: 'noPlace' }
}

function written(out: RecordOut): Decision<RecordOut, WhyNoRecord> {
  return permit(out, {
    rule: out.from === 'advisory' ? 'records:published' : 'records:publicRecord',
    text:
      out.from === 'advisory'
        ? 'written from what the case published'
        : 'written from the public record that the case was opened from',
  })
}

const publishedFirst: Because = {
  rule: 'records:notPublished',
  text: 'only what is public becomes a record of another system: publish an advisory first',
}
const stillHolds: Because = {
  rule: 'records:stillHolds',
  text: 'what was withdrawn is given to no other system',
}
const articleFirst: Because = {
  rule: 'records:article',
  text: 'an incident of that database refers to a public article; there is none',
}
