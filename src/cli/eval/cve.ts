/** `comity eval cve`: a case → a draft of a CVE record, or the rules by which there is none. */
import type { Static } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import type { Json } from '../../base/canonical-json.ts'
import { invariant, malformed } from '../../base/errors.ts'
import { cvss4Fault, scoreCvss4 } from '../../core/triage/cvss4.ts'
import { draftCve } from '../../wire/outputs/cve-draft.ts'
import { advisoryOf } from './csaf.ts'
import { CveQuestion } from './csaf-form.ts'

type Question = Static<typeof CveQuestion>

/**
 * `{"case"}` → `{"decision":"permit","draft","notCarried",…}` or
 * `{"decision":"refuse","why","because"}`.
 *
 * @throws ComityError `malformed` that names the member
 */
export function evalCve(input: Json): Json {
  const fault = Value.Errors(CveQuestion, input).First()
  if (fault) throw malformed(fault.message.toLowerCase(), { field: fault.path.slice(1) })
  const { case: given } = input as unknown as Question
  const advisory = advisoryOf(given, 'securityAdvisory')
  const [first] = advisory.revisions
  invariant(first, 'the form asks for a version')
  const decision = draftCve({
    advisory,
    isPublished: given.published,
    isUnderEmbargo: given.embargo === 'active' || given.embargo === 'revise',
    tlp: given.tlp ?? 'CLEAR',
    publicAt: first.date,
    address: given.address ?? null,
    weaknesses: (given.weaknesses ?? []).map(({ cwe = null, text }) => ({ cwe, text })),
    cvss4: scoreOf(given.cvss4 ?? null),
    others: (given.terms ?? []).map((_, at) => ({ pointer: `/terms/${at}`, why: 'noPlace' })),
  })
  const because = decision.because.map(({ rule, text }) => ({ rule, text }))
  if (decision.decision === 'refuse') return { decision: 'refuse', why: decision.why, because }
  const { draft, notCarried } = decision.value
  return { decision: 'permit', because, draft, notCarried } as unknown as Json
}

function scoreOf(vector: string | null) {
  if (vector === null) return null
  const fault = cvss4Fault(vector)
  if (fault !== undefined) throw malformed(fault, { field: 'case/cvss4' })
  return scoreCvss4(vector)
}
