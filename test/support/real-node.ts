/**
 * A node as an administrator sets one up: `comity init` with a file of answers,
 * `database.sql` on a durable server, `comity serve` as a process of its own.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, chownSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after } from 'node:test'
import pg from 'pg'
import type { Account } from '../../src/adapters/managed-postgres/account.ts'
import {
  type ManagedPostgres,
  startManagedPostgres,
} from '../../src/adapters/managed-postgres/managed-postgres.ts'
import { PORTS_AFTER } from '../../src/cli/init/questions.ts'
import { programCacheFolder } from '../../src/node/data-folder.ts'
import { holdPorts } from './held-ports.ts'
import { temporaryFolder } from './temporary-folder.ts'

export type Ended = { readonly code: number | null; readonly out: string; readonly err: string }

export type Serving = {
  readonly process: ChildProcess
  readonly ended: Promise<Ended>
  /** Milliseconds from the start of the process until it said that it serves. */
  readonly startedMs: number
  /** What it has printed on both outputs until now. */
  printed(): string
}

const CHECKOUT = join(import.meta.dirname, '..', '..')
const MAIN = join(CHECKOUT, 'src', 'cli', 'main.ts')
/** A `comity` and the account that runs it; nothing said is this checkout and our own. */
export type Program = {
  readonly command: readonly string[]
  readonly account?: Account | undefined
}
const OURS: Program = { command: [process.execPath, MAIN] }
const SERVING_WITHIN_MS = 90_000

let server: Promise<ManagedPostgres> | undefined
const running = new Set<ChildProcess>()

after(async () => {
  for (const child of running) child.kill('SIGKILL')
  await (await server)?.stop()
})

/** A durable server, as a node asks for one; ends with the test file. */
export function durableServer(): Promise<ManagedPostgres> {
  if (server) return server
  const folder = temporaryFolder()
  // The account that runs the database for root passes through.
  chmodSync(folder, 0o711)
  server = startManagedPostgres({
    dataFolder: join(folder, 'postgres'),
    cacheFolder: programCacheFolder(folder),
  })
  return server
}

export type Calling = {
  readonly input?: string
  readonly env?: Readonly<Record<string, string>>
  readonly program?: Program
}

export function comity(
  args: readonly string[],
  { input = '', env = {}, program = OURS }: Calling = {},
): Promise<Ended> {
  const child = run(program, args, env)
  child.stdin.end(input)
  return endOf(child)
}

function run({ command, account }: Program, args: readonly string[], env: Calling['env'] = {}) {
  const [file = '', ...first] = command
  return spawn(file, [...first, ...args], {
    env: { ...process.env, ...env },
    ...(account ? { uid: account.uid, gid: account.gid } : {}),
  })
}

type Given = Readonly<Record<string, string | number>>

/** A set up node with its database, and the path of its configuration. */
export async function setUpNode(
  id: string,
  given: Given | ((firstPort: number) => Promise<Given>) = {},
  program: Program = OURS,
): Promise<{ readonly folder: string; readonly config: string; readonly port: number }> {
  const postgres = await durableServer()
  const place = temporaryFolder()
  if (program.account) chownSync(place, program.account.uid, program.account.gid)
  const folder = join(place, 'node')
  const port = await holdPorts(PORTS_AFTER + 1)
  const database = `node_${id.replaceAll(/[^a-z0-9]/g, '_')}`
  const { host } = new URL(postgres.url('postgres'))
  const at = (offset: number) => `http://127.0.0.1:${port + offset}`
  const answers = {
    id,
    name: 'Authority (invented)',
    legalOrder: 'EU',
    zone: 'Europe/Brussels',
    profile: 'training',
    publicUrl: at(0),
    officersUrl: at(1),
    federationUrl: at(2),
    firstPort: port,
    databaseUrl: `postgres://${database}@${host}/${database}`,
    escalationBody: 'Ombudsperson (invented)',
    escalationAddress: 'Example Street 1',
    ...(typeof given === 'function' ? await given(port) : given),
  }
  const file = join(place, 'answers.yaml')
  writeFileSync(file, JSON.stringify(answers))
  const { code, err } = await comity(['init', folder, '--from', file], { program })
  if (code !== 0) throw new Error(err)
  await runSql(postgres.url('postgres'), readFileSync(join(folder, 'database.sql'), 'utf8'))
  return { folder, config: join(folder, 'comity.yaml'), port }
}

/** Resolves when it serves. @throws Error with what it said, if it ended instead */
export async function serve(
  config: string,
  args: readonly string[] = [],
  program: Program = OURS,
): Promise<Serving> {
  const startedAt = performance.now()
  const child = run(program, ['serve', '--config', config, ...args])
  running.add(child)
  const ended = endOf(child)
  let printed = ''
  const ready = new Promise<void>((resolve) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (bytes) => {
        printed += bytes
        if (/ serves\n/.test(printed)) resolve()
      })
    }
  })
  const timer = setTimeout(() => child.kill('SIGKILL'), SERVING_WITHIN_MS)
  const first = await Promise.race([ready, ended])
  clearTimeout(timer)
  if (first !== undefined) throw new Error(`it did not serve: ${first.err}${first.out}`)
  return {
    process: child,
    ended,
    startedMs: performance.now() - startedAt,
    printed: () => printed,
  }
}

export async function runSql(url: string, text: string): Promise<void> {
  const client = new pg.Client(url)
  await client.connect()
  try {
    // One by one: a database is not created inside a block of statements.
    for (const statement of text.split(';\n')) {
      if (statement.trim() !== '') await client.query(statement)
    }
  } finally {
    await client.end()
  }
}

async function endOf(child: ChildProcess): Promise<Ended> {
  let out = ''
  let err = ''
  child.stdout?.on('data', (bytes) => {
    out += bytes
  })
  child.stderr?.on('data', (bytes) => {
    err += bytes
  })
  const [code] = (await once(child, 'close')) as [number | null]
  running.delete(child)
  return { code, out, err }
}
