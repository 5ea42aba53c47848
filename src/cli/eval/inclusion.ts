/**
 * `comity eval inclusion`: one inclusion proof a line,
 * `{leafIdx,treeSize,root,leafHash,proof[]|null}` with hashes in base64.
 */
import { nodePrimitives } from '../../adapters/node-primitives.ts'
import { equalBytes } from '../../base/bytes.ts'
import type { Json } from '../../base/canonical-json.ts'
import { unverified } from '../../base/errors.ts'
import { rootFromInclusion } from '../../proof/inclusion.ts'
import { bytesIn, hashesIn, objectIn, sizeIn } from './fields.ts'

/** @throws ComityError `malformed`, `unverified` */
export function evalInclusion(input: Json): Json {
  const line = objectIn(input)
  const proof = { leafIndex: sizeIn(line, 'leafIdx'), hashes: hashesIn(line, 'proof') }
  const leafHash = bytesIn(line, 'leafHash')
  const expected = bytesIn(line, 'root')
  const root = rootFromInclusion(nodePrimitives, leafHash, proof, sizeIn(line, 'treeSize'))
  if (equalBytes(root, expected)) return { ok: true }
  throw unverified('proof leads to another root', { reason: 'not-included' })
}
