/**
 * A token behind a vendor's PKCS #11 library, called through `node:ffi`. For a child
 * process only: calls block, and a fault in the library ends the process it is in.
 *
 * `node:ffi` is experimental in Node 26; the version of Node is pinned, and a test
 * runs against SoftHSM. Chosen over OpenSC's `pkcs11-tool`, which takes the PIN as
 * an argument or from the environment, signs in a process for each signature, and in
 * common versions cannot make an Ed25519 key that its own next call can use.
 */
import { createPublicKey } from 'node:crypto'
import { dlopen, getRawPointer } from 'node:ffi'

const CKU_USER = 1n
const SESSION = 0x2n + 0x4n
const ALREADY = new Set([0x100n, 0x191n])
const PIN_INCORRECT = 0xa0n
const CKO_PUBLIC = 2n
const CKO_PRIVATE = 3n
const CKM = { rsaKeyPair: 0n, oaep: 9n, sha1: 0x220n, edwardsKeyPair: 0x1055n, eddsa: 0x1057n }
const CKA = {
  class: 0n,
  token: 1n,
  private: 2n,
  label: 3n,
  sensitive: 0x103n,
  decrypt: 0x105n,
  sign: 0x108n,
  verify: 0x10an,
  modulus: 0x120n,
  modulusBits: 0x121n,
  publicExponent: 0x122n,
  extractable: 0x162n,
  ecParams: 0x180n,
  ecPoint: 0x181n,
} as const
const ED25519 = Buffer.from('06032b6570', 'hex')
const RSA_BITS = 3072n

type Attribute = readonly [bigint, Buffer]

/** `reason` is one of a few words that the parent understands. */
export class TokenError extends Error {
  readonly reason: string
  constructor(reason: string) {
    super(reason)
    this.reason = reason
  }
}

const ulong = 'uint64'
const SIGNATURES = {
  C_Initialize: { return: ulong, arguments: ['pointer'] },
  C_GetSlotList: { return: ulong, arguments: ['uint8', 'pointer', 'pointer'] },
  C_GetTokenInfo: { return: ulong, arguments: [ulong, 'pointer'] },
  C_OpenSession: { return: ulong, arguments: [ulong, ulong, 'pointer', 'pointer', 'pointer'] },
  C_Login: { return: ulong, arguments: [ulong, ulong, 'pointer', ulong] },
  C_FindObjectsInit: { return: ulong, arguments: [ulong, 'pointer', ulong] },
  C_FindObjects: { return: ulong, arguments: [ulong, 'pointer', ulong, 'pointer'] },
  C_FindObjectsFinal: { return: ulong, arguments: [ulong] },
  C_GetAttributeValue: { return: ulong, arguments: [ulong, ulong, 'pointer', ulong] },
  C_GenerateKeyPair: {
    return: ulong,
    arguments: [ulong, 'pointer', 'pointer', ulong, 'pointer', ulong, 'pointer', 'pointer'],
  },
  C_SignInit: { return: ulong, arguments: [ulong, 'pointer', ulong] },
  C_Sign: { return: ulong, arguments: [ulong, 'pointer', ulong, 'pointer', 'pointer'] },
  C_DecryptInit: { return: ulong, arguments: [ulong, 'pointer', ulong] },
  C_Decrypt: { return: ulong, arguments: [ulong, 'pointer', ulong, 'pointer', 'pointer'] },
} as const

const load = (library: string) => dlopen(library, SIGNATURES).functions
type Calls = ReturnType<typeof load>

export function openToken(library: string, tokenLabel: string, pin: string) {
  const call = load(library)
  require(call.C_Initialize(null), 'library')
  const session = openSession(call, slotOf(call, tokenLabel), pin)
  const { find, keyNamed, attribute, makePair } = objectsIn(call, session)
  return {
    /** Raw Ed25519 key. */
    publicKey(label: string): Buffer {
      const point = attribute(keyNamed(CKO_PUBLIC, label), CKA.ecPoint)
      // An OCTET STRING around the point, as the standard has it, or the point alone.
      return point.length === 34 ? point.subarray(2) : point
    },
    makeSigner(label: string): void {
      makePair(
        label,
        CKM.edwardsKeyPair,
        [
          [CKA.ecParams, ED25519],
          [CKA.verify, yes],
        ],
        CKA.sign,
      )
    },
    sign(label: string, message: Buffer): Buffer {
      const how = mechanismOf(CKM.eddsa)
      require(call.C_SignInit(session, how.mechanism, keyNamed(CKO_PRIVATE, label)), 'sign')
      const [signature, size] = [Buffer.alloc(256), number(256n)]
      require(call.C_Sign(session, message, BigInt(message.length), signature, size), 'sign')
      return signature.subarray(0, Number(wordOf(size)))
    },
    /** SPKI of the RSA key that wraps; made if it is not there. */
    wrappingKey(label: string): Buffer {
      if (find(CKO_PRIVATE, label) === undefined) {
        const exponent = Buffer.from([1, 0, 1])
        const form: Attribute[] = [
          [CKA.modulusBits, number(RSA_BITS)],
          [CKA.publicExponent, exponent],
        ]
        makePair(label, CKM.rsaKeyPair, form, CKA.decrypt)
      }
      const handle = keyNamed(CKO_PUBLIC, label)
      const [n, e] = [attribute(handle, CKA.modulus), attribute(handle, CKA.publicExponent)]
      const jwk = { kty: 'RSA', n: n.toString('base64url'), e: e.toString('base64url') }
      return createPublicKey({ key: jwk, format: 'jwk' }).export({ type: 'spki', format: 'der' })
    },
    /** RSA-OAEP with SHA-1, which is what tokens share. */
    unwrap(label: string, wrapped: Buffer): Buffer {
      const parameters = Buffer.alloc(40)
      parameters.writeBigUInt64LE(CKM.sha1, 0)
      parameters.writeBigUInt64LE(1n, 8)
      parameters.writeBigUInt64LE(1n, 16)
      const how = mechanismOf(CKM.oaep, parameters)
      require(call.C_DecryptInit(session, how.mechanism, keyNamed(CKO_PRIVATE, label)), 'unwrap')
      const [plain, size] = [Buffer.alloc(1024), number(1024n)]
      require(call.C_Decrypt(session, wrapped, BigInt(wrapped.length), plain, size), 'unwrap')
      return plain.subarray(0, Number(wordOf(size)))
    },
  }
}

export type Token = ReturnType<typeof openToken>

function slotOf(call: Calls, label: string): bigint {
  const count = word()
  require(call.C_GetSlotList(1, null, count), 'token')
  const slots = Buffer.alloc(Number(wordOf(count)) * 8)
  if (slots.length > 0) require(call.C_GetSlotList(1, slots, count), 'token')
  const found: bigint[] = []
  for (let at = 0; at < slots.length; at += 8) {
    const info = Buffer.alloc(512)
    const slot = slots.readBigUInt64LE(at)
    if (call.C_GetTokenInfo(slot, info) !== 0n) continue
    if (info.toString('utf8', 0, 32).trimEnd() === label) found.push(slot)
  }
  const [only, ...others] = found
  if (only === undefined || others.length > 0) throw new TokenError('no-token')
  return only
}

function openSession(call: Calls, slot: bigint, pin: string): bigint {
  const handle = word()
  require(call.C_OpenSession(slot, SESSION, null, null, handle), 'token')
  const bytes = Buffer.from(pin)
  const answer = call.C_Login(wordOf(handle), CKU_USER, bytes, BigInt(bytes.length))
  if (answer === PIN_INCORRECT) throw new TokenError('pin')
  require(answer, 'login')
  return wordOf(handle)
}

/** The keys of a token, found by class and label. */
function objectsIn(call: Calls, session: bigint) {
  function find(objectClass: bigint, label: string): bigint | undefined {
    const { template, kept } = templateOf([
      [CKA.class, number(objectClass)],
      [CKA.label, Buffer.from(label)],
    ])
    require(call.C_FindObjectsInit(session, template, 2n), 'find')
    const [handles, count] = [Buffer.alloc(16), word()]
    require(call.C_FindObjects(session, handles, 2n, count), 'find')
    require(call.C_FindObjectsFinal(session), 'find')
    if (kept.length !== 2 || wordOf(count) > 1n) throw new TokenError('two-keys')
    return wordOf(count) === 0n ? undefined : handles.readBigUInt64LE(0)
  }

  function keyNamed(objectClass: bigint, label: string): bigint {
    const handle = find(objectClass, label)
    if (handle === undefined) throw new TokenError('no-key')
    return handle
  }

  function attribute(handle: bigint, type: bigint): Buffer {
    const value = Buffer.alloc(1024)
    const { template } = templateOf([[type, value]])
    require(call.C_GetAttributeValue(session, handle, template, 1n), 'attribute')
    return value.subarray(0, Number(template.readBigUInt64LE(16)))
  }

  function makePair(label: string, mechanism: bigint, publicPart: Attribute[], use: bigint): void {
    if (find(CKO_PRIVATE, label) !== undefined) throw new TokenError('key-there')
    const name: Attribute[] = [
      [CKA.token, yes],
      [CKA.label, Buffer.from(label)],
    ]
    const forPublic = templateOf([...name, ...publicPart])
    const forPrivate = templateOf([
      ...name,
      [CKA.private, yes],
      [CKA.sensitive, yes],
      [CKA.extractable, no],
      [use, yes],
    ])
    const how = mechanismOf(mechanism)
    const [publicKey, privateKey] = [word(), word()]
    const answer = call.C_GenerateKeyPair(
      session,
      how.mechanism,
      forPublic.template,
      BigInt(forPublic.kept.length),
      forPrivate.template,
      BigInt(forPrivate.kept.length),
      publicKey,
      privateKey,
    )
    require(answer, 'make')
  }

  return { find, keyNamed, attribute, makePair }
}

const yes = Buffer.from([1])
const no = Buffer.from([0])
const word = () => Buffer.alloc(8)
const wordOf = (bytes: Buffer) => bytes.readBigUInt64LE(0)

function number(value: bigint): Buffer {
  const bytes = word()
  bytes.writeBigUInt64LE(value)
  return bytes
}

/** `kept` must stay reachable while the template is used: it holds only addresses. */
function templateOf(attributes: readonly Attribute[]) {
  const template = Buffer.alloc(attributes.length * 24)
  const kept = attributes.map(([, value]) => value)
  for (const [index, [type, value]] of attributes.entries()) {
    template.writeBigUInt64LE(type, index * 24)
    template.writeBigUInt64LE(getRawPointer(value), index * 24 + 8)
    template.writeBigUInt64LE(BigInt(value.length), index * 24 + 16)
  }
  return { template, kept }
}

function mechanismOf(type: bigint, parameters?: Buffer) {
  const mechanism = Buffer.alloc(24)
  mechanism.writeBigUInt64LE(type, 0)
  if (parameters) {
    mechanism.writeBigUInt64LE(getRawPointer(parameters), 8)
    mechanism.writeBigUInt64LE(BigInt(parameters.length), 16)
  }
  return { mechanism, parameters }
}

function require(answer: bigint, reason: string): void {
  if (answer !== 0n && !ALREADY.has(answer)) throw new TokenError(reason)
}
