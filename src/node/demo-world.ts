/** Starts the demonstration: database server, three nodes and the outside witness. */
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type DatabaseServer, givenServer } from '../adapters/managed-postgres/database-server.ts'
import { startManagedPostgres } from '../adapters/managed-postgres/managed-postgres.ts'
import { DOORS, type Door } from '../app/ports/door.ts'
import type { DatabaseConfig } from './config/database.ts'
import type { NodeConfig } from './config.ts'
import type { DataFolder } from './data-folder.ts'
import { AUTHORITIES, WITNESS } from './demo-authorities.ts'
import type { DemoWorld } from './demo-setup.ts'
import { choosePorts } from './free-ports.ts'
import {
  type ChildSpec,
  type Supervisor,
  type SupervisorEvent,
  startSupervisor,
} from './supervisor.ts'

const scriptAt = (name: string) => fileURLToPath(new URL(name, import.meta.url))

export type RunningDemo = DemoWorld & {
  readonly supervisor: Supervisor
  /** Milliseconds from the call until every process served. */
  readonly servingMs: number
  stop(): Promise<void>
}

export type DemoOptions = {
  readonly data: DataFolder
  /** Without it any free ports. */
  readonly firstPort?: number
  readonly databaseUrl?: string | undefined
  readonly batchIntervalMs?: number
  /** How all of the nodes exchange; as usual if nothing is said. */
  readonly exchange?: NodeConfig['exchange']
  /** What the nodes' pages need: the nodes start when it is there. */
  readonly assets?: Promise<void>
  readonly progress?: (text: string) => void
  readonly onEvent?: (event: SupervisorEvent) => void
}

const BATCH_INTERVAL_MS = 3000
/** In MB. By itself Node lets short-lived objects fill so much that a node takes 90 MB more. */
const MEMORY_FLAGS = ['--max-semi-space-size=4']

export async function startDemoWorld(options: DemoOptions): Promise<RunningDemo> {
  const { data, progress = () => {} } = options
  const startedMs = performance.now()
  // Both are awaited below; until then a failure must not end the process.
  options.assets?.catch(() => {})
  const loading = import('./demo-setup.ts')
  loading.catch(() => {})
  const server = await databaseServer(options)
  let supervisor: Supervisor | undefined
  const stop = async () => {
    await supervisor?.stop()
    await server.stop()
  }
  try {
    progress('databases')
    const names = [...AUTHORITIES.map(({ database }) => database), WITNESS.database]
    const databases: DatabaseConfig[] = []
    for (const name of names) databases.push(await makeDatabase(server, `comity_${name}`))
    const ports = await choosePorts(names.length, options.firstPort)
    const batchIntervalMs = options.batchIntervalMs ?? BATCH_INTERVAL_MS
    const { setUpDemo } = await loading
    const { exchange } = options
    const world = await setUpDemo({ data, ports, databases, batchIntervalMs, exchange })
    await options.assets
    progress('nodes')
    supervisor = startSupervisor({
      dataFolder: data.folder,
      children: childrenOf(world, join(data.cacheFolder(), 'compiled')),
      ...(options.onEvent ? { onEvent: options.onEvent } : {}),
    })
    await supervisor.ready
    return { ...world, supervisor, stop, servingMs: performance.now() - startedMs }
  } catch (error) {
    await stop()
    throw error
  }
}

function databaseServer({ data, databaseUrl, progress }: DemoOptions): Promise<DatabaseServer> {
  if (databaseUrl) return Promise.resolve(givenServer(databaseUrl))
  return startManagedPostgres({
    dataFolder: data.postgresFolder(),
    cacheFolder: data.cacheFolder(),
    ...(progress ? { log: progress } : {}),
  })
}

/** Each door gets a role of its own, where the server lets us make roles. */
async function makeDatabase(server: DatabaseServer, name: string): Promise<DatabaseConfig> {
  const url = await server.createDatabase(name)
  const doors: Partial<Record<Door, string>> = {}
  for (const door of DOORS) {
    const doorUrl = await server.createRole(name, door)
    if (doorUrl === undefined) return { url }
    doors[door] = doorUrl
  }
  return { url, doors: doors as Required<typeof doors> }
}

function childrenOf({ nodes, witness }: DemoWorld, compiled: string): readonly ChildSpec[] {
  // Node keeps there what it has compiled: later starts take about half the time.
  const shared = { flags: MEMORY_FLAGS, env: { NODE_COMPILE_CACHE: compiled } }
  return [
    {
      id: WITNESS.id,
      script: scriptAt('./witness-process.ts'),
      args: [witness.configFile],
      ...shared,
      logFile: join(witness.folder, 'node.log'),
    },
    ...nodes.map(({ authority, configFile, folder }) => ({
      id: authority.id,
      script: scriptAt('./node-process.ts'),
      args: [configFile],
      ...shared,
      logFile: join(folder, 'node.log'),
    })),
  ]
}
