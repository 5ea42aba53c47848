/**
 * What the law of both sides says of personal and of confidential data on this way.
 *
 * A rule that blocks refuses with its article, whatever the agreement says, and no
 * matter whether the pack was signed off. A rule that permits permits nothing alone:
 * abroad, these data leave only under a transfer instrument that the agreement lists for
 * that direction and category. One made up for an exercise serves in exercises only.
 */
import type {
  AgreementDocument,
  DataCategory,
  TransferInstrument,
} from '../../agreement/document.ts'
import { partyOf } from '../../agreement/document.ts'
import type { Acting } from '../../case/recorded.ts'
import type { DataKind } from '../../law/data-paths.ts'
import type { PrepareRelease, ReleaseBasis } from '../basis.ts'
import { type Fault, fault } from './check.ts'

/** `document` lists the instruments that serve on the day. */
export function lawFaults(
  { law, isExercise }: ReleaseBasis,
  document: AgreementDocument,
  { categories, recipient }: PrepareRelease,
  { authority }: Acting,
): readonly Fault[] {
  if (!law.isAbroad) return []
  const way = {
    from: partyOf(document, authority)?.legalOrder,
    to: partyOf(document, recipient)?.legalOrder,
  }
  return categories.flatMap((id) => {
    const kinds = kindsOf(document.categories.find((category) => category.id === id))
    if (kinds.length === 0) return []
    const blocked = law.paths.filter(
      ({ data, effect }) => effect === 'blocked' && kinds.includes(data),
    )
    const blocks = blocked.map(({ because }) => fault('lawBlocks', ...because))
    const carries = (instrument: TransferInstrument) =>
      serves(instrument, { ...way, id }) && (isExercise || !instrument.simulated)
    if (document.transferInstruments.some(carries)) return blocks
    const text = `${id}: the agreement lists no transfer instrument from ${way.from} to ${way.to} that is in force and serves it`
    return [...blocks, fault('noTransferInstrument', { rule: 'release:transferInstrument', text })]
  })
}

/** A category that the agreement does not list may be anything. */
function kindsOf(category: DataCategory | undefined): readonly DataKind[] {
  if (category === undefined) return ['personal', 'confidential']
  const { personal, confidential } = category
  return [
    ...(personal ? (['personal'] as const) : []),
    ...(confidential ? (['confidential'] as const) : []),
  ]
}

type Way = {
  readonly from: string | undefined
  readonly to: string | undefined
  readonly id: string
}

function serves({ from, to, categories }: TransferInstrument, way: Way): boolean {
  return (
    from === way.from && to === way.to && (categories === undefined || categories.includes(way.id))
  )
}
