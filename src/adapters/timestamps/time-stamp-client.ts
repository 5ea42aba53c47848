/** Asks a time-stamp authority over HTTP (RFC 3161, 3.4). Only a digest leaves. */
import { randomBytes } from 'node:crypto'
import { request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { AsnConvert, OctetString } from '@peculiar/asn1-schema'
import { MessageImprint, TimeStampReq, TimeStampReqVersion } from '@peculiar/asn1-tsp'
import { AlgorithmIdentifier } from '@peculiar/asn1-x509'
import type { Bytes } from '../../base/bytes.ts'
import { ComityError, unavailable, unverified } from '../../base/errors.ts'
import { type Instant, instantFromMs } from '../../base/time.ts'
import { type TimeStamp, verifyTimeStampResponse } from './time-stamp-token.ts'

export type TimeStampAuthority = {
  readonly url: string
  /** PEM certificates, pinned by an administrator. */
  readonly roots: readonly string[]
  /** OID that is asked for; an answer under another is refused. */
  readonly policy?: string
  readonly timeoutMs?: number
}

const SHA256 = '2.16.840.1.101.3.4.2.1'
const NONCE_SIZE = 16
const RESPONSE_SIZE_MAX = 64 * 1024
const TIMEOUT_MS = 10_000

/**
 * @param digest SHA-256 of what is stamped
 * @throws ComityError `unavailable` if there is no answer; `unverified` as `verifyTimeStampResponse`,
 * with reason `policy` if it is under another one, `not-asn1` if it is no time stamp
 */
export async function requestTimeStamp(
  authority: TimeStampAuthority,
  digest: Uint8Array,
  now: () => Instant = () => instantFromMs(Date.now()),
): Promise<{ readonly token: Bytes; readonly stamp: TimeStamp }> {
  const nonce = newNonce()
  const notBefore = now()
  const answer = await post(authority, timeStampQuery(digest, nonce, authority.policy))
  const { roots } = authority
  const expected = { digest, nonce, roots, notBefore, notAfter: now() }
  const given = verified(() => verifyTimeStampResponse(answer, expected))
  if (authority.policy === undefined || given.stamp.policy === authority.policy) return given
  throw unverified('the time stamp is under another policy', { reason: 'policy' })
}

/** What is malformed here is the answer, never what our caller gave. */
function verified<T>(verify: () => T): T {
  try {
    return verify()
  } catch (cause) {
    if (!(cause instanceof ComityError) || cause.code !== 'malformed') throw cause
    throw unverified('the answer is not a time stamp', { reason: 'not-asn1', cause })
  }
}

export function timeStampQuery(digest: Uint8Array, nonce: Uint8Array, policy?: string): Bytes {
  const query = new TimeStampReq({
    version: TimeStampReqVersion.v1,
    messageImprint: new MessageImprint({
      hashAlgorithm: new AlgorithmIdentifier({ algorithm: SHA256, parameters: null }),
      hashedMessage: new OctetString(new Uint8Array(digest)),
    }),
    ...(policy === undefined ? {} : { reqPolicy: policy }),
    nonce: new Uint8Array(nonce).buffer,
    certReq: true,
  })
  return new Uint8Array(AsnConvert.serialize(query))
}

/** A positive number of full length, so that it has one spelling. */
function newNonce(): Uint8Array {
  const nonce = randomBytes(NONCE_SIZE)
  nonce[0] = 0x40 + ((nonce[0] ?? 0) % 0x40)
  return nonce
}

async function post(
  { url, timeoutMs = TIMEOUT_MS }: TimeStampAuthority,
  query: Uint8Array,
): Promise<Bytes> {
  const { promise, resolve, reject } = Promise.withResolvers<Bytes>()
  const send = url.startsWith('https:') ? requestHttps : requestHttp
  const signal = AbortSignal.timeout(timeoutMs)
  const headers = { 'content-type': 'application/timestamp-query' }
  const request = send(url, { method: 'POST', headers, signal }, (answer) => {
    const parts: Buffer[] = []
    let size = 0
    answer.on('data', (part: Buffer) => {
      size += part.length
      if (size > RESPONSE_SIZE_MAX) request.destroy(new Error('too long'))
      else parts.push(part)
    })
    answer.on('end', () => {
      const type = answer.headers['content-type']?.split(';')[0]
      if (answer.statusCode === 200 && type === 'application/timestamp-reply' && answer.complete) {
        resolve(new Uint8Array(Buffer.concat(parts)))
      } else reject(new Error(`status ${answer.statusCode}`))
    })
    answer.on('error', reject)
  })
  request.on('error', reject)
  request.end(query)
  try {
    return await promise
  } catch (cause) {
    throw unavailable('the time-stamp authority does not answer', { reason: 'time-stamp', cause })
  }
}
