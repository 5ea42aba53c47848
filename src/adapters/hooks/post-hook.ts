/**
 * One signed request to one endpoint (the form of standardwebhooks.com): HMAC-SHA256
 * over id, time and body. Only over TLS, except on this machine; never to an address
 * of a private network, which is checked when the connection is made, not before; a
 * redirect is not followed; what the endpoint answers is not read.
 */
import { createHmac } from 'node:crypto'
import { type LookupAddress, lookup as resolve } from 'node:dns'
import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { BlockList, isIP, type LookupFunction } from 'node:net'
import { malformed } from '../../base/errors.ts'
import { SECOND_MS } from '../../base/time.ts'

export type HookPlace = { readonly url: string; readonly secret: string }

export type HookMessage = { readonly id: string; readonly body: string; readonly atMs: number }

export type HookFault = 'unreachable' | 'privateAddress' | 'refused'

const PATIENCE_MS = 10 * SECOND_MS
const SECRET_MIN = 32
const LOOPBACK = new Set(['127.0.0.1', '[::1]', 'localhost'])

const privateNetworks = new BlockList()
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 3],
] as const) {
  privateNetworks.addSubnet(network, prefix, 'ipv4')
}
for (const [network, prefix] of [
  ['64:ff9b::', 96],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
  // Where an IPv4 address is hidden in an IPv6 one: 6to4, Teredo, local NAT64; and site-local.
  ['2002::', 16],
  ['2001::', 32],
  ['64:ff9b:1::', 48],
  ['fec0::', 10],
  ['::', 96],
] as const) {
  privateNetworks.addSubnet(network, prefix, 'ipv6')
}

/** An IPv4 address written as IPv6 counts as what it is. */
export function isPrivateAddress(address: string): boolean {
  const family = isIP(address)
  return family === 0 || privateNetworks.check(address, family === 6 ? 'ipv6' : 'ipv4')
}

/** @throws ComityError `malformed` if hooks must not go there */
export function requireHookPlace({ url, secret }: HookPlace): void {
  const { protocol, hostname, username, password } = new URL(url)
  const isLocal = LOOPBACK.has(hostname)
  if (protocol !== 'https:' && !(protocol === 'http:' && isLocal)) {
    throw malformed('a hook goes over https, or to this machine', { field: 'hooks.url' })
  }
  if (username || password) throw malformed('no password in an address', { field: 'hooks.url' })
  if (secret.length < SECRET_MIN) {
    throw malformed(`a secret has at least ${SECRET_MIN} characters`, { field: 'hooks.secretFile' })
  }
}

function hookSignature({ id, body, atMs }: HookMessage, secret: string): string {
  const seconds = Math.floor(atMs / SECOND_MS)
  return `v1,${createHmac('sha256', secret).update(`${id}.${seconds}.${body}`).digest('base64')}`
}

/** `undefined`: delivered. */
export function postHook(place: HookPlace, message: HookMessage): Promise<HookFault | undefined> {
  const url = new URL(place.url)
  const isLocal = LOOPBACK.has(url.hostname)
  const literal = url.hostname.replace(/^\[|\]$/g, '')
  if (!isLocal && isIP(literal) !== 0 && isPrivateAddress(literal)) {
    return Promise.resolve('privateAddress')
  }
  const send = url.protocol === 'https:' ? httpsRequest : httpRequest
  return new Promise((done) => {
    const request = send(url, {
      method: 'POST',
      timeout: PATIENCE_MS,
      // Whoever answers a byte at a time holds up nobody else.
      signal: AbortSignal.timeout(2 * PATIENCE_MS),
      agent: false,
      ...(isLocal ? {} : { lookup: publicLookup }),
      headers: {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(message.body),
        'webhook-id': message.id,
        'webhook-timestamp': String(Math.floor(message.atMs / SECOND_MS)),
        'webhook-signature': hookSignature(message, place.secret),
      },
    })
    request.on('response', (response) => {
      const { statusCode = 0 } = response
      response.destroy()
      done(statusCode >= 200 && statusCode < 300 ? undefined : 'refused')
    })
    request.on('timeout', () => request.destroy(new Error('no answer')))
    request.on('error', (error: NodeJS.ErrnoException) =>
      done(error.code === PRIVATE ? 'privateAddress' : 'unreachable'),
    )
    request.end(message.body)
  })
}

const PRIVATE = 'EPRIVATE'

/** Resolves once, and hands on only if every address is public. */
const publicLookup: LookupFunction = (hostname, options, callback) => {
  resolve(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
    if (error) return callback(error, '', 0)
    const [first] = addresses
    if (!first || addresses.some(({ address }) => isPrivateAddress(address))) {
      return callback(Object.assign(new Error('not a public address'), { code: PRIVATE }), '', 0)
    }
    return options.all ? callback(null, addresses) : callback(null, first.address, first.family)
  })
}
