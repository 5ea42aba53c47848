/** Doors with certificates of their own, made by openssl: served, refused, renewed. */
import assert from 'node:assert/strict'
import { chmodSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:https'
import { join } from 'node:path'
import { test } from 'node:test'
import { connect } from 'node:tls'
import { waitFor } from '../../src/cli/story/story.ts'
import { readCertificate } from '../../src/node/door-certificates.ts'
import { localRoot } from '../support/local-root.ts'
import { comity, serve, setUpNode } from '../support/real-node.ts'

const DOORS = ['public', 'officers', 'federation'] as const
const { at, issue, openssl } = localRoot()
issue('good', '20200101000000Z', '20890101000000Z')
issue('renewed', '20200101000000Z', '20900101000000Z')
issue('ended', '20200101000000Z', '20210101000000Z')
issue('early', '20880101000000Z', '20890101000000Z')
const ca = readFileSync(at('ca.pem'))

const node = await setUpNode('tls.example', async (port) => ({
  publicUrl: `https://localhost:${port}`,
  officersUrl: `https://localhost:${port + 1}`,
  federationUrl: `https://localhost:${port + 2}`,
}))
const plain = readFileSync(node.config, 'utf8')

/** The configuration with a certificate at every door. */
function configured(certificateFile: string, keyFile: string): void {
  const tls = JSON.stringify({ certificateFile, keyFile })
  const text = plain.replaceAll(/(url: "https:\/\/localhost:\d+") \}/g, `$1, tls: ${tls} }`)
  assert.equal(text.match(/tls: \{"/g)?.length, 3)
  writeFileSync(node.config, text)
}

type Seen = {
  readonly status: number
  readonly only: string
  readonly subject: string
  readonly protocol: string
}

function ask(port: number, trusted: readonly Buffer[] = [ca]): Promise<Seen> {
  const { promise, resolve, reject } = Promise.withResolvers<Seen>()
  const options = { host: 'localhost', port, path: '/health', agent: false }
  request({ ...options, ca: [...trusted] }, (answer) => {
    const socket = answer.socket as import('node:tls').TLSSocket
    const subject = String(socket.getPeerCertificate().subject.CN)
    answer.resume()
    const only = String(answer.headers['strict-transport-security'])
    resolve({ status: answer.statusCode ?? 0, only, subject, protocol: socket.getProtocol() ?? '' })
  })
    .on('error', reject)
    .end()
  return promise
}

test('each door speaks TLS with its certificate, and takes a renewed one while it serves', async () => {
  // Paths count from the folder of the configuration.
  for (const end of ['pem', 'key']) {
    writeFileSync(join(node.folder, `door.${end}`), readFileSync(at(`good.${end}`)), {
      mode: 0o600,
    })
  }
  configured('door.pem', 'door.key')
  const serving = await serve(node.config)
  for (const offset of DOORS.keys()) {
    const { status, subject, protocol, only } = await ask(node.port + offset)
    assert.deepEqual([status, subject, protocol], [200, 'good', 'TLSv1.3'])
    assert.equal(only, 'max-age=31536000')
  }
  await assert.rejects(ask(node.port, []), /self-signed|unable to (get|verify)/)
  await assert.rejects(fetch(`http://localhost:${node.port}/health`))
  await assert.rejects(olderTls(node.port), /protocol version|alert|EPROTO|unsupported/i)

  // Half of the renewal: what does not fit is not taken.
  const put = (name: string, end: string) => {
    const next = join(node.folder, `next.${end}`)
    writeFileSync(next, readFileSync(at(`${name}.${end}`)), { mode: 0o600 })
    renameSync(next, join(node.folder, `door.${end}`))
  }
  put('renewed', 'pem')
  await waitFor('the half to be refused', async () => {
    return /certificate-not-taken.*"public"/.test(serving.printed())
  })
  assert.equal((await ask(node.port)).subject, 'good')
  put('renewed', 'key')
  for (const offset of DOORS.keys()) {
    await waitFor('the renewed certificate', async () => {
      return (await ask(node.port + offset)).subject === 'renewed'
    })
  }
  assert.match(serving.printed(), /"kind":"certificate-renewed","door":"officers"/)
  serving.process.kill('SIGTERM')
  assert.equal((await serving.ended).code, 0)
})

const sealed = at('sealed.key')
openssl('ec', '-in', at('good.key'), '-aes256', '-passout', 'pass:1234', '-out', sealed)
chmodSync(sealed, 0o600)
const open = at('open.key')
writeFileSync(open, readFileSync(at('good.key')))
chmodSync(open, 0o644)
writeFileSync(at('chain.pem'), Buffer.concat([ca, readFileSync(at('good.pem'))]))
writeFileSync(at('empty.pem'), '')

const BAD: Readonly<Record<string, readonly [string, string, RegExp]>> = {
  'no certificate file': ['nowhere.pem', 'good.key', /nowhere\.pem cannot be read \(ENOENT\): see/],
  'no key file': ['good.pem', 'nowhere.key', /nowhere\.key cannot be read \(ENOENT\)/],
  'a certificate that has ended': ['ended.pem', 'ended.key', /ended on 2021-01-01: renew it/],
  'a certificate of the future': ['early.pem', 'early.key', /counts only from 2088.*clock/],
  'the key of another': ['good.pem', 'renewed.key', /renewed\.key is the key of another/],
  'the root first': ['chain.pem', 'good.key', /own stands first there/],
  'a key for a certificate': ['good.key', 'good.key', /good\.key is no certificate in PEM/],
  'a certificate for a key': ['good.pem', 'good.pem', /good\.pem is no private key in PEM/],
  'an empty file': ['empty.pem', 'good.key', /empty\.pem is no certificate/],
  'a folder': ['.', 'good.key', /cannot be read \(EISDIR\)/],
  'a key sealed by a passphrase': ['good.pem', 'sealed.key', /sealed by a passphrase/],
  'a key that others can read': ['good.pem', 'open.key', /others can read .*chmod o=/],
}
for (const [name, [certificate, key, why]] of Object.entries(BAD)) {
  test(`refused: ${name}`, () => {
    const files = { certificateFile: at(certificate), keyFile: at(key) }
    assert.throws(
      () => readCertificate(files),
      (error: Error & { code?: string }) => {
        assert.equal(error.code, 'unavailable')
        assert.match(error.message, why)
        assert.doesNotMatch(error.message, /PRIVATE KEY/)
        return true
      },
    )
  })
}

test('a pair that would not do keeps the node from its start, and nothing was begun', async () => {
  configured(at('good.pem'), at('renewed.key'))
  const { code, out, err } = await comity(['serve', '--config', node.config])
  assert.deepEqual([code, out], [1, ''])
  assert.match(err, /^comity serve: \S+renewed\.key is the key of another.*\n$/)
})

test('a certificate at an address without https is a contradiction', async () => {
  configured(at('good.pem'), at('good.key'))
  const text = readFileSync(node.config, 'utf8').replace('url: "https:', 'url: "http:')
  writeFileSync(node.config, text)
  const { code, err } = await comity(['serve', '--config', node.config])
  assert.equal(code, 1)
  assert.match(err, /with a certificate is called with https/)
})

test('doctor says that a certificate has ended, or is for another name', async () => {
  const certificateOf = async () => {
    const { out } = await comity(['doctor', '--config', node.config, '--json'])
    const { findings } = JSON.parse(out) as { findings: { check: string; says: string }[] }
    return findings.filter(({ check }) => check === 'certificates').map(({ says }) => says)
  }
  configured(at('ended.pem'), at('ended.key'))
  assert.match((await certificateOf()).join(), /ended on 2021-01-01/)
  configured(at('good.pem'), at('good.key'))
  assert.match((await certificateOf()).join(), /3, none ends soon/)
  const text = readFileSync(node.config, 'utf8')
  writeFileSync(node.config, text.replace('url: "https://localhost', 'url: "https://elsewhere'))
  assert.match((await certificateOf()).join(), /public door is for other names/)
  rmSync(node.config)
})

function olderTls(port: number): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const options = {
    host: 'localhost',
    port,
    ca,
    maxVersion: 'TLSv1.1',
    minVersion: 'TLSv1',
  } as const
  const socket = connect({ ...options, ciphers: 'ALL:@SECLEVEL=0' }, () => {
    socket.destroy()
    resolve()
  })
  socket.on('error', reject)
  return promise
}
