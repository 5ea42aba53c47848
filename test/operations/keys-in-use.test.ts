/** What `comity doctor` says of a running node whose successor key counts already. */
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import type { Patient } from '../../src/node/doctor/finding.ts'
import { keysInUse } from '../../src/node/doctor/network-checks.ts'
import { formatVkey, KEY_TYPE } from '../../src/proof/vkey.ts'
import { publishedDocument, seedOf } from '../support/package-record.ts'
import { MERIDIA } from '../support/ring.ts'
import { testSigner } from '../support/test-log.ts'

const log = testSigner(`${MERIDIA}/ledger`, KEY_TYPE.ed25519, seedOf(`log/${MERIDIA}`))
const served = publishedDocument(MERIDIA, formatVkey(log.key))
const { encryptionRecipient } = served.document

test('a key whose successor counts, and what does not answer', async (t) => {
  let body = JSON.stringify(served)
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => server.close())
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const look = (keys: object, place = url) =>
    keysInUse.run({ config: { listeners: { federation: { url: place } } }, keys } as Patient)
  const published = { revocations: [] as object[] }
  const now = { messageKeyId: `${MERIDIA}/msg1`, encryptionRecipient, published }
  const revoked = { revocations: [{ key: `${MERIDIA}/msg0` }] }

  assert.equal((await look(now))[0]?.state, 'well')
  for (const [keys, what] of [
    [{ ...now, messageKeyId: `${MERIDIA}/msg2` }, /former message key/],
    [{ ...now, encryptionRecipient: 'age1other' }, /former encryption key/],
    [{ ...now, messageKeyId: 'x', encryptionRecipient: 'y' }, /message and encryption key/],
    [{ ...now, published: revoked }, /does not say what was revoked/],
  ] as const) {
    const [found] = await look(keys)
    assert.equal(found?.state, 'wrong')
    assert.match(found.says, what)
    assert.equal(found.mend, 'restart the node')
  }
  assert.deepEqual(await look(now, 'http://127.0.0.1:9'), [], 'doors say that it does not answer')
  body = '{}'
  assert.deepEqual(await look(now), [], 'not a node document')
})
