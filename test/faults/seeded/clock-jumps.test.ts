/**
 * Clocks of a log, of its witnesses and of a desk jump by hours and days, ahead and back, over
 * the time of a checkpoint and over deadlines. No size gets two roots, no entry loses its
 * place, no witness signs a time before one that it signed, a receipt only ever gets further,
 * and what is due is due when it was stored to be. Sessions, codes and attempts under such
 * clocks: test/kernel; the exchange: partitions.test.ts.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nodePrimitives } from '../../../src/adapters/node-primitives.ts'
import { logReceipts } from '../../../src/adapters/postgres/log/receipts.ts'
import { type BoardFilter, clockBoard } from '../../../src/app/desk/clock-board.ts'
import type { Kernel } from '../../../src/app/kernel.ts'
import { toBase64, utf8 } from '../../../src/base/bytes.ts'
import { DAY_MS, HOUR_MS, type Instant, instantFromMs, MINUTE_MS } from '../../../src/base/time.ts'
import { verifyCosignatures } from '../../../src/proof/cosignature.ts'
import { parsePolicy } from '../../../src/proof/policy.ts'
import { verifyReceipt } from '../../../src/proof/receipt.ts'
import { parseSignatureLines, parseSignedNote } from '../../../src/proof/signed-note.ts'
import { hashLeaf } from '../../../src/proof/tree-hash.ts'
import { formatVkey } from '../../../src/proof/vkey.ts'
import { requireWholeLog } from '../../support/busy-log.ts'
import { deskKernel } from '../../support/desk-kernel.ts'
import { faultRandom, rounds, told } from '../../support/fault-run.ts'
import { type LogNode, publicCheckpoint, withLogNode } from '../../support/log-node.ts'
import type { SeededRandom } from '../../support/seeded-random.ts'
import { logSigner } from '../../support/test-log.ts'
import { startWitness, type WitnessServer } from '../../support/witness-server.ts'

const ROUNDS = rounds(8, 30)
const JUMPS = [-DAY_MS, -HOUR_MS, -MINUTE_MS, 0, HOUR_MS, DAY_MS]
const START_MS = Date.UTC(2027, 0, 2)
const STATES = ['accepted', 'sequenced', 'signed', 'sealed']

/** Real time goes on; each clock is off by what it last jumped to. */
function jumpingClock(real: { ms: number }) {
  let offMs = 0
  return {
    jump: (random: SeededRandom) => {
      offMs = random.pick(JUMPS)
    },
    now: (): Instant => instantFromMs(real.ms + offMs),
  }
}

test('whatever the clocks of a log and its witnesses do, nothing goes back', () =>
  withLogNode((elsewhere) =>
    withLogNode(async (node) => {
      const random = faultRandom(70)
      const real = { ms: START_MS }
      const own = jumpingClock(real)
      const clocks = [jumpingClock(real), jumpingClock(real)] as const
      // One state row an origin: each witness has a database.
      const witnesses = [
        await startWitness(elsewhere.database, 'w1.example', { wireNow: clocks[0].now }),
        await startWitness(node.database, 'w2.example', { wireNow: clocks[1].now }),
      ]
      const progress = followReceipts(node, witnesses, own.now)
      const seen = new Map<number, string>()
      try {
        let sequencer = await node.start({ witnesses, wireNow: own.now })
        for (let round = 0; round < ROUNDS; round++) {
          real.ms += random.below(20 * MINUTE_MS)
          for (const clock of [own, ...clocks]) if (random.chance(0.6)) clock.jump(random)
          await progress.accept(1 + random.below(5))
          await progress.look()
          if (random.chance(0.3)) {
            await sequencer.stop()
            sequencer = await node.start({ witnesses, wireNow: own.now })
          }
          await sequencer.flush()
          await progress.look()
          const { treeSize, rootHash } = await publicCheckpoint(node)
          assert.equal(seen.get(treeSize) ?? toBase64(rootHash), toBase64(rootHash))
          seen.set(treeSize, toBase64(rootHash))
          for (const witness of witnesses) await requireTimesInOrder(node, witness)
        }
        assert.deepEqual([node.troubles, elsewhere.troubles], [[], []])
        assert.deepEqual(await progress.states(), new Set(['sealed']))
        await requireWholeLog(node, progress.ids, seen)
      } finally {
        for (const witness of witnesses) await witness.stop()
      }
      told('rounds of a log under clocks that jump', ROUNDS)
      told('receipts followed under clocks that jump', progress.ids.length)
    }),
  ))

/** Accepts entries by the log's own clock, and sees to it that no receipt ever loses anything. */
function followReceipts(node: LogNode, witnesses: readonly WitnessServer[], now: () => Instant) {
  const policy = parsePolicy(
    nodePrimitives,
    utf8(
      `log ${formatVkey(logSigner.key)}\n${witnesses
        .map(({ key }, n) => `witness w${n} ${formatVkey(key)}\n`)
        .join('')}group all-of-them all w0 w1\nquorum all-of-them\n`,
    ),
  )
  const parts = { ...node, primitives: nodePrimitives, policy, wireNow: now }
  const receipts = logReceipts(parts)
  const ids: string[] = []
  const known = new Map<string, { readonly rank: number; readonly leafIndex: number | undefined }>()
  return {
    ids,
    async accept(count: number) {
      for (let i = 0; i < count; i++) {
        const id = crypto.randomUUID()
        const entry = utf8(`${ids.length}`)
        const leaf_hash = hashLeaf(nodePrimitives, entry)
        const row = { id, entry, leaf_hash, created_at: now() }
        await node.database.insertInto('log_pending').values(row).execute()
        ids.push(id)
      }
    },
    async look() {
      for (const id of ids) {
        const found = await receipts.of(id)
        assert(found, `what was accepted is known: ${id}`)
        const { state, leafIndex, entry, receipt } = found
        const before = known.get(id) ?? { rank: 0, leafIndex: undefined }
        const rank = STATES.indexOf(state)
        assert(rank >= before.rank, `${id} was ${STATES[before.rank]} and is ${state}`)
        assert.equal(leafIndex, before.leafIndex ?? leafIndex, 'no entry changes its place')
        assert.equal(receipt !== undefined, state === 'sealed', 'no proof before it is sealed')
        if (receipt && rank > before.rank) {
          verifyReceipt(nodePrimitives, { receipt, entry, policy })
        }
        known.set(id, { rank, leafIndex })
      }
    },
    states: async () => new Set((await receipts.states(ids)).values()),
  }
}

/** Of what one key signed, a larger tree never has the earlier time. */
async function requireTimesInOrder(
  node: LogNode,
  { key, moreKeys = [] }: WitnessServer,
): Promise<void> {
  for (const one of [key, ...moreKeys]) {
    const rows = await node.database
      .selectFrom('log_cosig')
      .innerJoin('log_checkpoint', 'log_checkpoint.size', 'log_cosig.size')
      .select(['log_cosig.size', 'first_line', 'line', 'signed_note'])
      .where('witness', '=', formatVkey(one))
      .orderBy('log_cosig.size')
      .execute()
    assert(rows.length > 0)
    const times = rows.flatMap(({ first_line, line, signed_note }) => {
      const { text } = parseSignedNote(new Uint8Array(signed_note))
      return [first_line, line].map((each) => {
        const note = { text, signatures: parseSignatureLines(each) }
        const [cosignature] = verifyCosignatures(nodePrimitives, note, [one])
        assert(cosignature)
        return cosignature.timeSeconds
      })
    })
    assert.deepEqual(
      times,
      times.toSorted((a, b) => a - b),
      `times of ${one.name}`,
    )
  }
}

test('what is due when does not move with the clock, and is overdue exactly past it', async (t) => {
  const desk = await deskKernel(t)
  const law = { context: async () => ({ packs: [] }) }
  const kernel = { ...desk.kernel, law } as unknown as Kernel
  const random = faultRandom(71)
  const ada = await desk.enrol('Ada', ['caseOfficer'])
  const streamId = await desk.openCase('A case', ada)
  const dueMs = Date.parse(desk.now(ada).now) + 2 * HOUR_MS
  const due = `${new Date(dueMs).toISOString()}[UTC]`
  const computed = {
    ...{ clock: 'eu.act/report', legalOrder: 'EU', state: 'due', steps: [], because: [] },
    ...{ strictDue: due, legalDue: due },
  }
  await desk.append(streamId, ada.officer, {
    ...{ type: 'clocksComputed', results: [computed], packs: [] },
  } as { readonly type: string })
  const stored = () =>
    desk.database.selectFrom('p_deadline').select(['clock', 'due_at', 'strict_due']).execute()
  const before = await stored()
  assert.equal(before.length, 1)
  const shown = async (filter: BoardFilter) =>
    (await clockBoard(kernel, desk.now(ada), filter)).map(({ clock, state }) => [clock, state])
  for (let jump = 0; jump < ROUNDS; jump++) {
    // Over the deadline and back, whatever is drawn.
    const aheadMs = Date.parse(desk.now(ada).now) - dueMs
    desk.pass((aheadMs > 0 ? -aheadMs : 0) + random.pick(JUMPS) + 5 * MINUTE_MS)
    const isOver = Date.parse(desk.now(ada).now) > dueMs
    const state = isOver ? 'overdue' : 'due'
    assert.deepEqual(await shown({}), [['eu.act/report', state]])
    assert.deepEqual(await shown({ state: isOver ? 'due' : 'overdue' }), [])
    assert.deepEqual(await stored(), before)
  }
  told('jumps of a clock over a deadline', ROUNDS)
})
