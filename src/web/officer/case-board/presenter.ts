/** The board of a disclosure as its page shows it. Pure. */
import type { ReadCase } from '../../../app/read-case.ts'
import type { Instant } from '../../../base/time.ts'
import type { Participant } from '../../../core/disclosure/disclosure-state.ts'
import type { EmbargoTerms } from '../../../core/disclosure/events.ts'
import type { PublicLetter } from '../../../core/disclosure/machines.ts'
import { waitingIn } from '../../../core/disclosure/waiting.ts'
import { actItem } from '../../parts.ts'
import type { Names } from '../case/names.ts'
import { caseHead } from '../case/present-case.ts'
import type { BoardParticipant, CaseBoardModel } from './model.ts'

export type BoardView = {
  readonly read: ReadCase
  readonly names: Names
  /** Whether this participant answers by a node of its own. */
  readonly hasNode: (id: string) => boolean
  readonly now: Instant
  readonly page: number
}

const PAGE_SIZE = 50

/** What an officer can do about the parties of a disclosure, in the order of a case. */
const ACTS = [
  'setEmbargoEnd',
  'refuseEmbargo',
  'decideOnReport',
  'addParticipant',
  'admitGuest',
  'shareDocument',
  'inviteToCase',
  'answerInvitation',
  'proposeTerms',
  'offerLead',
  'answerLead',
  'leaveCase',
  'proposeEmbargo',
  'inviteParty',
  'recordEmbargoAnswer',
  'recordSilence',
  'rejectProposal',
  'recordReportStep',
  'recordProductStatus',
  'recordProgress',
  'recordFactClaim',
  'claimPublicFact',
  'decideFactClaim',
  'recordLeaving',
  'endEmbargo',
]

export function caseBoardModel(view: BoardView): CaseBoardModel {
  const { read, names, now } = view
  const { disclosure, lead } = read.state
  const pages = Math.max(1, Math.ceil(disclosure.participants.length / PAGE_SIZE))
  const at = Math.min(Math.max(1, view.page), pages)
  const shown = disclosure.participants.slice((at - 1) * PAGE_SIZE, at * PAGE_SIZE)
  const leader = lead ?? names.own.id
  return {
    case: caseHead(read, names),
    lead: names.authority(leader),
    isLead: leader === names.own.id,
    embargo: embargoOf(read),
    facts: FACTS.map((one) => factOf(read, one)),
    waiting: waitingIn(disclosure, leader, read.events, now).map(
      ({ what, whom, about, since, dueAt }) => ({
        what,
        whom: names.authority(whom),
        ...(about === null ? {} : { about: names.authority(about) }),
        ...(since === null ? {} : { since }),
        ...(dueAt === null ? {} : { dueAt }),
        isLate: what === 'noAnswer' || (dueAt !== null && dueAt <= now),
      }),
    ),
    claims: claimRows(view),
    participants: shown.map((one) => participantRow(view, one)),
    page: { at, of: pages },
    acts: ACTS.flatMap((name) => {
      const act = read.acts.find((one) => one.name === name)
      return act ? [actItem(name, act.available)] : []
    }),
  }
}

function embargoOf({ state: { disclosure } }: ReadCase): CaseBoardModel['embargo'] {
  const { embargo, terms, proposals, embargoEnd, ended } = disclosure
  const isPlanned = embargoEnd !== null && terms === null && proposals.length === 0
  return {
    state: embargo,
    ...(terms ? { terms } : {}),
    proposals,
    ...(isPlanned ? { plannedEnd: { until: embargoEnd.until, zone: embargoEnd.zone } } : {}),
    ...(ended ? { ended } : {}),
  }
}

const FACTS = [
  ['P', 'publicAware'],
  ['X', 'exploitPublic'],
  ['A', 'attacksObserved'],
] as const satisfies readonly (readonly [PublicLetter, string])[]

function factOf(
  { state, events }: ReadCase,
  [letter, fact]: (typeof FACTS)[number],
): CaseBoardModel['facts'][number] {
  const holds = state.disclosure.publicState.includes(letter)
  const at = events.find(
    ({ event }) => event.type === 'progressChanged' && event.letter === letter,
  )?.at
  return { fact, holds, ...(holds && at ? { since: at } : {}) }
}

function claimRows({ read, names }: BoardView): CaseBoardModel['claims'] {
  const { claims } = read.state.disclosure
  const rows = claims.map(({ letter, participant, at, evidence, decided }) => ({
    fact: FACTS.find(([one]) => one === letter)?.[1] ?? ('publicAware' as const),
    by: names.authority(participant),
    ...{ at, evidence },
    state: decided?.outcome ?? ('held' as const),
    ...(decided ? { decided: { at: decided.at, reason: decided.reason } } : {}),
  }))
  return [...rows.filter(({ decided }) => !decided), ...rows.filter(({ decided }) => decided)]
}

function participantRow(view: BoardView, participant: Participant): BoardParticipant {
  const { id, roles, reportState, left } = participant
  const since = lastAt(view, 'reportStateChanged', id)
  return {
    name: view.names.authority(id),
    isSelf: id === view.names.own.id,
    hasNode: view.hasNode(id),
    roles,
    report: { state: reportState, ...(since ? { since } : {}) },
    consent: consentOf(view, participant),
    ...(roles.includes('vendor') ? { vendor: vendorOf(view, participant) } : {}),
    hasSeat: view.read.state.access.admitted.some(
      ({ speaksFor, until }) => speaksFor === id && view.now < until,
    ),
    said: saidBy(view, id),
    ...(left ? { left } : {}),
  }
}

function consentOf(
  { read }: BoardView,
  { consent, consentAt, answerBy, isTimedOut, consentedTo }: Participant,
): BoardParticipant['consent'] {
  const { terms, proposals } = read.state.disclosure
  const known = [...(terms ? [terms] : []), ...proposals]
  const endOf = (embargoId: string) => known.find((one) => one.embargoId === embargoId)?.until
  const ends = consentedTo.flatMap((embargoId): readonly EmbargoTerms['until'][] => {
    const until = endOf(embargoId)
    return until ? [until] : []
  })
  return {
    state: consent === 'declined' && isTimedOut ? 'silent' : consent,
    ...(consentAt ? { since: consentAt } : {}),
    ...(answerBy ? { answerBy } : {}),
    to: consent === 'noEmbargo' || consent === 'declined' ? [] : [...new Set(ends)],
  }
}

function vendorOf(
  view: BoardView,
  { id, vendorState }: Participant,
): NonNullable<BoardParticipant['vendor']> {
  const since = lastAt(view, 'progressChanged', id)
  const said = view.read.state.disclosure.products.filter(({ participant }) => participant === id)
  return {
    state: vendorState,
    ...(since && vendorState !== 'vfd' ? { since } : {}),
    products: said.map(({ participant: _, ...product }) => product),
  }
}

/** A board is no archive: the history keeps all. */
const SAID_SHOWN = 20

function saidBy({ read }: BoardView, id: string): BoardParticipant['said'] {
  const own = read.state.disclosure.spoken.filter(({ participant }) => participant === id)
  return own
    .toReversed()
    .slice(0, SAID_SHOWN)
    .map(({ word, at, text, draft }) => ({
      word,
      at,
      ...(text ? { text } : {}),
      ...(draft ? { draft: draft.trackingId } : {}),
    }))
}

function lastAt({ read }: BoardView, type: string, id: string): Instant | undefined {
  return read.events.findLast(
    ({ event }) => event.type === type && 'participant' in event && event.participant === id,
  )?.at
}
