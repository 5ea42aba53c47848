/**
 * Keys at a key service. Message, log and witness keys stay there and sign there. The
 * age identity and the column key lie wrapped in the key folder and are unwrapped at
 * the start: while the node runs they are in its memory, nowhere else in clear.
 */
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { textFromUtf8 } from '../../base/bytes.ts'
import type { Purpose } from './key-ring.ts'
import type { KeyService } from './key-service.ts'
import type { KeyStore } from './key-store.ts'
import { readPrivate, syncFolder, writePrivate } from './private-files.ts'

/** @param node the service may hold keys of several nodes: the id is in every name */
export function keyServiceStore(folder: string, node: string, service: KeyService): KeyStore {
  const name = node.replaceAll(/[^A-Za-z0-9.-]/g, '-')
  const context = (ref: string) => `comity/${node}/${ref}`
  return {
    refOf: (purpose: Purpose, generation) => `${name}.${purpose}-${generation}`,
    async openSigner(ref, algorithm) {
      const publicKey = await service.publicKey(ref, algorithm)
      return { publicKey, sign: (bytes) => service.sign(ref, bytes, algorithm) }
    },
    async openSecret(ref) {
      const wrapped = await readPrivate(join(folder, `${ref}.wrapped`))
      return service.unwrap(context(ref), textFromUtf8(wrapped, ref).trim())
    },
    /** The people who run the service make its keys; here one is only asked for. */
    makeSigner: (ref, algorithm) => service.publicKey(ref, algorithm),
    async keepSecret(ref, secret) {
      await writePrivate(
        join(folder, `${ref}.wrapped`),
        `${await service.wrap(context(ref), secret)}\n`,
      )
      await syncFolder(folder)
    },
    async forget(ref) {
      await rm(join(folder, `${ref}.wrapped`), { force: true })
      await syncFolder(folder)
    },
    close: async () => {},
  }
}
