/** Hints for publication: the advisory as the report would have it, for an officer to change. Pure. */
import { filled, type HintsOf } from './hint-context.ts'

const TITLE_MAX = 300
const SUMMARY_MAX = 4000
const NAME_MAX = 200

/** A report alleges: the status says so until an officer says more. */
const publishAdvisory: HintsOf = ({ read: { state } }) => {
  const { report } = state.triage
  const affected = report?.affected
  const vendor = affected?.developers?.find(Boolean) ?? affected?.deployers?.find(Boolean)
  const product = affected?.artifacts?.find(({ name }) => name)?.name
  return filled({
    title: (report?.title.text || state.title).slice(0, TITLE_MAX),
    summary: report?.description.text.slice(0, SUMMARY_MAX) ?? '',
    vendor: vendor?.slice(0, NAME_MAX) ?? '',
    product: product?.slice(0, NAME_MAX) ?? '',
    status: 'under_investigation',
  })
}

export const publicationHints = { publishAdvisory }
