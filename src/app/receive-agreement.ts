/** A peer's offer of an agreement, and a peer's signature under one. */
import { fromBase64 } from '../base/bytes.ts'
import { unverified } from '../base/errors.ts'
import type { PartySignature } from '../core/agreement/agreement-events.ts'
import { type AgreementDocument, partyOf } from '../core/agreement/document.ts'
import { agreementSignatureInput } from '../wire/agreement-statement.ts'
import type { ContentOf } from '../wire/exchange/contents.ts'
import { agreementDigest, drafting, foldAgreementStream, isPinned, signing } from './agreements.ts'
import type { MessageOutcome } from './ports/exchange.ts'
import { type Receiving, rejected } from './receive-message.ts'

/** The text is kept as offered. Nothing binds until an officer here signs it. */
export async function receiveAgreementOffer(
  { kernel, unit, origin, acting }: Receiving,
  content: ContentOf<'agreementOffer'>,
): Promise<MessageOutcome> {
  const document = content.document as unknown as AgreementDocument
  if (agreementDigest(kernel, document) !== content.digest) {
    throw unverified('the digest is not that of the text', { field: '/content/digest' })
  }
  if (!partyOf(document, origin) || !partyOf(document, kernel.node.id)) {
    return rejected('agreement:notAParty', 'agreement')
  }
  if (await unit.open(document.id)) return rejected('agreement:once', 'object-owner')
  const events = drafting(document, content.digest, origin, acting)
  if (events.decision === 'refuse') return rejected(events.because[0]?.rule, 'agreement')
  const stream = await unit.create(document.id, 'agreement')
  await stream.append(events.value, origin)
  return { decision: 'applied' }
}

export async function receiveAgreementSignature(
  { kernel, unit, origin, acting }: Receiving,
  { agreementId, signature }: ContentOf<'agreementSignature'>,
): Promise<MessageOutcome> {
  if (signature.party !== origin) return rejected('agreement:ownSignature', 'object-owner')
  const stream = await unit.open(agreementId)
  if (stream?.kind !== 'agreement') return rejected('agreement:known', 'missing-reference')
  const state = foldAgreementStream(stream.history)
  const { document } = state
  if (!document) return rejected('agreement:known', 'missing-reference')
  const statement = { agreement: agreementId, digest: signature.digest, party: origin }
  const bytes = fromBase64(signature.signature, '/content/signature/signature')
  const input = agreementSignatureInput(statement)
  const isSigned = kernel.peers
    .find(origin)
    ?.messageKeys.filter((key) => isPinned(kernel, document, origin, key))
    .some(({ publicKey }) => kernel.primitives.verifyEd25519(publicKey, input, bytes))
  if (!isSigned) throw unverified('a signature does not verify', { field: '/content/signature' })
  const events = signing(state, signature as PartySignature, acting)
  if (events.decision === 'refuse') return rejected(events.because[0]?.rule, 'agreement')
  await stream.append(events.value, origin)
  return { decision: 'applied' }
}
