import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { nodePrimitives } from '../../src/adapters/node-primitives.ts'
import { consistencyFromTiles } from '../../src/adapters/postgres/log/tile-reader.ts'
import { verifyConsistency } from '../../src/proof/consistency.ts'
import type { TreeHead } from '../../src/proof/tree-hash.ts'
import { checkFiles, publicCheckpoint, withLogNode } from '../support/log-node.ts'

const PROGRAM = fileURLToPath(new URL('./programs/busy-log.ts', import.meta.url))
const ROUNDS = 12

type Killed = { readonly accepted: string[]; readonly troubles: string[] }

/** Runs the busy log and kills it some time after its first entries. */
async function runAndKill(url: string, directory: string, afterMs: number): Promise<Killed> {
  const child = spawn(process.execPath, [PROGRAM, url, directory], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    if (output === '') setTimeout(() => child.kill('SIGKILL'), afterMs)
    output += text
  })
  await once(child, 'close')
  const lines = output.split('\n').slice(0, -1)
  return {
    accepted: lines.filter((line) => line.startsWith('accepted ')).map((line) => line.slice(9)),
    troubles: lines.filter((line) => line.startsWith('trouble ')),
  }
}

test('killed again and again under load, the log loses nothing and never contradicts itself', () =>
  withLogNode(async (node) => {
    const accepted: string[] = []
    const seen: TreeHead[] = []
    for (let round = 0; round < ROUNDS; round++) {
      const killed = await runAndKill(node.url, node.directory, 13 * round)
      assert.deepEqual(killed.troubles, [])
      accepted.push(...killed.accepted)
      const isPublic = await readFile(join(node.directory, 'checkpoint')).catch(() => undefined)
      if (isPublic) seen.push(await publicCheckpoint(node))
    }
    const sequencer = await node.start()
    await sequencer.flush()
    assert.deepEqual(node.troubles, [])
    const rows = await node.database.selectFrom('log_entry').select('pending_id').execute()
    const placed = new Set(rows.map(({ pending_id }) => pending_id))
    assert.equal(placed.size, rows.length)
    for (const id of accepted) assert(placed.has(id), `accepted ${id} is in the log`)
    await checkFiles(node, rows.length)
    const last = await publicCheckpoint(node)
    for (const head of seen.filter(({ treeSize }) => treeSize > 0)) {
      const proof =
        head.treeSize === last.treeSize
          ? []
          : await consistencyFromTiles(nodePrimitives, node.directory, head.treeSize, last.treeSize)
      verifyConsistency(nodePrimitives, head, last, proof)
    }
    assert(seen.length > 3 && accepted.length > 100, 'the log did work')
  }))
