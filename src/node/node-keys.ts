/** Opens the node's keys from where the configuration keeps them. */
import { join } from 'node:path'
import { fileStore } from '../adapters/keys/file-store.ts'
import type { KeyStore } from '../adapters/keys/key-store.ts'
import { type KeyPlace, type OpenedKeys, openKeys } from '../adapters/keys/open-keys.ts'
import { askAtTerminal } from '../adapters/keys/prompt.ts'
import { readSecret, type SecretSource } from '../adapters/keys/secret-source.ts'
import { unavailable } from '../base/errors.ts'
import { instantFromMs } from '../base/time.ts'
import type { NodeConfig } from './config.ts'

/** @throws ComityError with what to do, before anything is opened or made */
export async function keyPlaceOf({ node, folder, keys }: NodeConfig): Promise<KeyPlace> {
  return { folder: join(folder, 'keys'), node: node.id, store: await storeOf(keys) }
}

export async function openNodeKeys(config: NodeConfig): Promise<OpenedKeys> {
  return openKeys(await keyPlaceOf(config), instantFromMs(Date.now()))
}

async function storeOf(keys: NodeConfig['keys']): Promise<(folder: string) => KeyStore> {
  if (keys === undefined || keys.store === 'files') return fileStore
  if (keys.store === 'sealedFiles') {
    const passphrase = await secretOf(keys.passphrase, 'passphrase of the node\u2019s keys')
    return (folder) => fileStore(folder, { passphrase })
  }
  throw unavailable(`the key store ${keys.store} is not there yet`)
}

function secretOf(source: SecretSource, what: string): Promise<string> {
  return readSecret(source, what, {
    credentialsDirectory: process.env['CREDENTIALS_DIRECTORY'],
    ...(process.stdin.isTTY ? { ask: askAtTerminal } : {}),
  })
}
