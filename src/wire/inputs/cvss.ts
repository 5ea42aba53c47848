/** A CVSS score as CVE and CSAF hold it: version, vector, score and severity in CVSS's own names. */
import type { CvssAssessment } from '../../core/triage/admitted-report.ts'
import { maybe, type Source } from './source.ts'

type At = readonly (string | number)[]

export function cvssOf(source: Source, at: At): CvssAssessment | undefined {
  const vector = source.text(...at, 'vectorString')
  const baseScore = source.number(...at, 'baseScore')
  if (vector === undefined && baseScore === undefined) return undefined
  const version = source.text(...at, 'version')
  const baseSeverity = source.text(...at, 'baseSeverity')
  // The metrics one by one say what the vector says.
  if (vector !== undefined) source.take(...at)
  return {
    ...maybe('version', version),
    ...maybe('vector', vector),
    ...maybe('baseScore', baseScore),
    ...maybe('baseSeverity', baseSeverity),
  }
}
