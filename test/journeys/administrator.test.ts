/**
 * A new administrator's way, by the commands of docs/operating: the release archive,
 * installed without a network and run by an account that owns nothing of it; a node
 * from `init` behind a reverse proxy, a second authority as its peer and witness, people by
 * passkey in a real browser, a case, a backup, a lost machine, a restore, and the
 * peer that takes the node back.
 */
import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import {
  appendFileSync,
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { after, test } from 'node:test'
import { databaseAccount } from '../../src/adapters/managed-postgres/account.ts'
import type { Json } from '../../src/base/canonical-json.ts'
import { sampleReport } from '../../src/cli/story/reports.ts'
import { waitFor } from '../../src/cli/story/story.ts'
import { launchBrowser } from '../support/browser.ts'
import {
  installRelease,
  runInstaller,
  signedRelease,
  stateOf,
  withoutNetwork,
} from '../support/installed-release.ts'
import {
  comity,
  durableServer,
  type Program,
  runSql,
  type Serving,
  serve,
  setUpNode,
} from '../support/real-node.ts'
import { reverseProxy } from '../support/reverse-proxy.ts'
import { cookieOf, enrol, newDevice, signInWithPasskey } from '../support/sign-in-node.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

type Place = Awaited<ReturnType<typeof setUpNode>> & {
  readonly id: string
  readonly url: Urls
  readonly program: Program | undefined
}
type Urls = { readonly public: string; readonly officers: string; readonly federation: string }
type Document = { readonly logKey: string; readonly witnessKey: string }

const DOORS = ['public', 'officers', 'federation'] as const
const CHECKOUT = join(import.meta.dirname, '..', '..')
const QUIET = { stdio: 'ignore' } as const
/** Who runs the node: nobody special, whoever runs the test. */
const ACCOUNT = databaseAccount()

/** Passkeys belong to a name, so everything is reached as `localhost`. */
async function setUp(id: string, program?: Program): Promise<Place> {
  let url: Urls | undefined
  const addresses = async (firstPort: number) => {
    const ports = await Promise.all(DOORS.map((_, offset) => reverseProxy(firstPort + offset)))
    const [outside, officers, federation] = ports.map((port) => `http://localhost:${port}`)
    assert.ok(outside && officers && federation)
    url = { public: outside, officers, federation }
    return { publicUrl: outside, officersUrl: officers, federationUrl: federation }
  }
  const node = await setUpNode(id, addresses, program)
  assert.ok(url)
  return { ...node, id, url, program }
}

const release = signedRelease()
const installed = installRelease(release.archive)
const asInstalled = stateOf(installed.prefix)
const [own, peer] = await Promise.all([
  setUp('first.example', { command: [installed.comity], account: ACCOUNT }),
  setUp('second.example'),
])
const browser = await launchBrowser()
after(() => browser.close())

const administrator = await newDevice(browser, own.url.officers)
const officer = await newDevice(browser, own.url.officers)
const beside = dirname(own.folder)
const [backup, keyFile, passphrase] = ['backup', 'keys.age', 'passphrase'].map((name) =>
  join(beside, name),
) as [string, string, string]

let serving: Serving
let peerServing: Serving
let caseId: string

/** By the command of the archive, for the node that came from it. */
const said = (...args: readonly string[]) => saidAt(own, ...args)

async function saidAt({ program }: Place, ...args: readonly string[]): Promise<string> {
  const { code, out, err } = await comity(args, program ? { program } : {})
  assert.equal(code, 0, `comity ${args.join(' ')}: ${err}`)
  return out
}

/** As an administrator does who works as root for the account of the node. */
function handOver(path: string): void {
  if (ACCOUNT) chownSync(path, ACCOUNT.uid, ACCOUNT.gid)
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

test('the archive is signed, and openssl alone sees a change of its sum', () => {
  const { folder, archive, signature, publicKey } = release
  const sum = `${archive}.sha256`
  const key = ['-verify', '-pubin', '-inkey', publicKey, '-rawin', '-sigfile', signature]
  execFileSync('openssl', ['pkeyutl', ...key, '-in', sum])
  execFileSync('sha256sum', ['--check', '--quiet', sum], { cwd: folder })
  const forged = join(folder, 'forged.sha256')
  writeFileSync(forged, `${readFileSync(sum, 'utf8')}\n`)
  assert.throws(() => execFileSync('openssl', ['pkeyutl', ...key, '-in', forged], QUIET))
})

test('made again by somebody else, the archive has the same bytes', async () => {
  const out = join(temporaryFolder(), 'out')
  const tool = join(CHECKOUT, 'tools', 'release-archive.ts')
  const again = `umask 077; exec "$@"`
  const args = [process.execPath, tool, '--out', out, '--effort', '1']
  const child = spawn('sh', ['-c', again, 'sh', ...args], {
    cwd: '/',
    env: { PATH: process.env['PATH'], TZ: 'Pacific/Apia', LC_ALL: 'C.UTF-8', TMPDIR: dirname(out) },
  })
  const [code] = await once(child, 'close')
  assert.equal(code, 0)
  const [archive = ''] = readdirSync(out)
  const digest = createHash('sha256')
    .update(readFileSync(join(out, archive)))
    .digest('hex')
  assert.equal(digest, release.sha256)
})

test('it holds what a server needs and nothing else, and is installed once', () => {
  const { unpacked, prefix, comity } = installed
  const bill = JSON.parse(readFileSync(join(unpacked, 'sbom.cdx.json'), 'utf8'))
  assert.equal(bill.bomFormat, 'CycloneDX')
  const names = new Set(bill.components.map(({ name }: { name: string }) => name))
  for (const name of ['pg', 'fastify', 'kysely', 'pino']) assert.ok(names.has(name), name)
  for (const name of ['typescript', 'playwright-core', 'oidc-provider', 'esbuild']) {
    assert.ok(!names.has(name) && !existsSync(join(unpacked, 'node_modules', name)), name)
  }
  assert.match(withoutNetwork([comity, '--help']).stderr, /usage: comity COMMAND/)
  const again = runInstaller(unpacked, prefix, dirname(comity))
  assert.equal(again.status, 1)
  assert.match(again.stderr, /is there already/)
})

test('a changed archive installs nothing', () => {
  const { unpacked } = installed
  appendFileSync(join(unpacked, 'README.md'), ' ')
  const prefix = join(dirname(unpacked), 'other')
  const { status, stderr } = runInstaller(unpacked, prefix, join(prefix, 'bin'))
  assert.equal(status, 1)
  assert.match(stderr, /damaged or was changed; nothing was installed/)
  assert.ok(!existsSync(prefix))
})

test('what init wrote without a network is sound', () => {
  const node = join(temporaryFolder(), 'node')
  const answers = ['ai.meridia.example', 'Meridia', 'EU', '', '', '', '', '', '', '', 'O', 'A']
  const { comity } = installed
  assert.equal(withoutNetwork([comity, 'init', node], `${answers.join('\n')}\n`).status, 0)
  const sound = withoutNetwork([comity, 'init', '--check', join(node, 'comity.yaml')])
  assert.match(sound.stdout, /a sound configuration of ai\.meridia\.example \(production\)/)
  const refused = withoutNetwork([comity, 'serve', '--config', join(node, 'comity.yaml')])
  assert.match(refused.stderr, /database at 127\.0\.0\.1\/comity cannot be reached/)
})

test('two authorities pin each other by fingerprint and witness each other’s log', async () => {
  for (const [here, there] of [
    [own, peer],
    [peer, own],
  ] as const) {
    const file = join(dirname(here.folder), 'theirs.json')
    copyFileSync(join(there.folder, 'node.json'), file)
    chmodSync(file, 0o644)
    const shown = await saidAt(here, 'peer', 'fingerprint', file)
    const [, fingerprint = ''] = shown.trim().split('\n')
    const wrong = fingerprint.replace(/[0-9a-z]/, (one) => (one === '7' ? '8' : '7'))
    const add = ['peer', 'add', file, '--config', here.config, '--fingerprint']
    await assert.rejects(saidAt(here, ...add, wrong), /fingerprint/)
    assert.match(await saidAt(here, ...add, fingerprint), /is pinned/)
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
  serving = await serve(own.config, [], own.program)
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
  caseId = (opened as { value: { streamId: string } }).value.streamId
  const cookie = await cookieOf(administrator)
  const { status } = await api(`/api/v1/cases/${caseId}`, { headers: { cookie } })
  assert.ok([403, 404].includes(status), String(status))
})

test('doctor finds nothing that keeps the node from its work', async () => {
  const { out } = await comity(
    ['doctor', '--config', own.config],
    own.program ? { program: own.program } : {},
  )
  assert.doesNotMatch(out, /^ *(fault|broken)/im, out)
})

test('a backup is taken and verified; work goes on after it', async () => {
  writeFileSync(passphrase, 'a passphrase of the test that nobody guesses\n', { mode: 0o600 })
  handOver(passphrase)
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
  handOver(own.folder)
  handOver(own.config)
})

test('a restore brings it back; it signs nothing until the administrator confirms', async () => {
  const keys = ['--keys', keyFile, '--passphrase-file', passphrase]
  const done = await said('restore', '--from', backup, '--config', own.config, ...keys)
  assert.match(done, /restored: first\.example/)
  const coming = serve(own.config, [], own.program)
  await waitFor('the waiting doors', async () => (await healthOf(own)) === 503)
  const status = await said('restore', 'status', '--config', own.config)
  assert.match(status, /witness second\.example\/witness: has seen more/)
  await said('restore', 'resume', '--config', own.config)
  serving = await coming
  assert.equal(await healthOf(own), 200)
})

test('the administrator comes back by the setup code and vouches for the officer', async () => {
  const text = readFileSync(join(own.folder, 'setup-code.txt'), 'utf8')
  const code = /([0-9A-Z]{4}-){5}[0-9A-Z]{4}/.exec(text)?.[0] ?? ''
  await enrol(administrator, '/en/officer/enrol/setup', code)
  const { page } = administrator
  await page.goto('/en/officer/people')
  const people = page.getByRole('region', { name: 'People' })
  await people.getByRole('link', { name: 'Odo Case (invented)' }).click()
  await page.getByRole('button', { name: 'Confirm this account' }).click()
  await page.getByLabel('Case officer').check()
  await page.getByLabel(/^Key of the test \(/).check()
  await page.getByLabel('I have talked to this person').check()
  await page.getByRole('button', { name: 'Confirm', exact: true }).click()
  await page.getByText('Confirmed after a restore').waitFor()
})

test('the officer signs in with the same passkey and finds the case of the backup', async () => {
  await signInWithPasskey(officer)
  await officer.page.waitForURL('**/officer/cases')
  const list = (await asOfficer('/api/v1/cases')) as readonly { id: string }[]
  assert.deepEqual(
    list.map(({ id }) => id),
    [caseId],
  )
})

test('the peer takes the node back: it cosigns the new log and accuses nobody', async () => {
  await cosigned('first.example/ledger/2')
  assert.equal(peerServing.process.exitCode, null)
  assert.doesNotMatch(peerServing.printed(), /equivocation|log-evidence/)
})

test('a node that served, was backed up and restored has written nothing beside the program', () => {
  assert.ok(asInstalled.length > 5000)
  assert.deepEqual(stateOf(installed.prefix), asInstalled)
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
