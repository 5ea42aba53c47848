/** The primitives of the HTTP signature profile on node:crypto. */
import { hash } from 'node:crypto'
import type { VerifyAside } from '../../wire/exchange/signed.ts'
import type { HttpPrimitives } from '../../wire/http-signature.ts'
import { nodePrimitives, verifyEd25519Aside } from '../node-primitives.ts'

export const httpPrimitives: HttpPrimitives & VerifyAside = {
  ...nodePrimitives,
  verifyEd25519Aside,
  sha512: (bytes) => new Uint8Array(hash('sha512', bytes, 'buffer')),
}
