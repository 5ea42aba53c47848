/** `comity serve` on a database of its own: starts, stops, and every reason not to start. */
import assert from 'node:assert/strict'
import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { comity, runSql, serve, setUpNode } from '../support/real-node.ts'

const shared = setUpNode('serve.example')
shared.catch(() => {})

/** Of the shared node, changed by `change`; its own file is left as it is. */
async function changed(name: string, change: (text: string) => string): Promise<string> {
  const { folder, config } = await shared
  const before = readFileSync(config, 'utf8')
  const after = change(before)
  assert.notEqual(after, before)
  const file = join(folder, `${name}.yaml`)
  writeFileSync(file, after)
  return file
}

async function ownerUrl(): Promise<string> {
  const { config } = await shared
  return /^ {2}url: "(.*)"$/m.exec(readFileSync(config, 'utf8'))?.[1] ?? ''
}

test('it serves its three doors, stops on SIGTERM, and serves again', async () => {
  const { config, port } = await shared
  for (const _ of [1, 2]) {
    const node = await serve(config)
    assert.match(node.printed(), /serve\.example \(training\) serves/)
    for (const offset of [0, 1, 2]) {
      const answer = await fetch(`http://127.0.0.1:${port + offset}/health`)
      assert.equal(answer.status, 200)
    }
    node.process.kill('SIGTERM')
    assert.equal((await node.ended).code, 0)
  }
})

test('an unknown word, a contradiction, no YAML: refused by name', async () => {
  const cases: [string, (text: string) => string, RegExp][] = [
    ['unknown', (text) => text.replace('folder: .', 'folder: .\ncolour: red'), /colour/],
    ['zone', (text) => text.replace('Europe/Brussels', 'Mars/Olympus'), /zone/],
    [
      'password',
      (text) => text.replace('signIn: {}', 'signIn: {password: "none"}'),
      /signIn\.password/,
    ],
    ['yaml', (text) => `${text}\n}`, /no YAML, see line \d+/],
    ['twice', (text) => `${text}\nfolder: elsewhere\n`, /no YAML, see line \d+/],
  ]
  for (const [name, change, why] of cases) {
    const { code, err } = await comity(['serve', '--config', await changed(name, change)])
    assert.equal(code, 1, name)
    assert.match(err, why)
  }
  const { code, err } = await comity(['serve', '--config', '/nowhere/comity.yaml'])
  assert.equal(code, 1)
  assert.match(err, /does not exist; comity init/)
  assert.equal((await comity(['serve'])).code, 2)
})

test('a database that is not there, or does not let us in: told apart, without the password', async () => {
  const password = new URL(await ownerUrl()).password
  const port = new URL(await ownerUrl()).port
  const cases: [string, (text: string) => string, RegExp][] = [
    ['closed', (text) => text.replaceAll(`:${port}/`, ':9/'), /cannot be reached \(ECONNREFUSED\)/],
    ['password', (text) => text.replaceAll(password, 'wrong'), /password of the role is wrong/],
    [
      'missing',
      (text) => text.replaceAll('/node_serve_example"', '/nobody_made_it"'),
      /28P01|3D000|28000/,
    ],
  ]
  for (const [name, change, why] of cases) {
    const { code, err } = await comity(['serve', '--config', await changed(name, change)])
    assert.equal(code, 1, name)
    assert.match(err, why)
    assert.ok(!err.includes(password), name)
  }
})

test('a database of a newer, an older, a half upgraded Comity: refused until told', async () => {
  const { config } = await shared
  const url = await ownerUrl()
  const node = await serve(config)
  node.process.kill('SIGTERM')
  await node.ended
  await runSql(url, `insert into kysely_migration values ('9999-later.sql', 'now')`)
  assert.match(
    (await comity(['serve', '--config', config])).err,
    /newer Comity \(9999-later\.sql\)/,
  )
  await runSql(url, `delete from kysely_migration where name = '9999-later.sql'`)

  await runSql(url, `create table kept as select * from kysely_migration`)
  await runSql(url, `delete from kysely_migration where name = '0002-log.sql'`)
  assert.match((await comity(['serve', '--config', config])).err, /half done \(0002-log\.sql/)
  await runSql(
    url,
    `delete from kysely_migration where name > '0002'; insert into kysely_migration select * from kept where name < '0003' on conflict do nothing`.replace(
      '; ',
      ';\n',
    ),
  )
  const older = await comity(['serve', '--config', config])
  assert.match(older.err, /older Comity \(0003-federation\.sql.* missing\): make a backup/)
  await runSql(url, `insert into kysely_migration select * from kept on conflict do nothing`)
})

test('keys that others can read, or that are gone: refused by name', async () => {
  const { folder, config } = await shared
  const file = join(folder, 'keys', 'message.pem')
  chmodSync(file, 0o644)
  const open = await comity(['serve', '--config', config])
  assert.equal(open.code, 1)
  assert.match(open.err, /others can read/)
  chmodSync(file, 0o600)
  const kept = readFileSync(file)
  rmSync(file)
  const gone = await comity(['serve', '--config', config])
  assert.match(gone.err, /message\.pem is missing/)
  writeFileSync(file, 'no key', { mode: 0o600 })
  const broken = await comity(['serve', '--config', config])
  assert.match(broken.err, /message\.pem is no Ed25519 key/)
  writeFileSync(file, kept, { mode: 0o600 })
})

test('every page of a training node says what it is, and its profile never changes', async () => {
  const { config, port } = await shared
  const node = await serve(config)
  for (const [offset, path] of [
    [0, '/en'],
    [0, '/en/report'],
    [0, '/en/open-data'],
    [1, '/en/officer/sign-in'],
  ] as const) {
    const page = await (await fetch(`http://127.0.0.1:${port + offset}${path}`)).text()
    assert.match(page, /Training node: for exercises only/, path)
  }
  const document = await fetch(`http://127.0.0.1:${port + 2}/.well-known/comity/node.json`)
  const { document: facts } = (await document.json()) as { document: { exercise?: string } }
  assert.equal(facts.exercise, 'training')
  node.process.kill('SIGTERM')
  await node.ended
  const real = await changed('real', (text) =>
    text
      .replace('profile: "training"', 'profile: "production"')
      .replace(/officers: (.*)url: "[^"]+"/, 'officers: $1url: "https://officers.serve.example"'),
  )
  const { code, err } = await comity(['serve', '--config', real])
  assert.equal(code, 1)
  assert.match(err, /of a training node and the configuration says production/)
})
