/** The databases that other tests get. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import pg from 'pg'
import { testDatabase, withDatabase } from '../support/database.ts'

test('each call gets an empty database of its own', async (t) => {
  const first = await testDatabase(t)
  await query(first, 'create table mine (n int)')
  const dropped = await withDatabase(async (second) => {
    assert.deepEqual(await query(second, `select to_regclass('mine') as mine`), [{ mine: null }])
    return second
  })
  await assert.rejects(query(dropped, 'select 1'))
  assert.deepEqual(await query(first, 'select * from mine'), [])
})

test('its role is no superuser, as in production', async (t) => {
  const url = await testDatabase(t)
  assert.deepEqual(await query(url, `select current_setting('is_superuser') as is`), [
    { is: 'off' },
  ])
})

async function query(url: string, text: string) {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(text)).rows
  } finally {
    await client.end()
  }
}
