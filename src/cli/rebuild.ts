/** `comity rebuild --config FILE`: replays every stream of a stopped or running node into its lists. */
import { parseArgs } from 'node:util'
import { atRest as openAtRest } from '../adapters/keys/at-rest.ts'
import { openDatabase } from '../adapters/postgres/database.ts'
import { rebuildProjections } from '../adapters/postgres/projections/rebuild.ts'
import { projectStream } from '../app/project.ts'
import { invariant } from '../base/errors.ts'
import { openNodeKeys } from '../node/node-keys.ts'
import { readOrRefuse } from './serve.ts'

const USAGE = `usage: comity rebuild --config FILE
Replays every stream of the node, stopped or running, into its lists.

Exit codes: 0 done, 1 refused, 2 wrong usage.
`

export async function rebuildCommand(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { config: { type: 'string' }, help: { type: 'boolean', default: false } },
  })
  if (values.help) {
    process.stdout.write(USAGE)
    return 0
  }
  if (values.config === undefined || positionals.length > 0) {
    const [file] = positionals
    const hint = file === undefined ? '' : `write --config before the file: --config ${file}\n`
    process.stderr.write(`${hint}${USAGE}`)
    return 2
  }
  const config = readOrRefuse(values.config)
  const [columnKey, ...former] = await (await openNodeKeys(config)).columnKeys()
  invariant(columnKey, 'a node has a column key')
  const database = openDatabase(config.database.url, 4)
  try {
    const { streams, events } = await rebuildProjections(
      database,
      openAtRest(columnKey, former),
      projectStream,
    )
    process.stdout.write(`${streams} streams with ${events} events replayed\n`)
    return 0
  } finally {
    await database.destroy()
  }
}
