/**
 * Each system call by which a log appends one entry fails once, and kills once, after the
 * first touch of its folder. Whether the append succeeds does not matter: afterwards the log
 * verifies, goes on, and no checkpoint contradicts another.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { toBase64 } from '../../../src/base/bytes.ts'
import { requireWholeLog } from '../../support/busy-log.ts'
import { faultRandom, isLong, rounds, told } from '../../support/fault-run.ts'
import { type LogNode, publicCheckpoint, withLogNode } from '../../support/log-node.ts'
import { rewindable } from '../../support/log-rewind.ts'
import { type FileCall, type Injection, traced, whyNoTracing } from '../../support/system-calls.ts'

const PROGRAM = fileURLToPath(new URL('../programs/append-one.ts', import.meta.url))
const EFFECTS = ['error=EIO', 'signal=KILL', ...(isLong ? ['error=ENOSPC'] : [])]
/** Before, at and after the edge of a tile. */
const SIZES = [300, 255, 1, 256, 254]
const SHORT_RUNS = 8

test(
  'each file system call of an append fails or kills once; the log stays whole',
  {
    skip: whyNoTracing() ?? false,
  },
  () =>
    withLogNode(async (node) => {
      const random = faultRandom(20)
      const sequencer = await node.start()
      await node.accept(isLong ? random.pick(SIZES) : 255)
      await sequencer.flush()
      await sequencer.stop()
      const rewind = await rewindable(node)
      const program = [PROGRAM, node.url, node.directory]
      const { out, calls } = await traced(program, node.directory)
      assert.match(out, /^signed$/m, out)
      assert(calls.filter(({ name }) => name === 'fsync').length >= 8, 'the calls were seen')
      const all = calls.flatMap((call) => EFFECTS.map((effect) => ({ call, effect })))
      const chosen = isLong ? all : all.filter(() => random.chance(SHORT_RUNS / all.length))
      for (const injection of chosen) {
        await rewind.back()
        await runWith(node, program, injection)
      }
      await rewind.forget()
      assert(chosen.length >= rounds(1, 100))
      told('system calls that failed or killed', chosen.length)
    }),
)

async function runWith(node: LogNode, program: string[], injection: Injection): Promise<void> {
  const what = `${injection.effect} at ${nameOf(injection.call, node)}`
  const before = await publicCheckpoint(node)
  const { out, isInjected } = await traced(program, node.directory, injection)
  assert(isInjected, `${what} was met`)
  assert.doesNotMatch(out, /frozen/, what)
  const seen = new Map(
    [before, await publicCheckpoint(node)].map(
      (head) => [head.treeSize, toBase64(head.rootHash)] as const,
    ),
  )
  const troubles = node.troubles.length
  const healthy = await node.start()
  await healthy.flush()
  await healthy.stop()
  assert.deepEqual(node.troubles.slice(troubles), [], what)
  const accepted = [...out.matchAll(/^accepted (.+)$/gm)].map(([, id = '']) => id)
  assert.equal(accepted.length, 1, what)
  await requireWholeLog(node, accepted, seen)
}

const nameOf = ({ name, path, ordinal }: FileCall, { directory }: LogNode) =>
  `${name} ${ordinal} of ${path.slice(directory.length) || 'the folder'}`
