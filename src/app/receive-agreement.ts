/**
 * What the other parties of an agreement say: offers, signatures, and steps in its life.
 * A party speaks for itself, with its message key. What does not count is kept with its
 * reason; what nobody signed is not even kept.
 */
import { fromBase64 } from '../base/bytes.ts'
import { type Refusal, refuse } from '../base/decision.ts'
import { unverified } from '../base/errors.ts'
import { stepBar } from '../core/agreement/admit-step.ts'
import { noAgreement } from '../core/agreement/agreement.ts'
import type {
  AgreementEvent,
  AgreementStep,
  PartySignature,
} from '../core/agreement/agreement-events.ts'
import {
  offerAgreement as decideOffer,
  signAgreement as decideSignature,
  draftAgreement,
} from '../core/agreement/decide-agreement.ts'
import { type AgreementDocument, partyOf } from '../core/agreement/document.ts'
import { agreementSignatureInput, agreementStepInput } from '../wire/agreement-statement.ts'
import type { ContentOf } from '../wire/exchange/contents.ts'
import { isRevoked } from '../wire/http-signature.ts'
import { foldAgreementStream, recordEvents, recordRefusal } from './agreement-record.ts'
import { agreementDigest, isPinned } from './agreements.ts'
import type { MessageOutcome } from './ports/exchange.ts'
import type { OpenStream } from './ports/streams.ts'
import { type Receiving, rejected } from './receive-message.ts'

const APPLIED: MessageOutcome = { decision: 'applied' }

/** The text is kept as offered. Nothing binds until an officer here signs it. */
export async function receiveAgreementOffer(
  receiving: Receiving,
  { document: given, digest, signBy, statement }: ContentOf<'agreementOffer'>,
): Promise<MessageOutcome> {
  const { unit, origin } = receiving
  const document = given as unknown as AgreementDocument
  const known = await unit.open(document.id)
  if (!known) {
    const first = { document, digest, party: origin, signBy: signBy ?? null }
    return takeFirstText(receiving, { ...first, statement: statement ?? null })
  }
  if (known.kind !== 'agreement') return rejected('agreement:once', 'object-owner')
  // It came before its own message, with the signature of somebody who was faster.
  const { texts } = foldAgreementStream(known.history)
  if (texts.some((text) => text.digest === digest && text.offeredBy === origin)) return APPLIED
  const twice = refuse('anotherAgreement', {
    rule: 'agreement:once',
    text: 'this agreement stands here already; another text of it is a counter-offer',
  })
  return refused(receiving, known, 'agreementOffered', twice)
}

type FirstText = Pick<OfferContent, 'digest' | 'signBy' | 'party'> & {
  readonly document: AgreementDocument
  readonly statement: OfferContent['statement'] | null
}
type OfferContent = NonNullable<ContentOf<'agreementSignature'>['offer']>

async function takeFirstText(
  receiving: Receiving,
  { document, digest, party, signBy, statement }: FirstText,
): Promise<MessageOutcome> {
  const { kernel, unit, acting } = receiving
  requireDigest(receiving, document, digest)
  if (!partyOf(document, party) || !partyOf(document, kernel.node.id)) {
    return rejected('agreement:notAParty', 'agreement')
  }
  const event: Extract<AgreementEvent, { type: 'agreementOffered' }> = {
    type: 'agreementOffered',
    digest,
    offeredBy: party,
    ...(signBy ? { signBy } : {}),
    ...(statement ? { statement } : {}),
  }
  if (statement) {
    const { officer, at, signature } = statement
    const input = agreementStepInput({ agreement: document.id, officer, at, step: event })
    if (keyOf(receiving, party, input, signature) === 'revoked') {
      return rejected('agreement:keyRevoked', 'agreement')
    }
  }
  const drafted = draftAgreement(noAgreement, { document, digest }, acting)
  if (drafted.decision === 'refuse') return rejected(drafted.because[0]?.rule, 'agreement')
  const draft = { ...noAgreement, phase: 'drafted' as const, document, digest }
  const offered = decideOffer(draft, { party }, acting)
  if (offered.decision === 'refuse') return rejected(offered.because[0]?.rule, 'agreement')
  const stream = await unit.create(document.id, 'agreement')
  await stream.append([...drafted.value, event], party)
  return APPLIED
}

export async function receiveAgreementSignature(
  receiving: Receiving,
  { agreementId, signature, offer }: ContentOf<'agreementSignature'>,
): Promise<MessageOutcome> {
  return takeSignature(receiving, { agreementId, offer, given: signature as PartySignature })
}

export async function receiveAgreementConsent(
  receiving: Receiving,
  { agreementId, consent, offer }: ContentOf<'agreementConsent'>,
): Promise<MessageOutcome> {
  const given = { ...consent, officer: consent.party }
  return takeSignature(receiving, { agreementId, offer, given, bySilence: true })
}

type Signed = {
  readonly agreementId: string
  readonly given: PartySignature
  readonly offer: OfferContent | undefined
  readonly bySilence?: true
}

async function takeSignature(
  receiving: Receiving,
  { agreementId, given, offer, bySilence }: Signed,
): Promise<MessageOutcome> {
  const { kernel, origin, acting } = receiving
  if (given.party !== origin) return rejected('agreement:ownSignature', 'object-owner')
  const stream = await streamOf(receiving, agreementId, offer)
  if (!stream) return rejected('agreement:known', 'missing-reference')
  const state = foldAgreementStream(stream.history)
  const step = bySilence ? 'agreementConsentedBySilence' : 'agreementSigned'
  const text = state.texts.find(({ digest }) => digest === given.digest)
  const { digest, party, signedAt } = given
  const statement = {
    ...{ agreement: agreementId, digest, party },
    ...(signedAt ? { signedAt } : {}),
    ...(bySilence ? { bySilence } : {}),
  }
  const input = agreementSignatureInput(statement)
  // Without the text nobody can say which keys it pins.
  const isOf = (key: MessageKey) => !text || isPinned(kernel, text.document, origin, key)
  if (keyOf(receiving, origin, input, given.signature, isOf) === 'revoked') {
    return refused(receiving, stream, step, keyRevoked())
  }
  if (bySilence && text && (!text.rapid || text.joining.includes(origin))) {
    return refused(receiving, stream, step, notBySilence())
  }
  const signed = decideSignature(state, given, acting)
  if (signed.decision === 'refuse') return refused(receiving, stream, step, signed)
  const events = signed.value.map((event) => ({ ...event, type: step }) as AgreementEvent)
  await recordEvents({ ...receiving, stream, now: acting.now }, events, origin)
  return APPLIED
}

export async function receiveAgreementStep(
  receiving: Receiving,
  { agreementId, step: given, offer }: ContentOf<'agreementStep'>,
): Promise<MessageOutcome> {
  const step = given as unknown as AgreementStep
  if (step.party !== receiving.origin) return rejected('agreement:ownStep', 'object-owner')
  const joined = await joinBy(receiving, agreementId, step)
  if (joined) return joined
  const stream = await streamOf(receiving, agreementId, offer)
  if (!stream) return rejected('agreement:known', 'missing-reference')
  return takeStep(receiving, stream, step)
}

async function takeStep(
  receiving: Receiving,
  stream: OpenStream,
  step: AgreementStep,
): Promise<MessageOutcome> {
  const { acting } = receiving
  const state = foldAgreementStream(stream.history)
  if (step.type === 'agreementTextOffered') {
    requireDigest(receiving, step.document, step.digest)
    const isKnown = state.texts.some(({ digest }) => digest === step.digest)
    if (isKnown) return APPLIED
  }
  if (!step.statement) throw unverified('nobody signed the step', { field: '/content/step' })
  const { officer, at, signature } = step.statement
  const input = agreementStepInput({ agreement: stream.id, officer, at, step })
  if (keyOf(receiving, step.party, input, signature) === 'revoked') {
    return refused(receiving, stream, step.type, keyRevoked())
  }
  const bar = stepBar(state, step)
  if (bar) return refused(receiving, stream, step.type, bar)
  await recordEvents({ ...receiving, stream, now: acting.now }, [step], step.party)
  return APPLIED
}

/** The agreement's stream, with the offer that the message is about. */
async function streamOf(
  receiving: Receiving,
  agreementId: string,
  offer: OfferContent | undefined,
): Promise<OpenStream | undefined> {
  const { unit } = receiving
  const stream = await unit.open(agreementId)
  if (offer && (offer.document as { id: string }).id !== agreementId) return undefined
  if (!stream && offer?.isFirst) {
    const document = offer.document as unknown as AgreementDocument
    await takeFirstText(receiving, { ...offer, document })
    return unit.open(agreementId)
  }
  if (!stream && offer?.joining && offer.signBy) {
    const { isFirst: _, ...said } = offer
    const step = { type: 'agreementTextOffered', ...said } as unknown as AgreementStep
    await joinBy(receiving, agreementId, step)
    return unit.open(agreementId)
  }
  if (stream?.kind !== 'agreement') return undefined
  const { texts, gone } = foldAgreementStream(stream.history)
  const isNew = offer && !offer.isFirst && !gone.includes(offer.digest)
  if (isNew && !texts.some(({ digest }) => digest === offer.digest)) {
    const { isFirst: _, signBy, ...said } = offer
    if (signBy) {
      const step = { type: 'agreementTextOffered', ...said, signBy } as unknown as AgreementStep
      await takeStep(receiving, stream, step)
    }
  }
  return stream
}

/**
 * The text by which this authority would join an agreement of others: its stream begins with
 * it. Nothing binds until an officer here signs. `undefined`: it is not about joining.
 */
async function joinBy(
  receiving: Receiving,
  agreementId: string,
  step: AgreementStep,
): Promise<MessageOutcome | undefined> {
  const { kernel, unit, acting } = receiving
  if (step.type !== 'agreementTextOffered' || !step.joining?.includes(kernel.node.id))
    return undefined
  if (await unit.open(agreementId)) return undefined
  const { document, digest, party, statement } = step
  requireDigest(receiving, document, digest)
  if (document.id !== agreementId) return rejected('agreement:anotherAgreement', 'agreement')
  if (!partyOf(document, party) || step.joining.includes(party)) {
    return rejected('agreement:notAParty', 'agreement')
  }
  if (!statement) throw unverified('nobody signed the step', { field: '/content/step' })
  const { officer, at, signature } = statement
  const input = agreementStepInput({ agreement: agreementId, officer, at, step })
  if (keyOf(receiving, party, input, signature) === 'revoked') {
    return rejected('agreement:keyRevoked', 'agreement')
  }
  const drafted = draftAgreement(noAgreement, { document, digest }, acting)
  if (drafted.decision === 'refuse') return rejected(drafted.because[0]?.rule, 'agreement')
  const draft = { ...noAgreement, phase: 'drafted' as const, document, digest }
  const bar = stepBar(draft, step)
  if (bar) return rejected(bar.because[0]?.rule, 'agreement')
  const stream = await unit.create(agreementId, 'agreement')
  await stream.append([...drafted.value, step], party)
  return APPLIED
}

type MessageKey = { readonly id: string; readonly publicKey: Uint8Array }

/** @throws ComityError `unverified` if no known key of the party signed it */
function keyOf(
  { kernel }: Receiving,
  party: string,
  input: Uint8Array,
  signature: string,
  isOf: (key: MessageKey) => boolean = () => true,
): 'counts' | 'revoked' {
  const bytes = fromBase64(signature, '/content/signature')
  const known = party === kernel.node.id ? undefined : kernel.peers.find(party)
  const key = known?.messageKeys
    .filter(isOf)
    .find(({ publicKey }) => kernel.primitives.verifyEd25519(publicKey, input, bytes))
  if (!key) throw unverified('a signature does not verify', { field: '/content/signature' })
  return isRevoked(key, kernel.clocks.wireNow()) ? 'revoked' : 'counts'
}

function requireDigest({ kernel }: Receiving, document: AgreementDocument, digest: string): void {
  if (agreementDigest(kernel, document) === digest) return
  throw unverified('the digest is not that of the text', { field: '/content/digest' })
}

async function refused(
  { origin }: Receiving,
  stream: OpenStream,
  step: string,
  refusal: Refusal,
): Promise<MessageOutcome> {
  await recordRefusal({ stream }, { step, party: origin, by: origin }, refusal)
  return rejected(refusal.because[0]?.rule, 'agreement')
}

function keyRevoked(): Refusal {
  return refuse('keyRevoked', {
    rule: 'agreement:keyRevoked',
    text: 'signed with a key that its node has revoked',
  })
}

function notBySilence(): Refusal {
  return refuse('rapidNotAllowed', {
    rule: 'agreement:rapidNotAllowed',
    text: 'only a rapid amendment is consented to by silence, and by nobody who joins',
  })
}
