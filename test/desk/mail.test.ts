/**
 * Notices against a real SMTP server on this machine: what leaves, over what, and
 * what a dead or hostile server can do.
 */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { sql } from 'kysely'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import { sendWaitingMail } from '../../src/adapters/mail/mail-queue.ts'
import { type MailServer, mailSender } from '../../src/adapters/mail/send-mail.ts'
import { postgresNotices } from '../../src/adapters/postgres/desk/notices.ts'
import { postgresPeople } from '../../src/adapters/postgres/people/people.ts'
import { systemRandom } from '../../src/adapters/random.ts'
import { calendarDate, DAY_MS, HOUR_MS, instantFromMs, MINUTE_MS } from '../../src/base/time.ts'
import { searchIn, wordsOf } from '../support/canaries.ts'
import { kernelDatabase, keys, parts } from '../support/kernel-database.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

type Got = { readonly to: string[]; readonly text: string; readonly isSecure: boolean }

async function smtp(t: TestContext, options: SMTPServerOptions = {}) {
  const got: Got[] = []
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData(stream, session, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        const to = session.envelope.rcptTo.map(({ address }) => address)
        got.push({ to, text: Buffer.concat(chunks).toString(), isSecure: session.secure })
        done()
      })
    },
    ...options,
  })
  server.on('error', () => {})
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => new Promise<void>((resolve) => server.close(() => resolve())))
  const { port } = server.server.address() as AddressInfo
  return { port, got }
}

const plain = (port: number): MailServer => ({
  host: '127.0.0.1',
  port,
  security: 'none',
  from: 'comity@authority.example',
})

async function queueOf(t: TestContext) {
  const database = await kernelDatabase(t)
  const notices = postgresNotices(database, keys, systemRandom)
  const people = postgresPeople({ ...parts, database })
  const officer = await people.enrol({
    id: systemRandom.uuid(),
    name: 'Iris Quill (invented)',
    roles: ['caseOfficer'],
    sealingRecipient: 'age1invented',
  })
  let nowMs = Date.now()
  const clock = {
    nowMs: () => nowMs,
    pass: (ms: number) => {
      nowMs += ms
    },
  }
  const put = (text = 'There is work in Comity.', afterMs = 0) =>
    notices.queue(
      {
        officer: officer.id,
        address: 'iris.canary@authority.example',
        subject: 'Comity: your work',
        text,
        sendAt: instantFromMs(nowMs + afterMs),
      },
      {},
    )
  const round = (server: MailServer) =>
    sendWaitingMail({ database, atRest: keys, send: mailSender(server), nowMs: clock.nowMs })
  const rows = () => database.selectFrom('mail_out').selectAll().orderBy('id').execute()
  return { database, notices, officer, clock, put, round, rows }
}

test('what waits is sent once, to the one it is for, and nothing of it is kept', async (t) => {
  const { port, got } = await smtp(t)
  const { put, round, rows, clock } = await queueOf(t)
  await put()
  await put('later', HOUR_MS)
  assert.deepEqual(await round(plain(port)), { sent: 1, delayed: 0, failed: 0 })
  assert.deepEqual(await round(plain(port)), { sent: 0, delayed: 0, failed: 0 })
  assert.deepEqual(got[0]?.to, ['iris.canary@authority.example'])
  assert.match(got[0]?.text ?? '', /There is work in Comity/)
  assert.match(got[0]?.text ?? '', /Auto-Submitted: auto-generated/)
  assert.equal((await rows()).find(({ state }) => state === 'sent')?.sealed_message.length, 0)
  clock.pass(HOUR_MS)
  assert.deepEqual(await round(plain(port)), { sent: 1, delayed: 0, failed: 0 })
})

test('the queue holds no address and no text in clear', async (t) => {
  const { put, rows, notices, officer, database } = await queueOf(t)
  await put('a canary text')
  const address = 'iris.canary@authority.example'
  await notices.setPreference({ officer: officer.id, address, digestHour: 8, isUrgentWanted: true })
  const kept = [await rows(), await database.selectFrom('mail_preference').selectAll().execute()]
  const bytes = kept.flat().flatMap((row) => Object.values(row))
  assert.ok(bytes.length > 5)
  for (const value of bytes) {
    const text = value instanceof Uint8Array ? Buffer.from(value).toString() : String(value)
    assert.ok(!text.includes('canary'))
  }
  assert.equal((await notices.preference(officer.id))?.address, address)
})

test('a code that confirms an address is kept nowhere but in the sealed mail', async (t) => {
  const { notices, officer, database, clock } = await queueOf(t)
  const address = 'iris.canary@authority.example'
  const wish = { officer: officer.id, address, digestHour: 8, isUrgentWanted: true }
  let code = ''
  const asked = await notices.askCode(wish, instantFromMs(clock.nowMs()), (made) => {
    code = made
    return { subject: 'Comity: confirm this address', text: made }
  })
  assert.ok(asked && code.length >= 10)
  const dump = async (table: string) => {
    const { rows } = await sql<{ line: string }>`
      select d::text as line from ${sql.table(table)} d`.execute(database)
    assert.equal(rows.length, 1, table)
    return Buffer.from(rows.map(({ line }) => line).join())
  }
  const words = wordsOf({ code, bare: code.replaceAll('-', ''), address })
  for (const table of ['mail_check', 'mail_out']) {
    assert.deepEqual(searchIn(await dump(table), table, words), [])
  }
  await sql`update mail_out set sealed_message = ${Buffer.from(code)}`.execute(database)
  assert.deepEqual(
    searchIn(await dump('mail_out'), 'mail_out', words).map(({ what, dress }) => [what, dress]),
    [['code', 'hex']],
  )
  assert.equal(await notices.confirmCode(officer.id, code, instantFromMs(clock.nowMs())), true)
})

test('a dead server delays mails, longer each time, and in the end one is given up', async (t) => {
  const { put, round, rows, clock } = await queueOf(t)
  await put()
  const dead = plain(1)
  assert.deepEqual(await round(dead), { sent: 0, delayed: 1, failed: 0 })
  assert.deepEqual(await round(dead), { sent: 0, delayed: 0, failed: 0 }, 'not at once again')
  let rounds = 1
  for (; (await rows())[0]?.state === 'waiting' && rounds < 30; rounds++) {
    clock.pass(6 * HOUR_MS)
    await round(dead)
  }
  const [given] = await rows()
  assert.equal(given?.state, 'failed')
  assert.equal(given?.fault, 'unreachable')
  assert.equal(rounds, 10)
  assert.ok((given?.sealed_message.length ?? 0) > 0, 'an administrator may have it tried again')
  clock.pass(7 * DAY_MS)
  await round(dead)
  assert.equal((await rows())[0]?.sealed_message.length, 0, 'for a week')
})

test('a server that refuses for good is not asked again; one that puts off is', async (t) => {
  const answer = (responseCode: number) =>
    smtp(t, {
      onRcptTo: (_address, _session, done) =>
        done(Object.assign(new Error('iris.canary is not here'), { responseCode })),
    })
  const { put, round, rows } = await queueOf(t)
  await put()
  assert.deepEqual(await round(plain((await answer(450)).port)), { sent: 0, delayed: 1, failed: 0 })
  assert.equal((await rows())[0]?.fault, 'putOff')
  await put()
  assert.deepEqual(await round(plain((await answer(550)).port)), { sent: 0, delayed: 0, failed: 1 })
  const faults = (await rows()).map(({ fault }) => fault)
  assert.ok(faults.includes('refused'))
  assert.ok(!JSON.stringify(faults).includes('canary'), 'no words of the server are kept')
})

test('nothing is said to a server that cannot encrypt, or whose certificate nobody knows', async (t) => {
  const folder = temporaryFolder()
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
  execFileSync(
    'openssl',
    [
      ...['req', '-x509', '-newkey', 'ed25519', '-nodes', '-days', '2', '-subj', '/CN=localhost'],
      ...['-addext', 'subjectAltName=DNS:localhost', '-keyout', key, '-out', cert],
    ],
    { stdio: 'ignore' },
  )
  const own = { key: readFileSync(key), cert: readFileSync(cert) }
  const [bare, starting, secure] = [
    await smtp(t),
    await smtp(t, { ...own, disabledCommands: [] }),
    await smtp(t, { ...own, secure: true, disabledCommands: [] }),
  ]
  const { put, round, clock } = await queueOf(t)
  await put()
  const as = (port: number, security: MailServer['security'], more = {}): MailServer => ({
    ...plain(port),
    host: 'localhost',
    security,
    ...more,
  })
  for (const server of [
    as(bare.port, 'startTls'),
    as(starting.port, 'startTls'),
    as(secure.port, 'tls'),
    as(bare.port, 'tls'),
  ]) {
    assert.deepEqual(await round(server), { sent: 0, delayed: 1, failed: 0 }, server.security)
    clock.pass(6 * HOUR_MS)
  }
  assert.equal(bare.got.length + starting.got.length + secure.got.length, 0)
  assert.equal((await round(as(starting.port, 'startTls', { caFile: cert }))).sent, 1)
  await put()
  assert.equal((await round(as(secure.port, 'tls', { caFile: cert }))).sent, 1)
  assert.ok(starting.got[0]?.isSecure && secure.got[0]?.isSecure)
})

test('mail in clear goes to this machine only', () => {
  for (const host of ['mail.example', '10.0.0.1', '127.0.0.1.example', 'localhost.example', '']) {
    assert.throws(() => mailSender({ ...plain(25), host }), /this machine only/, host)
  }
})

test('of two rounds at once each mail is sent by one', async (t) => {
  const { port, got } = await smtp(t)
  const { put, round } = await queueOf(t)
  for (let n = 0; n < 8; n++) await put(`mail ${n}`)
  const rounds = await Promise.all([round(plain(port)), round(plain(port))])
  assert.equal(rounds[0].sent + rounds[1].sent, 8)
  assert.equal(got.length, 8)
})

test('the mark of a notice is kept with the mail', async (t) => {
  const { notices, officer } = await queueOf(t)
  const address = 'iris@authority.example'
  await notices.setPreference({ officer: officer.id, address, digestHour: 8, isUrgentWanted: true })
  const mail = { officer: officer.id, address, subject: 's', text: 't' }
  const sendAt = instantFromMs(Date.now() + MINUTE_MS)
  await notices.queue({ ...mail, sendAt }, { digestOn: calendarDate('2026-11-22') })
  await notices.queue({ ...mail, sendAt }, { urgentAt: sendAt, urgentDigest: 'ab'.repeat(32) })
  const [state] = await notices.preferences()
  assert.equal(state?.digestOn, '2026-11-22')
  assert.equal(state?.urgentAt, sendAt)
  assert.equal(state?.urgentDigest, 'ab'.repeat(32))
})
