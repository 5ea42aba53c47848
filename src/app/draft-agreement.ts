/**
 * A draft from a model: the model brings the words, the officer the parties and the dates,
 * the node the keys that each party is known by and the quorum it trusts. Nobody else sees
 * a draft before it is offered.
 */
import { type Static, Type } from '@sinclair/typebox'
import { textFromUtf8, toHex } from '../base/bytes.ts'
import { type Decision, permit, refuse } from '../base/decision.ts'
import { instant } from '../base/time.ts'
import { noAgreement } from '../core/agreement/agreement.ts'
import { type AgreementModel, agreementFromModel } from '../core/agreement/agreement-model.ts'
import { draftAgreement as decideDraft } from '../core/agreement/decide-agreement.ts'
import type { AgreementDocument, AgreementParty } from '../core/agreement/document.ts'
import type { Acting } from '../core/case/recorded.ts'
import type { MessageKey } from '../wire/http-signature.ts'
import { modelAgreements } from '../wire/model-agreements.ts'
import { decideDeskAccess } from './access.ts'
import { type ActDone, actDone } from './act.ts'
import { agreementDigest } from './agreements.ts'
import type { Kernel } from './kernel.ts'

export const DRAFT_AGREEMENT = { name: 'draftAgreement', group: 'signAgreement' } as const

export const draftForm = Type.Object({
  model: Type.String({ maxLength: 60 }),
  title: Type.Optional(Type.String({ maxLength: 300 })),
  /** Node ids of pinned peers. This authority is a party in any case. */
  parties: Type.Array(Type.String({ maxLength: 100 }), { minItems: 1, maxItems: 50 }),
  validFromAt: Type.String({ maxLength: 40 }),
  sunsetAt: Type.String({ maxLength: 40 }),
})
export type DraftForm = Static<typeof draftForm>

export async function draftAgreement(
  kernel: Kernel,
  input: DraftForm,
  acting: Acting,
): Promise<Decision<ActDone>> {
  const access = await decideDeskAccess(kernel, DRAFT_AGREEMENT, acting)
  if (access.decision === 'refuse') return access
  const made = documentFrom(kernel, input)
  if (made.decision === 'refuse') return made
  const document = made.value
  const digest = agreementDigest(kernel, document)
  const drafted = decideDraft(noAgreement, { document, digest }, acting)
  if (drafted.decision === 'refuse') return drafted
  return kernel.streams.transact(async (unit) => {
    const stream = await unit.create(document.id, 'agreement')
    await stream.append(drafted.value, acting.officer)
    return permit(actDone(stream, drafted.value, { id: stream.id }))
  })
}

function documentFrom(kernel: Kernel, input: DraftForm): Decision<AgreementDocument> {
  const model: AgreementModel | undefined = Object.hasOwn(modelAgreements, input.model)
    ? modelAgreements[input.model]
    : undefined
  if (!model) return no('unknownModel', 'there is no such model agreement')
  const peers = [...new Set(input.parties)].map((id) => [id, kernel.peers.find(id)] as const)
  const unknown = peers.filter(([id, peer]) => !peer || id === kernel.node.id)
  if (unknown.length > 0) return no('unknownPeer', `not a known peer: ${unknown.map(([id]) => id)}`)
  const { keyId, publicKey } = kernel.keys.messageSigner()
  const own = [{ id: keyId, fingerprint: fingerprintOf(kernel, publicKey) }]
  const { id: node, name, legalOrder } = kernel.node
  const parties: AgreementParty[] = [
    { node, name, legalOrder, messageKeys: own },
    ...peers.flatMap(([, peer]) => (peer ? [partyFrom(kernel, peer)] : [])),
  ]
  const filled = agreementFromModel(model, {
    id: kernel.random.uuidByTime(),
    parties,
    quorum: textFromUtf8(kernel.publicLog.policy, 'quorum'),
    validFromAt: instant(input.validFromAt, 'validFromAt'),
    sunsetAt: instant(input.sunsetAt, 'sunsetAt'),
  })
  return permit(input.title ? { ...filled, title: input.title } : filled)
}

type PinnedPeer = NonNullable<ReturnType<Kernel['peers']['find']>>

/** A pinned peer as an agreement names it. */
export function partyFrom(kernel: Kernel, peer: PinnedPeer): AgreementParty {
  const { id: node, name, legalOrder } = peer
  return { node, name, legalOrder, messageKeys: keysOf(kernel, peer) }
}

/** Those that count now: whoever signs later with another one needs another text. */
function keysOf(kernel: Kernel, { messageKeys }: { readonly messageKeys: readonly MessageKey[] }) {
  const now = kernel.clocks.wireNow()
  return messageKeys
    .filter(({ validFrom, validUntil, revokedAt }) => {
      return validFrom <= now && now < validUntil && (revokedAt === undefined || now < revokedAt)
    })
    .map(({ id, publicKey }) => ({ id, fingerprint: fingerprintOf(kernel, publicKey) }))
}

const fingerprintOf = ({ primitives }: Kernel, key: Uint8Array) => toHex(primitives.sha256(key))

function no<T>(why: string, text: string): Decision<T> {
  return refuse(why, { rule: `agreement:${why}`, text })
}
