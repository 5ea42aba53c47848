/**
 * The node document as an authority writes it when its node is set up, when its
 * addresses have changed, or when a key has changed: who it is, where it is
 * reached, and with which keys.
 */
import type { NodeSelf } from '../app/kernel.ts'
import type { KeyInterval, NodeKeys } from '../app/ports/keys.ts'
import { type Bytes, toBase64 } from '../base/bytes.ts'
import { addMs, DAY_MS, type Instant } from '../base/time.ts'
import { formatVkey } from '../proof/vkey.ts'
import { type NodeDocument, signNodeDocument } from '../wire/exchange/node-document.ts'
import { exerciseOf } from '../wire/exchange/world.ts'
import { logSigners } from './log-signers.ts'

export type DocumentFacts = Pick<
  NodeDocument,
  'node' | 'name' | 'legalOrder' | 'endpoints' | 'exercise'
>

const KEY_VALID_MS = 400 * DAY_MS

/**
 * Lists every key of the ring, retired, revoked and coming ones too, so that old signatures verify.
 *
 * @param before the document that this one replaces: what it said of the past stays
 */
export function firstDocument(
  facts: DocumentFacts,
  keys: NodeKeys,
  now: Instant,
  before?: NodeDocument,
): Promise<Bytes> {
  const signers = logSigners(facts.node, keys)
  const { messageKeys, encryptionRecipients, revocations } = keys.published
  const document: NodeDocument = {
    v: 1,
    ...facts,
    messageKeys: messageKeys.map(({ id, publicKey, ...interval }) => ({
      id,
      alg: 'ed25519',
      key: toBase64(publicKey),
      ...statedInterval(interval, now, before && beginningOf(before, toBase64(publicKey))),
    })),
    encryptionRecipient: keys.encryptionRecipient,
    ...(encryptionRecipients.length > 1 && {
      encryptionRecipients: encryptionRecipients.map(({ recipient, ...interval }) => ({
        recipient,
        ...statedInterval(interval, now, before && beginningOf(before, recipient)),
      })),
    }),
    ...(revocations.length > 0 && { revocations: [...revocations] }),
    logKey: before?.closedLogs ? before.logKey : formatVkey(signers.log.key),
    ...(before?.closedLogs && { closedLogs: before.closedLogs }),
    witnessKey: formatVkey(signers.witness.key),
    ...(signers.witnessMlDsa44 && { witnessKeyMlDsa44: formatVkey(signers.witnessMlDsa44.key) }),
    issuedAt: now,
  }
  return signNodeDocument(document, keys.documentSigner())
}

/** Since when a document says that a message key or a recipient is valid. */
function beginningOf(document: NodeDocument, keyOrRecipient: string): Instant | undefined {
  const { messageKeys, encryptionRecipients = [] } = document
  const listed =
    messageKeys.find(({ key }) => key === keyOrRecipient) ??
    encryptionRecipients.find(({ recipient }) => recipient === keyOrRecipient)
  return listed?.validFrom
}

function statedInterval(
  { validFrom, validUntil }: KeyInterval,
  now: Instant,
  since: Instant | undefined,
) {
  return {
    // A day back, for peers whose clocks differ.
    validFrom: validFrom ?? since ?? addMs(now, -DAY_MS),
    validUntil: validUntil ?? addMs(now, KEY_VALID_MS),
  }
}

/** As a configuration says them. */
export function documentFacts({
  id,
  name,
  legalOrder,
  urls,
  profile,
  outboundOnly,
}: NodeSelf): DocumentFacts {
  const endpoints = {
    federation: urls.federation,
    log: `${urls.public}/ledger`,
    web: urls.public,
    ...(outboundOnly ? { outboundOnly } : {}),
  }
  const exercise = exerciseOf(profile)
  return { node: id, name, legalOrder, endpoints, ...(exercise ? { exercise } : {}) }
}
