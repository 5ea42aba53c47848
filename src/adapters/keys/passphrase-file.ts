/**
 * Secrets sealed by a passphrase, each an ordinary `age` passphrase file: what is
 * written here opens with `age -d`, and what `age -p` wrote opens here.
 *
 * The file is as strong as the passphrase: whoever copies it may guess at leisure,
 * at the price of one scrypt (128 MB, a fraction of a second) for each guess.
 *
 * The stanza is worked by Node's own scrypt, which is many times faster than the
 * JavaScript of the library and does not hold up the process.
 */
import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto'
import { promisify } from 'node:util'
import { Decrypter, Encrypter, Stanza } from 'age-encryption'
import { type Bytes, concatBytes, utf8 } from '../../base/bytes.ts'
import { ComityError, malformed, unverified } from '../../base/errors.ts'

const deriveKey = promisify<
  string,
  Uint8Array,
  number,
  { N: number; r: number; p: number; maxmem: number },
  Buffer
>(scrypt)

const LABEL = utf8('age-encryption.org/v1/scrypt')
const MAGIC = 'age-encryption.org/v1\n'
const SALT_SIZE = 16
const FILE_KEY_BODY_SIZE = 32
const TAG_SIZE = 16
const WORK_FACTOR = 17
/** What `age` itself writes is 18; more would let a planted file eat the memory. */
const WORK_FACTOR_MAX = 19
export const PASSPHRASE_LENGTH_MIN = 16
const PASSPHRASE_LENGTH_MAX = 1024

/** @throws ComityError `malformed` if the passphrase is too short to be worth anything */
export async function sealWithPassphrase(
  passphrase: string,
  secret: Uint8Array,
  workFactor = WORK_FACTOR,
): Promise<Bytes> {
  requirePassphrase(passphrase)
  const encrypter = new Encrypter()
  encrypter.addRecipient({
    async wrapFileKey(fileKey) {
      const salt = randomBytes(SALT_SIZE)
      const key = await keyOf(passphrase, salt, workFactor)
      const cipher = createCipheriv('chacha20-poly1305', key, new Uint8Array(12), {
        authTagLength: TAG_SIZE,
      })
      const body = concatBytes(cipher.update(fileKey), cipher.final(), cipher.getAuthTag())
      return [new Stanza(['scrypt', base64NoPadding(salt), String(workFactor)], body)]
    },
  })
  return new Uint8Array(await encrypter.encrypt(secret))
}

/**
 * @param name of the file, for the error
 * @throws ComityError `unverified` with reason `passphrase` if it is another one;
 * `malformed` if it is no passphrase file, or was cut or changed
 */
export async function openWithPassphrase(
  passphrase: string,
  file: Uint8Array,
  name: string,
): Promise<Bytes> {
  if (!Buffer.from(file.subarray(0, MAGIC.length)).equals(Buffer.from(MAGIC))) {
    throw malformed(`${name} is no age file`, { reason: 'key-file' })
  }
  const decrypter = new Decrypter()
  decrypter.addIdentity({ unwrapFileKey: (stanzas) => unwrap(passphrase, stanzas, name) })
  try {
    return new Uint8Array(await decrypter.decrypt(file))
  } catch (error) {
    if (error instanceof ComityError) throw error
    throw malformed(`${name} was cut or changed`, { reason: 'key-file' })
  }
}

async function unwrap(passphrase: string, stanzas: Stanza[], name: string): Promise<Uint8Array> {
  const [stanza] = stanzas
  const [kind, salt = '', factor = ''] = stanza?.args ?? []
  const saltBytes = Buffer.from(salt, 'base64')
  const isScrypt =
    stanzas.length === 1 &&
    kind === 'scrypt' &&
    stanza?.args.length === 3 &&
    saltBytes.length === SALT_SIZE &&
    /^[1-9][0-9]?$/.test(factor) &&
    stanza.body.length === FILE_KEY_BODY_SIZE
  if (!isScrypt) throw malformed(`${name} is not sealed by a passphrase`, { reason: 'key-file' })
  if (Number(factor) > WORK_FACTOR_MAX) {
    throw malformed(`${name} asks for more work than we do`, { reason: 'work-factor' })
  }
  const key = await keyOf(passphrase, saltBytes, Number(factor))
  const decipher = createDecipheriv('chacha20-poly1305', key, new Uint8Array(12), {
    authTagLength: TAG_SIZE,
  })
  decipher.setAuthTag(stanza.body.subarray(-TAG_SIZE))
  try {
    return concatBytes(decipher.update(stanza.body.subarray(0, -TAG_SIZE)), decipher.final())
  } catch {
    throw unverified(
      `the passphrase does not open ${name}: type it again, or the file is of another node`,
      { reason: 'passphrase' },
    )
  }
}

function keyOf(passphrase: string, salt: Uint8Array, workFactor: number): Promise<Buffer> {
  const cost = { N: 2 ** workFactor, r: 8, p: 1, maxmem: 2 ** workFactor * 1024 + 2 ** 20 }
  return deriveKey(passphrase, concatBytes(LABEL, salt), 32, cost)
}

function requirePassphrase(passphrase: string): void {
  const isFit =
    passphrase.length >= PASSPHRASE_LENGTH_MIN && passphrase.length <= PASSPHRASE_LENGTH_MAX
  if (isFit && new Set(passphrase).size > 5) return
  throw malformed(
    `a passphrase has ${PASSPHRASE_LENGTH_MIN} characters or more, and not always the same; six random words will do`,
    { reason: 'weak-passphrase' },
  )
}

const base64NoPadding = (bytes: Uint8Array) =>
  Buffer.from(bytes).toString('base64').replaceAll('=', '')
