/** Where data lie, who may enter, and what a reset removes. */
import assert from 'node:assert/strict'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { test } from 'node:test'
import { databaseAccount, parseAccounts } from '../../src/adapters/managed-postgres/account.ts'
import { lockFolder } from '../../src/adapters/managed-postgres/folder-lock.ts'
import { startManagedPostgres } from '../../src/adapters/managed-postgres/managed-postgres.ts'
import { becomes, findServer } from '../../src/adapters/managed-postgres/server-process.ts'
import { resetCommand } from '../../src/cli/reset.ts'
import { dataFolderPath, openDataFolder, resetData } from '../../src/node/data-folder.ts'
import { choosePorts } from '../../src/node/free-ports.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { killHard, runProgram } from './programs/run-program.ts'

test('the data lie in the checkout, or where COMITY_DATA says', () => {
  assert.equal(dataFolderPath('/a/checkout', {}), '/a/checkout/.comity')
  assert.equal(dataFolderPath('/a/checkout', { COMITY_DATA: '' }), '/a/checkout/.comity')
  assert.equal(dataFolderPath('/a/checkout', { COMITY_DATA: '/data' }), '/data')
})

test('the folders are closed to others; a node id cannot lead out', () => {
  const data = openDataFolder(join(temporaryFolder(), '.comity'))
  assert.equal(statSync(data.folder).mode & 0o777, 0o700)
  const node = data.nodeFolder('meridia.example')
  assert.equal(statSync(node).mode & 0o777, 0o700)
  for (const id of ['../x', '', 'a/b', 'meridia', '..']) {
    assert.throws(() => data.nodeFolder(id), { code: 'malformed' }, id)
  }
})

test('in a private checkout root keeps the database outside, for good; a reset finds it', async (t) => {
  if (databaseAccount() === undefined) return t.skip('only for root')
  const checkout = temporaryFolder()
  const first = openDataFolder(join(checkout, '.comity'))
  const outside = first.postgresFolder()
  t.after(() => rmSync(outside, { recursive: true, force: true }))
  assert.ok(!outside.startsWith(checkout))
  chmodSync(checkout, 0o755)
  assert.equal(openDataFolder(first.folder).postgresFolder(), outside)

  const server = await startManagedPostgres({
    dataFolder: outside,
    cacheFolder: first.cacheFolder(),
  })
  t.after(server.stop)
  await assert.rejects(resetData(first.folder), { reason: 'folder-in-use' })
  await server.stop()
  assert.deepEqual(await resetData(first.folder), { removed: [outside, first.folder] })
  assert.ok(!existsSync(outside) && !existsSync(first.folder))
})

test('in an open checkout the database lies inside', () => {
  const checkout = temporaryFolder()
  chmodSync(checkout, 0o755)
  const data = openDataFolder(join(checkout, '.comity'))
  assert.equal(data.postgresFolder(), join(data.folder, 'postgres'))
  const isRoot = databaseAccount() !== undefined
  assert.equal(statSync(data.folder).mode & 0o777, isRoot ? 0o711 : 0o700)
})

test('a reset stops what a dead start left running, and removes it', async (t) => {
  const checkout = temporaryFolder()
  chmodSync(checkout, 0o755)
  const data = openDataFolder(join(checkout, '.comity'))
  data.nodeFolder('meridia.example')
  const postgres = data.postgresFolder()
  const starter = await runProgram(t, 'start-database.ts', [postgres, data.cacheFolder()])
  await killHard(starter.child)
  await resetData(data.folder)
  assert.ok(!existsSync(data.folder))
  assert.ok(await becomes(() => findServer(join(postgres, 'data')) === undefined, 3_000))
  assert.deepEqual(await resetData(data.folder), { removed: [] })
})

test('a folder with other things in it is neither used nor removed', async () => {
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'thesis.txt'), 'years of work')
  assert.throws(() => openDataFolder(folder), { code: 'malformed', field: 'COMITY_DATA' })
  await assert.rejects(resetData(folder), { code: 'malformed', field: 'COMITY_DATA' })
  assert.deepEqual(readdirSync(folder), ['thesis.txt'])
  writeFileSync(join(folder, 'comity-data.json'), '{"comity":')
  await assert.rejects(resetData(folder), { code: 'malformed' })
  assert.equal(readFileSync(join(folder, 'thesis.txt'), 'utf8'), 'years of work')
})

test('a marker that was tampered with does not lead a reset to a foreign folder', async () => {
  const base = temporaryFolder()
  const foreign = join(base, 'foreign')
  mkdirSync(foreign)
  writeFileSync(join(foreign, 'thesis.txt'), 'years of work')
  const data = openDataFolder(join(base, '.comity'))
  const marker = { comity: 'data', postgresFolder: foreign }
  writeFileSync(join(data.folder, 'comity-data.json'), JSON.stringify(marker))
  assert.deepEqual(await resetData(data.folder), { removed: [data.folder] })
  assert.deepEqual(readdirSync(foreign), ['thesis.txt'])
})

test('accounts: only unprivileged ones with numbers', () => {
  const passwd = 'root:x:0:0::/:/bin/sh\npostgres:x:101:104::/:/bin/sh\nnobody:*:-2:-2::/:\n\nodd\n'
  assert.deepEqual(parseAccounts(passwd), [{ name: 'postgres', uid: 101, gid: 104 }])
})

test('the ports that people know are taken only if all are free', async (t) => {
  const [first = 0] = await choosePorts(1)
  assert.deepEqual(await choosePorts(2, first), [first, first + 1])
  const taken = createServer().listen(first + 1, '127.0.0.1')
  t.after(() => taken.close())
  await new Promise((done) => taken.once('listening', done))
  const ports = await choosePorts(3, first)
  assert.equal(new Set(ports).size, 3)
  assert.ok(!ports.includes(first + 1))
})

test('`comity reset` says what it did and ends with 1 while a start runs', async (t) => {
  const checkout = temporaryFolder()
  const { folder } = openDataFolder(join(checkout, '.comity'))
  const lock = lockFolder(folder)
  const said = t.mock.method(process.stderr, 'write', () => true)
  assert.equal(await resetCommand([], checkout, {}), 1)
  lock.release()
  assert.equal(await resetCommand([], checkout, {}), 0)
  assert.equal(await resetCommand([], checkout, {}), 0)
  const [refused, done, nothing] = said.mock.calls.map(({ arguments: [text] }) => String(text))
  assert.match(refused!, /in use by process \d+; stop it first\n$/)
  assert.equal(done, `comity: removed ${folder}\n`)
  assert.equal(nothing, 'comity: there are no data\n')
})
