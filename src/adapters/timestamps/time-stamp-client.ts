/** Asks a time-stamp authority over HTTP (RFC 3161, 3.4). Only a digest leaves. */
import { randomBytes } from 'node:crypto'
import { request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { AsnConvert, OctetString } from '@peculiar/asn1-schema'
import { MessageImprint, TimeStampReq, TimeStampReqVersion } from '@peculiar/asn1-tsp'
import { AlgorithmIdentifier } from '@peculiar/asn1-x509'
import type { Bytes } from '../../base/bytes.ts'
import { unavailable } from '../../base/errors.ts'
import { type Instant, instantFromMs } from '../../base/time.ts'
import { type TimeStamp, verifyTimeStampResponse } from './time-stamp-token.ts'

export type TimeStampAuthority = {
  readonly url: string
  /** PEM certificates, pinned by an administrator. */
  readonly roots: readonly string[]
  readonly timeoutMs?: number
}

const SHA256 = '2.16.840.1.101.3.4.2.1'
const NONCE_SIZE = 16
const RESPONSE_SIZE_MAX = 64 * 1024
const TIMEOUT_MS = 10_000

/**
 * @param digest SHA-256 of what is stamped
 * @throws ComityError `unavailable` if there is no answer; else as `verifyTimeStampResponse`
 */
export async function requestTimeStamp(
  authority: TimeStampAuthority,
  digest: Uint8Array,
  now: () => Instant = () => instantFromMs(Date.now()),
): Promise<{ readonly token: Bytes; readonly stamp: TimeStamp }> {
  const nonce = newNonce()
  const notBefore = now()
  const answer = await post(authority, timeStampQuery(digest, nonce))
  const { roots } = authority
  return verifyTimeStampResponse(answer, { digest, nonce, roots, notBefore, notAfter: now() })
}

export function timeStampQuery(digest: Uint8Array, nonce: Uint8Array): Bytes {
  const query = new TimeStampReq({
    version: TimeStampReqVersion.v1,
    messageImprint: new MessageImprint({
      hashAlgorithm: new AlgorithmIdentifier({ algorithm: SHA256, parameters: null }),
      hashedMessage: new OctetString(new Uint8Array(digest)),
    }),
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
