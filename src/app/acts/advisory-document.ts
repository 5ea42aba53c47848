/** The CSAF 2.0 document of a version of an advisory, as its case would publish it. */
import { toHex } from '../../base/bytes.ts'
import { canonicalBytes, type Json } from '../../base/canonical-json.ts'
import type { Instant } from '../../base/time.ts'
import type { CaseState } from '../../core/case/case.ts'
import type { AdvisoryContent, Revision } from '../../core/disclosure/advisory-events.ts'
import type { CreditRole } from '../../core/disclosure/recognition-events.ts'
import { type AdvisoryNote, writeAdvisory } from '../../wire/csaf.ts'
import type { Kernel } from '../kernel.ts'

export type MadeDocument = {
  readonly document: Json
  readonly digest: string
  readonly checked: { readonly valid: boolean; readonly problems: readonly string[] }
}

export type NextVersion = {
  readonly trackingId: string
  readonly revision: Revision<AdvisoryContent>
  readonly now: Instant
}

export async function makeDocument(
  kernel: Kernel,
  state: CaseState,
  next: NextVersion,
): Promise<MadeDocument> {
  const document = documentOf(kernel, state, next)
  const digest = toHex(kernel.primitives.sha256(canonicalBytes(document as object)))
  return { document, digest, checked: await kernel.advisories.validate(document) }
}

export function newTrackingId({ random }: Kernel, now: Instant): string {
  return `COMITY-${now.slice(0, 4)}-${random.uuid().slice(0, 8).toUpperCase()}`
}

function documentOf(
  { node }: Kernel,
  state: CaseState,
  { trackingId, revision, now }: NextVersion,
): Json {
  const { report } = state.triage
  const { content } = revision
  const published = state.publications.find((one) => one.trackingId === trackingId)
  const isDemo = node.profile !== 'production'
  return writeAdvisory({
    trackingId,
    title: isDemo ? `[DEMONSTRATION] ${content.title}` : content.title,
    publisher: { name: node.name, namespace: `https://${node.id}` },
    issuedAt: now,
    revisions: [...(published?.revisions ?? []), { ...revision, at: now }].map(
      ({ number, at, summary }) => ({ number: String(number), date: at, summary }),
    ),
    ...(revision.kind === 'withdrawal' ? { withdrawn: revision.summary } : {}),
    notes: [
      { category: 'summary', title: 'Summary', text: content.summary },
      ...(content.forUsers
        ? [{ category: 'general', title: 'For users', text: content.forUsers } as const]
        : []),
      ...(isDemo ? [watermark] : []),
    ],
    vendor: content.vendor,
    product: content.product,
    ...(content.versionRange ? { versionRange: content.versionRange } : {}),
    ids: identifiersOf(state),
    references: (isFromPortal(state) ? [] : (report?.references ?? []))
      .filter(({ url }) => /^https?:\/\//.test(url))
      .slice(0, 50)
      .map(({ label, url }) => ({ summary: label || url, url })),
    status: content.status,
    remediationText: content.remediation,
    acknowledgements: (content.credits ?? []).map(({ name, roles }) => ({
      names: [name],
      summary: roles.map(creditWords).join(', '),
    })),
    tlp: 'WHITE',
    lang: content.lang,
  })
}

/** As CVE JSON 5 writes them. */
export function creditWords(role: CreditRole): string {
  return role.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
}

const watermark: AdvisoryNote = {
  category: 'legal_disclaimer',
  title: 'Demonstration',
  text: 'Made by a demonstration of Comity with fictional authorities and a simulated clock. Not a real advisory.',
}

/** What a reporter named, and that somebody reported at all, is never published by itself. */
const isFromPortal = ({ triage }: CaseState) => triage.report?.source.format === 'portal'

/** Published identifiers only: the id of a filing would lead back to its reporter. */
function identifiersOf({ triage }: CaseState) {
  const { report } = triage
  if (!report || report.source.format === 'portal') return []
  const { reportId } = report.identifiers as { reportId?: string | null }
  return reportId ? [{ system: report.source.format, text: reportId }] : []
}
