/**
 * The temporary database server of a test run. It does not wait for the disk; it
 * ends and its files go with the process that started it, however that ends.
 */
import { startManagedPostgres } from '../../src/adapters/managed-postgres/managed-postgres.ts'
import { makeTemporaryFolder, programCacheFolder } from '../../src/node/data-folder.ts'

/** The runner puts the server's URL here for the test files. */
export const TEST_POSTGRES = 'COMITY_TEST_POSTGRES'

export type TestPostgres = {
  readonly url: string
  stop(): Promise<void>
}

export async function startTestPostgres(): Promise<TestPostgres> {
  const dataFolder = makeTemporaryFolder('comity-test-')
  const server = await startManagedPostgres({
    dataFolder,
    cacheFolder: programCacheFolder(dataFolder),
    isTemporary: true,
  })
  return { url: server.url('postgres'), stop: server.stop }
}
