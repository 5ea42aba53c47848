/**
 * The node document as an authority writes it when its node is set up, or when its
 * addresses have changed: who it is, where it is reached, and with which keys.
 */
import type { NodeSelf } from '../app/kernel.ts'
import type { NodeKeys } from '../app/ports/keys.ts'
import { type Bytes, toBase64 } from '../base/bytes.ts'
import { addMs, DAY_MS, type Instant } from '../base/time.ts'
import { formatVkey } from '../proof/vkey.ts'
import { type NodeDocument, signNodeDocument } from '../wire/exchange/node-document.ts'
import { logSigners } from './log-signers.ts'

export type DocumentFacts = Pick<NodeDocument, 'node' | 'name' | 'legalOrder' | 'endpoints'>

const KEY_VALID_MS = 400 * DAY_MS

export function firstDocument(facts: DocumentFacts, keys: NodeKeys, now: Instant): Promise<Bytes> {
  const signers = logSigners(facts.node, keys)
  const document: NodeDocument = {
    v: 1,
    ...facts,
    messageKeys: [
      {
        id: keys.messageKeyId,
        alg: 'ed25519',
        key: toBase64(keys.messagePublicKey),
        // A day back, for peers whose clocks differ.
        validFrom: addMs(now, -DAY_MS),
        validUntil: addMs(now, KEY_VALID_MS),
      },
    ],
    encryptionRecipient: keys.encryptionRecipient,
    logKey: formatVkey(signers.log.key),
    witnessKey: formatVkey(signers.witness.key),
    issuedAt: now,
  }
  return signNodeDocument(document, { keyId: keys.messageKeyId, sign: keys.signMessage })
}

/** As a configuration says them. */
export function documentFacts({ id, name, legalOrder, urls }: NodeSelf): DocumentFacts {
  const endpoints = {
    federation: urls.federation,
    log: `${urls.public}/ledger`,
    web: urls.public,
  }
  return { node: id, name, legalOrder, endpoints }
}
