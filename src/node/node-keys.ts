/** Opens the node's keys from where the configuration keeps them. */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileStore } from '../adapters/keys/file-store.ts'
import { type KeyServiceAccess, keyService } from '../adapters/keys/key-service.ts'
import { keyServiceStore } from '../adapters/keys/key-service-store.ts'
import type { KeyStore } from '../adapters/keys/key-store.ts'
import { type KeyPlace, type OpenedKeys, openKeys } from '../adapters/keys/open-keys.ts'
import { pkcs11Store } from '../adapters/keys/pkcs11-store.ts'
import { askAtTerminal, askTwiceAtTerminal } from '../adapters/keys/prompt.ts'
import { readSecret, type SecretSource } from '../adapters/keys/secret-source.ts'
import { instantFromMs } from '../base/time.ts'
import type { NodeConfig } from './config.ts'

/** Whose keys they are and where; an outside witness has no more than that. */
export type KeysOf = {
  readonly node: { readonly id: string }
  readonly folder: string
  readonly keys?: NodeConfig['keys'] | undefined
}

/** @throws ComityError with what to do, before anything is opened or made */
export async function keyPlaceOf(config: KeysOf): Promise<KeyPlace> {
  const { node, folder } = config
  return { folder: join(folder, 'keys'), node: node.id, store: await storeOf(config) }
}

export async function openNodeKeys(config: KeysOf): Promise<OpenedKeys> {
  return openKeys(await keyPlaceOf(config), instantFromMs(Date.now()))
}

async function storeOf({ node, folder, keys }: KeysOf): Promise<(folder: string) => KeyStore> {
  if (keys === undefined || keys.store === 'files') return fileStore
  switch (keys.store) {
    case 'sealedFiles': {
      const isNew = !hasSealedKeys(join(folder, 'keys'))
      const passphrase = await secretOf(
        keys.passphrase,
        'passphrase of the node\u2019s keys',
        isNew,
      )
      return (folder) => fileStore(folder, { passphrase })
    }
    case 'keyService': {
      const service = keyService({ ...keys, access: await accessOf(keys.access) })
      return (folder) => keyServiceStore(folder, node.id, service)
    }
    case 'pkcs11': {
      const pin = await secretOf(keys.pin, 'PIN of the token')
      return (folder) => pkcs11Store(folder, node.id, { ...keys, pin })
    }
  }
}

type ServiceAccess = Extract<NodeConfig['keys'], { store: 'keyService' }>['access']

/** A token in a file is read for each request, so that it can be replaced while the node runs. */
async function accessOf(access: ServiceAccess): Promise<KeyServiceAccess> {
  if (!('bearer' in access)) return access
  const what = 'token of the key service'
  const first = await secretOf(access.bearer, what)
  const { bearer } = access
  return { bearer: async () => ('prompt' in bearer ? first : secretOf(bearer, what)) }
}

/** A command opens the keys more than once, and a person is asked once. */
const answered = new Map<string, Promise<string>>()

function secretOf(source: SecretSource, what: string, isNew = false): Promise<string> {
  const ask = async (question: string) => {
    const answer =
      answered.get(question) ?? (isNew ? askTwiceAtTerminal(question) : askAtTerminal(question))
    answered.set(question, answer)
    return answer
  }
  return readSecret(source, what, {
    credentialsDirectory: process.env['CREDENTIALS_DIRECTORY'],
    ...(process.stdin.isTTY ? { ask } : {}),
  })
}

function hasSealedKeys(folder: string): boolean {
  return existsSync(folder) && readdirSync(folder).some((file) => file.endsWith('.pem.age'))
}
