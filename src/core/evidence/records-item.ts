/**
 * Whether one item may be given out under public-records law, in whole or as a redacted
 * copy. By default no: what nobody knows is not given out, and whatever stands against it
 * is named. It is asked when an officer decides and again when the answer is given.
 *
 * What came from a peer stays that peer's, as in `core/release/checks/handling.ts`: unless it
 * was marked CLEAR without a code, it takes a consent to this very request. Whoever has not
 * answered has not consented.
 */
import type { Because } from '../../base/decision.ts'
import type { Instant } from '../../base/time.ts'
import type { HeldContent } from '../release/basis.ts'
import type { ReleaseState } from '../release/release.ts'
import { type Claim, claimsAgainst } from '../rights/claims.ts'
import type { EvidenceState, Exhibit } from './evidence.ts'
import { exhibitOf } from './evidence.ts'
import { becauseOfOrder, ordersAgainst, withCopies } from './protective-orders.ts'
import {
  BY_MESSAGE,
  type ConsultationAnswer,
  type ItemDecision,
  isSameItem,
  type RecordsItem,
  type RecordsRequest,
} from './records-request.ts'

export type WhyItem =
  | 'unknownItem'
  | 'destroyed'
  | 'reporterProtected'
  | 'contentRetracted'
  | 'originatorConsentMissing'
  | 'orderForbids'
  | 'claimStands'
  | 'underEmbargo'
  | 'copyMissing'
  | 'notARedactedCopy'
  | 'reviewMissing'

export type ItemFault = { readonly why: WhyItem; readonly because: readonly Because[] }

/** What the decision reads of the case. */
export type RecordsBasis = {
  readonly evidence: Pick<EvidenceState, 'exhibits' | 'orders'>
  readonly releases: Pick<ReleaseState, 'permitted' | 'received'>
  readonly held: readonly HeldContent[]
  readonly claims: readonly Claim[]
  readonly reviews: Parameters<typeof claimsAgainst>[0]['reviews']
  /** Ids of letters and advisories of the case. */
  readonly documents: readonly string[]
  readonly isUnderEmbargo: boolean
}

/** What is known of who made a report; nothing that holds it is given out, not even in part. */
const REPORTER = 'reporterContact'
/** No order names it among the authorities that may receive. */
const PUBLIC = 'the public'

/** Empty: nothing stands against it. */
export function itemFaults(
  basis: RecordsBasis,
  request: Pick<RecordsRequest, 'consultations'>,
  { item, outcome, copy }: Pick<ItemDecision, 'item' | 'outcome' | 'copy'>,
  now: Instant,
): readonly ItemFault[] {
  if (!isKnown(basis, item)) {
    return [fault('unknownItem', 'this case holds no such exhibit, release or document')]
  }
  if (outcome === 'withhold') return []
  return [
    ...reporterFaults(basis, item),
    ...copyFaults(basis, item, outcome, copy),
    ...embargoFaults(basis),
    ...originatorFaults(basis, request, item, copy),
    ...orderFaults(basis, item, copy, now),
    ...claimFaults(basis, item, copy, now),
  ]
}

/** Authorities whose content an item holds. */
export function originatorsOf(basis: RecordsBasis, item: RecordsItem): readonly string[] {
  const found = heldIn(basis, item, null).map(({ originator }) => originator)
  return [...new Set(found)]
}

/** The releases of one authority that brought what an item holds. */
export function releasesFrom(
  basis: RecordsBasis,
  item: RecordsItem,
  originator: string,
): readonly string[] {
  const found = heldIn(basis, item, null).flatMap((one) =>
    one.originator === originator && one.releaseId !== null ? [one.releaseId] : [],
  )
  return [...new Set(found)]
}

/** False: the case holds nothing by this id. */
export function isKnown(
  { evidence, releases, documents }: RecordsBasis,
  { kind, id }: RecordsItem,
) {
  switch (kind) {
    case 'exhibit':
      return exhibitOf(evidence, id) !== undefined
    case 'release':
      return [...releases.permitted, ...releases.received].some(({ releaseId }) => releaseId === id)
    case 'document':
      return documents.includes(id)
  }
}

function reporterFaults({ releases }: RecordsBasis, { kind, id }: RecordsItem) {
  const all = [...releases.permitted, ...releases.received]
  const named = all
    .filter(({ releaseId }) => kind === 'release' && releaseId === id)
    .some(({ categories, view }) => [...categories, ...Object.keys(view ?? {})].includes(REPORTER))
  return named
    ? [fault('reporterProtected', 'nothing of who made a report is given out to anybody')]
    : []
}

function copyFaults(
  { evidence, releases }: RecordsBasis,
  { kind, id }: RecordsItem,
  outcome: ItemDecision['outcome'],
  copy: string | null,
): readonly ItemFault[] {
  if (kind === 'release') {
    const received = releases.received.find(({ releaseId }) => releaseId === id)
    if (received?.destroyedAt) return [fault('destroyed', 'what came with it was destroyed')]
  }
  if (outcome === 'disclose') {
    if (copy !== null) return [fault('notARedactedCopy', 'what goes out whole names no copy')]
    const whole = kind === 'exhibit' ? exhibitOf(evidence, id) : undefined
    return whole ? leavingFaults(whole) : []
  }
  const chosen = copy === null ? undefined : exhibitOf(evidence, copy)
  if (kind !== 'exhibit' || !chosen) {
    const text = 'in part goes out only as a redacted copy of an exhibit: name the copy'
    return [fault('copyMissing', text)]
  }
  const isCopy = chosen.exhibitId !== id && withCopies(evidence.exhibits, [id]).includes(copy ?? '')
  const hides = chosen.redactions.length > 0 || chosen.transform !== undefined
  if (!isCopy || !hides) {
    return [fault('notARedactedCopy', 'this is no redacted copy of that exhibit')]
  }
  return leavingFaults(chosen)
}

function leavingFaults({ isDestroyed, wantsReview, review }: Exhibit): readonly ItemFault[] {
  if (isDestroyed) return [fault('destroyed', 'the exhibit was destroyed')]
  const isReviewed = review?.outcome === 'approved' && review.isSame
  if (wantsReview && !isReviewed) {
    return [fault('reviewMissing', 'the copy leaves only when somebody else has reviewed it')]
  }
  return []
}

function embargoFaults({ isUnderEmbargo }: RecordsBasis): readonly ItemFault[] {
  return isUnderEmbargo ? [fault('underEmbargo', 'an embargo on this case is in force')] : []
}

function originatorFaults(
  basis: RecordsBasis,
  { consultations }: Pick<RecordsRequest, 'consultations'>,
  item: RecordsItem,
  copy: string | null,
): readonly ItemFault[] {
  const held = heldIn(basis, item, copy)
  return held.flatMap(({ originator, isRetracted, isFree }) => {
    if (isRetracted) {
      return [fault('contentRetracted', `${originator} called back what is inside`)]
    }
    const answer = standingAnswer(
      consultations.filter((one) => one.originator === originator && isSameItem(one.item, item)),
    )
    // A no that was given counts also where the marking leaves it free.
    if (answer === undefined ? isFree : answer === 'consents') return []
    const text = `what is inside came from ${originator}, which has not consented to this request`
    return [fault('originatorConsentMissing', text)]
  })
}

/**
 * What was answered when it was asked last; undefined: never asked. An objection by message
 * is lifted by a message only, never by a letter that an officer writes down.
 */
function standingAnswer(
  asked: RecordsRequest['consultations'],
): ConsultationAnswer | 'none' | undefined {
  const said = asked.findLast(({ answer }) => answer?.reference === BY_MESSAGE)?.answer
  if (said?.answer === 'objects') return 'objects'
  const last = asked.at(-1)
  return last && (last.answer?.answer ?? 'none')
}

type Held = {
  readonly originator: string
  readonly releaseId: string | null
  readonly isRetracted: boolean
  readonly isFree: boolean
}

function heldIn(
  { held, evidence, releases }: RecordsBasis,
  item: RecordsItem,
  copy: string | null,
): readonly Held[] {
  const exhibitIds = exhibitsIn(releases, item, copy)
  const known = held
    .filter(
      (one) =>
        // What a letter quotes is recorded nowhere.
        item.kind === 'document' ||
        (item.kind === 'release' && one.releaseId === item.id) ||
        one.exhibitIds.some((id) => exhibitIds.includes(id)),
    )
    .map(({ originator, releaseId, isRetracted, handling }) => {
      const isFree = handling?.tlp === 'CLEAR' && handling.codes.length === 0
      return { originator, releaseId, isRetracted, isFree }
    })
  const unknown = evidence.exhibits
    .filter(({ from, releaseId }) => from !== null && !held.some((h) => h.releaseId === releaseId))
    .filter(({ exhibitId }) => {
      const copies = withCopies(evidence.exhibits, [exhibitId])
      return exhibitIds.some((id) => copies.includes(id))
    })
    .map(({ from, releaseId }) => {
      return { originator: from ?? '', releaseId, isRetracted: false, isFree: false }
    })
  return [...known, ...unknown]
}

function orderFaults(
  { evidence, releases }: RecordsBasis,
  item: RecordsItem,
  copy: string | null,
  now: Instant,
): readonly ItemFault[] {
  const exhibitIds = exhibitsIn(releases, item, copy)
  const asked = { recipient: PUBLIC, purpose: PUBLIC, exhibitIds }
  const orders = ordersAgainst(evidence, asked, now)
  return orders.length === 0 ? [] : [{ why: 'orderForbids', because: orders.map(becauseOfOrder) }]
}

function claimFaults(
  { claims, reviews, evidence, releases }: RecordsBasis,
  item: RecordsItem,
  copy: string | null,
  now: Instant,
): readonly ItemFault[] {
  const covering = claims.map((claim) => ({
    ...claim,
    exhibitIds: withCopies(evidence.exhibits, claim.exhibitIds),
  }))
  const exhibitIds = exhibitsIn(releases, item, copy)
  const categories =
    item.kind === 'document'
      ? // What a letter holds of a category is recorded nowhere.
        claims.flatMap((claim) => claim.categories)
      : releasesOf(releases, item, exhibitIds, evidence).flatMap((one) => one.categories)
  const because = claimsAgainst({ claims: covering, reviews }, { categories, exhibitIds }, now)
  return because.length === 0 ? [] : [{ why: 'claimStands', because }]
}

/** The exhibits that go out, or stand in the release, and what is asked of them. */
function exhibitsIn(
  { permitted }: RecordsBasis['releases'],
  { kind, id }: RecordsItem,
  copy: string | null,
): readonly string[] {
  if (kind === 'exhibit') return copy === null ? [id] : [id, copy]
  if (kind === 'document') return []
  return permitted
    .filter(({ releaseId }) => releaseId === id)
    .flatMap(({ exhibitId }) => exhibitId ?? [])
}

/** The release itself, or those by which an exhibit came or left. */
function releasesOf(
  { permitted, received }: RecordsBasis['releases'],
  { kind, id }: RecordsItem,
  exhibitIds: readonly string[],
  evidence: RecordsBasis['evidence'],
) {
  if (kind === 'release') {
    return [...permitted, ...received].filter(({ releaseId }) => releaseId === id)
  }
  const cameWith = evidence.exhibits
    .filter(({ exhibitId }) =>
      exhibitIds.some((one) => withCopies(evidence.exhibits, [exhibitId]).includes(one)),
    )
    .map(({ releaseId }) => releaseId)
  return [
    ...permitted.filter(({ exhibitId }) => exhibitId && exhibitIds.includes(exhibitId)),
    ...received.filter(({ releaseId }) => cameWith.includes(releaseId)),
  ]
}

function fault(why: WhyItem, text: string): ItemFault {
  return { why, because: [{ rule: `records:${why}`, text }] }
}
