/**
 * The peer that `comity conformance` plays: keys of its own in a folder, and a node document
 * for the target to pin. Nothing can call it, and it is no authority.
 */
import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { nodePrimitives, publicKeyOf, signEd25519 } from '../../adapters/node-primitives.ts'
import { type Bytes, fromBase64, toBase64 } from '../../base/bytes.ts'
import { malformed } from '../../base/errors.ts'
import { requireNodeId } from '../../base/ids.ts'
import { addMs, DAY_MS, type Instant, MINUTE_MS } from '../../base/time.ts'
import { formatVkey, KEY_TYPE, type KeyType, noteKey } from '../../proof/vkey.ts'
import { generateIdentity, recipientOf } from '../../seal/seal.ts'
import { type NodeDocument, signNodeDocument } from '../../wire/exchange/node-document.ts'
import type { MessageSigner } from '../../wire/exchange/signed.ts'
import type { Exercise } from '../../wire/exchange/world.ts'

/** A second message key, listed and revoked by later documents. */
export type SpareKey = {
  readonly id: string
  readonly seed: string
  readonly validFrom: Instant
  readonly revokedAt?: Instant
}

type Kept = {
  readonly node: string
  readonly seeds: { readonly message: string; readonly log: string; readonly witness: string }
  readonly identity: string
  readonly madeAt: Instant
  readonly exercise?: Exercise
  readonly spareKeys?: readonly SpareKey[]
}

export type Actor = Omit<Kept, 'seeds'> & {
  readonly spareKeys: readonly SpareKey[]
  /** Kept before the node hears of it, so that a later run says nothing else. */
  withNewKey(now: Instant): Promise<Actor>
  withKeyRevoked(id: string, now: Instant): Promise<Actor>
  readonly signer: MessageSigner
  readonly logSeed: Uint8Array
  readonly document: NodeDocument
}

const FILE = 'conformance-peer.json'
const KEY_DAYS = 365
/** A document lists 16 at most, and revoked ones stay. */
export const SPARE_KEYS_MAX = 15

/** @throws Error if the folder has one already */
export async function makeActor(
  folder: string,
  given: Pick<Kept, 'node' | 'exercise' | 'madeAt'>,
): Promise<Actor> {
  const seed = () => toBase64(randomBytes(32))
  const seeds = { message: seed(), log: seed(), witness: seed() }
  const { node, exercise, madeAt } = given
  const kept: Kept = {
    ...{ node: requireNodeId(node), seeds, identity: await generateIdentity(), madeAt },
    ...(exercise ? { exercise } : {}),
  }
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const text = `${JSON.stringify(kept, null, 2)}\n`
  writeFileSync(join(folder, FILE), text, { mode: 0o600, flag: 'wx' })
  return actorOf(kept, folder)
}

/** @throws ComityError `malformed` */
export async function readActor(folder: string): Promise<Actor> {
  try {
    return await actorOf(JSON.parse(readFileSync(join(folder, FILE), 'utf8')) as Kept, folder)
  } catch (cause) {
    throw malformed(`${folder} has no ${FILE}: make one with --prepare`, { cause })
  }
}

/** The document for the target, signed now. */
export function actorDocument({ document, signer }: Actor, now: Instant): Promise<Bytes> {
  return signNodeDocument({ ...document, issuedAt: now }, signer)
}

export function signerOf({ id, seed }: Pick<SpareKey, 'id' | 'seed'>): MessageSigner {
  const bytes = fromBase64(seed)
  return { keyId: id, sign: (message: Uint8Array) => signEd25519(bytes, message) }
}

async function actorOf(kept: Kept, folder: string): Promise<Actor> {
  const { seeds, spareKeys = [], ...rest } = kept
  const keep = (keys: readonly SpareKey[]) => rewritten({ ...kept, spareKeys: keys }, folder)
  return {
    ...{ ...rest, spareKeys, logSeed: fromBase64(seeds.log), document: await documentOf(kept) },
    signer: signerOf({ id: `${kept.node}/msg1`, seed: seeds.message }),
    withNewKey: (now) =>
      keep([...spareKeys, newKey(`${kept.node}/msg${spareKeys.length + 2}`, now)]),
    withKeyRevoked: (id, now) =>
      keep(spareKeys.map((key) => (key.id === id ? { ...key, revokedAt: now } : key))),
  }
}

function newKey(id: string, now: Instant): SpareKey {
  return { id, seed: toBase64(randomBytes(32)), validFrom: addMs(now, -MINUTE_MS) }
}

function rewritten(kept: Kept, folder: string): Promise<Actor> {
  const file = join(folder, FILE)
  writeFileSync(`${file}.new`, `${JSON.stringify(kept, null, 2)}\n`, { mode: 0o600 })
  renameSync(`${file}.new`, file)
  return actorOf(kept, folder)
}

async function documentOf(kept: Kept): Promise<NodeDocument> {
  const { node, seeds, identity, madeAt, exercise, spareKeys = [] } = kept
  const vkey = (name: string, type: KeyType, seed: string) =>
    formatVkey(noteKey(nodePrimitives, `${node}/${name}`, type, publicKeyOf(fromBase64(seed))))
  return {
    v: 1,
    node,
    name: 'Conformance test (no authority)',
    legalOrder: 'ZZ',
    ...(exercise ? { exercise } : {}),
    endpoints: { federation: `https://${node}`, outboundOnly: true },
    messageKeys: [
      { id: `${node}/msg1`, seed: seeds.message, validFrom: addMs(madeAt, -DAY_MS) },
      ...spareKeys,
    ].map(({ id, seed, validFrom }) => ({
      ...{ id, alg: 'ed25519' as const, key: toBase64(publicKeyOf(fromBase64(seed))) },
      ...{ validFrom, validUntil: addMs(madeAt, KEY_DAYS * DAY_MS) },
    })),
    ...revocationsOf(spareKeys),
    encryptionRecipient: await recipientOf(identity),
    logKey: vkey('ledger', KEY_TYPE.ed25519, seeds.log),
    witnessKey: vkey('witness', KEY_TYPE.cosignature, seeds.witness),
    issuedAt: madeAt,
  }
}

function revocationsOf(keys: readonly SpareKey[]): Pick<NodeDocument, 'revocations'> {
  const revocations = keys.flatMap(({ id, revokedAt }) =>
    revokedAt ? [{ key: id, at: revokedAt, reason: 'superseded' as const }] : [],
  )
  return revocations.length > 0 ? { revocations } : {}
}
