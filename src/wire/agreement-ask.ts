/**
 * The two questions about agreements, as JSON in and JSON out: what is wrong with a
 * document, and what a newer version changes. The same for `comity eval agreement` and
 * for whoever else asks.
 *
 * A document of a wrong form is an answer, not an error: its drafter wants to know where.
 */
import { Type } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import type { Json } from '../base/canonical-json.ts'
import { malformed } from '../base/errors.ts'
import { calendarDate, type Instant, instant, isInstant } from '../base/time.ts'
import { CHANGE_EFFECTS } from '../core/agreement/diff/change.ts'
import { diffAgreements } from '../core/agreement/diff/diff-agreements.ts'
import type { AgreementDocument } from '../core/agreement/document.ts'
import { error, LINT_SEVERITIES, type LintFinding } from '../core/agreement/lint/finding.ts'
import { lintAgreement } from '../core/agreement/lint/lint-agreement.ts'
import type { LawPack } from '../core/law/pack.ts'
import type { Hashing } from '../proof/primitives.ts'
import { lintContext } from './agreement-lint.ts'
import { AgreementDocumentForm } from './exchange/documents.ts'
import { requireForm } from './exchange/form.ts'
import { packsOf } from './law-question.ts'
import { objectOf, textOf } from './question-fields.ts'

export type AgreementMeans = {
  readonly packs: readonly LawPack[]
  readonly primitives: Hashing
}

/** @throws ComityError `malformed` for a line that is no such question, and for `old` or `new` of a wrong form */
export function answerAgreement(means: AgreementMeans, input: Json): Json {
  const fields = objectOf(input, 'question')
  if (fields['document'] === undefined) {
    const { old, new: newer } = objectOf(input, 'question', ['old', 'new'])
    const [before, after] = [documentOf(old, 'old'), documentOf(newer, 'new')]
    return diffAgreements(before, after) as unknown as Json
  }
  const { document, against, on } = objectOf(input, 'question', ['document', 'against', 'on'])
  objectOf(document, 'document')
  const packs = packsOf(against, means.packs, 'against')
  const day = on === undefined || on === null ? undefined : calendarDate(textOf(on, 'on'), 'on')
  const asked = day === undefined ? undefined : instant(`${day}T00:00:00.000Z`)
  const findings = lintDocument({ ...means, packs }, document as Json, asked)
  return { findings, counts: countsOf(findings) } as unknown as Json
}

/** `now`: without it, the start of the agreement, so that no clock is read. */
export function lintDocument(
  { packs, primitives }: AgreementMeans,
  document: Json,
  now?: Instant,
): readonly LintFinding[] {
  if (!Value.Check(AgreementDocumentForm, document)) return formFindings(document)
  const read = document as unknown as AgreementDocument
  const start = isInstant(read.validFromAt) ? read.validFromAt : EPOCH
  return lintAgreement(read, lintContext(primitives, packs, now ?? start))
}

/** @throws ComityError `malformed` */
export function documentOf(value: Json | undefined, field: string): AgreementDocument {
  if (value === undefined) throw malformed('not a document', { field })
  requireForm(AgreementDocumentForm, value, field)
  return value as unknown as AgreementDocument
}

export function countsOf(findings: readonly LintFinding[]) {
  const count = (which: string) => findings.filter(({ severity }) => severity === which).length
  return { error: count('error'), warning: count('warning'), note: count('note') }
}

const EPOCH = '1970-01-01T00:00:00.000Z' as Instant
const FORM_FINDINGS_MAX = 20

function formFindings(document: Json): readonly LintFinding[] {
  const found: LintFinding[] = []
  for (const { path, message } of Value.Errors(AgreementDocumentForm, document)) {
    if (found.length === FORM_FINDINGS_MAX) break
    const where = path.slice(1, 200)
    if (found.some((each) => each.where === where)) continue
    found.push(
      where === 'sunsetAt' || where === 'reviewAt'
        ? error(
            'dateMissing',
            where,
            `The agreement has no ${where}: every agreement is reviewed, and ends.`,
          )
        : error('form', where === '' ? 'document' : where, `${message}.`),
    )
  }
  return found
}

const Text = Type.String()
const oneOf = (words: readonly string[]) => Type.Union(words.map((word) => Type.Literal(word)))
const closed = <P extends Parameters<typeof Type.Object>[0]>(members: P) =>
  Type.Object(members, { additionalProperties: false })
const Count = Type.Integer({ minimum: 0 })
const Document = Type.Object(
  {},
  { description: 'As `document` in protocol/schemas/messages/agreement-offer.json.' },
)
const Way = closed({ from: Text, to: Text, category: Text, purpose: Text, kind: Text })
const Ways = Type.Array(Way)

export const AGREEMENT_FORM = {
  says: 'An agreement to lint against law packs, or two versions of one to compare',
  input: Type.Union([
    Type.Object({
      document: Document,
      against: Type.Optional(
        Type.Union([Type.Array(Text, { minItems: 1, maxItems: 100 }), Type.Null()], {
          description: 'Legal orders whose packs count, such as EU; without it all shipped ones.',
        }),
      ),
      on: Type.Optional(
        Type.Union([Type.String({ pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' }), Type.Null()], {
          description: 'The day asked about; without it the start of the agreement.',
        }),
      ),
    }),
    Type.Object({ old: Document, new: Document }),
  ]),
  output: Type.Union([
    closed({
      findings: Type.Array(
        closed({
          severity: oneOf(LINT_SEVERITIES),
          code: Type.String({ description: 'A stable word.' }),
          where: Type.String({ description: '`clauses/<id>` or a member of the document.' }),
          text: Text,
          source: Type.Optional(Text),
        }),
      ),
      counts: closed({ error: Count, warning: Count, note: Count }),
    }),
    closed({
      verdict: oneOf([...CHANGE_EFFECTS, 'same']),
      changes: Type.Array(
        closed({
          change: oneOf(['added', 'removed', 'changed']),
          where: Text,
          effect: oneOf(CHANGE_EFFECTS),
          text: Text,
        }),
      ),
      ways: Type.Union([closed({ opened: Ways, closed: Ways }), Type.Null()], {
        description: 'What some clause permits now and did not, and the reverse; null: too many.',
      }),
    }),
  ]),
}
