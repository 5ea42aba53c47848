/** The check of migrations: what it finds, and what passes. */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { slowStatements } from '../../tools/migration-locks.ts'

const PLANTED: readonly (readonly [statement: string, finding: RegExp])[] = [
  ['alter table event alter column at type text', /rewrites the table/],
  ['ALTER TABLE "event" ALTER at SET DATA TYPE text', /rewrites the table/],
  ['alter table event add column n integer not null', /column n of event is not null/],
  ['alter table event add column n uuid default gen_random_uuid()', /computed for each row/],
  ['alter table event add n timestamptz default clock_timestamp()', /computed for each row/],
  ['alter table event add column n int generated always as (version) stored', /computed for each/],
  ['alter table event add column n bigserial', /numbered for each row/],
  ['alter table event add column n text unique', /makes an index/],
  ['alter table event add column n int check (n > 0)', /checked for each row/],
  ['alter table event add column n uuid references stream (id)', /checked for each row/],
  ['alter table event add column a text, add column n int not null', /column n of event/],
  ['alter table event alter column at set not null', /reads the whole table/],
  ['alter table event add constraint c check (version in (1, 2))', /add it not valid/],
  ['alter table event add constraint c foreign key (by) references officer (id)', /not valid/],
  ['alter table event add primary key (stream_id)', /reads the whole table/],
  ['alter table if exists only event drop column at', /takes a column/],
  ['alter table event drop at', /takes a column/],
  ['alter table event rename column at to happened_at', /takes a name/],
  ['alter table event rename to happening', /takes a name/],
  ['create index event_at on event (at)', /the index on event/],
  ['create unique index if not exists event_on on event (at)', /the index on event/],
  ['create index on only event using gin (at)', /the index on event/],
  ['update event set at = now()', /rows of event are changed/],
  ['delete from event', /rows of event are changed/],
  ['truncate table event', /rows of event are changed/],
  ['drop table event', /event is taken/],
  ['lock table event', /holds a lock/],
  ['/* x */ -- y\n drop table if exists event', /event is taken/],
]

for (const [statement, finding] of PLANTED) {
  test(`found, and let through with a reason: ${statement}`, () => {
    const sql = `create table t (id uuid);\n\n-- Why.\n${statement};\nselect ';';\n`
    const found = slowStatements(sql)
    assert.equal(found.length, 1, JSON.stringify(found))
    assert.match(found[0]?.message ?? '', finding)
    assert.match(found[0]?.message ?? '', /-- serves on: reason/)
    assert.equal(found[0]?.line, statement.startsWith('/*') ? 5 : 4)
    assert.deepEqual(slowStatements(`-- serves on: a dozen rows\n${statement};`), [])
    assert.equal(slowStatements(`-- serves on:\n${statement};`).length, 1, 'without a reason')
    const other = `-- serves on: a dozen rows\nselect 1;\n${statement};`
    assert.equal(slowStatements(other).length, 1, 'the reason of another statement')
    const quoted = `select '-- serves on: a dozen rows';\n${statement};`
    assert.equal(slowStatements(quoted).length, 1, 'a reason in a text')
  })
}

for (const statement of [
  'alter table event add column n text',
  "alter table event add column n text not null default 'x'",
  'alter table event add column n timestamptz not null default now()',
  'alter table event add column n integer not null default 0, add column m boolean default false',
  'alter table event add constraint c check (version > 0) not valid',
  'alter table event validate constraint c',
  'alter table event alter column at drop not null',
  'alter table event drop constraint c',
  'create index concurrently event_at on event (at)',
  'create table t (id uuid); create index t_on on t (id); alter table t alter id type text',
  'create table t (id uuid); insert into t values (1); update t set id = 2; delete from t',
  "insert into node_setting values ('drop table event; --', 'lock table event')",
  'create function f() returns void language plpgsql as $$ begin drop table event; end $$',
  'create function f() returns void language sql as $a$ delete from event; $a$',
  'create trigger event_kept before update or delete on event execute function f()',
]) {
  test(`passes: ${statement.slice(0, 70)}`, () => assert.deepEqual(slowStatements(statement), []))
}

test('every migration of the house passes, and some of them only by their reasons', () => {
  const folder = new URL('../../src/adapters/postgres/migrations/', import.meta.url)
  const files = readdirSync(folder).map((name) => readFileSync(new URL(name, folder), 'utf8'))
  assert.deepEqual(files.flatMap(slowStatements), [])
  const bare = files.map((text) => text.replaceAll('serves on', ''))
  assert.ok(bare.flatMap(slowStatements).length > 5)
})
