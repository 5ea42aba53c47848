/** The node as a CSAF trusted provider, looked at from outside by the standard's requirements. */
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { randomBytes, randomUUID } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import fastify, { type FastifyInstance } from 'fastify'
import { createAdvisories } from '../../src/adapters/csaf-validation.ts'
import { atRest } from '../../src/adapters/keys/at-rest.ts'
import { makeOpenPgpKey, takeOpenPgpKey } from '../../src/adapters/openpgp.ts'
import {
  postgresCsafPress,
  postgresCsafProvider,
} from '../../src/adapters/postgres/csaf/csaf-files.ts'
import { keepCsafKey } from '../../src/adapters/postgres/csaf/csaf-keys.ts'
import { postgresRegisters } from '../../src/adapters/postgres/projections/registers.ts'
import { openDataRoutes } from '../../src/api/open-data/routes.ts'
import type { Kernel } from '../../src/app/kernel.ts'
import { serveCsaf } from '../../src/app/serve-csaf.ts'
import type { Json } from '../../src/base/canonical-json.ts'
import { instant } from '../../src/base/time.ts'
import type { CsafAdvisory } from '../../src/wire/csaf-advisory.ts'
import { writeCsaf } from '../../src/wire/csaf-writer.ts'
import { type Answer, checkProvider, type Provider } from '../support/csaf-checker.ts'
import { sampleAdvisory } from '../support/csaf-samples.ts'
import { kernelDatabase } from '../support/kernel-database.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const ORIGIN = 'https://provider.example'
const now = instant('2026-11-25T10:00:00.000Z')
const keys = atRest(randomBytes(32))
const advisories = createAdvisories(60_000)

const published = (change: Partial<CsafAdvisory>) =>
  writeCsaf(
    { ...sampleAdvisory, ...change },
    { version: '2.0', form: change.withdrawn ? 'withdrawn' : 'securityAdvisory' },
  )

const [product] = sampleAdvisory.products
assert.ok(product)
const first = published({})
const lastYear = published({
  trackingId: 'MERIDIA-2025-0007',
  revisions: [{ number: '1', date: instant('2025-12-31T23:30:00.000Z'), summary: 'First.' }],
  products: [{ ...product, standing: 'under_investigation' }],
  ids: [],
})
const amber = JSON.parse(JSON.stringify(published({ trackingId: 'MERIDIA-2026-AMBER' })))
amber.document.distribution.tlp.label = 'AMBER'
const faulty = JSON.parse(JSON.stringify(published({ trackingId: 'MERIDIA-2026-FAULTY' })))
faulty.vulnerabilities[0].product_status = { fixed: ['NONE'] }
const foreign = JSON.parse(JSON.stringify(published({ trackingId: 'MERIDIA-2026-OTHER' })))
foreign.document.tracking.aliases = ['ANOTHER-NAME']

test('a CSAF trusted provider', async (t) => {
  const database = await kernelDatabase(t)
  const server = fastify({
    routerOptions: { ignoreTrailingSlash: true },
  }) as unknown as FastifyInstance
  t.after(() => server.close())
  let faults = 0
  const tried = new Set<string>()
  const press = () =>
    postgresCsafPress({
      database,
      atRest: keys,
      wireNow: () => now,
      holder: { name: 'Meridia AI Safety Authority (fictional)', email: 'csaf@meridia.example' },
    })
  const serve = () =>
    serveCsaf({ press: press(), advisories, onFault: (count) => (faults += count) }, tried)
  const publish = async (document: Json) => {
    const stream_id = randomUUID()
    const { tracking } = (document as { document: { tracking: { id: string } } }).document
    await database
      .insertInto('stream')
      .values({ id: stream_id, kind: 'case', wrapped_key: keys.newKey() })
      .execute()
    await database
      .insertInto('p_publication')
      .values({
        stream_id,
        tracking_id: tracking.id,
        published_at: now,
        document: JSON.stringify(document),
      } as never)
      .execute()
  }
  const get = async (path: string, userAgent = 'a checker'): Promise<Answer> => {
    const answer = await server.inject({ url: path, headers: { 'user-agent': userAgent } })
    return { status: answer.statusCode, headers: answer.headers, body: answer.body }
  }
  // Once for each document, however often the tree is looked at.
  const judged = new Map<string, Promise<readonly string[]>>()
  const validate = (document: unknown) => {
    const text = JSON.stringify(document)
    const known =
      judged.get(text) ?? advisories.validate(document as Json).then(({ problems }) => problems)
    judged.set(text, known)
    return known
  }
  const provider = (change: Partial<Provider> = {}): Provider => ({
    origin: ORIGIN,
    now: new Date(now),
    get,
    validate,
    ...change,
  })

  const kernel = {
    node: {
      id: 'meridia.example',
      name: 'Meridia AI Safety Authority (fictional)',
      profile: 'production',
      urls: { public: ORIGIN },
    },
    clocks: { wireNow: () => now },
    csaf: postgresCsafProvider(database),
    registers: postgresRegisters(database, keys),
  } as unknown as Kernel
  await server.register((scope) => openDataRoutes(scope, kernel))
  for (const document of [first, lastYear, amber, faulty, foreign]) await publish(document)
  await serve()

  await t.test('meets every requirement of its role', async () => {
    assert.deepEqual(await checkProvider(provider()), [])
  })

  await t.test(
    'serves each document in every form that it fits, and nothing that is not for all',
    async () => {
      const names = async (path: string) =>
        (await get(path)).body.split('\n').filter(Boolean).sort()
      const all = [
        '2025/meridia-2025-0007-vex.json',
        '2025/meridia-2025-0007.json',
        '2026/meridia-2026-0001-vex.json',
        '2026/meridia-2026-0001.json',
      ]
      // Of another layout than ours there is only what was published.
      assert.deepEqual(await names('/csaf/white/index.txt'), [
        ...all,
        '2026/meridia-2026-other.json',
      ])
      assert.deepEqual(await names('/csaf/clear/index.txt'), all)
      assert.equal(faults, 1)
      for (const name of ['meridia-2026-amber.json', 'meridia-2026-faulty.json.asc', 'x.json']) {
        const path = `/csaf/clear/2026/${name}`
        assert.equal((await get(path)).status, 404, path)
      }
    },
  )

  await t.test(
    'what is served is what was published, byte for byte, and 2.1 is its conversion',
    async () => {
      const old = JSON.parse((await get('/csaf/white/2026/meridia-2026-0001.json')).body)
      assert.deepEqual(old, JSON.parse(JSON.stringify(first)))
      const { document } = JSON.parse((await get('/csaf/clear/2025/meridia-2025-0007.json')).body)
      assert.equal(document.category, 'csaf_deprecated_security_advisory')
      assert.equal(document.tracking.id, 'MERIDIA-2025-0007')
    },
  )

  // The tree stands still while it is spoilt: each file is asked for once.
  const answers = new Map<string, Promise<Answer>>()
  const kept = (path: string) => {
    const answer = answers.get(path) ?? get(path)
    answers.set(path, answer)
    return answer
  }
  const spoilt: readonly [RegExp, (path: string, answer: Answer) => Answer][] = [
    [/^18: /, on(/0001\.json$/, (one) => ({ ...one, body: one.body.replace('stop', 'go on') }))],
    [
      /^19: /,
      on(/0007\.json\.asc$/, (one) => ({
        ...one,
        body: one.body.replace(/\n[^\n]{60}/, '\nAAAA'),
      })),
    ],
    [/^18: .*sha256/, on(/sha256$/, (one) => ({ ...one, body: one.body.toUpperCase() }))],
    [/^4: /, on(/index\.txt$/, (one) => ({ ...one, status: 404 }))],
    [/^6: /, on(/feed-tlp-clear\.json$/, (one) => ({ ...one, status: 302 }))],
    [
      /^25: /,
      on(/0001-vex\.json$/, (one) => ({
        ...one,
        headers: { ...one.headers, 'access-control-allow-origin': 'x' },
      })),
    ],
    [
      /^13: form/,
      on(/white\/changes\.csv$/, (one) => ({ ...one, body: one.body.replaceAll('"', '') })),
    ],
    [
      /^13: order/,
      on(/clear\/changes\.csv$/, (one) => ({
        ...one,
        body: `${one.body.split('\r\n').reverse().join('\r\n')}`,
      })),
    ],
    [
      /^15: feed and index/,
      on(/clear\/index\.txt$/, (one) => ({
        ...one,
        body: one.body.split('\n').slice(1).join('\n'),
      })),
    ],
    [
      /^15: format/,
      on(/feed-tlp-white\.json$/, (one) => ({
        ...one,
        body: one.body.replaceAll('"2.0"', '"2.1"'),
      })),
    ],
    [
      /^5: /,
      on(/clear\/2026\/.*0001\.json$/, (one) => ({
        ...one,
        body: one.body.replace('"CLEAR"', '"GREEN"'),
      })),
    ],
    [
      /^7: .*knows no/,
      on(/v2\.0\/provider-metadata\.json$/, (one) => ({
        ...one,
        body: one.body.replace('{', '{"surprise":1,'),
      })),
    ],
    [
      /^3: /,
      on(/security\.txt$/, (one) => ({
        ...one,
        body: one.body.replaceAll('CSAF: https', 'CSAF: http'),
      })),
    ],
    [
      /^8: Expires/,
      on(/security\.txt$/, (one) => ({
        ...one,
        body: one.body.replace(/Expires: \d+/, 'Expires: 2020'),
      })),
    ],
    [
      /^20: /,
      on(/openpgp/, (one) => ({ ...one, body: one.body.replace(/\n[^\n]{60}/, '\nAAAA') })),
    ],
    [/^14: /, on(/clear\/2025\/$/, (one) => ({ ...one, body: '' }))],
  ]
  for (const [finding, spoil] of spoilt) {
    await t.test(`the checker finds ${finding.source} where there is one`, async () => {
      const spoiling = provider({ get: async (path) => spoil(path, await kept(path)) })
      const found = await checkProvider(spoiling)
      assert.ok(
        found.some((one) => finding.test(one)),
        JSON.stringify(found),
      )
    })
  }

  const hasGpg = spawnSync('gpg', ['--version']).status === 0
  await t.test(
    'GnuPG verifies the signatures',
    { skip: !hasGpg && 'there is no gpg here' },
    async () => {
      const folder = temporaryFolder()
      const file = (name: string, body: string) => {
        writeFileSync(join(folder, name), body)
        return join(folder, name)
      }
      const path = '/csaf/clear/2026/meridia-2026-0001.json'
      const metadata = JSON.parse((await get('/.well-known/csaf/provider-metadata.json')).body)
      const [{ url }] = metadata.public_openpgp_keys
      const armored = file('key.asc', (await get(url.slice(ORIGIN.length))).body)
      const ring = join(folder, 'ring.gpg')
      execFileSync('gpg', ['--homedir', folder, '--dearmor', '-o', ring, armored], {
        stdio: 'pipe',
      })
      const signature = file('doc.asc', (await get(`${path}.asc`)).body)
      const document = file('doc.json', (await get(path)).body)
      const gpgv = (...of: string[]) =>
        spawnSync('gpgv', ['--homedir', folder, '--keyring', ring, ...of], { encoding: 'utf8' })
      // The test's clock stands in 2026; gpgv must not take the signature for one of the future.
      const good = gpgv('--ignore-time-conflict', signature, document)
      assert.equal(good.status, 0, good.stderr)
      const other = file('other.json', `${(await get(path)).body} `)
      assert.notEqual(gpgv('--ignore-time-conflict', signature, other).status, 0)
    },
  )

  await t.test(
    'with another key everything is signed again; the former key stays public',
    async () => {
      const key = await makeOpenPgpKey({ name: 'Given', email: 'given@meridia.example' }, now)
      assert.equal(
        await keepCsafKey(database, keys, await takeOpenPgpKey(key.privateKey, now), now),
        2,
      )
      const before = (await get('/csaf/clear/2026/meridia-2026-0001.json.asc')).body
      await serve()
      assert.notEqual((await get('/csaf/clear/2026/meridia-2026-0001.json.asc')).body, before)
      const metadata = JSON.parse((await get('/.well-known/csaf/provider-metadata.json')).body)
      assert.equal(metadata.public_openpgp_keys[0].fingerprint, key.fingerprint.toUpperCase())
      assert.equal(metadata.public_openpgp_keys.length, 2)
      assert.deepEqual(await checkProvider(provider()), [])
    },
  )

  await t.test('what is withdrawn stays, says so, and names no product any more', async () => {
    const revisions = [
      ...sampleAdvisory.revisions,
      { number: '2', date: instant('2026-11-26T09:00:00.000Z'), summary: 'Withdrawn.' },
    ]
    const document = published({
      withdrawn: 'The finding could not be repeated.',
      ...{ revisions, products: [], cve: null, ids: [] },
    })
    await database
      .updateTable('p_publication')
      .set({ document: JSON.stringify(document) } as never)
      .where('tracking_id', '=', 'MERIDIA-2026-0001')
      .execute()
    await serve()
    for (const name of ['meridia-2026-0001.json', 'meridia-2026-0001-vex.json']) {
      const served = JSON.parse((await get(`/csaf/clear/2026/${name}`)).body)
      assert.equal(served.document.category, 'csaf_withdrawn')
      assert.equal(served.document.tracking.version, '2')
      assert.equal(served.vulnerabilities, undefined)
    }
    const changes = (await get('/csaf/clear/changes.csv')).body
    assert.match(changes, /^2026\/meridia-2026-0001/)
    assert.deepEqual(await checkProvider(provider()), [])
  })
})

test('a key that cannot be used is not taken', async () => {
  const good = await makeOpenPgpKey({ name: 'A', email: 'a@meridia.example' }, now)
  const table: readonly [string, string][] = [
    ['no-key', ''],
    ['no-key', 'not a key'],
    ['no-key', good.publicKey],
    ['no-key', good.privateKey.replace(/\n[^\n]{60}/, '\nAAAA')],
  ]
  for (const [reason, armored] of table) {
    await assert.rejects(takeOpenPgpKey(armored, now), { code: 'malformed', reason })
  }
  await assert.rejects(takeOpenPgpKey('x'.repeat(70_000), now), { code: 'malformed' })
  const early = instant('2020-01-01T00:00:00.000Z')
  await assert.rejects(takeOpenPgpKey(good.privateKey, early), { code: 'malformed' })
  const { generateKey, encryptKey, readPrivateKey } = await import('openpgp')
  const made = await generateKey({
    type: 'ecc',
    curve: 'ed25519Legacy',
    userIDs: [{ name: 'B' }],
    keyExpirationTime: 30 * 86_400,
    date: new Date(now),
    format: 'armored',
  })
  await assert.rejects(takeOpenPgpKey(made.privateKey, now), { reason: 'key-ends' })
  const locked = await encryptKey({
    privateKey: await readPrivateKey({ armoredKey: good.privateKey }),
    passphrase: 'a passphrase of the test',
  })
  await assert.rejects(takeOpenPgpKey(locked.armor(), now), { reason: 'key-has-passphrase' })
})

function on(path: RegExp, change: (answer: Answer) => Answer) {
  return (asked: string, answer: Answer) => (path.test(asked) ? change(answer) : answer)
}
