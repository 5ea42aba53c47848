/** `comity openpgp`: an authority signs its advisories with an OpenPGP key of its own. */
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { generateKey } from 'openpgp'
import { comity, serve, setUpNode } from '../support/real-node.ts'

const own = await setUpNode('openpgp.example')
await serve(own.config)
const openpgp = (...args: string[]) => comity(['openpgp', ...args, '--config', own.config])

async function file(name: string, change: object = {}) {
  const { privateKey } = await generateKey({
    ...{ type: 'ecc', curve: 'ed25519Legacy', format: 'armored' },
    ...{ userIDs: [{ name: 'Authority (invented)' }], ...change },
  } as Parameters<typeof generateKey>[0])
  const path = join(own.folder, name)
  writeFileSync(path, String(privateKey), { mode: 0o600 })
  return path
}

const fingerprintIn = (text: string) => /^[0-9A-F]{4}(?: [0-9A-F]{4})+$/m.exec(text)?.[0]

test('a key is taken, shown, and the next one takes its place', async () => {
  assert.match((await openpgp('show')).out, /^none yet/)
  const first = await file('first.asc')
  const taken = await openpgp('take', first)
  assert.equal(taken.code, 0, taken.err)
  assert.match(taken.out, /signs from now on/)
  assert.doesNotMatch(taken.out, /PRIVATE/)
  const fingerprint = fingerprintIn(taken.out)
  assert.ok(fingerprint)
  assert.match((await openpgp('take', first)).out, /is in use already/)
  const second = await openpgp('take', await file('second.asc', { keyExpirationTime: 40_000_000 }))
  assert.equal(second.code, 0, second.err)
  const shown = (await openpgp('show')).out
  const keys = shown.match(/^[0-9A-F]{4}(?: [0-9A-F]{4})+$/gm)
  assert.deepEqual(keys, [fingerprintIn(second.out), fingerprint])
  assert.match(shown, /in use, .*ends: 20\d\d-/)
  assert.match(shown, /former, .*ends: never/)
  const back = await openpgp('take', first)
  assert.equal(back.code, 1, 'a former key does not come back')
  assert.match(back.err, /bring a new one/)
  const doctor = await comity(['doctor', '--config', own.config, '--json'])
  const { findings } = JSON.parse(doctor.out) as { findings: { check: string; state: string }[] }
  const found = findings.filter(({ check }) => check === 'OpenPGP key')
  assert.deepEqual(
    found.map(({ state }) => state),
    ['well'],
  )
})

test('what is no such key is refused with the reason, and nothing changes', async () => {
  const before = (await openpgp('show')).out
  const text = join(own.folder, 'text.asc')
  writeFileSync(text, 'not a key')
  const long = join(own.folder, 'long.asc')
  writeFileSync(long, 'a'.repeat(70_000))
  for (const [path, says] of [
    [text, /not one OpenPGP private key/],
    [long, /too long/],
    [await file('locked.asc', { passphrase: 'secret' }), /has a passphrase/],
    [await file('ends.asc', { keyExpirationTime: 1_000_000 }), /ends within 90 days/],
    [join(own.folder, 'none.asc'), /ENOENT/],
  ] as const) {
    const { code, err } = await openpgp('take', path)
    assert.equal(code, 1, err)
    assert.match(err, says)
    assert.doesNotMatch(err, /PRIVATE|secret\b/)
  }
  assert.equal((await openpgp('show')).out, before)
  for (const args of [[], ['take'], ['show', 'x'], ['make'], ['take', 'a', 'b']]) {
    assert.equal((await openpgp(...args)).code, 2, args.join(' '))
  }
})
