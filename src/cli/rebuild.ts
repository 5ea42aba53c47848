/** `comity rebuild CONFIG`: replays every stream of a stopped or running node into its lists. */
import { atRest as openAtRest } from '../adapters/keys/at-rest.ts'
import { openDatabase } from '../adapters/postgres/database.ts'
import { rebuildProjections } from '../adapters/postgres/projections/rebuild.ts'
import { projectStream } from '../app/project.ts'
import { invariant } from '../base/errors.ts'
import { readNodeConfig } from '../node/config.ts'
import { openNodeKeys } from '../node/node-keys.ts'

export async function rebuildCommand([file]: readonly string[]): Promise<number> {
  if (!file) {
    process.stderr.write('usage: comity rebuild CONFIG   (a node’s config.json)\n')
    return 2
  }
  const config = readNodeConfig(file)
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
