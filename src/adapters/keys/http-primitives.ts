/** The primitives of the HTTP signature profile on node:crypto. */
import { hash } from 'node:crypto'
import type { HttpPrimitives } from '../../wire/http-signature.ts'
import { nodePrimitives } from '../node-primitives.ts'

export const httpPrimitives: HttpPrimitives = {
  ...nodePrimitives,
  sha512: (bytes) => new Uint8Array(hash('sha512', bytes, 'buffer')),
}
