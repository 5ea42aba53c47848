/**
 * Text that runs from right to left, or both ways, brought into the order in which a page
 * shows it: the bidirectional algorithm of Unicode (UAX #9) without its explicit marks.
 *
 * It knows the classes of the letters that the letters' font has, and is compared with a
 * browser in the tests. A text with explicit marks is not for it: `isPlain` says so.
 */

/** A part of a line in one direction. Parts follow each other from left to right. */
export type VisualRun = { readonly text: string; readonly isRightToLeft: boolean }

type Class = 'L' | 'R' | 'AL' | 'EN' | 'AN' | 'ES' | 'ET' | 'CS' | 'NSM' | 'WS' | 'ON'

/** One character with its level: even from left to right, odd from right to left. */
export type Levelled = { readonly character: string; readonly level: number }

const EXPLICIT = /[\u061c\u200b-\u200f\u202a-\u202e\u2066-\u2069]/u

export function isPlain(text: string): boolean {
  return !EXPLICIT.test(text)
}

const CLASSES: readonly (readonly [RegExp, Class])[] = [
  [/[0-9\u06f0-\u06f9]/u, 'EN'],
  [/[\u0660-\u0669\u066b\u066c\u0600-\u0605]/u, 'AN'],
  [/[+-]/u, 'ES'],
  [/[#$%°\u066a\u0609\u060a]|\p{Sc}/u, 'ET'],
  [/[,./:\u00a0\u060c]/u, 'CS'],
  [/\p{Mn}/u, 'NSM'],
  [/\s/u, 'WS'],
  [/[\p{Script=Hebrew}\u05be\u05c0\u05c3\u05c6\u05f3\u05f4]/u, 'R'],
  [/[\p{Script=Arabic}\u061b\u061f\u0640]/u, 'AL'],
  [/\p{L}/u, 'L'],
]

const classOf = (character: string): Class =>
  CLASSES.find(([pattern]) => pattern.test(character))?.[1] ?? 'ON'

/** `text`: one paragraph. The level of each character, in the order of reading. */
export function levelsOf(text: string, isRightToLeft: boolean): readonly Levelled[] {
  const characters = [...text]
  const start: Class = isRightToLeft ? 'R' : 'L'
  const classes = characters.map(classOf)
  resolveWeak(classes, start)
  resolveBrackets(characters, classes, start)
  resolveNeutral(classes, start)
  const base = isRightToLeft ? 1 : 0
  return characters.map((character, index) => ({
    character,
    level: base + stepOf(classes[index] ?? 'L', isRightToLeft),
  }))
}

/** Rules I1 and I2. */
function stepOf(one: Class, isRightToLeft: boolean): number {
  if (isRightToLeft) return one === 'R' ? 0 : 1
  if (one === 'L') return 0
  return one === 'R' ? 1 : 2
}

/** Rules W1 to W7. */
function resolveWeak(classes: Class[], start: Class): void {
  let before = start
  for (const [index, one] of classes.entries()) {
    if (one === 'NSM') classes[index] = before
    before = classes[index] ?? start
  }
  let strong = start
  for (const [index, one] of classes.entries()) {
    if (one === 'L' || one === 'R' || one === 'AL') strong = one
    if (one === 'EN' && strong === 'AL') classes[index] = 'AN'
  }
  for (const [index, one] of classes.entries()) if (one === 'AL') classes[index] = 'R'
  for (const [index, one] of classes.entries()) {
    const previous = classes[index - 1]
    const isSame = previous === classes[index + 1]
    if (!isSame || previous === undefined) continue
    if (one === 'ES' && previous === 'EN') classes[index] = 'EN'
    if (one === 'CS' && (previous === 'EN' || previous === 'AN')) classes[index] = previous
  }
  eachStretch(classes, ['ET'], (from, to) => {
    if (classes[from - 1] === 'EN' || classes[to] === 'EN') classes.fill('EN', from, to)
  })
  strong = start
  for (const [index, one] of classes.entries()) {
    if (one === 'ES' || one === 'ET' || one === 'CS') classes[index] = 'ON'
    if (one === 'L' || one === 'R') strong = one
    if (one === 'EN' && strong === 'L') classes[index] = 'L'
  }
}

const BRACKETS: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' }

/** A number counts as right to left here. */
const directionOf = (one: Class | undefined): 'L' | 'R' | undefined => {
  if (one === 'L') return 'L'
  return one === 'R' || one === 'EN' || one === 'AN' ? 'R' : undefined
}

/** Rule N0: a pair of brackets takes one direction. */
function resolveBrackets(characters: readonly string[], classes: Class[], start: Class): void {
  const pairs = bracketPairs(characters, classes)
  const left = countOf(classes, 'L')
  const right = countOf(classes, 'R')
  let before = start
  let from = 0
  for (const [open, close] of pairs) {
    // Those that were resolved stand before this one, and count.
    for (; from < open; from++) before = directionOf(classes[from]) ?? before
    const inside = (sums: readonly number[]) => (sums[close] ?? 0) > (sums[open] ?? 0)
    const [own, other] = start === 'L' ? [left, right] : [right, left]
    if (!inside(own) && !inside(other)) continue
    const direction = inside(own) ? start : before
    classes[open] = direction
    classes[close] = direction
  }
}

/** For each place, how many before it have this direction. */
function countOf(classes: readonly Class[], direction: 'L' | 'R'): readonly number[] {
  let sum = 0
  return classes.map((one) => {
    const before = sum
    if (directionOf(one) === direction) sum += 1
    return before
  })
}

/** Rule BD16: what stands open beyond these has no pair, nor has anything after it. */
const OPEN_MAX = 63

function bracketPairs(characters: readonly string[], classes: readonly Class[]) {
  const pairs: [number, number][] = []
  const waiting: { readonly close: string; readonly at: number }[] = []
  for (const [index, character] of characters.entries()) {
    if (classes[index] !== 'ON') continue
    const close = BRACKETS[character]
    if (close !== undefined && waiting.length === OPEN_MAX) break
    if (close !== undefined) waiting.push({ close, at: index })
    const opened = waiting.findLastIndex((one) => one.close === character)
    const [pair] = opened < 0 ? [] : waiting.splice(opened)
    if (pair) pairs.push([pair.at, index])
  }
  return pairs.toSorted(([a], [b]) => a - b)
}

/** Rules N1 and N2. */
function resolveNeutral(classes: Class[], start: Class): void {
  eachStretch(classes, ['ON', 'WS'], (from, to) => {
    const before = from === 0 ? start : directionOf(classes[from - 1])
    const after = to === classes.length ? start : directionOf(classes[to])
    classes.fill(before === after && before !== undefined ? before : start, from, to)
  })
}

function eachStretch(
  classes: readonly Class[],
  of: readonly Class[],
  found: (from: number, to: number) => void,
): void {
  let from = 0
  while (from < classes.length) {
    let to = from
    while (to < classes.length && of.includes(classes[to] ?? 'L')) to += 1
    if (to > from) found(from, to)
    from = to + 1
  }
}

/** Rules L1 and L2, for one line; `isRightToLeft` of its paragraph. */
export function visualRuns(
  line: readonly Levelled[],
  isRightToLeft: boolean,
): readonly VisualRun[] {
  const end = line.findLastIndex(({ character }) => !/\s/u.test(character)) + 1
  const base = isRightToLeft ? 1 : 0
  const runs: { text: string; level: number }[] = []
  for (const [index, { character, level: own }] of line.entries()) {
    const level = index < end ? own : base
    const last = runs.at(-1)
    if (last?.level === level) last.text += character
    else runs.push({ text: character, level })
  }
  const highest = Math.max(0, ...runs.map(({ level }) => level))
  for (let level = highest; level > 0; level--) {
    for (let from = 0; from < runs.length; from++) {
      let to = from
      while ((runs[to]?.level ?? -1) >= level) to += 1
      if (to > from) runs.splice(from, to - from, ...runs.slice(from, to).reverse())
      from = to
    }
  }
  return runs.map(({ text, level }) => ({ text, isRightToLeft: level % 2 === 1 }))
}
