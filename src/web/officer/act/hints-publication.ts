/** Hints for publication: what the report or the last version would have, for an officer to change. Pure. */
import type { CaseState } from '../../../core/case/case.ts'
import type {
  AdvisoryContent,
  SafetyNoticeContent,
} from '../../../core/disclosure/advisory-events.ts'
import { CREDIT_ROLES } from '../../../core/disclosure/recognition-events.ts'
import type { RawValues } from '../../form/form-model.ts'
import {
  filled,
  type Hints,
  type HintsOf,
  merged,
  oneOf,
  plain,
  someOf,
  widget,
} from './hint-context.ts'

const TITLE_MAX = 300
const SUMMARY_MAX = 4000
const NAME_MAX = 200

/** A report alleges: the status says so until an officer says more. */
const publishAdvisory: HintsOf = ({ read: { state } }) =>
  merged(filled(fromReport(state)), widget('forUsers', 'textarea'))

const draftAdvisory: HintsOf = ({ read: { state } }) => {
  const texts = latestTexts(state, 'advisory')
  const start = startOf(texts)
  const fresh = { ...fromReport(state), change: 'first', changeSummary: 'First version.' }
  return merged(
    filled(start ?? fresh),
    { choices: { trackingId: [newOne, ...texts.map(choiceOf)] }, startFrom: startsOf(texts) },
    widget('forUsers', 'textarea'),
    widget('changeSummary', 'textarea'),
  )
}

const draftSafetyNotice: HintsOf = ({ read: { state } }) => {
  const texts = latestTexts(state, 'safetyNotice')
  const { product } = fromReport(state)
  const fresh = { product, severity: 'notRated', change: 'first', changeSummary: 'First version.' }
  return merged(
    filled(startOf(texts) ?? fresh),
    { choices: { trackingId: [newOne, ...texts.map(choiceOf)] }, startFrom: startsOf(texts) },
    ...['whatHappens', 'whoIsConcerned', 'whatToDo', 'help', 'changeSummary'].map((name) =>
      widget(name, 'textarea'),
    ),
  )
}

const publishDraft: HintsOf = ({ read: { state } }) =>
  oneOf(
    'draft',
    state.advisoryDrafts.map(({ trackingId, revision, draftedAs }) =>
      plain(
        `${trackingId}@${draftedAs}`,
        `${trackingId}, version ${revision.number}: ${revision.content.title}`,
        revision.summary,
      ),
    ),
  )

const dropAdvisoryDraft: HintsOf = ({ read: { state } }) =>
  oneOf(
    'trackingId',
    state.advisoryDrafts.map(({ trackingId, revision }) =>
      plain(trackingId, `${trackingId}, version ${revision.number}: ${revision.content.title}`),
    ),
  )

const withdrawPublication: HintsOf = ({ read: { state } }) => {
  const published = [...state.publications, ...state.safetyNotices]
  return merged(
    oneOf(
      'trackingId',
      published.map(({ trackingId, revisions }) =>
        plain(trackingId, `${trackingId}: ${revisions.at(-1)?.content.title ?? ''}`),
      ),
    ),
    widget('changeSummary', 'textarea'),
  )
}

/** The name that the reporter chose stands there to be read. */
const thankReporter: HintsOf = ({ read: { state } }) => {
  const { choice, credit } = state.recognition
  return merged(
    someOf('roles', creditChoices, credit?.roles ?? ['finder']),
    filled({ name: choice?.name ?? '' }),
  )
}

const creditChoices = CREDIT_ROLES.map((role) => ({ value: role, key: `word.creditRole.${role}` }))

export const publicationHints = {
  thankReporter,
  publishAdvisory,
  draftAdvisory,
  draftSafetyNotice,
  publishDraft,
  dropAdvisoryDraft,
  withdrawPublication,
}

function fromReport(state: CaseState): RawValues {
  const { report } = state.triage
  const affected = report?.affected
  const vendor = affected?.developers?.find(Boolean) ?? affected?.deployers?.find(Boolean)
  const product = affected?.artifacts?.find(({ name }) => name)?.name
  return {
    title: (report?.title.text || state.title).slice(0, TITLE_MAX),
    summary: report?.description.text.slice(0, SUMMARY_MAX) ?? '',
    vendor: vendor?.slice(0, NAME_MAX) ?? '',
    product: product?.slice(0, NAME_MAX) ?? '',
    status: 'under_investigation',
    severity: 'notRated',
  }
}

type Latest = {
  readonly trackingId: string
  readonly number: number
  /** Of a draft, which then goes on. */
  readonly draft?: { readonly kind: string; readonly summary: string }
  readonly content: AdvisoryContent | SafetyNoticeContent
}

/** Of each text its draft, or else what is published. */
function latestTexts(state: CaseState, is: Latest['content']['is']): readonly Latest[] {
  const drafts = state.advisoryDrafts.map(({ trackingId, revision }): Latest => {
    const { number, kind, summary, content } = revision
    return { trackingId, number, draft: { kind, summary }, content }
  })
  const published = [...state.publications, ...state.safetyNotices].flatMap(
    ({ trackingId, revisions }): readonly Latest[] => {
      const last = revisions.at(-1)
      const isOpen = last && last.kind !== 'withdrawal'
      const isDrafted = drafts.some((draft) => draft.trackingId === trackingId)
      return isOpen && !isDrafted
        ? [{ trackingId, number: last.number, content: last.content }]
        : []
    },
  )
  return [...drafts, ...published].filter(({ content }) => content.is === is)
}

const newOne = plain('', 'Something new')
const choiceOf = ({ trackingId, content }: Latest) =>
  plain(trackingId, `${trackingId}: ${content.title}`)

/** Where there is exactly one, its next version is what an officer most likely writes. */
function startOf(texts: readonly Latest[]): RawValues | undefined {
  const [first, ...others] = texts
  return first && others.length === 0 ? valuesOf(first) : undefined
}

function startsOf(texts: readonly Latest[]): NonNullable<Hints['startFrom']> {
  return Object.fromEntries(texts.map((each) => [each.trackingId, valuesOf(each)]))
}

function valuesOf({ trackingId, draft, content }: Latest): RawValues {
  const { is: _, sectors, ...texts } = content
  const written = Object.entries(texts).map(([name, value]) => [name, value ?? ''])
  return {
    ...Object.fromEntries(written),
    sectors: [...sectors],
    trackingId,
    ...(draft ? { change: draft.kind, changeSummary: draft.summary } : {}),
  }
}
