/** Runs that compare a newer version of a law pack with what open cases keep, and their results. */
import { type Selectable, sql } from 'kysely'
import type {
  LawEffectPage,
  LawEffectRun,
  LawEffects,
  LawEffectWish,
} from '../../../app/ports/law-effects.ts'
import type { Random } from '../../../app/ports/random.ts'
import { textFromUtf8 } from '../../../base/bytes.ts'
import { instantFromMs } from '../../../base/time.ts'
import type { CaseForAccess } from '../../../core/access/case-access.ts'
import { packRef } from '../../../core/law/pack.ts'
import { type RunParts, runEffect } from '../../law-effect/run.ts'
import type { Database } from '../database.ts'
import { titleContext } from '../projections/list-rows.ts'
import { accessOf } from '../projections/registers.ts'
import type { LawTables } from './tables.ts'

const PAGE = 200
/** Longer without a sign of life, and the node that ran it has ended. */
const SILENT_MS = 120_000

export type EffectsParts = RunParts & {
  readonly random: Random
  /** Told of a run that failed; it must not fail itself. */
  readonly onFault: (error: unknown) => void
}

export function postgresLawEffects(parts: EffectsParts): LawEffects {
  const { database } = parts
  return {
    async start(wish) {
      const run = await beginRun(parts, wish)
      if (run !== undefined) void finish(parts, run.id, wish)
      return run
    },
    async latest({ id, digest }) {
      const row = await database
        .selectFrom('law_effect')
        .selectAll()
        .where('pack', '=', id)
        .where('digest', '=', digest)
        .orderBy('started_at', 'desc')
        .limit(1)
        .executeTakeFirst()
      return row && runOf(row)
    },
    cases: (runId, sees, after) => pageOf(parts, runId, sees, after),
  }
}

/** Writes the run down; `undefined` while another one is under way. */
export async function beginRun(
  { database, random }: Pick<EffectsParts, 'database' | 'random'>,
  { pack, askedBy }: LawEffectWish,
): Promise<LawEffectRun | undefined> {
  return database.transaction().execute(async (tx) => {
    await sql`lock table law_effect in exclusive mode`.execute(tx)
    const { rows } = await sql<{ open: number; decided: number; unread: number }>`
      select count(*) filter (where l.is_decided = false)::int as open,
        count(*) filter (where l.is_decided)::int as decided,
        count(*) filter (where l.is_decided is null)::int as unread
      from p_case c full join p_law_case l on l.stream_id = c.stream_id
    `.execute(tx)
    const running = await tx
      .selectFrom('law_effect')
      .select('id')
      .where('state', '=', 'running')
      .where('seen_at', '>', new Date(Date.now() - SILENT_MS))
      .executeTakeFirst()
    if (running) return undefined
    await tx.deleteFrom('law_effect').where('pack', '=', pack.id).execute()
    const { version, digest } = packRef(pack)
    const now = new Date()
    const { open: total = 0, decided = 0, unread = 0 } = rows[0] ?? {}
    const row = await tx
      .insertInto('law_effect')
      .values({
        ...{ id: random.uuid(), pack: pack.id, version, digest, asked_by: askedBy },
        ...{ state: 'running', started_at: now, seen_at: now },
        ...{ total, decided, unread, looked: 0, changed: 0, lost: 0, counts: '{}' },
      })
      .returningAll()
      .executeTakeFirstOrThrow()
    return runOf(row)
  })
}

/** Runs it to its end, whatever that is, and writes the end down. */
export async function finish(
  parts: Omit<EffectsParts, 'random'>,
  runId: string,
  wish: LawEffectWish,
): Promise<void> {
  const end = (state: 'done' | 'failed' | 'stopped') =>
    parts.database
      .updateTable('law_effect')
      .set({ state, seen_at: new Date() })
      .where('id', '=', runId)
      .execute()
  try {
    await end(await runEffect(parts, runId, wish))
  } catch (error) {
    parts.onFault(error)
    await end('failed').catch(parts.onFault)
  }
}

export async function readRun(database: Database, runId: string): Promise<LawEffectRun> {
  const row = await database
    .selectFrom('law_effect')
    .selectAll()
    .where('id', '=', runId)
    .executeTakeFirstOrThrow()
  return runOf(row)
}

function runOf(row: Selectable<LawTables['law_effect']>): LawEffectRun {
  const { asked_by, started_at, seen_at, state, ...same } = row
  const isSilent = state === 'running' && Date.now() - seen_at.getTime() > SILENT_MS
  return {
    ...same,
    askedBy: asked_by,
    state: isSilent ? 'stopped' : state,
    startedAt: instantFromMs(started_at.getTime()),
    seenAt: instantFromMs(seen_at.getTime()),
  }
}

async function pageOf(
  { database, atRest }: EffectsParts,
  runId: string,
  sees: (resource: CaseForAccess) => boolean,
  after?: string,
): Promise<LawEffectPage> {
  let query = database
    .selectFrom('law_effect_case')
    .innerJoin('p_case', 'p_case.stream_id', 'law_effect_case.stream_id')
    .innerJoin('stream', 'stream.id', 'p_case.stream_id')
    .selectAll('p_case')
    .select(['stream.wrapped_key', 'law_effect_case.kinds'])
    .where('effect_id', '=', runId)
    .orderBy('law_effect_case.stream_id')
    .limit(PAGE)
  if (after !== undefined) query = query.where('law_effect_case.stream_id', '>', after)
  const rows = await query.execute()
  const seen = rows.filter((row) => sees(accessOf(atRest, row)))
  const next = rows.length === PAGE ? rows.at(-1)?.stream_id : undefined
  return {
    cases: seen.map(({ stream_id, wrapped_key, sealed_title, kinds }) => ({
      caseId: stream_id,
      title: textFromUtf8(atRest.unwrap(wrapped_key).open(titleContext(stream_id), sealed_title)),
      kinds,
    })),
    hidden: rows.length - seen.length,
    ...(next === undefined ? {} : { next }),
  }
}
