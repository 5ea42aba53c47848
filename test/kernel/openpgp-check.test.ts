/** What `comity doctor` says of the OpenPGP key, on each thing that can be wrong with it. */
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type TestContext, test } from 'node:test'
import { generateKey, readPrivateKey } from 'openpgp'
import { takeOpenPgpKey } from '../../src/adapters/openpgp.ts'
import { keepCsafKey } from '../../src/adapters/postgres/csaf/csaf-keys.ts'
import { addMs, DAY_MS, instant, msOf } from '../../src/base/time.ts'
import { openPgpKey } from '../../src/node/doctor/csaf-checks.ts'
import type { Patient } from '../../src/node/doctor/finding.ts'
import { kernelDatabase, keys } from '../support/kernel-database.ts'

const NOW = instant('2026-12-01T00:00:00.000Z')

async function keyOf(days: number | undefined) {
  const { privateKey } = await generateKey({
    type: 'ecc',
    curve: 'ed25519Legacy',
    userIDs: [{ name: 'Authority (invented)' }],
    date: new Date(msOf(NOW)),
    format: 'armored',
    ...(days === undefined ? {} : { keyExpirationTime: (days * DAY_MS) / 1000 }),
  })
  return privateKey
}

async function patient(t: TestContext) {
  const database = await kernelDatabase(t)
  let served: string | undefined
  const server = createServer((request, response) => {
    const isKey = request.url?.startsWith('/.well-known/csaf/openpgp/') === true
    response.statusCode = isKey && served !== undefined ? 200 : 404
    response.end(served ?? '')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => server.close())
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const examined = async (afterDays = 0) => {
    const nowMs = msOf(NOW) + afterDays * DAY_MS
    const config = { listeners: { public: { url } } }
    const found = await openPgpKey.run({ config, database, nowMs } as unknown as Patient)
    return found.map(({ state, says }) => `${state}: ${says}`)
  }
  const take = async (armored: string) => {
    const key = await takeOpenPgpKey(armored, NOW)
    await keepCsafKey(database, keys, key, NOW)
    served = key.publicKey
    return key
  }
  const serve = (text: string | undefined) => {
    served = text
  }
  return { database, examined, take, serve, close: () => server.close() }
}

test('before the first publication there is none, and that is well', async (t) => {
  const { examined } = await patient(t)
  assert.deepEqual(await examined(), [
    'well: none yet: the node makes one with its first publication',
  ])
})

test('a key that lasts and is served is well; each that does not is said', async (t) => {
  const { examined, take } = await patient(t)
  const { fingerprint } = await take(await keyOf(200))
  assert.deepEqual(await examined(0), [`well: ${fingerprint} is in use`])
  assert.deepEqual(await examined(109), [`well: ${fingerprint} is in use`])
  assert.match((await examined(111))[0] ?? '', /^warning: the key in use ends at 2027-06-19/)
  assert.match((await examined(171))[0] ?? '', /^wrong: .*in under 30 days$/)
  assert.match((await examined(201))[0] ?? '', /^wrong: the key in use ended at 2027-06-19/)
})

test('a key without an end lasts', async (t) => {
  const { examined, take } = await patient(t)
  const { fingerprint } = await take(await keyOf(undefined))
  assert.deepEqual(await examined(40_000), [`well: ${fingerprint} is in use`])
})

test('another key than the one in use, or none, is served: said', async (t) => {
  const { examined, take, serve } = await patient(t)
  await take(await keyOf(undefined))
  const other = (await readPrivateKey({ armoredKey: await keyOf(undefined) })).toPublic()
  serve(other.armor())
  assert.deepEqual(await examined(), [
    `wrong: the public door serves another key, ${other.getFingerprint()}`,
  ])
  for (const text of [undefined, '', 'x', 'a'.repeat(100_000)]) {
    serve(text)
    assert.deepEqual(await examined(), ['wrong: the public door does not serve the key in use'])
  }
})

test('a door that does not answer is not the finding of this check', async (t) => {
  const { examined, take, close } = await patient(t)
  const { fingerprint } = await take(await keyOf(undefined))
  close()
  assert.deepEqual(await examined(), [`well: ${fingerprint} is in use`])
})

test('files that a former key signed are counted', async (t) => {
  const { database, examined, take } = await patient(t)
  await take(await keyOf(undefined))
  const row = {
    ...{ version: '2.0' as const, tracking_id: 'A', source_id: 'A', source_check: 'x' },
    ...{ file_name: 'a.json', year: '2026', title: 'A', summary: 'A', content: '{}' },
    ...{ initial_release_at: NOW, current_release_at: addMs(NOW, 1), key_ordinal: 1 },
    ...{ sha256: 'x', sha512: 'x', signature: 'x' },
  }
  await database.insertInto('csaf_file').values(row).execute()
  assert.match((await examined()).join(), /^well/)
  await take(await keyOf(undefined))
  assert.deepEqual(await examined(), ['warning: files that a former key has signed: 1'])
})
