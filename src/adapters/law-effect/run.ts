/**
 * One look at every open case: rows come in batches by case id, are opened here, compared
 * in threads, and what would change is written batch by batch. Nothing of it is kept in
 * memory; progress is in the database after each batch.
 */
import { sql } from 'kysely'
import type { LawEffectWish } from '../../app/ports/law-effects.ts'
import { packRef } from '../../core/law/pack.ts'
import { versionsOf } from '../../core/law/pack-versions.ts'
import type { AtRest } from '../keys/at-rest.ts'
import type { Database } from '../postgres/database.ts'
import { inputsContext } from '../postgres/projections/list-rows.ts'
import { openThreads } from './threads.ts'
import type { WorkerAnswer, WorkerBatch } from './worker.ts'

const BATCH = 1000

export type RunParts = {
  readonly database: Database
  readonly atRest: AtRest
}

/** @param isStopped asked before each batch; then what was looked at stays */
export async function runEffect(
  parts: RunParts,
  effectId: string,
  { pack, context, now }: LawEffectWish,
  isStopped: () => boolean = () => false,
): Promise<'done' | 'stopped'> {
  const task = {
    versions: versionsOf(context.versions ?? context.packs, pack.id),
    pack: packRef(pack),
    signOffs: context.signOffs,
    now,
  }
  const threads = openThreads(task, (answer) => record(parts.database, effectId, answer))
  try {
    let after = FIRST
    for (;;) {
      if (isStopped()) return 'stopped'
      const batch = await batchAfter(parts, after)
      const last = batch.ids.at(-1)
      if (last === undefined) break
      await threads.give(batch)
      after = last
    }
    await threads.idle()
    return 'done'
  } finally {
    await threads.stop()
  }
}

/** Before every id. */
const FIRST = '00000000-0000-0000-0000-000000000000'

async function batchAfter({ database, atRest }: RunParts, after: string): Promise<WorkerBatch> {
  const rows = await database
    .selectFrom('p_law_case')
    .innerJoin('stream', 'stream.id', 'p_law_case.stream_id')
    .select(['p_law_case.stream_id', 'sealed_inputs', 'wrapped_key'])
    .where('is_decided', '=', false)
    .where('p_law_case.stream_id', '>', after)
    .orderBy('p_law_case.stream_id')
    .limit(BATCH)
    .execute()
  return {
    ids: rows.map(({ stream_id }) => stream_id),
    cases: rows.map(({ stream_id, sealed_inputs, wrapped_key }) =>
      atRest.unwrap(wrapped_key).open(inputsContext(stream_id), sealed_inputs),
    ),
  }
}

async function record(
  database: Database,
  effectId: string,
  { looked, lost, changed }: WorkerAnswer,
): Promise<void> {
  const counts: Record<string, number> = {}
  for (const kind of changed.flatMap(({ kinds }) => kinds)) counts[kind] = (counts[kind] ?? 0) + 1
  await database.transaction().execute(async (tx) => {
    if (changed.length > 0) {
      const ids = changed.map(({ id }) => id)
      // PostgreSQL has no array of arrays of several lengths: one text for each case.
      const kinds = changed.map((each) => each.kinds.join(','))
      await sql`
        insert into law_effect_case (effect_id, stream_id, kinds)
        select ${effectId}::uuid, s, string_to_array(k, ',')
        from unnest(${ids}::uuid[], ${kinds}::text[]) as given (s, k)
      `.execute(tx)
    }
    await sql`
      update law_effect set looked = looked + ${looked}, lost = lost + ${lost},
        changed = changed + ${changed.length}, seen_at = now(),
        counts = (select coalesce(jsonb_object_agg(key, total), '{}')
          from (select key, sum(value::int) as total from
            (select * from jsonb_each_text(law_effect.counts)
              union all select * from jsonb_each_text(${JSON.stringify(counts)}::jsonb)) as both_counts
            group by key) as summed)
      where id = ${effectId}
    `.execute(tx)
  })
}
