/**
 * What an officer here rejected on arrival, and every copy made of it, is used no more: no
 * copy is made from it, no request is closed on it, and it does not leave.
 */
import { type Exhibit, exhibitOf } from './evidence.ts'

/** Why it may not be used; undefined: neither it nor what it was made from was rejected. */
export function rejectionBar(
  exhibits: readonly Exhibit[],
  exhibit: Pick<Exhibit, 'acknowledged' | 'derivedFrom' | 'origin'>,
): string | undefined {
  const { acknowledged, derivedFrom, origin } = exhibit
  if (acknowledged?.answer === 'rejected') return 'it was rejected on arrival and is used no more'
  // What was received names the sender's exhibit, which is none of this case.
  const source =
    origin === 'received' || derivedFrom === null ? undefined : exhibitOf({ exhibits }, derivedFrom)
  return source && rejectionBar(exhibits, source)
}
