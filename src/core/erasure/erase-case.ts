/**
 * Whether a whole case may be erased: it is closed, nothing in it is open or needed, nothing
 * was made public, no hold and no order stands. All that stands against it is named at once.
 *
 * That two persons decide is asked by the act.
 */
import { type Because, type Decision, permit, refuse } from '../../base/decision.ts'
import { addMs, DAY_MS, type Instant } from '../../base/time.ts'
import type { CaseState } from '../case/case.ts'
import { caseNeeds } from '../case/case-need.ts'
import type { Acting } from '../case/recorded.ts'
import { isUnderEmbargo } from '../disclosure/disclosure-state.ts'
import { becauseOfHold } from '../evidence/legal-holds.ts'
import { appraisalOf, classOf, dueAtOf } from '../evidence/retention.ts'
import type { ErasureBasis } from './erasure.ts'

export type WhyNotErased =
  | 'basisMissing'
  | 'notClosed'
  | 'legalHold'
  | 'protectiveOrder'
  | 'caseNeed'
  | 'stillOpen'
  | 'madePublic'
  | 'retentionRuns'
  | 'toBeKept'

type Against = { readonly why: WhyNotErased; readonly because: readonly Because[] }

export function mayEraseCase(
  state: CaseState,
  basis: ErasureBasis,
  acting: Acting,
): Decision<null, WhyNotErased> {
  const against = [...standsAgainst(state, acting), ...ofBasis(state, basis, acting.now)]
  const [first] = against
  return first ? refuse(first.why, ...against.flatMap(({ because }) => because)) : permit(null)
}

/** What does not depend on the ground: asked for the control of a page too. */
export function standsAgainst(state: CaseState, acting: Acting): readonly Against[] {
  const { evidence, joint } = state
  const holds = evidence.holds.filter(({ lifted }) => lifted === null).map(becauseOfHold)
  return named([
    { why: 'legalHold', because: holds },
    { why: 'protectiveOrder', because: standingOrders(evidence, acting.now) },
    { why: 'notClosed', because: joint.closed ? [] : [said('notClosed', 'it is not closed')] },
    { why: 'caseNeed', because: caseNeeds(state) },
    { why: 'stillOpen', because: whatIsOpen(state, acting.authority) },
    { why: 'madePublic', because: madePublic(state) },
  ])
}

const named = (against: readonly Against[]) => against.filter(({ because }) => because.length > 0)

function standingOrders({ orders }: CaseState['evidence'], now: Instant): readonly Because[] {
  return orders
    .filter(({ lifted, until }) => lifted === null && (until === null || until > now))
    .map(({ orderId, reference }) => ({
      rule: `order:${orderId}`,
      text: `a protective order stands: ${reference}`,
    }))
}

function whatIsOpen(state: CaseState, self: string): readonly Because[] {
  const { evidence, releases, rights, recognition, disclosure, assistance } = state
  const owed = releases.received
    .flatMap(({ duties }) => duties)
    .some(({ owedBy, dischargedAt }) => owedBy === self && dischargedAt === null)
  const facts: readonly (readonly [boolean, string])[] = [
    [isUnderEmbargo(disclosure), 'an embargo is in force'],
    [rights.remedies.some(({ doneAt }) => doneAt === null), 'a remedy is not done'],
    [rights.claims.some(({ decidedAt }) => decidedAt === null), 'a claim is not decided'],
    [recognition.appeals.some(({ decided }) => decided === null), 'a reporter has appealed'],
    [evidence.requests.some(({ answered }) => answered === null), 'a request for records is open'],
    [evidence.consultations.some(({ answer }) => answer === null), 'a peer waits for an answer'],
    [evidence.transfers.some(({ ended }) => ended === null), 'a file is on its way'],
    [assistance.items.some(({ answer }) => answer === null), 'a request for assistance is open'],
    [releases.onward.some(({ answer }) => answer === null), 'a question of passing on is open'],
    [
      releases.retractions.some(({ confirmation }) => confirmation === null),
      'the deletion of what a peer called back is not confirmed',
    ],
    [owed, 'a duty towards a peer is not discharged'],
  ]
  return facts.filter(([isSo]) => isSo).map(([, text]) => said('stillOpen', text))
}

/** What was published has its own end: it is withdrawn, never taken out of the record. */
function madePublic({ publications }: CaseState): readonly Because[] {
  if (publications.length === 0) return []
  return [said('madePublic', 'something of it was published: erase single exhibits instead')]
}

function ofBasis(
  { evidence }: CaseState,
  { ground, law, orderedBy }: ErasureBasis,
  now: Instant,
): readonly Against[] {
  const isSaid = law.trim() !== '' && orderedBy.trim() !== ''
  const kept = evidence.exhibits
    .filter(({ isDestroyed }) => !isDestroyed)
    .filter(({ exhibitId }) => {
      const outcome = appraisalOf(evidence, exhibitId)?.outcome
      return outcome === 'keep' || outcome === 'transfer'
    })
  const toBeKept = kept.map(({ name }) => said('toBeKept', `to be kept or passed on: ${name}`))
  return named([
    {
      why: 'basisMissing',
      because: isSaid ? [] : [said('basisMissing', 'say which law asks for it, and who')],
    },
    { why: 'toBeKept', because: toBeKept },
    {
      why: 'retentionRuns',
      because: ground === 'retentionEnded' ? retentionRuns(evidence, now) : [],
    },
  ])
}

/** The class of the whole case has run out, and that of every exhibit. */
function retentionRuns(evidence: CaseState['evidence'], now: Instant): readonly Because[] {
  const whole = classOf(evidence, '')
  const endsAt = whole?.startsAt ? addMs(whole.startsAt, whole.retainDays * DAY_MS) : null
  if (endsAt === null) {
    return [said('retentionRuns', 'the case has no disposal class that counts from a day')]
  }
  const late = evidence.exhibits
    .filter(({ isDestroyed }) => !isDestroyed)
    .some((exhibit) => (dueAtOf(evidence, exhibit) ?? now) > now)
  return endsAt > now || late
    ? [said('retentionRuns', 'the period of its disposal class has not ended')]
    : []
}

const said = (why: WhyNotErased, text: string): Because => ({ rule: `erasure:${why}`, text })
