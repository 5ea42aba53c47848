/**
 * A process of its own that stops the managed database when the process that
 * started the database is gone, even by kill -9.
 *
 * It waits for the end of its standard input, which only the starter's death or
 * its orderly goodbye (one byte) brings. It touches no server that a later
 * starter, who then holds the folder's lock, has brought up. If the guard itself
 * is killed the database stays, and the next start stops it.
 *
 * Arguments: one JSON text, see `GuardOrder`.
 */
import { rmSync } from 'node:fs'
import { lockHolder } from './folder-lock.ts'
import { isRunning, type ProcessIdentity, sameProcess } from './process-identity.ts'
import { becomes, findServer, type StopMode, signalWith, stopServer } from './server-process.ts'

export type GuardOrder = {
  readonly folder: string
  readonly pgData: string
  readonly pgCtl: string
  readonly starter: ProcessIdentity
  readonly mode: StopMode
  /** For a temporary server: remove `folder` afterwards. */
  readonly removeFolder: boolean
}

/** A server that was being started when the starter died shows itself within this. */
const LATE_SERVER_MS = 2_000
const DYING_MS = 5_000

const order: GuardOrder = JSON.parse(process.argv[2] ?? '')
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {})
process.stdin.on('data', () => process.exit(0))
process.stdin.on('error', starterIsGone)
process.stdin.on('end', starterIsGone)

async function starterIsGone(): Promise<void> {
  // The channel closes a moment before the process is gone.
  if (!(await becomes(() => !isRunning(order.starter), DYING_MS))) process.exit(0)
  await becomes(() => findServer(order.pgData) !== undefined || isTakenOver(), LATE_SERVER_MS)
  // The lock is looked at after the server: under this lock it is the dead starter's.
  const server = findServer(order.pgData)
  if (isTakenOver()) process.exit(0)
  if (server !== undefined) await stopServer(server.pid, order.mode, signalWith(order.pgCtl))
  if (order.removeFolder) rmSync(order.folder, { recursive: true, force: true, maxRetries: 3 })
  process.exit(0)
}

function isTakenOver(): boolean {
  const holder = lockHolder(order.folder)
  return holder !== undefined && !sameProcess(holder, order.starter)
}
