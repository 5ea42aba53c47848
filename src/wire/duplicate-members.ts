/**
 * Finds a member that stands twice in one JSON object. `JSON.parse` keeps the last
 * silently, so two readers of one text could see two different records.
 */
import { malformed } from '../base/errors.ts'
import { pointerTo } from './json-pointer.ts'

const BEGINNING = /["{}[\],:]/g

type Frame = {
  readonly pointer: string
  readonly keys: Set<string> | undefined
  key: string
  index: number
  isKeyNext: boolean
}

/**
 * @param text valid JSON: parse it first
 * @throws ComityError `malformed`, reason `duplicate-member`, with a JSON pointer
 */
export function requireUniqueMembers(text: string): void {
  const frames: Frame[] = []
  for (const token of tokensOf(text)) {
    const frame = frames.at(-1)
    if (token === '{' || token === '[') {
      frames.push(frameOf(frame, token === '{'))
    } else if (token === '}' || token === ']') {
      frames.pop()
    } else if (frame !== undefined) {
      step(frame, token)
    }
  }
}

/** Strings and signs. Not one pattern: on a long string it would run out of stack. */
function* tokensOf(text: string): Generator<string> {
  const beginning = new RegExp(BEGINNING)
  for (let found = beginning.exec(text); found; found = beginning.exec(text)) {
    const [sign] = found
    if (sign !== '"') yield sign
    else {
      beginning.lastIndex = endOfString(text, found.index)
      yield text.slice(found.index, beginning.lastIndex)
    }
  }
}

/** After the next quotation mark that no backslash takes away. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let before = end
    while (text[before - 1] === '\\') before -= 1
    if ((end - before) % 2 === 0) return end + 1
  }
  return text.length
}

function frameOf(parent: Frame | undefined, isObject: boolean): Frame {
  const pointer = parent === undefined ? '' : childPointer(parent)
  const keys = isObject ? new Set<string>() : undefined
  return { pointer, keys, key: '', index: 0, isKeyNext: isObject }
}

function step(frame: Frame, token: string): void {
  if (token === ',') {
    frame.index += 1
    frame.isKeyNext = frame.keys !== undefined
  } else if (token === ':') {
    frame.isKeyNext = false
  } else if (frame.isKeyNext && frame.keys !== undefined) {
    frame.key = JSON.parse(token) as string
    if (frame.keys.has(frame.key)) {
      const field = childPointer(frame)
      throw malformed('member stands twice', { field, reason: 'duplicate-member' })
    }
    frame.keys.add(frame.key)
  }
}

function childPointer({ pointer, keys, key, index }: Frame): string {
  return pointerTo(pointer, keys === undefined ? index : key)
}
