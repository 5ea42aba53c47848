/** Erasures as their page shows them, the last one first. Pure. */
import type { ErasureState } from '../../../core/erasure/erasure.ts'
import type { Names } from '../case/names.ts'
import type { ErasuresModel } from './model.ts'

export function erasuresModel({ erasures }: ErasureState, names: Names): ErasuresModel {
  return {
    items: erasures.toReversed().map((erasure) => {
      const { caseId, ground, law, orderedBy, at, events, requests } = erasure
      const recipients = [...new Set(requests.map(({ recipient }) => recipient))]
      return {
        ...{ caseId, ground, law, orderedBy, at, events },
        proposedBy: names.officer(erasure.proposedBy),
        approvedBy: names.officer(erasure.by),
        recipients: recipients.map((id) => names.authority(id)),
      }
    }),
  }
}
