/** Starts the managed database of the folder in its arguments and says so in one line; then waits. */
import { startManagedPostgres } from '../../../src/adapters/managed-postgres/managed-postgres.ts'

const [dataFolder = '', cacheFolder = ''] = process.argv.slice(2)
try {
  const server = await startManagedPostgres({ dataFolder, cacheFolder })
  const database = await server.createDatabase('meridia')
  const { pid, port } = server
  process.stdout.write(`${JSON.stringify({ pid, port, database, uid: process.getuid?.() })}\n`)
  process.stdin.resume().on('end', () => server.stop())
} catch (error) {
  const { reason } = error as { reason?: string }
  process.stdout.write(`${JSON.stringify({ failed: String(error), reason })}\n`)
}
