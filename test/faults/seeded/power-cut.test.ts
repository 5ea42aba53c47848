/**
 * Database and public files lie on a disk of their own. Under load the disk loses its power,
 * so that everything is lost that was not brought to it, or it runs full. Whatever was
 * accepted is there afterwards, nothing that was published is missing, and the log goes on.
 */
import assert from 'node:assert/strict'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import {
  requireUntroubled,
  requireWholeLog,
  startBusyLog,
  watchCheckpoint,
} from '../../support/busy-log.ts'
import { type CrashServer, startCrashServer } from '../../support/crash-server.ts'
import { faultRandom, rounds, told } from '../../support/fault-run.ts'
import { withLogNodeAt } from '../../support/log-node.ts'
import { type LoopDisk, loopDisk, whyNoDisk } from '../../support/loop-disk.ts'

const ROUNDS = rounds(2, 20)
const DISK_MB = 320
const FAULTS = ['power', 'room'] as const

test('a disk that loses its power or its room under load: nothing accepted or published is lost', {
  skip: whyNoDisk() ?? false,
}, async () => {
  const disk = await loopDisk(DISK_MB)
  const random = faultRandom(40)
  const directory = join(disk.folder, 'log')
  const postgres = join(disk.folder, 'postgres')
  await mkdir(directory)
  const server = await startCrashServer(postgres)
  const counts = { power: 0, room: 0 }
  const accepted: string[] = []
  const seen = new Map<number, string>()
  try {
    const url = await server.createDatabase('log')
    await withLogNodeAt({ url, directory }, async () => {})
    for (let round = 0; round < ROUNDS; round++) {
      const fault = FAULTS[round] ?? random.pick(FAULTS)
      const onlooker = watchCheckpoint(directory)
      const log = startBusyLog(url, directory)
      await log.atWork(1 + random.below(300))
      await pause(random.below(100))
      if (fault === 'power') disk.cutPower()
      else await disk.fill(random.below(2 ** 20))
      const isOver = log.ended.then(() => true)
      await Promise.race([isOver, pause(fault === 'power' ? 200 : 5_000)])
      log.child.kill('SIGKILL')
      await log.ended
      requireUntroubled(log)
      accepted.push(...log.accepted)
      for (const [size, root] of await seenUntilTheEnd(onlooker)) {
        assert.equal(seen.get(size) ?? root, root, `two roots for size ${size}`)
        seen.set(size, root)
      }
      await restart(fault, { disk, server, postgres })
      await withLogNodeAt({ url, directory }, async (node) => {
        const sequencer = await node.start()
        await sequencer.flush()
        assert.deepEqual(node.troubles, [])
        await requireWholeLog(node, accepted, seen)
      })
      counts[fault] += 1
    }
  } finally {
    await server.kill()
    await disk.unmount()
  }
  told('power cuts under load', counts.power)
  told('disks that ran full under load', counts.room)
  told('entries accepted before such a fault', accepted.length)
})

/** A disk without power may not be readable; what was seen before counts. */
async function seenUntilTheEnd(onlooker: ReturnType<typeof watchCheckpoint>) {
  await onlooker.stop().catch((error: NodeJS.ErrnoException) => {
    assert.equal(error.code, 'EIO', String(error))
  })
  return onlooker.seen
}

type Place = { readonly disk: LoopDisk; readonly server: CrashServer; readonly postgres: string }

async function restart(fault: (typeof FAULTS)[number], { disk, server, postgres }: Place) {
  await server.kill()
  if (fault === 'power') await disk.powerOn()
  else await disk.makeRoom()
  // The lock names this process, which lives on, unlike the machine that it plays.
  await rm(join(postgres, 'in-use.json'), { force: true })
  await server.start()
  await server.ready()
}
