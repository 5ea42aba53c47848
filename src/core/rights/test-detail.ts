/**
 * What a full rights test says besides yes and no: the aim, why each category is needed,
 * what else was considered, how serious the matter is, how many people it touches, which
 * groups, and whether press, unions, protest, religion or politics are touched.
 *
 * It also names beforehand what takes an independent reviewer whatever the agreement
 * says. The thresholds are Comity's own, not a law's.
 */
import type { Because } from '../../base/decision.ts'
import type { ClauseOf } from '../agreement/clause.ts'
import type { AgreementDocument } from '../agreement/document.ts'
import { FULL_REASON_MIN, isFullReason } from '../case/reason.ts'

export const SERIOUSNESS = ['minor', 'moderate', 'serious', 'severe'] as const
export type Seriousness = (typeof SERIOUSNESS)[number]

/** Spheres of expression and association that a release may touch. */
export const TOUCHED_SPHERES = [
  'journalists',
  'tradeUnions',
  'protest',
  'religion',
  'politics',
] as const
export type TouchedSphere = (typeof TOUCHED_SPHERES)[number]

export type TestDetail = {
  readonly aim: string
  /** Why each category is needed for that aim; what is not here is not covered. */
  readonly categories: Readonly<Record<string, string>>
  readonly alternatives: string
  readonly seriousness: Seriousness
  /** How many people the data are about, as far as it is known. */
  readonly people: number
  readonly safeguards: string
  readonly groups: string
  readonly effect: string
  readonly mitigation: string
  /** Empty: none of them. */
  readonly touches: readonly TouchedSphere[]
}

/** What is said too briefly or not at all. Empty: the detail may be recorded. */
export function missingDetail(detail: TestDetail): readonly Because[] {
  const texts = ['aim', 'alternatives', 'safeguards', 'effect'] as const
  const short = texts.filter((part) => !isFullReason(detail[part]))
  const bare = (['groups', 'mitigation'] as const).filter((part) => detail[part].trim() === '')
  const reasons = Object.entries(detail.categories)
  const unreasoned = reasons.filter(([, why]) => !isFullReason(why)).map(([category]) => category)
  const isCounted = Number.isSafeInteger(detail.people) && detail.people >= 0
  return [
    ...short.map((part) =>
      missing(part, `${part} is said in at least ${FULL_REASON_MIN} characters`),
    ),
    ...bare.map((part) => missing(part, `${part}: say none, if there is none`)),
    ...unreasoned.map((id) => missing('categories', `why ${id} is needed is not said`)),
    ...(reasons.length === 0 ? [missing('categories', 'no category is named')] : []),
    ...(isCounted ? [] : [missing('people', 'the number of people is a whole number')]),
  ]
}

/** From here on a release is about many people. */
export const MANY_PEOPLE = 100

/** Why an independent reviewer must approve, whatever the agreement says. */
export function reviewNeededBy({ seriousness, people, touches }: TestDetail): readonly Because[] {
  const because: Because[] = []
  if (touches.length > 0) {
    const text = `it touches ${touches.join(', ')}: an independent reviewer approves it first`
    because.push({ rule: 'rightsTest:touchesExpression', text })
  }
  if (people >= MANY_PEOPLE) {
    const text = `it is about ${MANY_PEOPLE} people or more: an independent reviewer approves it first`
    because.push({ rule: 'rightsTest:manyPeople', text })
  }
  if (seriousness === 'severe') {
    const text = 'the interference is severe: an independent reviewer approves it first'
    because.push({ rule: 'rightsTest:severe', text })
  }
  return because
}

export type NamedSafeguard = {
  readonly category: string
  readonly text: string
  readonly needs: readonly ('reviewer' | 'consent' | 'authorisation' | 'secondOfficer')[]
}

/** What an agreement asks of each category, known before anybody begins. */
export function safeguardsOf(document: AgreementDocument): readonly NamedSafeguard[] {
  type Asking = ClauseOf<'requireConsent' | 'requireAuthorisation' | 'requireSecondOfficer'>
  const asks = (kind: Asking['kind']) =>
    new Set(
      document.clauses.flatMap((clause) =>
        clause.kind === kind ? (clause as Asking).categories : [],
      ),
    )
  const consent = asks('requireConsent')
  const authorisation = asks('requireAuthorisation')
  const second = asks('requireSecondOfficer')
  return document.categories.map(({ id, text, reviewRequired }) => ({
    category: id,
    text,
    needs: [
      ...(reviewRequired ? (['reviewer'] as const) : []),
      ...(consent.has(id) ? (['consent'] as const) : []),
      ...(authorisation.has(id) ? (['authorisation'] as const) : []),
      ...(second.has(id) ? (['secondOfficer'] as const) : []),
    ],
  }))
}

const missing = (part: string, text: string): Because => ({ rule: `rightsTest:${part}`, text })
