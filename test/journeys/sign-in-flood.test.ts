/**
 * Sign-in in the midst of a flood: thousands of failed tries from many addresses, and
 * an officer who signs in and proves anew who they are as on any other day.
 */
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { after, test } from 'node:test'
import { launchBrowser } from '../support/browser.ts'
import {
  enrol,
  newDevice,
  setUpSignInNode,
  signInWithPasskey,
  signOut,
} from '../support/sign-in-node.ts'

const node = await setUpSignInNode('flood.example')
const text = readFileSync(node.config, 'utf8')
const trusting = text.replace('officers: { host', 'officers: { trustedProxies: [127.0.0.1], host')
assert.notEqual(trusting, text)
writeFileSync(node.config, trusting)
const serving = await node.start()
const browser = await launchBrowser()
after(() => browser.close())
const administrator = await newDevice(browser, node.baseUrl)
const SETUP = '/en/officer/enrol/setup'
const AT_ONCE = 20

/** As the trusted proxy passes on what came from there. */
function from(address: string, path: string, body: string, type = 'application/json') {
  return fetch(node.baseUrl + path, {
    method: 'POST',
    redirect: 'manual',
    headers: { 'content-type': type, 'x-forwarded-for': `203.0.113.250, ${address}` },
    body,
  })
}

const failFrom = async (address: string) =>
  (await from(address, '/api/v1/sign-in/passkey', '{"answer":{"id":"AAAA"}}')).status

const typeCode = async (address: string, code: string) => {
  const form = new URLSearchParams({ code }).toString()
  return (await from(address, SETUP, form, 'application/x-www-form-urlencoded')).status
}

async function flood(count: number, one: (at: number) => Promise<number>) {
  const statuses = new Map<number, number>()
  for (let at = 0; at < count; at += AT_ONCE) {
    const some = Array.from({ length: AT_ONCE }, (_, more) => one(at + more))
    for (const status of await Promise.all(some)) {
      statuses.set(status, (statuses.get(status) ?? 0) + 1)
    }
  }
  return statuses
}

const place = (at: number) => `10.${Math.floor(at / 250)}.${at % 250}.1`

test('wrong setup codes of anybody take nothing from the right one', async () => {
  const wrong = await flood(200, (at) => typeCode(place(at), 'AAAA-AAAA-AAAA-AAAA-AAAA-AAAA'))
  assert.deepEqual([...wrong.keys()], [401])
  // The minute may end between two of these: so that there is one that does not, three.
  const own = await flood(60, () => typeCode('198.51.100.1', 'AAAA-AAAA-AAAA-AAAA-AAAA-AAAA'))
  assert.ok(own.has(429), 'one network that goes on is held off')
  await enrol(administrator, SETUP, node.setupCode(), 'Ada Root (invented)')
})

test('a flood from a thousand networks: an officer signs in, and proves anew who they are', async () => {
  await signOut(administrator)
  // Past what a calm minute sees, so that every further try waits.
  await flood(400, (at) => failFrom(place(at)))
  let isOver = false
  const going = (async () => {
    const seen = new Set<number>()
    for (let at = 0; !isOver; at += AT_ONCE) {
      const some = Array.from({ length: AT_ONCE }, (_, more) => failFrom(place(400 + at + more)))
      for (const status of await Promise.all(some)) seen.add(status)
    }
    return seen
  })()
  try {
    await signInWithPasskey(administrator)
    await administrator.page.waitForURL('**/officer/sign-in-desk')
    await administrator.page.goto('/en/officer/step-up')
    await administrator.page.getByRole('button', { name: 'Prove it with a passkey' }).click()
    await administrator.page.getByText('You proved it at').first().waitFor()
  } finally {
    isOver = true
  }
  assert.deepEqual([...(await going)], [401], 'who sends the flood only waits, too')
})

test('a network that sends a flood by itself is told to wait; its address is in no line', async () => {
  const address = '198.51.102.77'
  // Sixty a minute: more than twice as many, for a minute may end in the middle of it.
  const statuses = await flood(140, () => failFrom(address))
  assert.ok((statuses.get(429) ?? 0) >= 20, JSON.stringify([...statuses]))
  assert.ok((statuses.get(401) ?? 0) >= 60, JSON.stringify([...statuses]))
  assert.equal(await failFrom('198.51.103.77'), 401)
  assert.doesNotMatch(serving.printed(), /198\.51\./)
})
