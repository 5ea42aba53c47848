/**
 * `comity reset`: removes what `comity start` made, so that the next start begins
 * anew. It refuses while a start runs.
 */
import { join } from 'node:path'
import { ComityError } from '../base/errors.ts'
import { dataFolderPath, resetData } from '../node/data-folder.ts'

/** Returns the exit code. Does not touch a server that DATABASE_URL names. */
export async function resetCommand(
  checkout: string = join(import.meta.dirname, '..', '..'),
  environment: NodeJS.ProcessEnv = process.env,
): Promise<number> {
  try {
    const { removed } = await resetData(dataFolderPath(checkout, environment))
    const done = removed.length === 0 ? 'there are no data' : `removed ${removed.join(' and ')}`
    process.stderr.write(`comity: ${done}\n`)
    return 0
  } catch (error) {
    if (!(error instanceof ComityError)) throw error
    const advice = error.reason === 'folder-in-use' ? '; stop it first' : ''
    process.stderr.write(`comity: ${error.message}${advice}\n`)
    return 1
  }
}
