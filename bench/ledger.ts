/**
 * The log: durable entries by acts over HTTP beside what the same server commits at best,
 * bulk import, sealed receipts, proofs and verification, and growth to a million entries.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startManagedPostgres } from '../src/adapters/managed-postgres/managed-postgres.ts'
import { openTemporaryDataFolder, resetData } from '../src/node/data-folder.ts'
import { startDemoWorld } from '../src/node/demo-world.ts'
import { measureEntries } from './ledger-acts.ts'
import { growthLines } from './ledger-growth.ts'
import { loadText } from './machine.ts'
import { type Measured, notMeasured, type Section } from './measured.ts'
import type { Grown } from './programs/grow-log.ts'
import { outputOf } from './programs.ts'
import type { StartParts } from './start-time.ts'

const SIZES = ['1000', '100000', '1000000']
const GROW_STOP_MS = 300_000
/** As nodes have it: intake reaches the log in hours, not in between. */
const BATCH_INTERVAL_MS = 3_600_000

type Parts = Pick<StartParts, 'tell' | 'running'>

export async function measureLedger(parts: Parts): Promise<readonly Section[]> {
  const lines: Measured[] = [{ what: 'load average before', figure: loadText() }]
  lines.push(...(await orWhyNot('durable entries over HTTP', () => atWork(parts))))
  lines.push(...(await orWhyNot('growth', () => growing(parts))))
  lines.push({ what: 'load average after', figure: loadText() })
  return [{ title: 'The log', lines }]
}

async function orWhyNot(what: string, measure: () => Promise<readonly Measured[]>) {
  try {
    return await measure()
  } catch (error) {
    return [notMeasured(what, 'to be measured', error)]
  }
}

async function atWork({ tell, running }: Parts): Promise<readonly Measured[]> {
  const data = openTemporaryDataFolder()
  tell('a world of three nodes')
  const demo = await startDemoWorld({ data, batchIntervalMs: BATCH_INTERVAL_MS })
  const stop = async () => {
    await demo.stop()
    await resetData(data.folder)
  }
  running.add(stop)
  try {
    return await measureEntries(demo, { tell, running })
  } finally {
    running.delete(stop)
    await stop()
  }
}

async function growing({ tell, running }: Parts): Promise<readonly Measured[]> {
  const data = openTemporaryDataFolder()
  const folder = mkdtempSync(join(tmpdir(), 'comity-growth-'))
  const server = await startManagedPostgres({
    dataFolder: data.postgresFolder(),
    cacheFolder: data.cacheFolder(),
  })
  const stop = async () => {
    await server.stop()
    await resetData(data.folder)
    rmSync(folder, { recursive: true, force: true })
  }
  running.add(stop)
  try {
    tell(`a log of ${SIZES.at(-1)} entries`)
    const args = [await server.createDatabase('growth'), folder, ...SIZES]
    const text = await outputOf('grow-log.ts', { args, running, stopMs: GROW_STOP_MS })
    return growthLines(JSON.parse(text) as Grown)
  } finally {
    running.delete(stop)
    await stop()
  }
}
