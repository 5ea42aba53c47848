/**
 * Three nodes on a network that loses, doubles, delays and reorders, slows down and falls
 * apart; and clocks that jump. Once it heals, everything that was accepted has arrived
 * exactly once and in order, both ends hold the same messages and receipts, both logs hold
 * each of them, and nobody is accused.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ComityError } from '../../../src/base/errors.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../src/base/time.ts'
import { openMessages } from '../../support/exchange-pair.ts'
import { faultRandom, faultSeed, rounds, told } from '../../support/fault-run.ts'
import { checkFiles } from '../../support/log-node.ts'
import { requireSameMessages } from '../../support/same-channel.ts'
import type { SeededRandom } from '../../support/seeded-random.ts'
import { type SimNode, type SimWorld, withSimWorld } from '../../support/sim-world.ts'

const NAMES = ['meridia.example', 'albion.example', 'sierra.example']
const STORMS = rounds(5, 30)
const STEPS = rounds(25, 100)
const SETTLE_ROUNDS_MAX = 60
/** Longer than a signature of the exchange is good for. */
const SLOW_MS = 8 * MINUTE_MS
const JUMPS = [-366 * DAY_MS, -3 * HOUR_MS, 3 * HOUR_MS, 366 * DAY_MS]

type Sent = { readonly from: SimNode; readonly to: SimNode; readonly id: string }

test('what was accepted arrives once, whatever networks and clocks do', async () => {
  const random = faultRandom(50)
  await withSimWorld(NAMES, { random, slowMs: SLOW_MS }, async (world) => {
    const sent: Sent[] = []
    for (let storm = 0; storm < STORMS; storm++) {
      world.network.disturb(0.2 + 0.4 * (storm % 2))
      for (let step = 0; step < STEPS; step++) await act(world, random, sent)
      world.network.heal()
      for (const node of world.nodes) node.setSkew(0)
      await world.network.deliverLate()
      await settle(world, `seed ${faultSeed}, storm ${storm}`)
      await requireArrived(world, sent)
      for (const node of world.nodes) await requireLogged(node)
    }
    told('storms on a simulated network', STORMS)
    told('messages accepted in a storm', sent.length)
    for (const [fault, count] of world.network.counts) told(`requests: ${fault}`, count)
  })
})

/** One thing that happens somewhere. */
async function act(
  { network, nodes }: SimWorld,
  random: SeededRandom,
  sent: Sent[],
): Promise<void> {
  const from = random.pick(nodes)
  const to = random.pick(nodes.filter((node) => node !== from))
  const what = random.below(100)
  if (what < 35) {
    const content = { n: sent.length }
    sent.push({ from, to, id: await from.enqueue({ destination: to.node, content }) })
  } else if (what < 70) await outageAside(from.deliverer.deliverOnce(to.node))
  else if (what < 76) await deliverTwice(from, to)
  else if (what < 82) await outageAside(from.reconcile(to.node))
  else if (what < 87) await network.deliverLate()
  else if (what < 90) network.cutOff(random.chance(0.5) ? [from.baseUrl] : [])
  else if (what < 93) from.setSkew(random.chance(0.5) ? random.pick(JUMPS) : 0)
  else if (what < 96) await from.sequencer.flush()
  else network.pass(random.below(20 * MINUTE_MS))
}

/** Two processes at once: one delivers while the other holds the lease, or takes it over. */
async function deliverTwice(from: SimNode, to: SimNode): Promise<void> {
  const second = from.secondDeliverer()
  const both = [from.deliverer, second]
  await Promise.all(both.map((each) => outageAside(each.deliverOnce(to.node))))
  await second.stop()
}

/** What is down is down; anything else is a fault of ours. */
async function outageAside(work: Promise<unknown>): Promise<void> {
  try {
    await work
  } catch (error) {
    assert(error instanceof ComityError, String(error))
    // Under a wrong clock nobody's signature is good.
    assert.notEqual(error.code, 'malformed', error.message)
  }
}

/** As the nodes' own jobs do it, until nothing is left to do. */
async function settle({ network, nodes }: SimWorld, when: string): Promise<void> {
  for (let round = 0; round < SETTLE_ROUNDS_MAX; round++) {
    network.pass(SECOND_MS)
    for (const from of nodes) {
      for (const to of nodes) {
        if (from === to) continue
        await from.reconcile(to.node)
        await from.deliverer.deliverOnce(to.node)
      }
    }
    const open = await Promise.all(nodes.map(openMessages))
    if (open.every((count) => count === 0)) return
  }
  const stopped = await Promise.all(
    nodes.map(({ db }) =>
      db.selectFrom('fed_out_channel').select(['destination', 'stopped_reason']).execute(),
    ),
  )
  assert.fail(`${when}: still under way after it healed: ${JSON.stringify(stopped)}`)
}

async function requireArrived({ nodes }: SimWorld, sent: readonly Sent[]): Promise<void> {
  for (const from of nodes) {
    for (const to of nodes) {
      if (from === to) continue
      const ids = sent.filter((one) => one.from === from && one.to === to).map(({ id }) => id)
      const effects = (await to.effects()).filter(({ origin }) => origin === from.node)
      assert.deepEqual(
        effects.map(({ id }) => id),
        ids,
        `${from.node} to ${to.node}: once and in order`,
      )
      await requireSameChannel(from, to)
    }
  }
  for (const { db, faults, troubles } of nodes) {
    assert.deepEqual(await db.selectFrom('fed_equivocation').selectAll().execute(), [])
    const frozen = db
      .selectFrom('fed_in_channel')
      .select('origin')
      .where('frozen_at', 'is not', null)
    assert.deepEqual(await frozen.execute(), [])
    assert.deepEqual([faults, troubles], [[], []])
  }
}

async function requireSameChannel(from: SimNode, to: SimNode): Promise<void> {
  await requireSameMessages(endOf(from), endOf(to))
  const [ours, theirs] = await Promise.all([
    from.channels.signedHead(from.node, to.node),
    to.channels.signedHead(from.node, from.node),
  ])
  assert.equal(placeOf(ours), placeOf(theirs), 'both ends name the same head')
}

const endOf = ({ node, log }: SimNode) => ({ node, db: log.database })

function placeOf(bytes: Uint8Array): string {
  const { head } = JSON.parse(Buffer.from(bytes).toString('utf8')) as {
    readonly head: { readonly epoch: number; readonly seq: number; readonly link: string }
  }
  return `${head.epoch}/${head.seq}/${head.link}`
}

/** Every message that left and every receipt that was given stands in the node's own log. */
async function requireLogged({ db, sequencer, log }: SimNode): Promise<void> {
  await sequencer.flush()
  const rows = await log.database.selectFrom('log_entry').select('entry').execute()
  const logged = rows.map(({ entry }) => Buffer.from(entry).toString('utf8'))
  const links = await db.selectFrom('fed_out').select('link').execute()
  for (const { link } of links) {
    assert.equal(logged.filter((entry) => entry === link).length, 1, 'a link is logged once')
  }
  const taken = await db.selectFrom('fed_in').select('link').execute()
  assert(logged.length >= links.length + taken.length)
  await checkFiles(log, rows.length)
}
