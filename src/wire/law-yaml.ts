/** Reads one YAML 1.2 file of a law pack and checks its form. */
import type { Static, TSchema } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import { parseDocument } from 'yaml'
import { type Json, requireSafe } from '../base/canonical-json.ts'
import { ComityError } from '../base/errors.ts'
import { type Fail, failIn } from './law-pack-error.ts'
import { ConditionFile } from './law-schema-words.ts'

/** A pack is read by people; no honest file is larger. */
const TEXT_MAX = 2_000_000

/**
 * @param file shown in errors, e.g. `law/eu/gdpr.yaml`
 * @throws ComityError `malformed` naming file, path and reason
 */
export function readYaml<T extends TSchema>(form: T, yamlText: string, file: string): Static<T> {
  const fail = failIn(file)
  if (yamlText.length > TEXT_MAX) throw fail('', 'too-long', 'file is too long')
  const document = parseDocument(yamlText, { version: '1.2', schema: 'core', strict: true })
  const [problem] = [...document.errors, ...document.warnings]
  if (problem !== undefined) {
    const line = problem.linePos?.[0].line ?? 0
    const code = problem.code.toLowerCase().replaceAll('_', ' ')
    throw fail('', 'not-yaml', `line ${line} is not YAML: ${code}`)
  }
  let value: Json
  try {
    // No aliases: a reader must see each value where it stands.
    value = document.toJS({ maxAliasCount: 0 }) as Json
  } catch {
    throw fail('', 'alias', 'YAML aliases are not allowed')
  }
  requireSafeIn(value, fail)
  if (!Value.Check(form, [ConditionFile], value)) {
    const [error] = Value.Errors(form, [ConditionFile], value)
    const message = error?.message.toLowerCase() ?? 'wrong form'
    throw fail(error?.path ?? '', 'schema', message)
  }
  return value
}

function requireSafeIn(value: Json, fail: Fail): void {
  try {
    requireSafe(value, '', 0)
  } catch (error) {
    if (!(error instanceof ComityError)) throw error
    throw fail(error.field ?? '', error.reason ?? 'forbidden', error.message)
  }
}
