import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MINUTE_MS } from '../../base/time.ts'
import { countTries, networkOf } from './tries.ts'

const place = (at: number) => `10.${Math.floor(at / 256)}.${at % 256}.9`

function world() {
  const waited: number[] = []
  const clock = { ms: 1_000_000 }
  const wait = async (ms: number) => void waited.push(ms)
  return { waited, clock, tries: countTries({ now: () => clock.ms, wait }) }
}

/** As a flood of a thousand networks leaves it: more than a calm minute sees. */
function flooded() {
  const made = world()
  for (let at = 0; at < 1000; at++) made.tries.failed({ from: place(at) })
  return made
}

test('a flood from many networks makes others wait, and turns nobody away', async () => {
  const { tries, waited } = flooded()
  assert.equal(await tries.mayTry({ from: '192.0.2.1' }), true)
  assert.equal(await tries.mayTry({ from: place(7) }), true)
  assert.deepEqual(waited, [250, 2000], 'longer from where failures came')
  assert.equal(await tries.mayTry({ from: undefined }), true)
})

test('a session that is open waits for nobody and is barred by its own failures only', async () => {
  const { tries, waited } = flooded()
  assert.equal(await tries.mayTry({ session: 'own' }), true)
  assert.deepEqual(waited, [])
  for (let failed = 0; failed < 10; failed++) tries.failed({ session: 'stolen' })
  assert.equal(await tries.mayTry({ session: 'stolen' }), false)
  assert.equal(await tries.mayTry({ session: 'own' }), true)
})

test('a network that fails too often is turned away until the minute is over, no other is', async () => {
  const { tries, clock } = world()
  for (let failed = 0; failed < 60; failed++) tries.failed({ from: `192.0.2.${failed}` })
  assert.equal(await tries.mayTry({ from: '192.0.2.200' }), false)
  assert.equal(await tries.mayTry({ from: '::ffff:192.0.2.201' }), false, 'the same, written anew')
  assert.equal(await tries.mayTry({ from: '192.0.3.1' }), true)
  assert.equal(await tries.mayTry({ session: 'from there' }), true)
  clock.ms += MINUTE_MS
  assert.equal(await tries.mayTry({ from: '192.0.2.200' }), true)
})

test('a link is barred for the network that tries it, not for the guest elsewhere', async () => {
  const { tries } = world()
  const from = '192.0.2.1'
  for (let failed = 0; failed < 10; failed++) tries.failed({ from, at: 'link' })
  assert.equal(await tries.mayTry({ from, at: 'link' }), false)
  assert.equal(await tries.mayTry({ from, at: 'another' }), true)
  assert.equal(await tries.mayTry({ from: '198.51.100.1', at: 'link' }), true)
})

test('who cannot be told apart is never barred for the others', async () => {
  for (const from of [undefined, '127.0.0.1', '::1', 'unknown', '999.1.1.1', '']) {
    const { tries } = world()
    for (let failed = 0; failed < 2000; failed++) tries.failed({ from, at: 'setup' })
    assert.equal(await tries.mayTry({ from, at: 'setup' }), true, String(from))
  }
})

test('more networks than are counted do not wipe what was counted', async () => {
  const { tries } = world()
  for (let failed = 0; failed < 60; failed++) tries.failed({ from: '192.0.2.1' })
  for (let at = 0; at < 60_000; at++) {
    tries.failed({ from: `2001:${(at % 65_536).toString(16)}:1::1` })
  }
  assert.equal(await tries.mayTry({ from: '192.0.2.1' }), false)
})

test('too many who wait at once: where failures came from is turned away first', async () => {
  const waiting: (() => void)[] = []
  const wait = () => new Promise<void>((resolve) => void waiting.push(resolve))
  const tries = countTries({ now: () => 0, wait })
  for (let at = 0; at < 1000; at++) tries.failed({ from: place(at) })
  const asked = Array.from({ length: 600 }, (_, at) => tries.mayTry({ from: place(at) }))
  const officer = tries.mayTry({ from: '192.0.2.1' })
  await new Promise(setImmediate)
  for (const go of waiting) go()
  const answers = await Promise.all(asked)
  assert.equal(answers.filter(Boolean).length, 500)
  assert.equal(await officer, true)
})

test('a clock that is set back bars nobody for longer than a minute', async () => {
  const { tries, clock } = world()
  for (let failed = 0; failed < 60; failed++) tries.failed({ from: '192.0.2.1' })
  clock.ms -= 60 * MINUTE_MS
  assert.equal(await tries.mayTry({ from: '192.0.2.1' }), true)
})

test('the network of an address', () => {
  const known: Readonly<Record<string, string | undefined>> = {
    '192.0.2.77': '192.0.2',
    '::ffff:192.0.2.77': '192.0.2',
    '2001:db8:1:2:3:4:5:6': '2001:db8:1',
    '2001:0DB8:0001::': '2001:db8:1',
    '2001:db8::1': '2001:db8:0',
    'fe80::1%eth0': 'fe80:0:0',
    '64:ff9b::192.0.2.1': '64:ff9b:0',
    '127.0.0.53': undefined,
    '::1': undefined,
    '0:0:0:0:0:0:0:1': undefined,
    '192.0.2': undefined,
    'a, b': undefined,
  }
  for (const [address, network] of Object.entries(known)) {
    assert.equal(networkOf(address), network, address)
  }
})
