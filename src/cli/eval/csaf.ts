/** `comity eval csaf`: a case → its CSAF document, or the rules by which there is none. */
import type { Static } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import type { Json } from '../../base/canonical-json.ts'
import { malformed } from '../../base/errors.ts'
import { instant } from '../../base/time.ts'
import { type CsafAdvisory, csafFileName } from '../../wire/csaf-advisory.ts'
import { csafOfCase } from '../../wire/csaf-case.ts'
import { CsafQuestion } from './csaf-form.ts'

type Question = Static<typeof CsafQuestion>
/** A case as `csaf` and `cve` are asked about it. */
export type AskedCase = Question['case']

/**
 * `{"case","form","version"}` → `{"decision":"permit","fileName","document",…}` or
 * `{"decision":"refuse","why","because"}`.
 *
 * @throws ComityError `malformed` that names the member
 */
export function evalCsaf(input: Json): Json {
  const fault = Value.Errors(CsafQuestion, input).First()
  if (fault) throw malformed(fault.message.toLowerCase(), { field: fault.path.slice(1) })
  const { case: given, form, version } = input as unknown as Question
  const advisory = advisoryOf(given, form)
  const decision = csafOfCase(
    {
      advisory,
      isPublished: given.published,
      isUnderEmbargo: given.embargo === 'active' || given.embargo === 'revise',
      tlp: given.tlp ?? 'CLEAR',
      isRecipientBound: given.recipient?.bound ?? false,
    },
    { form, version },
  )
  const because = decision.because.map(({ rule, text }) => ({ rule, text }))
  if (decision.decision === 'refuse') return { decision: 'refuse', why: decision.why, because }
  const fileName = csafFileName(advisory.trackingId)
  return { decision: 'permit', because, fileName, document: decision.value }
}

export function advisoryOf(given: AskedCase, form: Question['form']): CsafAdvisory {
  const isReport = form === 'vulnerabilityReport'
  const { recipient = null, tlp, disclosureAt = null, versions } = given
  const label = tlp === 'AMBER+STRICT' ? tlp : 'AMBER'
  const sharing =
    recipient === null
      ? null
      : ({ groupId: recipient.groupId, recipient: recipient.name, tlp: label } as const)
  const group = isReport && sharing !== null ? `${sharing.groupId}-` : ''
  return {
    trackingId: `${group}${given.trackingId}`,
    title: given.title,
    lang: given.lang ?? 'en',
    publisher: given.publisher,
    status: isReport ? 'interim' : 'final',
    revisions: versions.map(({ number, date, summary }, at) => ({
      ...{ number, summary },
      date: instant(date, `case/versions/${at}/date`),
    })),
    notes: given.notes,
    severity: given.severity ?? null,
    products: (given.products ?? []).map((product) => ({
      ...{ remedy: 'mitigation' as const, ...product },
      versionRange: product.versionRange ?? null,
      action: product.action ?? null,
      flag: product.flag ?? null,
    })),
    cve: given.cve ?? null,
    ids: given.ids ?? [],
    references: given.references ?? [],
    acknowledgements: given.acknowledgements ?? [],
    withdrawn: given.withdrawn ?? null,
    // A public document has none, whoever else got a report.
    sharing: isReport ? sharing : null,
    disclosureAt:
      isReport && disclosureAt !== null ? instant(disclosureAt, 'case/disclosureAt') : null,
    involvements: [],
  }
}
