/** The law of a way between two legal orders, from the packs that are in use. */
import type { CalendarDate } from '../../base/time.ts'
import { dataPaths } from '../law/data-paths.ts'
import type { LawPack } from '../law/pack.ts'
import type { TransferLaw } from './basis.ts'

/**
 * A legal order without a pack of its own is ruled by that of the union that it is a
 * member of. Two that one pack rules are not abroad to each other.
 */
export function transferLaw(
  packs: readonly LawPack[],
  { from, to }: { readonly from: string; readonly to: string },
  on: CalendarDate,
): TransferLaw {
  const [sender, receiver] = [packOf(packs, from), packOf(packs, to)]
  if (from === to || (sender && sender === receiver)) return { isAbroad: false, paths: [] }
  if (!sender || !receiver) return { isAbroad: true, paths: [] }
  const isWay = (path: { readonly from: string }) => path.from === sender.legalOrder
  return { isAbroad: true, paths: dataPaths([sender, receiver], on).filter(isWay) }
}

function packOf(packs: readonly LawPack[], order: string): LawPack | undefined {
  return (
    packs.find(({ legalOrder }) => legalOrder === order) ??
    packs.find(({ members }) => members.includes(order))
  )
}
