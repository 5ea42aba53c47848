/**
 * Whether a redacted copy hides what the event or the message about it says, no more and
 * no less; and whether a copy in pictures holds the very pages that its transform names.
 */
import { fromBase64, toHex } from '../base/bytes.ts'
import { canonicalText, type Json } from '../base/canonical-json.ts'
import { unverified } from '../base/errors.ts'
import type { Redaction } from '../core/evidence/evidence.ts'
import { type PageTransform, transformFault } from '../core/evidence/page-transform.ts'
import { hiddenParts, hiddenPlaces } from '../proof/hidden-places.ts'
import type { Hashing } from '../proof/primitives.ts'
import type { RedactedRecord } from '../proof/redacted-record.ts'

/** @throws ComityError `unverified` */
export function requireStated(record: RedactedRecord, redactions: readonly Redaction[]): void {
  const key = ({ part, at, ground, reason }: Redaction) =>
    at === undefined ? `${part}` : canonicalText([part, at, ground ?? '', reason])
  const hidden = [
    ...hiddenParts(record).map((part) => key({ part, reason: '' })),
    ...hiddenPlaces(record).map(key),
  ]
  if (hidden.sort().join() === redactions.map(key).sort().join()) return
  throw unverified('the parts left out are not those that the event names')
}

/** @throws ComityError `unverified`, `malformed` */
export function requireTransformed(
  hashing: Hashing,
  record: RedactedRecord,
  transform: PageTransform,
): void {
  if (isTransformed(hashing, record, transform)) return
  throw unverified('the pages are not those that the transform names')
}

/** @throws ComityError `malformed` if a page is not in base64 */
export function isTransformed(
  { sha256 }: Hashing,
  { parts }: RedactedRecord,
  transform: PageTransform,
): boolean {
  const values = parts.map((part) => ('part' in part ? part.part : null))
  const [stated, ...pages] = values
  const isStated = canonicalText(stated ?? null) === canonicalText(transform)
  const digests = pages.map((page) => digestOf(sha256, page))
  const isWhole = digests.join() === transform.pages.map(({ digest }) => digest).join()
  return isStated && isWhole && transformFault(transform) === undefined
}

function digestOf(sha256: Hashing['sha256'], page: Json): string {
  const base64 = (page as { readonly base64?: unknown } | null)?.base64
  return typeof base64 === 'string' ? toHex(sha256(fromBase64(base64, 'page'))) : ''
}
