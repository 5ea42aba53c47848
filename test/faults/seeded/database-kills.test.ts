/**
 * The database server is killed (-9) under a log that works as fast as it can: one of its
 * processes, or the server itself, or the log's own process. Whatever was accepted is in
 * the log once, and every checkpoint that anybody saw is of the same log.
 */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import {
  requireUntroubled,
  requireWholeLog,
  startBusyLog,
  watchCheckpoint,
} from '../../support/busy-log.ts'
import { startCrashServer } from '../../support/crash-server.ts'
import { faultRandom, rounds, told } from '../../support/fault-run.ts'
import { withLogNodeAt } from '../../support/log-node.ts'
import { databasePlace } from '../../support/temporary-folder.ts'

const ROUNDS = rounds(3, 60)
const KILLS = ['a server process', 'the server', 'the log'] as const

test('the database is killed again and again under load; the log loses and contradicts nothing', async () => {
  const place = databasePlace()
  const directory = join(place, 'log')
  await mkdir(directory)
  const server = await startCrashServer(join(place, 'postgres'))
  try {
    const url = await server.createDatabase('log')
    await withLogNodeAt({ url, directory }, async () => {})
    const onlooker = watchCheckpoint(directory)
    const accepted: string[] = []
    const random = faultRandom(30)
    for (let round = 0; round < ROUNDS; round++) {
      // In the first rounds each of them once.
      const kill = KILLS[round] ?? random.pick(KILLS)
      const log = startBusyLog(url, directory)
      await log.atWork(1 + random.below(200))
      await pause(random.below(60))
      if (kill === 'a server process') await server.killBackend(random.below)
      if (kill === 'the server') await server.kill()
      if (kill === 'the log') log.child.kill('SIGKILL')
      await log.ended
      if (kill === 'the server') await server.start()
      await server.ready()
      requireUntroubled(log)
      accepted.push(...log.accepted)
      await withLogNodeAt({ url, directory }, async (node) => {
        const sequencer = await node.start()
        await sequencer.flush()
        requireUntroubled({ troubles: node.troubles.map(({ kind }) => kind) })
        await requireWholeLog(node, accepted, onlooker.seen)
      })
    }
    await onlooker.stop()
    told('kills of a database or of the log that it holds', ROUNDS)
    told('entries accepted between kills of the database', accepted.length)
  } finally {
    await server.stop()
  }
})
