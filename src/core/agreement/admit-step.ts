/**
 * Whether a step of a party counts: the same question for one's own and for a peer's.
 *
 * The order of texts is total (`byPlace`), a party that has signed a text offers no
 * other in its place, and a text binds only when all have signed it. So concurrent offers
 * end at the same text everywhere, and no party can bind while another moves on.
 * `ownStepBar` adds what only the one who takes the step is asked.
 */
import { canonicalText } from '../../base/canonical-json.ts'
import { type Refusal, refuse } from '../../base/decision.ts'
import type { Instant } from '../../base/time.ts'
import type { AgreementPhase, AgreementState } from './agreement.ts'
import type { AgreementStep } from './agreement-events.ts'
import type { RapidMember } from './clause.ts'
import { no, notAParty, rapidTerms, type WhyAgreement, wrongPhase } from './decide-agreement.ts'
import { isOpenedAsAgreed } from './dispute.ts'
import type { AgreementDocument } from './document.ts'
import { documentFaults } from './document-faults.ts'
import {
  hasLeftBar,
  joinsBySilence,
  leavingBar,
  leavingEndBar,
  membershipTerms,
  partiesBar,
} from './membership.ts'
import { byPlace, hasBound, openText } from './offered-texts.ts'

type Step<Type extends AgreementStep['type']> = Extract<AgreementStep, { type: Type }>
type Bar = Refusal<WhyAgreement> | undefined

const WAITS: readonly AgreementPhase[] = ['offered', 'signing', 'lapsed']
const BOUND: readonly AgreementPhase[] = ['inForce', 'suspended', 'retiring']
const KNOWN = [...WAITS, ...BOUND]

/**
 * In which phases each step counts. For a peer the agreement may be in force before the last
 * signature has arrived here, so its suspension counts then too.
 */
export const STEP_PHASES: Readonly<Record<AgreementStep['type'], readonly AgreementPhase[]>> = {
  agreementTextOffered: [...KNOWN, 'withdrawn'],
  agreementOfferWithdrawn: KNOWN,
  agreementObjected: KNOWN,
  agreementSuspended: KNOWN,
  agreementResumed: KNOWN,
  agreementRetirementNotified: KNOWN,
  agreementLeavingNotified: KNOWN,
  clauseDisputeOpened: [...KNOWN, 'retired'],
  clauseDisputeStepTaken: [...KNOWN, 'retired'],
  clauseDisputeResolved: [...KNOWN, 'retired'],
}

/** In which phases a party may take the step itself, where these are fewer. */
const OWN_PHASES: Partial<typeof STEP_PHASES> = {
  agreementTextOffered: ['offered', 'signing', 'withdrawn', 'lapsed', 'inForce', 'suspended'],
  agreementSuspended: BOUND,
  agreementResumed: BOUND,
  agreementRetirementNotified: BOUND,
  agreementLeavingNotified: BOUND,
  clauseDisputeOpened: [...BOUND, 'retired', 'lapsed'],
}

/** The digest of an offered text has been computed and compared by the caller. */
export function stepBar(state: AgreementState, step: AgreementStep): Bar {
  const { document } = state
  const isPossible = STEP_PHASES[step.type].includes(state.phase) || isFirstHere(state, step)
  if (!document || !isPossible) return wrongPhase(state)
  const bar = notAParty(document, step.party) ?? hasLeftBar(state, step)
  if (bar) return bar
  if ('reason' in step && step.reason.trim() === '') {
    return no('reasonMissing', 'a reason must be recorded')
  }
  switch (step.type) {
    case 'agreementTextOffered':
      return textBar(state, document, step)
    case 'agreementOfferWithdrawn':
      return withdrawalBar(state, step)
    case 'agreementObjected':
      return objectionBar(state, step)
    case 'agreementSuspended':
      return suspensionBar(document, step)
    case 'agreementResumed':
      return state.suspensions.some(({ party }) => party === step.party)
        ? undefined
        : no('onlyBySuspendingParty', 'the party that suspended the agreement resumes it')
    case 'agreementRetirementNotified':
      return retirementBar(state, step)
    case 'agreementLeavingNotified':
      return leavingBar(state, step)
    case 'clauseDisputeOpened':
    case 'clauseDisputeStepTaken':
    case 'clauseDisputeResolved':
      return disputeBar(state, document, step)
  }
}

/** A party that joins begins with the text that names it; it has seen no earlier one. */
function isFirstHere({ phase, digest }: AgreementState, step: AgreementStep): boolean {
  const isText = step.type === 'agreementTextOffered' && (step.joining ?? []).length > 0
  return phase === 'drafted' && isText && step.digest === digest
}

/** Whether a party may take such a step itself in this phase. */
export function ownPhaseBar(state: AgreementState, type: AgreementStep['type']): Bar {
  const phases = OWN_PHASES[type] ?? STEP_PHASES[type]
  return phases.includes(state.phase) ? undefined : wrongPhase(state)
}

/** What the party that takes the step is asked besides. */
export function ownStepBar(state: AgreementState, step: AgreementStep, now: Instant): Bar {
  const phase = ownPhaseBar(state, step.type)
  if (phase) return phase
  switch (step.type) {
    case 'agreementTextOffered': {
      const open = openText(state)
      if (step.document.version <= state.lastVersion) {
        return no('notLater', `the next version is number ${state.lastVersion + 1}`)
      }
      if (step.signBy <= now) return no('deadlinePassed', 'the time for signing is over at once')
      if (step.document.sunsetAt <= now) return no('pastSunset', 'the text ends before it begins')
      return open?.signatures.some(({ party }) => party === step.party)
        ? no('alreadySigned', 'who has signed a text offers no other one in its place')
        : undefined
    }
    case 'agreementSuspended':
      return step.reviewAt > now
        ? undefined
        : no('reviewDateMissing', 'a suspension needs a review in the future')
    case 'agreementRetirementNotified':
      return step.endsAt > now ? undefined : no('endTooSoon', 'a notice has an end in the future')
    case 'agreementLeavingNotified':
      return leavingEndBar(state, step, now)
    default:
      return undefined
  }
}

function textBar(
  state: AgreementState,
  current: AgreementDocument,
  step: Step<'agreementTextOffered'>,
): Bar {
  const { document, digest, rapid } = step
  const faults = documentFaults(document)
  if (faults.length > 0) return refuse('documentFaulty', ...faults)
  if (document.id !== current.id) return no('anotherAgreement', 'the text is of another agreement')
  const parties = partiesBar(state, step)
  if (parties) return parties
  const binding = hasBound(state) && { document: current, digest: state.digest ?? '' }
  const isKnown = state.gone.includes(digest) || state.texts.some((text) => text.digest === digest)
  if (isKnown || (binding && byPlace(step, binding) <= 0)) {
    return no('notLater', 'this text, or one in its place, was on offer before')
  }
  return rapid ? rapidBar(state, current, step) : undefined
}

function rapidBar(
  state: AgreementState,
  current: AgreementDocument,
  { document: next, joining = [] }: Step<'agreementTextOffered'>,
): Bar {
  // Who joins by it signs, whatever the others may do by silence.
  if (!hasBound(state) && joining.length > 0) return undefined
  const isJoining = joining.length > 0 && joinsBySilence(current)
  const terms = joining.length > 0 ? isJoining && membershipTerms(current) : rapidTerms(current)
  if (!terms || !hasBound(state)) {
    return no('rapidNotAllowed', 'no clause in force allows a rapid amendment')
  }
  const members = terms.kind === 'rapidAmendment' ? terms.members : []
  const added = addsOnly(current, next, joining) ? ['parties'] : []
  const allowed = new Set<string>(['version', ...members, ...added])
  const changed = changedMembers(current, next).filter((member) => !allowed.has(member))
  if (changed.length === 0) return undefined
  return refuse('rapidNotAllowed', {
    rule: `clause:${terms.id}`,
    text: `a rapid amendment may not change ${changed.join(', ')}`,
  })
}

/** Of the parties nothing differs but that these join. */
function addsOnly(
  { parties }: AgreementDocument,
  next: AgreementDocument,
  joining: readonly string[],
): boolean {
  const staying = next.parties.filter(({ node }) => !joining.includes(node))
  const before = parties.filter(({ node }) => staying.some((one) => one.node === node))
  return joining.length > 0 && isSame({ it: staying }, { it: before })
}

/** Members of the text that differ; of the parties `messageKeys` where only the keys do. */
export function changedMembers(
  before: AgreementDocument,
  after: AgreementDocument,
): readonly string[] {
  const members = new Set([...Object.keys(before), ...Object.keys(after)])
  const changed = [...members].filter((name) => !isSameMember(before, after, name))
  if (!changed.includes('parties')) return changed
  const isKeysOnly = isSame(withoutKeys(before), withoutKeys(after))
  const named = 'messageKeys' satisfies RapidMember
  return changed.map((member) => (member === 'parties' && isKeysOnly ? named : member))
}

function isSameMember(before: object, after: object, name: string): boolean {
  const [one, other] = [before, after].map((it) => (it as Record<string, unknown>)[name])
  return isSame({ it: one ?? null }, { it: other ?? null })
}

const isSame = (one: object, other: object) => canonicalText(one) === canonicalText(other)

const withoutKeys = ({ parties }: AgreementDocument) => ({
  parties: parties.map(({ messageKeys: _, ...party }) => party),
})

function withdrawalBar(
  state: AgreementState,
  { party, digest }: Step<'agreementOfferWithdrawn'>,
): Bar {
  const open = state.texts.find((text) => text.digest === digest)
  if (!open) return no('nothingOffered', 'this text is not on offer')
  if (open.offeredBy !== party) return no('notTheOfferer', 'who offered a text withdraws it')
  return open.signatures.some((signature) => signature.party === party)
    ? no('alreadySigned', 'who has signed an offer does not withdraw it')
    : undefined
}

function objectionBar(
  { texts }: AgreementState,
  { party, digest }: Step<'agreementObjected'>,
): Bar {
  const open = texts.find((text) => text.digest === digest)
  if (!open?.rapid) return no('nothingOffered', 'no rapid amendment of this text waits')
  return open.signatures.some((signature) => signature.party === party)
    ? no('alreadySigned', 'the notice has passed, or the party has signed')
    : undefined
}

function suspensionBar(document: AgreementDocument, step: Step<'agreementSuspended'>): Bar {
  const known = new Set(document.clauses.map(({ id }) => id))
  const unknown = (step.clauses ?? []).filter((id) => !known.has(id))
  if (unknown.length > 0 || step.clauses?.length === 0) {
    return no('unknownClause', `no such clause: ${unknown.join(', ')}`)
  }
  return undefined
}

/** Of two notices the earlier end counts, in whatever order they come. */
function retirementBar(
  { retirement }: AgreementState,
  { party, endsAt }: Step<'agreementRetirementNotified'>,
): Bar {
  if (!retirement || endsAt < retirement.endsAt) return undefined
  if (endsAt === retirement.endsAt && party < retirement.party) return undefined
  return no('laterEnd', `notice was given already; it ends at ${retirement.endsAt}`)
}

const notAsAgreed = no(
  'disputeNotAsAgreed',
  'the agreement gives a dispute other steps or days, or another effect on the clause',
)

function disputeBar(
  state: AgreementState,
  { clauses }: AgreementDocument,
  step: Step<'clauseDisputeOpened' | 'clauseDisputeStepTaken' | 'clauseDisputeResolved'>,
): Bar {
  const dispute = state.disputes.find(({ disputeId }) => disputeId === step.disputeId)
  if (step.type === 'clauseDisputeOpened') {
    if (dispute) return no('unknownDispute', 'a dispute has this id already')
    if (!clauses.some(({ id }) => id === step.clause)) {
      return no('unknownClause', `no such clause: ${step.clause}`)
    }
    return isOpenedAsAgreed(state, step) ? undefined : notAsAgreed
  }
  if (!dispute || dispute.resolution) return no('unknownDispute', 'no such dispute is open')
  if (dispute.openedBy !== step.party) {
    return no('onlyByOpener', 'the party that opened a dispute keeps its record')
  }
  if (step.type === 'clauseDisputeResolved') return undefined
  const taken = dispute.steps[step.step]
  return taken && !taken.taken ? undefined : no('stepTaken', 'no such step is to be taken')
}
