/**
 * What leaves for somebody who asked under public-records law: a release of its own kind,
 * and its one decision point. No agreement carries it, a statute does; so every item was
 * decided by itself, and here all of them are asked again, together, by two persons, at the
 * moment of the answer and each time something of it is taken out.
 *
 * By default no: one item against which something stands, and nothing leaves.
 */
import { type Because, type Decision, permit, refuse } from '../../base/decision.ts'
import type { Acting } from '../case/recorded.ts'
import { exhibitOf } from '../evidence/evidence.ts'
import { itemFaults, type RecordsBasis, type WhyItem } from '../evidence/records-item.ts'
import {
  isSameItem,
  type RecordsItem,
  type RecordsReleased,
  type RecordsRequest,
} from '../evidence/records-request.ts'
import { type Side, sideOf } from '../people/standing.ts'
import { isConflicted } from './conflicted.ts'

export type WhyRecordsRelease = WhyItem | 'searchMissing' | 'itemUndecided' | 'officerConflict'

export type RecordsReleaseBasis = RecordsBasis & {
  /** Officers with an open conflict of interest in this case. */
  readonly conflicted: readonly string[]
  /** Who proposed the answer that is approved now. */
  readonly proposedBy: Side | null
}

type Asked = Pick<RecordsRequest, 'items' | 'consultations' | 'search'>

/** What goes out, or everything that stands against it. */
export function decideRecordsRelease(
  basis: RecordsReleaseBasis,
  request: Asked,
  acting: Acting,
): Decision<readonly RecordsReleased[], WhyRecordsRelease> {
  const faults = [
    ...searchFaults(request),
    ...request.items.flatMap((one) => itemFaults(basis, request, one, acting.now)),
    ...conflictFaults(basis, acting),
  ]
  const [first] = faults
  if (first) return refuse(first.why, ...faults.flatMap(({ because }) => because))
  const given = request.items.filter(({ outcome }) => outcome !== 'withhold')
  return permit(given.map(({ item, copy }) => releasedOf(basis, item, copy)))
}

/** Found by the search, and not decided yet. */
export function undecidedItems({ search, items }: Asked): readonly RecordsItem[] {
  return (search?.items ?? []).filter((one) => !items.some(({ item }) => isSameItem(item, one)))
}

type Fault = { readonly why: WhyRecordsRelease; readonly because: readonly Because[] }

function searchFaults(request: Asked): readonly Fault[] {
  if (!request.search) {
    return [fault('searchMissing', 'nobody recorded a search for what the request covers')]
  }
  const left = undecidedItems(request)
  if (left.length === 0) return []
  return [fault('itemUndecided', `${left.length} of what the search found is not decided`)]
}

const WHO_ANSWERS = 'who answers, or is stood in for, declared a conflict of interest in this case'

function conflictFaults(
  { conflicted, proposedBy }: RecordsReleaseBasis,
  acting: Acting,
): readonly Fault[] {
  const answering = [sideOf(acting), ...(proposedBy ? [proposedBy] : [])]
  return answering.some((side) => isConflicted(side, conflicted))
    ? [fault('officerConflict', WHO_ANSWERS)]
    : []
}

function releasedOf(
  { evidence }: RecordsBasis,
  item: RecordsItem,
  copy: string | null,
): RecordsReleased {
  const exhibitId = item.kind === 'exhibit' ? (copy ?? item.id) : null
  const exhibit = exhibitId === null ? undefined : exhibitOf(evidence, exhibitId)
  return { item, exhibitId, digest: exhibit?.digest ?? null }
}

function fault(why: WhyRecordsRelease, text: string): Fault {
  return { why, because: [{ rule: `records:${why}`, text }] }
}
