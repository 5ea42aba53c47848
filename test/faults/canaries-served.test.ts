/**
 * Where the secrets of one served node are: those that its administrator configures, and
 * those that people bring to its doors. Each may be in its own file and nowhere else: not
 * in another file, a dump, a backup, a line, an argument, an environment or the database's memory.
 *
 * What lies in memory can be swapped out, so the processes that must not hold a secret are
 * searched for it; swap itself cannot be read by a process, and turning it on takes rights over the
 * whole machine that no test should have.
 */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { after, before, test } from 'node:test'
import { Client } from 'pg'
import {
  contentOf,
  descendantsOf,
  type Find,
  memoryWordsOf,
  searchIn,
  searchMemory,
  searchStart,
  wordsOf,
} from '../support/canaries.ts'
import { CLIENT, startForgingProvider } from '../support/forging-provider.ts'
import { comity, durableServer, type Serving, serve, setUpNode } from '../support/real-node.ts'

const secret = (what: string) => `qz${what}${randomBytes(12).toString('hex')}`
/** In files that the configuration names. */
const CONFIGURED = {
  'client-secret': secret('oidcclient'),
  'mail-password': secret('mailpassword'),
  'hook-secret': secret('hooksecret'),
  'keys-passphrase': secret('passphrase'),
  'backup-passphrase': secret('backuppassphrase'),
}
const ACCESS_TOKEN = secret('accesstoken')
const SUBJECT = secret('subject')
const PROVIDER_CODE = secret('providercode')
/** What people bring to the doors. */
const brought: Record<string, string> = {
  'an access token of the provider': ACCESS_TOKEN,
  'who somebody is at the provider': SUBJECT,
  'a code of the provider': PROVIDER_CODE,
}
let setupCode = ''

const provider = await startForgingProvider()
after(provider.close)
const node = await setUpNode('secrets.example', async (port) => ({
  officersUrl: `http://localhost:${port + 1}`,
  federationUrl: `https://localhost:${port + 2}`,
}))
const beside = dirname(node.folder)
const officers = `http://localhost:${node.port + 1}`
const backup = join(beside, 'backup')
const keysFile = join(beside, 'keys.age')
const tlsKey = join(node.folder, 'door.key')
let serving: Serving

before(async () => {
  for (const [name, value] of Object.entries(CONFIGURED)) {
    writeFileSync(join(node.folder, name), `${value}\n`, { mode: 0o600 })
  }
  makeCertificate()
  configure()
  const present = ['--present', 'administrator', '--present', 'oversight']
  const sealed = await comity(['keys', 'seal', '--config', node.config, ...present])
  assert.equal(sealed.code, 0, sealed.err)
  serving = await serve(node.config)
  setupCode =
    /([0-9A-Z]{4}-){5}[0-9A-Z]{4}/.exec(
      readFileSync(join(node.folder, 'setup-code.txt'), 'utf8'),
    )?.[0] ?? assert.fail('no setup code')
  await enrolHalfWay()
  await comeFromProvider()
  await guessWrongly()
  const passphrase = join(node.folder, 'backup-passphrase')
  const keys = ['--keys', keysFile, '--passphrase-file', passphrase]
  const written = await comity(['backup', '--config', node.config, '--out', backup, ...keys])
  assert.equal(written.code, 0, written.err)
})

function makeCertificate(): void {
  const certificate = join(node.folder, 'door.pem')
  const made = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']
  const named = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-days', '30']
  const out = ['-keyout', tlsKey, '-out', certificate]
  execFileSync('openssl', [...made, ...named, ...out], { stdio: 'ignore' })
  chmodSync(tlsKey, 0o600)
}

function configure(): void {
  const at = (name: string) => JSON.stringify(join(node.folder, name))
  const oidc = `{id: staff, name: Staff, issuer: "${provider.issuer}", clientId: ${CLIENT.id}, clientSecretFile: client-secret}`
  const text = readFileSync(node.config, 'utf8')
    .replace('signIn: {}', `signIn: {oidc: [${oidc}]}`)
    .replace(
      /federation: \{ host/,
      `federation: { tls: {certificateFile: ${at('door.pem')}, keyFile: ${at('door.key')}}, host`,
    )
  const more = [
    `keys: {store: sealedFiles, passphrase: {file: ${at('keys-passphrase')}}}`,
    `mail: {host: 127.0.0.1, port: 9, security: none, from: comity@authority.example, user: comity, passwordFile: ${at('mail-password')}}`,
    `hooks: [{name: register, url: "http://127.0.0.1:9/", secretFile: ${at('hook-secret')}}]`,
  ]
  writeFileSync(node.config, `${text}\n${more.join('\n')}\n`)
}

const post = (path: string, form: Record<string, string>, cookie = '') =>
  fetch(officers + path, {
    method: 'POST',
    redirect: 'manual',
    headers: { origin: officers, ...(cookie ? { cookie } : {}) },
    body: new URLSearchParams(form),
  })

const cookieIn = (response: Response) => response.headers.getSetCookie()[0]?.split(';')[0] ?? ''
const secretOf = (cookie: string) => cookie.slice(cookie.indexOf('=') + 1)

/** The right code, and a ticket with which nothing is done yet. */
async function enrolHalfWay(): Promise<void> {
  const accepted = await post('/en/officer/enrol/setup', { code: setupCode })
  assert.equal(accepted.status, 303)
  brought['the ticket of an enrolment'] = secretOf(cookieIn(accepted))
}

/** There and back: the tokens hold, and nobody is known here by them. */
async function comeFromProvider(): Promise<void> {
  const gone = await post('/en/officer/provider/staff', {})
  const away = new URL(gone.headers.get('refresh')?.replace('0; url=', '') ?? '')
  const cookie = cookieIn(gone)
  brought['the cookie of a way to the provider'] = secretOf(cookie)
  brought['the state of a way to the provider'] = away.searchParams.get('state') ?? ''
  const nonce = away.searchParams.get('nonce') ?? ''
  provider.forge({ claims: { sub: SUBJECT }, accessToken: ACCESS_TOKEN }, nonce)
  const back = new URLSearchParams({
    code: PROVIDER_CODE,
    state: away.searchParams.get('state') ?? '',
  })
  const page = await fetch(`${officers}/en/officer/provider/staff/back?${back}`, {
    headers: { cookie },
  })
  assert.equal(page.status, 401)
  assert.match(await page.text(), /knows you|no account|not known/i, 'the tokens did hold')
}

async function guessWrongly(): Promise<void> {
  const wrong = secret('wrongcode')
  brought['a wrong code'] = wrong
  const other = '00000000-0000-4000-8000-000000000000'
  assert.equal((await post('/en/officer/enrol/setup', { code: wrong })).status, 401)
  assert.equal((await post(`/en/officer/guest/${other}`, { code: wrong })).status, 401)
  await post('/en/officer/sign-in', { link: wrong })
  await post('/en/officer/passkey', { answer: JSON.stringify({ id: wrong }) })
  await fetch(`${officers}/en/officer/sign-in/${wrong}?${wrong}`, { headers: { cookie: wrong } })
}

const named = () => ({
  ...CONFIGURED,
  ...brought,
  'the setup code': setupCode,
  'the setup code without hyphens': setupCode.replaceAll('-', ''),
  'the key of a certificate': readFileSync(tlsKey, 'utf8').split('\n')[1] ?? '',
})

function searchFolder(folder: string, words: ReturnType<typeof wordsOf>): Find[] {
  assert.ok(existsSync(folder), folder)
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .flatMap((file) => searchIn(contentOf(file), relative(folder, file), words))
}

test('each secret is in its own file, found there, and in no other file of the node', () => {
  const finds = searchFolder(node.folder, wordsOf(named()))
  const places = Object.groupBy(finds, ({ what }) => what)
  assert.deepEqual(
    Object.fromEntries(
      Object.entries(places).map(([what, found = []]) => [
        what,
        [...new Set(found.map(({ place }) => place))],
      ]),
    ),
    {
      ...Object.fromEntries(Object.keys(CONFIGURED).map((name) => [name, [name]])),
      'the setup code': ['setup-code.txt'],
      'the key of a certificate': ['door.key'],
    },
  )
})

test('no secret is in a backup, nor in the file of keys beside it', () => {
  const words = wordsOf(named())
  assert.deepEqual(searchFolder(backup, words), [])
  assert.ok(readdirSync(backup, { recursive: true }).length > 5)
  const known = join(backup, 'known-positive')
  writeFileSync(known, `x${setupCode}x`)
  assert.deepEqual(
    searchFolder(backup, words).map(({ place }) => place),
    ['known-positive'],
  )
  assert.deepEqual(searchIn(contentOf(keysFile), 'keys', words), [])
})

test('no secret is in a dump of the database, in any encoding', async () => {
  const database = 'node_secrets_example'
  const server = await durableServer()
  const client = new Client({ connectionString: server.url(database) })
  await client.connect()
  const words = wordsOf(named())
  const dump = async () => {
    const { rows: tables } = await client.query<{ name: string }>(
      `select quote_ident(table_name) as name from information_schema.tables
       where table_type = 'BASE TABLE' and table_schema = 'public'`,
    )
    assert.ok(tables.length > 40, `${tables.length}`)
    const finds: Find[] = []
    for (const { name } of tables) {
      const { rows } = await client.query<{ line: string }>(`select d::text as line from ${name} d`)
      finds.push(...searchIn(Buffer.from(rows.map(({ line }) => line).join('\n')), name, words))
    }
    return finds
  }
  try {
    assert.deepEqual(await dump(), [])
    await client.query('create table known (b bytea)')
    await client.query('insert into known values ($1)', [Buffer.from(setupCode)])
    assert.deepEqual(
      (await dump()).map(({ place, dress }) => [place, dress]),
      [['known', 'hex']],
    )
    await client.query('drop table known')
    const { rows } = await client.query('select 1 from enrolment where accepted_hash is not null')
    assert.equal(rows.length, 1, 'the code did open an enrolment')
  } finally {
    await client.end()
  }
})

test('no secret is in what the node printed', () => {
  const printed = Buffer.from(serving.printed())
  assert.ok(printed.length > 100)
  assert.deepEqual(searchIn(printed, 'lines', wordsOf(named())), [])
})

const onLinux = { skip: process.platform === 'linux' ? false : 'only Linux shows processes' }

test('no secret is an argument or in the environment of a process', onLinux, () => {
  const all = descendantsOf(process.pid)
  assert.ok(all.some(({ pid }) => pid === serving.process.pid))
  const words = wordsOf(named())
  for (const { pid, command } of all) assert.deepEqual(searchStart(pid, words), [], command)
  const known = wordsOf({ known: node.config })
  assert.equal(searchStart(serving.process.pid ?? 0, known).length, 1)
})

test(
  'no process of the database has a secret in its memory, nor has the node a passphrase of backups',
  onLinux,
  (context) => {
    const own = serving.process.pid ?? 0
    const holds = searchMemory(own, memoryWordsOf({ known: CONFIGURED['client-secret'] }))
    if (holds === undefined) {
      context.skip('this machine does not let us read the memory of a child')
      return
    }
    assert.ok(holds.length > 0, 'the node does hold what it sends to the provider')
    const notForNode = { backup: CONFIGURED['backup-passphrase'] }
    assert.deepEqual(searchMemory(own, memoryWordsOf(notForNode)), [])
    const servers = descendantsOf(process.pid).filter(({ command }) => command.includes('postgres'))
    assert.ok(servers.length > 3, `${servers.length}`)
    const words = memoryWordsOf(named())
    for (const [at, { pid, command }] of servers.entries()) {
      const found = searchMemory(pid, words, { shared: at === 0 })
      assert.deepEqual(found, [], command)
    }
  },
)
