/** `comity init` as an administrator meets it: asked, from a pipe, from a file, again. */
import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { openFileKeys } from '../../src/adapters/keys/file-keys.ts'
import { openPeerDocuments } from '../../src/adapters/peers/peer-documents.ts'
import { answersFrom, askAll } from '../../src/cli/init/questions.ts'
import { readNodeConfig } from '../../src/node/config.ts'
import { comity } from '../support/real-node.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const GOOD = {
  id: 'ai.meridia.example',
  name: 'Meridia "AI" Authority: #1',
  legalOrder: 'EU',
  zone: 'Europe/Brussels',
  profile: 'training',
  escalationBody: 'Ombudsperson',
  escalationAddress: 'Example Street 1',
}
const LINES = [
  GOOD.id,
  GOOD.name,
  'EU',
  'Europe/Brussels',
  'training',
  '',
  '',
  '',
  '',
  '',
  'O',
  'A',
]

const yamlOf = (answers: object, folder = temporaryFolder()) => {
  const file = join(folder, 'answers.yaml')
  writeFileSync(file, JSON.stringify(answers))
  return file
}

test('a pipe answers, and everything is there, closed to others', async () => {
  const folder = join(temporaryFolder(), 'node')
  const { code, out } = await comity(['init', folder], { input: `${LINES.join('\n')}\n` })
  assert.equal(code, 0)
  const config = readNodeConfig(join(folder, 'comity.yaml'))
  assert.equal(config.node.name, GOOD.name)
  assert.equal(config.listeners.officers.url, 'https://officers.ai.meridia.example')
  for (const name of readdirSync(folder)) {
    assert.equal(statSync(join(folder, name)).mode % 0o100, 0, name)
  }
  assert.match(out, /comity serve --config \S+comity\.yaml/)
  const passwords = readFileSync(join(folder, 'database.sql'), 'utf8').match(/'[0-9a-f]{48}'/g)
  assert.equal(new Set(passwords).size, 4)
  for (const password of passwords ?? []) assert.ok(!out.includes(password.slice(1, -1)))
})

test('the node document is one that a peer can pin, with the keys of the folder', async () => {
  const folder = join(temporaryFolder(), 'node')
  assert.equal((await comity(['init', folder, '--from', yamlOf(GOOD)])).code, 0)
  const peers = join(temporaryFolder(), 'peers')
  mkdirSync(peers)
  writeFileSync(join(peers, 'x.json'), readFileSync(join(folder, 'node.json')))
  const [peer] = (await openPeerDocuments(peers)).all()
  const keys = await openFileKeys(join(folder, 'keys'), GOOD.id)
  assert.equal(peer?.id, GOOD.id)
  assert.deepEqual(peer?.messageKeys[0]?.publicKey, keys.messagePublicKey)
})

test('a second run changes nothing and says what is there', async () => {
  const folder = join(temporaryFolder(), 'node')
  await comity(['init', folder, '--from', yamlOf(GOOD)])
  const before = readFileSync(join(folder, 'comity.yaml'))
  const { code, err } = await comity(['init', folder, '--from', yamlOf(GOOD)])
  assert.equal(code, 1)
  assert.match(err, /not empty \(comity\.yaml, database\.sql, .*\): nothing was changed/)
  assert.deepEqual(readFileSync(join(folder, 'comity.yaml')), before)
})

test('a folder with other things is left alone', async () => {
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'letter.txt'), 'dear')
  assert.equal((await comity(['init', folder, '--from', yamlOf(GOOD)])).code, 1)
  assert.deepEqual(readdirSync(folder), ['letter.txt'])
})

test('a pipe that ends too early, or answers badly, leaves no folder', async () => {
  for (const lines of [[], LINES.slice(0, -1), ['not a domain'], [GOOD.id, '\u0007']]) {
    const folder = join(temporaryFolder(), 'node')
    const { code, err } = await comity(['init', folder], { input: lines.join('\n') })
    assert.equal(code, 1, lines.join())
    assert.match(err, /^comity init: \w+: /)
    assert.ok(!existsSync(folder))
  }
})

test('a person is asked again until the answer fits', async () => {
  const lines = ['Meridia', 'meridia', ...LINES]
  const written: string[] = []
  const answers = await askAll({
    isPerson: true,
    write: (text) => void written.push(text),
    readLine: async () => lines.shift(),
  })
  assert.equal(answers.id, GOOD.id)
  assert.equal(written.filter((text) => text.startsWith('  a domain name')).length, 2)
})

const bad: Readonly<Record<string, unknown>> = {
  nothing: null,
  'a list': [],
  'an unknown word': { ...GOOD, colour: 'red' },
  'a missing answer': { ...GOOD, escalationBody: undefined },
  'an object for an answer': { ...GOOD, name: { en: 'Meridia' } },
  'an id without a dot': { ...GOOD, id: 'meridia' },
  'an id in capitals': { ...GOOD, id: 'AI.Meridia.example' },
  'an id with a path': { ...GOOD, id: '../meridia.example' },
  'a name of two lines': { ...GOOD, name: 'Meridia\nsignIn: {}' },
  'an empty name': { ...GOOD, name: '' },
  'an unknown zone': { ...GOOD, zone: 'Mars/Olympus' },
  'a demo': { ...GOOD, profile: 'demo' },
  'a public address without TLS': { ...GOOD, publicUrl: 'http://meridia.example' },
  'an address with a path': { ...GOOD, publicUrl: 'https://meridia.example/comity' },
  'two doors at one address': { ...GOOD, publicUrl: 'https://a.b', officersUrl: 'https://a.b' },
  'port 0': { ...GOOD, firstPort: 0 },
  'a port without room behind it': { ...GOOD, firstPort: 65_535 },
  'another database': { ...GOOD, databaseUrl: 'mysql://localhost/comity' },
  'a database name that is SQL': { ...GOOD, databaseUrl: 'postgres://localhost/x";drop' },
  'a role name that is SQL': { ...GOOD, databaseUrl: `postgres://a';--@localhost/comity` },
}
for (const [name, answers] of Object.entries(bad)) {
  test(`answers are refused: ${name}`, () => {
    assert.throws(() => answersFrom(answers), { code: 'malformed' })
  })
}

test('--check names what is wrong, and changes nothing', async () => {
  const folder = join(temporaryFolder(), 'node')
  await comity(['init', folder, '--from', yamlOf(GOOD)])
  const file = join(folder, 'comity.yaml')
  assert.equal((await comity(['init', '--check', file])).code, 0)
  writeFileSync(file, readFileSync(file, 'utf8').replace('intervalMs:', 'intervallMs:'))
  const { code, err } = await comity(['init', '--check', file])
  assert.equal(code, 1)
  assert.match(err, /log\.interval/)
})
