/**
 * Folders for tests, removed when the whole file is done: only then has every
 * test stopped what it ran in them.
 */
import { chmodSync, rmSync } from 'node:fs'
import { after } from 'node:test'
import { makeTemporaryFolder } from '../../src/node/data-folder.ts'

const made: string[] = []

after(() => {
  for (const folder of made) {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
  }
})

/** A new folder (0700) where the database's account can get to if it is let in. */
export function temporaryFolder(): string {
  const folder = makeTemporaryFolder('comity-test-')
  made.push(folder)
  return folder
}

/** A new folder that the account which runs the database for root passes through. */
export function databasePlace(): string {
  const folder = temporaryFolder()
  chmodSync(folder, 0o711)
  return folder
}
