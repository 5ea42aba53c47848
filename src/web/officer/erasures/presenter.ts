/** Erasures as their page shows them, the last one first. Pure. */
import type { Instant } from '../../../base/time.ts'
import {
  type AnswerReceipt,
  type AskedErasure,
  type ErasureState,
  isOverdue,
} from '../../../core/erasure/erasure.ts'
import type { Names } from '../case/names.ts'
import type { AskedState, ErasuresModel } from './model.ts'

export function erasuresModel(
  { erasures }: ErasureState,
  names: Names,
  now: Instant,
): ErasuresModel {
  const open = erasures.flatMap(({ at, requests }) =>
    requests.filter(({ answer }) => answer === null).map((one) => ({ ...one, at })),
  )
  const [oldestAt] = open.map(({ at }) => at).sort()
  return {
    open: open.length,
    overdue: open.filter((one) => isOverdue(one, now)).length,
    ...(oldestAt === undefined ? {} : { oldestAt }),
    items: erasures.toReversed().map((erasure) => {
      const { erasureId, caseId, ground, law, orderedBy, at, events, requests } = erasure
      return {
        ...{ erasureId, caseId, ground, law, orderedBy, at, events },
        proposedBy: names.officer(erasure.proposedBy),
        approvedBy: names.officer(erasure.by),
        asked: requests.map((one) => askedItem(one, names, now)),
      }
    }),
  }
}

function askedItem(
  one: AskedErasure,
  names: Names,
  now: Instant,
): ErasuresModel['items'][number]['asked'][number] {
  const { releaseId, recipient, dueAt, answer, receipt } = one
  return {
    ...{ releaseId, recipient: names.authority(recipient), state: stateOf(one, now) },
    ...(answer === null && dueAt !== null ? { dueAt } : {}),
    ...(answer ? { answeredAt: answer.at } : {}),
    ...(answer && answer.answer !== 'done' ? { ground: answer.ground, law: answer.law } : {}),
    ...(receipt ? { receipt: receiptItem(receipt) } : {}),
  }
}

function receiptItem({ origin, leafIndex, witnesses }: AnswerReceipt) {
  return { origin, leafIndex, witnesses: witnesses.length }
}

function stateOf(one: AskedErasure, now: Instant): AskedState {
  if (one.answer) return one.answer.answer
  if (one.dueAt === null) return 'byLetter'
  return isOverdue(one, now) ? 'overdue' : 'open'
}
