/**
 * A log under load in a process of its own, to be killed; and somebody who keeps every
 * checkpoint that it ever showed.
 */
import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { nodePrimitives } from '../../src/adapters/node-primitives.ts'
import { readIfThere } from '../../src/adapters/postgres/log/durable-files.ts'
import { toBase64 } from '../../src/base/bytes.ts'
import { verifyCheckpoint } from '../../src/proof/checkpoint.ts'
import { parseSignedNote } from '../../src/proof/signed-note.ts'
import { checkFiles, type LogNode } from './log-node.ts'
import { naiveLeaf, naiveRoots } from './merkle.ts'
import { logSigner } from './test-log.ts'

const PROGRAM = fileURLToPath(new URL('../log/programs/busy-log.ts', import.meta.url))

export type BusyLog = {
  readonly child: ChildProcess
  /** Ids of the entries that it has said are committed. */
  readonly accepted: string[]
  /** `kind: message`, the last line before it ends by itself. */
  readonly troubles: string[]
  /** Resolves when so many entries were accepted, or it has ended. */
  atWork(count: number): Promise<void>
  readonly ended: Promise<void>
}

export function startBusyLog(url: string, directory: string): BusyLog {
  const child = spawn(process.execPath, [PROGRAM, url, directory], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const accepted: string[] = []
  const troubles: string[] = []
  let rest = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      if (line.startsWith('accepted ')) accepted.push(line.slice('accepted '.length))
      else troubles.push(line.slice('trouble '.length))
    }
  })
  let isOver = false
  const ended = once(child, 'close').then(() => {
    isOver = true
  })
  return {
    child,
    accepted,
    troubles,
    ended,
    async atWork(count) {
      while (!isOver && accepted.length < count) await pause(2)
    },
  }
}

/** It may have to restart, when what it works with was killed; it is never frozen. */
export function requireUntroubled({ troubles }: Pick<BusyLog, 'troubles'>): void {
  for (const trouble of troubles) assert.match(trouble, /^(fatal|warning)/)
}

export type Onlooker = {
  /** Base64 of the root by size: what everybody could have read. */
  readonly seen: ReadonlyMap<number, string>
  stop(): Promise<void>
}

/** Reads the public checkpoint again and again. It fails at two roots for one size. */
export function watchCheckpoint(directory: string): Onlooker {
  const seen = new Map<number, string>()
  let isOver = false
  const watching = (async () => {
    for (; !isOver; await pause(3)) {
      const bytes = await readIfThere(join(directory, 'checkpoint'))
      if (bytes === undefined) continue
      const { treeSize, rootHash } = verifyCheckpoint(nodePrimitives, parseSignedNote(bytes), [
        logSigner.key,
      ])
      const root = toBase64(rootHash)
      assert.equal(seen.get(treeSize) ?? root, root, `two roots for size ${treeSize}`)
      seen.set(treeSize, root)
    }
  })()
  // It is awaited in `stop`; until then a failure must not end the process.
  watching.catch(() => {})
  return {
    seen,
    async stop() {
      isOver = true
      await watching
    },
  }
}

/** What was accepted is in the log once, and every checkpoint that was seen is of this log. */
export async function requireWholeLog(
  node: Pick<LogNode, 'database' | 'directory'>,
  accepted: readonly string[],
  seen: ReadonlyMap<number, string>,
): Promise<void> {
  const rows = await node.database
    .selectFrom('log_entry')
    .select(['pending_id', 'entry'])
    .orderBy('seq')
    .execute()
  const placed = new Set(rows.map(({ pending_id }) => pending_id))
  assert.equal(placed.size, rows.length)
  for (const id of accepted) assert(placed.has(id), `accepted ${id} is in the log`)
  const root = naiveRoots(rows.map(({ entry }) => naiveLeaf(entry)))
  for (const [size, shown] of seen) {
    assert(size <= rows.length, `a checkpoint of ${size} was shown, ${rows.length} are there`)
    assert.equal(toBase64(root(0, size)), shown, `the checkpoint shown at ${size}`)
  }
  await checkFiles(node, rows.length)
}
