/** Agreements of this node: drafting, offering and signing, each a party's own act. */
import { toBase64, toHex } from '../base/bytes.ts'
import { type Decision, permit, refuse } from '../base/decision.ts'
import { type AgreementState, foldAgreement, noAgreement } from '../core/agreement/agreement.ts'
import type { AgreementEvent, PartySignature } from '../core/agreement/agreement-events.ts'
import {
  offerAgreement as decideOffer,
  signAgreement as decideSignature,
  draftAgreement,
  enterIntoForce,
} from '../core/agreement/decide-agreement.ts'
import {
  type AgreementDocument,
  agreementDigestInput,
  partyOf,
} from '../core/agreement/document.ts'
import type { Acting, Recorded } from '../core/case/recorded.ts'
import { agreementSignatureInput } from '../wire/agreement-statement.ts'
import { decideDeskAccess } from './access.ts'
import { type ActDone, actDone } from './act.ts'
import type { Kernel } from './kernel.ts'
import type { AnyEvent, Unit } from './ports/streams.ts'

export function foldAgreementStream(history: readonly Recorded<AnyEvent>[]): AgreementState {
  return (history as readonly Recorded<AgreementEvent>[]).reduce(foldAgreement, noAgreement)
}

export async function agreementStateOf(kernel: Kernel, id: string): Promise<AgreementState> {
  const stream = await kernel.streams.read(id)
  return stream?.kind === 'agreement' ? foldAgreementStream(stream.history) : noAgreement
}

export function agreementDigest(kernel: Kernel, document: AgreementDocument): string {
  return toHex(kernel.primitives.sha256(agreementDigestInput(document)))
}

/** A liaison officer acts for the authority. */
const OFFER_AGREEMENT = { name: 'offerAgreement', group: 'signAgreement' } as const
export const SIGN_AGREEMENT = {
  name: 'signAgreement',
  group: 'signAgreement',
  stepUp: true,
} as const

/** Drafts an agreement and offers it to the other parties, who get the whole text. */
export async function offerAgreement(
  kernel: Kernel,
  document: AgreementDocument,
  acting: Acting,
): Promise<Decision<ActDone>> {
  const access = await decideDeskAccess(kernel, OFFER_AGREEMENT, acting)
  if (access.decision === 'refuse') return access
  const digest = agreementDigest(kernel, document)
  return kernel.streams.transact(async (unit) => {
    const events = drafting(document, digest, kernel.node.id, acting)
    if (events.decision === 'refuse') return events
    const stream = await unit.create(document.id, 'agreement')
    await stream.append(events.value, acting.officer)
    await tellParties(kernel, unit, document, 'agreementOffer', { document, digest })
    return permit(actDone(stream, events.value, { id: stream.id }), ...events.because)
  })
}

/** Signs the offered text for this authority, with its message key, by a named officer. */
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
    const state = stream ? foldAgreementStream(stream.history) : noAgreement
    if (!stream || !state.document || !state.digest) return noSuchAgreement()
    const { keyId: id, publicKey, sign } = kernel.keys.messageSigner()
    if (!isPinned(kernel, state.document, kernel.node.id, { id, publicKey })) return foreignKey()
    const statement = { agreement: agreementId, digest: state.digest, party: kernel.node.id }
    const bytes = await sign(agreementSignatureInput(statement))
    const signature: PartySignature = {
      party: kernel.node.id,
      officer: acting.officer,
      digest: state.digest,
      signature: toBase64(bytes),
      simulated,
    }
    const events = signing(state, signature, acting)
    if (events.decision === 'refuse') return events
    await stream.append(events.value, acting.officer)
    await tellParties(kernel, unit, state.document, 'agreementSignature', {
      agreementId,
      signature,
    })
    return permit(actDone(stream, events.value, { id: stream.id }), ...events.because)
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

/** A signature and, when it is the last one and the start has come, the entry into force. */
export function signing(
  state: AgreementState,
  signature: PartySignature,
  acting: Acting,
): Decision<readonly AgreementEvent[]> {
  const signed = decideSignature(state, signature, acting)
  if (signed.decision === 'refuse') return signed
  const next = applyAll(state, signed.value, acting)
  const inForce = enterIntoForce(next, acting)
  if (inForce.decision === 'refuse') return signed
  return permit([...signed.value, ...inForce.value], ...inForce.because)
}

export function drafting(
  document: AgreementDocument,
  digest: string,
  party: string,
  acting: Acting,
): Decision<readonly AgreementEvent[]> {
  const drafted = draftAgreement(noAgreement, { document, digest }, acting)
  if (drafted.decision === 'refuse') return drafted
  const offered = decideOffer(applyAll(noAgreement, drafted.value, acting), { party }, acting)
  if (offered.decision === 'refuse') return offered
  return permit([...drafted.value, ...offered.value], ...offered.because)
}

function applyAll(
  state: AgreementState,
  events: readonly AgreementEvent[],
  { now, officer }: Acting,
) {
  return events.reduce(
    (sofar, event) => foldAgreement(sofar, { event, version: 0, at: now, by: officer }),
    state,
  )
}

async function tellParties(
  kernel: Kernel,
  unit: Unit,
  { id, parties }: AgreementDocument,
  type: string,
  content: object,
): Promise<void> {
  for (const { node } of parties) {
    if (node === kernel.node.id) continue
    await unit.send({ destination: node, type, objectId: id, agreement: null, content })
  }
}

function noSuchAgreement(): Decision<ActDone> {
  return refuse('unknownAgreement', {
    rule: 'agreement:known',
    text: 'no such agreement was offered',
  })
}

function foreignKey(): Decision<ActDone> {
  return refuse('keyNotPinned', {
    rule: 'agreement:pinnedKey',
    text: 'the text names another message key for this authority than the one it signs with',
  })
}
