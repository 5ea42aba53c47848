/**
 * Writes marks of identifiers under a key that is derived from a seed (RFC 9497, section
 * 3.2.1): `protocol/vectors/matching/marks.json`. A real answer makes a new key each time.
 * `--check` only compares.
 */
import { ristretto255_oprf } from '@noble/curves/ed25519.js'
import { markUnder } from '../src/adapters/matching.ts'
import { fromHex, toBase64, utf8 } from '../src/base/bytes.ts'
import { jsonText, writeOrCheck } from './generated-files.ts'

const seed = '07'.repeat(32)
const keyInfo = 'comity test key'
const keys = ristretto255_oprf.voprf.deriveKeyPair(fromHex(seed), utf8(keyInfo))
const [albion, meridia] = ['albion.example', 'meridia.example']

const marks = [
  { asker: albion, answerer: meridia, identifier: 'CVE-2099-4711' },
  { asker: meridia, answerer: albion, identifier: 'CVE-2099-4711' },
  { asker: albion, answerer: meridia, identifier: 'AVID-2099-R9001' },
].map((each) => ({ ...each, mark: markUnder(keys.secretKey, each, each.identifier) }))

const file = {
  says: 'marks under a key that is derived from a seed, for this vector only: RFC 9497, VOPRF, ristretto255-SHA512',
  seed,
  keyInfo,
  publicKey: toBase64(keys.publicKey),
  marks,
}

await writeOrCheck('protocol/vectors/matching', new Map([['marks.json', jsonText(file)]]))
