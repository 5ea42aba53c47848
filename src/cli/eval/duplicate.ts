/** `comity eval duplicate`: are two reports about the same thing? */
import type { Json } from '../../base/canonical-json.ts'
import { malformed } from '../../base/errors.ts'
import {
  compareReports,
  type Fingerprint,
  fingerprint,
  MATCH_LIST_MAX,
  type MatchText,
  matchTextOf,
} from '../../core/triage/duplicates.ts'
import { readAvid } from '../../wire/avid.ts'
import { type Line, objectIn, textIn } from './fields.ts'

/**
 * `{"reports":[a,b]}` → `{"hit","likeness","textLikeness","reasons","limits"}`. A report is a
 * record of AVID or `{title, description, language?, systems?, references?, identifiers?}`.
 *
 * @throws ComityError `malformed` if there are not two, or one of them is no report
 */
export function evalDuplicate(input: Json): Json {
  const given = objectIn(input)['reports']
  if (!Array.isArray(given) || given.length !== 2) {
    throw malformed('not a list of two reports', { field: 'reports' })
  }
  const [a, b] = given.map((report, index) => printOf(report, `reports/${index}`))
  if (a === undefined || b === undefined) throw malformed('not two reports', { field: 'reports' })
  const { isHit, likeness, textLikeness = null, reasons, limits } = compareReports(a, b)
  return {
    hit: isHit,
    likeness,
    textLikeness,
    reasons: reasons.map(({ reason, values }) => ({ reason, values: [...values] })),
    limits: [...limits],
  }
}

function printOf(given: Json, field: string): Fingerprint {
  const report = objectIn(given, field)
  return fingerprint(
    report['data_type'] === 'AVID' ? matchTextOf(readAvid(given)) : plainReport(report, field),
  )
}

function plainReport(report: Line, field: string): MatchText {
  const language = report['language'] ?? null
  if (language !== null && typeof language !== 'string') {
    throw malformed('not a text', { field: `${field}/language` })
  }
  return {
    title: textIn(report, 'title', `${field}/title`),
    description: textIn(report, 'description', `${field}/description`),
    systems: textsIn(report, 'systems', field),
    references: textsIn(report, 'references', field),
    identifiers: textsIn(report, 'identifiers', field),
    ...(language === null ? {} : { language }),
  }
}

function textsIn(report: Line, name: string, field: string): readonly string[] {
  const list = report[name] ?? []
  const isTexts = Array.isArray(list) && list.every((item) => typeof item === 'string')
  if (isTexts && list.length <= MATCH_LIST_MAX) return list as readonly string[]
  throw malformed(`not a list of at most ${MATCH_LIST_MAX} texts`, { field: `${field}/${name}` })
}
