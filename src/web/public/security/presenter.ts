/** From the node's own facts and the catalogues. Pure. */
import type { NodeSelf } from '../../../app/kernel.ts'
import { calendarDate } from '../../../base/time.ts'
import type { Catalogues } from '../../messages.ts'
import type { SecurityModel } from './model.ts'

export function securityModel(
  { outsideReview, software = '' }: Pick<NodeSelf, 'outsideReview' | 'software'>,
  { languagesOf, safetyTextsOf }: Pick<Catalogues, 'languagesOf' | 'safetyTextsOf'>,
): SecurityModel {
  return {
    review: outsideReview ? { ...outsideReview, on: calendarDate(outsideReview.on) } : null,
    version: software,
    languages: languagesOf('public').map((lang) => {
      const texts = safetyTextsOf(lang)
      if (typeof texts === 'string') return { lang, texts }
      const { reviewedBy, reviewedOn } = texts
      return { lang, texts: { reviewedBy, reviewedOn: calendarDate(reviewedOn) } }
    }),
  }
}
