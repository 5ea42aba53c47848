import assert from 'node:assert/strict'
import { createHash, createPublicKey, verify } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { nodePrimitives } from '../adapters/node-primitives.ts'
import { fromBase64, utf8 } from '../base/bytes.ts'
import { ComityError } from '../base/errors.ts'
import type { MessageKey } from './http-signature.ts'
import { formatLogNotice, verifyLogNotice } from './log-notice.ts'

const FOLDER = new URL('../../protocol/vectors/log/', import.meta.url)

for (const name of readdirSync(FOLDER)) {
  const vector = JSON.parse(readFileSync(new URL(name, FOLDER), 'utf8'))
  const keys: MessageKey[] = vector.keys.map((key: { publicKey: string }) => ({
    ...key,
    publicKey: fromBase64(key.publicKey),
  }))
  const read = () => verifyLogNotice(nodePrimitives, utf8(vector.note), () => keys, vector.now)
  test(`${name}: ${vector.says}, so it is ${vector.verdict}`, async () => {
    if (vector.verdict === 'refused') return assert.rejects(read, ComityError)
    const notice = await read()
    const [text = '', line = ''] = vector.note.split('\n\n')
    assert.equal(formatLogNotice(notice), `${text}\n`)
    // The signature and the commitment with other means than ours.
    const key = { key: Buffer.from(vector.keys[0].publicKey, 'base64'), format: 'raw-public' }
    const publicKey = createPublicKey({ ...key, asymmetricKeyType: 'ed25519' } as never)
    const signature = Buffer.from(line.trim().split(' ')[2] ?? '', 'base64').subarray(4)
    assert.equal(verify(null, utf8(`${text}\n`), publicKey, signature), true)
    const digest = createHash('sha256').update(vector.note).digest('hex')
    assert.equal(vector.commitmentOfEntry0, digest)
  })
}
