/** Signed documents of the exchange, each bent in one place before or after it was signed. */
import { signEd25519 } from '../../src/adapters/node-primitives.ts'
import { canonicalText } from '../../src/base/canonical-json.ts'
import { type Domain, signValue } from '../../src/wire/exchange/signed.ts'
import type { vectorKey } from '../vector-keys.ts'

export type Key = ReturnType<typeof vectorKey>

export type Vector = {
  readonly says: string
  /** The reader that it is for. */
  readonly reads: 'receipts' | 'channelHead' | 'nodeDocument' | 'renewal'
  /** What the reader knows beforehand. */
  readonly given: object
  /** The bytes that come, as text. */
  readonly text: string
  readonly expect: string | { readonly reason: string }
}

export type Vectors = Readonly<Record<string, Vector>>

export type Signing = {
  readonly key?: Key
  /** In place of the key's own id. */
  readonly keyId?: string
  /** What is signed, where it is not what is sent. */
  readonly signs?: object
}

/** `{[member]: value, signature}`, signed by `key`. */
export async function signed(
  member: string,
  domain: Domain,
  value: object,
  { key, keyId = key?.listed.id ?? '', signs = value }: Signing,
): Promise<object> {
  const sign = (bytes: Uint8Array) => signEd25519(key?.seed ?? new Uint8Array(32), bytes)
  return { [member]: value, signature: await signValue(domain, signs, { keyId, sign }) }
}

export const canonical = (value: object) => canonicalText(value as never)
