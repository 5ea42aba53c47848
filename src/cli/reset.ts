/**
 * `comity reset`: removes what `comity start` made, so that the next start begins
 * anew. It refuses while a start runs.
 */
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ComityError } from '../base/errors.ts'
import { dataFolderPath, resetData } from '../node/data-folder.ts'

const CHECKOUT = join(import.meta.dirname, '..', '..')

const USAGE = `usage: comity reset

Removes what comity start made, so that the next start begins anew. A server that
DATABASE_URL names is not touched. It refuses while a start runs.
`

/** Returns the exit code. */
export async function resetCommand(
  args: readonly string[],
  checkout: string = CHECKOUT,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<number> {
  const { values } = parseArgs({ args: [...args], options: { help: { type: 'boolean' } } })
  if (values.help) {
    process.stdout.write(USAGE)
    return 0
  }
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
