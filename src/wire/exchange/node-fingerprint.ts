/**
 * The fingerprint that two administrators compare by telephone before one pins the
 * other's node: SHA-256 over the id and every key of the document, and nothing that
 * changes when it is signed anew. 64 hex digits in groups of four.
 */
import { concatBytes, toHex, utf8 } from '../../base/bytes.ts'
import { canonicalBytes } from '../../base/canonical-json.ts'
import type { Hashing } from '../../proof/primitives.ts'
import type { NodeDocument } from './node-document.ts'

const DOMAIN_TEXT = utf8('comity/node-fingerprint/v1\0')
const GROUPS = /.{4}/g

export function fingerprintOf({ sha256 }: Hashing, document: NodeDocument): string {
  const { node, messageKeys, encryptionRecipient, logKey, witnessKey, witnessKeyMlDsa44 } = document
  const named = canonicalBytes({
    node,
    messageKeys: messageKeys.map(({ id, key }) => ({ id, key })),
    encryptionRecipient,
    logKey,
    witnessKey,
    // Left out where there is none: such a document has the fingerprint that it always had.
    ...(witnessKeyMlDsa44 === undefined ? {} : { witnessKeyMlDsa44 }),
  })
  const digits = toHex(sha256(concatBytes(DOMAIN_TEXT, named)))
  return (digits.match(GROUPS) ?? []).join(' ')
}

/** As people write it: with or without blanks, colons, capitals. */
export function isSameFingerprint(expected: string, said: string): boolean {
  const plain = (text: string) => text.toLowerCase().replaceAll(/[\s:-]/g, '')
  return plain(expected) === plain(said)
}
