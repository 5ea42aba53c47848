/** Outside time stamps and signature files on the text of an agreement. They bind nobody. */
import { type Decision, permit, refuse } from '../base/decision.ts'
import { malformed } from '../base/errors.ts'
import {
  type AttestationEvent,
  type AttestedDocument,
  attestationsIn,
  requireTimeStamps,
} from '../core/attestation/attestation.ts'
import type { Acting } from '../core/case/recorded.ts'
import { decideDeskAccess } from './access.ts'
import { type ActDone, actDone } from './act.ts'
import { foldAgreementStream } from './agreement-record.ts'
import { askTimeStamp, decideAttachment, type SignatureInput, takeSignatureFile } from './attest.ts'
import type { Kernel } from './kernel.ts'
import type { StreamView } from './ports/streams.ts'

/** A liaison officer acts for the authority. No strong proof is asked for: nothing is decided. */
export const STAMP_AGREEMENT = { name: 'stampAgreement', group: 'signAgreement' } as const
export const ATTACH_TO_AGREEMENT = {
  name: 'attachAgreementSignature',
  group: 'signAgreement',
} as const

export async function stampAgreement(
  kernel: Kernel,
  agreementId: string,
  acting: Acting,
): Promise<Decision<ActDone>> {
  const access = await decideDeskAccess(kernel, STAMP_AGREEMENT, acting)
  if (access.decision === 'refuse') return access
  const possible = requireTimeStamps(kernel.attestations.stamp !== undefined)
  if (possible.decision === 'refuse') return possible
  const document = documentIn(await kernel.streams.read(agreementId))
  if (!document) return unknownAgreement()
  // Outside the transaction: the text never changes, and the authority may be slow.
  const stamped = await askTimeStamp(kernel, document)
  return append(kernel, agreementId, acting, () => permit([stamped]))
}

export async function attachAgreementSignature(
  kernel: Kernel,
  agreementId: string,
  input: SignatureInput,
  acting: Acting,
): Promise<Decision<ActDone>> {
  const access = await decideDeskAccess(kernel, ATTACH_TO_AGREEMENT, acting)
  if (access.decision === 'refuse') return access
  const file = takeSignatureFile(kernel, input.file)
  const done = await append(
    kernel,
    agreementId,
    acting,
    (stream, document) =>
      decideAttachment(kernel, attestationsIn(stream.history), document, file, input),
    async () => kernel.attestations.keepSignature(agreementId, file.signatureId, file.bytes),
  )
  return done
}

/** The file as it came. @throws ComityError `malformed` if the agreement has no such file */
export async function agreementSignature(kernel: Kernel, agreementId: string, signatureId: string) {
  const stream = await kernel.streams.read(agreementId)
  const isOfIt = attestationsIn(stream?.kind === 'agreement' ? stream.history : []).some(
    ({ event }) => event.type === 'signatureAttached' && event.signatureId === signatureId,
  )
  const bytes = isOfIt
    ? await kernel.attestations.keptSignature(agreementId, signatureId)
    : undefined
  if (!bytes) throw malformed('there is no such signature', { reason: 'not-found' })
  return bytes
}

function documentIn(stream: Pick<StreamView, 'kind' | 'history'> | undefined) {
  if (stream?.kind !== 'agreement') return undefined
  const { document, digest } = foldAgreementStream(stream.history)
  if (!document || !digest) return undefined
  return { kind: 'agreement', id: document.id, digest } satisfies AttestedDocument
}

async function append(
  kernel: Kernel,
  agreementId: string,
  acting: Acting,
  decide: (
    stream: Pick<StreamView, 'history'>,
    document: AttestedDocument,
  ) => Decision<readonly AttestationEvent[]>,
  keep?: () => Promise<void>,
): Promise<Decision<ActDone>> {
  return kernel.streams.transact(async (unit) => {
    const stream = await unit.open(agreementId)
    const document = documentIn(stream)
    if (!stream || !document) return unknownAgreement()
    const events = decide(stream, document)
    if (events.decision === 'refuse') return events
    await keep?.()
    await stream.append(events.value, acting.officer)
    return permit(actDone(stream, events.value, { id: stream.id }), ...events.because)
  })
}

function unknownAgreement(): Decision<ActDone> {
  return refuse('unknownAgreement', {
    rule: 'agreement:known',
    text: 'no such agreement was offered',
  })
}
