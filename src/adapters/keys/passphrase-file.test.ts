import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import { Decrypter, Encrypter, generateX25519Identity, identityToRecipient } from 'age-encryption'
import { textFromUtf8, utf8 } from '../../base/bytes.ts'
import { openWithPassphrase, sealWithPassphrase } from './passphrase-file.ts'

const PASSPHRASE = 'six words that nobody guesses'
const FAST = 8
const secret = utf8('AGE-SECRET-KEY-invented')
const sealed = await sealWithPassphrase(PASSPHRASE, secret, FAST)
const open = (file: Uint8Array, passphrase = PASSPHRASE) =>
  openWithPassphrase(passphrase, file, 'message.pem.age')

test('what is sealed opens here and with the library of age, and nothing of it shows', async () => {
  assert.deepEqual(await open(sealed), secret)
  const decrypter = new Decrypter()
  decrypter.addPassphrase(PASSPHRASE)
  assert.equal(await decrypter.decrypt(sealed, 'text'), textFromUtf8(secret))
  assert.ok(!Buffer.from(sealed).includes(Buffer.from(secret)))
})

test('what the library of age seals opens here', async () => {
  const encrypter = new Encrypter()
  encrypter.setPassphrase(PASSPHRASE)
  encrypter.setScryptWorkFactor(FAST)
  assert.deepEqual(await open(await encrypter.encrypt(secret)), secret)
})

const age = spawnSync('age', ['--version']).status === 0
test('the age tool takes the file for one sealed by a passphrase', {
  skip: age ? false : 'the age tool is not installed',
}, () => {
  // It asks for the passphrase at a terminal only; without one it says so, and nothing else.
  const { stderr } = spawnSync('setsid', ['age', '-d'], { input: sealed, encoding: 'utf8' })
  assert.match(stderr, /passphrase/)
  assert.doesNotMatch(stderr, /malformed|header|parse/)
})

test('equal secrets give other bytes each time', async () => {
  assert.notDeepEqual(await sealWithPassphrase(PASSPHRASE, secret, FAST), sealed)
})

for (const passphrase of [
  '',
  'another passphrase here',
  PASSPHRASE.toUpperCase(),
  `${PASSPHRASE} `,
]) {
  test(`another passphrase does not open: ${JSON.stringify(passphrase)}`, () =>
    assert.rejects(open(sealed, passphrase), { code: 'unverified', reason: 'passphrase' }))
}

for (const weak of [
  '',
  'short',
  'aaaaaaaaaaaaaaaaaaaaaaaa',
  'abababababababababab',
  'x'.repeat(2000),
]) {
  test(`a passphrase that is worth nothing seals nothing: ${weak.slice(0, 24)}`, () =>
    assert.rejects(sealWithPassphrase(weak, secret, FAST), { reason: 'weak-passphrase' }))
}

test('a file cut anywhere is refused as such', async () => {
  for (let size = 0; size < sealed.length; size += 7) {
    await assert.rejects(open(sealed.subarray(0, size)), { name: 'ComityError', code: 'malformed' })
  }
})

test('a changed byte, wherever it is, does not open', async () => {
  for (let index = 0; index < sealed.length; index += 3) {
    const changed = sealed.with(index, (sealed[index] ?? 0) ^ 1)
    await assert.rejects(open(changed), { name: 'ComityError' }, String(index))
  }
})

test('a file that asks for too much work is refused before the work', async () => {
  const text = Buffer.from(sealed).toString('latin1').replace(/ 8\n/, ' 40\n')
  const greedy = Buffer.from(text, 'latin1')
  await assert.rejects(open(greedy), { reason: 'work-factor' })
})

test('a file sealed to a recipient is none of a passphrase', async () => {
  const encrypter = new Encrypter()
  encrypter.addRecipient(await generateX25519Identity().then(identityToRecipient))
  await assert.rejects(
    encrypter.encrypt(secret).then((file) => open(file)),
    {
      name: 'ComityError',
      code: 'malformed',
    },
  )
})
