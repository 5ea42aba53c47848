/** Acts that make something public: versions of advisories and of safety notices. */

import { type Static, Type } from '@sinclair/typebox'
import { type Decision, permit, refuse } from '../../base/decision.ts'
import type { CaseEvent, CaseState } from '../../core/case/case.ts'
import type { Acting } from '../../core/case/recorded.ts'
import {
  ADVISORY_SEVERITIES,
  type AdvisoryContent,
  PRODUCT_STANDINGS,
  PUBLIC_LANGUAGES,
  type Revision,
  SECTORS,
} from '../../core/disclosure/advisory-events.ts'
import {
  draftToPublish,
  type PublicContent,
  whyReviewed,
  withdrawal,
} from '../../core/disclosure/advisory-steps.ts'
import { isUnderEmbargo } from '../../core/disclosure/disclosure-state.ts'
import { recordProgress } from '../../core/disclosure/progress.ts'
import { embargoFirst } from '../../wire/csaf-case.ts'
import { caseAct } from '../act.ts'
import { withCredits } from '../recognition-facts.ts'
import { type MadeDocument, makeDocument, newTrackingId } from './advisory-document.ts'
import { hasReport } from './triage-acts.ts'

const text = (maxLength: number) => Type.String({ minLength: 1, maxLength })
const oneOf = <const Words extends readonly string[]>(words: Words) =>
  Type.Union(words.map((word) => Type.Literal(word as Words[number])))

/** Of whatever is made public. */
export const publicTextForm = {
  title: text(300),
  product: text(200),
}
export const publicRatingForm = {
  severity: Type.Optional(oneOf(ADVISORY_SEVERITIES)),
  sectors: Type.Optional(Type.Array(oneOf(SECTORS), { maxItems: SECTORS.length })),
  lang: Type.Optional(oneOf(PUBLIC_LANGUAGES)),
}

export const advisoryTextForm = {
  ...{ title: publicTextForm.title, summary: text(4000), vendor: text(200) },
  product: publicTextForm.product,
  versionRange: Type.Optional(Type.String({ maxLength: 200 })),
  status: oneOf(PRODUCT_STANDINGS),
  remediation: text(2000),
  forUsers: Type.Optional(Type.String({ maxLength: 2000 })),
  ...publicRatingForm,
}

const advisoryForm = Type.Object(advisoryTextForm)
export type AdvisoryAsked = Static<typeof advisoryForm>

export const notUnderEmbargo = (state: CaseState): Decision<null> =>
  isUnderEmbargo(state.disclosure) ? refuse('underEmbargo', embargoFirst) : hasReport(state)

const publishing = { topic: 'publication', group: 'disclose', stepUp: true } as const

/** Writes and publishes the first version in one step. */
export const publishAdvisory = caseAct({
  name: 'publishAdvisory',
  ...publishing,
  input: advisoryForm,
  secondPerson: (_state, input) => whyReviewed(input ? firstRevision(input) : GRAVE),
  when: notUnderEmbargo,
  before: async ({ kernel, state, input, acting: { now } }) => {
    const revision = withCredits(state, firstRevision(input))
    const next = { trackingId: newTrackingId(kernel, now), revision, now }
    return { ...next, made: await makeDocument(kernel, state, next) }
  },
  decide: (state, _input, acting, next) => publishRevision(state, next, acting),
  finish: async (_step, { trackingId }) => ({ trackingId }),
})

/** `<tracking id>@<place of the draft in the history>`: exactly what the officer looked at. */
const draftName = text(120)

export const publishDraft = caseAct({
  name: 'publishDraft',
  ...publishing,
  input: Type.Object({ draft: draftName }),
  secondPerson: (state, input) => {
    if (!input)
      return state.advisoryDrafts.map(({ revision }) => whyReviewed(revision)).find(Boolean)
    const named = draftNamed(state, input.draft)
    return named.decision === 'permit' ? whyReviewed(named.value.revision) : undefined
  },
  when: (state) =>
    state.advisoryDrafts.length > 0 ? notUnderEmbargo(state) : refuse('noDraft', draftFirst),
  before: async ({ kernel, state, input, acting: { now } }) => {
    const named = draftNamed(state, input.draft)
    return named.decision === 'permit'
      ? madeOf(kernel, state, { ...named.value, now })
      : { refused: named }
  },
  decide: (state, _input, acting, prepared) =>
    'refused' in prepared ? prepared.refused : publishRevision(state, prepared, acting),
  finish: async (_step, prepared) =>
    'refused' in prepared ? undefined : { trackingId: prepared.trackingId },
})

export const withdrawPublication = caseAct({
  name: 'withdrawPublication',
  ...publishing,
  input: Type.Object({ trackingId: text(100), changeSummary: text(1000) }),
  secondPerson: () => withdrawnByTwo,
  when: ({ publications, safetyNotices }) =>
    publications.length + safetyNotices.length > 0
      ? permit(null)
      : refuse('notPublished', publishedFirst),
  before: async ({ kernel, state, input, acting: { now } }) => {
    const { trackingId, changeSummary } = input
    const last = withdrawal(state, { trackingId, summary: changeSummary })
    return last.decision === 'permit'
      ? madeOf(kernel, state, { trackingId, revision: last.value, now })
      : { refused: last }
  },
  decide: (state, _input, acting, prepared) =>
    'refused' in prepared ? prepared.refused : publishRevision(state, prepared, acting),
})

export function draftNamed(state: CaseState, name: string) {
  const at = name.lastIndexOf('@')
  const draftedAs = Number(name.slice(at + 1))
  return draftToPublish(state, { trackingId: name.slice(0, at), draftedAs })
}

type NextText = {
  readonly trackingId: string
  readonly revision: Revision<PublicContent>
  /** Of an advisory. */
  readonly made?: MadeDocument
}

async function madeOf(
  kernel: Parameters<typeof makeDocument>[0],
  state: CaseState,
  next: NextText & Pick<Acting, 'now'>,
): Promise<NextText> {
  const { trackingId, now } = next
  const revision = withCredits(state, next.revision)
  if (!isOfAdvisory(revision)) return { trackingId, revision }
  const made = await makeDocument(kernel, state, { trackingId, revision, now })
  return { trackingId, revision, made }
}

function isOfAdvisory(revision: Revision<PublicContent>): revision is Revision<AdvisoryContent> {
  return revision.content.is === 'advisory'
}

function publishRevision(
  state: CaseState,
  { trackingId, revision, made }: NextText,
  acting: Acting,
): Decision<readonly CaseEvent[]> {
  const { content } = revision
  const publicBy = publicNow(state, acting)
  if (content.is === 'safetyNotice') {
    const type = 'safetyNoticePublished'
    return permit<CaseEvent[]>([
      ...publicBy,
      { type, trackingId, revision: { ...revision, content } },
    ])
  }
  if (!made) return refuse('noDocument', csafRule)
  const { checked, digest, document } = made
  if (!checked.valid) {
    const problems = checked.problems.slice(0, 20)
    return refuse('notValidCsaf', ...problems.map((each) => ({ rule: 'csaf:2.0', text: each })))
  }
  const type = 'advisoryPublished'
  const published = {
    type,
    trackingId,
    digest,
    document,
    revision: { ...revision, content },
  } as const
  return permit<CaseEvent[]>([...publicBy, published], csafRule)
}

export function contentOf(input: AdvisoryAsked): AdvisoryContent {
  const { title, summary, vendor, product, status, remediation } = input
  const { versionRange, forUsers, severity = 'notRated', sectors = [], lang = 'en' } = input
  return {
    ...{ is: 'advisory', lang, title, summary, vendor, product, status, remediation },
    ...{ severity, sectors, versionRange: given(versionRange), forUsers: given(forUsers) },
  }
}

export const given = (written: string | undefined): string | null => written?.trim() || null

export function firstRevision(input: AdvisoryAsked): Revision<AdvisoryContent> {
  return { number: 1, kind: 'first', summary: 'First version.', content: contentOf(input) }
}

/** Stands for a text of high severity where nobody has filled in anything. */
const GRAVE = {
  kind: 'first',
  content: { is: 'advisory', severity: 'high' },
} as Revision<AdvisoryContent>

/** Publication makes the case public, unless it was public before. */
function publicNow(state: CaseState, acting: Acting) {
  if (state.disclosure.publicState.includes('P')) return []
  const evidence = 'advisory published by this authority'
  const progress = recordProgress(state.disclosure, { letter: 'P', evidence }, acting)
  return progress.decision === 'permit' ? progress.value : []
}

const csafRule = {
  rule: 'csaf:2.0',
  text: 'the advisory passes the schema and the mandatory tests of CSAF 2.0',
}
const draftFirst = { rule: 'publication:noDraft', text: 'nothing is drafted' }
const publishedFirst = { rule: 'publication:notPublished', text: 'nothing was published' }
const withdrawnByTwo = {
  rule: 'publication:changeTakesTwo',
  text: 'what was published is corrected or withdrawn by two officers',
}
