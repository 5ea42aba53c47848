/**
 * drand's `quicknet`: a value every three seconds, signed by a group of organisations
 * with one BLS key. Nothing is fetched: an officer brings the round's signature, and it
 * verifies or it does not.
 *
 * Scheme `bls-unchained-g1-rfc9380`: the message is SHA-256 of the round as eight bytes,
 * the randomness SHA-256 of the signature. The chain's figures are what the network
 * says of itself under `/<chain>/info`.
 */
import { bls12_381 } from '@noble/curves/bls12-381.js'
import { sha256 } from '@noble/hashes/sha2.js'
import type { Beacon } from '../../app/ports/beacon.ts'
import { fromHex, toHex } from '../../base/bytes.ts'
import { type Instant, instantFromMs, msOf } from '../../base/time.ts'

const CHAIN = '52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971'
const PUBLIC_KEY =
  '83cf0f2896adee7eb8b5f01fcad3912212c437e0073e911fb90022d3e760183c' +
  '8c4b450b6a0a6c3ac6a5776a2d1064510d1fec758c921cc22b0e17e63aaf4bcb' +
  '5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45a'
const GENESIS_MS = 1_692_803_367_000
const PERIOD_MS = 3000
const DOMAIN = 'BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_'
const SIGNATURE_SIZE = 48

export function quicknet(publicKey: string = PUBLIC_KEY, chain: string = CHAIN): Beacon {
  const { shortSignatures, G2 } = bls12_381
  return {
    chain,
    name: 'drand quicknet',
    roundAt: (at: Instant) => Math.max(1, Math.ceil((msOf(at) - GENESIS_MS) / PERIOD_MS) + 1),
    appearsAt: (round) => instantFromMs(GENESIS_MS + (round - 1) * PERIOD_MS),
    randomnessOf(round, signature) {
      if (signature.length !== SIGNATURE_SIZE) return undefined
      const point = shortSignatures.hash(sha256(bigEndian(round)), DOMAIN)
      return isSigned(point, signature, G2.Point.fromHex(publicKey)) ? sha256(signature) : undefined
    },
  }

  function isSigned(
    message: ReturnType<typeof shortSignatures.hash>,
    signature: Uint8Array,
    key: InstanceType<typeof G2.Point>,
  ): boolean {
    try {
      return shortSignatures.verify(
        shortSignatures.Signature.fromHex(toHex(signature)),
        message,
        key,
      )
    } catch {
      // Not a point of the curve.
      return false
    }
  }
}

function bigEndian(round: number): Uint8Array {
  return fromHex(BigInt(round).toString(16).padStart(16, '0'))
}
