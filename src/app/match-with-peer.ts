/**
 * Hit or no hit between two nodes. Who asks has released its identifiers for matching with
 * that peer; who answers compares only what it has released for matching with the asker, and
 * asks the release decision again for each of its cases.
 */

import { requireNamed } from '../core/agreement/agreement.ts'
import { partyOf } from '../core/agreement/document.ts'
import type { CaseState } from '../core/case/case.ts'
import { localDate } from '../core/desk/local-time.ts'
import type { Release } from '../core/release/release.ts'
import {
  isMatch,
  MATCH_CATEGORY,
  MATCH_MARKS,
  type MatchingEvent,
  matchableIdentifiers,
  openQuestion,
} from '../core/triage/matching.ts'
import type { ContentOf } from '../wire/exchange/contents.ts'
import { agreementStateOf } from './agreements.ts'
import { againstLeaving } from './leaving.ts'
import type { MessageOutcome } from './ports/exchange.ts'
import type { OpenStream } from './ports/streams.ts'
import { caseStateOf, type Receiving, rejected } from './receive-message.ts'

const APPLIED: MessageOutcome = { decision: 'applied' }

type Compared = { readonly stream: OpenStream; readonly identifiers: readonly string[] }

/** A peer asks. Every answer looks alike, whether anything of ours was compared or not. */
export async function receiveMatchQuestion(
  receiving: Receiving,
  { caseId, releaseId, agreement: named, blinded }: ContentOf<'matchQuestion'>,
): Promise<MessageOutcome> {
  const { kernel, unit, origin, acting } = receiving
  const agreement = await agreementStateOf(kernel, named.id)
  const force = requireNamed(agreement, named, acting.now)
  if (force.decision === 'refuse') return rejected(force.because[0]?.rule, 'agreement')
  const areParties = [origin, kernel.node.id].every((node) => partyOf(force.value.document, node))
  if (!areParties) return rejected('matching:party', 'agreement')
  const today = localDate(kernel.clocks.wireNow(), kernel.node.zone)
  if (!(await kernel.matching.take(origin, today))) return rejected('matching:tooOften', 'size')
  const compared = await comparedWith(receiving)
  const parties = { asker: origin, answerer: kernel.node.id }
  const own = compared.flatMap(({ identifiers }) => identifiers)
  const answer = kernel.matching.answer(parties, blinded, own)
  for (const { stream, identifiers } of compared) {
    const event: MatchingEvent = {
      type: 'matchCompared',
      questionId: releaseId,
      from: origin,
      identifiers: identifiers.length,
    }
    await stream.append([event], origin)
  }
  await unit.send({
    destination: origin,
    type: 'matchAnswer',
    objectId: caseId,
    agreement: named.digest,
    content: { caseId, releaseId, ...answer },
  })
  return APPLIED
}

/** By id, so that streams are always taken in one order. */
async function comparedWith({ kernel, unit, origin }: Receiving): Promise<readonly Compared[]> {
  const found: Compared[] = []
  let left = MATCH_MARKS
  for (const caseId of await kernel.registers.casesToMatch(origin)) {
    const stream = await unit.open(caseId)
    const state = caseStateOf(stream)
    if (!stream || !state) continue
    const identifiers = await approvedFor({ kernel, origin }, stream.id, state)
    const some = identifiers.slice(0, left)
    if (some.length > 0) found.push({ stream, identifiers: some })
    left -= some.length
    if (left === 0) break
  }
  return found
}

/** What may be compared with this peer now; nothing that the report names no longer. */
async function approvedFor(
  { kernel, origin }: Pick<Receiving, 'kernel' | 'origin'>,
  caseId: string,
  state: CaseState,
): Promise<readonly string[]> {
  const possible = new Set(matchableIdentifiers(state.triage.report))
  const approved = new Set<string>()
  for (const release of state.releases.permitted) {
    if (!isMatch(release) || release.recipient !== origin || release.stopped) continue
    const against = await againstLeaving(kernel, caseId, state, release)
    if (!against) for (const one of identifiersOf(release)) approved.add(one)
  }
  return [...approved].filter((one) => possible.has(one))
}

function identifiersOf({ view }: Release): readonly string[] {
  const released = view?.[MATCH_CATEGORY]
  return Array.isArray(released) ? released.filter((one) => typeof one === 'string') : []
}

/** The peer's answer; what it means, this node alone can read. */
export async function receiveMatchAnswer(
  { kernel, unit, origin }: Receiving,
  { caseId, releaseId, ...answer }: ContentOf<'matchAnswer'>,
): Promise<MessageOutcome> {
  const stream = await unit.open(caseId)
  const state = caseStateOf(stream)
  const question = state && openQuestion(state.triage.matching, { releaseId, from: origin })
  if (!stream || !question) return rejected('matching:asked', 'missing-reference')
  const parties = { asker: kernel.node.id, answerer: origin }
  const hits = kernel.matching.hits(parties, question, answer)
  const answered: MatchingEvent = { type: 'matchAnswered', releaseId, from: origin, hits }
  await stream.append([answered], origin)
  return APPLIED
}
