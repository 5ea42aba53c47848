/**
 * The slow, obvious model of a release decision: reads an agreement clause by
 * clause the way a careful person would. Tests compare the policy engine with it.
 */
import type { Instant } from '../../src/base/time.ts'
import { type Clause, isUnderstood } from '../../src/core/agreement/clause.ts'
import type { AgreementDocument } from '../../src/core/agreement/document.ts'
import type {
  PolicyAnswer,
  PolicyAnswers,
  ReleaseQuestion,
} from '../../src/core/release/request.ts'
import { NOW } from './ring.ts'

type Moment = { readonly now: Instant; readonly disputed?: ReadonlySet<string> }

export function readAgreement(
  document: AgreementDocument,
  question: ReleaseQuestion,
  moment: Moment = { now: NOW },
): PolicyAnswers {
  return new Map(question.categories.map((id) => [id, readFor(document, question, id, moment)]))
}

function readFor(
  document: AgreementDocument,
  asked: ReleaseQuestion,
  id: string,
  moment: Moment,
): PolicyAnswer {
  const category = document.categories.find((candidate) => candidate.id === id)
  const forbidding: string[] = []
  const permitting: string[] = []
  if (!category?.releasable) forbidding.push('categories:releasable')
  for (const clause of document.clauses) {
    const isForgone = isUnderstood(clause) && isExempted(document, clause, moment)
    if (!isForgone && doesForbid(document, clause, asked, id, moment)) {
      forbidding.push(`clause:${clause.id}`)
    }
    if (doesPermit(document, clause, asked, id, moment)) permitting.push(`clause:${clause.id}`)
  }
  const ids = (forbidding.length > 0 ? forbidding : permitting).sort()
  const allowed = forbidding.length === 0 && permitting.length > 0
  return { decision: allowed ? 'allow' : 'deny', policyIds: ids, errors: [] }
}

/** Only what a party may forgo: of the clauses that Cedar sees, a forbidding one. */
function isExempted(document: AgreementDocument, clause: Clause, { now, disputed }: Moment) {
  if (clause.kind !== 'forbidRelease') return false
  for (const other of document.clauses) {
    if (other.kind !== 'exempt' || !isUnderstood(other)) continue
    if (disputed?.has(other.id)) continue
    if (Date.parse(other.until) <= Date.parse(now)) continue
    if (other.clauses.includes(clause.id)) return true
  }
  return false
}

function doesForbid(
  document: AgreementDocument,
  clause: Clause,
  asked: ReleaseQuestion,
  id: string,
  { now }: Moment,
): boolean {
  if (!isUnderstood(clause)) return true
  const orderOf = (node: string) =>
    document.parties.find((party) => party.node === node)?.legalOrder ?? ''
  const [from, to] = [orderOf(asked.authority), orderOf(asked.recipient)]
  if (clause.kind === 'forbidRelease') {
    if (!clause.categories.includes(id)) return false
    return clause.to === undefined || clause.to.includes(to)
  }
  if (clause.kind !== 'requireTransferInstrument') return false
  const category = document.categories.find((candidate) => candidate.id === id)
  if (category !== undefined && !category.personal) return false
  if (from === to) return false
  for (const one of document.transferInstruments) {
    if (one.from !== from || one.to !== to) continue
    if (one.categories !== undefined && !one.categories.includes(id)) continue
    const firstMs = Date.parse(`${one.authorisedOn}T00:00:00.000Z`)
    const lastMs = Date.parse(`${one.validUntil ?? '9999-12-31'}T23:59:59.999Z`)
    if (firstMs <= Date.parse(now) && Date.parse(now) <= lastMs) return false
  }
  return true
}

function doesPermit(
  document: AgreementDocument,
  clause: Clause,
  asked: ReleaseQuestion,
  id: string,
  { now, disputed }: Moment,
): boolean {
  if (!isUnderstood(clause) || clause.kind !== 'permitRelease') return false
  if (disputed?.has(clause.id)) return false
  const parties = document.parties.map(({ node }) => node)
  if (!parties.includes(asked.authority) || !parties.includes(asked.recipient)) return false
  if (asked.authority === asked.recipient) return false
  if (!asked.roles.includes('caseOfficer') && !asked.roles.includes('liaison')) return false
  if (clause.phases !== undefined) {
    const phase = currentPhase(document, now)
    if (phase === undefined || !clause.phases.some((one) => one === phase)) return false
  }
  if (clause.between !== undefined) {
    const ways = clause.between.map(({ from, to }) => `${from} ${to}`)
    if (!ways.includes(`${asked.authority} ${asked.recipient}`)) return false
  }
  if (clause.when !== undefined && asked.conditions?.get(clause.id)?.answer !== 'yes') return false
  return (
    clause.categories.includes(id) &&
    clause.purposes.includes(asked.purpose) &&
    clause.releaseKinds.includes(asked.kind)
  )
}

function currentPhase(document: AgreementDocument, now: Instant): string | undefined {
  let current: { phase: string; ms: number } | undefined
  let isTied = false
  for (const clause of document.clauses) {
    if (clause.kind !== 'phase' || !isUnderstood(clause)) continue
    const ms = Date.parse(clause.fromAt)
    if (ms > Date.parse(now)) continue
    if (current && ms < current.ms) continue
    isTied = current?.ms === ms
    current = { phase: clause.phase, ms }
  }
  return isTied ? undefined : current?.phase
}
