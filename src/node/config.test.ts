import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { stringify } from 'yaml'
import { ComityError } from '../base/errors.ts'
import { serversOf } from './config/listeners.ts'
import { type NodeConfig, nodeSelfOf, parseConfig, readNodeConfig } from './config.ts'
import { documentFacts } from './first-document.ts'

const folder = mkdtempSync(join(tmpdir(), 'comity-config-'))
after(() => rmSync(folder, { recursive: true }))

const door = (port: number) => ({ host: '127.0.0.1', port, url: `http://127.0.0.1:${port}` })

const GOOD: NodeConfig = {
  node: {
    id: 'meridia.example',
    name: 'Meridia Authority (fictional)',
    legalOrder: 'EU',
    zone: 'Europe/Brussels',
    profile: 'demo',
  },
  listeners: { public: door(4000), officers: door(4001), federation: door(4002) },
  database: { url: 'postgres://comity:secret-canary@127.0.0.1/comity' },
  folder: 'node',
  log: { policyFile: 'policy.txt', intervalMs: 1000, witnesses: [] },
  intake: { batchIntervalMs: 3000, escalation: { body: 'Body', address: 'Street 1' } },
  signIn: { oneTime: { secret: 'a'.repeat(64) } },
}

test('a good file is read; its paths count from its own folder', () => {
  const file = join(folder, 'comity.yaml')
  writeFileSync(file, `# a comment\n${stringify(GOOD)}`)
  const config = readNodeConfig(file)
  assert.equal(config.folder, join(folder, 'node'))
  assert.equal(config.log.policyFile, join(folder, 'policy.txt'))
  assert.deepEqual(nodeSelfOf(config).urls, {
    public: 'http://127.0.0.1:4000',
    officers: 'http://127.0.0.1:4001',
    federation: 'http://127.0.0.1:4002',
  })
})

test('a review by somebody from outside says who, when, of which version and where to read it', () => {
  const review = {
    ...{ by: 'A firm (invented)', on: '2027-01-31', version: '0.1.0' },
    report: 'https://firm.example/report',
  }
  const self = nodeSelfOf(parseConfig(stringify({ ...GOOD, outsideReview: review })))
  assert.deepEqual(self.outsideReview, review)
  assert.equal(nodeSelfOf(parseConfig(stringify(GOOD))).outsideReview, undefined)
  const { by: _, ...nobody } = review
  for (const bad of [
    nobody,
    { ...review, by: '' },
    { ...review, on: '2027-02-30' },
    { ...review, on: 'last year' },
    { ...review, version: 'the newest' },
    { ...review, report: 'javascript:alert(1)' },
    { ...review, report: 'ask us' },
    { ...review, passed: true },
  ]) {
    assert.throws(() => parseConfig(stringify({ ...GOOD, outsideReview: bad })), ComityError)
  }
})

test('other ways to reach the authority are named, and an onion address is one', () => {
  const onion = `http://${'a2'.repeat(28)}.onion`
  const contact = { phone: '+99 (0) 1 234', post: 'Square 1', email: 'a@meridia.example', onion }
  assert.deepEqual(nodeSelfOf(parseConfig(stringify({ ...GOOD, contact }))).contact, contact)
  assert.deepEqual(nodeSelfOf(parseConfig(stringify(GOOD))).contact, {})
  for (const bad of [
    { onion: `https://${'a2'.repeat(28)}.onion` },
    { onion: `http://${'a2'.repeat(28)}.onion/` },
    { onion: 'http://short.onion' },
    { onion: `http://${'a1'.repeat(28)}.onion` },
    { phone: 'call us' },
    { post: '' },
    { fax: '1' },
  ]) {
    assert.throws(() => parseConfig(stringify({ ...GOOD, contact: bad })), ComityError)
  }
})

test('a node that cannot be called opens no door for peers, and says so of itself', () => {
  const parse = (exchange: object) => parseConfig(stringify({ ...GOOD, exchange }))
  const closed = parse({ outboundOnly: true })
  const doorsOf = ({ listeners, exchange }: NodeConfig) =>
    [...serversOf(listeners, exchange).values()].flat()
  assert.deepEqual(doorsOf(closed), ['public', 'officers'])
  assert.deepEqual(documentFacts(nodeSelfOf(closed)).endpoints.outboundOnly, true)
  for (const open of [GOOD, parse({ outboundOnly: false, pollIntervalMs: 5000 })]) {
    assert.deepEqual(doorsOf(open), ['public', 'officers', 'federation'])
    assert.equal('outboundOnly' in documentFacts(nodeSelfOf(open)).endpoints, false)
  }
})

const PROVIDER = { id: 'staff', name: 'Staff', issuer: 'https://id.example', clientId: 'comity' }
const { node, listeners, log } = GOOD
const production = { ...node, profile: 'production' as const }

const BAD: Readonly<Record<string, readonly [value: object | string, field: RegExp]>> = {
  'an unknown member': [{ ...GOOD, colour: 'red' }, /colour/],
  'a time-stamp authority without a pinned root': [
    { ...GOOD, timestamps: { url: 'https://tsa.example' } },
    /timestamps\.rootFile/,
  ],
  'a policy of time stamps that is no OID': [
    { ...GOOD, timestamps: { url: 'https://tsa.example', rootFile: 'r.pem', policy: '1.02' } },
    /timestamps\.policy/,
  ],
  'an unknown member inside': [{ ...GOOD, log: { ...log, interval: 1 } }, /log\.interval/],
  'a missing section': [{ ...GOOD, log: undefined }, /^log/],
  'a missing member': [{ ...GOOD, node: { ...node, zone: undefined } }, /node\.zone/],
  'an exchange that does not say which way': [
    { ...GOOD, exchange: { pollIntervalMs: 3000 } },
    /exchange\.outboundOnly/,
  ],
  'a way that is text': [{ ...GOOD, exchange: { outboundOnly: 'yes' } }, /exchange\.outboundOnly/],
  'polling without a pause': [
    { ...GOOD, exchange: { outboundOnly: true, pollIntervalMs: 1 } },
    /exchange\.pollIntervalMs/,
  ],
  'no such zone': [{ ...GOOD, node: { ...node, zone: 'Mars/Olympus' } }, /node\.zone/],
  'no such profile': [{ ...GOOD, node: { ...node, profile: 'staging' } }, /node\.profile/],
  'a node id that is none': [{ ...GOOD, node: { ...node, id: 'Meridia' } }, /node\.id/],
  'a Member State that is a path': [
    { ...GOOD, node: { ...node, memberState: '../XM' } },
    /node\.memberState/,
  ],
  'a port that is text': [
    { ...GOOD, listeners: { ...listeners, public: { ...door(1), port: '4000' } } },
    /listeners\.public\.port/,
  ],
  'an address with a path': [
    { ...GOOD, listeners: { ...listeners, public: { ...door(1), url: 'https://a.example/b' } } },
    /listeners\.public\.url/,
  ],
  'a trusted proxy that is no address': [
    { ...GOOD, listeners: { ...listeners, officers: { ...door(1), trustedProxies: ['::g'] } } },
    /listeners\.officers\.trustedProxies/,
  ],
  'trust in everybody': [
    { ...GOOD, listeners: { ...listeners, officers: { ...door(1), trustedProxies: ['::/0'] } } },
    /listeners\.officers\.trustedProxies/,
  ],
  'a trusted range of too many bits': [
    {
      ...GOOD,
      listeners: { ...listeners, officers: { ...door(1), trustedProxies: ['10.0.0.0/33'] } },
    },
    /listeners\.officers\.trustedProxies/,
  ],
  'addresses of reporters': [
    { ...GOOD, listeners: { ...listeners, public: { ...door(1), trustedProxies: ['::1'] } } },
    /listeners\.public\.trustedProxies/,
  ],
  'half a certificate': [
    {
      ...GOOD,
      listeners: { ...listeners, public: { ...door(1), tls: { certificateFile: 'a.pem' } } },
    },
    /listeners\.public\.tls\.keyFile/,
  ],
  'another database': [
    { ...GOOD, database: { url: 'mysql://secret-canary@h/d' } },
    /database\.url/,
  ],
  'an interval of zero': [{ ...GOOD, log: { ...log, intervalMs: 0 } }, /log\.intervalMs/],
  'sign-in links in training': [
    { ...GOOD, node: { ...production, profile: 'training' } },
    /signIn\.oneTime/,
  ],
  'the former switch for strong proofs': [
    { ...GOOD, access: { requireStepUp: false } },
    /^access$/,
  ],
  'sign-in links in production': [{ ...GOOD, node: production }, /signIn\.oneTime/],
  'no way to sign in': [{ ...GOOD, node: production, signIn: {} }, /^signIn$/],
  'passkeys where no browser takes them': [
    { ...GOOD, signIn: { passkeys: { rpId: 'a.example' } } },
    /^signIn\.passkeys$/,
  ],
  'passkeys of a domain that is not ours': [
    { ...GOOD, signIn: { passkeys: { rpId: 'a.example', origin: 'https://nota.example' } } },
    /signIn\.passkeys\.rpId/,
  ],
  'a provider on plain http': [
    { ...GOOD, signIn: { oidc: [{ ...PROVIDER, issuer: 'http://id.example' }] } },
    /signIn\.oidc\.issuer/,
  ],
  'a rpId with a scheme': [
    { ...GOOD, signIn: { passkeys: { rpId: 'https://a.example' } } },
    /signIn\.passkeys\.rpId/,
  ],
  'a password': [{ ...GOOD, signIn: { password: 'secret-canary' } }, /signIn\.password/],
  'two providers with one id': [
    { ...GOOD, signIn: { oidc: [PROVIDER, { ...PROVIDER }] } },
    /signIn\.oidc/,
  ],
  'a client secret in the file itself': [
    { ...GOOD, signIn: { oidc: [{ ...PROVIDER, clientSecret: 'secret-canary' }] } },
    /signIn\.oidc\.0\.clientSecret/,
  ],
  'no mapping': ['just text', /the whole file/],
  nothing: ['', /the whole file/],
}

for (const [what, [value, field]] of Object.entries(BAD)) {
  test(`refused: ${what}`, () => {
    const text = typeof value === 'string' ? value : stringify(value)
    assert.throws(
      () => parseConfig(text),
      (error) => {
        assert.ok(error instanceof ComityError)
        assert.equal(error.code, 'malformed')
        assert.match(error.field ?? '', field)
        assert.doesNotMatch(error.message, /secret-canary/)
        return true
      },
    )
  })
}

test('refused: text that is no YAML, a member twice, an alias bomb', () => {
  for (const text of ['a: [', 'a: 1\na: 2', 'a: &x [1]\nb: [*x, *x]', '\t- secret-canary']) {
    assert.throws(
      () => parseConfig(text),
      (error) => !/secret-canary/.test((error as Error).message),
      text,
    )
  }
})

test('what makes an authority the channel for a kind of report is said once for each kind', () => {
  const receiving = (receives: unknown) =>
    parseConfig(stringify({ ...GOOD, intake: { ...GOOD.intake, receives } }))
  const own = { kind: 'misconduct', act: 'Act (fictional), section 3' }
  assert.deepEqual(receiving([own]).intake.receives, [own])
  for (const [bad, field] of [
    [[own, { ...own, act: 'Another act (fictional)' }], 'intake.receives.1'],
    [[own, { ...own, kind: 'complaint' }, { ...own }], 'intake.receives.2'],
    [[{ ...own, kind: 'whistle' }], 'intake.receives.0.kind'],
    [[{ ...own, act: '' }], 'intake.receives.0.act'],
    [[{ ...own, act: 'a'.repeat(301) }], 'intake.receives.0.act'],
    [[{ kind: 'misconduct' }], 'intake.receives.0.act'],
    [[{ ...own, law: 'eu.ai_act' }], 'intake.receives.0.law'],
    [own, 'intake.receives'],
  ] as const) {
    const named = (error: unknown) => error instanceof ComityError && error.field === field
    assert.throws(() => receiving(bad), named, field)
  }
})
