/**
 * What every set of mutations shares: how bytes and JSON are changed by a seed, and how it
 * is counted what became of each. A mutation is detected if it has no effect, leaves the
 * state as it was and is named by a code, a negative receipt or an alarm. One that changes
 * only what nobody reads is counted apart, with its reason, and must then be taken as if it
 * had not been made.
 */
import type { Json } from '../../src/base/canonical-json.ts'
import type { HttpRequest } from '../../src/wire/http-message.ts'
import type { SeededRandom } from './seeded-random.ts'

export type Verdict =
  | { readonly kind: 'detected'; readonly by: string }
  /** Nothing that is read was changed; `why` says what. */
  | { readonly kind: 'harmless'; readonly why: string }
  | { readonly kind: 'missed'; readonly what: string }

export type Tally = {
  count(family: string, verdict: Verdict): void
  readonly total: number
  readonly detected: number
  /** By family and what it was named by. */
  readonly by: ReadonlyMap<string, number>
  readonly harmless: ReadonlyMap<string, number>
  readonly missed: readonly string[]
}

export function newTally(): Tally {
  const by = new Map<string, number>()
  const harmless = new Map<string, number>()
  const missed: string[] = []
  let [total, detected] = [0, 0]
  const add = (counts: Map<string, number>, key: string) =>
    void counts.set(key, (counts.get(key) ?? 0) + 1)
  return {
    count(family, verdict) {
      total += 1
      if (verdict.kind === 'detected') {
        detected += 1
        add(by, `${family}: ${verdict.by}`)
      } else if (verdict.kind === 'harmless') add(harmless, `${family}: ${verdict.why}`)
      else missed.push(`${family}: ${verdict.what}`)
    },
    get total() {
      return total
    },
    get detected() {
      return detected
    },
    by,
    harmless,
    missed,
  }
}

export function flippedBit(bytes: Uint8Array, random: SeededRandom): Uint8Array<ArrayBuffer> {
  const changed = new Uint8Array(bytes)
  const at = random.below(changed.length)
  changed[at] = (changed[at] ?? 0) ^ (1 << random.below(8))
  return changed
}

/** A bit of a text that stays a text of printable ASCII, as a field of HTTP can hold it. */
export function flippedText(text: string, random: SeededRandom): string {
  for (;;) {
    const at = random.below(text.length)
    const code = text.charCodeAt(at) ^ (1 << random.below(7))
    if (code > 0x20 && code < 0x7f) {
      return text.slice(0, at) + String.fromCharCode(code) + text.slice(at + 1)
    }
  }
}

/** Cut, or with something more at its end. */
export function resized(bytes: Uint8Array, random: SeededRandom): Uint8Array<ArrayBuffer> {
  if (random.chance(0.5)) return new Uint8Array(bytes.slice(0, random.below(bytes.length)))
  const longer = new Uint8Array(bytes.length + 1 + random.below(20))
  longer.set(bytes)
  longer.fill(32 + random.below(90), bytes.length)
  return longer
}

type Place = { readonly holder: Record<string, Json>; readonly key: string }

/** One member of a JSON value anywhere in it: another value, taken away, or one more beside it. */
export function editedJson(value: Json, random: SeededRandom): Json {
  const changed = structuredClone(value) as Json
  const { holder, key } = random.pick(placesIn(changed))
  const old = holder[key] as Json
  const way = random.below(4)
  if (way === 0 && Array.isArray(holder)) holder.splice(Number(key), 1)
  else if (way === 0) delete holder[key]
  else if (way === 1 && Array.isArray(holder)) holder.push(old)
  else if (way === 1) holder[`${key}x`] = old
  else holder[key] = otherThan(old, random)
  return changed
}

function placesIn(value: Json): readonly Place[] {
  if (value === null || typeof value !== 'object') return []
  const holder = value as Record<string, Json>
  return Object.keys(holder).flatMap((key) => [{ holder, key }, ...placesIn(holder[key] as Json)])
}

function otherThan(old: Json, random: SeededRandom): Json {
  if (typeof old === 'number') return old + 1 + random.below(5)
  if (typeof old === 'boolean') return !old
  if (typeof old === 'string' && old.length > 0) return flippedText(old, random)
  return random.pick<Json>([null, 7, 'other', []].filter((one) => one !== old) as Json[])
}

/** Another order of the same items. */
export function reordered<T>(list: readonly T[], random: SeededRandom): T[] {
  const [first, second] = [random.below(list.length), random.below(list.length - 1)]
  const other = second >= first ? second + 1 : second
  const changed = [...list]
  changed[first] = list[other] as T
  changed[other] = list[first] as T
  return changed
}

/** The same place of the wire as `base`, whatever stands in between. */
export const pathOf = ({ targetUri }: HttpRequest): string => {
  const { pathname, search } = new URL(targetUri)
  return pathname + search
}
