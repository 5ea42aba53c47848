/**
 * What a case shows to somebody who was admitted to parts of it: those parts, field
 * by field, and nothing else. What stands in no field here does not leave, whatever
 * else the case holds; a proposed measure, a reason or a representation is none of it.
 */
import type { Json } from '../../base/canonical-json.ts'
import type { Instant } from '../../base/time.ts'
import { type CaseState, phaseOf } from '../case/case.ts'
import { scrubbedCopyOf } from '../evidence/scrub.ts'
import type { Duty, ReleaseView } from '../release/release.ts'
import { type AppealPeriod, appealPeriodOf } from '../rights/appeal-period.ts'
import type { Appeal, Commitment } from '../rights/appeals.ts'
import { type Claim, type ClaimStanding, standingOf } from '../rights/claims.ts'
import type { Statement } from '../rights/statements.ts'
import type { Admission } from './case-access.ts'
import { documentsOf } from './documents.ts'
import type { SharedPart } from './rules.ts'

export type SharedView = {
  /** Title, state, dates. */
  readonly summary?: {
    readonly title: string
    readonly phase: string
    readonly openedAt: Instant | null
  }
  readonly hearings?: readonly {
    readonly measure: string
    readonly opensAt: Instant
    readonly endsAt: Instant
    /** The addressee may be heard at this moment. */
    readonly isOpen: boolean
  }[]
  readonly measures?: readonly {
    readonly measure: string
    /** Citation. */
    readonly basis: string
    readonly takenAt: Instant
  }[]
  readonly advisories?: readonly {
    readonly trackingId: string
    readonly title: string
    readonly publishedAt: Instant
  }[]
  readonly embargo?: {
    readonly state: string
    /** Null: no end is set. */
    readonly until: Instant | null
  }
  /** To this very person. */
  readonly letters?: readonly {
    readonly letterId: string
    readonly subject: string
    readonly madeAt: Instant
    readonly docxDigest: string
    readonly pdfDigest: string | null
  }[]
  /** About this very person. */
  readonly notices?: readonly {
    readonly noticeId: string
    readonly sentAt: Instant
    /** What left the authority in this case. */
    readonly categories: readonly string[]
    /** Node ids. */
    readonly recipients: readonly string[]
    readonly challenges: readonly {
      readonly openedAt: Instant
      readonly outcome: string | null
      readonly reason: string | null
      readonly remedy: string | null
    }[]
  }[]
  /** What was handed over to the authority from which this very person comes. */
  readonly handOvers?: readonly {
    readonly handOverId: string
    readonly recipient: string
    readonly madeAt: Instant
    readonly purpose: string
    readonly view: ReleaseView
    readonly duties: readonly Pick<Duty, 'text' | 'dueAt'>[]
  }[]
  /** What this very person may read, each under its order or undertaking. */
  readonly exhibits?: readonly {
    readonly exhibitId: string
    readonly name: string
    readonly parts: number
    readonly safeguard: string
    /** A file is looked into page by page. */
    readonly file?: {
      readonly mediaType: string
      /** Beside the original stands a scrubbed copy, which is shown first. */
      readonly hasCopy: boolean
    }
  }[]
  /** What this very person claimed, offered and appealed, and what became of it. */
  readonly claims?: readonly (Pick<Claim, 'claimId' | 'kind' | 'text' | 'filedAt' | 'reason'> & {
    readonly standing: ClaimStanding
  })[]
  readonly commitments?: readonly Pick<
    Commitment,
    'commitmentId' | 'text' | 'byOn' | 'offeredAt' | 'answer' | 'reason'
  >[]
  readonly appeals?: readonly (Pick<
    Appeal,
    'appealId' | 'against' | 'text' | 'filedAt' | 'route' | 'outcome' | 'steps'
  > & { readonly period: AppealPeriod | null })[]
  /** What this very person sent on the page. */
  readonly answers?: readonly Pick<
    Statement,
    'statementId' | 'filedAt' | 'about' | 'text' | 'acknowledges' | 'fixOn'
  >[]
}

/** Whose view it is; without a person there are none of the documents that go to one person. */
export type Viewer = Pick<Admission, 'sees'> & { readonly person?: string }

/** `wholeCase` adds nothing here: who holds it reads the case itself. */
export function sharedView(
  state: CaseState,
  { sees, person = '' }: Viewer,
  now: Instant,
): SharedView {
  const shares = (part: SharedPart) => sees.includes(part)
  const documents = { state, viewer: { person, sees } }
  const answers = answersOf(state, person)
  return {
    ...(shares('summary') ? { summary: summaryOf(state) } : {}),
    ...(shares('hearing') ? { hearings: hearingsOf(state, now) } : {}),
    ...(shares('measures') ? { measures: measuresOf(state) } : {}),
    ...(shares('advisories') ? { advisories: advisoriesOf(state) } : {}),
    ...(shares('embargo') ? { embargo: embargoOf(state) } : {}),
    ...(shares('letters') ? { letters: lettersOf(documents) } : {}),
    ...(shares('notices') ? { notices: noticesOf(documents) } : {}),
    ...(shares('handOvers') ? { handOvers: handOversOf(documents) } : {}),
    ...(shares('exhibits') ? { exhibits: exhibitsOf(documents) } : {}),
    ...otherSideOf(state, person, now),
    ...(answers.length > 0 ? { answers } : {}),
  }
}

function summaryOf(state: CaseState) {
  const { title, openedAt } = state
  return { title, phase: phaseOf(state), openedAt }
}

function hearingsOf({ enforcement }: CaseState, now: Instant) {
  return enforcement.hearings.map(({ rung, opensAt, endsAt }) => ({
    measure: rung,
    opensAt,
    endsAt,
    isOpen: opensAt <= now && now < endsAt,
  }))
}

function measuresOf({ enforcement }: CaseState) {
  return enforcement.measures.flatMap(({ rung, basis, takenAt }) =>
    takenAt === null ? [] : [{ measure: rung, basis, takenAt }],
  )
}

function advisoriesOf({ publications }: CaseState) {
  return publications.map(({ trackingId, document, publishedAt }) => ({
    trackingId,
    title: titleOf(document) ?? trackingId,
    publishedAt,
  }))
}

function embargoOf({ disclosure }: CaseState) {
  const { embargo, terms, embargoEnd } = disclosure
  return { state: embargo, until: terms?.until ?? embargoEnd?.until ?? null }
}

type Documents = {
  readonly state: CaseState
  readonly viewer: { readonly person: string; readonly sees: readonly SharedPart[] }
}

function lettersOf({ state: { desk, access }, viewer }: Documents) {
  const own = documentsOf(access, viewer, 'letters')
  return desk.letters
    .filter(({ letterId }) => own.includes(letterId))
    .map(({ letterId, subject, madeAt, docxDigest, pdfDigest }) => {
      return { letterId, subject, madeAt, docxDigest, pdfDigest }
    })
}

/** The same facts as the page that opens with the code of a notice. */
function noticesOf({ state: { rights, releases, access }, viewer }: Documents) {
  const own = documentsOf(access, viewer, 'notices')
  const left = releases.permitted.filter(({ kind }) => kind !== 'stub')
  const unique = (values: readonly string[]) => [...new Set(values)]
  return rights.notices
    .filter(({ noticeId }) => own.includes(noticeId))
    .map(({ noticeId, sentAt, challengeIds }) => ({
      noticeId,
      sentAt,
      categories: unique(left.flatMap(({ categories }) => categories)),
      recipients: unique(left.map(({ recipient }) => recipient)),
      challenges: rights.reviews
        .filter(({ subject }) => challengeIds.includes(subject.id))
        .map(({ openedAt, outcome, reason, remedy }) => ({ openedAt, outcome, reason, remedy })),
    }))
}

function handOversOf({ state: { desk, releases, access }, viewer }: Documents) {
  const own = documentsOf(access, viewer, 'handOvers')
  return desk.handOvers.flatMap(({ handOverId, releaseId, recipient, madeAt }) => {
    const release = releases.permitted.find((one) => one.releaseId === releaseId)
    if (!release?.view || !own.includes(handOverId)) return []
    const { purpose, view } = release
    const duties = release.duties.map(({ text, dueAt }) => ({ text, dueAt }))
    return [{ handOverId, recipient, madeAt, purpose, view, duties }]
  })
}

function exhibitsOf({ state: { evidence, access }, viewer }: Documents) {
  const own = documentsOf(access, viewer, 'exhibits')
  return evidence.exhibits
    .filter(({ exhibitId, isDestroyed }) => own.includes(exhibitId) && !isDestroyed)
    .map(({ exhibitId, name, parts, mediaType, file }) => {
      const shared = access.documents.find(
        (one) => one.person === viewer.person && one.documentId === exhibitId,
      )
      const hasCopy = scrubbedCopyOf(evidence, exhibitId) !== undefined
      return {
        ...{ exhibitId, name, parts, safeguard: shared?.safeguard ?? '' },
        ...(file ? { file: { mediaType, hasCopy } } : {}),
      }
    })
}

function otherSideOf({ rights }: CaseState, viewer: string, now: Instant) {
  const isOwn = ({ person }: { readonly person: string }) => person === viewer
  const claims = rights.claims.filter(isOwn).map((claim) => {
    const { claimId, kind, text, filedAt, reason } = claim
    return {
      claimId,
      kind,
      text,
      filedAt,
      reason,
      standing: standingOf(claim, rights.reviews, now),
    }
  })
  const commitments = rights.commitments
    .filter(isOwn)
    .map(({ commitmentId, text, byOn, offeredAt, answer, reason }) => {
      return { commitmentId, text, byOn, offeredAt, answer, reason }
    })
  const appeals = rights.appeals
    .filter(isOwn)
    .map(({ appealId, against, text, filedAt, route, outcome, steps }) => {
      const period = appealPeriodOf(rights.appealPeriods, against) ?? null
      return { appealId, against, text, filedAt, route, outcome, steps, period }
    })
  return {
    ...(claims.length > 0 ? { claims } : {}),
    ...(commitments.length > 0 ? { commitments } : {}),
    ...(appeals.length > 0 ? { appeals } : {}),
  }
}

function answersOf({ statements }: CaseState, viewer: string) {
  return statements
    .filter(({ person }) => person === viewer)
    .map(({ statementId, filedAt, about, text, acknowledges, fixOn }) => {
      return { statementId, filedAt, about, text, acknowledges, fixOn }
    })
}

/** Of a CSAF document. */
function titleOf(document: Json): string | undefined {
  const { document: facts } = document as { readonly document?: { readonly title?: unknown } }
  return typeof facts?.title === 'string' ? facts.title : undefined
}
