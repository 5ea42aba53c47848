/** Acts that draft what is made public: the next version of an advisory or a safety notice. */
import { type Static, Type } from '@sinclair/typebox'
import { permit, refuse } from '../../base/decision.ts'
import type { CaseState } from '../../core/case/case.ts'
import { REVISION_KINDS, type SafetyNoticeContent } from '../../core/disclosure/advisory-events.ts'
import { draftVersion, dropDraft as dropVersion } from '../../core/disclosure/advisory-steps.ts'
import { caseAct } from '../act.ts'
import { creditedContent } from '../recognition-facts.ts'
import { newTrackingId } from './advisory-document.ts'
import {
  advisoryTextForm,
  contentOf,
  given,
  publicRatingForm,
  publicTextForm,
} from './publication-acts.ts'
import { hasReport } from './triage-acts.ts'

const drafting = { topic: 'publication', group: 'disclose' } as const

const text = (maxLength: number) => Type.String({ minLength: 1, maxLength })

const versionForm = {
  /** Absent: something new. */
  trackingId: Type.Optional(
    Type.String({ maxLength: 100, pattern: '^([A-Za-z0-9][A-Za-z0-9._-]{0,99})?$' }),
  ),
  change: Type.Union(REVISION_KINDS.filter(isDrafted).map((kind) => Type.Literal(kind))),
  changeSummary: text(1000),
}

/** A withdrawal keeps the text, so nothing is drafted for it. */
function isDrafted(
  kind: (typeof REVISION_KINDS)[number],
): kind is Exclude<typeof kind, 'withdrawal'> {
  return kind !== 'withdrawal'
}

const draftForm = Type.Object({ ...versionForm, ...advisoryTextForm })
export type AdvisoryDraftAsked = Static<typeof draftForm>

export const draftAdvisory = caseAct({
  name: 'draftAdvisory',
  ...drafting,
  input: draftForm,
  when: hasReport,
  prepare: async ({ kernel, input, acting }) => idOf(input) ?? newTrackingId(kernel, acting.now),
  decide: (state, input, _acting, trackingId) =>
    isKnown(state, input)
      ? draftVersion(state, {
          ...{ ...versionOf(input), trackingId },
          content: creditedContent(state, contentOf(input)),
        })
      : refuse('notPublished', unknownId),
  finish: async (_step, trackingId) => ({ trackingId }),
})

const noticeForm = Type.Object({
  ...versionForm,
  ...publicTextForm,
  whatHappens: text(1500),
  whoIsConcerned: text(1000),
  whatToDo: text(1500),
  help: Type.Optional(Type.String({ maxLength: 500 })),
  ...publicRatingForm,
})

export type NoticeDraftAsked = Static<typeof noticeForm>

export const draftSafetyNotice = caseAct({
  name: 'draftSafetyNotice',
  ...drafting,
  input: noticeForm,
  when: hasReport,
  prepare: async ({ kernel, input, acting }) => {
    const fresh = newTrackingId(kernel, acting.now).replace('COMITY-', 'NOTICE-')
    return idOf(input) ?? fresh
  },
  decide: (state, input, _acting, trackingId) =>
    isKnown(state, input)
      ? draftVersion(state, { ...versionOf(input), trackingId, content: noticeOf(input) })
      : refuse('notPublished', unknownId),
  finish: async (_step, trackingId) => ({ trackingId }),
})

export const dropAdvisoryDraft = caseAct({
  name: 'dropAdvisoryDraft',
  ...drafting,
  input: Type.Object({ trackingId: text(100) }),
  when: ({ advisoryDrafts }) =>
    advisoryDrafts.length > 0
      ? permit(null)
      : refuse('noDraft', { rule: 'publication:noDraft', text: 'nothing is drafted' }),
  decide: (state, input) => dropVersion(state, input),
})

/** Ids are drawn here: nobody publishes under the id of another case. */
function isKnown(
  { publications, safetyNotices, advisoryDrafts }: CaseState,
  { trackingId }: { readonly trackingId?: string },
): boolean {
  const known = [...publications, ...safetyNotices, ...advisoryDrafts]
  return !trackingId || known.some((one) => one.trackingId === trackingId)
}

const unknownId = {
  rule: 'publication:notPublished',
  text: 'nothing was published or drafted in this case under this id',
}

const idOf = ({ trackingId }: { readonly trackingId?: string }) => trackingId || undefined

function versionOf({
  change,
  changeSummary,
}: Pick<Static<typeof noticeForm>, 'change' | 'changeSummary'>) {
  return { kind: change, summary: changeSummary }
}

export function noticeOf(input: NoticeDraftAsked): SafetyNoticeContent {
  const { title, product, whatHappens, whoIsConcerned, whatToDo } = input
  const { help, severity = 'notRated', sectors = [], lang = 'en' } = input
  return {
    ...{ is: 'safetyNotice', lang, title, product, severity, sectors },
    ...{ whatHappens, whoIsConcerned, whatToDo, help: given(help) },
  }
}
