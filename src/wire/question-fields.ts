/**
 * The members of a question about the law, as JSON holds them: bounded, and a wrong one
 * is named in the error. Every reader of such questions reads with these.
 */
import type { Json } from '../base/canonical-json.ts'
import { malformed } from '../base/errors.ts'
import type { Facts, FactValue } from '../core/law/condition.ts'

export type Fields = { readonly [key: string]: Json | undefined }

/** All packs together ask for about half as many. */
const FACTS_MAX = 200
const LIST_MAX = 100
const TEXT_MAX = 200

/** @throws ComityError `malformed` */
export function factsIn(input: Json): Facts {
  const fields = objectOf(input, 'facts')
  const names = Object.keys(fields)
  if (names.length > FACTS_MAX) {
    throw malformed(`at most ${FACTS_MAX} facts`, { field: 'facts' })
  }
  for (const name of names) {
    const field = `facts/${name.slice(0, 60)}`
    if (!/^[a-zA-Z][\w.:-]{0,59}$/.test(name)) {
      throw malformed('not the name of a fact', { field: 'facts' })
    }
    if (!isFactValue(fields[name])) throw malformed('not a fact', { field })
  }
  return fields as Facts
}

function isFactValue(value: Json | undefined): value is FactValue & Json {
  if (typeof value === 'string') return value.length <= TEXT_MAX
  if (Array.isArray(value)) {
    return value.length <= LIST_MAX && value.every((item) => isShortText(item))
  }
  return typeof value === 'boolean' || typeof value === 'number'
}

/** @param members without them, any member is taken. @throws ComityError `malformed` */
export function objectOf(
  input: Json | undefined,
  field: string,
  members?: readonly string[],
): Fields {
  if (input === undefined || input === null || typeof input !== 'object' || Array.isArray(input)) {
    throw malformed('not an object', { field })
  }
  const unknown = members && Object.keys(input).find((name) => !members.includes(name))
  if (unknown === undefined) return input as Fields
  throw malformed('an unknown member', { field: `${field}/${unknown.slice(0, 60)}` })
}

export function listOf(input: Json | undefined, field: string): readonly Json[] {
  if (input === undefined || input === null) return []
  if (Array.isArray(input) && input.length <= LIST_MAX) return input
  throw malformed(`not a list of at most ${LIST_MAX}`, { field })
}

export function textOf(input: Json | undefined, field: string): string {
  if (isShortText(input)) return input
  throw malformed(`not a text of 1 to ${TEXT_MAX} characters`, { field })
}

export function textsOf(input: Json | undefined, field: string): readonly string[] | undefined {
  if (input === undefined || input === null) return undefined
  return listOf(input, field).map((item, n) => textOf(item, `${field}/${n}`))
}

function isShortText(value: Json | undefined): value is string {
  return typeof value === 'string' && value !== '' && value.length <= TEXT_MAX
}
