/**
 * A case is its history: the areas' events in one stream, folded into one state.
 *
 * Nothing else changes a case. The fold is total: an event that a version of this
 * code does not know changes nothing, and stays in the history.
 */
import { growingFold } from '../../base/growing-fold.ts'
import type { CalendarDate, Instant } from '../../base/time.ts'
import {
  type CaseAccessEvent,
  type CaseAccessState,
  type CaseForAccess,
  foldCaseAccess,
  isCaseAccessEvent,
  openAccess,
} from '../access/case-access.ts'
import {
  type AssistanceEvent,
  type AssistanceState,
  foldAssistance,
  isAssistanceEvent,
  noAssistance,
} from '../assistance/assistance.ts'
import {
  type Attestation,
  type AttestationEvent,
  isAttestationEvent,
} from '../attestation/attestation.ts'
import {
  type DeskEvent,
  type DeskState,
  foldDesk,
  isDeskEvent,
  noDesk,
} from '../desk/desk-events.ts'
import { type AdvisoriesState, foldAdvisories, noAdvisories } from '../disclosure/advisories.ts'
import { type AdvisoryEvent, isAdvisoryEvent } from '../disclosure/advisory-events.ts'
import {
  type DisclosureState,
  foldDisclosure,
  initialDisclosure,
} from '../disclosure/disclosure-state.ts'
import type { DisclosureEvent, EmbargoTerms } from '../disclosure/events.ts'
import { foldLead, isLeadEvent, type LeadEvent, type LeadState } from '../disclosure/lead.ts'
import {
  foldCaseEnd,
  foldRecognition,
  isRecognitionEvent,
  noRecognition,
  type RecognitionEvent,
  type RecognitionState,
} from '../disclosure/recognition-state.ts'
import {
  type EnforcementEvent,
  type EnforcementState,
  foldEnforcement,
  isEnforcementEvent,
  noEnforcement,
} from '../enforcement/enforcement.ts'
import {
  type EvidenceEvent,
  type EvidenceState,
  foldEvidence,
  isEvidenceEvent,
  noEvidence,
} from '../evidence/evidence.ts'
import { ordersForAccess } from '../evidence/protective-orders.ts'
import { isJointEvent, type JointEvent } from '../joint/events.ts'
import { foldJoint, type JointState, noJointWork, reopened } from '../joint/joint-state.ts'
import { foldLaw, type LawEvent, type LawState, noLaw } from '../law/case-law.ts'
import {
  foldRelease,
  isReleaseEvent,
  noReleases,
  type ReleaseEvent,
  type ReleaseState,
} from '../release/release.ts'
import {
  foldRights,
  isRightsEvent,
  noRights,
  type RightsEvent,
  type RightsState,
} from '../rights/rights.ts'
import {
  foldStatements,
  isStatementEvent,
  type Statement,
  type StatementFiled,
} from '../rights/statements.ts'
import { isMatch } from '../triage/matching.ts'
import { foldTriage, initialTriage, type TriageEvent, type TriageState } from '../triage/triage.ts'
import type { ActRefused, CaseKind, CaseOwnEvent } from './case-events.ts'
import type { Acting, Recorded } from './recorded.ts'

export type CaseEvent =
  | CaseOwnEvent
  | TriageEvent
  | DisclosureEvent
  | LeadEvent
  | AdvisoryEvent
  | RecognitionEvent
  | LawEvent
  | ReleaseEvent
  | RightsEvent
  | AssistanceEvent
  | EvidenceEvent
  | EnforcementEvent
  | DeskEvent
  | AttestationEvent
  | CaseAccessEvent
  | StatementFiled
  | JointEvent

export type Invitation = {
  readonly from: string
  readonly releaseId: string
  readonly terms: EmbargoTerms | null
  readonly answerBy: Instant
  readonly answer: 'accept' | 'decline' | null
}

type Areas = AdvisoriesState & LeadState

export type CaseState = Areas & {
  readonly title: string
  readonly kinds: readonly CaseKind[]
  /** By this name the case is known at every node, whoever leads it now. */
  readonly leadCaseId: string | null
  readonly filedOn: CalendarDate | null
  readonly openedAt: Instant | null
  readonly changedAt: Instant | null
  readonly version: number
  /** Every officer who has done anything in the case: none of them reviews it. */
  readonly handlers: readonly string[]
  readonly invitation: Invitation | null
  readonly refusals: readonly Recorded<ActRefused>[]
  readonly triage: TriageState
  readonly disclosure: DisclosureState
  readonly recognition: RecognitionState
  readonly law: LawState
  readonly releases: ReleaseState
  readonly rights: RightsState
  readonly assistance: AssistanceState
  readonly evidence: EvidenceState
  readonly enforcement: EnforcementState
  readonly desk: DeskState
  readonly attestations: readonly Attestation[]
  /** What people from outside said on the page. */
  readonly statements: readonly Statement[]
  /** Playbooks, offers, task forces, the review at the end, lineage of models. */
  readonly joint: JointState
  readonly access: CaseAccessState
}

export const noCase: CaseState = {
  title: '',
  kinds: [],
  lead: '',
  leadCaseId: null,
  filedOn: null,
  openedAt: null,
  changedAt: null,
  version: 0,
  handlers: [],
  invitation: null,
  leadOffer: null,
  formerLeads: [],
  tookLead: false,
  refusals: [],
  ...noAdvisories,
  triage: initialTriage,
  disclosure: initialDisclosure,
  recognition: noRecognition,
  law: noLaw,
  releases: noReleases,
  rights: noRights,
  assistance: noAssistance,
  evidence: noEvidence,
  enforcement: noEnforcement,
  desk: noDesk,
  attestations: [],
  statements: [],
  joint: noJointWork,
  access: openAccess,
}

export const foldCase: (history: readonly Recorded<CaseEvent>[]) => CaseState = growingFold(
  applyToCase,
  noCase,
)

/** Acts that make nobody a handler, like all about access: an independent reviewer may do them. */
const REVIEW_EVENTS = new Set([
  'reviewAssigned',
  'reviewDecided',
  'actRefused',
  'custodyRecorded',
  'evidencePackageMade',
])

function applyToCase(state: CaseState, recorded: Recorded<CaseEvent>): CaseState {
  const { event, at, by, version } = recorded
  const isOfAccess = isCaseAccessEvent(event)
  const isHandling = !REVIEW_EVENTS.has(event.type) && !isOfAccess && !state.handlers.includes(by)
  const handlers = isHandling ? [...state.handlers, by] : state.handlers
  const next = { ...state, version, changedAt: at, handlers }
  if (isReleaseEvent(event)) {
    return { ...next, releases: foldRelease(next.releases, { ...recorded, event }) }
  }
  if (isRightsEvent(event)) {
    return { ...next, rights: foldRights(next.rights, { ...recorded, event }) }
  }
  if (isAssistanceEvent(event)) {
    return { ...next, assistance: foldAssistance(next.assistance, { ...recorded, event }) }
  }
  if (isEvidenceEvent(event)) {
    return { ...next, evidence: foldEvidence(next.evidence, { ...recorded, event }) }
  }
  if (isEnforcementEvent(event)) {
    return { ...next, enforcement: foldEnforcement(next.enforcement, { ...recorded, event }) }
  }
  if (isDeskEvent(event)) {
    return { ...next, desk: foldDesk(next.desk, { ...recorded, event }) }
  }
  if (isAttestationEvent(event)) {
    return { ...next, attestations: [...next.attestations, { ...recorded, event }] }
  }
  if (isStatementEvent(event)) {
    return { ...next, statements: foldStatements(next.statements, { ...recorded, event }) }
  }
  if (isLeadEvent(event)) return foldLead(next, event)
  if (isAdvisoryEvent(event)) {
    return { ...next, ...foldAdvisories(next, { ...recorded, event }) }
  }
  if (isRecognitionEvent(event)) {
    return { ...next, recognition: foldRecognition(next.recognition, { ...recorded, event }) }
  }
  if (isJointEvent(event)) {
    return { ...next, joint: foldJoint(next.joint, { ...recorded, event }) }
  }
  if (isOfAccess) {
    return { ...next, access: foldCaseAccess(next.access, { ...recorded, event }) }
  }
  return applyOwn(
    {
      ...next,
      triage: foldTriage(next.triage, recorded as Recorded<TriageEvent>),
      disclosure: foldDisclosure(next.disclosure, recorded as Recorded<DisclosureEvent>),
      law: foldLaw(next.law, recorded as Recorded<LawEvent>),
    },
    event,
    recorded,
  )
}

function applyOwn(state: CaseState, event: CaseEvent, recorded: Recorded<CaseEvent>): CaseState {
  switch (event.type) {
    case 'caseOpened': {
      const { title, kinds, lead, leadCaseId, filedOn } = event
      return { ...state, title, kinds, lead, leadCaseId, filedOn, openedAt: recorded.at }
    }
    case 'invitationReceived': {
      const { from, releaseId, terms, answerBy } = event
      return { ...state, invitation: { from, releaseId, terms, answerBy, answer: null } }
    }
    case 'embargoTermsReceived': {
      const { terms, isAsked, from } = event
      // Whoever passed the lead on was never invited, and is asked like everybody.
      const asOne = { from, releaseId: '', answerBy: event.answerBy, answer: 'accept' } as const
      const before = state.invitation ?? (state.formerLeads.length > 0 ? asOne : null)
      if (!before) return state
      const { answerBy, answer } = before
      const asked = {
        answerBy: event.answerBy ?? answerBy ?? recorded.at,
        answer: isAsked ? null : (answer ?? 'accept'),
      } as const
      // Not asked any more: the old terms stand again for who had agreed to them.
      return { ...state, invitation: { ...before, ...asked, terms } }
    }
    case 'invitationAnswered':
      return state.invitation
        ? { ...state, invitation: { ...state.invitation, answer: event.answer } }
        : state
    case 'reportStateChanged':
    case 'reportReopened': {
      const { lead } = state
      const recognition = foldCaseEnd(state.recognition, lead, { ...recorded, event })
      // Who looks at the report again works together on it again, too.
      const joint = event.type === 'reportReopened' ? reopened(state.joint) : state.joint
      return { ...state, recognition, joint }
    }
    case 'actRefused':
      return { ...state, refusals: [...state.refusals, { ...recorded, event }] }
    default:
      return state
  }
}

/** The state as it will be once these events are appended, for a decision of several steps. */
export function afterEvents(
  state: CaseState,
  events: readonly CaseEvent[],
  { now, officer }: Acting,
): CaseState {
  return events.reduce(
    (sofar, event) =>
      applyToCase(sofar, { event, version: sofar.version + 1, at: now, by: officer }),
    state,
  )
}

export type CasePhase = 'triage' | 'coordination' | 'enforcement' | 'published'

/** Where the case stands as a whole; the areas have their own finer states. */
export function phaseOf(state: CaseState): CasePhase {
  if (state.publications.length > 0) return 'published'
  if (state.enforcement.measures.length > 0) return 'enforcement'
  const { permitted, received } = state.releases
  const hasPartners = received.length > 0 || permitted.some((release) => !isMatch(release))
  return hasPartners || state.invitation ? 'coordination' : 'triage'
}

/** What the decision about access reads of a case. */
export function caseForAccess(caseId: string, state: CaseState): CaseForAccess {
  const { access, enforcement, evidence, disclosure, lead, recognition, rights, triage } = state
  const { proposals: _, guests: __, documents: ___, views: ____, ...facts } = access
  const { developers, deployers } = triage.report?.affected ?? {}
  const named = enforcement.operator ? [enforcement.operator.name] : []
  const others = [lead, ...disclosure.participants.map(({ id }) => id)]
  return {
    ...facts,
    caseId,
    operators: [...new Set([...named, ...(developers ?? []), ...(deployers ?? [])])],
    authorities: [...new Set(others)],
    reviewers: [
      ...rights.reviews.flatMap(({ reviewer }) => reviewer ?? []),
      ...recognition.appeals.flatMap(({ asked }) => asked),
    ],
    orders: ordersForAccess(evidence),
  }
}
