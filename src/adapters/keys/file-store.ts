/**
 * Keys as files of one folder, readable by their owner only: signing keys (PKCS #8), age identities that the `age` tool reads, and column keys.
 *
 * Plain files are the node to whoever has the folder. Sealed files are not; but the
 * process that opened them holds every key in its memory, so that root on the
 * running machine, and a dump of the process, can read them all the same.
 */
import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
} from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type Bytes, textFromUtf8, utf8 } from '../../base/bytes.ts'
import { unavailable } from '../../base/errors.ts'
import type { Purpose, SigningAlgorithm } from './key-ring.ts'
import type { KeyStore, Signer } from './key-store.ts'
import { openWithPassphrase, sealWithPassphrase } from './passphrase-file.ts'
import { exists, readPrivate, requirePrivate, syncFolder, writePrivate } from './private-files.ts'

const ENDINGS = {
  message: 'pem',
  log: 'pem',
  witness: 'pem',
  encryption: 'age',
  column: 'key',
  witnessMlDsa44: 'pem',
} as const satisfies Record<Purpose, string>

export type Sealing = { readonly passphrase: string; readonly workFactor?: number }

export type FileStore = KeyStore & { holds(ref: string): Promise<boolean> }

/** @param sealing without it the files are not sealed */
export function fileStore(folder: string, sealing?: Sealing): FileStore {
  const read = async (ref: string): Promise<string> => {
    await requirePrivate(folder)
    const bytes = await readPrivate(join(folder, ref))
    if (!sealing) return textFromUtf8(bytes, ref)
    return textFromUtf8(await openWithPassphrase(sealing.passphrase, bytes, ref), ref)
  }
  const write = async (ref: string, text: string): Promise<void> => {
    const content = sealing
      ? await sealWithPassphrase(sealing.passphrase, utf8(text), sealing.workFactor)
      : text
    await writePrivate(join(folder, ref), content)
    await syncFolder(folder)
  }
  return {
    refOf(purpose, generation) {
      const name = generation === 1 ? purpose : `${purpose}-${generation}`
      // The plain identity already has the ending of age's own key files.
      const plain = `${name}.${ENDINGS[purpose]}`
      if (!sealing) return plain
      return purpose === 'encryption' ? `${name}.key.age` : `${plain}.age`
    },
    async openSigner(ref, algorithm) {
      return signerOf(parseKey(await read(ref), ref, algorithm))
    },
    openSecret: async (ref) => (await read(ref)).trim(),
    async makeSigner(ref, algorithm) {
      const privateKey = newPrivateKey(algorithm)
      await write(ref, String(privateKey.export({ type: 'pkcs8', format: 'pem' })))
      return signerOf(privateKey).publicKey
    },
    keepSecret: (ref, secret) => write(ref, `${secret}\n`),
    async forget(ref) {
      await rm(join(folder, ref), { force: true })
      await syncFolder(folder)
    },
    holds: (ref) => exists(join(folder, ref)),
    close: async () => {},
  }
}

function signerOf(key: KeyObject): Signer {
  return {
    publicKey: new Uint8Array(createPublicKey(key).export({ format: 'raw-public' })),
    sign: (bytes) => new Uint8Array(sign(null, bytes, key)) as Bytes,
  }
}

/** The types of Node name each algorithm in a function of its own. */
function newPrivateKey(algorithm: SigningAlgorithm): KeyObject {
  return algorithm === 'ed25519'
    ? generateKeyPairSync('ed25519').privateKey
    : generateKeyPairSync('ml-dsa-44').privateKey
}

function parseKey(pem: string, name: string, algorithm: SigningAlgorithm): KeyObject {
  let key: KeyObject | undefined
  try {
    key = createPrivateKey(pem)
  } catch {
    // The cause could quote the key.
  }
  if (key?.asymmetricKeyType === algorithm) return key
  const what = algorithm === 'ed25519' ? 'Ed25519' : 'ML-DSA-44'
  throw unavailable(`${name} is no ${what} key`, { reason: 'key-file' })
}
