/**
 * What a vendor says of its products: affected, not affected (and why, in the words of CSAF
 * and VEX), under investigation, fixed, will not fix. It is the vendor's own word, beside its step in the machine of fixes, which moves once for each
 * vendor. A product of which nothing was said has no information, which is no status.
 */
import { type Decision, permit, refuse } from '../../base/decision.ts'
import type { Acting } from '../case/recorded.ts'
import { type DisclosureState, participantOf } from './disclosure-state.ts'
import type { DisclosureEvent, ProductJustification, ProductStatusWord } from './events.ts'
import { isReason } from './reason.ts'
import { rules } from './rules.ts'

const PRODUCTS_MAX = 500

export type StateProduct = {
  readonly participant: string
  readonly product: string
  readonly status: ProductStatusWord
  readonly justification?: ProductJustification
  /** What the word rests on, at least ten characters. */
  readonly evidence: string
}
export type ProductWhy =
  | 'unknownParticipant'
  | 'notTheirStep'
  | 'vendorNotAware'
  | 'fixMissing'
  | 'justificationMisplaced'
  | 'saidAlready'
  | 'evidenceMissing'
  | 'tooManyProducts'

export function stateProduct(
  state: DisclosureState,
  { participant, product, status, justification, evidence }: StateProduct,
  _acting: Acting,
): Decision<readonly DisclosureEvent[], ProductWhy> {
  const vendor = participantOf(state, participant)
  if (vendor === undefined) return refuse('unknownParticipant', rules.known)
  if (!vendor.roles.includes('vendor')) return refuse('notTheirStep', rules.vendorsSpeakOfProducts)
  if (vendor.vendorState === 'vfd') return refuse('vendorNotAware', rules.knowsFirst)
  if (status === 'fixed' && !vendor.vendorState.includes('F')) {
    return refuse('fixMissing', rules.fixedNeedsFix)
  }
  if (!isReason(evidence)) return refuse('evidenceMissing', rules.evidenceNeeded)
  const known = state.products.find(
    (one) => one.participant === participant && one.product === product,
  )
  if (justification && status !== 'notAffected') {
    return refuse('justificationMisplaced', rules.justifiesNotAffected)
  }
  const isSame = known?.status === status && known.justification === (justification ?? null)
  if (isSame) return refuse('saidAlready', rules.newWord)
  if (known === undefined && state.products.length >= PRODUCTS_MAX) {
    return refuse('tooManyProducts', rules.productsLimit)
  }
  const why = justification ? { justification } : {}
  return permit([{ type: 'productStatusStated', participant, product, status, ...why, evidence }])
}
