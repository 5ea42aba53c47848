/** Checks an advisory against the CSAF 2.0 schema and its mandatory tests. */
import type { Json } from '../../base/canonical-json.ts'

export type Advisories = {
  validate(
    document: Json,
  ): Promise<{ readonly valid: boolean; readonly problems: readonly string[] }>
}
