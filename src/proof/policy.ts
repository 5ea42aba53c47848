/**
 * Trust policies (C2SP tlog-policy): which logs are accepted, which witnesses
 * are known, and which sets of witnesses suffice (the quorum). It is the
 * machine-readable cosigning clause of an agreement.
 *
 * A policy says whom to trust about a log; it says nothing about entries.
 */
import { textFromUtf8 } from '../base/bytes.ts'
import { malformed } from '../base/errors.ts'
import { parseDecimal } from './decimal.ts'
import type { Hashing } from './primitives.ts'
import { formatVkey, KEY_TYPE, type KeyType, type NoteKey, parseVkey } from './vkey.ts'

export type PolicyLog = { readonly key: NoteKey; readonly url?: string }

/** Names are octet strings, one character an octet; they have no meaning outside the file. */
export type PolicyWitness = {
  readonly name: string
  readonly key: NoteKey
  readonly url?: string
}

export type PolicyGroup = {
  readonly name: string
  readonly threshold: number
  readonly members: readonly PolicyMember[]
}

export type PolicyMember = PolicyWitness | PolicyGroup

export type Policy = {
  readonly logs: readonly PolicyLog[]
  readonly witnesses: readonly PolicyWitness[]
  readonly quorum: PolicyMember | 'none'
}

/** Groups inside groups; a peer's policy must not exhaust the stack of whoever asks it. */
const DEPTH_MAX = 64

/** Of the file that people wrote. */
export const POLICY_SIZE_MAX = 256 * 1024
const NOT_ALLOWED = /[^\t\n\u0020-\u007e\u0080-\u00ff]/

/** @throws ComityError `malformed` with `line <number>` as field */
export function parsePolicy(primitives: Hashing, bytes: Uint8Array): Policy {
  if (bytes.length > POLICY_SIZE_MAX) throw malformed('policy is too long', { field: 'policy' })
  const text = octetsOf(bytes)
  if (NOT_ALLOWED.test(text)) throw malformed('policy holds a control character')
  const reader = new PolicyReader(primitives)
  for (const [index, line] of text.split('\n').entries()) {
    const [keyword, ...items] = line.split(/[ \t]+/).filter((item) => item !== '')
    if (keyword === undefined || keyword.startsWith('#')) continue
    reader.read(keyword, items, `line ${index + 1}`)
  }
  return reader.finish()
}

/** Whether these witness keys are a quorum. Pass only keys whose cosignatures were verified. */
export function isQuorum({ quorum }: Policy, cosigners: readonly NoteKey[]): boolean {
  return quorum === 'none' || hasWitnessed(quorum, new Set(cosigners.map(formatVkey)))
}

/** The other keys under which the policy lists the same witness, e.g. of another algorithm. */
export function otherKeysOf({ witnesses }: Policy, { name, publicKey }: NoteKey): NoteKey[] {
  return witnesses
    .map(({ key }) => key)
    .filter((key) => key.name === name && !sameOctets(key.publicKey, publicKey))
}

/**
 * Names of witnesses that could make up two of a quorum by themselves: two keys of one
 * name count for different members of a group that wants several of its members, but
 * not all. C2SP allows it; whoever agrees on a policy hardly means it.
 */
export function countedTwice({ quorum }: Policy): string[] {
  return quorum === 'none' ? [] : [...new Set(twiceIn(quorum))]
}

function twiceIn(member: PolicyMember): string[] {
  if ('key' in member) return []
  const { threshold, members } = member
  const inside = members.flatMap(twiceIn)
  if (threshold === 1 || threshold === members.length) return inside
  const names = members.flatMap((each) => [...new Set(namesIn(each))])
  return [...inside, ...names.filter((name, at) => names.indexOf(name) !== at)]
}

function namesIn(member: PolicyMember): string[] {
  return 'key' in member ? [member.key.name] : member.members.flatMap(namesIn)
}

function hasWitnessed(member: PolicyMember, cosigners: ReadonlySet<string>): boolean {
  if ('key' in member) return cosigners.has(formatVkey(member.key))
  const witnessed = member.members.filter((each) => hasWitnessed(each, cosigners))
  return witnessed.length >= member.threshold
}

class PolicyReader {
  readonly #primitives: Hashing
  readonly #logs: PolicyLog[] = []
  readonly #witnesses: PolicyWitness[] = []
  readonly #defined = new Map<string, PolicyMember>()
  readonly #grouped = new Set<string>()
  readonly #depths = new Map<PolicyMember, number>()
  #quorum: PolicyMember | 'none' | undefined

  constructor(primitives: Hashing) {
    this.#primitives = primitives
  }

  read(keyword: string, items: readonly string[], field: string): void {
    if (keyword === 'log') this.#readLog(items, field)
    else if (keyword === 'witness') this.#readWitness(items, field)
    else if (keyword === 'group') this.#readGroup(items, field)
    else if (keyword === 'quorum') this.#readQuorum(items, field)
    else throw malformed('unknown keyword', { field })
  }

  finish(): Policy {
    if (this.#quorum === undefined) throw malformed('policy has no quorum', { field: 'quorum' })
    return { logs: this.#logs, witnesses: this.#witnesses, quorum: this.#quorum }
  }

  #readLog(items: readonly string[], field: string): void {
    const [vkey, url] = requireItems(items, 1, 2, field)
    const key = this.#readKey(vkey, [KEY_TYPE.ed25519], this.#logs, field)
    this.#logs.push(withUrl({ key }, url, field))
  }

  #readWitness(items: readonly string[], field: string): void {
    const [name = '', vkey, url] = requireItems(items, 2, 3, field)
    const types = [KEY_TYPE.cosignature, KEY_TYPE.mlDsa44Cosignature]
    const key = this.#readKey(vkey, types, this.#witnesses, field)
    const witness = withUrl({ name, key }, url, field)
    this.#define(witness, field)
    this.#witnesses.push(witness)
  }

  #readGroup(items: readonly string[], field: string): void {
    const [name = '', thresholdText, ...names] = requireItems(items, 3, items.length, field)
    const threshold =
      thresholdText === 'all'
        ? names.length
        : thresholdText === 'any'
          ? 1
          : parseDecimal(thresholdText ?? '', field)
    if (threshold < 1 || threshold > names.length) {
      throw malformed('threshold is not between 1 and the number of members', { field })
    }
    const members = names.map((member) => this.#joinGroup(member, field))
    const group = { name, threshold, members }
    const depth = 1 + Math.max(...members.map((member) => this.#depths.get(member) ?? 0))
    if (depth > DEPTH_MAX) throw malformed('groups are nested too deep', { field })
    this.#depths.set(group, depth)
    this.#define(group, field)
  }

  #joinGroup(name: string, field: string): PolicyMember {
    if (this.#grouped.has(name)) throw malformed('name is a group member twice', { field })
    this.#grouped.add(name)
    return this.#lookUp(name, field)
  }

  #readQuorum(items: readonly string[], field: string): void {
    const [name = ''] = requireItems(items, 1, 1, field)
    if (this.#quorum !== undefined) throw malformed('policy has two quorums', { field })
    this.#quorum = name === 'none' ? 'none' : this.#lookUp(name, field)
  }

  #define(member: PolicyMember, field: string): void {
    if (member.name === 'none') throw malformed('the name none is reserved', { field })
    if (this.#defined.has(member.name)) throw malformed('name is defined twice', { field })
    this.#defined.set(member.name, member)
  }

  #lookUp(name: string, field: string): PolicyMember {
    const member = this.#defined.get(name)
    if (member === undefined) throw malformed('name is not defined above', { field })
    return member
  }

  /** One underlying key must not count twice, under whatever name. */
  #readKey(
    octets: string | undefined,
    types: readonly KeyType[],
    others: readonly { key: NoteKey }[],
    field: string,
  ): NoteKey {
    const key = parseVkey(this.#primitives, textOf(octets ?? '', field), field)
    if (!types.includes(key.type)) throw malformed('key has the wrong type for its role', { field })
    const isDuplicate = others.some((other) => sameOctets(other.key.publicKey, key.publicKey))
    if (isDuplicate) throw malformed('public key is listed twice', { field })
    return key
  }
}

function requireItems(
  items: readonly string[],
  min: number,
  max: number,
  field: string,
): readonly string[] {
  if (items.length >= min && items.length <= max) return items
  throw malformed('line has a wrong number of items', { field })
}

function withUrl<T extends object>(value: T, url: string | undefined, field: string) {
  return url === undefined ? value : { ...value, url: textOf(url, field) }
}

function octetsOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')
}

function textOf(octets: string, field: string): string {
  return textFromUtf8(
    Uint8Array.from(octets, (octet) => octet.charCodeAt(0)),
    field,
  )
}

function sameOctets(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index])
}
