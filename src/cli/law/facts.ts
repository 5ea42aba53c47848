/** Facts on the command line: `--fact NAME=VALUE`. */
import { malformed } from '../../base/errors.ts'
import type { Facts, FactValue } from '../../core/law/condition.ts'

/** @throws ComityError `malformed` */
export function factArguments(texts: readonly string[]): Facts {
  return Object.fromEntries(texts.map(factOf))
}

/** True, false and numbers are read as such; `[a,b]` is a list. */
function factOf(text: string): readonly [string, FactValue] {
  const [, name, value] = /^([a-z][a-zA-Z0-9]{0,59})=(.{1,200})$/.exec(text) ?? []
  if (name === undefined || value === undefined) {
    throw malformed('a fact is given as NAME=VALUE', { field: '--fact' })
  }
  const list = /^\[(.*)\]$/.exec(value)?.[1]
  if (list !== undefined) return [name, list.split(',').map((item) => item.trim())]
  if (value === 'true' || value === 'false') return [name, value === 'true']
  return [name, /^-?\d{1,15}(?:\.\d{1,6})?$/.test(value) ? Number(value) : value]
}
