/** The database connections of a node: the owner's, and those of each door. */
import {
  type Database,
  migrate,
  openDatabase,
  requireDurableServer,
} from '../adapters/postgres/database.ts'
import { grantDoorRights } from '../adapters/postgres/door-rights.ts'
import { DOORS, type OfDoors } from '../app/ports/door.ts'
import type { DatabaseConfig } from './config/database.ts'

/**
 * `units` is for units of work: transactions whose work reads through other ports. In
 * one pool with those reads, as many units as connections would wait for each other
 * for ever.
 */
export type Pools = { readonly database: Database; readonly units: Database }

export type NodePools = {
  readonly owner: Pools
  readonly doors: OfDoors<Pools>
  close(): Promise<void>
}

const ALONE = { database: 10, units: 6 }
const OWNER = { database: 6, units: 4 }
const DOOR: OfDoors<typeof ALONE> = {
  public: { database: 4, units: 3 },
  officers: { database: 8, units: 6 },
  federation: { database: 6, units: 4 },
}

/** Migrates, and gives each door's role its rights, before anything is served. */
export async function openPools({ url, doors }: DatabaseConfig): Promise<NodePools> {
  const owner = openPair(url, doors ? OWNER : ALONE)
  await migrate(owner.database)
  await requireDurableServer(owner.database)
  if (!doors) {
    const all = { public: owner, officers: owner, federation: owner }
    return { owner, doors: all, close: () => closeAll([owner]) }
  }
  await grantDoorRights(
    owner.database,
    ofDoors((door) => roleOf(doors[door])),
  )
  const pairs = ofDoors((door) => openPair(doors[door], DOOR[door]))
  return { owner, doors: pairs, close: () => closeAll([owner, ...Object.values(pairs)]) }
}

function openPair(url: string, sizes: typeof ALONE): Pools {
  return { database: openDatabase(url, sizes.database), units: openDatabase(url, sizes.units) }
}

async function closeAll(pairs: readonly Pools[]): Promise<void> {
  await Promise.all(pairs.flatMap(({ database, units }) => [units.destroy(), database.destroy()]))
}

export function ofDoors<T>(make: (door: keyof OfDoors<T>) => T): OfDoors<T> {
  return Object.fromEntries(DOORS.map((door) => [door, make(door)])) as OfDoors<T>
}

const roleOf = (url: string) => decodeURIComponent(new URL(url).username)
