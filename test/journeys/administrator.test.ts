/**
 * A new administrator's way, by the commands of docs/operating: a node from `init`
 * behind a reverse proxy, a second authority as its peer and witness, people by
 * passkey in a real browser, a case, a backup, a lost machine, a restore, and the
 * peer that takes the node back.
 */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { after, test } from 'node:test'
import type { Json } from '../../src/base/canonical-json.ts'
import { sampleReport } from '../../src/cli/story/reports.ts'
import { waitFor } from '../../src/cli/story/story.ts'
import { launchBrowser } from '../support/browser.ts'
import {
  comity,
  durableServer,
  runSql,
  type Serving,
  serve,
  setUpNode,
} from '../support/real-node.ts'
import { reverseProxy } from '../support/reverse-proxy.ts'
import { cookieOf, enrol, newDevice, signInWithPasskey } from '../support/sign-in-node.ts'

type Place = Awaited<ReturnType<typeof setUpNode>> & { readonly id: string; readonly url: Urls }
type Urls = { readonly public: string; readonly officers: string; readonly federation: string }
type Document = { readonly logKey: string; readonly witnessKey: string }

const DOORS = ['public', 'officers', 'federation'] as const

/** Passkeys belong to a name, so everything is reached as `localhost`. */
async function setUp(id: string): Promise<Place> {
  let url: Urls | undefined
  const node = await setUpNode(id, async (firstPort) => {
    const ports = await Promise.all(DOORS.map((_, offset) => reverseProxy(firstPort + offset)))
    const [outside, officers, federation] = ports.map((port) => `http://localhost:${port}`)
    assert.ok(outside && officers && federation)
    url = { public: outside, officers, federation }
    return { publicUrl: outside, officersUrl: officers, federationUrl: federation }
  })
  assert.ok(url)
  return { ...node, id, url }
}

const [own, peer] = await Promise.all([setUp('first.example'), setUp('second.example')])
const browser = await launchBrowser()
after(() => browser.close())
const administrator = await newDevice(browser, own.url.officers)
const officer = await newDevice(browser, own.url.officers)

let serving: Serving
let peerServing: Serving
let caseId: string
const [backup, keyFile, passphrase] = ['backup', 'keys.age', 'passphrase'].map((name) =>
  join(dirname(own.folder), `${name}`),
) as [string, string, string]

const said = async (...args: readonly string[]) => {
  const { code, out, err } = await comity(args)
  assert.equal(code, 0, `comity ${args.join(' ')}: ${err}`)
  return out
}

const api = (path: string, init: RequestInit = {}) => fetch(own.url.officers + path, init)

async function asOfficer(path: string, body?: object): Promise<Json> {
  const cookie = await cookieOf(officer)
  const sent = body && { method: 'POST', body: JSON.stringify(body) }
  const headers = { cookie, ...(body ? { 'content-type': 'application/json' } : {}) }
  const response = await api(path, { ...sent, headers })
  const answer = (await response.json()) as Json
  assert.ok(response.ok, JSON.stringify(answer))
  return answer
}

test('two authorities pin each other by fingerprint and witness each other’s log', async () => {
  for (const [here, there] of [
    [own, peer],
    [peer, own],
  ] as const) {
    const file = join(there.folder, 'node.json')
    const [, fingerprint = ''] = (await said('peer', 'fingerprint', file)).trim().split('\n')
    const wrong = fingerprint.replace(/[0-9a-z]/, (one) => (one === '7' ? '8' : '7'))
    const add = ['peer', 'add', file, '--config', here.config, '--fingerprint']
    assert.equal((await comity([...add, wrong])).code, 1)
    assert.match(await said(...add, fingerprint), /is pinned/)
    const { document } = JSON.parse(readFileSync(file, 'utf8')) as { document: Document }
    const policy = join(here.folder, 'policy.txt')
    const lines = [`log ${document.logKey}`, `witness other ${document.witnessKey}`, 'quorum other']
    const text = readFileSync(policy, 'utf8').replace('quorum none', lines.join('\n'))
    writeFileSync(policy, text)
    const witness = `[{ vkey: "${document.witnessKey}", url: "${there.url.federation}/witness" }]`
    const config = readFileSync(here.config, 'utf8')
      .replace('witnesses: []', `witnesses: ${witness}`)
      .replace('batchIntervalMs: 3600000', 'batchIntervalMs: 1000')
    writeFileSync(here.config, config)
  }
  serving = await serve(own.config)
  peerServing = await serve(peer.config)
  await cosigned('first.example/ledger')
})

test('the first administrator comes in with the setup code and a passkey, and invites an officer', async () => {
  const text = readFileSync(join(own.folder, 'setup-code.txt'), 'utf8')
  const code = /([0-9A-Z]{4}-){5}[0-9A-Z]{4}/.exec(text)?.[0] ?? ''
  await enrol(administrator, '/en/officer/enrol/setup', code, 'Ada Root (invented)')
  const { page } = administrator
  await page.goto('/en/officer/sign-in-desk')
  await page.getByLabel('Name of the person').fill('Odo Case (invented)')
  await page.getByLabel('Case officer').check()
  await page.getByRole('button', { name: 'Invite' }).click()
  const invitation = (await page.locator('.comity-receipt-code').textContent()) ?? ''
  const place = new URL((await page.locator('bdi.comity-code').first().textContent()) ?? '')
  assert.equal(place.origin, own.url.officers, 'the invitation names the address of the proxy')
  await enrol(officer, place.pathname, invitation)
})

test('the officer opens a case; the administrator may not read it', async () => {
  const { answers } = sampleReport()
  const opened = await asOfficer('/api/v1/cases', { title: 'Before the loss (invented)', answers })
  caseId = (opened as { streamId: string }).streamId
  const cookie = await cookieOf(administrator)
  const { status } = await api(`/api/v1/cases/${caseId}`, { headers: { cookie } })
  assert.ok([403, 404].includes(status), String(status))
})

test('doctor finds nothing that keeps the node from its work', async () => {
  const { out } = await comity(['doctor', '--config', own.config])
  assert.doesNotMatch(out, /^ *(fault|broken)/im, out)
})

test('a backup is taken and verified; work goes on after it', async () => {
  writeFileSync(passphrase, 'a passphrase of the test that nobody guesses\n', { mode: 0o600 })
  const keys = ['--keys', keyFile, '--passphrase-file', passphrase]
  await said('backup', '--config', own.config, '--out', backup, ...keys)
  assert.match(await said('backup', 'verify', backup), /verified/)
  const size = await headOf(own)
  const { answers } = sampleReport()
  await asOfficer('/api/v1/cases', { title: 'After the backup (invented)', answers })
  await waitFor('the peer to see what will be lost', async () => {
    return (await seenByPeer('first.example/ledger')) > size
  })
})

test('the machine is lost: folder and database are gone', async () => {
  const configuration = readFileSync(own.config)
  const sql = readFileSync(join(own.folder, 'database.sql'), 'utf8')
  serving.process.kill('SIGKILL')
  await serving.ended
  rmSync(own.folder, { recursive: true })
  const server = (await durableServer()).url('postgres')
  await runSql(server, 'drop database node_first_example with (force)')
  await runSql(
    server,
    sql
      .split(';\n')
      .filter((one) => /create database/i.test(one))
      .join(';\n'),
  )
  mkdirSync(own.folder, { mode: 0o700 })
  writeFileSync(own.config, configuration, { mode: 0o600 })
})

test('a restore brings it back; it signs nothing until the administrator confirms', async () => {
  const keys = ['--keys', keyFile, '--passphrase-file', passphrase]
  const done = await said('restore', '--from', backup, '--config', own.config, ...keys)
  assert.match(done, /restored: first\.example/)
  const coming = serve(own.config)
  await waitFor('the waiting doors', async () => (await healthOf(own)) === 503)
  const status = await said('restore', 'status', '--config', own.config)
  assert.match(status, /witness second\.example\/witness: has seen more/)
  await said('restore', 'resume', '--config', own.config)
  serving = await coming
  assert.equal(await healthOf(own), 200)
})

test('the officer signs in with the same passkey and finds the case of the backup', async () => {
  await signInWithPasskey(officer)
  await officer.page.waitForURL('**/officer/cases')
  const list = (await asOfficer('/api/v1/cases')) as readonly { streamId: string }[]
  assert.deepEqual(
    list.map(({ streamId }) => streamId),
    [caseId],
  )
})

test('the peer takes the node back: it cosigns the new log and accuses nobody', async () => {
  await cosigned('first.example/ledger/2')
  assert.equal(peerServing.process.exitCode, null)
  assert.doesNotMatch(peerServing.printed(), /equivocation|log-evidence/)
})

const healthOf = async ({ url }: Place) => (await fetch(`${url.public}/health`)).status

async function checkpointOf({ url }: Place): Promise<readonly string[]> {
  const response = await fetch(`${url.public}/ledger/checkpoint`)
  return response.ok ? (await response.text()).split('\n') : []
}

const headOf = async (place: Place) => Number((await checkpointOf(place))[1])

/** The size of a log as the other authority last cosigned it. */
async function seenByPeer(origin: string): Promise<number> {
  const hash = createHash('sha256').update(origin).digest('hex')
  const response = await fetch(`${peer.url.federation}/witness/${hash}/checkpoint`)
  return response.ok ? Number((await response.text()).split('\n')[1]) : 0
}

/** The checkpoint of that log, with the other authority's name under it. */
async function cosigned(origin: string): Promise<void> {
  await waitFor(`a cosigned checkpoint of ${origin}`, async () => {
    const lines = await checkpointOf(own)
    return lines[0] === origin && lines.some((line) => line.startsWith('— second.example/witness '))
  })
}
