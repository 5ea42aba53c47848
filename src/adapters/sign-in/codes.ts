/**
 * Codes that a person types once: 110 random bits with a check letter, kept as a hash
 * only. The use of a code is part of its hash, so that a code for one is none for another.
 */
import type { Random } from '../../app/ports/random.ts'
import { type Bytes, equalBytes, utf8 } from '../../base/bytes.ts'
import { ComityError } from '../../base/errors.ts'
import {
  CODE_RANDOM_BYTES,
  displayCode,
  newReceiptCode,
  readReceiptCode,
} from '../../wire/intake/receipt-code.ts'
import { nodePrimitives } from '../node-primitives.ts'

export type CodeUse = 'enrolment' | 'guest' | 'lawSignOff' | 'mail' | 'notice'

/** `shown` is for the person, and nowhere else. */
export function newCode(use: CodeUse, random: Random): { shown: string; hash: Bytes } {
  const code = newReceiptCode(nodePrimitives, random.bytes(CODE_RANDOM_BYTES))
  return { shown: displayCode(code), hash: hashCode(use, code) }
}

/** In constant time. What cannot be a code is compared like one that nobody has. */
export function isCode(use: CodeUse, typed: string, hash: Uint8Array): boolean {
  return equalBytes(hashCode(use, readable(typed) ?? ''), new Uint8Array(hash))
}

/** To look a code up by. Undefined if it cannot be one: nobody has it. */
export function hashOfTyped(use: CodeUse, typed: string): Bytes | undefined {
  const code = readable(typed)
  return code === undefined ? undefined : hashCode(use, code)
}

function readable(typed: string): string | undefined {
  try {
    return readReceiptCode(nodePrimitives, typed)
  } catch (error) {
    if (error instanceof ComityError) return undefined
    throw error
  }
}

/** Codes carry 110 random bits, so one hash is enough to store them by. */
function hashCode(use: CodeUse, code: string): Bytes {
  return nodePrimitives.sha256(utf8(`comity/${use}-code/v1\n${code}`)) as Bytes
}
