/** A value with each of its members left out or bent, one at a time, and a text spelt otherwise: for vectors. */

export type Bent<Made> = { readonly name: string; readonly says: string; readonly made: Made }

type Holder = { [member: string]: unknown }

/** @param optional members that may be left out, as paths with dots */
export function eachMember(value: object, optional: readonly string[] = []): Bent<object>[] {
  return pathsIn(value).flatMap((path) => {
    const place = path.join('.')
    const old = at(value, path)
    const bent = (way: string, says: string, made: unknown): Bent<object> => ({
      name: `${kebab(path)}-${way}`,
      says: `${place}: ${says}`,
      made: withMember(value, path, made),
    })
    return [
      ...(optional.includes(place) ? [] : [bent('missing', 'left out', undefined)]),
      bent('null', 'null', null),
      bent('other-type', 'of another type', ofAnotherType(old)),
      ...(isFixed(old) ? [bent('short', 'one byte short', cut(old))] : []),
    ]
  })
}

/** Canonical JSON, spelt in ways that are not canonical, or no JSON. */
export function eachSpelling(text: string): Bent<string>[] {
  const spelt = (name: string, says: string, made: string) => ({ name, says, made })
  const [first = ''] = /^\{"[^"]+":/.exec(text) ?? []
  return [
    spelt('space-before', 'a space before it', ` ${text}`),
    spelt('space-after', 'a space after it', `${text} `),
    spelt('line-end-after', 'a line end after it', `${text}\n`),
    spelt('space-inside', 'a space inside', text.replace(':', ': ')),
    spelt('escaped', 'a letter as an escape', text.replace('meridia', '\\u006deridia')),
    spelt('number', '1.0 instead of 1', text.replace('"v":1', '"v":1.0')),
    spelt('exponent', '1e0 instead of 1', text.replace('"v":1', '"v":1e0')),
    spelt(
      'member-twice',
      'its first member twice',
      text.replace(first, `${first}null,${first.slice(1)}`),
    ),
  ]
}

export function eachWreck(text: string): Bent<string>[] {
  const wreck = (name: string, says: string, made: string) => ({ name, says, made })
  return [
    wreck('empty', 'nothing', ''),
    wreck('half', 'half of it', text.slice(0, text.length / 2)),
    wreck('byte-missing', 'without its last byte', text.slice(0, -1)),
    wreck('byte-after', 'a byte after it', `${text}x`),
    wreck('twice', 'twice', text + text),
    wreck('comma', 'a comma before its end', `${text.slice(0, -1)},}`),
    wreck('byte-order-mark', 'a byte order mark before it', `\ufeff${text}`),
  ]
}

/** Members of objects; of a list those of its first item. */
function pathsIn(value: unknown, before: readonly string[] = []): string[][] {
  if (value === null || typeof value !== 'object') return []
  if (Array.isArray(value)) return pathsIn(value[0], [...before, '0'])
  return Object.entries(value).flatMap(([member, inner]) => {
    const path = [...before, member]
    return [path, ...pathsIn(inner, path)]
  })
}

const at = (value: object, path: readonly string[]): unknown =>
  path.reduce<unknown>((inner, member) => (inner as Holder)[member], value)

function withMember(value: object, path: readonly string[], made: unknown): object {
  const copy = structuredClone(value)
  const holder = at(copy, path.slice(0, -1)) as Holder
  const member = path.at(-1) as string
  if (made === undefined) delete holder[member]
  else holder[member] = made
  return copy
}

function ofAnotherType(old: unknown): unknown {
  if (typeof old === 'string') return 7
  if (typeof old === 'number') return String(old)
  return Array.isArray(old) ? {} : []
}

const isFixed = (old: unknown): old is string =>
  typeof old === 'string' && (/^[0-9a-f]{64}$/.test(old) || /^[A-Za-z0-9+/]{43}=$/.test(old))

const cut = (text: string) =>
  text.length === 64 ? text.slice(2) : Buffer.from(text, 'base64').subarray(1).toString('base64')

const kebab = (path: readonly string[]) =>
  path
    .filter((member) => member !== '0')
    .join('-')
    .replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
