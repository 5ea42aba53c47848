/**
 * Changing the roster takes two: an administrator proposes it, and a second officer
 * approves it who got the fingerprint of every new key from its holder, not from this
 * node. A node that lies about a key must then lie to two people on two ways.
 */
import { type Because, type Decision, permit, refuse } from '../../base/decision.ts'
import { addMs, type Instant } from '../../base/time.ts'
import type { AccessDecision } from '../access/decide-access.ts'
import {
  type Approver,
  isWaiting,
  PROPOSAL_VALID_MS,
  type Proposed,
  requireSecondPerson,
  type WhyNoSecondPerson,
} from '../access/second-person.ts'
import type { Recorded } from '../case/recorded.ts'
import { isSameSide, isWayBackBetween, type Standing, sideOf } from '../people/standing.ts'
import type { RosterEntry, SealingRoster, SealingWorkEvent } from './events.ts'
import { currentRoster, recipientsOf, type SealingKeys } from './sealing-keys.ts'

export const ROSTER_MIN = 2
const ROSTER_MAX = 32

/** Of a roster. It expires by real time. */
export type RosterProposal = Proposed & {
  readonly proposalId: string
  readonly entries: SealingRoster
}

export type Escrows = readonly { readonly setId: string; readonly recipient: string }[]

export type RosterFacts = {
  readonly keys: SealingKeys
  /** Ids of officers who work here now. */
  readonly officers: readonly string[]
  readonly escrows: Escrows
}

/** Everything that is wrong with a roster; empty if it may be used. */
export function rosterFaults(entries: SealingRoster, facts: RosterFacts): Because[] {
  const fault = (rule: string, text: string): Because => ({ rule: `roster:${rule}`, text })
  const inner = officersOf(entries, 'inner')
  const outer = officersOf(entries, 'outer')
  const recipients = entries.map(({ recipient }) => recipient)
  return [
    ...(inner.length < ROSTER_MIN
      ? [
          fault(
            'two',
            'reports are sealed to at least two officers, so that one alone is never needed',
          ),
        ]
      : []),
    ...(outer.length < 1
      ? [fault('outer', 'the outer layer of a contact needs at least one officer')]
      : []),
    ...(entries.length > ROSTER_MAX
      ? [fault('size', `a roster has at most ${ROSTER_MAX} keys`)]
      : []),
    ...(new Set(recipients).size < recipients.length
      ? [fault('twice', 'a key stands in the roster twice')]
      : []),
    ...(inner.some((officer) => outer.includes(officer))
      ? [fault('layers', 'nobody is in both layers of a contact')]
      : []),
    ...(new Set([...inner, ...outer]).size < inner.length + outer.length &&
    !inner.some((officer) => outer.includes(officer))
      ? [fault('officer-twice', 'an officer stands in a layer twice')]
      : []),
    ...(entries.every((entry) => isKnown(entry, facts))
      ? []
      : [fault('key', 'every key is the one that an officer of this authority uses now')]),
    ...(new Set(recipients.map((recipient) => recipient.startsWith('age1pq1'))).size > 1
      ? [fault('mixed', 'X25519 and hybrid keys are not mixed')]
      : []),
  ]
}

function isKnown({ holder, recipient }: RosterEntry, facts: RosterFacts): boolean {
  if ('escrow' in holder) {
    return facts.escrows.some((one) => one.setId === holder.escrow && one.recipient === recipient)
  }
  const uses = facts.keys.keys.some(
    (key) => key.officer === holder.officer && key.recipient === recipient && key.ended === null,
  )
  return uses && facts.officers.includes(holder.officer)
}

const officersOf = (entries: SealingRoster, layer: RosterEntry['layer']) =>
  entries.flatMap((entry) =>
    entry.layer === layer && 'officer' in entry.holder ? [entry.holder.officer] : [],
  )

/** The last one, if nobody answered it; it may have expired. */
export function openProposal(
  history: readonly Recorded<SealingWorkEvent>[],
): RosterProposal | undefined {
  const found = history.findLast(({ event }) => event.type === 'rosterProposed')
  if (found?.event.type !== 'rosterProposed') return undefined
  const { proposalId, entries, until: expiresAt, inPlaceOf } = found.event
  const isEnded = history.some(
    ({ event }) => event.type === 'rosterProposalEnded' && event.proposalId === proposalId,
  )
  if (isEnded) return undefined
  return { proposalId, entries, expiresAt, inPlaceOf, proposedBy: found.by, proposedAt: found.at }
}

export type ProposeRoster = {
  readonly proposalId: string
  readonly entries: SealingRoster
  readonly now: Instant
}

export function proposeRoster(
  facts: RosterFacts,
  open: RosterProposal | undefined,
  { proposalId, entries, now }: ProposeRoster,
  { inPlaceOf = null }: { readonly inPlaceOf?: string | null },
): Decision<readonly SealingWorkEvent[], 'proposalOpen' | 'rosterFaulty' | 'nothingNew'> {
  const may = mayPropose(open, now)
  if (may.decision === 'refuse') return may
  const faults = rosterFaults(entries, facts)
  if (faults.length > 0) return refuse('rosterFaulty', ...faults)
  if (isSame(entries, currentRoster(facts.keys)?.entries ?? [])) {
    return refuse('nothingNew', { rule: 'roster:new', text: 'this is the roster that holds' })
  }
  const until = addMs(now, PROPOSAL_VALID_MS)
  return permit([{ type: 'rosterProposed', proposalId, entries, until, inPlaceOf }])
}

/** Before anything is chosen: shown as the reason of a disabled control. */
export function mayPropose(
  open: RosterProposal | undefined,
  now: Instant,
): Decision<null, 'proposalOpen'> {
  if (!open || !isWaiting(open, now)) return permit(null)
  const text = 'a proposal waits; it is approved, rejected or withdrawn first'
  return refuse('proposalOpen', { rule: 'roster:one-proposal', text })
}

/** Real time, how people stand, and what the decision about access says of the proposer now. */
export type RosterMoment = {
  readonly now: Instant
  readonly standing: Standing
  readonly proposerMay: AccessDecision
}

export type ApproveRoster = RosterMoment & {
  readonly proposalId: string
  /** What the approver was told by the holders of new keys. */
  readonly told: readonly string[]
  /** Fingerprint of a recipient, as pages show it. */
  readonly fingerprintOf: (recipient: string) => string
}

type MayWhy = WhyNoSecondPerson | 'noProposal' | 'ownKey' | 'wayBack'
type ApproveWhy = MayWhy | 'wrongFingerprint' | 'rosterFaulty'

export function approveRoster(
  facts: RosterFacts,
  open: RosterProposal | undefined,
  { proposalId, told, fingerprintOf, ...moment }: ApproveRoster,
  acting: Approver,
): Decision<SealingRoster, ApproveWhy> {
  const may = mayApprove(facts, open, moment, acting)
  if (may.decision === 'refuse') return may
  if (may.value.proposalId !== proposalId) return noProposal()
  const heard = new Set(told.map(plainFingerprint).filter((one) => one !== ''))
  const wanted = newRecipients(facts.keys, may.value.entries).map(fingerprintOf)
  const missing = wanted.filter((one) => !heard.has(plainFingerprint(one)))
  if (missing.length > 0 || heard.size > wanted.length) {
    const text =
      'a fingerprint differs from the key in the proposal: ask its holder again, on another way'
    return refuse('wrongFingerprint', { rule: 'roster:fingerprint', text })
  }
  // Somebody may have left, or lost a key, since it was proposed.
  const faults = rosterFaults(may.value.entries, facts)
  if (faults.length > 0) return refuse('rosterFaulty', ...faults)
  return permit(may.value.entries)
}

/** Before anything is typed: shown as the reason of a disabled control. */
export function mayApprove(
  { keys }: Pick<RosterFacts, 'keys'>,
  open: RosterProposal | undefined,
  moment: RosterMoment,
  acting: Approver,
): Decision<RosterProposal, MayWhy> {
  if (!open) return noProposal()
  const fault = requireSecondPerson(open, acting, moment)
  if (fault) return fault
  const approver = sideOf(acting)
  const proposer = { officer: open.proposedBy, inPlaceOf: open.inPlaceOf }
  if (isWayBackBetween(moment.standing, proposer, approver)) {
    const text = 'one of you gave the other a code to come back with: a third person approves'
    return refuse('wayBack', { rule: 'roster:way-back', text })
  }
  const fresh = newRecipients(keys, open.entries)
  const isOwn = open.entries.some(
    ({ holder, recipient }) =>
      fresh.includes(recipient) &&
      'officer' in holder &&
      isSameSide({ officer: holder.officer, inPlaceOf: null }, approver),
  )
  if (isOwn) {
    const text = 'nobody approves a roster that brings in a key of their own: somebody else must'
    return refuse('ownKey', { rule: 'roster:not-own-key', text })
  }
  return permit(open)
}

/** Keys that the current roster does not name. */
export function newRecipients(keys: SealingKeys, entries: SealingRoster): string[] {
  const known = currentRoster(keys)?.entries.map(({ recipient }) => recipient) ?? []
  return entries.map(({ recipient }) => recipient).filter((one) => !known.includes(one))
}

/** Letters and digits alone: people read them out in groups. */
const plainFingerprint = (text: string) => text.toLowerCase().replaceAll(/[^0-9a-f]/g, '')

function noProposal() {
  return refuse('noProposal', { rule: 'roster:proposal', text: 'no proposal waits' })
}

function isSame(a: SealingRoster, b: SealingRoster): boolean {
  const layerText = (entries: SealingRoster, layer: RosterEntry['layer']) =>
    recipientsOf(entries, layer).sort().join(' ')
  return (['inner', 'outer'] as const).every((layer) => layerText(a, layer) === layerText(b, layer))
}
