/**
 * How far a seeded test of faults goes: a few rounds in `npm test`, many by
 * `npm run test:faults`, which gives another seed each time and adds up what was done.
 */
import { seededRandom } from './seeded-random.ts'

export const FAULT_SEED = 'COMITY_FAULT_SEED'

const { [FAULT_SEED]: given } = process.env

export const isLong = given !== undefined
export const faultSeed = given === undefined ? 1 : Number(given)

/** Every use of a seed has a stream of its own, so that one more draw here moves none there. */
export const faultRandom = (use: number) => seededRandom(faultSeed * 1000 + use)

export const rounds = (short: number, long: number) => (isLong ? long : short)

/** Said in a line of its own, which the long run reads and adds up. */
export function told(what: string, count: number): void {
  console.log(`fault-count ${count} ${what}`)
}
