/**
 * The ports of a start: the ones people know, if all of them are free, else free
 * ones. Only ever on 127.0.0.1.
 */
import { freePorts, isFreePort } from '../adapters/managed-postgres/free-port.ts'

/** The first port of `comity start`; the nodes and the witness follow it. */
export const FIRST_PORT = 7411

/**
 * `count` ports: `first` and those after it if they are all free, else any free
 * ones. Without `first`, free ones.
 */
export async function choosePorts(count: number, first?: number): Promise<readonly number[]> {
  if (first === undefined) return freePorts(count)
  const wanted = Array.from({ length: count }, (_, index) => first + index)
  return (await areFreePorts(wanted)) ? wanted : freePorts(count)
}

/** For ports that were used before and are to be used again. */
async function areFreePorts(ports: readonly number[]): Promise<boolean> {
  return (await Promise.all(ports.map(isFreePort))).every((isFree) => isFree)
}
