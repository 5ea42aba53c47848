/**
 * The node that takes reports in is killed (-9) again and again while reports come, small
 * ones and ones with files, and while one is only half here. Whoever got no answer sends
 * the same again. Afterwards every report is there once, whole, with the receipt that its
 * reporter has; of the half one there is nothing.
 */
import assert from 'node:assert/strict'
import http from 'node:http'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'kysely'
import { canonicalText, type Json } from '../../src/base/canonical-json.ts'
import { bodyOf, newCode, type Sealed, sealReport } from '../../src/browser/seal-report.ts'
import { waitFor } from '../../src/cli/story/story.ts'
import type { SupervisorEvent } from '../../src/node/supervisor.ts'
import { UPLOAD_TYPE } from '../../src/wire/intake/filing-upload.ts'
import { startWorld } from '../support/demo.ts'
import { fileToSeal, sealingOf, sendSealed, ticketOf } from '../support/sealed-filing.ts'

const ID = 'meridia.example'
const REPORTS = 12
const CLIENTS = 4
/** Receipts after which the node is killed. */
const KILL_AFTER = [1, 4, 8]
const GIVE_UP_MS = 240_000

const listeners = new Set<(event: SupervisorEvent) => void>()
const world = await startWorld({
  onEvent: (event) => {
    for (const listener of listeners) listener(event)
  },
})
const { baseUrl } = world.node('meridia')
const database = world.database('meridia')

type Prepared = {
  readonly sealed: Sealed
  readonly body: Uint8Array<ArrayBuffer>
  readonly files: number
}
type Answered = Prepared & { readonly receipt: Json; readonly sendings: number }

const sealing = await sealingOf(baseUrl)

async function prepared(index: number): Promise<Prepared> {
  const files = Array.from({ length: index % 3 }, (_, at) =>
    fileToSeal(`${at}.txt`, 'an invented file '.repeat(20_000)),
  )
  const answers = { title: `Invented ${index}`, whatHappened: 'x', isPublic: 'no', language: 'en' }
  const contact = index % 4 === 0 ? 'Invented, box 7' : ''
  const sealed = await sealReport(sealing, { code: newCode(), answers, contact, files })
  return { sealed, body: await bodyOf(sealed, await ticketOf(baseUrl)), files: files.length }
}

/** As a reporter does it: the same again until there is a receipt. */
async function sendUntilAnswered(one: Prepared): Promise<Answered> {
  const started = performance.now()
  for (let sendings = 1; performance.now() - started < GIVE_UP_MS; sendings += 1) {
    const answer = await answerTo(one.body).catch(() => undefined)
    if (answer) return { ...one, receipt: answer, sendings }
    await pause(100)
  }
  return assert.fail('no receipt came')
}

/** Undefined: busy or starting, to be asked again. */
async function answerTo(body: Uint8Array<ArrayBuffer>): Promise<Json | undefined> {
  const response = await sendSealed(baseUrl, body)
  if (response.status >= 500) {
    await response.body?.cancel()
    return undefined
  }
  const said = (await response.json()) as { receipt: Json }
  assert.ok(response.status === 200 || response.status === 201, JSON.stringify(said))
  return said.receipt
}

/** Kills the node once it serves, and waits until its end was noticed. */
async function kill(): Promise<void> {
  // Receipts that had left before the last kill may call for this one at once.
  const pid = await waitFor('the node to be back', async () => {
    const child = world.demo.supervisor.children.get(ID)
    return child?.port !== undefined && child.pid
  })
  const noticed = new Promise<void>((resolve) => {
    const listener = (event: SupervisorEvent) => {
      if (event.type !== 'childExited' || event.id !== ID) return
      listeners.delete(listener)
      resolve()
    }
    listeners.add(listener)
  })
  process.kill(pid, 'SIGKILL')
  await noticed
}

/** Half of a body, on a line that stays open. */
function sendHalf(body: Uint8Array): http.ClientRequest {
  const request = http.request(`${baseUrl}/en/report/sealed`, {
    method: 'POST',
    headers: { 'content-type': UPLOAD_TYPE, 'content-length': body.length },
  })
  // It breaks when the node dies, which is what it is for.
  request.on('error', () => {})
  request.write(body.subarray(0, body.length / 2))
  return request
}

const hashOf = ({ sealed }: Prepared) => Buffer.from(sealed.header.mailboxHash, 'hex')

/** It breaks off in the first test, and comes whole in the second. */
let half: Prepared

test('killed in the middle of filings, it keeps each accepted report once and no half one', async () => {
  half = await prepared(2)
  const waiting: Prepared[] = []
  for (let index = 0; index < REPORTS; index += 1) waiting.push(await prepared(index))
  const broken = sendHalf(half.body)
  const answered: Answered[] = []
  const kills = [...KILL_AFTER]
  let killing: Promise<void> = Promise.resolve()
  const client = async () => {
    for (let one = waiting.pop(); one; one = waiting.pop()) {
      answered.push(await sendUntilAnswered(one))
      if (answered.length < (kills[0] ?? Number.POSITIVE_INFINITY)) continue
      kills.shift()
      // While the others are sending.
      killing = killing.then(kill)
    }
  }
  await Promise.all(Array.from({ length: CLIENTS }, client))
  await killing
  broken.destroy()
  assert.deepEqual(kills, [], 'it was killed each time')
  assert.equal(answered.length, REPORTS)
  assert.ok(
    answered.some(({ sendings }) => sendings > 1),
    'somebody had to send again',
  )
  await requireOnce(answered)
  const { rows } = await sql`select id from filing where mailbox_hash = ${hashOf(half)}`.execute(
    database,
  )
  assert.deepEqual(rows, [], 'of the half one nothing is there')
})

test('the half one is taken when it comes whole, and all are in the log after the next batch', async () => {
  const one = await sendUntilAnswered(half)
  await requireOnce([one])
  await waitFor('a batch with every filing', async () => {
    const { rows } = await sql<{ left: number }>`
      select count(*)::int as left from filing where batch_id is null`.execute(database)
    return rows[0]?.left === 0
  })
})

type Kept = {
  readonly accepted_receipt: Json
  readonly files: number
  readonly has_contact: boolean
}

async function requireOnce(answered: readonly Answered[]): Promise<void> {
  for (const one of answered) {
    const { rows } = await sql<Kept>`
      select accepted_receipt, contact is not null as has_contact,
        (select count(*)::int from filing_attachment where filing_id = filing.id) as files
      from filing where mailbox_hash = ${hashOf(one)}`.execute(database)
    assert.equal(rows.length, 1)
    const [kept] = rows
    assert.equal(kept?.files, one.files)
    assert.equal(kept?.has_contact, one.sealed.files.contact !== undefined)
    assert.equal(canonicalText(kept?.accepted_receipt ?? null), canonicalText(one.receipt))
  }
}
