/**
 * The steps of what a case makes public: draft, drop, publish, withdraw. A first version,
 * then versions that say what changed and why; a withdrawal keeps the text and is the last.
 *
 * That no embargo is in force, and that a document fits its standard, is asked beside it.
 */
import { type Because, type Decision, permit, type Refusal, refuse } from '../../base/decision.ts'
import {
  type AdvisoriesState,
  type AdvisoryDraft,
  isWithdrawn,
  type Publication,
  type SafetyNotice,
} from './advisories.ts'
import type {
  AdvisoryContent,
  AdvisoryDraftDropped,
  AdvisoryDrafted,
  Revision,
  RevisionKind,
  SafetyNoticeContent,
} from './advisory-events.ts'

export type PublicContent = AdvisoryContent | SafetyNoticeContent

export type DraftVersion = {
  readonly trackingId: string
  readonly kind: RevisionKind
  /** What changed and why. */
  readonly summary: string
  readonly content: PublicContent
}

export type WhyNoVersion =
  | 'otherKindOfText'
  | 'firstComesFirst'
  | 'onlyOneFirst'
  | 'withdrawnIsLast'
  | 'nothingChanged'
  | 'noNewAffected'
  | 'noDraft'
  | 'draftChanged'
  | 'notPublished'

type Asked = Pick<DraftVersion, 'trackingId'>

export function draftVersion(
  state: AdvisoriesState,
  { trackingId, kind, summary, content }: DraftVersion,
): Decision<readonly AdvisoryDrafted[], WhyNoVersion> {
  const published = publishedAs(state, trackingId)
  const last = published?.revisions.at(-1)
  const fault = orderFault(last, kind) ?? (last && contentFault(last.content, kind, content))
  if (fault) return fault
  const draft = state.advisoryDrafts.find((one) => one.trackingId === trackingId)
  if (draft && draft.revision.content.is !== content.is) return no('otherKindOfText')
  const revision = { number: (last?.number ?? 0) + 1, kind, summary, content }
  return permit([{ type: 'advisoryDrafted', trackingId, revision }])
}

export function dropDraft(
  { advisoryDrafts }: AdvisoriesState,
  { trackingId }: Asked,
): Decision<readonly AdvisoryDraftDropped[], WhyNoVersion> {
  const draft = advisoryDrafts.find((one) => one.trackingId === trackingId)
  return draft ? permit([{ type: 'advisoryDraftDropped', trackingId }]) : no('noDraft')
}

/** What was drafted, if it is still what the officer saw: named by its place in the history. */
export function draftToPublish(
  { advisoryDrafts }: AdvisoriesState,
  { trackingId, draftedAs }: Asked & { readonly draftedAs: number },
): Decision<AdvisoryDraft, WhyNoVersion> {
  const draft = advisoryDrafts.find((one) => one.trackingId === trackingId)
  if (!draft) return no('noDraft')
  return draft.draftedAs === draftedAs ? permit(draft) : no('draftChanged')
}

/** The last version: the text as it stood, with the reason why it no longer holds. */
export function withdrawal(
  state: AdvisoriesState,
  { trackingId, summary }: Asked & { readonly summary: string },
): Decision<Revision<PublicContent>, WhyNoVersion> {
  const published = publishedAs(state, trackingId)
  const last = published?.revisions.at(-1)
  if (!published || !last) return no('notPublished')
  if (isWithdrawn(published)) return no('withdrawnIsLast')
  const { number, content } = last
  return permit({ number: number + 1, kind: 'withdrawal', summary, content })
}

/** Why a second officer reads it before it goes out; `undefined`: one is enough. */
export function whyReviewed({ kind, content }: Revision<PublicContent>): Because | undefined {
  const isGrave = content.severity === 'high' || content.severity === 'critical'
  if (kind === 'correction' || kind === 'withdrawal') return because.reviewedChange
  if (content.is === 'safetyNotice' && kind === 'first') return because.reviewedNotice
  return isGrave && (kind === 'first' || kind === 'newAffected') ? because.reviewedGrave : undefined
}

function publishedAs(
  { publications, safetyNotices }: AdvisoriesState,
  trackingId: string,
): Publication | SafetyNotice | undefined {
  return [...publications, ...safetyNotices].find((one) => one.trackingId === trackingId)
}

function orderFault(
  last: Revision<PublicContent> | undefined,
  kind: RevisionKind,
): Refusal<WhyNoVersion> | undefined {
  if (!last) return kind === 'first' ? undefined : no('firstComesFirst')
  if (last.kind === 'withdrawal') return no('withdrawnIsLast')
  return kind === 'first' ? no('onlyOneFirst') : undefined
}

function contentFault(
  last: PublicContent,
  kind: RevisionKind,
  next: PublicContent,
): Refusal<WhyNoVersion> | undefined {
  if (last.is !== next.is) return no('otherKindOfText')
  const changed = changedMembers(last, next)
  if (changed.length === 0 && kind !== 'withdrawal') return no('nothingChanged')
  const isWider = changed.some((member) => AFFECTED_MEMBERS.includes(member))
  return kind === 'newAffected' && !isWider ? no('noNewAffected') : undefined
}

const AFFECTED_MEMBERS = [
  'vendor',
  'product',
  'versionRange',
  'status',
  'whoIsConcerned',
  'sectors',
]

/** Names of the members in which two versions differ, in the order in which they are written. */
export function changedMembers(last: PublicContent, next: PublicContent): readonly string[] {
  const before = last as unknown as Readonly<Record<string, unknown>>
  const after = next as unknown as Readonly<Record<string, unknown>>
  const gone = Object.keys(before).filter((name) => !Object.hasOwn(after, name))
  return [...Object.keys(after), ...gone].filter(
    (name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]),
  )
}

const because = {
  reviewedChange: {
    rule: 'publication:changeTakesTwo',
    text: 'what was published is corrected or withdrawn by two officers',
  },
  reviewedNotice: {
    rule: 'publication:noticeTakesTwo',
    text: 'a safety notice warns the public, so a second officer reads it first',
  },
  reviewedGrave: {
    rule: 'publication:graveTakesTwo',
    text: 'an advisory of high or critical severity is read by a second officer first',
  },
} as const satisfies Readonly<Record<string, Because>>

const TEXTS: Readonly<Record<WhyNoVersion, string>> = {
  otherKindOfText: 'an advisory stays an advisory, and a safety notice a safety notice',
  firstComesFirst: 'nothing was published yet: this is the first version',
  onlyOneFirst: 'there is a version already: say what kind of change this is',
  withdrawnIsLast: 'it was withdrawn: nothing follows, what is new is published anew',
  nothingChanged: 'the text is the one that is published',
  noNewAffected: 'nothing says that more is affected: product, versions, who is concerned',
  noDraft: 'there is no such draft',
  draftChanged: 'the draft has changed since it was looked at: look again',
  notPublished: 'nothing was published under this id',
}

function no(why: WhyNoVersion): Refusal<WhyNoVersion> {
  return refuse(why, { rule: `publication:${why}`, text: TEXTS[why] })
}
