/**
 * The node's keys as one sealed file, kept apart from the backup: whoever has both
 * has the node. An age file, sealed by a passphrase or to an age recipient, so that
 * the ordinary `age` tool opens it.
 *
 * It holds the files of the key folder as they are. Keys that live in a device or a
 * key service are not in it: those have backups of their own.
 */
import { mkdir, readFile, rename } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type Static, Type } from '@sinclair/typebox'
import { Decrypter, Encrypter } from 'age-encryption'
import { type Bytes, fromBase64, toBase64 } from '../../base/bytes.ts'
import { canonicalBytes } from '../../base/canonical-json.ts'
import { malformed, unavailable, unverified } from '../../base/errors.ts'
import { NodeIdForm, readForm, strictObject, Version1 } from '../../wire/exchange/form.ts'
import { syncFolder } from '../keys/private-files.ts'
import { filesBelow, writeWhole } from './files.ts'

const KeyFileForm = strictObject({
  v: Version1,
  kind: Type.Literal('comity-keys'),
  node: NodeIdForm,
  files: Type.Record(
    Type.String({ pattern: '^[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*$' }),
    Type.String({ maxLength: 100_000 }),
    { additionalProperties: false },
  ),
})

type KeyFile = Static<typeof KeyFileForm>

/** What opens or seals: exactly one of the two. */
export type Lock =
  | { readonly passphrase: string }
  | { readonly recipient: string }
  | { readonly identity: string }

const PASSPHRASE_LENGTH_MIN = 12

export async function sealKeyFolder(folder: string, node: string, lock: Lock): Promise<Bytes> {
  const names = (await filesBelow(folder)).filter((name) => !name.endsWith('.tmp'))
  if (names.length === 0) throw unavailable(`there are no keys in ${folder}`)
  const entries = names.map(
    async (name) => [name, toBase64(await readFile(join(folder, name)))] as const,
  )
  const files = Object.fromEntries(await Promise.all(entries))
  return new Uint8Array(
    await encrypterOf(lock).encrypt(canonicalBytes({ v: 1, kind: 'comity-keys', node, files })),
  )
}

/** Whole or not at all. @throws ComityError `unverified` if it does not open */
export async function openKeyFile(sealed: Uint8Array, lock: Lock): Promise<KeyFile> {
  const decrypter = new Decrypter()
  if ('passphrase' in lock) decrypter.addPassphrase(lock.passphrase)
  else if ('identity' in lock) decrypter.addIdentity(lock.identity)
  else throw malformed('a recipient seals, it does not open')
  let plain: Uint8Array
  try {
    plain = await decrypter.decrypt(sealed)
  } catch {
    // The cause may quote the identity.
    throw unverified('the file of keys does not open: wrong passphrase or identity, or changed', {
      reason: 'not-opened',
    })
  }
  return readForm(KeyFileForm, plain, '')
}

/** Writes the key folder at once: it is there with all its keys or not at all. */
export async function writeKeyFolder(folder: string, { files }: KeyFile): Promise<void> {
  const making = `${folder}.restoring`
  await mkdir(making, { recursive: true, mode: 0o700 })
  for (const [name, text] of Object.entries(files)) {
    await writeWhole(join(making, name), fromBase64(text, name))
  }
  await syncFolder(making)
  await rename(making, folder)
  await syncFolder(dirname(folder))
}

function encrypterOf(lock: Lock): Encrypter {
  const encrypter = new Encrypter()
  if ('identity' in lock) throw malformed('an identity opens, it does not seal')
  if ('passphrase' in lock) {
    if (lock.passphrase.length < PASSPHRASE_LENGTH_MIN) {
      throw malformed(`a passphrase has at least ${PASSPHRASE_LENGTH_MIN} characters`)
    }
    encrypter.setPassphrase(lock.passphrase)
    return encrypter
  }
  try {
    encrypter.addRecipient(lock.recipient)
  } catch {
    throw malformed('not an age recipient', { field: 'recipient' })
  }
  return encrypter
}
