/** The report on a finding of a monitor: what of it the log's own signatures show. */
import type { Json } from '../../base/canonical-json.ts'
import type { Policy } from '../../proof/policy.ts'
import type { Primitives } from '../../proof/primitives.ts'
import type { NoteKey } from '../../proof/vkey.ts'
import { type Report, ReportWriter } from '../package/report.ts'
import { anchor } from '../verify-filing.ts'
import {
  isConvicting,
  keysNamedIn,
  type LogFinding,
  readFinding,
  verifyFinding,
} from './finding.ts'

const FILE = 'file'

/** @throws ComityError `malformed` if it is no finding; else all is in the report */
export function findingReport(
  primitives: Primitives,
  members: Json,
  policy: Policy | undefined,
): Report {
  const finding = readFinding(members)
  const report = new ReportWriter('log-finding')
  report.about('log', finding.origin)
  report.about('finding', finding.finding)
  report.about('found', finding.foundAt)
  for (const { from } of finding.notes) report.about('head seen at', from)
  report.about('convicts the log by itself', isConvicting(finding) ? 'yes' : 'no')
  const isAnchored = anchor(report, policy)
  report.check('finding', (checking) => {
    checking.looked(FILE)
    const keys = trustedFor(primitives, finding, isAnchored)
    if (keys.length === 0) return checking.fail('policy', 'the policy lists no key of this log')
    const heads = checking.attempt(FILE, () => verifyFinding(primitives, finding, keys))
    const sizes = heads?.map(({ treeSize }) => treeSize).join(' and ')
    checking.found(heads?.length ? `heads of size ${sizes}, signed by the log` : 'no signed head')
  })
  return report.finish()
}

/** Without a policy the finding is sound in itself or not, and nobody's: see `anchor`. */
function trustedFor(
  primitives: Primitives,
  finding: LogFinding,
  policy: Policy | undefined,
): readonly NoteKey[] {
  const keys = policy ? policy.logs.map(({ key }) => key) : keysNamedIn(primitives, finding)
  return keys.filter(({ name }) => name === finding.origin)
}
