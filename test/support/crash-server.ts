/** A durable PostgreSQL server that is killed and started again, at the same address. */
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import {
  type ManagedPostgres,
  startManagedPostgres,
} from '../../src/adapters/managed-postgres/managed-postgres.ts'
import { programCacheFolder } from '../../src/node/data-folder.ts'
import { temporaryFolder } from './temporary-folder.ts'

export type CrashServer = {
  url(database: string): string
  createDatabase(name: string): Promise<string>
  /** Kills the server process that works for somebody; the others are then restarted by it. */
  killBackend(pick: (count: number) => number): Promise<void>
  /** Resolves when it takes connections. */
  ready(): Promise<void>
  /** Kills the server itself. */
  kill(): Promise<void>
  /** Starts it again, once what the dead one started is gone. */
  start(): Promise<void>
  stop(): Promise<void>
}

const START_MS = 60_000

export async function startCrashServer(dataFolder: string): Promise<CrashServer> {
  const cacheFolder = programCacheFolder(temporaryFolder())
  let server = await startManagedPostgres({ dataFolder, cacheFolder })
  const { port } = server
  return {
    url: (database) => server.url(database),
    createDatabase: (name) => server.createDatabase(name),
    async killBackend(pick) {
      const pids = await backendsOf(server)
      const pid = pids[pick(pids.length)]
      if (pid !== undefined) killNow(pid)
    },
    async ready() {
      for (const end = Date.now() + START_MS; ; await pause(50)) {
        try {
          await backendsOf(server)
          return
        } catch (error) {
          if (Date.now() > end) throw error
        }
      }
    },
    async kill() {
      killNow(server.pid)
      await server.ended
      // On a disk that is gone the lock cannot be taken away.
      await server.stop().catch(() => {})
    },
    async start() {
      const end = Date.now() + START_MS
      for (;;) {
        try {
          server = await startManagedPostgres({ dataFolder, cacheFolder, port })
          return
        } catch (error) {
          if (Date.now() > end) throw error
        }
      }
    },
    stop: () => server.stop(),
  }
}

async function backendsOf(server: ManagedPostgres): Promise<number[]> {
  const client = new pg.Client(server.url('postgres'))
  client.on('error', () => {})
  try {
    await client.connect()
    const { rows } = await client.query<{ pid: number }>(
      `select pid from pg_stat_activity
       where backend_type = 'client backend' and pid <> pg_backend_pid() order by pid`,
    )
    return rows.map(({ pid }) => pid)
  } finally {
    await client.end().catch(() => {})
  }
}

function killNow(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
