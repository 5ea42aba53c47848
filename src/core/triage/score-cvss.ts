/** A CVSS 4.0 vector on the record of a case, with its score. Beside the priority, never instead of it. */
import { type Decision, permit, refuse } from '../../base/decision.ts'
import type { Acting } from '../case/recorded.ts'
import type { AdmittedReport } from './admitted-report.ts'
import { type CvssScore, cvss4Fault, scoreCvss4 } from './cvss4.ts'

export type CvssScored = CvssScore & { readonly type: 'cvssScored' }

export function scoreCvss(
  state: { readonly report: AdmittedReport | null },
  { vector }: { readonly vector: string },
  _acting: Acting,
): Decision<readonly CvssScored[], 'noReport' | 'wrongVector'> {
  if (state.report === null) {
    return refuse('noReport', { rule: 'triage.reportFirst', text: 'A report is admitted first.' })
  }
  const fault = cvss4Fault(vector)
  if (fault !== undefined) {
    const text = `This is no CVSS 4.0 vector: ${fault}.`
    return refuse('wrongVector', { rule: 'triage.cvssVector', text })
  }
  return permit([{ type: 'cvssScored', ...scoreCvss4(vector) }], {
    rule: 'triage.cvssScore',
    text: 'The score follows from the vector.',
    source: 'FIRST, CVSS v4.0 specification',
  })
}
