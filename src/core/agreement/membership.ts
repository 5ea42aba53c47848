/**
 * Single parties that join an agreement in force, or leave it while the others stay.
 *
 * Both need a `membership` clause. A joining party comes with an amendment that names it:
 * it signs itself, the others sign or stay silent as the clause says. A leaving party gives
 * notice; from its end on nothing goes to or from it, the duties of earlier releases stay,
 * and fewer than two remaining parties end the agreement. Which party has left is an event
 * of each stream, so that a step is judged alike whenever it is read.
 */
import { type Refusal, refuse } from '../../base/decision.ts'
import { addMs, DAY_MS, type Instant } from '../../base/time.ts'
import { onceFor } from '../law/once.ts'
import type { AgreementState } from './agreement.ts'
import type { AgreementEvent, AgreementStep } from './agreement-events.ts'
import type { ClauseOf } from './clause.ts'
import { type AgreementDocument, clauseOfKind } from './document.ts'
import type { OfferedText } from './offered-texts.ts'

type TextStep = Extract<AgreementStep, { type: 'agreementTextOffered' }>
type LeavingStep = Extract<AgreementStep, { type: 'agreementLeavingNotified' }>
type WhyMembership = 'partiesChanged' | 'endTooSoon' | 'hasLeft' | 'laterEnd'
type Bar = Refusal<WhyMembership> | undefined

/** Notice that one party gave, and whether its end was recorded. */
export type Departure = Pick<LeavingStep, 'party' | 'reason' | 'endsAt' | 'survivingDuties'> & {
  readonly hasLeft: boolean
}

export function membershipTerms(document: AgreementDocument): ClauseOf<'membership'> | undefined {
  return clauseOfKind(document, 'membership') as ClauseOf<'membership'> | undefined
}

export function hasLeft({ departures }: AgreementState, node: string): boolean {
  return departures.some((one) => one.hasLeft && one.party === node)
}

/** The text as it binds: without the parties whose notice has ended by `now`. */
export function presentParties(
  document: AgreementDocument,
  { departures }: Pick<AgreementState, 'departures'>,
  now: Instant,
): AgreementDocument {
  const gone = departures.filter((one) => one.hasLeft || one.endsAt <= now)
  return gone.length === 0
    ? document
    : without(
        document,
        gone.map(({ party }) => party),
      )
}

/** The same object for the same parties, so that what is compiled of it is kept with it. */
function without(document: AgreementDocument, nodes: readonly string[]): AgreementDocument {
  const known = narrowedOf(document)
  const key = [...nodes].sort().join()
  const before = known.get(key)
  if (before) return before
  const parties = document.parties.filter(({ node }) => !nodes.includes(node))
  const narrowed = { ...document, parties }
  known.set(key, narrowed)
  return narrowed
}

const narrowedOf = onceFor((_: AgreementDocument) => new Map<string, AgreementDocument>())

/** Who would be a party by the new text and is none now. */
export function joiningParties(state: AgreementState, next: AgreementDocument): readonly string[] {
  const now = new Set(state.document?.parties.map(({ node }) => node) ?? [])
  return next.parties
    .map(({ node }) => node)
    .filter((node) => !now.has(node) || hasLeft(state, node))
}

/**
 * Whether another text may name these parties: those of now, without any that gave notice,
 * and with whom the step names as joining. A new party itself, which knows no earlier text,
 * takes that as given: it signs or it does not.
 */
export function partiesBar(state: AgreementState, step: TextStep): Bar {
  const { document: current, departures, since } = state
  const joining = step.joining ?? []
  const named = new Set(step.document.parties.map(({ node }) => node))
  const staying = (current?.parties ?? []).filter(
    ({ node }) => !departures.some(({ party }) => party === node),
  )
  if (!staying.every(({ node }) => named.has(node)) || !joining.every((it) => named.has(it))) {
    return partiesChanged('who has given no notice of leaving stays a party')
  }
  const found = joiningParties(state, step.document)
  if (since === null) {
    return found.every((node) => joining.includes(node)) &&
      (found.length === 0 || joining.length > 0)
      ? isGuestOf(state, step)
      : partiesChanged('with other parties it is another agreement')
  }
  if ([...found].sort().join() !== [...joining].sort().join()) {
    return partiesChanged('with other parties it is another agreement')
  }
  return joining.length > 0 && current && !membershipTerms(current)
    ? partiesChanged('no clause in force lets a party join: it is another agreement')
    : undefined
}

/** Before anything binds here, only what this node joins by may name more parties. */
function isGuestOf({ document }: AgreementState, { joining = [] }: TextStep): Bar {
  const known = new Set(document?.parties.map(({ node }) => node) ?? [])
  return joining.every((node) => known.has(node))
    ? undefined
    : partiesChanged('with other parties it is another agreement')
}

/** The clause may say that silence is consent to a party that joins. */
export function joinsBySilence(current: AgreementDocument): boolean {
  return membershipTerms(current)?.joining === 'silence'
}

export function leavingBar(state: AgreementState, step: LeavingStep): Bar {
  const bar = mayLeaveBar(state, step.party)
  const at = step.statement?.at
  return bar ?? (at === undefined ? undefined : leavingEndBar(state, step, at))
}

/** Whether a party may give notice at all, whatever its end. */
export function mayLeaveBar({ document, departures }: AgreementState, party: string): Bar {
  if (!document || !membershipTerms(document)) {
    return partiesChanged('the agreement has no clause on how parties join and leave')
  }
  if (document.parties.length < 3) {
    return partiesChanged('of two parties none can leave alone: give notice of retirement')
  }
  return departures.some((one) => one.party === party)
    ? refuse('laterEnd', { rule: 'agreement:laterEnd', text: `${party} has given notice already` })
    : undefined
}

/** The notice is at least as long as the clause says, by the time of the party that gives it. */
export function leavingEndBar({ document }: AgreementState, step: LeavingStep, now: Instant): Bar {
  const terms = document ? membershipTerms(document) : undefined
  if (!terms || step.endsAt >= addMs(now, terms.noticeDays * DAY_MS)) return undefined
  return refuse('endTooSoon', {
    rule: `clause:${terms.id}`,
    text: `the notice of leaving is at least ${terms.noticeDays} days`,
  })
}

/** Who has left takes no step but in disputes: their subject are duties that survive. */
export function hasLeftBar(state: AgreementState, step: AgreementStep): Bar {
  if (step.type.startsWith('clauseDispute') || !hasLeft(state, step.party)) return undefined
  return refuse('hasLeft', {
    rule: 'agreement:hasLeft',
    text: `${step.party} has left the agreement`,
  })
}

/** What the end of a notice brings: the party has left; the last two to stay make it end. */
export function dueDeparture(
  { departures, document }: AgreementState,
  now: Instant,
): AgreementEvent | undefined {
  const ended = departures.find((one) => !one.hasLeft && one.endsAt <= now)
  if (ended) return { type: 'agreementPartyLeft', party: ended.party, reason: ended.reason }
  const gone = departures.filter((one) => one.hasLeft)
  const last = gone.at(-1)
  const present = (document?.parties ?? []).filter(
    ({ node }) => !gone.some(({ party }) => party === node),
  )
  if (!last || present.length > 1) return undefined
  return { type: 'agreementRetired', party: last.party, reason: last.reason }
}

export function withDeparture(state: AgreementState, step: LeavingStep): AgreementState {
  const { party, reason, endsAt, survivingDuties } = step
  const departure = { party, reason, endsAt, survivingDuties, hasLeft: false }
  return { ...state, departures: [...state.departures, departure] }
}

export function withPartyLeft(state: AgreementState, party: string): AgreementState {
  const departures = state.departures.map((one) =>
    one.party === party ? { ...one, hasLeft: true } : one,
  )
  return { ...state, departures }
}

/** Of a text that begins to bind: only notices of those who are still parties by it. */
export function departuresUnder(
  departures: readonly Departure[],
  { document, joining }: Pick<OfferedText, 'document' | 'joining'>,
): readonly Departure[] {
  const named = new Set(document.parties.map(({ node }) => node))
  return departures.filter(({ party }) => named.has(party) && !joining.includes(party))
}

/** Who hears of a step: the parties, those who may become one, and of a dispute who has left. */
export function audience(state: AgreementState, step?: AgreementStep): readonly string[] {
  const isDispute = step?.type.startsWith('clauseDispute') ?? false
  const parties = (state.document?.parties ?? [])
    .map(({ node }) => node)
    .filter((node) => isDispute || !hasLeft(state, node))
  const offered = [
    ...state.texts.map(({ document }) => document),
    ...(step?.type === 'agreementTextOffered' ? [step.document] : []),
  ]
  const joining = offered.flatMap((text) => joiningParties(state, text))
  return [...new Set([...parties, ...joining])]
}

function partiesChanged(text: string): Refusal<WhyMembership> {
  return refuse('partiesChanged', { rule: 'agreement:partiesChanged', text })
}
