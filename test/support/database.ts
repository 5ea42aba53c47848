/**
 * Databases for tests: each call gets a fresh, empty one with a role of its own,
 * on a temporary server.
 *
 * The test runner starts one server for all test files and names it in
 * COMITY_TEST_POSTGRES. A file that is run by itself starts its own, which ends
 * and is removed with the process. Such a server does not wait for the disk.
 */
import { randomBytes } from 'node:crypto'
import { after, type TestContext } from 'node:test'
import {
  createDatabase,
  dropDatabase,
} from '../../src/adapters/managed-postgres/database-server.ts'
import { startTestPostgres, TEST_POSTGRES, type TestPostgres } from './test-postgres.ts'

let ownServer: Promise<TestPostgres> | undefined
const leftAtTheEnd = new Set<string>()

/** Runs `work` with the URL of an empty database, which is dropped afterwards. */
export async function withDatabase<T>(work: (url: string) => Promise<T>): Promise<T> {
  const { name, url } = await makeDatabase()
  try {
    return await work(url)
  } finally {
    await drop(name)
  }
}

/**
 * The URL of an empty database. It is dropped when the whole file is done, so
 * that a test may close its connections in any order.
 */
export async function testDatabase(_test: TestContext): Promise<string> {
  const { name, url } = await makeDatabase()
  leftAtTheEnd.add(name)
  return url
}

after(async () => {
  for (const name of leftAtTheEnd) await drop(name)
  if (ownServer !== undefined) await (await ownServer).stop()
})

async function makeDatabase(): Promise<{ name: string; url: string }> {
  const name = `test_${randomBytes(8).toString('hex')}`
  return { name, url: await createDatabase(await serverUrl(), name, { withOwnRole: true }) }
}

async function drop(name: string): Promise<void> {
  await dropDatabase(await serverUrl(), name, { withOwnRole: true })
}

async function serverUrl(): Promise<string> {
  const { [TEST_POSTGRES]: shared } = process.env
  if (shared !== undefined) return shared
  ownServer ??= startTestPostgres()
  return (await ownServer).url
}
