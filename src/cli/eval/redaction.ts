/**
 * `comity eval redaction`: does a redacted copy derive from what was sealed?
 *
 * `{"root":…}` or `{"commitments":[…]}` (one a part), and `{"copy":{"parts":[…]}}` →
 * `{"verified":true,…}` with what is shown and hidden, or `{"verified":false,"why":…}`.
 * With `{"transform":…}` the copy is one in pictures: also, whether it says this transform
 * and holds the very pages that it names.
 */
import { Value } from '@sinclair/typebox/value'
import { nodePrimitives } from '../../adapters/node-primitives.ts'
import { equalBytes, toBase64 } from '../../base/bytes.ts'
import type { Json } from '../../base/canonical-json.ts'
import { ComityError, malformed, unverified } from '../../base/errors.ts'
import type { PageTransform } from '../../core/evidence/page-transform.ts'
import { hiddenParts, hiddenPlaces } from '../../proof/hidden-places.ts'
import { newBudget } from '../../proof/redactable-tree.ts'
import {
  commitmentOf,
  type RedactedRecord,
  rootFromRedactedRecord,
} from '../../proof/redacted-record.ts'
import { HASH_SIZE, hashLeaf, rootOf } from '../../proof/tree-hash.ts'
import { isTransformed } from '../../wire/redaction-claims.ts'
import { bytesIn, hashesIn, type Line, objectIn } from './fields.ts'
import { TRANSFORM } from './redaction-form.ts'

/** @throws ComityError `malformed` if the line says not what was sealed, or has no copy */
export function evalRedaction(input: Json): Json {
  const line = objectIn(input)
  const sealed = sealedIn(line)
  const copy = objectIn(line['copy'] ?? null, 'copy') as unknown as RedactedRecord
  const transform = line['transform'] === undefined ? undefined : transformIn(line['transform'])
  try {
    requireDerived(copy, sealed)
    if (transform) requirePages(copy, transform)
    const hidden = hiddenPlaces(copy).map(({ part, at, ground, reason }) => {
      return { part, at, ground, reason }
    })
    const root = toBase64(sealed.root)
    const parts = { parts: copy.parts.length, partsLeftOut: hiddenParts(copy) }
    return { verified: true, root, ...parts, hidden, ...(transform ? { pagesFit: true } : {}) }
  } catch (error) {
    if (!(error instanceof ComityError)) throw error
    const { reason, code, message, field } = error
    return { verified: false, why: reason ?? code, says: message, ...(field ? { field } : {}) }
  }
}

type Sealed = { readonly root: Uint8Array; readonly commitments?: readonly Uint8Array[] }

function sealedIn(line: Line): Sealed {
  const root = line['root'] === undefined ? undefined : bytesIn(line, 'root')
  if (root && root.length !== HASH_SIZE) throw malformed('a root has 32 bytes', { field: 'root' })
  const commitments = line['commitments'] === undefined ? undefined : commitmentsIn(line)
  if (!commitments) {
    if (root) return { root }
    throw malformed('neither a root nor commitments', { field: 'root' })
  }
  const leaves = commitments.map((commitment) => hashLeaf(nodePrimitives, commitment))
  const own = rootOf(nodePrimitives, leaves)
  if (root && !equalBytes(root, own)) {
    throw malformed('the root is not that of the commitments', { field: 'root' })
  }
  return { root: own, commitments }
}

function commitmentsIn(line: Line): readonly Uint8Array[] {
  const field = 'commitments'
  if (!Array.isArray(line[field])) throw malformed('not a list', { field })
  const commitments = hashesIn(line, field)
  if (commitments.length > 0 && commitments.every(({ length }) => length === HASH_SIZE)) {
    return commitments
  }
  throw malformed('commitments have 32 bytes each, and there is one at least', { field })
}

function transformIn(given: Json): PageTransform {
  if (Value.Check(TRANSFORM, given)) return given as unknown as PageTransform
  throw malformed('not the record of a transform', { field: 'transform' })
}

function requirePages(copy: RedactedRecord, transform: PageTransform): void {
  if (isTransformed(nodePrimitives, copy, transform)) return
  const detail = { reason: 'wrong-transform', field: '/transform' }
  throw unverified('the copy does not hold the pages that the transform names', detail)
}

/** With the commitments at hand the part that does not fit is named. */
function requireDerived(copy: RedactedRecord, { root, commitments }: Sealed): void {
  const found = rootFromRedactedRecord(nodePrimitives, copy)
  if (equalBytes(found, root)) return
  if (commitments && commitments.length !== copy.parts.length) {
    const reason = 'parts-missing-or-added'
    throw unverified(`${commitments.length} parts were sealed`, { reason, field: '/parts' })
  }
  const budget = newBudget()
  const wrong = commitments?.findIndex((commitment, index) => {
    const part = copy.parts[index]
    return !part || !equalBytes(commitmentOf(nodePrimitives, part, index, budget), commitment)
  })
  const field = wrong === undefined ? {} : { field: `/parts/${wrong}` }
  throw unverified('copy does not derive from what was sealed', { reason: 'wrong-root', ...field })
}
