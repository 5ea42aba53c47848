import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sharedCall, sharedCallBy } from './shared-call.ts'

function asked() {
  const calls: PromiseWithResolvers<string>[] = []
  const ask = sharedCall(() => {
    const call = Promise.withResolvers<string>()
    calls.push(call)
    return call.promise
  })
  return { calls, ask }
}

/** Lets whatever is settled run to its end. */
const settled = () => new Promise((done) => setImmediate(done))

test('who asks while a call runs gets the answer of the next one, together', async () => {
  const { calls, ask } = asked()
  const first = ask()
  const [second, third] = [ask(), ask()]
  assert.equal(calls.length, 1)
  calls[0]?.resolve('old')
  assert.equal(await first, 'old')
  await settled()
  assert.equal(calls.length, 2)
  calls[1]?.resolve('new')
  assert.deepEqual(await Promise.all([second, third]), ['new', 'new'])
})

test('whoever asks when nothing runs is asked for anew', async () => {
  const { calls, ask } = asked()
  const first = ask()
  calls[0]?.resolve('one')
  assert.equal(await first, 'one')
  await settled()
  const second = ask()
  assert.equal(calls.length, 2)
  calls[1]?.resolve('two')
  assert.equal(await second, 'two')
})

test('who asks between two calls that follow each other waits for a third', async () => {
  const { calls, ask } = asked()
  const first = ask()
  const second = ask()
  calls[0]?.resolve('one')
  await first
  await settled()
  const third = ask()
  assert.equal(calls.length, 2)
  calls[1]?.resolve('two')
  assert.equal(await second, 'two')
  await settled()
  assert.equal(calls.length, 3)
  calls[2]?.resolve('three')
  assert.equal(await third, 'three')
})

test('a call that fails fails for its own askers only', async () => {
  const { calls, ask } = asked()
  const first = ask()
  const second = ask()
  calls[0]?.reject(new Error('no connection'))
  await assert.rejects(first, /no connection/)
  await settled()
  calls[1]?.resolve('back')
  assert.equal(await second, 'back')
})

test('by key, only askers about the same share, and nothing is kept afterwards', async () => {
  const calls: string[] = []
  const ask = sharedCallBy(async (key) => {
    const number = calls.push(key)
    await settled()
    return `${key}${number}`
  })
  const answers = await Promise.all([ask('a'), ask('b'), ask('a'), ask('a')])
  assert.deepEqual(calls, ['a', 'b', 'a'])
  assert.deepEqual(answers, ['a1', 'b2', 'a3', 'a3'])
  assert.equal(await ask('a'), 'a4')
})

test('by key, a call that fails leaves the next asker a new one', async () => {
  let isUp = false
  const ask = sharedCallBy(async (key) => {
    if (!isUp) throw new Error('no connection')
    return key
  })
  await assert.rejects(ask('a'), /no connection/)
  isUp = true
  assert.equal(await ask('a'), 'a')
})
