/** `comity rebuild CONFIG`: replays every stream of a stopped or running node into its lists. */
import { join } from 'node:path'
import { atRest as openAtRest } from '../adapters/keys/at-rest.ts'
import { openFileKeys } from '../adapters/keys/file-keys.ts'
import { openDatabase } from '../adapters/postgres/database.ts'
import { rebuildProjections } from '../adapters/postgres/projections/rebuild.ts'
import { projectStream } from '../app/project.ts'
import { readNodeConfig } from '../node/config.ts'

export async function rebuildCommand([file]: readonly string[]): Promise<number> {
  if (!file) {
    process.stderr.write('usage: comity rebuild CONFIG   (a node’s config.json)\n')
    return 2
  }
  const config = readNodeConfig(file)
  const keys = await openFileKeys(join(config.folder, 'keys'), config.node.id)
  const database = openDatabase(config.database.url, 4)
  try {
    const { streams, events } = await rebuildProjections(
      database,
      openAtRest(await keys.columnKey()),
      projectStream,
    )
    process.stdout.write(`${streams} streams with ${events} events replayed\n`)
    return 0
  } finally {
    await database.destroy()
  }
}
