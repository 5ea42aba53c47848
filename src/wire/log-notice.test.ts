import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nodePrimitives, publicKeyOf, signEd25519 } from '../adapters/node-primitives.ts'
import { textFromUtf8, utf8 } from '../base/bytes.ts'
import { ComityError } from '../base/errors.ts'
import { instant } from '../base/time.ts'
import { KEY_TYPE, noteKey } from '../proof/vkey.ts'
import type { MessageKey } from './http-signature.ts'
import { type LogNotice, signLogNotice, verifyLogNotice } from './log-notice.ts'

const NODE = 'meridia.example'
const seed = new Uint8Array(32).fill(5)
const keyId = `${NODE}/msg1`
const key = {
  id: keyId,
  node: NODE,
  publicKey: publicKeyOf(seed),
  validFrom: instant('2026-01-01T00:00:00.000Z'),
  validUntil: instant('2027-01-01T00:00:00.000Z'),
}
const opened = (name: string) =>
  noteKey(nodePrimitives, name, KEY_TYPE.ed25519, publicKeyOf(new Uint8Array(32).fill(6)))
const notice: LogNotice = {
  node: NODE,
  closed: { origin: `${NODE}/ledger`, treeSize: 7, rootHash: new Uint8Array(32).fill(1) },
  opened: opened(`${NODE}/ledger/2`),
  at: instant('2026-11-22T12:00:00.000Z'),
  reason: 'restored',
}
const signed = (changed: Partial<LogNotice> = {}) => {
  const signer = { keyId, sign: (bytes: Uint8Array) => signEd25519(seed, bytes) }
  return signLogNotice(nodePrimitives, { ...notice, ...changed }, signer, key.publicKey)
}
const verify = (bytes: Uint8Array, keys: readonly MessageKey[] = [key], now = notice.at) =>
  verifyLogNotice(nodePrimitives, bytes, () => keys, now)

test('a notice that the pinned message key signed is read as it was written', async () => {
  assert.deepEqual(await verify(await signed()), notice)
})

test('a notice that is not the node’s, not in its time or no sequel is refused', async () => {
  const bytes = await signed()
  const text = textFromUtf8(bytes)
  const changed = (from: string, to: string) => utf8(text.replace(from, to))
  const other = { ...key, publicKey: publicKeyOf(new Uint8Array(32).fill(9)) }
  const bad: readonly (() => Promise<unknown>)[] = [
    () => verify(bytes, []),
    () => verify(bytes, [other]),
    () => verify(bytes, [{ ...key, node: 'albion.example' }]),
    () => verify(bytes, [{ ...key, validUntil: instant('2026-11-22T11:59:59.999Z') }]),
    () => verify(bytes, [{ ...key, revokedAt: instant('2026-06-01T00:00:00.000Z') }]),
    () => verify(bytes, [{ ...key, revokedAt: notice.at }]),
    () => verify(bytes, [key], instant('2026-11-22T11:58:59.999Z')),
    () => verify(changed('ledger 7', 'ledger 8')),
    () => verify(changed('reason restored', 'reason other')),
    () => verify(changed('comity/log-notice/v1', 'comity/log-notice/v2')),
    () => verify(changed('at 2026', 'at 2O26')),
    () => verify(changed(' 7 ', ' 07 ')),
    () => verify(utf8('')),
    async () => verify(await signed({ opened: opened(`${NODE}/ledger/3`) })),
    async () => verify(await signed({ opened: opened(`${NODE}/ledger`) })),
    async () => verify(await signed({ opened: opened('albion.example/ledger/2') })),
    async () =>
      verify(await signed({ closed: { ...notice.closed, origin: 'albion.example/ledger' } })),
  ]
  for (const [index, attempt] of bad.entries()) {
    await assert.rejects(attempt, ComityError, `bad notice ${index}`)
  }
})

test('a stolen key that is over closes no log, whatever time it writes', async () => {
  const bytes = await signed({ at: instant('2026-03-01T00:00:00.000Z') })
  const now = instant('2027-01-01T00:00:00.001Z')
  await assert.rejects(() => verify(bytes, [key], now), ComityError, 'expired since')
  const revoked = { ...key, revokedAt: instant('2026-06-01T00:00:00.000Z') }
  await assert.rejects(() => verify(bytes, [revoked]), ComityError, 'revoked since')
  assert.equal((await verify(bytes, [revoked], instant('2026-05-31T00:00:00.000Z'))).at < now, true)
})
