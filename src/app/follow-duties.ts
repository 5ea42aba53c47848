/**
 * Duties between two nodes: telling the other side what became of one, hearing it from
 * there, and the job that records a breach when the day has passed.
 *
 * The message comes in the transaction that records what it says. Silence is never a
 * discharge, and a message that is heard twice is recorded once.
 */
import { invariant } from '../base/errors.ts'
import type { Instant } from '../base/time.ts'
import type { CaseEvent, CaseState } from '../core/case/case.ts'
import type { Acting } from '../core/case/recorded.ts'
import {
  type DutyDecision,
  type DutyRef,
  findDuty,
  otherSideOf,
  overdueDuties,
  receiveAnswer,
  receiveBreach,
  receiveDischarge,
} from '../core/release/follow-duties.ts'
import type { BreachGround, DutyAnswer, DutyEvidence } from '../core/release/tracked-duty.ts'
import type { ContentOf } from '../wire/exchange/contents.ts'
import { actingAs } from './acting.ts'
import { openDisputeIn } from './agreement-steps.ts'
import { foldCaseStream } from './case-stream.ts'
import { jointCase, nameOfCase } from './joint-case.ts'
import type { Kernel } from './kernel.ts'
import type { MessageOutcome } from './ports/exchange.ts'
import type { OpenStream, Unit } from './ports/streams.ts'
import { applyTo, caseStateOf, type Receiving, rejected } from './receive-message.ts'

export type DutyMessage = 'dutyDischarge' | 'dutyAnswer' | 'dutyBreach'

type Telling = {
  readonly kernel: Kernel
  readonly unit: Unit
  readonly stream: Pick<OpenStream, 'id'>
  /** As it stands after what is told. */
  readonly state: CaseState
}

/** Returns the id of the message; nothing where the other side has no node that we know. */
export async function tellOfDuty(
  { kernel, unit, stream, state }: Telling,
  ref: DutyRef,
  type: DutyMessage,
): Promise<string | undefined> {
  const found = findDuty(state.releases, ref)
  invariant(!('decision' in found), 'what is told of is there')
  const { release, duty } = found
  const destination = otherSideOf(release)
  if (!kernel.peers.find(destination)) return undefined
  const { releaseId, dutyId } = ref
  const caseId = nameOfCase({ stream, state })
  return unit.send({
    destination,
    type,
    objectId: caseId,
    agreement: release.agreement?.digest ?? null,
    content: { caseId, releaseId, dutyId, ...wordsOf(type, duty) },
  })
}

/**
 * Whoever is owed opens a dispute about the clause, in the transaction that records the
 * breach. What the agreement refuses (the clause is in dispute, it has ended) stays a breach.
 */
export async function disputeBreach(
  { kernel, unit, state }: Telling,
  ref: DutyRef,
  acting: Acting,
): Promise<void> {
  const found = findDuty(state.releases, ref)
  invariant(!('decision' in found), 'what is breached is there')
  const { release, duty } = found
  if (duty.owedBy === kernel.node.id || !release.agreement || !duty.breach) return
  const { reason } = duty.breach
  const about = { clause: duty.dutyId, reason: `${duty.owedBy}: ${reason}` }
  await openDisputeIn(kernel, unit, { agreementId: release.agreement.id, ...about }, acting)
}

type Told = Extract<ReturnType<typeof findDuty>, { duty: unknown }>['duty']

function wordsOf(type: DutyMessage, { discharge, answer, breach }: Told): object {
  switch (type) {
    case 'dutyDischarge': {
      const { proof = '', evidence = null, at = null } = discharge ?? {}
      return { proof, evidence, dischargedAt: at }
    }
    case 'dutyAnswer':
      return { answer: answer?.answer, reason: answer?.reason }
    case 'dutyBreach':
      return { ground: breach?.ground, reason: breach?.reason }
  }
}

export function receiveDutyDischarge(
  receiving: Receiving,
  { caseId, releaseId, dutyId, proof, evidence }: ContentOf<'dutyDischarge'>,
): Promise<MessageOutcome> {
  const from = receiving.origin
  const told = { releaseId, dutyId, proof, evidence: evidence as DutyEvidence, from }
  return receive(receiving, caseId, ({ releases }, acting) =>
    receiveDischarge(releases, told, acting),
  )
}

export function receiveDutyAnswer(
  receiving: Receiving,
  { caseId, releaseId, dutyId, answer, reason }: ContentOf<'dutyAnswer'>,
): Promise<MessageOutcome> {
  const from = receiving.origin
  const told = { releaseId, dutyId, answer: answer as DutyAnswer, reason, from }
  return receive(receiving, caseId, ({ releases }, acting) => receiveAnswer(releases, told, acting))
}

/** Heard before our own clock says so, it opens the dispute just as well. */
export async function receiveDutyBreach(
  receiving: Receiving,
  { caseId, releaseId, dutyId, ground, reason }: ContentOf<'dutyBreach'>,
): Promise<MessageOutcome> {
  const { kernel, unit, origin: from } = receiving
  const stream = await jointCase(unit, from, caseId)
  const before = caseStateOf(stream)
  if (!stream || !before) return rejected('release:linkedCase', 'missing-reference')
  const told = { releaseId, dutyId, ground: ground as BreachGround, reason, from }
  const decision = receiveBreach(before.releases, told, receiving.acting)
  const outcome = await applyTo(stream, from, decision)
  if (decision.decision === 'permit' && decision.value.length > 0) {
    const state = foldCaseStream(stream.history)
    const acting = actingAs({ id: kernel.node.id, roles: [] }, kernel)
    await disputeBreach({ kernel, unit, stream, state }, { releaseId, dutyId }, acting)
  }
  return outcome
}

async function receive(
  { unit, origin, acting }: Receiving,
  caseId: string,
  decide: (state: CaseState, acting: Acting) => DutyDecision,
): Promise<MessageOutcome> {
  const stream = await jointCase(unit, origin, caseId)
  const state = caseStateOf(stream)
  if (!stream || !state) return rejected('release:linkedCase', 'missing-reference')
  return applyTo(stream, origin, decide(state, acting))
}

/** Records what is overdue and tells the other side. Returns how many breaches that were. */
export async function followDuties(kernel: Kernel): Promise<number> {
  const now = kernel.clocks.caseNow()
  let recorded = 0
  for (const caseId of await kernel.registers.casesWithDutiesDue(now)) {
    recorded += await kernel.streams.transact((unit) => followCase(kernel, unit, caseId, now))
  }
  return recorded
}

async function followCase(
  kernel: Kernel,
  unit: Unit,
  caseId: string,
  now: Instant,
): Promise<number> {
  const stream = await unit.open(caseId)
  const before = caseStateOf(stream)
  if (!stream || !before) return 0
  const acting = { ...actingAs({ id: kernel.node.id, roles: [] }, kernel), now }
  const breaches = overdueDuties(before.releases, acting)
  if (breaches.length === 0) return 0
  await stream.append(breaches satisfies readonly CaseEvent[], kernel.node.id)
  const state = foldCaseStream(stream.history)
  for (const ref of breaches) {
    await tellOfDuty({ kernel, unit, stream, state }, ref, 'dutyBreach')
    await disputeBreach({ kernel, unit, stream, state }, ref, acting)
  }
  return breaches.length
}
