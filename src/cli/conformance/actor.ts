/**
 * The peer that `comity conformance` plays: keys of its own in a folder, and a node document
 * for the target to pin. Nothing can call it, and it is no authority.
 */
import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { nodePrimitives, publicKeyOf, signEd25519 } from '../../adapters/node-primitives.ts'
import { type Bytes, fromBase64, toBase64 } from '../../base/bytes.ts'
import { malformed } from '../../base/errors.ts'
import { requireNodeId } from '../../base/ids.ts'
import { addMs, DAY_MS, type Instant } from '../../base/time.ts'
import { formatVkey, KEY_TYPE, type KeyType, noteKey } from '../../proof/vkey.ts'
import { generateIdentity, recipientOf } from '../../seal/seal.ts'
import { type NodeDocument, signNodeDocument } from '../../wire/exchange/node-document.ts'
import type { MessageSigner } from '../../wire/exchange/signed.ts'
import type { Exercise } from '../../wire/exchange/world.ts'

type Kept = {
  readonly node: string
  readonly seeds: { readonly message: string; readonly log: string; readonly witness: string }
  readonly identity: string
  readonly madeAt: Instant
  readonly exercise?: Exercise
}

export type Actor = Omit<Kept, 'seeds'> & {
  readonly signer: MessageSigner
  readonly logSeed: Uint8Array
  readonly document: NodeDocument
}

const FILE = 'conformance-peer.json'
const KEY_DAYS = 365

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
  return actorOf(kept)
}

/** @throws ComityError `malformed` */
export async function readActor(folder: string): Promise<Actor> {
  try {
    return await actorOf(JSON.parse(readFileSync(join(folder, FILE), 'utf8')) as Kept)
  } catch (cause) {
    throw malformed(`${folder} has no ${FILE}: make one with --prepare`, { cause })
  }
}

/** The document for the target, signed now. */
export function actorDocument({ document, signer }: Actor, now: Instant): Promise<Bytes> {
  return signNodeDocument({ ...document, issuedAt: now }, signer)
}

async function actorOf(kept: Kept): Promise<Actor> {
  const { seeds, ...rest } = kept
  const message = fromBase64(seeds.message)
  const signer = {
    keyId: `${kept.node}/msg1`,
    sign: (bytes: Uint8Array) => signEd25519(message, bytes),
  }
  const document = await documentOf(kept, message)
  return { ...rest, signer, logSeed: fromBase64(seeds.log), document }
}

async function documentOf(
  { node, seeds, identity, madeAt, exercise }: Kept,
  message: Uint8Array,
): Promise<NodeDocument> {
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
      {
        id: `${node}/msg1`,
        alg: 'ed25519',
        key: toBase64(publicKeyOf(message)),
        validFrom: addMs(madeAt, -DAY_MS),
        validUntil: addMs(madeAt, KEY_DAYS * DAY_MS),
      },
    ],
    encryptionRecipient: await recipientOf(identity),
    logKey: vkey('ledger', KEY_TYPE.ed25519, seeds.log),
    witnessKey: vkey('witness', KEY_TYPE.cosignature, seeds.witness),
    issuedAt: madeAt,
  }
}
