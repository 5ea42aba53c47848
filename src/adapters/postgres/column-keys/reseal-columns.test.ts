import assert from 'node:assert/strict'
import { randomBytes, randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { sql } from 'kysely'
import { kernelDatabase } from '../../../../test/support/kernel-database.ts'
import { textFromUtf8, utf8 } from '../../../base/bytes.ts'
import { type AtRest, atRest } from '../../keys/at-rest.ts'
import type { Database } from '../database.ts'
import { NODE_SEALED, NOT_MOVED, SEALED_UNDER_OTHER_KEYS } from './node-sealed.ts'
import {
  countUnderFormerKeys,
  recordColumnKeyInUse,
  requireColumnKeyInUse,
  resealColumns,
  sealedColumns,
} from './reseal-columns.ts'

const [oldKey, newKey] = [randomBytes(32), randomBytes(32)]
const before = atRest(oldKey)
const during = atRest(newKey, [oldKey])
const after = atRest(newKey)

async function addStreams(database: Database, keys: AtRest, count: number): Promise<void> {
  const rows = Array.from({ length: count }, () => ({
    id: randomUUID(),
    kind: 'case',
    wrapped_key: keys.newKey(),
  }))
  await database.insertInto('stream').values(rows).execute()
}

async function addOfficer(database: Database, keys: AtRest, name: string): Promise<string> {
  const id = randomUUID()
  await sql`
    insert into officer (id, sealed_name, roles, public_key, wrapped_private_key, sealing_recipient)
    values (${id}, ${keys.node.seal(`officer/${id}/name`, utf8(name))}, '{}', ${randomBytes(32)},
      ${keys.node.seal(`officer/${id}/private-key`, randomBytes(32))}, 'age1invented')
  `.execute(database)
  return id
}

test('the lists name every sealed column of the schema, once, and nothing else', async (t) => {
  const database = await kernelDatabase(t)
  const listed = [
    ...NODE_SEALED.map(({ table, column }) => `${table}.${column}`),
    ...SEALED_UNDER_OTHER_KEYS,
    ...NOT_MOVED,
  ]
  const inSchema = await sealedColumns(database)
  assert.deepEqual(inSchema.map(({ table, column }) => `${table}.${column}`).sort(), listed.sort())
})

test('a column that nobody knows how to open keeps the old key alive', async (t) => {
  const database = await kernelDatabase(t)
  assert.equal(await countUnderFormerKeys(database, after), 0)
  await sql`
    insert into sign_in_attempt (token_hash, kind, sealed_facts, expires_at)
    values (${randomBytes(32)}, 'passkey', ${randomBytes(40)}, now())
  `.execute(database)
  assert.equal(await countUnderFormerKeys(database, after), 1)
})

test('everything moves to the new key, in more than one batch, and stays what it was', async (t) => {
  const database = await kernelDatabase(t)
  await addStreams(database, before, 450)
  const officer = await addOfficer(database, before, 'Ada Heath (invented)')
  assert.equal(await countUnderFormerKeys(database, after), 452)
  assert.deepEqual(await resealColumns(database, during), { seen: 452, resealed: 452 })
  assert.equal(await countUnderFormerKeys(database, after), 0)
  assert.deepEqual(await resealColumns(database, during), { seen: 452, resealed: 0 })
  const row = await database.selectFrom('officer').selectAll().executeTakeFirstOrThrow()
  const name = after.node.open(`officer/${officer}/name`, row.sealed_name)
  assert.equal(textFromUtf8(name), 'Ada Heath (invented)')
  assert.throws(() => before.node.open(`officer/${officer}/name`, row.sealed_name))
})

test('the key inside a wrapped one stays the same, so events need not move', async (t) => {
  const database = await kernelDatabase(t)
  await addStreams(database, before, 1)
  const stream = () => database.selectFrom('stream').selectAll().executeTakeFirstOrThrow()
  const sealed = before.unwrap((await stream()).wrapped_key).seal('event/1', utf8('text'))
  await resealColumns(database, during)
  assert.deepEqual(after.unwrap((await stream()).wrapped_key).open('event/1', sealed), utf8('text'))
})

test('a run that was cut short is finished by the next; meanwhile both keys open', async (t) => {
  const database = await kernelDatabase(t)
  await addStreams(database, before, 500)
  let batches = 0
  const { resealed } = await resealColumns(database, during, () => batches++ === 1)
  assert.equal(resealed, 200)
  for (const row of await database.selectFrom('stream').selectAll().execute()) {
    during.unwrap(row.wrapped_key)
  }
  assert.equal(await countUnderFormerKeys(database, after), 300)
  await resealColumns(database, during)
  assert.equal(await countUnderFormerKeys(database, after), 0)
})

test('without the old key nothing moves and nothing is lost', async (t) => {
  const database = await kernelDatabase(t)
  await addStreams(database, before, 3)
  const rows = () => database.selectFrom('stream').selectAll().orderBy('id').execute()
  const untouched = await rows()
  await assert.rejects(resealColumns(database, after), { code: 'unverified' })
  assert.deepEqual(await rows(), untouched)
})

test('a key is not called done while the node was started with another', async (t) => {
  const database = await kernelDatabase(t)
  await assert.rejects(requireColumnKeyInUse(database, 'new'), { reason: 'column-key-in-use' })
  await recordColumnKeyInUse(database, 'old')
  await assert.rejects(requireColumnKeyInUse(database, 'new'), { reason: 'column-key-in-use' })
  await recordColumnKeyInUse(database, 'new')
  await requireColumnKeyInUse(database, 'new')
})

test('rows that are otherwise append-only can be sealed again and not changed', async (t) => {
  const database = await kernelDatabase(t)
  const officer = await addOfficer(database, before, 'Bram Scale (invented)')
  const contact = randomUUID()
  const digest = randomBytes(32)
  for (const version of [1, 2]) {
    const sealed = before.node.seal(`contact/${contact}/${version}`, utf8(`contact ${version}`))
    await sql`
      insert into contact_version (contact_id, version, change, at, by, sealed_contact)
      values (${contact}, ${version}, 'added', now(), ${officer}, ${sealed})
    `.execute(database)
  }
  const note = before.node.seal(`people-note/${digest.toString('hex')}`, utf8('note'))
  await sql`insert into people_note values (${digest}, ${note})`.execute(database)
  await sql`update officer set wrapped_private_key = ''`.execute(database)
  assert.deepEqual(await resealColumns(database, during), { seen: 4, resealed: 4 })
  const { rows } = await sql<{ version: number; sealed: Uint8Array }>`
    select version, sealed_contact as sealed from contact_version order by version
  `.execute(database)
  for (const { version, sealed } of rows) {
    const opened = after.node.open(`contact/${contact}/${version}`, sealed)
    assert.equal(textFromUtf8(opened), `contact ${version}`)
  }
  for (const change of ["change = 'removed'", 'version = 3', 'at = now()']) {
    await assert.rejects(sql.raw(`update contact_version set ${change}`).execute(database))
  }
  await assert.rejects(sql`delete from contact_version`.execute(database))
})
