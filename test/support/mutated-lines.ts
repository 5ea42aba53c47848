/** Lines of `comity eval` that no friend sends: a good one changed by a seed, in its text or in its values. */
import { Buffer } from 'node:buffer'
import type { Json } from '../../src/base/canonical-json.ts'
import type { SeededRandom } from './seeded-random.ts'

type Holder = { [member: string]: Json }

const STRANGE: readonly Json[] = [
  ...[null, true, false, 0, -1, 0.5, 1e308, 2 ** 53, -0, '', ' ', 'x', '\n', '\n\n', '…'],
  ...['0', '-1', '1e9', '99999999999999999999', 'AAAA', 'AA==', '2027-02-30T00:00:00.000Z'],
  ...['AGE-SECRET-KEY-1QQQQ', 'a+b+c', '—', '\u2028', '\ud83d\ude00', [], {}, [[]], [{}], { a: 1 }],
]
const PIECES = [
  '\n',
  '\n\n',
  '— ',
  '+',
  '=',
  ' ',
  '\r',
  '\t',
  '0',
  '9'.repeat(400),
  'A'.repeat(5000),
]

/** Bytes as they would come in: often a value that is JSON, sometimes no JSON, sometimes no UTF-8. */
export function mutatedLine(good: Json, random: SeededRandom): Uint8Array {
  const text = Buffer.from(JSON.stringify(good))
  if (random.chance(0.1)) return brokenBytes(text, random)
  let line: Json = JSON.parse(text.toString())
  const changes = 1 + random.below(3)
  for (let done = 0; done < changes; done++) line = changedValue(line, random)
  return Buffer.from(JSON.stringify(line))
}

function brokenBytes(bytes: Uint8Array, random: SeededRandom): Uint8Array {
  const at = random.below(bytes.length)
  const [head, tail] = [bytes.subarray(0, at), bytes.subarray(at)]
  const between = Uint8Array.from({ length: random.below(9) }, () => random.below(256))
  return random.pick([
    () => head,
    () => tail,
    () => Buffer.concat([head, between, tail]),
    () => Buffer.concat([bytes, bytes]),
    () => Buffer.concat([head, Buffer.from('['.repeat(4000)), tail]),
    () => between,
  ])()
}

function changedValue(value: Json, random: SeededRandom): Json {
  const places = placesIn(value)
  if (places.length === 0 || random.chance(0.02)) return strange(random)
  const { holder, key } = random.pick(places)
  const old = holder[key] as Json
  const change = random.below(10)
  if (change === 0) remove(holder, key)
  else if (change === 1) holder[key] = strange(random)
  else if (change === 2)
    holder[key] = structuredClone(holder[random.pick(Object.keys(holder))] ?? null)
  else if (change === 3) holder[key] = repeated(old, random.pick([1, 2, 300]))
  else if (change === 4) holder[`${key}x`] = old
  else if (typeof old === 'string') holder[key] = changedText(old, random)
  else if (typeof old === 'number') holder[key] = old + random.pick([-1, 1, 0.5, 2 ** 53])
  else holder[key] = strange(random)
  return value
}

const strange = (random: SeededRandom): Json => structuredClone(random.pick(STRANGE))
const repeated = (value: Json, times: number): Json =>
  Array.from({ length: times }, () => structuredClone(value))

/** An index of a list is no member that can be left out. */
function remove(holder: Holder, key: string): void {
  if (Array.isArray(holder)) holder.splice(Number(key), 1)
  else delete holder[key]
}

function placesIn(value: Json): { holder: Holder; key: string }[] {
  if (value === null || typeof value !== 'object') return []
  const holder = value as Holder
  return Object.keys(holder).flatMap((key) => [{ holder, key }, ...placesIn(holder[key] as Json)])
}

/** One place of a text: a letter, a line, a piece more or less; in base64, of its bytes too. */
export function changedText(text: string, random: SeededRandom): string {
  const at = random.below(text.length + 1)
  const end = Math.min(text.length, at + 1 + random.below(random.pick([1, 8, 400])))
  const lines = text.split('\n')
  const line = random.below(lines.length)
  return random.pick([
    () => text.slice(0, at) + text.slice(end),
    () => text.slice(0, at) + random.pick(PIECES) + text.slice(at),
    () => text.slice(0, at) + String.fromCharCode(random.below(0x180)) + text.slice(at + 1),
    () => text.slice(0, at),
    () => text + text.slice(at, end),
    () => lines.toSpliced(line, 1).join('\n'),
    () => lines.toSpliced(line, 0, lines[random.below(lines.length)] as string).join('\n'),
    () => changedBytes(text, random),
  ])()
}

function changedBytes(text: string, random: SeededRandom): string {
  const bytes = Buffer.from(text, 'base64')
  if (bytes.length === 0) return text
  const at = random.below(bytes.length)
  bytes[at] = random.below(256)
  return bytes.toString('base64')
}
