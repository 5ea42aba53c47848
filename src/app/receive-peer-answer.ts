/** A peer accepts what was released to it, or says why not. */
import { toHex } from '../base/bytes.ts'
import { canonicalBytes, type Json } from '../base/canonical-json.ts'
import type { CaseState } from '../core/case/case.ts'
import { receiveAcknowledgement } from '../core/evidence/acknowledge.ts'
import { fileFollowing } from '../core/release/file-view.ts'
import { permittedRelease } from '../core/release/release.ts'
import type { ContentOf } from '../wire/exchange/contents.ts'
import { jointCase } from './joint-case.ts'
import type { Kernel } from './kernel.ts'
import type { MessageOutcome } from './ports/exchange.ts'
import { applyTo, caseStateOf, type Receiving, rejected } from './receive-message.ts'

export async function receivePeerAnswer(
  { kernel, unit, origin }: Receiving,
  { caseId, ...answer }: ContentOf<'exhibitAnswer'>,
): Promise<MessageOutcome> {
  const stream = await jointCase(unit, origin, caseId)
  const state = caseStateOf(stream)
  if (!stream || !state) return rejected('evidence:sentHere', 'missing-reference')
  const sent = sentBy(kernel, state, answer.releaseId)
  return applyTo(
    stream,
    origin,
    receiveAcknowledgement(state.evidence, { ...answer, from: origin }, sent),
  )
}

/** What the release carried, by the digest that its recipient computes too. */
function sentBy({ primitives }: Kernel, { releases }: CaseState, releaseId: string) {
  const release = permittedRelease(releases, releaseId)
  const file = fileFollowing(release?.view ?? null)
  if (release?.sentAt && file) return { recipient: release.recipient, digest: file.digest }
  const copy = release?.view?.['exhibitTranscript'] as Json | undefined
  if (!release?.sentAt || release.kind !== 'exhibit' || copy === undefined) return undefined
  const digest = toHex(primitives.sha256(canonicalBytes(copy as object)))
  return { recipient: release.recipient, digest }
}
