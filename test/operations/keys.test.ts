/** `comity keys` as two people at a terminal meet it, on a node that `comity init` made. */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { readCeremonies } from '../../src/adapters/keys/ceremony-records.ts'
import { openPeerDocuments } from '../../src/adapters/peers/peer-documents.ts'
import { comity, serve, setUpNode } from '../support/real-node.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const PRESENT = ['--present', 'administrator', '--present', 'oversight']

async function node() {
  const folder = join(temporaryFolder(), 'node')
  const lines = [
    'a.example',
    'Authority',
    'EU',
    'Europe/Brussels',
    'training',
    ...Array(5).fill(''),
    'O',
    'A',
  ]
  const made = await comity(['init', folder], { input: `${lines.join('\n')}\n` })
  assert.equal(made.code, 0, made.err)
  const config = join(folder, 'comity.yaml')
  const keys = (...args: string[]) => comity(['keys', ...args, '--config', config])
  const document = () => JSON.parse(readFileSync(join(folder, 'node.json'), 'utf8')).document
  return { folder, config, keys, document }
}

test('a message key gets a successor, takes over, and the old one is revoked by it', async () => {
  const { folder, keys, document } = await node()
  const listed = await keys('list')
  assert.equal(listed.code, 0, listed.err)
  assert.match(listed.out, /message-1 {2}message\.pem\n.*\n {2}([0-9a-f]{4} ){15}[0-9a-f]{4}\n/)
  assert.doesNotMatch(listed.out, /PRIVATE|AGE-SECRET/)

  const rotated = await keys('rotate', 'message', '--from', 'now', ...PRESENT)
  assert.equal(rotated.code, 0, rotated.err)
  assert.deepEqual(
    document().messageKeys.map(({ id }: { id: string }) => id),
    ['a.example/msg1', 'a.example/msg2'],
  )
  const revoked = await keys('revoke', 'message-1', '--reason', 'compromised', ...PRESENT)
  assert.equal(revoked.code, 0, revoked.err)
  assert.equal(document().revocations[0].key, 'a.example/msg1')
  assert.match((await keys('list')).out, /REVOKED at .*: compromised/)

  const held = await readCeremonies(join(folder, 'keys'))
  assert.deepEqual(
    held.map(({ act }) => act),
    ['rotated', 'revoked'],
  )
  assert.deepEqual(held[0]?.present, ['administrator', 'oversight'])
  const peers = temporaryFolder()
  writeFileSync(join(peers, 'a.example.json'), readFileSync(join(folder, 'node.json')))
  const [pinned] = (await openPeerDocuments(peers)).all()
  assert.ok(pinned?.messageKeys[0]?.revokedAt)
  assert.equal(pinned?.messageKeys[1]?.revokedAt, undefined)
})

test('what one person alone asks, and what is no key, changes nothing', async () => {
  const { keys, document } = await node()
  const before = document()
  const bad: readonly (readonly [readonly string[], number])[] = [
    [['rotate', 'message'], 1],
    [['rotate', 'message', '--present', 'administrator'], 1],
    [['rotate', 'message', '--present', 'one', '--present', 'One'], 1],
    [['rotate', 'nothing', ...PRESENT], 1],
    [['rotate', 'log', ...PRESENT], 1],
    [['rotate', 'message', '--from', 'yesterday', ...PRESENT], 1],
    [['rotate', 'message', '--from', '2020-01-01T00:00:00.000Z', ...PRESENT], 1],
    [['revoke', 'message-1', '--reason', 'bored', ...PRESENT], 1],
    [['revoke', 'message-1', '--reason', 'lost', ...PRESENT], 1],
    [['destroy', ...PRESENT], 2],
    [['list', 'more', 'words'], 2],
    [['rotate', 'message', '--passphrase', 'on the command line', ...PRESENT], 2],
  ]
  for (const [args, code] of bad) {
    const { code: given, err } = await keys(...args)
    assert.equal(given, code, `${args.join(' ')}: ${err}`)
  }
  assert.deepEqual(document(), before)
})

test('the ceremony is printed for each act and needs no node', async () => {
  for (const act of ['init', 'rotate', 'revoke', 'retire']) {
    const { code, out } = await comity(['keys', 'ceremony', act])
    assert.equal(code, 0)
    assert.match(out, /Two people.*\n(.*\n)+? 1 {2}\S/)
  }
  assert.equal((await comity(['keys', 'ceremony', 'dance'])).code, 2)
})

test('a column key is changed, columns move at the next start, and the old key goes', async () => {
  const { config, folder } = await setUpNode('rotating.example')
  const keys = (...args: string[]) => comity(['keys', ...args, '--config', config, ...PRESENT])
  const run = async (until?: string) => {
    const serving = await serve(config)
    for (let tries = 0; until && !serving.printed().includes(until); tries++) {
      assert.ok(tries < 200, serving.printed())
      await setTimeout(50)
    }
    serving.process.kill('SIGTERM')
    assert.equal((await serving.ended).code, 0)
  }
  await run()
  assert.equal((await keys('rotate', 'column')).code, 0)
  const early = await keys('retire')
  assert.equal(early.code, 1)
  assert.match(early.err, /start it again first/)
  await run('columns-resealed')
  const retired = await keys('retire')
  assert.equal(retired.code, 0, retired.err)
  assert.ok(!readdirSync(join(folder, 'keys')).includes('column.key'))
  await run()
  assert.equal((await comity(['rebuild', '--config', config])).code, 0)
})
