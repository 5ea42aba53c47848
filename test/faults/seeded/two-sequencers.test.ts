/**
 * Two and more processes that all want to be the sequencer of one log, on one database and
 * one folder, under load, with kills in between. Whoever was replaced ends; no number is
 * given twice, no size has two roots, nothing accepted is lost.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { requireWholeLog, startBusyLog, watchCheckpoint } from '../../support/busy-log.ts'
import { faultRandom, rounds, told } from '../../support/fault-run.ts'
import { withLogNode } from '../../support/log-node.ts'

const ROUNDS = rounds(5, 40)
/** What a process says that finds itself replaced, wherever it stood in its round. */
const REPLACED = /^fatal: (another sequencer has taken over|the head of the log )/

test('of two sequencers at once one is fenced, and the log stays one', () =>
  withLogNode(async (node) => {
    const random = faultRandom(10)
    const onlooker = watchCheckpoint(node.directory)
    const accepted: string[] = []
    const troubles: string[] = []
    for (let round = 0; round < ROUNDS; round++) {
      const rivals = [startBusyLog(node.url, node.directory)]
      while (rivals.length < 3) {
        await pause(random.below(120))
        rivals.push(startBusyLog(node.url, node.directory))
      }
      const last = rivals[random.below(rivals.length)]
      await last?.atWork(1 + random.below(30))
      for (const { child } of rivals) if (random.chance(0.5)) child.kill('SIGKILL')
      await pause(random.below(40))
      for (const { child } of rivals) child.kill('SIGKILL')
      await Promise.all(rivals.map(({ ended }) => ended))
      for (const rival of rivals) {
        accepted.push(...rival.accepted)
        troubles.push(...rival.troubles)
      }
    }
    await onlooker.stop()
    for (const trouble of troubles) assert.match(trouble, REPLACED)
    // The epoch says so, before anything else would have to stop it.
    assert(
      troubles.some((trouble) => /taken over/.test(trouble)),
      'somebody was fenced',
    )
    const healthy = await node.start()
    await healthy.flush()
    assert.deepEqual(node.troubles, [])
    await requireWholeLog(node, accepted, onlooker.seen)
    told('rounds of three sequencers at once', ROUNDS)
    told('sequencers that found themselves replaced', troubles.length)
    told('entries accepted under rival sequencers', accepted.length)
  }))
