/** Acts that make something public. */
import { type Static, Type } from '@sinclair/typebox'
import { toHex } from '../../base/bytes.ts'
import { canonicalBytes, type Json } from '../../base/canonical-json.ts'
import { permit, refuse } from '../../base/decision.ts'
import type { CaseEvent, CaseState } from '../../core/case/case.ts'
import type { Acting } from '../../core/case/recorded.ts'
import type { AdvisoryContent, Revision } from '../../core/disclosure/advisory-events.ts'
import { isUnderEmbargo } from '../../core/disclosure/disclosure-state.ts'
import { recordProgress } from '../../core/disclosure/progress.ts'
import { writeAdvisory } from '../../wire/csaf.ts'
import { caseAct, type Sight } from '../act.ts'
import { reason } from './fields.ts'
import { hasReport } from './triage-acts.ts'

const text = (maxLength: number) => Type.String({ minLength: 1, maxLength })

const advisoryForm = Type.Object({
  title: text(300),
  summary: text(4000),
  vendor: text(200),
  product: text(200),
  status: Type.Union([Type.Literal('known_affected'), Type.Literal('under_investigation')]),
  remediation: reason,
})

/** Publishes the case's advisory. It must be valid CSAF 2.0, and no embargo may be in force. */
export const publishAdvisory = caseAct({
  name: 'publishAdvisory',
  topic: 'publication',
  group: 'disclose',
  stepUp: true,
  input: advisoryForm,
  when: (state) => {
    if (isUnderEmbargo(state.disclosure)) return refuse('underEmbargo', embargoFirst)
    return hasReport(state)
  },
  before: async (sight) => {
    const document = advisoryOf(sight)
    const { kernel } = sight
    const digest = toHex(kernel.primitives.sha256(canonicalBytes(document as object)))
    return { document, digest, checked: await kernel.advisories.validate(document) }
  },
  decide: (state, input, acting, { document, digest, checked }) => {
    if (!checked.valid) {
      const problems = checked.problems.slice(0, 20)
      return refuse('notValidCsaf', ...problems.map((text) => ({ rule: 'csaf:2.0', text })))
    }
    const trackingId = trackingIdOf(document)
    const type = 'advisoryPublished'
    const revision = firstRevision(input)
    const published = { type, trackingId, digest, document, revision } as const
    return permit<CaseEvent[]>([...publicNow(state, acting), published], csafRule)
  },
  finish: async (_step, { document }) => ({ trackingId: trackingIdOf(document) }),
})

function firstRevision(input: Static<typeof advisoryForm>): Revision<AdvisoryContent> {
  const { title, summary, vendor, product, status, remediation } = input
  const told = { is: 'advisory', lang: 'en', title, summary, vendor, product } as const
  const open = { versionRange: null, forUsers: null, severity: 'notRated', sectors: [] } as const
  const content: AdvisoryContent = { ...told, ...open, status, remediation }
  return { number: 1, kind: 'first', summary: 'First version.', content }
}

const embargoFirst = {
  rule: 'disclosure:embargoFirst',
  text: 'an embargo is in force; it ends before anything is published',
}
const csafRule = {
  rule: 'csaf:2.0',
  text: 'the advisory passes the schema and the mandatory tests of CSAF 2.0',
}

/** Publication makes the case public, unless it was public before. */
function publicNow(state: CaseState, acting: Acting) {
  if (state.disclosure.publicState.includes('P')) return []
  const evidence = 'advisory published by this authority'
  const progress = recordProgress(state.disclosure, { letter: 'P', evidence }, acting)
  return progress.decision === 'permit' ? progress.value : []
}

function trackingIdOf(document: Json): string {
  const { document: head } = document as { document: { tracking: { id: string } } }
  return head.tracking.id
}

function advisoryOf({ kernel, input, state, acting }: Sight<Static<typeof advisoryForm>>): Json {
  const { report } = state.triage
  const year = acting.now.slice(0, 4)
  const isDemo = kernel.node.profile !== 'production'
  const watermark = {
    category: 'legal_disclaimer',
    title: 'Demonstration',
    text: 'Made by a demonstration of Comity with fictional authorities and a simulated clock. Not a real advisory.',
  } as const
  return writeAdvisory({
    trackingId: `COMITY-${year}-${kernel.random.uuid().slice(0, 8).toUpperCase()}`,
    title: isDemo ? `[DEMONSTRATION] ${input.title}` : input.title,
    publisher: { name: kernel.node.name, namespace: `https://${kernel.node.id}` },
    issuedAt: acting.now,
    notes: [
      { category: 'summary', title: 'Summary', text: input.summary },
      ...(isDemo ? [watermark] : []),
    ],
    vendor: input.vendor,
    product: input.product,
    ids: identifiersOf(state),
    references: (isFromPortal(state) ? [] : (report?.references ?? []))
      .filter(({ url }) => /^https?:\/\//.test(url))
      .slice(0, 50)
      .map(({ label, url }) => ({ summary: label || url, url })),
    status: input.status,
    remediationText: input.remediation,
    acknowledgements: [],
    tlp: 'WHITE',
    lang: 'en',
  })
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
