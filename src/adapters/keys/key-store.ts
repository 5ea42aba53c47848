/**
 * Where private parts are kept: files, sealed files, a key service, a token. A store
 * knows names, not purposes: what a key is for stands in the ring.
 */
import type { Bytes } from '../../base/bytes.ts'
import type { Purpose, SigningAlgorithm } from './key-ring.ts'

export type Signer = {
  readonly publicKey: Bytes
  /** By the algorithm of the key, without a context. @throws ComityError `unavailable`, `malformed`, `unverified` */
  sign(bytes: Uint8Array): Bytes | Promise<Bytes>
}

export type KeyStore = {
  /** The name that a new key of this purpose and generation gets. */
  refOf(purpose: Purpose, generation: number): string
  openSigner(ref: string, algorithm: SigningAlgorithm): Promise<Signer>
  /** The text of an age identity, or a column key in base64. */
  openSecret(ref: string): Promise<string>
  makeSigner(ref: string, algorithm: SigningAlgorithm): Promise<Bytes>
  keepSecret(ref: string, secret: string): Promise<void>
  /** Destroys what can be destroyed from here. */
  forget(ref: string): Promise<void>
  close(): Promise<void>
}
