/**
 * Safe-harbour statements: what this authority promises people who look for flaws in good
 * faith, under which conditions, and what it cannot promise. One chain of versions for each
 * legal order; a version is drafted by one person and issued by another.
 *
 * A statement binds this authority and nobody else, and says so: the limits of the
 * vocabulary stand in every one. A law in it comes from a law pack with its source and how
 * that was read. Without one, the statement says that it is the authority's own policy.
 */
import { type Because, type Decision, permit, refuse } from '../../base/decision.ts'
import { addMs, type CalendarDate, type Instant } from '../../base/time.ts'
import type { AccessDecision } from '../access/decide-access.ts'
import { PROPOSAL_VALID_MS, requireSecondPerson } from '../access/second-person.ts'
import type { Acting, Recorded } from '../case/recorded.ts'
import { sideOf } from '../people/standing.ts'
import type { EvidenceCode, LawPack } from './pack.ts'

export type SafeHarbourItem = { readonly id: string; readonly text: string }

/** A law that protects people who act in good faith, as a pack holds it. */
export type CitedLaw = {
  readonly pack: string
  readonly packVersion: string
  readonly packDigest: string
  readonly instrument: string
  readonly citation: string
  readonly protection: string
  readonly text: string
  readonly article: string
  readonly source: string
  readonly evidence: EvidenceCode
  readonly retrievedOn: CalendarDate
  readonly quote: string | null
  /** Two officers of this authority had signed this version of the pack off. */
  readonly isSignedOff: boolean
}

export type SafeHarbourDocument = {
  readonly format: 'comity-safe-harbour-1'
  readonly node: string
  readonly authority: string
  readonly legalOrder: string
  readonly version: number
  /** Digest of the version before. */
  readonly replaces: string | null
  readonly lang: string
  /** Which systems and which research, in the authority's words. */
  readonly scope: string
  readonly promises: readonly SafeHarbourItem[]
  readonly conditions: readonly SafeHarbourItem[]
  readonly limits: readonly SafeHarbourItem[]
  readonly vocabulary: { readonly id: string; readonly version: string }
  /** `ownPolicy`: no law in our packs stands behind it. */
  readonly standsOn: 'ownPolicy' | 'ownPolicyAndLaw'
  readonly laws: readonly CitedLaw[]
  /** Where to report. */
  readonly channel: string
  readonly validUntil: CalendarDate | null
  /** Made in an exercise: it promises nothing to anybody. */
  readonly simulated: boolean
}

export type SafeHarbourEvent =
  | {
      readonly type: 'safeHarbourDrafted'
      readonly draftId: string
      readonly document: SafeHarbourDocument
      readonly digest: string
      readonly officer: string
      readonly inPlaceOf: string | null
    }
  | {
      readonly type: 'safeHarbourDraftDropped'
      readonly draftId: string
      readonly reason: string
    }
  | {
      readonly type: 'safeHarbourIssued'
      readonly draftId: string
      readonly document: SafeHarbourDocument
      /** SHA-256 of the canonical JSON of the document, lower-case hex. */
      readonly digest: string
      readonly draftedBy: string
      readonly officer: string
      readonly inPlaceOf: string | null
    }
  | {
      readonly type: 'safeHarbourWithdrawn'
      readonly legalOrder: string
      readonly version: number
      readonly digest: string
      readonly officer: string
      readonly reason: string
    }

const EVENTS: Readonly<Record<SafeHarbourEvent['type'], true>> = {
  safeHarbourDrafted: true,
  safeHarbourDraftDropped: true,
  safeHarbourIssued: true,
  safeHarbourWithdrawn: true,
}

export function isSafeHarbourEvent(event: { readonly type: string }): event is SafeHarbourEvent {
  return Object.hasOwn(EVENTS, event.type)
}

export type SafeHarbourDraft = {
  readonly draftId: string
  readonly document: SafeHarbourDocument
  readonly digest: string
  readonly officer: string
  readonly inPlaceOf: string | null
  readonly draftedAt: Instant
}

export type IssuedStatement = {
  readonly document: SafeHarbourDocument
  readonly digest: string
  readonly issuedAt: Instant
  /** Version of the event in its stream. */
  readonly issuedAs: number
  readonly withdrawn: { readonly at: Instant; readonly reason: string } | null
}

export type SafeHarbours = {
  readonly drafts: readonly SafeHarbourDraft[]
  /** In the order in which they were issued. */
  readonly issued: readonly IssuedStatement[]
}

export const noSafeHarbours: SafeHarbours = { drafts: [], issued: [] }

/** Events of the same stream that are of another kind change nothing. */
export function foldSafeHarbours(
  state: SafeHarbours,
  { event, at, version }: Recorded<{ readonly type: string }>,
): SafeHarbours {
  if (!isSafeHarbourEvent(event)) return state
  switch (event.type) {
    case 'safeHarbourDrafted': {
      const { type: _, ...draft } = event
      return { ...state, drafts: [...state.drafts, { ...draft, draftedAt: at }] }
    }
    case 'safeHarbourDraftDropped':
      return withoutDraft(state, event.draftId)
    case 'safeHarbourIssued': {
      const { document, digest } = event
      const issued = { document, digest, issuedAt: at, issuedAs: version, withdrawn: null }
      const rest = withoutDraft(state, event.draftId)
      return { ...rest, issued: [...rest.issued, issued] }
    }
    case 'safeHarbourWithdrawn': {
      const withdrawn = { at, reason: event.reason }
      const issued = state.issued.map((one) =>
        one.digest === event.digest ? { ...one, withdrawn } : one,
      )
      return { ...state, issued }
    }
  }
}

function withoutDraft(state: SafeHarbours, draftId: string): SafeHarbours {
  return { ...state, drafts: state.drafts.filter((draft) => draft.draftId !== draftId) }
}

/** The newest version of each legal order, sorted. Whether it holds, `statementStanding` says. */
export function latestStatements({ issued }: SafeHarbours): readonly IssuedStatement[] {
  const latest = new Map(issued.map((one) => [one.document.legalOrder, one]))
  return [...latest.values()].sort((a, b) =>
    a.document.legalOrder < b.document.legalOrder ? -1 : 1,
  )
}

export function statementOf(
  { issued }: SafeHarbours,
  legalOrder: string,
): IssuedStatement | undefined {
  return issued.findLast(({ document }) => document.legalOrder === legalOrder)
}

export type StatementStanding = 'inForce' | 'replaced' | 'withdrawn' | 'expired'

export function statementStanding(
  state: SafeHarbours,
  one: IssuedStatement,
  today: CalendarDate,
): StatementStanding {
  if (one.withdrawn) return 'withdrawn'
  if (statementOf(state, one.document.legalOrder)?.digest !== one.digest) return 'replaced'
  const { validUntil } = one.document
  return validUntil !== null && validUntil < today ? 'expired' : 'inForce'
}

export type SafeHarbourWhy =
  | 'draftWaits'
  | 'nothingPromised'
  | 'alreadyPast'
  | 'unknownDraft'
  | 'otherText'
  | 'overtaken'
  | 'noStatement'
  | 'alreadyWithdrawn'
  | 'proposalExpired'
  | 'samePerson'
  | 'proposerMayNot'

export function draftSafeHarbour(
  state: SafeHarbours,
  command: {
    readonly draftId: string
    readonly document: SafeHarbourDocument
    readonly digest: string
  },
  { today }: { readonly today: CalendarDate },
  acting: Acting,
): Decision<readonly SafeHarbourEvent[], SafeHarbourWhy> {
  const { legalOrder, promises, validUntil } = command.document
  const waits = state.drafts.some(
    ({ document, draftedAt }) =>
      document.legalOrder === legalOrder && acting.now < addMs(draftedAt, PROPOSAL_VALID_MS),
  )
  if (waits) return refuse('draftWaits', rules.oneDraft)
  if (promises.length === 0) return refuse('nothingPromised', rules.promise)
  if (validUntil !== null && validUntil < today) return refuse('alreadyPast', rules.future)
  const drafted = { type: 'safeHarbourDrafted', ...command, ...sideOf(acting) } as const
  return permit([drafted], rules.twoPersons)
}

/** `digest`: of the text that the second person was shown. */
export function issueSafeHarbour(
  state: SafeHarbours,
  { draftId, digest }: { readonly draftId: string; readonly digest: string },
  { drafterMay }: { readonly drafterMay: AccessDecision },
  acting: Acting,
): Decision<readonly SafeHarbourEvent[], SafeHarbourWhy> {
  const draft = state.drafts.find((one) => one.draftId === draftId)
  if (!draft) return refuse('unknownDraft', rules.draft)
  if (draft.digest !== digest) return refuse('otherText', rules.sameText)
  const { document, officer: draftedBy, inPlaceOf, draftedAt } = draft
  const before = statementOf(state, document.legalOrder)
  if (document.replaces !== (before?.digest ?? null)) return refuse('overtaken', rules.overtaken)
  const proposed = {
    ...{ proposedBy: draftedBy, inPlaceOf, proposedAt: draftedAt },
    expiresAt: addMs(draftedAt, PROPOSAL_VALID_MS),
  }
  const fault = requireSecondPerson(proposed, acting, { now: acting.now, proposerMay: drafterMay })
  if (fault) return fault
  const issued = { type: 'safeHarbourIssued', draftId, document, digest, draftedBy } as const
  return permit([{ ...issued, ...sideOf(acting) }], rules.twoPersons)
}

export function dropSafeHarbourDraft(
  state: SafeHarbours,
  { draftId, reason }: { readonly draftId: string; readonly reason: string },
): Decision<readonly SafeHarbourEvent[], SafeHarbourWhy> {
  const isThere = state.drafts.some((one) => one.draftId === draftId)
  return isThere
    ? permit([{ type: 'safeHarbourDraftDropped', draftId, reason }])
    : refuse('unknownDraft', rules.draft)
}

/** From now on nobody new can rely on it; what was done before stays covered. */
export function withdrawSafeHarbour(
  state: SafeHarbours,
  { legalOrder, reason }: { readonly legalOrder: string; readonly reason: string },
  { officer }: Acting,
): Decision<readonly SafeHarbourEvent[], SafeHarbourWhy> {
  const last = statementOf(state, legalOrder)
  if (!last) return refuse('noStatement', rules.statement)
  if (last.withdrawn) return refuse('alreadyWithdrawn', rules.statement)
  const { digest, document } = last
  const what = { legalOrder, version: document.version, digest }
  return permit([{ type: 'safeHarbourWithdrawn', ...what, officer, reason }], rules.lasting)
}

/** What a statement may cite: protections that are in force and whose text somebody has read. */
export function citableLaws(
  packs: readonly LawPack[],
  isSignedOff: (pack: LawPack) => boolean,
): readonly CitedLaw[] {
  return packs.flatMap((pack) =>
    pack.instruments
      .filter(({ status }) => status === 'in_force' || status === 'in_force_partially')
      .flatMap((instrument) =>
        instrument.protections
          .filter(({ basis }) => basis.evidence !== 'R')
          .map(({ id, text, basis }) => ({
            ...{ pack: pack.id, packVersion: pack.version, packDigest: pack.digest },
            ...{ instrument: instrument.id, citation: instrument.citation.text },
            ...{ protection: id, text, article: basis.article, source: basis.source },
            ...{ evidence: basis.evidence, retrievedOn: basis.retrievedOn, quote: basis.quote },
            isSignedOff: isSignedOff(pack),
          })),
      ),
  )
}

/** How a form names one of them. */
export const lawKey = ({ pack, instrument, protection }: CitedLaw) =>
  `${pack}/${instrument}/${protection}`

const rules = {
  twoPersons: {
    rule: 'safeHarbour:twoPersons',
    text: 'One person drafts a safe-harbour statement, another one issues it.',
  },
  oneDraft: {
    rule: 'safeHarbour:oneDraft',
    text: 'A draft for this legal order waits already: issue it or drop it first.',
  },
  promise: {
    rule: 'safeHarbour:promise',
    text: 'A statement that promises nothing is none.',
  },
  future: { rule: 'safeHarbour:future', text: 'The day on which it ends has passed.' },
  draft: { rule: 'safeHarbour:draft', text: 'There is no such draft, or it was issued already.' },
  sameText: {
    rule: 'safeHarbour:sameText',
    text: 'This is not the text that was drafted: look at it again.',
  },
  overtaken: {
    rule: 'safeHarbour:overtaken',
    text: 'Another version was issued since: draft it again.',
  },
  statement: {
    rule: 'safeHarbour:statement',
    text: 'There is no statement in force for this legal order.',
  },
  lasting: {
    rule: 'safeHarbour:lasting',
    text: 'What was done while the statement was in force stays covered.',
  },
} as const satisfies Readonly<Record<string, Because>>
