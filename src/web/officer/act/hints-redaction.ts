/** Hints for redacted copies. Their pages of their own make the lists; these forms take them too. Pure. */
import { mayHoldPages } from '../../../app/redaction/page-source.ts'
import type { Exhibit } from '../../../core/evidence/evidence.ts'
import {
  type HintContext,
  type HintsOf,
  merged,
  oneOf,
  plain,
  shortId,
  widget,
} from './hint-context.ts'

const exhibits = ({ read }: HintContext, which: (exhibit: Exhibit) => boolean) =>
  read.state.evidence.exhibits
    .filter((exhibit) => !exhibit.isDestroyed && which(exhibit))
    .map(({ exhibitId, name }) => plain(exhibitId, `${name} (${shortId(exhibitId)})`))

const redactRecord: HintsOf = (context) =>
  merged(
    oneOf(
      'exhibitId',
      exhibits(context, ({ transform, file }) => !transform && !file),
    ),
    widget('redactions', 'json'),
  )

const redactPages: HintsOf = (context) =>
  merged(oneOf('exhibitId', exhibits(context, mayHoldPages)), widget('boxes', 'json'))

const reviewRedaction: HintsOf = (context) =>
  oneOf(
    'exhibitId',
    exhibits(context, ({ wantsReview, review }) => wantsReview === true && !review),
  )

const scrubExhibit: HintsOf = (context) =>
  oneOf(
    'exhibitId',
    exhibits(context, ({ file, scrub }) => file !== undefined && !scrub),
  )

export const redactionHints: Readonly<Record<string, HintsOf>> = {
  redactRecord,
  redactPages,
  reviewRedaction,
  scrubExhibit,
}
