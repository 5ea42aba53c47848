/**
 * Officers' sealing keys and the roster that reports are sealed to. The node knows the
 * public parts only.
 */
import { toHex, utf8 } from '../base/bytes.ts'
import { canonicalBytes } from '../base/canonical-json.ts'
import { type Decision, permit, refuse } from '../base/decision.ts'
import { invariant, malformed } from '../base/errors.ts'
import { sharedCall } from '../base/shared-call.ts'
import type { Instant } from '../base/time.ts'
import { decideForProposer, isWaiting, requireOtherSide } from '../core/access/second-person.ts'
import type { Acting, Recorded } from '../core/case/recorded.ts'
import type {
  RosterEntry,
  SealingKeyEvent,
  SealingRoster,
  SealingWorkEvent,
} from '../core/sealing/events.ts'
import { foldRecovery, type Recovery } from '../core/sealing/recovery.ts'
import {
  approveRoster,
  openProposal,
  proposeRoster,
  ROSTER_MIN,
  type RosterFacts,
  type RosterMoment,
  type RosterProposal,
} from '../core/sealing/roster.ts'
import {
  type AnnounceKey,
  announceKey,
  currentRoster,
  endKey,
  foldSealingKeys,
  keyOf,
  noSealingKeys,
  recipientsOf,
  type SealingKeys,
} from '../core/sealing/sealing-keys.ts'
import type { Primitives } from '../proof/primitives.ts'
import { accessContext, type DeskAction, decideDeskAccess } from './access.ts'
import { type ActDone, actDone } from './act.ts'
import type { Kernel } from './kernel.ts'
import type { LogBatch } from './ports/event-record.ts'
import type { AnyEvent, OpenStream, Unit } from './ports/streams.ts'
import { SEALING_STEPS } from './sealing-steps.ts'

type RosterLayers = { readonly inner: readonly string[]; readonly outer: readonly string[] }

export type IntakeRoster = RosterLayers & {
  readonly entries: SealingRoster
  readonly digest: string
  /** Case time since which it holds; null before there is one. */
  readonly since: Instant | null
}

type KnownRoster = { readonly version: number; readonly roster: IntakeRoster }

const knownRosters = new WeakMap<Kernel['streams'], KnownRoster>()
const versionAsked = new WeakMap<Kernel['streams'], () => Promise<number>>()

/**
 * What a filing is sealed to at this moment. It is asked for with every filing, for many at
 * once in one question: the stream is read again only if it grew, so a change of the roster
 * is seen by the next one.
 */
export async function intakeRoster(kernel: Kernel): Promise<IntakeRoster> {
  const { streams } = kernel
  const version = await versionOfAuthority(kernel)
  const known = knownRosters.get(streams)
  if (known?.version === version) return known.roster
  const roster = await readRoster(kernel)
  knownRosters.set(streams, { version, roster })
  return roster
}

function versionOfAuthority({ streams, authorityStreamId }: Kernel): Promise<number> {
  const known = versionAsked.get(streams)
  const ask = known ?? sharedCall(() => streams.versionOf(authorityStreamId))
  versionAsked.set(streams, ask)
  return ask()
}

async function readRoster(kernel: Kernel): Promise<IntakeRoster> {
  const { entries = [], at = null } = currentRoster(await readSealingKeys(kernel)) ?? {}
  const layers = layersOf(entries)
  return { ...layers, entries, digest: rosterDigest(kernel.primitives, layers), since: at }
}

function layersOf(entries: SealingRoster): RosterLayers {
  return { inner: recipientsOf(entries, 'inner'), outer: recipientsOf(entries, 'outer') }
}

export function rosterDigest(primitives: Primitives, roster: RosterLayers): string {
  const sorted = { inner: [...roster.inner].sort(), outer: [...roster.outer].sort() }
  return toHex(primitives.sha256(canonicalBytes(sorted)))
}

const FINGERPRINT_DIGITS = 32

/** 128 bits in groups of four: short enough to read out, too long to be met by trying. */
export function fingerprintOf(primitives: Pick<Primitives, 'sha256'>, recipient: string): string {
  const digest = toHex(primitives.sha256(utf8(`comity/sealing-key/v1\n${recipient}`)))
  return digest.slice(0, FINGERPRINT_DIGITS).replaceAll(/(.{4})(?=.)/g, '$1 ')
}

export async function readSealingKeys(kernel: Kernel): Promise<SealingKeys> {
  const stream = await kernel.streams.read(kernel.authorityStreamId)
  return keysIn(stream?.history ?? [])
}

export type SealingWork = {
  readonly keys: SealingKeys
  readonly facts: RosterFacts
  readonly proposal: RosterProposal | undefined
  readonly recovery: Recovery
}

/** Everything that pages about sealing show, at this moment of real time. */
export async function readSealingWork(kernel: Kernel): Promise<SealingWork> {
  const stream = await kernel.streams.read(kernel.sealingStreamId)
  const keys = await readSealingKeys(kernel)
  return workOf(kernel, keys, stream?.history ?? [])
}

async function workOf(
  kernel: Kernel,
  keys: SealingKeys,
  past: readonly Recorded<AnyEvent>[],
): Promise<SealingWork> {
  const history = past as readonly Recorded<SealingWorkEvent>[]
  const now = kernel.clocks.wireNow()
  const officers = (await kernel.people.officers()).map(({ id }) => id)
  const recovery = foldRecovery(history, now)
  const facts = { keys, officers, escrows: recovery.sets }
  return { keys, facts, proposal: openProposal(history), recovery }
}

function keysIn(history: readonly Recorded<AnyEvent>[]): SealingKeys {
  return (history as readonly Recorded<SealingKeyEvent>[]).reduce(foldSealingKeys, noSealingKeys)
}

/**
 * Officers whose key the setup listed get it announced; the first roster is theirs.
 * Later rosters take two people.
 */
export async function recordFirstRoster(kernel: Kernel): Promise<void> {
  const officers = await kernel.people.officers()
  const listed = officers.flatMap(({ id, sealingRecipient, intakeLayer }) =>
    sealingRecipient ? [{ officer: id, recipient: sealingRecipient, layer: intakeLayer }] : [],
  )
  await inAuthority(kernel, async (stream) => {
    const known = keysIn(stream.history)
    const fresh = listed.filter(({ officer }) => !known.keys.some((key) => key.officer === officer))
    const announced = fresh.map(
      ({ officer, recipient }): SealingKeyEvent => ({
        type: 'sealingKeyAnnounced',
        officer,
        recipient,
        kept: 'file',
      }),
    )
    const entries = listed.flatMap(({ officer, recipient, layer }): RosterEntry[] =>
      layer ? [{ recipient, layer, holder: { officer } }] : [],
    )
    const isFirst = known.rosters.length === 0
    const isEnough = recipientsOf(entries, 'inner').length >= ROSTER_MIN
    const digest = rosterDigest(kernel.primitives, layersOf(entries))
    const set = { type: 'sealingRosterSet', entries, digest, proposedBy: null } as const
    const events = isFirst && isEnough ? [...announced, set] : announced
    if (events.length > 0) await stream.append(events, kernel.node.id)
    return permit(null)
  })
}

/** Every role may have a sealing key: shares of a recovery are sealed to them as well. */
export function announceSealingKey(
  kernel: Kernel,
  command: AnnounceKey,
  acting: Acting,
): Promise<Decision<ActDone>> {
  if (!kernel.sealing.isRecipient(command.recipient)) {
    throw malformed('not an age recipient', { field: 'recipient', reason: 'bad-recipient' })
  }
  return stepInAuthority(kernel, SEALING_STEPS.announceKey, acting, (keys) =>
    announceKey(keys, command, acting),
  )
}

export function loseSealingKey(kernel: Kernel, acting: Acting): Promise<Decision<ActDone>> {
  return stepInAuthority(kernel, SEALING_STEPS.loseKey, acting, (keys) =>
    endKey(keys, acting.officer, 'lost'),
  )
}

/**
 * For the leaver process: the key of an officer who goes is not used any more. The roster
 * still has to be changed, and what it sealed sealed again: see reseal.ts.
 */
export function endSealingKeyOfLeaver(
  kernel: Kernel,
  officer: string,
  acting: Acting,
): Promise<Decision<ActDone>> {
  return inAuthority(kernel, async (stream) => {
    const keys = keysIn(stream.history)
    if (!keyOf(keys, officer)) return permit(actDone(stream, []))
    return appended(stream, endKey(keys, officer, 'left'), acting.officer)
  })
}

export function proposeSealingRoster(
  kernel: Kernel,
  entries: SealingRoster,
  acting: Acting,
): Promise<Decision<ActDone>> {
  return inBoth(kernel, async ({ sealing, work }) => {
    const access = await decideDeskAccess(kernel, SEALING_STEPS.proposeRoster, acting)
    if (access.decision === 'refuse') return access
    const proposalId = kernel.random.uuid()
    const now = kernel.clocks.wireNow()
    const command = { proposalId, entries, now }
    const decided = proposeRoster(work.facts, work.proposal, command, access.value.acting)
    return appended(sealing, decided, acting.officer)
  })
}

export type ApproveSealingRoster = {
  readonly proposalId: string
  /** Fingerprints as the holders of new keys told them. */
  readonly told: readonly string[]
}

export function approveSealingRoster(
  kernel: Kernel,
  { proposalId, told }: ApproveSealingRoster,
  acting: Acting,
): Promise<Decision<ActDone>> {
  return inBoth(kernel, async ({ authority, sealing, work }) => {
    const access = await decideDeskAccess(kernel, SEALING_STEPS.approveRoster, acting)
    if (access.decision === 'refuse') return access
    const { primitives } = kernel
    const command = {
      proposalId,
      told,
      fingerprintOf: (recipient: string) => fingerprintOf(primitives, recipient),
      ...(await rosterMoment(kernel, work.proposal, acting)),
    }
    const approved = approveRoster(work.facts, work.proposal, command, access.value.acting)
    if (approved.decision === 'refuse') return approved
    const entries = approved.value
    const digest = rosterDigest(primitives, layersOf(entries))
    const proposedBy = work.proposal?.proposedBy ?? null
    const set: SealingKeyEvent = { type: 'sealingRosterSet', entries, digest, proposedBy }
    await sealing.append(
      [{ type: 'rosterProposalEnded', proposalId, outcome: 'approved' } as AnyEvent],
      acting.officer,
    )
    return appended(authority, permit([set]), acting.officer)
  })
}

/** The time, and whether whoever proposed the roster could still propose it. */
export async function rosterMoment(
  kernel: Kernel,
  proposal: RosterProposal | undefined,
  acting: Acting,
): Promise<RosterMoment> {
  const now = kernel.clocks.wireNow()
  const action = SEALING_STEPS.proposeRoster
  // Without a proposal nobody proposed it: what the answer is then does not matter.
  const proposed = proposal ?? {
    proposedBy: '',
    inPlaceOf: null,
    proposedAt: now,
    expiresAt: now,
  }
  const context = await accessContext(kernel)
  const proposerMay = decideForProposer({ proposed, action, resource: null, context, acting })
  return { now, standing: context.standing, proposerMay }
}

/** The proposer withdraws; whoever could approve it rejects. Neither opens anything to anybody. */
export function endRosterProposal(
  kernel: Kernel,
  proposalId: string,
  acting: Acting,
): Promise<Decision<ActDone>> {
  return inBoth(kernel, async ({ sealing, work: { proposal } }) => {
    const may = await mayEndRoster(kernel, proposal, acting)
    if (may.decision === 'refuse') return may
    if (proposal?.proposalId !== proposalId) return noRosterProposal()
    const { outcome } = may.value
    const ended: SealingWorkEvent = { type: 'rosterProposalEnded', proposalId, outcome }
    return appended(sealing, permit([ended]), acting.officer)
  })
}

/** The reason of a control too. */
export async function mayEndRoster(
  kernel: Kernel,
  proposal: RosterProposal | undefined,
  acting: Acting,
): Promise<Decision<{ readonly outcome: 'withdrawn' | 'rejected' }>> {
  const isOwn = proposal?.proposedBy === acting.officer
  const step = isOwn ? SEALING_STEPS.withdrawRoster : SEALING_STEPS.rejectRoster
  const access = await decideDeskAccess(kernel, step, acting)
  if (access.decision === 'refuse') return access
  if (!proposal || !isWaiting(proposal, kernel.clocks.wireNow())) return noRosterProposal()
  if (isOwn) return permit({ outcome: 'withdrawn' })
  return requireOtherSide(proposal, access.value.acting) ?? permit({ outcome: 'rejected' })
}

function noRosterProposal() {
  return refuse('noProposal', { rule: 'roster:proposal', text: 'no proposal waits' })
}

export type BothStreams = {
  readonly unit: Unit
  readonly authority: OpenStream
  readonly sealing: OpenStream
  readonly work: SealingWork
}

/** Both streams locked, always in this order, with what stands in them. */
export function inBoth<T>(kernel: Kernel, fn: (both: BothStreams) => Promise<T>): Promise<T> {
  return kernel.streams.transact(async (unit) => {
    const authority = await unit.open(kernel.authorityStreamId)
    const sealing = await unit.open(kernel.sealingStreamId)
    invariant(authority && sealing, 'every node has its own streams')
    const work = await workOf(kernel, keysIn(authority.history), sealing.history)
    return fn({ unit, authority, sealing, work })
  })
}

function stepInAuthority(
  kernel: Kernel,
  step: DeskAction,
  acting: Acting,
  decide: (keys: SealingKeys) => Decision<readonly SealingKeyEvent[]>,
): Promise<Decision<ActDone>> {
  return inAuthority(kernel, async (stream) => {
    const access = await decideDeskAccess(kernel, step, acting)
    if (access.decision === 'refuse') return access
    return appended(stream, decide(keysIn(stream.history)), acting.officer)
  })
}

function inAuthority<T>(kernel: Kernel, fn: (stream: OpenStream) => Promise<T>): Promise<T> {
  return kernel.streams.transact(async (unit) => {
    const stream = await unit.open(kernel.authorityStreamId)
    invariant(stream, 'every node has an authority stream')
    return fn(stream)
  })
}

export async function appended(
  stream: OpenStream,
  decision: Decision<readonly AnyEvent[]>,
  by: string,
  batch?: LogBatch,
): Promise<Decision<ActDone>> {
  if (decision.decision === 'refuse') return decision
  await stream.append(decision.value, by, batch)
  return permit(actDone(stream, decision.value), ...decision.because)
}
