/**
 * `comity eval consistency`: one consistency proof a line,
 * `{size1,size2,root1,root2,proof[]|null}` with hashes in base64.
 */
import { nodePrimitives } from '../../adapters/node-primitives.ts'
import type { Json } from '../../base/canonical-json.ts'
import { verifyConsistency } from '../../proof/consistency.ts'
import { bytesIn, hashesIn, objectIn, sizeIn } from './fields.ts'

/** @throws ComityError `malformed`, `unverified` */
export function evalConsistency(input: Json): Json {
  const line = objectIn(input)
  const older = { treeSize: sizeIn(line, 'size1'), rootHash: bytesIn(line, 'root1') }
  const newer = { treeSize: sizeIn(line, 'size2'), rootHash: bytesIn(line, 'root2') }
  verifyConsistency(nodePrimitives, older, newer, hashesIn(line, 'proof'))
  return { ok: true }
}
