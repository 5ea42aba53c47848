/**
 * The slow, obvious model of the whole release decision: reads a situation the way a
 * careful lawyer would, one rule after the other, and shares no code with the decision.
 * It says whether the release is permitted, and which of the reasons besides the clauses
 * stand against it. Written after the texts of the rules, not after the code.
 */
import type { AgreementDocument } from '../../src/core/agreement/document.ts'
import type { Person, Situation } from './release-situation.ts'

export type Verdict = {
  readonly isPermitted: boolean
  /** Reasons that are not about clauses which permit or forbid. */
  readonly against: ReadonlySet<string>
  /** Duty clauses that travel with it. */
  readonly duties: ReadonlySet<string>
}

type Plain = { readonly id: string; readonly kind: string; readonly [member: string]: unknown }

export function judge(situation: Situation): Verdict {
  const against = new Set<string>()
  if (situation.wasPermitted) return refusedFor('alreadyDecided')
  if (!isInForce(situation)) return refusedFor('agreementNotInForce')
  for (const [why, stands] of Object.entries(reasons(situation))) if (stands) against.add(why)
  const areCovered = situation.asked.categories.every((id) => isCoveredByClauses(situation, id))
  const isPermitted = against.size === 0 && areCovered
  return { isPermitted, against, duties: isPermitted ? dutiesOf(situation) : new Set() }
}

function refusedFor(why: string): Verdict {
  return { isPermitted: false, against: new Set([why]), duties: new Set() }
}

const ms = (instant: string) => Date.parse(instant)

function isInForce({ phase, document, now, retiresAt }: Situation): boolean {
  if (phase !== 'inForce' && phase !== 'retiring') return false
  if (ms(now) < ms(document.validFromAt)) return false
  if (ms(now) >= ms(document.sunsetAt)) return false
  return retiresAt === null || ms(now) < ms(retiresAt)
}

function reasons(s: Situation): Record<string, boolean> {
  return {
    nothingToRelease: hasNothing(s),
    lawBlocks: isBlockedByLaw(s),
    noInstrumentByLaw: lacksInstrument(s),
    orderForbids: isForbiddenByOrder(s),
    handlingForbids: isRed(s),
    contentRetracted: heldInside(s).some((one) => one.isRetracted),
    exhibitRejected: wasRejected(s),
    originatorConsentMissing:
      isOfNobody(s) || heldInside(s).some((one) => isKeptByOriginator(one, s)),
    embargoConsentMissing: isUnderEmbargo(s),
    recipientLeft: s.asked.kind !== 'stub' && s.left.includes(s.asked.recipient),
    reportNotReceived: waitsForReport(s),
    consentMissing: lacksConsent(s),
    authorisationMissing: lacksAuthorisation(s),
    noEmergency: s.asked.emergency !== null && !isEmergency(s),
    rightsTestMissing: s.test === null || s.test.isForAnother,
    rightsTestFailed: s.test !== null && !s.test.isForAnother && s.test.failed,
    reviewMissing: lacksReview(s),
    officerConflict: officersOf(s).some((who) => s.conflicted.includes(who)),
    reviewerConflict: hasConflictedReviewer(s),
    secondOfficerMissing: lacksSecondOfficer(s),
  }
}

function hasNothing({ asked }: Situation): boolean {
  if (asked.categories.length === 0) return true
  if (asked.legalBasis.trim() === '') return true
  return asked.categories.some((id) => !asked.holds.includes(id))
}

// Law

function isBlockedByLaw(s: Situation): boolean {
  if (!s.isAbroad) return false
  return s.asked.categories.some((id) => sortsOf(s, id).some((sort) => s.blocks.includes(sort)))
}

/** Abroad, personal or secret data need an instrument of that way, day and category. */
function lacksInstrument(s: Situation): boolean {
  if (!s.isAbroad) return false
  return s.asked.categories.some((id) => sortsOf(s, id).length > 0 && !hasInstrument(s, id, true))
}

function sortsOf({ document }: Situation, id: string): readonly ('personal' | 'confidential')[] {
  const found = document.categories.find((one) => one.id === id)
  if (found === undefined) return ['personal', 'confidential']
  const sorts: ('personal' | 'confidential')[] = []
  if (found.personal) sorts.push('personal')
  if (found.confidential) sorts.push('confidential')
  return sorts
}

function hasInstrument(s: Situation, id: string, forReal: boolean): boolean {
  const from = orderOf(s.document, s.asked.authority)
  const to = orderOf(s.document, s.asked.recipient)
  for (const one of s.document.transferInstruments) {
    if (one.from !== from || one.to !== to) continue
    if (one.categories !== undefined && !one.categories.includes(id)) continue
    if (ms(`${one.authorisedOn}T00:00:00.000Z`) > ms(s.now)) continue
    if (ms(`${one.validUntil ?? '9999-12-31'}T23:59:59.999Z`) < ms(s.now)) continue
    if (forReal && one.simulated && !s.isExercise) continue
    return true
  }
  return false
}

function orderOf(document: AgreementDocument, node: string): string | undefined {
  return document.parties.find((party) => party.node === node)?.legalOrder
}

const lineage: Record<string, readonly string[]> = {
  x1: ['x1'],
  x2: ['x2', 'x1'],
  x3: ['x3', 'x2', 'x1'],
}

function wasRejected({ rejected, asked }: Situation): boolean {
  const from = asked.exhibitId === null ? [] : (lineage[asked.exhibitId] ?? [])
  return from.some((id) => rejected.includes(id))
}

function isForbiddenByOrder({ orders, now, asked }: Situation): boolean {
  for (const order of orders) {
    if (order.isLifted) continue
    if (order.until !== null && ms(now) >= ms(order.until)) continue
    const from = asked.exhibitId === null ? [] : (lineage[asked.exhibitId] ?? [])
    const named = order.exhibits
    if (named !== null && !from.some((id) => named.includes(id))) continue
    if (!order.mayReceive.includes(asked.recipient)) return true
    if (!order.purposes.includes(asked.purpose)) return true
  }
  return false
}

// Marking and origin

function heldInside({ held, asked }: Situation) {
  const { exhibitId, passesOn } = asked
  return held.filter(
    (one, n) =>
      `held-${n}` === passesOn || (exhibitId !== null && one.exhibitIds.includes(exhibitId)),
  )
}

function isRed(s: Situation): boolean {
  const marking = inEffect(s).filter(({ kind }) => kind === 'handling')
  for (const id of s.asked.categories) {
    const own = marking.filter((clause) => (clause['categories'] as string[]).includes(id))
    if (own.some((clause) => clause['tlp'] === 'RED')) return true
    if (own.length === 0 && s.document.handling.tlp === 'RED') return true
  }
  if (s.asked.categories.length === 0 && s.document.handling.tlp === 'RED') return true
  return heldInside(s).some(({ tlp }) => tlp === 'RED')
}

function isKeptByOriginator(
  { originator, tlp, codes, consentedTo, mustStay, isRetracted }: Situation['held'][number],
  { asked }: Situation,
): boolean {
  // What was called back is told as that, and as nothing else.
  if (isRetracted) return false
  if (asked.recipient === originator) return false
  for (const one of consentedTo) {
    if (one.recipient === asked.recipient && one.purpose === asked.purpose) return false
  }
  return tlp !== 'CLEAR' || codes.length > 0 || mustStay
}

/** It names a release of a peer that is not there. */
function isOfNobody({ held, asked }: Situation): boolean {
  return asked.passesOn !== null && !(asked.passesOn === 'held-0' && held.length > 0)
}

// The case and its people

function isUnderEmbargo({ embargo, accepted, asked }: Situation): boolean {
  if (embargo === 'none' || embargo === 'exited' || asked.kind === 'stub') return false
  return !accepted.includes(asked.recipient)
}

/** Content under an embargo is for those who have the report itself; a stub is for anybody. */
function waitsForReport({ embargo, accepted, withoutReport, asked }: Situation): boolean {
  if (asked.kind === 'stub') return false
  if (!['proposed', 'active', 'revise'].includes(embargo)) return false
  return accepted.includes(asked.recipient) && withoutReport.includes(asked.recipient)
}

function lacksConsent(s: Situation): boolean {
  const required = namedBy(s, 'requireConsent')
  if (required.length > 0 && s.persons.length === 0) return true
  for (const id of s.asked.categories) {
    for (const person of s.persons) {
      const said = s.consents.filter(
        (one) =>
          one.state !== 'asked' &&
          one.person === person &&
          one.recipients.includes(s.asked.recipient) &&
          one.purposes.includes(s.asked.purpose) &&
          one.categories.includes(id),
      )
      const latest = Math.max(...said.map((one) => ms(one.saidAt)))
      const last = said.filter((one) => ms(one.saidAt) === latest)
      if (last.some(({ state }) => state !== 'given')) return true
      if (last.length === 0 && required.includes(id)) return true
    }
  }
  return false
}

function lacksAuthorisation(s: Situation): boolean {
  return namedBy(s, 'requireAuthorisation').some(
    (id) =>
      !s.authorisations.some(
        (one) =>
          !one.isEnded &&
          ms(one.from) <= ms(s.now) &&
          ms(s.now) < ms(one.until) &&
          one.recipients.includes(s.asked.recipient) &&
          one.categories.includes(id),
      ),
  )
}

/** Of what is asked for, what a clause of this kind names. */
function namedBy(s: Situation, kind: string): readonly string[] {
  const naming = inEffect(s).filter((clause) => clause.kind === kind)
  return s.asked.categories.filter((id) =>
    naming.some((clause) => (clause['categories'] as string[]).includes(id)),
  )
}

function isEmergency({ document, asked }: Situation): boolean {
  return document.emergencyClause !== null && (asked.emergency?.reason.trim() ?? '') !== ''
}

const people = ({ officer, inPlaceOf }: Person) => [officer, ...(inPlaceOf ? [inPlaceOf] : [])]
const areApart = (one: Person, other: Person) =>
  !people(one).some((person) => people(other).includes(person))

function officersOf({ asked, proposedBy }: Situation): readonly string[] {
  const sides = [asked.person, ...(proposedBy ? [proposedBy] : [])]
  return sides.flatMap(({ officer, inPlaceOf }) => (inPlaceOf ? [officer, inPlaceOf] : [officer]))
}

function lacksReview(s: Situation): boolean {
  if (isEmergency(s)) return false
  const { asked, review, test, document } = s
  const marked = asked.categories.filter((id) => {
    const category = document.categories.find((one) => one.id === id)
    return category === undefined || category.reviewRequired
  })
  const isSensitive = test !== null && ['severe', 'many', 'press'].includes(test.sensitive ?? '')
  const needed = isSensitive ? asked.categories : marked
  if (needed.length === 0 && !isSensitive) return false
  if (review === null || review.isForAnother || review.outcome !== 'approved') return true
  if (review.recipient !== asked.recipient || review.exhibitId !== asked.exhibitId) return true
  if (review.passesOn !== asked.passesOn) return true
  if (review.purpose !== asked.purpose) return true
  if (!needed.every((id) => review.categories.includes(id))) return true
  if (!areApart(review.by, asked.person)) return true
  return s.proposedBy !== null && !areApart(review.by, s.proposedBy)
}

function hasConflictedReviewer({ review, conflicted }: Situation): boolean {
  if (review === null || review.isForAnother || review.outcome !== 'approved') return false
  const { officer, inPlaceOf } = review.by
  return conflicted.includes(officer) || (inPlaceOf !== null && conflicted.includes(inPlaceOf))
}

function lacksSecondOfficer(s: Situation): boolean {
  if (namedBy(s, 'requireSecondOfficer').length === 0 || isEmergency(s)) return false
  return s.proposedBy === null || !areApart(s.proposedBy, s.asked.person)
}

// Clauses

const NEVER_UNDERSTOOD = 'onFridaysOnly'
const MAY_BE_FORGONE = ['forbidRelease', 'requireConsent', 'requireSecondOfficer', 'handling']

function clausesOf({ document }: Situation): readonly Plain[] {
  return document.clauses as unknown as readonly Plain[]
}

function inEffect(s: Situation): readonly Plain[] {
  return clausesOf(s).filter((clause) => {
    if (s.disputed.includes(clause.id) && clause.kind === 'permitRelease') return false
    if (clause.kind === 'permitRelease') return isInPhase(s, clause)
    return !(MAY_BE_FORGONE.includes(clause.kind) && isForgone(s, clause.id))
  })
}

function isForgone(s: Situation, id: string): boolean {
  return clausesOf(s).some(
    (one) =>
      one.kind === 'exempt' &&
      !s.disputed.includes(one.id) &&
      ms(s.now) < ms(one['until'] as string) &&
      (one['clauses'] as string[]).includes(id),
  )
}

function isInPhase(s: Situation, { phases }: Plain): boolean {
  if (phases === undefined) return true
  const begun = clausesOf(s)
    .filter((one) => one.kind === 'phase' && ms(one['fromAt'] as string) <= ms(s.now))
    .sort((a, b) => ms(b['fromAt'] as string) - ms(a['fromAt'] as string))
  const [last, before] = begun
  if (last === undefined || before?.['fromAt'] === last['fromAt']) return false
  return (phases as string[]).includes(last['phase'] as string)
}

function isCoveredByClauses(s: Situation, id: string): boolean {
  const category = s.document.categories.find((one) => one.id === id)
  if (category === undefined || !category.releasable) return false
  const clauses = inEffect(s)
  if (clausesOf(s).some(isStrange)) return false
  const from = orderOf(s.document, s.asked.authority) ?? ''
  const to = orderOf(s.document, s.asked.recipient) ?? ''
  for (const clause of clauses) {
    if (clause.kind === 'forbidRelease' && (clause['categories'] as string[]).includes(id)) {
      const only = clause['to'] as string[] | undefined
      if (only === undefined || only.includes(to)) return false
    }
    const wantsOne = clause.kind === 'requireTransferInstrument' && category.personal
    if (wantsOne && from !== to && !hasInstrument(s, id, false)) return false
  }
  return clauses.some((clause) => permits(s, clause, id))
}

/** What cannot be read forbids everything: an unknown kind, or phases of which there is none. */
function isStrange({ kind, phases }: Plain): boolean {
  return kind === NEVER_UNDERSTOOD || (phases as string[] | undefined)?.length === 0
}

function permits(s: Situation, clause: Plain, id: string): boolean {
  if (clause.kind !== 'permitRelease') return false
  const { asked, document } = s
  const parties = document.parties.map(({ node }) => node)
  if (!parties.includes(asked.authority) || !parties.includes(asked.recipient)) return false
  if (asked.authority === asked.recipient) return false
  if (!asked.roles.some((role) => role === 'caseOfficer' || role === 'liaison')) return false
  if (!(clause['categories'] as string[]).includes(id)) return false
  if (!(clause['purposes'] as string[]).includes(asked.purpose)) return false
  if (!(clause['releaseKinds'] as string[]).includes(asked.kind)) return false
  if (clause['when'] !== undefined && s.isAiSystem !== true) return false
  const ways = clause['between'] as { from: string; to: string }[] | undefined
  if (ways === undefined) return true
  return ways.some(({ from, to }) => from === asked.authority && to === asked.recipient)
}

function dutiesOf(s: Situation): ReadonlySet<string> {
  const permitting = inEffect(s).filter((clause) =>
    s.asked.categories.some((id) => permits(s, clause, id)),
  )
  return new Set(permitting.flatMap((clause) => clause['duties'] as string[]))
}
