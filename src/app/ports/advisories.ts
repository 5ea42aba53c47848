/** Checks an advisory against the schema and the mandatory tests of its version of CSAF. */
import type { Json } from '../../base/canonical-json.ts'

export type Advisories = {
  validate(
    document: Json,
  ): Promise<{ readonly valid: boolean; readonly problems: readonly string[] }>
}
