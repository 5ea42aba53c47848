/** Agreements of this node: offering and signing, and whatever is said to the other parties. */
import { toBase64, toHex } from '../base/bytes.ts'
import { type Decision, permit, refuse } from '../base/decision.ts'
import { addMs, DAY_MS } from '../base/time.ts'
import { type AgreementState, noAgreement } from '../core/agreement/agreement.ts'
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
import {
  type AgreementDocument,
  agreementDigestInput,
  partyOf,
} from '../core/agreement/document.ts'
import { audience } from '../core/agreement/membership.ts'
import { openText } from '../core/agreement/offered-texts.ts'
import type { Acting } from '../core/case/recorded.ts'
import { agreementSignatureInput, agreementStepInput } from '../wire/agreement-statement.ts'
import { decideDeskAccess } from './access.ts'
import { type ActDone, actDone } from './act.ts'
import {
  foldAgreementStream,
  noSuchAgreement,
  offerOf,
  type Recording,
  recordEvents,
  recordRefusal,
} from './agreement-record.ts'
import type { Kernel } from './kernel.ts'
import type { Unit } from './ports/streams.ts'

export async function agreementStateOf(kernel: Kernel, id: string): Promise<AgreementState> {
  const stream = await kernel.streams.read(id)
  return stream?.kind === 'agreement' ? foldAgreementStream(stream.history) : noAgreement
}

export function agreementDigest(kernel: Kernel, document: AgreementDocument): string {
  return toHex(kernel.primitives.sha256(agreementDigestInput(document)))
}

/** A liaison officer acts for the authority. */
export const OFFER_AGREEMENT = { name: 'offerAgreement', group: 'signAgreement' } as const
export const SIGN_AGREEMENT = {
  name: 'signAgreement',
  group: 'signAgreement',
  stepUp: true,
} as const

export const SIGN_WITHIN_DAYS = 90

/** Drafts an agreement and offers it to the other parties, who get the whole text. */
export async function offerAgreement(
  kernel: Kernel,
  document: AgreementDocument,
  acting: Acting,
): Promise<Decision<ActDone>> {
  const access = await decideDeskAccess(kernel, OFFER_AGREEMENT, acting)
  if (access.decision === 'refuse') return access
  const digest = agreementDigest(kernel, document)
  const drafted = draftAgreement(noAgreement, { document, digest }, acting)
  if (drafted.decision === 'refuse') return drafted
  const draft = { ...noAgreement, phase: 'drafted' as const, document, digest }
  const possible = decideOffer(draft, { party: kernel.node.id }, acting)
  if (possible.decision === 'refuse') return possible
  return kernel.streams.transact(async (unit) => {
    const stream = await unit.create(document.id, 'agreement')
    const recording = { kernel, unit, stream, now: acting.now }
    await stream.append(drafted.value, acting.officer)
    const offered = await offerDraft(recording, { signWithinDays: SIGN_WITHIN_DAYS }, acting)
    if (offered.decision === 'refuse') return offered
    const events = [...drafted.value, ...offered.value]
    return permit(actDone(stream, events, { id: stream.id }), ...offered.because)
  })
}

/** Offers the draft of the stream, signed. */
export async function offerDraft(
  recording: Recording,
  { signWithinDays }: { readonly signWithinDays: number },
  acting: Acting,
): Promise<Decision<readonly AgreementEvent[]>> {
  const { kernel, unit, stream } = recording
  const state = foldAgreementStream(stream.history)
  const signBy = addMs(acting.now, signWithinDays * DAY_MS)
  const offered = decideOffer(state, { party: kernel.node.id, signBy }, acting)
  const [event] = offered.decision === 'permit' ? offered.value : []
  if (offered.decision === 'refuse' || event?.type !== 'agreementOffered') return offered
  const statement = await signStep(kernel, stream.id, event, acting)
  const { document, digest } = state
  const signed = await recordEvents(recording, [{ ...event, statement }], acting.officer)
  const content = { document, digest, signBy, statement }
  await tellParties(kernel, unit, stream.id, audience(state), { type: 'agreementOffer', content })
  return permit(signed, ...offered.because)
}

/** Signs the newest offered text for this authority, with its message key, by a named officer. */
export async function signAgreement(
  kernel: Kernel,
  agreementId: string,
  { simulated }: { readonly simulated: boolean },
  acting: Acting,
): Promise<Decision<ActDone>> {
  const access = await decideDeskAccess(kernel, SIGN_AGREEMENT, acting)
  if (access.decision === 'refuse') return access
  return kernel.streams.transact(async (unit) => {
    const stream = await unit.open(agreementId)
    const state = stream?.kind === 'agreement' ? foldAgreementStream(stream.history) : noAgreement
    if (!stream || !state.document) return noSuchAgreement()
    const text = openText(state)
    const { keyId: id, publicKey, sign } = kernel.keys.messageSigner()
    const party = kernel.node.id
    if (text && !isPinned(kernel, text.document, party, { id, publicKey })) return foreignKey()
    const digest = text?.digest ?? state.digest ?? ''
    const statement = { agreement: agreementId, digest, party, signedAt: acting.now }
    const bytes = await sign(agreementSignatureInput(statement))
    const signature: PartySignature = {
      party,
      officer: acting.officer,
      digest,
      signature: toBase64(bytes),
      simulated,
      signedAt: acting.now,
    }
    const signed = decideSignature(state, signature, acting)
    const recording = { kernel, unit, stream, now: acting.now }
    if (signed.decision === 'refuse') {
      await recordRefusal(recording, { step: 'agreementSigned', party, by: acting.officer }, signed)
      return signed
    }
    const events = await recordEvents(recording, signed.value, acting.officer)
    const offer = text ? offerOf(text) : {}
    const content = { agreementId, signature, ...offer }
    const told = { type: 'agreementSignature', content }
    await tellParties(kernel, unit, agreementId, audience(state), told)
    return permit(actDone(stream, events, { id: stream.id }), ...signed.because)
  })
}

type MessageKey = { readonly id: string; readonly publicKey: Uint8Array }

/** Does the text itself name this key as one of the party's? Others could never check it else. */
export function isPinned(
  { primitives }: Kernel,
  document: AgreementDocument,
  party: string,
  { id, publicKey }: MessageKey,
): boolean {
  const fingerprint = toHex(primitives.sha256(publicKey))
  const pinned = partyOf(document, party)?.messageKeys ?? []
  return pinned.some((each) => each.id === id && each.fingerprint === fingerprint)
}

/** The node's signature over a step, naming the officer who takes it. */
export async function signStep(
  kernel: Kernel,
  agreement: string,
  step: AgreementStep | Extract<AgreementEvent, { type: 'agreementOffered' }>,
  { officer, now: at }: Acting,
) {
  const input = agreementStepInput({ agreement, officer, at, step })
  const signature = toBase64(await kernel.keys.messageSigner().sign(input))
  return { officer, at, signature }
}

export async function tellParties(
  kernel: Kernel,
  unit: Unit,
  objectId: string,
  nodes: readonly string[],
  { type, content }: { readonly type: string; readonly content: object },
): Promise<void> {
  for (const destination of nodes) {
    if (destination === kernel.node.id) continue
    await unit.send({ destination, type, objectId, agreement: null, content })
  }
}

function foreignKey(): Decision<ActDone> {
  return refuse('keyNotPinned', {
    rule: 'agreement:pinnedKey',
    text: 'the text names another message key for this authority than the one it signs with',
  })
}
