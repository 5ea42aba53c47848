/**
 * Reading the policy engine's answers: which category was refused, by which
 * clause, and why in the words of the release decision.
 *
 * The engine decides; this file only explains. A missing answer, an error or an
 * answer that names a policy we did not write is a refusal.
 */
import type { Because } from '../../base/decision.ts'
import { type Clause, notUnderstood } from '../agreement/clause.ts'
import type { OutOfEffect } from '../agreement/clauses-in-effect.ts'
import { type AgreementDocument, partyOf } from '../agreement/document.ts'
import { NOT_RELEASABLE_POLICY, policyIdOf, RELEASING_ROLES } from './compile-agreement.ts'
import type { WhyRelease } from './release.ts'
import type { PolicyAnswer, PolicyAnswers, ReleaseQuestion } from './request.ts'

export type PolicyFault = { readonly why: WhyRelease; readonly because: readonly Because[] }

/**
 * Empty if every category of the question was permitted. `document`: the one that was
 * compiled; `outOfEffect`: the clauses left out of it, to say so.
 */
export function policyFaults(
  document: AgreementDocument,
  question: ReleaseQuestion,
  answers: PolicyAnswers,
  outOfEffect: readonly OutOfEffect[] = [],
): readonly PolicyFault[] {
  return question.categories.flatMap((category) => {
    const answer = answers.get(category)
    if (answer === undefined) return [failed(category, 'was not asked about')]
    return categoryFaults({ document, question, outOfEffect }, category, answer)
  })
}

type Asked = {
  readonly document: AgreementDocument
  readonly question: ReleaseQuestion
  readonly outOfEffect: readonly OutOfEffect[]
}

function categoryFaults(
  asked: Asked,
  category: string,
  answer: PolicyAnswer,
): readonly PolicyFault[] {
  const { document, question } = asked
  const { decision, policyIds, errors } = answer
  if (errors.length > 0) return [failed(category, 'could not be decided by the policy engine')]
  const clauses = document.clauses.filter(({ id }) => policyIds.includes(policyIdOf(id)))
  if (decision === 'allow') {
    const isPermitted = clauses.some((clause) => clause.kind === 'permitRelease')
    return isPermitted ? [] : [failed(category, 'was permitted by no clause of the agreement')]
  }
  // The sender's own officer and the recipient are asked about first: a clause on
  // transfer instruments says little about someone who is no party.
  const outsider = outsiderFault(document, question)
  if (outsider) return [outsider]
  if (clauses.length > 0) return clauses.map((clause) => clauseFault(clause, category))
  if (policyIds.includes(NOT_RELEASABLE_POLICY)) {
    const text = `the agreement does not list ${category} as releasable`
    return [{ why: 'categoryNotReleasable', because: [{ rule: NOT_RELEASABLE_POLICY, text }] }]
  }
  return [nothingPermits(asked, category)]
}

function outsiderFault(
  document: AgreementDocument,
  { authority, recipient, roles }: ReleaseQuestion,
): PolicyFault | undefined {
  if (!RELEASING_ROLES.some((role) => roles.includes(role))) {
    return fault('officerNotAuthorised', 'release:roles', 'the officer may not prepare releases')
  }
  if (!partyOf(document, authority) || !partyOf(document, recipient) || authority === recipient) {
    const text = `the agreement does not cover a release from ${authority} to ${recipient}`
    return fault('recipientNotParty', 'agreement:parties', text)
  }
  return undefined
}

function clauseFault(clause: Clause, category: string): PolicyFault {
  const rule = policyIdOf(clause.id)
  const strange = notUnderstood(clause)
  if (strange !== undefined) {
    const text = `clause ${clause.id} cannot be decided by this version: ${strange}`
    return fault('unknownConstraint', rule, text)
  }
  if (clause.kind === 'requireTransferInstrument') {
    return fault('noTransferInstrument', rule, `${category}: ${clause.text}`)
  }
  return fault('categoryNotReleasable', rule, `${category}: ${clause.text}`)
}

/** The default is no; name the nearest reason. */
function nothingPermits({ document, question, outOfEffect }: Asked, category: string): PolicyFault {
  const { purpose, kind } = question
  const names = (clause: Clause) =>
    clause.kind === 'permitRelease' && clause.categories.includes(category)
  const naming = document.clauses.filter(names)
  const near = naming.filter((clause) => wouldPermit(clause, question))
  const [first] = near
  if (first) return conditionFault(first, question, category)
  const out = outOfEffect.find(({ clause }) => names(clause) && wouldPermit(clause, question))
  if (out) return fault('clauseNotInEffect', policyIdOf(out.clause.id), `${category}: ${out.text}`)
  if (naming.length > 0 && !naming.some((clause) => isFor(clause, purpose))) {
    const text = `no clause permits ${category} for the purpose ${purpose}`
    return fault('purposeNotCovered', 'agreement:purposes', text)
  }
  const text = `no clause permits ${category} in a release of kind ${kind} for ${purpose} in this direction`
  return fault('categoryNotReleasable', 'agreement:defaultNo', text)
}

function wouldPermit(
  clause: Clause,
  { purpose, kind, authority, recipient }: ReleaseQuestion,
): boolean {
  if (clause.kind !== 'permitRelease') return false
  const { releaseKinds, between } = clause
  const isWay =
    between === undefined || between.some(({ from, to }) => from === authority && to === recipient)
  return isFor(clause, purpose) && releaseKinds.includes(kind) && isWay
}

function isFor(clause: Clause, purpose: string): boolean {
  return clause.kind === 'permitRelease' && clause.purposes.includes(purpose)
}

/** A fact to record if one is missing; else what keeps the condition from holding. */
function conditionFault(
  { id }: Clause,
  { conditions }: ReleaseQuestion,
  category: string,
): PolicyFault {
  const answer = conditions?.get(id)
  const text =
    answer?.answer === 'no'
      ? `${category}: the condition of clause ${id} is not met: ${answer.grounds.join('; ')}`
      : `${category}: the condition of clause ${id} needs facts that are not recorded: ${answer?.missing.join(', ') ?? 'none was looked at'}`
  return fault('conditionNotMet', policyIdOf(id), text)
}

function failed(category: string, text: string): PolicyFault {
  return fault('policyFailed', 'release:policy', `${category} ${text}`)
}

function fault(why: WhyRelease, rule: string, text: string): PolicyFault {
  return { why, because: [{ rule, text }] }
}
