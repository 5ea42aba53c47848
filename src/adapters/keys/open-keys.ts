/**
 * Opens what the ring names from a store, and checks that each private part belongs
 * to the public one: a store that answers with another key is refused at the start,
 * and a signature that does not verify never leaves.
 *
 * All first keys are made at once or none: a node that has lost one of them must
 * not go on with a new one as if nothing had happened.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { chmod, mkdir, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { MessageKeySigner, NodeKeys, PublishedKeys, SigningKey } from '../../app/ports/keys.ts'
import { type Bytes, fromBase64, toBase64, utf8 } from '../../base/bytes.ts'
import { ComityError, invariant, unavailable, unverified } from '../../base/errors.ts'
import type { Instant } from '../../base/time.ts'
import { generateIdentity, recipientOf } from '../../seal/seal.ts'
import { nodePrimitives, verifyMlDsa44 } from '../node-primitives.ts'
import {
  algorithmOf,
  currentKey,
  isAdded,
  isKept,
  keysFor,
  messageKeyId,
  PURPOSES,
  type Purpose,
  type Ring,
  type RingKey,
  readRing,
} from './key-ring.ts'
import type { KeyStore, Signer } from './key-store.ts'
import { exists, requirePrivate, syncFolder } from './private-files.ts'

const COLUMN_KEY_SIZE = 32
const OWNER_ONLY_FOLDER = 0o700

export type KeyPlace = {
  readonly folder: string
  readonly node: string
  /** Opens the store in a folder: while keys are made it has another name. */
  readonly store: (folder: string) => KeyStore
}

export type OpenedKeys = NodeKeys & {
  readonly ring: Ring
  /** Tells column keys apart without saying anything about them. */
  readonly columnKeyCheck: string
  close(): Promise<void>
}

/**
 * Opens the keys in `folder`, or makes them if there is no such folder.
 *
 * @throws ComityError `unavailable` if a key is missing, is none, can be read by
 * others, or none counts at `now`; `unverified` if a private part is another one
 */
export async function openKeys(place: KeyPlace, now: Instant): Promise<OpenedKeys> {
  const { folder, node } = place
  if (!(await exists(folder))) await makeKeys(place)
  await requirePrivate(folder)
  const store = place.store(folder)
  try {
    return await openRing(store, await ringIn(place, store), node, now)
  } catch (error) {
    await store.close()
    throw error
  }
}

/** The ring as written down, or of first keys that were never written down. */
export async function ringIn({ folder, node }: KeyPlace, store: KeyStore): Promise<Ring> {
  return (await readRing(folder, node)) ?? firstRing(store, node)
}

/** Under another name first, so that the folder is there with all its keys or not at all. */
async function makeKeys({ folder, store }: KeyPlace): Promise<void> {
  const making = `${folder}.making-${randomBytes(6).toString('hex')}`
  await mkdir(dirname(folder), { recursive: true })
  await mkdir(making, { mode: OWNER_ONLY_FOLDER })
  const keys = store(making)
  try {
    // A mode given to mkdir is cut by the process's umask, never widened; this is exact.
    await chmod(making, OWNER_ONLY_FOLDER)
    for (const purpose of PURPOSES) await makeFirstKey(keys, purpose)
    await syncFolder(making)
    await rename(making, folder)
    await syncFolder(dirname(folder))
  } catch (cause) {
    await rm(making, { recursive: true, force: true })
    if (cause instanceof ComityError) throw cause
    throw unavailable('the key folder cannot be made', { reason: 'key-folder', cause })
  } finally {
    await keys.close()
  }
}

/** Who runs a key service makes its keys by hand, and may have no key of an added purpose. */
async function makeFirstKey(store: KeyStore, purpose: Purpose): Promise<void> {
  try {
    await makeKey(store, purpose, 1)
  } catch (error) {
    if (!isAdded(purpose) || (error as ComityError).reason !== 'no-key') throw error
  }
}

/** A new key of a purpose, not yet in any ring. */
export async function makeKey(
  store: KeyStore,
  purpose: Purpose,
  generation: number,
): Promise<RingKey> {
  const ref = store.refOf(purpose, generation)
  return ringKey(purpose, generation, ref, await makePublic(store, purpose, ref))
}

async function makePublic(store: KeyStore, purpose: Purpose, ref: string): Promise<string> {
  if (purpose === 'encryption') {
    const identity = await generateIdentity()
    await store.keepSecret(ref, identity)
    return recipientOf(identity)
  }
  if (purpose === 'column') {
    const key = randomBytes(COLUMN_KEY_SIZE)
    await store.keepSecret(ref, toBase64(key))
    return columnCheck(key)
  }
  return toBase64(await store.makeSigner(ref, algorithmOf(purpose)))
}

async function firstRing(store: KeyStore, node: string): Promise<Ring> {
  const keys: RingKey[] = []
  for (const purpose of PURPOSES) {
    const ref = store.refOf(purpose, 1)
    const found = await publicOf(store, purpose, ref).catch((error: ComityError) => {
      if (isAdded(purpose) && NOT_THERE.has(error.reason)) return undefined
      throw error
    })
    if (found !== undefined) keys.push(ringKey(purpose, 1, ref, found))
  }
  return { v: 1, node, keys }
}

const NOT_THERE = new Set<string | undefined>(['key-file-missing', 'no-key'])

async function publicOf(store: KeyStore, purpose: Purpose, ref: string): Promise<string> {
  if (purpose === 'encryption') return recipientOf(await openIdentity(store, ref))
  if (purpose === 'column') return columnCheck(await openColumnKey(store, ref))
  return toBase64((await store.openSigner(ref, algorithmOf(purpose))).publicKey)
}

function ringKey(purpose: Purpose, generation: number, ref: string, publicPart: string): RingKey {
  const open = { validFrom: null, validUntil: null, opensUntil: null, revoked: null }
  return { purpose, generation, ref, public: publicPart, ...open }
}

type InUse = Readonly<Record<'message' | 'witness' | 'encryption', RingKey>> & {
  readonly witnessMlDsa44: RingKey | undefined
}

async function openRing(
  store: KeyStore,
  ring: Ring,
  node: string,
  now: Instant,
): Promise<OpenedKeys> {
  let inUse = inUseAt(ring, now)
  const signers = new Map<RingKey, MessageKeySigner>()
  // What counts later too: nobody may be there to unlock a store when its time comes.
  const signing = ['message', 'witness', 'witnessMlDsa44'] as const
  for (const key of signing.flatMap((purpose) => usable(ring, purpose, now))) {
    const keyId = messageKeyId(node, key.generation)
    signers.set(key, { keyId, ...(await openSigner(store, key)) })
  }
  const signerOf = (key: RingKey): MessageKeySigner => {
    const signer = signers.get(key)
    invariant(signer, 'a key in use was opened')
    return signer
  }
  const log = await openSigner(store, currentKey(ring, 'log', now))
  const identities = new Map<RingKey, string>()
  for (const key of currentFirst(ring, inUse.encryption, now)) {
    const identity = await openIdentity(store, key.ref)
    requireSame(key, await recipientOf(identity))
    identities.set(key, identity)
  }
  const columnKeys: Bytes[] = []
  const column = currentKey(ring, 'column', now)
  for (const key of currentFirst(ring, column, now)) {
    const columnKey = await openColumnKey(store, key.ref)
    requireSame(key, columnCheck(columnKey))
    columnKeys.push(columnKey)
  }
  let lastLook = now
  const message = () => signerOf(inUse.message)
  return {
    ring,
    get messageKeyId() {
      return message().keyId
    },
    get messagePublicKey() {
      return message().publicKey
    },
    signMessage: (bytes) => message().sign(bytes),
    messageSigner: message,
    documentSigner: () => signerOf(usable(ring, 'message', lastLook)[0] ?? inUse.message),
    logPublicKey: log.publicKey,
    signLog: (bytes) => log.sign(bytes),
    get witnessPublicKey() {
      return signerOf(inUse.witness).publicKey
    },
    get signWitness() {
      return signerOf(inUse.witness).sign
    },
    get witnessMlDsa44(): SigningKey | undefined {
      return inUse.witnessMlDsa44 && signerOf(inUse.witnessMlDsa44)
    },
    get encryptionRecipient() {
      return inUse.encryption.public
    },
    encryptionIdentities: () => [
      identities.get(inUse.encryption) as string,
      ...[...identities].filter(([key]) => key !== inUse.encryption).map(([, one]) => one),
    ],
    columnKey: () => columnKeys[0] as Bytes,
    columnKeyCheck: column.public,
    columnKeys: () => columnKeys,
    published: publishedOf(ring),
    takeDue(at) {
      const due = inUseAt(ring, at)
      const changed = ROTATED.filter((purpose) => due[purpose] !== inUse[purpose])
      inUse = due
      lastLook = at
      return changed
    },
    close: () => store.close(),
  }
}

const ROTATED = ['message', 'witness', 'encryption', 'witnessMlDsa44'] as const

function inUseAt(ring: Ring, now: Instant): InUse {
  return {
    message: currentKey(ring, 'message', now),
    witness: currentKey(ring, 'witness', now),
    encryption: currentKey(ring, 'encryption', now),
    witnessMlDsa44: keysFor(ring, 'witnessMlDsa44').length
      ? currentKey(ring, 'witnessMlDsa44', now)
      : undefined,
  }
}

/** Keys that sign now or will: oldest first, and those that count now before those to come. */
function usable(ring: Ring, purpose: Purpose, now: Instant): readonly RingKey[] {
  const open = keysFor(ring, purpose)
    .toReversed()
    .filter(({ validUntil, revoked }) => (validUntil === null || now < validUntil) && !revoked)
  const begun = open.filter(({ validFrom }) => validFrom === null || validFrom <= now)
  return [...begun, ...open.filter((key) => !begun.includes(key))]
}

/** The current one, then all others of its purpose that the node still keeps. */
function currentFirst(ring: Ring, current: RingKey, now: Instant): readonly RingKey[] {
  const others = keysFor(ring, current.purpose).filter((key) => key !== current)
  return [current, ...others.filter((key) => isKept(key, now))]
}

/** With every signature verified: a store outside may answer for another key. */
async function openSigner(store: KeyStore, key: RingKey): Promise<Signer> {
  const algorithm = algorithmOf(key.purpose)
  const { publicKey, sign } = await store.openSigner(key.ref, algorithm)
  const verify = algorithm === 'ed25519' ? nodePrimitives.verifyEd25519 : verifyMlDsa44
  requireSame(key, toBase64(publicKey))
  return {
    publicKey,
    async sign(bytes) {
      const signature = await sign(bytes)
      if (verify(publicKey, bytes, signature)) return signature
      throw unverified(`the signature of ${key.ref} is wrong`, { reason: 'signature' })
    },
  }
}

async function openIdentity(store: KeyStore, ref: string): Promise<string> {
  const lines = (await store.openSecret(ref)).split('\n').map((line) => line.trim())
  const [identity, ...others] = lines.filter((line) => line !== '' && !line.startsWith('#'))
  if (!identity?.startsWith('AGE-SECRET-KEY-') || others.length > 0) {
    throw unavailable(`${ref} does not hold one age identity`, { reason: 'key-file' })
  }
  return identity
}

async function openColumnKey(store: KeyStore, ref: string): Promise<Bytes> {
  const text = await store.openSecret(ref)
  const key = /^[A-Za-z0-9+/]{43}=$/.test(text) ? fromBase64(text, ref) : new Uint8Array()
  if (key.length === COLUMN_KEY_SIZE) return key
  throw unavailable(`${ref} does not hold 32 bytes`, { reason: 'key-file' })
}

function requireSame(key: RingKey, found: string): void {
  const [one, other] = [utf8(key.public), utf8(found)]
  if (one.length === other.length && timingSafeEqual(one, other)) return
  throw unverified(`${key.ref} is another ${key.purpose} key than the list of keys says`, {
    reason: 'key-mismatch',
    field: key.purpose,
  })
}

/** Shows whether two column keys are the same, and nothing else about them. */
function columnCheck(key: Uint8Array): string {
  return createHmac('sha256', key).update('comity/column-key-check/v1').digest('hex').slice(0, 32)
}

function publishedOf(ring: Ring): PublishedKeys {
  const messages = keysFor(ring, 'message').toReversed()
  const recipients = keysFor(ring, 'encryption').toReversed()
  const id = (key: RingKey) =>
    key.purpose === 'message' ? messageKeyId(ring.node, key.generation) : key.public
  return {
    messageKeys: messages.map((key) => ({
      id: id(key),
      publicKey: fromBase64(key.public, key.ref),
      validFrom: key.validFrom,
      validUntil: key.validUntil,
    })),
    encryptionRecipients: recipients.map(({ public: recipient, validFrom, validUntil }) => ({
      recipient,
      validFrom,
      validUntil,
    })),
    revocations: [...messages, ...recipients].flatMap((key) =>
      key.revoked === null ? [] : [{ key: id(key), ...key.revoked }],
    ),
  }
}
