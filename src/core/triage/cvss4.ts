/**
 * CVSS 4.0: a vector string to its score. The grammar is checked here, strictly;
 * the arithmetic is a library's (`ae-cvss-calculator`).
 *
 * Scores are rounded half up after adding 1e-6, as Red Hat and metaeffekt do. FIRST's
 * calculator of August 2024 rounds ties as floating point has them, so a few vectors
 * whose score lies exactly between two tenths get a tenth less there.
 *
 * CVSS was made for confidentiality, integrity and availability. A flaw that breaks
 * none of them, as many of AI do, scores 0.0 or low: this is never the only measure.
 *
 * Source: FIRST, CVSS v4.0 specification, sections 6 (severity) and 7 (vector string).
 */
import ae from 'ae-cvss-calculator'
import { malformed } from '../../base/errors.ts'

export type CvssSeverity = 'None' | 'Low' | 'Medium' | 'High' | 'Critical'

export type CvssScore = {
  /** As it was given. */
  readonly vector: string
  /** 0.0 to 10.0, one decimal. */
  readonly score: number
  readonly severity: CvssSeverity
  /** Which groups of metrics the score rests on, e.g. `CVSS-BT`. */
  readonly nomenclature: string
}

/** The longest vector that has every metric is shorter. */
export const CVSS4_LENGTH_MAX = 300

const PREFIX = 'CVSS:4.0'
const BASE_COUNT = 11

/** Metric and its values, in the order that a vector must have. X: not defined. */
const METRICS: readonly (readonly [string, readonly string[]])[] = [
  ['AV', letters('NALP')],
  ['AC', letters('LH')],
  ['AT', letters('NP')],
  ['PR', letters('NLH')],
  ['UI', letters('NPA')],
  ...['VC', 'VI', 'VA', 'SC', 'SI', 'SA'].map((name) => [name, letters('HLN')] as const),
  ['E', letters('XAPU')],
  ...['CR', 'IR', 'AR'].map((name) => [name, letters('XHML')] as const),
  ['MAV', letters('XNALP')],
  ['MAC', letters('XLH')],
  ['MAT', letters('XNP')],
  ['MPR', letters('XNLH')],
  ['MUI', letters('XNPA')],
  ...['MVC', 'MVI', 'MVA', 'MSC'].map((name) => [name, letters('XHLN')] as const),
  ...['MSI', 'MSA'].map((name) => [name, letters('XSHLN')] as const),
  ['S', letters('XNP')],
  ['AU', letters('XNY')],
  ['R', letters('XAUI')],
  ['V', letters('XDC')],
  ['RE', letters('XLMH')],
  ['U', ['X', 'Clear', 'Green', 'Amber', 'Red']],
]

/** @throws ComityError `malformed` that says which part of the vector is wrong */
export function scoreCvss4(vector: string): CvssScore {
  const fault = cvss4Fault(vector)
  if (fault !== undefined) throw malformed(fault, { field: 'vector', reason: 'wrong-form' })
  const parsed = new ae.Cvss4P0(vector)
  const score = parsed.calculateScores().overall
  return { vector, score, severity: severityOf(score), nomenclature: parsed.getNomenclature() }
}

/** What keeps a text from being a CVSS 4.0 vector; nothing if it is one. */
export function cvss4Fault(vector: string): string | undefined {
  if (vector.length > CVSS4_LENGTH_MAX) return `longer than ${CVSS4_LENGTH_MAX} characters`
  const [prefix, ...parts] = vector.split('/')
  if (prefix !== PREFIX) return `does not begin with ${PREFIX}/`
  let last = -1
  for (const [index, part] of parts.entries()) {
    const place = METRICS.findIndex(([name]) => name === part.split(':')[0])
    const fault = partFault(part, place, last)
    if (fault !== undefined) return `part ${index + 1}: ${fault}`
    last = place
  }
  const given = new Set(parts.map((part) => part.split(':')[0]))
  const missing = METRICS.slice(0, BASE_COUNT).filter(([name]) => !given.has(name))
  if (missing.length === 0) return undefined
  return `base metrics are missing: ${missing.map(([name]) => name).join(', ')}`
}

/** The rating scale of section 6. */
export function severityOf(score: number): CvssSeverity {
  if (score === 0) return 'None'
  if (score < 4) return 'Low'
  if (score < 7) return 'Medium'
  return score < 9 ? 'High' : 'Critical'
}

/** The text itself is shown nowhere: it may be anything. */
function partFault(part: string, place: number, last: number): string | undefined {
  const [name, values] = METRICS[place] ?? []
  if (name === undefined || values === undefined) return 'no metric of CVSS 4.0'
  const value = part.slice(name.length + 1)
  if (!values.includes(value)) return `${name} has one of ${values.join(', ')}`
  if (place === last) return `${name} is given twice`
  return place < last ? `${name} stands too late or twice, the order is fixed` : undefined
}

function letters(text: string): readonly string[] {
  return text.split('')
}
