/**
 * The slow, obvious model of a release decision: reads an agreement clause by
 * clause the way a careful person would. Tests compare the policy engine with it.
 */
import { type Clause, isUnderstood } from '../../src/core/agreement/clause.ts'
import type { AgreementDocument } from '../../src/core/agreement/document.ts'
import type {
  PolicyAnswer,
  PolicyAnswers,
  ReleaseQuestion,
} from '../../src/core/release/request.ts'

export function readAgreement(
  document: AgreementDocument,
  question: ReleaseQuestion,
): PolicyAnswers {
  return new Map(question.categories.map((id) => [id, readFor(document, question, id)]))
}

function readFor(document: AgreementDocument, asked: ReleaseQuestion, id: string): PolicyAnswer {
  const category = document.categories.find((candidate) => candidate.id === id)
  const forbidding: string[] = []
  const permitting: string[] = []
  if (!category?.releasable) forbidding.push('categories:releasable')
  for (const clause of document.clauses) {
    if (doesForbid(document, clause, asked, id, category?.personal ?? true)) {
      forbidding.push(`clause:${clause.id}`)
    }
    if (doesPermit(document, clause, asked, id)) permitting.push(`clause:${clause.id}`)
  }
  const ids = (forbidding.length > 0 ? forbidding : permitting).sort()
  const allowed = forbidding.length === 0 && permitting.length > 0
  return { decision: allowed ? 'allow' : 'deny', policyIds: ids, errors: [] }
}

function doesForbid(
  document: AgreementDocument,
  clause: Clause,
  asked: ReleaseQuestion,
  id: string,
  isPersonal: boolean,
): boolean {
  if (!isUnderstood(clause)) return true
  if (clause.kind === 'forbidRelease') return clause.categories.includes(id)
  if (clause.kind !== 'requireTransferInstrument' || !isPersonal) return false
  const orderOf = (node: string) =>
    document.parties.find((party) => party.node === node)?.legalOrder ?? ''
  const [from, to] = [orderOf(asked.authority), orderOf(asked.recipient)]
  if (from === to) return false
  return !document.transferInstruments.some((one) => one.from === from && one.to === to)
}

function doesPermit(
  document: AgreementDocument,
  clause: Clause,
  asked: ReleaseQuestion,
  id: string,
): boolean {
  if (!isUnderstood(clause) || clause.kind !== 'permitRelease') return false
  const parties = document.parties.map(({ node }) => node)
  if (!parties.includes(asked.authority) || !parties.includes(asked.recipient)) return false
  if (asked.authority === asked.recipient) return false
  if (!asked.roles.includes('caseOfficer') && !asked.roles.includes('liaison')) return false
  return (
    clause.categories.includes(id) &&
    clause.purposes.includes(asked.purpose) &&
    clause.releaseKinds.includes(asked.kind)
  )
}
