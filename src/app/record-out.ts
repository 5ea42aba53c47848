/** What a case gives as a record of another system; written anew whenever somebody asks. */
import type { Decision } from '../base/decision.ts'
import { malformed } from '../base/errors.ts'
import type { CaseState } from '../core/case/case.ts'
import { isUnderEmbargo } from '../core/disclosure/disclosure-state.ts'
import { readCsaf } from '../wire/csaf-reader.ts'
import {
  type PublicCase,
  RECORD_FORMATS,
  type RecordFormat,
  type RecordOut,
  type WhyNoRecord,
  writeRecord,
} from '../wire/outputs/record-out.ts'
import { caseStream, foldCaseStream } from './case-stream.ts'
import type { Kernel } from './kernel.ts'

/** Who asks may read the case. @throws ComityError `malformed` if there is no such case */
export async function recordOut(
  kernel: Kernel,
  caseId: string,
  format: string,
): Promise<Decision<RecordOut, WhyNoRecord>> {
  const chosen = RECORD_FORMATS.find((one) => one === format)
  if (!chosen) throw malformed('no such format', { field: 'format', reason: 'not-found' })
  const { history } = await caseStream(kernel, caseId)
  return recordOfCase(kernel, foldCaseStream(history), chosen)
}

export function recordOfCase(
  { node }: Pick<Kernel, 'node'>,
  state: CaseState,
  format: RecordFormat,
): Decision<RecordOut, WhyNoRecord> {
  return writeRecord(format, publicCase(state, node.urls.public))
}

/** One publication speaks for the case. @throws ComityError `malformed` if it is not as we write it */
function publicCase(state: CaseState, publicUrl: string): PublicCase {
  const { triage, publications, disclosure } = state
  // What still holds before what was withdrawn, then what changed last.
  const [first] = publications.toSorted(
    (a, b) => Number(isWithdrawn(a)) - Number(isWithdrawn(b)) || (lastAt(a) < lastAt(b) ? 1 : -1),
  )
  return {
    isUnderEmbargo: isUnderEmbargo(disclosure),
    published: first
      ? {
          advisory: readCsaf(first.document).advisory,
          at: first.publishedAt,
          address: `${publicUrl}/en/advisories/${first.trackingId}`,
        }
      : null,
    report: triage.report,
    terms: triage.terms.map(({ id }) => id),
    hasScore: triage.cvss !== null,
  }
}

type Publication = CaseState['publications'][number]

const lastAt = ({ revisions, publishedAt }: Publication) => revisions.at(-1)?.at ?? publishedAt
const isWithdrawn = ({ revisions }: Publication) => revisions.at(-1)?.kind === 'withdrawal'

/** E.g. `cve-draft-1a2b3c4d.json`: names no product and nobody. */
export function recordFileName(format: RecordFormat, caseId: string): string {
  const kind = format === 'cve' ? 'cve-draft' : format
  return `${kind}-${caseId.slice(-8)}.json`
}
