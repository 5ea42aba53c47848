/**
 * Keys of the peer that the test plays: what a document may change by itself, and that a
 * revoked key counts no more. Whatever is refused is shown to people at the node.
 */
import { addMs, DAY_MS, MINUTE_MS } from '../../base/time.ts'
import { generateIdentity, recipientOf } from '../../seal/seal.ts'
import { type NodeDocument, signNodeDocument } from '../../wire/exchange/node-document.ts'
import type { MessageSigner } from '../../wire/exchange/signed.ts'
import { actorDocument, SPARE_KEYS_MAX, type SpareKey, signerOf } from './actor.ts'
import {
  type Check,
  expect,
  expectRefusal,
  expectSigned,
  NotTested,
  type Session,
} from './check.ts'
import { type Heard, now } from './talk.ts'

const OFFER = '/federation/v1/node-document'

async function offer(
  { actor, target, talk }: Session,
  change: Partial<NodeDocument> = {},
  signer: MessageSigner = actor.signer,
): Promise<Heard> {
  const body = await signNodeDocument({ ...actor.document, issuedAt: now(), ...change }, signer)
  return talk.plain('PUT', target.endpoint + OFFER, body)
}

/** A document that may not take the place of the pinned one. */
function refusedOffer(
  does: string,
  code: string,
  change: (session: Session) => Partial<NodeDocument> | Promise<Partial<NodeDocument>>,
): Check {
  return {
    requirement: 'exchange/document-offer',
    does,
    async run(session) {
      const { status, said } = await offer(session, await change(session))
      const isSo = status === 409 && said['code'] === code
      expect(isSo, `answered ${status} ${String(said['code'] ?? said['outcome'])}, not 409 ${code}`)
    },
  }
}

async function renew(session: Session): Promise<void> {
  const { actor, target, talk } = session
  const body = await actorDocument(actor, now())
  const { status, said } = await talk.plain('PUT', target.endpoint + OFFER, body)
  if (said['code'] === 'too-often') throw new NotTested('it takes no more documents today')
  const isRenewed = status === 200 && said['outcome'] === 'renewed'
  expect(isRenewed, `answered ${status} ${String(said['outcome'] ?? said['code'])}`)
}

const headWith = ({ actor, talk }: Session, { keyId, sign }: MessageSigner) =>
  talk.ask({ method: 'GET', path: `/federation/v1/channels/${actor.node}/head`, keyId, sign })

/** The newest key of ours that was revoked, in this run if there are keys left. */
function revokedKey({ actor }: Session): SpareKey {
  const key = actor.spareKeys.findLast(({ revokedAt }) => revokedAt !== undefined)
  if (key === undefined) throw new NotTested('no key of ours was revoked')
  return key
}

export const KEY_CHECKS: readonly Check[] = [
  {
    requirement: 'exchange/revocation',
    does: 'a second key that a later document lists counts, and no more once it is revoked',
    async run(session) {
      if (session.actor.spareKeys.length >= SPARE_KEYS_MAX) {
        throw new NotTested('the keys of the test are used up: --prepare another peer')
      }
      await session.changeKeys((actor) => actor.withNewKey(now()))
      await renew(session)
      const key = session.actor.spareKeys.at(-1) as SpareKey
      const listed = await headWith(session, signerOf(key))
      expect(listed.status === 200, `the new key is answered ${listed.status}`)
      expectSigned(listed)
      await session.changeKeys((actor) => actor.withKeyRevoked(key.id, now()))
      await renew(session)
      expectRefusal(await headWith(session, signerOf(key)), 401, 'key-revoked')
    },
  },
  {
    requirement: 'exchange/revocation',
    does: 'a request by a key that was revoked',
    async run(session) {
      const signer = signerOf(revokedKey(session))
      expectRefusal(await headWith(session, signer), 401, 'key-revoked')
    },
  },
  {
    requirement: 'exchange/revocation',
    does: 'a document that a revoked key signed',
    async run(session) {
      const { status, said } = await offer(session, {}, signerOf(revokedKey(session)))
      const isSo = status === 409 && said['code'] === 'key-revoked'
      expect(isSo, `answered ${status} ${String(said['code'] ?? said['outcome'])}`)
    },
  },
  refusedOffer('a document that takes a revocation back', 'forked', (session) => {
    const { id } = revokedKey(session)
    const { revocations = [] } = session.actor.document
    const left = revocations.filter(({ key }) => key !== id)
    return { revocations: left.length > 0 ? left : undefined } as Partial<NodeDocument>
  }),
  refusedOffer('a document older than the pinned one', 'older', (session) => {
    const { revokedAt } = revokedKey(session)
    const issuedAt = addMs(revokedAt ?? now(), -MINUTE_MS)
    if (issuedAt < addMs(now(), -DAY_MS)) throw new NotTested('it has pinned none for a day')
    return { issuedAt, name: 'Conformance test, as it was' }
  }),
  refusedOffer('a document of eight days ago', 'too-old', () => ({
    issuedAt: addMs(now(), -8 * DAY_MS),
  })),
  refusedOffer('a document of the day after', 'too-old', () => ({
    issuedAt: addMs(now(), DAY_MS),
  })),
  refusedOffer('another name', 'facts', () => ({ name: 'Another authority' })),
  refusedOffer('another legal order', 'facts', () => ({ legalOrder: 'EU' })),
  refusedOffer('exercise instead of real, or the other way', 'facts', ({ actor }) => ({
    ...({ exercise: actor.document.exercise ? undefined : 'training' } as object),
  })),
  refusedOffer('another encryption recipient, without overlap', 'no-overlap', async () => ({
    encryptionRecipient: await recipientOf(await generateIdentity()),
  })),
  refusedOffer('another message key under the same id', 'forked', ({ actor }) => ({
    messageKeys: actor.document.messageKeys.map((key, index) =>
      index === 0 ? { ...key, validFrom: addMs(key.validFrom, -DAY_MS) } : key,
    ),
  })),
]
