/**
 * The node's keys as files of one folder: three Ed25519 keys (PKCS #8), an age
 * identity that the `age` tool reads, and the key of sealed columns.
 *
 * All are made at once or none: a node that has lost one of them must not go on
 * with a new one as if nothing had happened. Files that others can read are
 * refused. The files are not encrypted; whoever has the folder is the node.
 */
import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
} from 'node:crypto'
import { chmod, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { NodeKeys } from '../../app/ports/keys.ts'
import { type Bytes, fromBase64, toBase64 } from '../../base/bytes.ts'
import { unavailable } from '../../base/errors.ts'
import { generateIdentity, recipientOf } from '../../seal/seal.ts'

const SIGNING_FILES = { message: 'message.pem', log: 'log.pem', witness: 'witness.pem' } as const
const IDENTITY_FILE = 'encryption.age'
const COLUMN_FILE = 'column.key'
const OWNER_ONLY = 0o600
const OWNER_ONLY_FOLDER = 0o700
const OTHERS = 0o077
const COLUMN_KEY_SIZE = 32

/**
 * Opens the keys in `folder`, or makes them if there is no such folder.
 *
 * @param node the node id; the message key's id is `<node>/msg1`
 * @throws ComityError `unavailable` if a file is missing, is no key, or can be
 * read by others
 */
export async function openFileKeys(folder: string, node: string): Promise<NodeKeys> {
  if (!(await exists(folder))) await makeFolder(folder)
  await requirePrivate(folder)
  const [message, log, witness] = await Promise.all([
    readSigningKey(folder, SIGNING_FILES.message),
    readSigningKey(folder, SIGNING_FILES.log),
    readSigningKey(folder, SIGNING_FILES.witness),
  ])
  const identity = await readIdentity(folder)
  const columnKey = await readColumnKey(folder)
  return {
    messageKeyId: `${node}/msg1`,
    messagePublicKey: publicBytes(message),
    signMessage: (bytes) => signWith(message, bytes),
    logPublicKey: publicBytes(log),
    signLog: (bytes) => signWith(log, bytes),
    witnessPublicKey: publicBytes(witness),
    signWitness: (bytes) => signWith(witness, bytes),
    encryptionRecipient: await recipientOf(identity),
    encryptionIdentity: () => identity,
    columnKey: () => columnKey,
  }
}

/** Under another name first, so that the folder is there with all its keys or not at all. */
async function makeFolder(folder: string): Promise<void> {
  const making = `${folder}.making-${randomBytes(6).toString('hex')}`
  await mkdir(dirname(folder), { recursive: true })
  await mkdir(making, { mode: OWNER_ONLY_FOLDER })
  try {
    // A mode given to mkdir is cut by the process's umask, never widened; this is exact.
    await chmod(making, OWNER_ONLY_FOLDER)
    for (const file of Object.values(SIGNING_FILES)) {
      const pem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' })
      await writePrivate(making, file, String(pem))
    }
    await writePrivate(making, IDENTITY_FILE, `${await generateIdentity()}\n`)
    await writePrivate(making, COLUMN_FILE, `${toBase64(randomBytes(COLUMN_KEY_SIZE))}\n`)
    await syncFolder(making)
    await rename(making, folder)
    await syncFolder(dirname(folder))
  } catch (cause) {
    await rm(making, { recursive: true, force: true })
    throw unavailable('the key folder cannot be made', { cause })
  }
}

async function writePrivate(folder: string, file: string, text: string): Promise<void> {
  const handle = await open(join(folder, file), 'wx', OWNER_ONLY)
  try {
    await handle.chmod(OWNER_ONLY)
    await handle.writeFile(text)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function syncFolder(folder: string): Promise<void> {
  // Windows cannot open a folder.
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return false
      throw unavailable('the key folder cannot be read', { cause: error })
    },
  )
}

async function requirePrivate(path: string): Promise<void> {
  // Windows has no such bits; access is ruled by the folder's own list there.
  if (process.platform === 'win32') return
  const { mode } = await stat(path)
  if (mode % (OTHERS + 1) !== 0) throw unavailable(`others can read ${path}: use chmod go=`)
}

async function readPrivate(folder: string, file: string): Promise<string> {
  const path = join(folder, file)
  if (!(await exists(path))) throw unavailable(`key file ${file} is missing`)
  await requirePrivate(path)
  return readFile(path, 'utf8')
}

async function readSigningKey(folder: string, file: string): Promise<KeyObject> {
  const pem = await readPrivate(folder, file)
  const key = parseKey(pem)
  if (key?.asymmetricKeyType !== 'ed25519') throw unavailable(`${file} is no Ed25519 key`)
  return key
}

function parseKey(pem: string): KeyObject | undefined {
  try {
    return createPrivateKey(pem)
  } catch {
    // The cause could quote the key.
    return undefined
  }
}

async function readIdentity(folder: string): Promise<string> {
  const lines = (await readPrivate(folder, IDENTITY_FILE)).split('\n').map((line) => line.trim())
  const [identity, ...others] = lines.filter((line) => line !== '' && !line.startsWith('#'))
  if (!identity?.startsWith('AGE-SECRET-KEY-') || others.length > 0) {
    throw unavailable(`${IDENTITY_FILE} does not hold one age identity`)
  }
  return identity
}

async function readColumnKey(folder: string): Promise<Bytes> {
  const key = fromBase64((await readPrivate(folder, COLUMN_FILE)).trim(), COLUMN_FILE)
  if (key.length !== COLUMN_KEY_SIZE) throw unavailable(`${COLUMN_FILE} does not hold 32 bytes`)
  return key
}

function publicBytes(key: KeyObject): Bytes {
  return new Uint8Array(createPublicKey(key).export({ format: 'raw-public' }))
}

function signWith(key: KeyObject, bytes: Uint8Array): Bytes {
  return new Uint8Array(sign(null, bytes, key))
}
