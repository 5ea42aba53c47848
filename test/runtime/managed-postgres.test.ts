/** The managed database from outside: starts, deaths and folders, on real processes. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { after, test } from 'node:test'
import pg from 'pg'
import { canReach, databaseAccount } from '../../src/adapters/managed-postgres/account.ts'
import { installBinaries } from '../../src/adapters/managed-postgres/binaries.ts'
import { givenServer } from '../../src/adapters/managed-postgres/database-server.ts'
import { startManagedPostgres } from '../../src/adapters/managed-postgres/managed-postgres.ts'
import { identifyProcess } from '../../src/adapters/managed-postgres/process-identity.ts'
import {
  becomes,
  findServer,
  readPostmaster,
} from '../../src/adapters/managed-postgres/server-process.ts'
import { programCacheFolder } from '../../src/node/data-folder.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { killHard, runProgram, startProgram } from './programs/run-program.ts'

const CHECKOUT = join(import.meta.dirname, '..', '..')

// Registered before the folders' removal, so it runs before it.
after(async () => (await sharedServer)?.server.stop())

test('a second start resumes the data of the first, on another password', async (t) => {
  const { folder, cacheFolder } = makeFolder()
  const options = { dataFolder: folder, cacheFolder }
  const first = await startManagedPostgres(options)
  t.after(first.stop)
  const firstUrl = await first.createDatabase('meridia')
  await query(firstUrl, 'create table kept (n int); insert into kept values (7)')
  await first.stop()
  assert.equal(findServer(join(folder, 'data')), undefined)

  const second = await startManagedPostgres(options)
  t.after(second.stop)
  const secondUrl = await second.createDatabase('meridia')
  assert.deepEqual(await query(secondUrl, 'select n from kept'), [{ n: 7 }])
  assert.notEqual(new URL(secondUrl).password, new URL(firstUrl).password)
})

test('it is durable, checks its pages, listens on loopback, and closes its files', async () => {
  const { folder, server } = await shared()
  const settings = await query(
    server.url('postgres'),
    `select name, setting from pg_settings where name in ('fsync', 'full_page_writes',
     'synchronous_commit', 'data_checksums', 'listen_addresses', 'password_encryption') order by 1`,
  )
  assert.deepEqual(Object.fromEntries(settings.map(({ name, setting }) => [name, setting])), {
    data_checksums: 'on',
    fsync: 'on',
    full_page_writes: 'on',
    listen_addresses: '127.0.0.1',
    password_encryption: 'scram-sha-256',
    synchronous_commit: 'on',
  })
  for (const [name, mode] of Object.entries({
    password: 0o600,
    'postgres.log': 0o600,
    data: 0o700,
  })) {
    assert.equal(statSync(join(folder, name)).mode & 0o777, mode, name)
  }
})

test('a role opens its own database with its password and nothing else', async () => {
  const { folder, server } = await shared()
  const meridia = new URL(await server.createDatabase('meridia'))
  await server.createDatabase('albion')

  const elsewhere = new URL(meridia)
  elsewhere.pathname = '/albion'
  await assert.rejects(query(elsewhere.href, 'select 1'), { code: '42501' })
  const guessing = new URL(meridia)
  guessing.password = 'guess'
  await assert.rejects(query(guessing.href, 'select 1'), { code: '28P01' })
  await assert.rejects(query(meridia.href, 'create role more'), { code: '42501' })
  await assert.rejects(query(meridia.href, `select 'a secret'::int`), { code: '22P02' })
  assert.doesNotMatch(readFileSync(join(folder, 'postgres.log'), 'utf8'), /a secret/)
})

test('a given server gets one database a node, of the given role', async () => {
  const { server } = await shared()
  const given = givenServer(server.url('postgres'))
  const url = await given.createDatabase('sierra')
  assert.equal(await given.createDatabase('sierra'), url)
  assert.deepEqual(await query(url, 'select current_database() as name, current_user as role'), [
    { name: 'sierra', role: 'comity' },
  ])
  await given.dropDatabase('sierra')
  await assert.rejects(query(url, 'select 1'), { code: '3D000' })
  await assert.rejects(given.createDatabase('a"; drop'), { code: 'malformed' })
  assert.throws(() => givenServer('http://example'), { code: 'malformed', field: 'DATABASE_URL' })
  const closed = givenServer('postgres://comity:x@127.0.0.1:1/postgres')
  await assert.rejects(closed.createDatabase('sierra'), { code: 'unavailable' })
})

test('kill -9 of the starter stops the database; what was committed is there again', async (t) => {
  const { folder, cacheFolder } = makeFolder()
  const starter = await runProgram(t, 'start-database.ts', [folder, cacheFolder])
  await query(starter.said.database, 'create table kept (n int); insert into kept values (7)')
  await killHard(starter.child)
  assert.ok(
    await becomes(() => identifyProcess(starter.said.pid) === undefined, 5_000),
    'the database ends without its starter',
  )
  const again = await startManagedPostgres({ dataFolder: folder, cacheFolder })
  t.after(again.stop)
  const url = await again.createDatabase('meridia')
  assert.deepEqual(await query(url, 'select n from kept'), [{ n: 7 }])
})

test('a database that lost its guard as well is stopped by the next start', async (t) => {
  if (process.platform !== 'linux') return t.skip('finds the guard in /proc')
  const { folder, cacheFolder } = makeFolder()
  const starter = await runProgram(t, 'start-database.ts', [folder, cacheFolder])
  process.kill(guardOf(folder), 'SIGKILL')
  await killHard(starter.child)
  assert.equal(findServer(join(folder, 'data'))?.pid, starter.said.pid, 'it runs on as an orphan')

  const said: string[] = []
  const again = await startManagedPostgres({
    dataFolder: folder,
    cacheFolder,
    log: (message) => said.push(message),
  })
  t.after(again.stop)
  assert.deepEqual(said, ['stopping the database of an earlier start'])
  assert.equal(identifyProcess(starter.said.pid), undefined)
})

test('a start right after kill -9 takes over, and keeps its own database', async (t) => {
  const { folder, cacheFolder } = makeFolder()
  const starter = await runProgram(t, 'start-database.ts', [folder, cacheFolder])
  await killHard(starter.child)
  const again = await startManagedPostgres({ dataFolder: folder, cacheFolder })
  t.after(again.stop)
  // The guard of the dead starter has looked around by then.
  assert.equal(await becomes(() => findServer(join(folder, 'data')) === undefined, 1_000), false)
  assert.equal(findServer(join(folder, 'data'))?.pid, again.pid)
})

test('a folder in use is refused, whoever asks', async (t) => {
  const { folder, cacheFolder } = makeFolder()
  const options = { dataFolder: folder, cacheFolder }
  const server = await startManagedPostgres(options)
  t.after(server.stop)
  await assert.rejects(startManagedPostgres(options), { reason: 'folder-in-use' })
  const { said } = await runProgram(t, 'start-database.ts', [folder, cacheFolder])
  assert.equal(said.reason, 'folder-in-use')
  assert.deepEqual(await query(server.url('postgres'), 'select 1 as n'), [{ n: 1 }])
})

test('a postmaster.pid of nobody, or of another program by now, stops no start', async (t) => {
  const { folder, cacheFolder } = makeFolder()
  const options = { dataFolder: folder, cacheFolder }
  const pgData = join(folder, 'data')
  await (await startManagedPostgres(options)).stop()
  const { uid, gid } = statSync(pgData)
  const other = spawn('sleep', ['60'], { stdio: 'ignore', uid, gid })
  t.after(() => other.kill())
  for (const pid of [4_194_303, other.pid]) {
    writeFileSync(join(pgData, 'postmaster.pid'), `${pid}\n${pgData}\n1\n5432\n\n\n\nready\n`)
    chownSync(join(pgData, 'postmaster.pid'), uid, gid)
    const server = await startManagedPostgres(options)
    assert.equal(readPostmaster(pgData)?.pid, server.pid)
    await server.stop()
  }
  assert.ok(identifyProcess(other.pid!), 'the other program was left alone')
})

test('a first start that was cut short is done again', async (t) => {
  const { folder, cacheFolder } = makeFolder()
  const starter = startProgram(t, 'start-database.ts', [folder, cacheFolder])
  const isMaking = () => readdirSync(folder).some((name) => name.startsWith('making-'))
  assert.ok(await becomes(isMaking, 10_000))
  await killHard(starter)
  assert.ok(!existsSync(join(folder, 'data')), 'half a cluster is not in place')
  const server = await startManagedPostgres({ dataFolder: folder, cacheFolder })
  await server.stop()
  assert.ok(!isMaking())
})

test('an ordinary user, with no home, starts it too', async (t) => {
  const account = databaseAccount()
  if (account === undefined) return t.skip('not root: the other tests were that')
  if (!canReach(account, CHECKOUT)) return t.skip(`${account.name} cannot enter this checkout`)
  const folder = join(makeFolder().folder, 'own')
  mkdirSync(folder)
  chmodSync(dirname(folder), 0o711)
  chownSync(folder, account.uid, account.gid)
  const starter = await runProgram(
    t,
    'start-database.ts',
    [join(folder, 'postgres'), join(folder, 'cache')],
    {
      uid: account.uid,
      gid: account.gid,
      cwd: folder,
      env: { PATH: process.env['PATH'], HOME: '/nonexistent' },
    },
  )
  assert.equal(starter.said.uid, account.uid)
  assert.deepEqual(await query(starter.said.database, 'select 1 as n'), [{ n: 1 }])
  starter.child.stdin?.end()
  await once(starter.child, 'exit')
})

test('a copy of the programs that another account made is not used', async (t) => {
  const account = databaseAccount()
  if (account === undefined) return t.skip('only root can make such a copy')
  const { folder } = makeFolder()
  const cacheFolder = join(folder, 'cache')
  const { initdb } = await installBinaries(cacheFolder)
  chownSync(dirname(dirname(initdb)), account.uid, account.gid)
  await assert.rejects(
    startManagedPostgres({ dataFolder: join(folder, 'postgres'), cacheFolder }),
    {
      reason: 'foreign-cache-folder',
    },
  )
})

/** One server for the tests that do not start or stop it. */
let sharedServer: ReturnType<typeof startShared> | undefined

function shared(): ReturnType<typeof startShared> {
  sharedServer ??= startShared()
  return sharedServer
}

async function startShared() {
  const { folder, cacheFolder } = makeFolder()
  return { folder, server: await startManagedPostgres({ dataFolder: folder, cacheFolder }) }
}

function makeFolder(): { folder: string; cacheFolder: string } {
  const folder = temporaryFolder()
  return { folder, cacheFolder: programCacheFolder(folder) }
}

function guardOf(folder: string): number {
  const isGuard = (pid: string) => {
    try {
      const commandLine = readFileSync(`/proc/${pid}/cmdline`, 'utf8')
      return commandLine.includes('guard.ts') && commandLine.includes(`"${folder}"`)
    } catch {
      return false
    }
  }
  return Number(readdirSync('/proc').find((name) => /^\d+$/.test(name) && isGuard(name)))
}

async function query(url: string, text: string) {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => {})
  await client.connect()
  try {
    return (await client.query(text)).rows
  } finally {
    await client.end()
  }
}
