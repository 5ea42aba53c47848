/**
 * Calling releases back. For every cause the same three steps: the withdrawal is recorded,
 * the recipient is told, and whatever it passed on is called back from there. An act, a
 * peer's message and the job of the hours all come here.
 */
import { type Refusal, refuse } from '../base/decision.ts'
import { invariant } from '../base/errors.ts'
import type { CaseEvent, CaseState } from '../core/case/case.ts'
import type { Acting } from '../core/case/recorded.ts'
import { heldIn } from '../core/release/handling.ts'
import { heldContent } from '../core/release/held.ts'
import { permittedRelease, type Release, type ReleaseEvent } from '../core/release/release.ts'
import { type RetractionCause, withdrawRelease } from '../core/release/retraction.ts'
import { isMatch } from '../core/triage/matching.ts'
import { actRefused } from './act.ts'
import { nameOfCase } from './joint-case.ts'
import type { Kernel } from './kernel.ts'
import type { OpenStream, Unit } from './ports/streams.ts'

/** In whose transaction, in which case. */
export type InCase = {
  readonly kernel: Kernel
  readonly unit: Unit
  readonly stream: OpenStream
}

export type Withdraw = {
  readonly releaseIds: readonly string[]
  readonly cause: RetractionCause
  readonly reason: string
}

/**
 * Withdraws those that were not withdrawn yet, and tells each recipient. `state`: of the
 * case as it stands in the stream. What was withdrawn before is left alone; any other
 * refusal is recorded in the case, because whoever called back believes that it is done.
 *
 * @returns the ids of those that were called back now
 */
export async function retractReleases(
  place: InCase,
  state: CaseState,
  { releaseIds, cause, reason }: Withdraw,
  acting: Acting,
): Promise<readonly string[]> {
  const events: CaseEvent[] = []
  const withdrawn: string[] = []
  for (const releaseId of new Set(releaseIds)) {
    const decided = withdrawRelease(state.releases, { releaseId, cause, reason }, acting)
    if (decided.decision === 'permit') {
      events.push(...decided.value)
      withdrawn.push(releaseId)
    } else if (decided.why !== 'alreadyWithdrawn') {
      events.push(actRefused('withdrawRelease', namedIn(decided, releaseId)))
    }
  }
  if (events.length > 0) await place.stream.append(events, acting.officer)
  for (const releaseId of withdrawn) await tellRecipient(place, state, releaseId, cause)
  return withdrawn
}

/** Of several, it is said which one was refused. */
function namedIn({ why, because }: Refusal, releaseId: string): Refusal {
  return refuse(why, ...because.map(({ rule, text }) => ({ rule, text: `${releaseId}: ${text}` })))
}

/** After the withdrawal stands in the stream. Who has no node is told by letter. */
export async function tellRecipient(
  { kernel, unit, stream }: InCase,
  state: CaseState,
  releaseId: string,
  cause: RetractionCause,
): Promise<void> {
  const release = permittedRelease(state.releases, releaseId)
  invariant(release, 'what is withdrawn was permitted')
  if (!wasSent(release) || !kernel.peers.find(release.recipient)) return
  if (release.messageId !== null && (await unit.takeBack(release.messageId))) {
    const text = 'the release was called back before it left'
    const because = [{ rule: 'release:withdrawn', text }]
    const stopped: ReleaseEvent = { type: 'releaseStopped', releaseId, why: 'withdrawn', because }
    await stream.append([stopped], kernel.node.id)
    return
  }
  // The peer has nothing of it: from now on nothing is compared.
  if (isMatch(release)) return
  await unit.send({
    destination: release.recipient,
    type: 'retraction',
    objectId: stream.id,
    agreement: release.agreement?.digest ?? null,
    content: { caseId: nameOfCase({ stream, state }), releaseId, cause },
  })
}

/** Releases from here that carried on what a peer now calls back. */
export function passedOn(
  { releases, evidence }: Pick<CaseState, 'releases' | 'evidence'>,
  releaseId: string,
): readonly string[] {
  const held = heldContent(releases, evidence.exhibits).find((one) => one.releaseId === releaseId)
  return releases.permitted
    .filter((release) => held !== undefined && heldIn([held], release).length > 0)
    .map((release) => release.releaseId)
}

/**
 * With what a peer showed, what was sent on of it is made unreadable in the outbox too.
 * `state`: in which it is told what was passed on.
 */
export async function erasePassedOn(
  unit: Pick<Unit, 'eraseSent'>,
  { releases }: Pick<CaseState, 'releases'>,
  releaseId: string,
): Promise<void> {
  for (const { passesOn, messageId } of releases.permitted) {
    if (passesOn === releaseId && messageId !== null) await unit.eraseSent(messageId)
  }
}

function wasSent({ sentAt, stopped }: Release): boolean {
  return sentAt !== null && stopped === null
}
