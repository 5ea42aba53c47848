/**
 * Rows of many open cases, as the projections write them, without their streams' events:
 * for comparing versions of the law over more cases than anybody could open by hand.
 */
import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import type { AtRest } from '../../src/adapters/keys/at-rest.ts'
import type { Database } from '../../src/adapters/postgres/database.ts'
import {
  accessContext,
  inputsContext,
  titleContext,
} from '../../src/adapters/postgres/projections/list-rows.ts'
import { utf8 } from '../../src/base/bytes.ts'
import { canonicalBytes, type Json } from '../../src/base/canonical-json.ts'
import { caseForAccess, noCase } from '../../src/core/case/case.ts'
import type { CaseLaw } from '../../src/core/law/case-inputs.ts'

export type LawCase = {
  readonly inputs: CaseLaw
  readonly title?: string
  readonly isDecided?: boolean
  readonly classification?: 'open' | 'restricted' | 'confidential'
  /** Without a row of its own, as after an upgrade. */
  readonly isUnread?: boolean
}

/** Returns the ids, in the order of `cases`. */
export async function insertLawCases(
  database: Database,
  keys: AtRest,
  cases: readonly LawCase[],
): Promise<readonly string[]> {
  const rows = cases.map((each) => ({ ...each, id: randomUUID(), wrapped: keys.newKey() }))
  const sealed = rows.map(({ id, wrapped, inputs, title = 'A case', classification = 'open' }) => {
    const key = keys.unwrap(wrapped)
    const { caseId: _, ...access } = { ...caseForAccess(id, noCase), classification }
    return {
      title: key.seal(titleContext(id), utf8(title)),
      access: key.seal(accessContext(id), canonicalBytes(access as unknown as Json)),
      inputs: key.seal(inputsContext(id), canonicalBytes(inputs as unknown as Json)),
    }
  })
  const ids = rows.map(({ id }) => id)
  const kept = rows.map(({ isUnread }) => isUnread !== true)
  const decided = rows.map(({ isDecided }) => isDecided === true)
  await sql`
    insert into stream (id, kind, version, wrapped_key)
    select i, 'case', 0, w from unnest(${ids}::uuid[], ${rows.map(({ wrapped }) => wrapped)}::bytea[]) as g (i, w)
  `.execute(database)
  await sql`
    insert into p_case (stream_id, lead, phase, is_under_embargo, opened_at, changed_at, sealed_title, sealed_access)
    select i, 'meridia.example', 'triage', false, now(), now(), t, a
    from unnest(${ids}::uuid[], ${sealed.map(({ title }) => title)}::bytea[], ${sealed.map(({ access }) => access)}::bytea[]) as g (i, t, a)
  `.execute(database)
  await sql`
    insert into p_law_case (stream_id, is_decided, sealed_inputs)
    select i, d, s
    from unnest(${ids}::uuid[], ${decided}::boolean[], ${sealed.map(({ inputs }) => inputs)}::bytea[], ${kept}::boolean[]) as g (i, d, s, k)
    where k
  `.execute(database)
  return ids
}
