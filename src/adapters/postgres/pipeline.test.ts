import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { type TestContext, test } from 'node:test'
import { sql, type Transaction } from 'kysely'
import { kernelDatabase } from '../../../test/support/kernel-database.ts'
import type { Database, Schema } from './database.ts'
import { sendAhead } from './pipeline.ts'

const UNIQUE_VIOLATION = '23505'

const add = (tx: Transaction<Schema>, id: string) =>
  sendAhead(
    tx,
    sql`insert into stream (id, kind, wrapped_key) values (${id}, 'case', ${Buffer.alloc(60)})`.compile(
      tx,
    ),
  )

async function count(database: Database): Promise<number> {
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from stream`.execute(database)
  return rows[0]?.n ?? -1
}

const failsAsDuplicate = (work: Promise<unknown>) =>
  assert.rejects(work, (error: { readonly code?: string }) => error.code === UNIQUE_VIOLATION)

async function databaseOf(t: TestContext) {
  const database = await kernelDatabase(t)
  return { database, before: await count(database) }
}

test('what is sent ahead is committed with its transaction, and seen within it', async (t) => {
  const { database, before } = await databaseOf(t)
  const seen = await database.transaction().execute(async (tx) => {
    await add(tx, randomUUID())
    const { rows } = await sql<{ n: number }>`select count(*)::int as n from stream`.execute(tx)
    await add(tx, randomUUID())
    return rows[0]?.n
  })
  assert.deepEqual([seen, await count(database)], [before + 1, before + 2])
})

test('one that fails makes the commit fail with its error, and nothing is kept', async (t) => {
  const { database, before } = await databaseOf(t)
  const id = randomUUID()
  await failsAsDuplicate(
    database.transaction().execute(async (tx) => {
      await add(tx, id)
      await add(tx, id)
      await add(tx, randomUUID())
    }),
  )
  assert.equal(await count(database), before)
})

test('its error comes with the next statement that is awaited', async (t) => {
  const { database, before } = await databaseOf(t)
  const id = randomUUID()
  let reached = false
  await failsAsDuplicate(
    database.transaction().execute(async (tx) => {
      await add(tx, id)
      await add(tx, id)
      await sql`select 1`.execute(tx)
      reached = true
    }),
  )
  assert.deepEqual([reached, await count(database)], [false, before])
})

test('after a return to a savepoint the transaction goes on without it', async (t) => {
  const { database, before } = await databaseOf(t)
  const id = randomUUID()
  await database.transaction().execute(async (tx) => {
    await add(tx, id)
    for (const told of [true, false]) {
      await sql`savepoint here`.execute(tx)
      await add(tx, id)
      if (told) await failsAsDuplicate(sql`release savepoint here`.execute(tx))
      await sql`rollback to savepoint here`.execute(tx)
    }
    await add(tx, randomUUID())
  })
  assert.equal(await count(database), before + 2)
})

test('the connection forgets it: the next transactions on it are kept', async (t) => {
  const { database, before } = await databaseOf(t)
  const id = randomUUID()
  const twice = () =>
    database.transaction().execute(async (tx) => {
      await add(tx, id)
      await add(tx, id)
      throw new Error('given up')
    })
  await assert.rejects(twice, /given up/)
  for (let n = 0; n < 20; n++) {
    await database.transaction().execute((tx) => add(tx, randomUUID()))
  }
  assert.equal(await count(database), before + 20)
})

test('a statement that is prepared by then still answers by its own values', async (t) => {
  const database = await kernelDatabase(t)
  const ask = async (n: number) => {
    const { rows } = await sql<{ n: number }>`select ${n}::int + 1 as n`.execute(database)
    return rows[0]?.n
  }
  const asked = Array.from({ length: 40 }, (_, n) => n)
  assert.deepEqual(
    await Promise.all(asked.map(ask)),
    asked.map((n) => n + 1),
  )
})
