/** No protective order stands against this recipient, this purpose and what leaves. */
import type { Acting } from '../../case/recorded.ts'
import { becauseOfOrder, ordersAgainst } from '../../evidence/protective-orders.ts'
import type { PrepareRelease, ReleaseBasis } from '../basis.ts'
import { type Fault, fault } from './check.ts'

export function orderFaults(
  { evidence }: ReleaseBasis,
  _document: object,
  { recipient, purpose, exhibitId }: PrepareRelease,
  { now }: Acting,
): readonly Fault[] {
  const exhibitIds = exhibitId === undefined ? [] : [exhibitId]
  const against = ordersAgainst(evidence, { recipient, purpose, exhibitIds }, now)
  return against.length === 0 ? [] : [fault('orderForbids', ...against.map(becauseOfOrder))]
}
