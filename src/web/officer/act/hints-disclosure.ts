/** Hints for coordinated disclosure. A step that no machine has is not offered. Pure. */
import { GIVEN_ROLES } from '../../../app/acts/coordination-acts.ts'
import { isInvited } from '../../../app/joint-case.ts'
import { addMs, DAY_MS } from '../../../base/time.ts'
import { isVendorLetter, type Letter } from '../../../core/disclosure/case-state.ts'
import { heldClaims } from '../../../core/disclosure/claims.ts'
import { type Participant, participantOf } from '../../../core/disclosure/disclosure-state.ts'
import { PRODUCT_STATUSES } from '../../../core/disclosure/events.ts'
import { destination } from '../../../core/disclosure/machine.ts'
import {
  publicLetters,
  publicMachine,
  reportMachine,
  vendorLetters,
} from '../../../core/disclosure/machines.ts'
import { isAlreadyPublic } from '../../../core/triage/admitted-report.ts'
import { matchableIdentifiers } from '../../../core/triage/matching.ts'
import { localTimeOf } from '../../form/read-form.ts'
import { readable } from '../../words.ts'
import {
  filled,
  type HintContext,
  type HintsOf,
  merged,
  nameOf,
  oneOf,
  plain,
  someOf,
  widget,
  worded,
} from './hint-context.ts'

const EMBARGO_DAYS = 45

const setEmbargoEnd: HintsOf = ({ now, node }) =>
  filled({ until: localTimeOf(addMs(now, EMBARGO_DAYS * DAY_MS), node.zone) })

const refuseEmbargo: HintsOf = ({ read }) => {
  const { report } = read.state.triage
  return report && isAlreadyPublic(report) ? filled({ ground: 'alreadyPublic' }) : {}
}

const decideOnReport: HintsOf = ({ read, node }) => {
  const { reportState = 'start' } = participantOf(read.state.disclosure, node.id) ?? {}
  const steps = (['validate', 'invalidate', 'accept', 'defer', 'close'] as const).filter((step) =>
    destination(reportMachine, reportState, step),
  )
  return oneOf('step', worded('decideOnReport', 'step', steps))
}

const inviteToCase: HintsOf = (context) => oneOf('peer', peersToInvite(context))

const offerLead: HintsOf = ({ read, peers }) =>
  oneOf(
    'peer',
    peers
      .filter(({ id }) => participantOf(read.state.disclosure, id))
      .map(({ id, name }) => plain(id, name)),
  )

/** Identifiers that the report names, all of them chosen. */
const matchWithPeer: HintsOf = (context) => {
  const { read, peers } = context
  const named = matchableIdentifiers(read.state.triage.report)
  return merged(
    oneOf(
      'peer',
      peers.map(({ id, name }) => plain(id, name)),
    ),
    someOf(
      'identifiers',
      named.map((one) => plain(one, one)),
      named,
    ),
  )
}

/** Those who were not invited come first; inviting one again has its own answer. */
function peersToInvite({ read, peers }: HintContext) {
  const isIn = ({ id }: { id: string }) => participantOf(read.state.disclosure, id) !== undefined
  return [...peers.filter((peer) => !isIn(peer)), ...peers.filter(isIn)].map((peer) =>
    plain(peer.id, peer.name, isIn(peer) ? 'invited already' : 'not yet invited'),
  )
}

const recordProgress: HintsOf = (context) => {
  const { participants } = context.read.state.disclosure
  const choices = participants.map(({ id, roles }) =>
    plain(id, `${nameOf(context, id)}: ${roles.map(readable).join(', ')}`),
  )
  return merged(
    oneOf('letter', worded('recordProgress', 'letter', openLetters(context))),
    choices.length > 0 ? { choices: { participant: choices } } : {},
    choices.length > 0 ? widget('participant', 'select') : {},
  )
}

function openLetters({ read }: HintContext): readonly Letter[] {
  const { publicState, participants } = read.state.disclosure
  const vendors = participants.filter(({ roles }) => roles.includes('vendor'))
  return [...vendorLetters, ...publicLetters].filter((letter) =>
    isVendorLetter(letter)
      ? vendors.some(({ vendorState }) => !vendorState.includes(letter))
      : destination(publicMachine, publicState, letter),
  )
}

/** Each ending may be asked for: that the case does not bear it out is an answer. */
const endEmbargo: HintsOf = ({ read, now }) => {
  const { terms, proposals } = read.state.disclosure
  const until = terms?.until ?? proposals.at(-1)?.until
  return until !== undefined && until <= now ? filled({ reason: 'expired' }) : {}
}

/** Those who take part and have no node: they answer through the officers. */
function parties(context: HintContext, withSelf = true) {
  return those(context, ({ id }) => isParty(context, id) && (withSelf || id !== context.node.id))
}

function isParty({ peers }: HintContext, id: string): boolean {
  return !peers.some((peer) => peer.id === id)
}

function those(context: HintContext, is: (one: Participant) => boolean) {
  const { participants } = context.read.state.disclosure
  return participants
    .filter(is)
    .map(({ id, roles }) => plain(id, `${nameOf(context, id)}: ${roles.map(readable).join(', ')}`))
}

function leavers(context: HintContext) {
  return those(context, ({ id, left }) => id !== context.node.id && left === null)
}

const addParticipant: HintsOf = () =>
  someOf('roles', worded('addParticipant', 'roles', GIVEN_ROLES))

const proposeEmbargo: HintsOf = (context) =>
  merged(
    oneOf('participant', parties(context), context.node.id),
    filled({ until: localTimeOf(addMs(context.now, EMBARGO_DAYS * DAY_MS), context.node.zone) }),
  )

const inviteParty: HintsOf = (context) => {
  const { state } = context.read
  const isAsked = (id: string) => isParty(context, id) || isInvited(state, id)
  return oneOf(
    'participant',
    those(context, ({ id }) => id !== context.node.id && isAsked(id)),
  )
}

const proposeTerms: HintsOf = ({ now, node }) =>
  filled({ until: localTimeOf(addMs(now, EMBARGO_DAYS * DAY_MS), node.zone) })

const leaveCase: HintsOf = () =>
  oneOf('keepsEmbargo', worded('leaveCase', 'keepsEmbargo', ['yes', 'no']))

const recordEmbargoAnswer: HintsOf = (context) => {
  const { terms, proposals, embargo } = context.read.state.disclosure
  const inForce = terms && embargo !== 'exited' && embargo !== 'none' ? [terms] : []
  const open = [...proposals, ...inForce].map(({ embargoId, until, zone }) =>
    plain(embargoId, `until ${localTimeOf(until, zone)} ${zone}`),
  )
  return merged(
    oneOf('participant', parties(context)),
    oneOf('embargoId', open),
    oneOf('answer', worded('recordEmbargoAnswer', 'answer', ['accept', 'decline'])),
  )
}

const recordLeaving: HintsOf = (context) =>
  merged(
    oneOf('participant', leavers(context)),
    oneOf('keepsEmbargo', worded('recordLeaving', 'keepsEmbargo', ['yes', 'no', 'notSaid'])),
  )

const recordReportStep: HintsOf = (context) =>
  merged(
    oneOf('participant', parties(context, false)),
    oneOf('step', worded('recordReportStep', 'step', ['receive', ...PARTY_STEPS])),
  )

const claimPublicFact: HintsOf = ({ read }) =>
  oneOf('letter', worded('claimPublicFact', 'letter', factsNotSet(read.state)))

const recordFactClaim: HintsOf = (context) =>
  merged(
    oneOf('participant', parties(context, false)),
    oneOf('letter', worded('recordFactClaim', 'letter', factsNotSet(context.read.state))),
  )

function factsNotSet({ disclosure }: HintContext['read']['state']) {
  return publicLetters.filter((one) => destination(publicMachine, disclosure.publicState, one))
}

const decideFactClaim: HintsOf = (context) =>
  merged(
    oneOf(
      'claimId',
      heldClaims(context.read.state.disclosure).map(({ claimId, letter, participant, evidence }) =>
        plain(claimId, `${letter}: ${nameOf(context, participant)}`, evidence),
      ),
    ),
    oneOf('outcome', worded('decideFactClaim', 'outcome', ['adopted', 'rejected'])),
  )

const recordProductStatus: HintsOf = (context) => {
  const vendors = those(
    context,
    ({ id, roles }) => roles.includes('vendor') && isParty(context, id),
  )
  return merged(
    oneOf('participant', vendors),
    oneOf('status', worded('recordProductStatus', 'status', PRODUCT_STATUSES)),
  )
}

const PARTY_STEPS = ['validate', 'invalidate', 'accept', 'defer', 'close'] as const

export const disclosureHints = {
  addParticipant,
  proposeEmbargo,
  proposeTerms,
  inviteParty,
  leaveCase,
  recordEmbargoAnswer,
  recordLeaving,
  claimPublicFact,
  recordFactClaim,
  decideFactClaim,
  recordProductStatus,
  recordReportStep,
  setEmbargoEnd,
  refuseEmbargo,
  decideOnReport,
  inviteToCase,
  offerLead,
  matchWithPeer,
  recordProgress,
  endEmbargo,
}
