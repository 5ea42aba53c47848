/** `comity eval cvss4`: the score of a CVSS 4.0 vector. */
import type { Json } from '../../base/canonical-json.ts'
import { scoreCvss4 } from '../../core/triage/cvss4.ts'
import { objectIn, textIn } from './fields.ts'

/**
 * `{"vector":"CVSS:4.0/…"}` → `{"vector","score","severity","nomenclature"}`.
 *
 * @throws ComityError `malformed` that says which part of the vector is wrong
 */
export function evalCvss4(input: Json): Json {
  return scoreCvss4(textIn(objectIn(input), 'vector'))
}
