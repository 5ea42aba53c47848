/**
 * A node is killed (-9) while a release is on its way: before it is sent, while it
 * is in the air, at either end, and again and again. Afterwards everything has
 * arrived once, in order, with a receipt, and the story goes on to its end.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { LEASE_MS } from '../../src/adapters/postgres/federation/delivery.ts'
import type { Hand } from '../../src/cli/story/client.ts'
import { waitFor } from '../../src/cli/story/story.ts'
import type { SupervisorEvent } from '../../src/node/supervisor.ts'
import { caseAt, type Place, startWorld, type Telling } from '../support/demo.ts'

const EU = 'meridia.example'
const GB = 'albion.example'

const seen: SupervisorEvent[] = []
const listeners = new Set<(event: SupervisorEvent) => void>()
const world = await startWorld({
  onEvent: (event) => {
    seen.push(event)
    for (const listener of listeners) listener(event)
  },
})
const meridia = world.database('meridia')
let killed = 0

test('the EU node dies after it has answered the first release; the step completes', async () => {
  const telling = await untilRelease({
    afterAct: async (name) => {
      if (name === 'releaseToPeer' && killed === 0) await kill(EU)
    },
  })
  const { ms } = await telling.step('5.release')
  assert.equal(killed, 1)
  // A lease that the dead process left behind must not hold up the next one.
  assert.ok(ms < (LEASE_MS * 2) / 3, `the step took ${ms} ms`)
  await requireOnce(telling)
})

test('the EU node dies with the release in the air; it is not delivered twice', async () => {
  const telling = await untilRelease()
  signalTo(GB, 'SIGSTOP')
  const step = telling.step('5.release')
  try {
    await inFlight()
    await kill(EU)
  } finally {
    // What was in the air is taken in now; the receipt finds nobody.
    signalTo(GB, 'SIGCONT')
  }
  await step
  await requireOnce(telling)
})

test('the peer dies with the release in the air; it arrives after the restart', async () => {
  const telling = await untilRelease()
  signalTo(GB, 'SIGSTOP')
  const step = telling.step('5.release')
  try {
    await inFlight()
  } finally {
    await kill(GB)
  }
  await step
  await requireOnce(telling)
})

test('a peer that was down gets everything once, in the order in which it was released', async () => {
  const telling = await untilRelease()
  const caseId = caseAt(telling.story, 'meridia')
  const sent: string[] = []
  const stayDown = (event: SupervisorEvent) => {
    if (event.type === 'childStarted' && event.id === GB) signalTo(GB, 'SIGKILL')
  }
  listeners.add(stayDown)
  try {
    await kill(GB)
    for (const categories of [
      ['caseSummary'],
      ['technicalFacts'],
      ['caseSummary', 'technicalFacts'],
    ]) {
      const done = await world.hands.meridia.officer.do(caseId, 'releaseToPeer', {
        recipient: GB,
        categories,
        purpose: 'investigation',
        legalBasis: 'Agreement clause 2.1 (fictional).',
        necessity: 'A peer that is down needs it all the same.',
        proportionality: 'Only what the peer needs for its own steps.',
        nonDiscrimination: 'Depends on nothing personal.',
        leastIntrusive: 'No name or contact is included.',
        expression: 'It touches no press, union, protest, religion or politics.',
      })
      sent.push(done.result['releaseId'] as string)
    }
    // The other peer is served meanwhile, and the one that is down is not waited for.
    await pause(1000)
  } finally {
    listeners.delete(stayDown)
  }
  const events = await waitFor('the releases at the peer', async () => {
    const received = await receivedAt('albion', telling)
    return received.filter((id) => sent.includes(id)).length === sent.length && received
  })
  assert.deepEqual(
    events.filter((id) => sent.includes(id)),
    sent,
  )
  await telling.step('5.release')
  await requireOnce(telling)
  await telling.toTheEnd()
})

test('both ends of every channel hold the same messages: no gap, no double, all applied', async () => {
  for (const origin of ['meridia', 'albion', 'sierra'] as const) {
    for (const destination of ['meridia', 'albion', 'sierra'] as const) {
      if (origin !== destination) await requireSameChannel(origin, destination)
    }
  }
})

test('nothing but what we killed has ended, and nothing is left stopped or in alarm', async () => {
  const ended = seen.filter((event) => event.type === 'childExited')
  assert.ok(ended.every(({ signal }) => signal === 'SIGKILL'))
  for (const [id, child] of world.demo.supervisor.children) {
    assert.ok(child.pid && child.port, `${id} serves`)
  }
  for (const at of ['meridia', 'albion', 'sierra'] as const) {
    const database = world.database(at)
    const stopped = await database
      .selectFrom('fed_out_channel')
      .select('destination')
      .where('stopped_reason', 'is not', null)
      .execute()
    const frozen = await database
      .selectFrom('fed_in_channel')
      .select('origin')
      .where('frozen_at', 'is not', null)
      .execute()
    const lies = await database.selectFrom('fed_equivocation').select('origin').execute()
    assert.deepEqual([stopped, frozen, lies], [[], [], []], at)
  }
})

type Watch = { readonly afterAct?: (name: string) => Promise<void> }

/** A story up to step 5, whose EU officer is watched from then on. */
async function untilRelease({ afterAct = async () => {} }: Watch = {}): Promise<Telling> {
  const { officer } = world.hands.meridia
  const watched: Hand = {
    ...officer,
    async do(caseId, name, input) {
      const done = await officer.do(caseId, name, input)
      await afterAct(name)
      return done
    },
  }
  const meridiaHands = { ...world.hands.meridia, officer: watched }
  const telling = world.begin({ hands: { ...world.hands, meridia: meridiaHands } })
  await telling.until('5.release')
  return telling
}

function signalTo(id: string, signal: NodeJS.Signals): void {
  const pid = world.demo.supervisor.children.get(id)?.pid
  if (pid !== undefined) process.kill(pid, signal)
}

/** Kills and waits until the supervisor has noticed. */
async function kill(id: string): Promise<void> {
  const noticed = new Promise<void>((resolve) => {
    const listener = (event: SupervisorEvent) => {
      if (event.type !== 'childExited' || event.id !== id) return
      listeners.delete(listener)
      resolve()
    }
    listeners.add(listener)
  })
  killed += 1
  signalTo(id, 'SIGKILL')
  await noticed
}

function inFlight(): Promise<unknown> {
  return waitFor('a transaction in the air', () =>
    meridia
      .selectFrom('fed_out_transaction')
      .select('id')
      .where('destination', '=', GB)
      .executeTakeFirst(),
  )
}

async function caseEvents(at: Place, { story }: Telling) {
  const id = caseAt(story, at)
  const events = (await world.events(at)).filter(({ stream }) => stream === id)
  return events.map(({ envelope }) => envelope.event as { type: string; [key: string]: unknown })
}

/** Ids of the releases in the peer's case, in the order in which they were taken in. */
async function receivedAt(at: Place, telling: Telling): Promise<string[]> {
  const events = await caseEvents(at, telling)
  return events.filter(({ type }) => type === 'releaseReceived').map(releaseIdOf)
}

function releaseIdOf(event: { [key: string]: unknown }): string {
  const { releaseId } = (event['release'] ?? event) as { releaseId?: unknown }
  assert.ok(typeof releaseId === 'string')
  return releaseId
}

/** Each release of the case: decided, sent, received and receipted exactly once. */
async function requireOnce(telling: Telling): Promise<void> {
  const events = await caseEvents('meridia', telling)
  const permitted = events.filter(
    ({ type, decision }) => type === 'releaseDecided' && decision === 'permit',
  )
  const toGb = permitted.filter(({ recipient }) => recipient === GB).map(releaseIdOf)
  const toCalifornia = permitted.filter(({ recipient }) => recipient !== GB).map(releaseIdOf)
  assert.deepEqual(await receivedAt('albion', telling), toGb)
  assert.deepEqual(await receivedAt('sierra', telling), toCalifornia)
  const all = [...toGb, ...toCalifornia].sort()
  assert.equal(new Set(all).size, all.length)
  const receipts = await waitFor('a receipt for each release', async () => {
    const now = await caseEvents('meridia', telling)
    const found = now.filter(({ type }) => type === 'releaseReceiptReceived')
    return found.length >= all.length && found
  })
  assert.deepEqual(receipts.map(releaseIdOf).sort(), all)
  assert.ok(receipts.every(({ status }) => status === 'applied'))
}

async function requireSameChannel(origin: Place, destination: Place): Promise<void> {
  const from = world.node(origin).authority.id
  const to = world.node(destination).authority.id
  const columns = ['epoch', 'seq', 'link', 'id', 'header', 'decision'] as const
  const sent = await waitFor(`every receipt of ${to}`, async () => {
    const rows = await world
      .database(origin)
      .selectFrom('fed_out')
      .select(columns)
      .where('destination', '=', to)
      .orderBy('epoch')
      .orderBy('seq')
      .execute()
    return rows.every(({ decision }) => decision !== null) && rows
  })
  const received = await world
    .database(destination)
    .selectFrom('fed_in')
    .select(columns)
    .where('origin', '=', from)
    .orderBy('epoch')
    .orderBy('seq')
    .execute()
  assert.deepEqual(received, sent, `${from} to ${to}`)
  assert.ok(sent.length > 0)
  assert.deepEqual(
    sent.map(({ epoch, seq }) => `${epoch}/${seq}`),
    sent.map((_, index) => `1/${index + 1}`),
    'no epoch was opened, no number left out',
  )
  assert.ok(sent.every(({ decision }) => decision === 'applied'))
  const waiting = await world
    .database(origin)
    .selectFrom('fed_out_pending')
    .select('id')
    .where('destination', '=', to)
    .execute()
  assert.deepEqual(waiting, [])
}
