/** Who signs, and the message, receipt, head and node document that everything else is bent from. */
import { nodePrimitives, publicKeyOf } from '../../src/adapters/node-primitives.ts'
import { addMs, DAY_MS, type Instant, instant } from '../../src/base/time.ts'
import { formatVkey, KEY_TYPE, type KeyType, noteKey } from '../../src/proof/vkey.ts'
import type { NodeDocument } from '../../src/wire/exchange/node-document.ts'
import { vectorKey } from '../vector-keys.ts'

export const NOW = instant('2027-01-15T08:00:00.000Z')
export const days = (count: number): Instant => addMs(NOW, count * DAY_MS)
export const MERIDIA = vectorKey('meridia.example/msg1', 0)
export const SECOND = vectorKey('meridia.example/msg2', 16)
export const ALBION = vectorKey('albion.example/msg1', 32)
export const STRANGER = vectorKey('serena.example/msg1', 64)
export const LINK = 'b547331a31ce3c618423199ecc5a91c0f6274c5b8c8246f5f9d390e4580a4ba7'
export const OTHER_LINK = 'f'.repeat(64)
export const TRANSACTION = '01940000-0000-7000-8000-000000000100'

export const vkey = (name: string, type: KeyType, firstByte: number) => {
  const publicKey = publicKeyOf(vectorKey(`meridia.example/${name}`, firstByte).seed)
  return formatVkey(noteKey(nodePrimitives, `meridia.example/${name}`, type, publicKey))
}

export const messageKey = ({ listed }: ReturnType<typeof vectorKey>, change: object = {}) => ({
  id: listed.id,
  alg: 'ed25519' as const,
  key: listed.publicKey,
  validFrom: instant(listed.validFrom),
  validUntil: instant(listed.validUntil),
  ...change,
})

export const OLD_RECIPIENT = 'age1c2h2knpnvd0gyay4du7p6xfhx9l7nz92xm5glpgq572wjeylhvasgw0art'
export const NEW_RECIPIENT = `age1${'q'.repeat(58)}`

export const DOCUMENT: NodeDocument = {
  v: 1,
  node: 'meridia.example',
  name: 'Meridia AI Safety Authority (fictional)',
  legalOrder: 'EU',
  endpoints: { federation: 'https://meridia.example', log: 'https://meridia.example/ledger' },
  messageKeys: [messageKey(MERIDIA)],
  encryptionRecipient: OLD_RECIPIENT,
  logKey: vkey('ledger', KEY_TYPE.ed25519, 64),
  witnessKey: vkey('witness', KEY_TYPE.cosignature, 96),
  issuedAt: NOW,
}
