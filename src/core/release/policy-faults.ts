/**
 * Reading the policy engine's answers: which category was refused, by which
 * clause, and why in the words of the release decision.
 *
 * The engine decides; this file only explains. A missing answer, an error or an
 * answer that names a policy we did not write is a refusal.
 */
import type { Because } from '../../base/decision.ts'
import { type Clause, isUnderstood } from '../agreement/clause.ts'
import { type AgreementDocument, partyOf } from '../agreement/document.ts'
import { NOT_RELEASABLE_POLICY, policyIdOf, RELEASING_ROLES } from './compile-agreement.ts'
import type { WhyRelease } from './release.ts'
import type { PolicyAnswer, PolicyAnswers, ReleaseQuestion } from './request.ts'

export type PolicyFault = { readonly why: WhyRelease; readonly because: readonly Because[] }

/** Empty if every category of the question was permitted. */
export function policyFaults(
  document: AgreementDocument,
  question: ReleaseQuestion,
  answers: PolicyAnswers,
): readonly PolicyFault[] {
  return question.categories.flatMap((category) => {
    const answer = answers.get(category)
    if (answer === undefined) return [failed(category, 'was not asked about')]
    return categoryFaults(document, question, category, answer)
  })
}

function categoryFaults(
  document: AgreementDocument,
  question: ReleaseQuestion,
  category: string,
  answer: PolicyAnswer,
): readonly PolicyFault[] {
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
  return [nothingPermits(document, question, category)]
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
  if (!isUnderstood(clause)) {
    return fault('unknownConstraint', rule, `clause ${clause.id} cannot be decided by this version`)
  }
  if (clause.kind === 'requireTransferInstrument') {
    return fault('noTransferInstrument', rule, `${category}: ${clause.text}`)
  }
  return fault('categoryNotReleasable', rule, `${category}: ${clause.text}`)
}

/** The default is no; name the nearest reason. */
function nothingPermits(
  document: AgreementDocument,
  { purpose, kind }: ReleaseQuestion,
  category: string,
): PolicyFault {
  const permits = document.clauses.filter((clause) => clause.kind === 'permitRelease')
  const naming = permits.filter((clause) => clause.categories.includes(category))
  if (naming.length > 0 && !naming.some((clause) => clause.purposes.includes(purpose))) {
    const text = `no clause permits ${category} for the purpose ${purpose}`
    return fault('purposeNotCovered', 'agreement:purposes', text)
  }
  const text = `no clause permits ${category} in a release of kind ${kind} for ${purpose}`
  return fault('categoryNotReleasable', 'agreement:defaultNo', text)
}

function failed(category: string, text: string): PolicyFault {
  return fault('policyFailed', 'release:policy', `${category} ${text}`)
}

function fault(why: WhyRelease, rule: string, text: string): PolicyFault {
  return { why, because: [{ rule, text }] }
}
