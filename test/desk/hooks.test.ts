/** Hooks to a real endpoint on this machine: what is told, signed, repeated, and refused. */
import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type TestContext, test } from 'node:test'
import { deliverHooks, nameEndpoints, queueHooks } from '../../src/adapters/hooks/hook-queue.ts'
import { isPrivateAddress, postHook, requireHookPlace } from '../../src/adapters/hooks/post-hook.ts'
import { systemRandom } from '../../src/adapters/random.ts'
import { HOUR_MS } from '../../src/base/time.ts'
import { deskKernel, NODE } from '../support/desk-kernel.ts'
import { keys } from '../support/kernel-database.ts'

const SECRET = 'a secret of the receiver, long enough'
type Got = { readonly headers: IncomingHttpHeaders; readonly body: string }

async function endpoint(t: TestContext, status = () => 204) {
  const got: Got[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      got.push({ headers: request.headers, body: Buffer.concat(chunks).toString() })
      response.writeHead(status(), { location: 'http://127.0.0.1:1/' }).end('x'.repeat(100_000))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => new Promise<void>((resolve) => server.close(() => resolve())))
  const { port } = server.address() as AddressInfo
  return { got, place: { url: `http://127.0.0.1:${port}/hook`, secret: SECRET } }
}

async function hooked(t: TestContext, place: { url: string; secret: string }) {
  const desk = await deskKernel(t)
  const iris = await desk.enrol('Iris Quill (invented)', ['caseOfficer'])
  let nowMs = Date.now()
  const parts = {
    database: desk.database,
    atRest: keys,
    random: systemRandom,
    places: new Map([['tickets', place]]),
    officersUrl: NODE.urls.officers,
    nowMs: () => nowMs,
  }
  await nameEndpoints(parts)
  const caseId = await desk.openCase('Canary chatbot', iris)
  const escalate = () =>
    desk.append(caseId, NODE.id, {
      type: 'deadlineEscalated',
      clock: 'canary.clock',
      dueAt: iris.now,
      owner: iris.officer,
      deputy: iris.officer,
      ground: 'silent',
    } as { type: string })
  const pass = (ms: number) => {
    nowMs += ms
  }
  const rows = () => desk.database.selectFrom('hook_delivery').selectAll().execute()
  return { parts, caseId, escalate, pass, rows, desk, iris }
}

test('what happened is told once, signed, with a link and no content', async (t) => {
  const { got, place } = await endpoint(t)
  const { parts, caseId, escalate, iris } = await hooked(t, place)
  await escalate()
  assert.equal(await queueHooks(parts), 1, 'an opened case is not told, the period is')
  assert.equal(await queueHooks(parts), 0)
  assert.deepEqual(await deliverHooks(parts), { delivered: 1, delayed: 0, dead: 0 })
  assert.deepEqual(await deliverHooks(parts), { delivered: 0, delayed: 0, dead: 0 })
  const [sent] = got
  assert.ok(sent)
  const { id, kind, link, ...more } = JSON.parse(sent.body) as Record<string, string>
  assert.deepEqual(more, {})
  assert.equal(kind, 'deadline.escalated')
  assert.equal(link, `${NODE.urls.officers}/en/officer/cases/${caseId}`)
  const signed = `${id}.${sent.headers['webhook-timestamp']}.${sent.body}`
  const expected = createHmac('sha256', SECRET).update(signed).digest('base64')
  assert.equal(sent.headers['webhook-signature'], `v1,${expected}`)
  assert.equal(sent.headers['webhook-id'], id)
  const all = JSON.stringify(sent)
  for (const secret of ['Canary', 'canary', iris.officer, SECRET]) assert.ok(!all.includes(secret))
})

test('an endpoint that fails is asked again, later each time, then its delivery is dead', async (t) => {
  let status = 500
  const { got, place } = await endpoint(t, () => status)
  const { parts, escalate, pass, rows } = await hooked(t, place)
  await escalate()
  await queueHooks(parts)
  assert.equal((await deliverHooks(parts)).delayed, 1)
  assert.equal((await deliverHooks(parts)).delayed, 0, 'not at once again')
  status = 302
  pass(HOUR_MS)
  assert.equal((await deliverHooks(parts)).delayed, 1, 'a redirect is not followed')
  for (let n = 0; n < 20; n++) {
    pass(6 * HOUR_MS)
    await deliverHooks(parts)
  }
  const [row] = await rows()
  assert.deepEqual([row?.state, row?.fault, row?.attempts], ['dead', 'refused', 12])
  assert.equal(got.length, 12)
  assert.equal(new Set(got.map(({ headers }) => headers['webhook-id'])).size, 1)
})

test('without endpoints nothing is noted', async (t) => {
  const { place } = await endpoint(t)
  const { parts, escalate, desk } = await hooked(t, place)
  await nameEndpoints({ ...parts, places: new Map() })
  await escalate()
  assert.deepEqual(await desk.database.selectFrom('hook_pending').selectAll().execute(), [])
})

test('addresses inside are refused, in every spelling', async () => {
  for (const address of [
    ...['127.0.0.1', '10.1.2.3', '172.31.0.1', '192.168.1.1', '169.254.169.254', '0.0.0.0'],
    ...['100.64.0.1', '224.0.0.1', '255.255.255.255', '::1', '::', 'fe80::1', 'fd00::1'],
    ...['2002:a00:1::', '2001:0:1::1', '64:ff9b:1::a00:1', 'fec0::1', '::7f00:1'],
    ...['::ffff:127.0.0.1', '::ffff:10.0.0.1', '64:ff9b::a00:1', 'ff02::1', 'not an address', ''],
  ]) {
    assert.ok(isPrivateAddress(address), address)
  }
  for (const address of ['93.184.216.34', '8.8.8.8', '2606:4700::1111']) {
    assert.ok(!isPrivateAddress(address), address)
  }
  const message = { id: 'x', body: '{}', atMs: 0 }
  for (const host of ['10.0.0.1', '[fd00::1]', '[::ffff:7f00:1]', '2130706434', '0x7f.2']) {
    const fault = await postHook({ url: `https://${host}/`, secret: SECRET }, message)
    assert.equal(fault, 'privateAddress', host)
  }
  // A name: whatever it resolves to here, nothing is delivered to this machine by it.
  assert.ok(await postHook({ url: 'https://localhost./', secret: SECRET }, message))
})

test('places that hooks must not go to are refused at the start', () => {
  for (const url of [
    'http://hooks.example/',
    'ftp://127.0.0.1/',
    'https://a:b@hooks.example/',
    'http://10.0.0.1/',
  ]) {
    assert.throws(() => requireHookPlace({ url, secret: SECRET }), /hook|password/, url)
  }
  assert.throws(() => requireHookPlace({ url: 'https://hooks.example/', secret: 'short' }), /32/)
  requireHookPlace({ url: 'https://hooks.example/in', secret: SECRET })
})
