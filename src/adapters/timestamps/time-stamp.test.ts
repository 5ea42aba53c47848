/** The client against the real `openssl ts`, behind a small server of this test. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { before, describe, test } from 'node:test'
import { AsnConvert } from '@peculiar/asn1-schema'
import { TimeStampReq } from '@peculiar/asn1-tsp'
import {
  at,
  authority,
  issue,
  makeRoot,
  openssl,
  pem,
  run,
  stamp,
} from '../../../test/support/openssl-tsa.ts'
import { addMs, DAY_MS, instantFromMs } from '../../base/time.ts'
import { requestTimeStamp, timeStampQuery } from './time-stamp-client.ts'
import { verifyTimeStampResponse, verifyTimeStampToken } from './time-stamp-token.ts'

const digest = createHash('sha256').update('an agreement').digest()
const nonce = Buffer.from('4011223344556677', 'hex')

describe('time stamps', {
  skip: openssl ? false : 'openssl is not installed: there is no responder',
}, () => {
  before(() => {
    makeRoot('root')
    makeRoot('stranger')
    issue('middle', 'root', { ca: true })
    issue('tsa', 'root')
    issue('tsa-below', 'middle')
    issue('tsa-ec', 'root', { algorithm: ['ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'] })
  })

  const now = () => instantFromMs(Date.now())
  const expected = () => ({
    digest,
    nonce,
    roots: [pem('root')],
    notBefore: addMs(now(), -DAY_MS / 24),
    notAfter: addMs(now(), DAY_MS / 24),
  })

  for (const [signer, chain] of [['tsa'], ['tsa-ec'], ['tsa-below', 'middle']] as const) {
    test(`a stamp of ${signer} verifies, over HTTP and again when it was kept`, async () => {
      const url = await authority((query) => stamp(query, signer, chain))
      const { token, stamp: made } = await requestTimeStamp({ url, roots: [pem('root')] }, digest)
      assert.equal(made.authority, `CN=${signer}`)
      assert.equal(made.policy, '1.2.3.4.1')
      assert.ok(Math.abs(Date.parse(made.at) - Date.now()) < 60_000)
      const { nonce: _, ...later } = expected()
      assert.deepEqual(verifyTimeStampToken(token, later), made)
      writeFileSync(at('kept.tst'), token)
      run(
        ...['ts', '-verify', '-token_in', '-in', 'kept.tst', '-digest', digest.toString('hex')],
        ...['-CAfile', 'root.crt', ...(chain ? ['-untrusted', `${chain}.crt`] : [])],
      )
    })
  }

  const cases: Readonly<
    Record<string, readonly [() => Uint8Array, Partial<ReturnType<typeof expected>>, string]>
  > = {
    'another digest': [
      () => stamp(timeStampQuery(createHash('sha256').update('x').digest(), nonce), 'tsa'),
      {},
      'imprint',
    ],
    'another nonce': [
      () => stamp(timeStampQuery(digest, Buffer.from('4011223344556678', 'hex')), 'tsa'),
      {},
      'nonce',
    ],
    'a stranger\u2019s root': [
      () => stamp(timeStampQuery(digest, nonce), 'tsa'),
      { roots: [] },
      'chain',
    ],
    'another pinned root': [
      () => stamp(timeStampQuery(digest, nonce), 'tsa'),
      {
        get roots() {
          return [pem('stranger')]
        },
      },
      'chain',
    ],
    'a chain that was left out': [
      () => stamp(timeStampQuery(digest, nonce), 'tsa-below'),
      {},
      'chain',
    ],
    'a time before the request': [
      () => stamp(timeStampQuery(digest, nonce), 'tsa'),
      { notBefore: addMs(now(), DAY_MS), notAfter: addMs(now(), 2 * DAY_MS) },
      'time',
    ],
    'a time after the answer': [
      () => stamp(timeStampQuery(digest, nonce), 'tsa'),
      { notBefore: addMs(now(), -2 * DAY_MS), notAfter: addMs(now(), -DAY_MS) },
      'time',
    ],
    'a digest that the authority refuses': [
      () => {
        // SHA-1 is not among its digests: a real refusal.
        writeFileSync(at('data'), 'x')
        run('ts', '-query', '-data', 'data', '-sha1', '-cert', '-out', 'sha1.tsq')
        return stamp(readFileSync(at('sha1.tsq')), 'tsa')
      },
      {},
      'refused',
    ],
  }
  for (const [name, [response, change, reason]] of Object.entries(cases)) {
    test(`refused: ${name}`, () => {
      assert.throws(() => verifyTimeStampResponse(response(), { ...expected(), ...change }), {
        code: 'unverified',
        reason,
      })
    })
  }

  test('no byte of a response can be changed into another that verifies', () => {
    const good = stamp(timeStampQuery(digest, nonce), 'tsa')
    const first = verifyTimeStampResponse(good, expected())
    // Every bit of the signing time: some make one that is read and cannot be written again.
    const signingTime = Buffer.from(good).lastIndexOf(Buffer.from('06092a864886f70d010905', 'hex'))
    assert.ok(signingTime > 0)
    const places = [
      ...Array.from({ length: Math.ceil(good.length / 5) }, (_, n) => [n * 5, 0x04] as const),
      ...Array.from({ length: 28 * 8 }, (_, n) => [signingTime + (n >> 3), 1 << (n & 7)] as const),
    ]
    for (const [index, mask] of places) {
      const changed = new Uint8Array(good).with(index, (good[index] ?? 0) ^ mask)
      let outcome: unknown
      try {
        outcome = verifyTimeStampResponse(changed, expected()).stamp
      } catch (error) {
        assert.equal((error as Error).name, 'ComityError', `${index}: ${error}`)
        continue
      }
      // What is outside the signature may differ; what the stamp says may not.
      assert.deepEqual(outcome, first.stamp, String(index))
    }
  })

  test('a response that is cut, empty or something else is malformed', () => {
    const good = stamp(timeStampQuery(digest, nonce), 'tsa')
    for (const bytes of [
      new Uint8Array(),
      good.subarray(0, 50),
      good.subarray(0, -1),
      Buffer.from('<html>'),
      randomBytes(70_000),
    ]) {
      assert.throws(() => verifyTimeStampResponse(bytes, expected()), { name: 'ComityError' })
    }
  })

  test('a certificate that ended before the stamp, or has not begun, stamps nothing', () => {
    const dates = ['-not_before', '20200101000000Z', '-not_after', '20200201000000Z']
    const hasDates = spawnSync('openssl', ['x509', '-help']).stderr.includes('-not_before')
    issue('expired', 'root', { dates: hasDates ? dates : ['-days', '-1'] })
    const response = stamp(timeStampQuery(digest, nonce), 'expired')
    assert.throws(() => verifyTimeStampResponse(response, expected()), { reason: 'certificate' })
  })

  const purposes: Readonly<Record<string, string>> = {
    'no purpose': '',
    'a purpose that may be overlooked': 'timeStamping',
    'another purpose': 'critical,codeSigning',
    'a second purpose': 'critical,timeStamping,codeSigning',
  }
  for (const [index, [name, usage]] of Object.entries(purposes).entries()) {
    test(`a certificate with ${name} stamps nothing`, () => {
      const good = stamp(timeStampQuery(digest, nonce), 'tsa')
      assert.equal(resignedBy(good, 'tsa').reason, undefined)
      issue(`purpose-${index}`, 'root', { usage })
      assert.equal(resignedBy(good, `purpose-${index}`).reason, 'purpose')
    })
  }

  /** The same content under another certificate, as `openssl ts` itself would refuse to make. */
  function resignedBy(response: Uint8Array, signer: string): { readonly reason?: string } {
    writeFileSync(at('good.tsr'), response)
    run('ts', '-reply', '-in', 'good.tsr', '-token_out', '-out', 'good.tst')
    run(
      ...[
        'cms',
        '-verify',
        '-inform',
        'DER',
        '-in',
        'good.tst',
        '-noverify',
        '-out',
        'content.der',
      ],
    )
    run(
      ...['cms', '-sign', '-binary', '-nodetach', '-cades', '-md', 'sha256', '-in', 'content.der'],
      ...['-econtent_type', '1.2.840.113549.1.9.16.1.4', '-signer', `${signer}.crt`],
      ...['-inkey', `${signer}.key`, '-outform', 'DER', '-out', 'resigned.tst'],
    )
    try {
      verifyTimeStampToken(readFileSync(at('resigned.tst')), expected())
      return {}
    } catch (error) {
      return error as { reason: string }
    }
  }

  test('a policy is asked for, and an answer under another is refused', async () => {
    const roots = [pem('root')]
    const own = await authority((query) => stamp(query, 'tsa'))
    const { stamp: made } = await requestTimeStamp({ url: own, roots, policy: '1.2.3.4.1' }, digest)
    assert.equal(made.policy, '1.2.3.4.1')
    const asking = (url: string) => requestTimeStamp({ url, roots, policy: '1.2.3.4.9' }, digest)
    await assert.rejects(asking(own), { code: 'unverified', reason: 'refused' })
    const deaf = await authority((query) => {
      const { nonce } = AsnConvert.parse(new Uint8Array(query).buffer, TimeStampReq)
      return stamp(timeStampQuery(digest, new Uint8Array(nonce ?? new ArrayBuffer())), 'tsa')
    })
    await assert.rejects(asking(deaf), { code: 'unverified', reason: 'policy' })
  })

  test('what does not answer as it should is an outage', async () => {
    const good = (query: Uint8Array) => stamp(query, 'tsa')
    const places = [
      await authority(good, { status: 500 }),
      await authority(good, { status: 302 }),
      await authority(good, { type: 'text/html' }),
      await authority(() => randomBytes(100_000)),
      await authority(() => undefined),
      'http://127.0.0.1:9/',
    ]
    for (const url of places) {
      const asked = requestTimeStamp({ url, roots: [pem('root')], timeoutMs: 1_500 }, digest)
      await assert.rejects(asked, { code: 'unavailable' }, url)
    }
  })
})
