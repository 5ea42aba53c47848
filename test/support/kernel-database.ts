/** A migrated database with what the kernel's adapters take: keys, clocks, randomness. */
import type { TestContext } from 'node:test'
import { atRest } from '../../src/adapters/keys/at-rest.ts'
import { type Database, migrate, openDatabase } from '../../src/adapters/postgres/database.ts'
import { systemRandom } from '../../src/adapters/random.ts'
import type { Clocks } from '../../src/app/ports/clocks.ts'
import { instantFromMs } from '../../src/base/time.ts'
import { testDatabase } from './database.ts'

export const keys = atRest(new Uint8Array(32).fill(3))

const realNow = () => instantFromMs(Date.now())
export const realClocks: Clocks = { caseNow: realNow, wireNow: realNow, caseOffsetMs: () => 0 }

export const parts = { atRest: keys, clocks: realClocks, random: systemRandom }

/** Closed when the test ends. */
export async function kernelDatabase(test: TestContext): Promise<Database> {
  const database = openDatabase(await testDatabase(test), 4)
  test.after(() => database.destroy())
  await migrate(database)
  return database
}
