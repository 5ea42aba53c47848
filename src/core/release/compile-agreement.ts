/**
 * From an agreement to Cedar policies: one policy for each clause that permits or
 * forbids, annotated with the clause and the duties that travel with it.
 *
 * Cedar refuses whatever no policy permits, and a forbidding policy wins. A clause
 * that this version does not understand becomes a policy that forbids everything,
 * so that an unknown constraint never turns into a permission.
 *
 * Not in the policies: whether the agreement is in force, the rights test, the
 * review and the embargo. Those are facts of the case; see decide-release.ts.
 */
import { malformed } from '../../base/errors.ts'
import { type Clause, type ClauseOf, isUnderstood } from '../agreement/clause.ts'
import type { AgreementDocument, TransferInstrument } from '../agreement/document.ts'
import { PLAIN_WORD } from '../agreement/document-faults.ts'
import { onceFor } from '../law/once.ts'

/** Policies that stand in for no single clause. */
export const NOT_RELEASABLE_POLICY = 'categories:releasable'

/** Roles whose holders may prepare a release. */
export const RELEASING_ROLES = ['caseOfficer', 'liaison'] as const

/**
 * Cedar text, the same bytes for the same document. Policy ids are `clause:<id>`.
 * Of a document in force the caller passes what is in effect (`documentInEffect`): phases,
 * exemptions and the days of instruments are not in the policies.
 *
 * @throws ComityError `malformed` if an id could not stand in policy text
 */
export const compileAgreement: (document: AgreementDocument) => string = onceFor((document) => {
  const policies = document.clauses.flatMap((clause) => clausePolicy(document, clause))
  return [heading(document), notReleasable(), ...policies].join('\n\n').concat('\n')
})

export function policyIdOf(clauseId: string): string {
  return `clause:${clauseId}`
}

function heading({ id, version, title }: AgreementDocument): string {
  return comment(`${title}, agreement ${id}, version ${version}`)
}

function clausePolicy(document: AgreementDocument, clause: Clause): string[] {
  if (!isUnderstood(clause)) return [withText(clause, unknownClause(clause))]
  switch (clause.kind) {
    case 'permitRelease':
      return [withText(clause, permitClause(document, clause))]
    case 'forbidRelease':
      return [withText(clause, forbidClause(clause))]
    case 'requireTransferInstrument':
      return [withText(clause, instrumentClause(clause, document.transferInstruments))]
    default:
      return []
  }
}

function permitClause(document: AgreementDocument, clause: ClauseOf<'permitRelease'>): string {
  const parties = document.parties.map(({ node }) => entity('Authority', node))
  return `@id(${quoted(policyIdOf(clause.id))})
${obligations(clause.duties)}
permit (principal is Comity::Officer, action == Comity::Action::"release", resource is Comity::Category)
when {
  ${setOf(RELEASING_ROLES.map(quoted))}.containsAny(principal.roles) &&
  ${setOf(parties)}.contains(principal.authority) &&
  ${setOf(parties)}.contains(context.recipient) &&
  ${setOf(clause.categories.map((id) => entity('Category', id)))}.contains(resource) &&
  ${setOf(clause.purposes.map(quoted))}.contains(context.purpose) &&
  ${setOf(clause.releaseKinds.map(quoted))}.contains(context.releaseKind)${narrower(clause)}
}
unless { principal.authority == context.recipient };`
}

/** The directions and the condition of a clause, where it has them. */
function narrower({ id, between, when }: ClauseOf<'permitRelease'>): string {
  const ways = (between ?? []).map(
    ({ from, to }) => `{ from: ${entity('Authority', from)}, to: ${entity('Authority', to)} }`,
  )
  const way = '{ from: principal.authority, to: context.recipient }'
  return [
    between === undefined ? '' : ` &&\n  ${setOf(ways)}.contains(${way})`,
    when === undefined ? '' : ` &&\n  context.met.contains(${quoted(id)})`,
  ].join('')
}

function obligations(duties: readonly string[]): string {
  const words = duties.map((id) => quoted(policyIdOf(id)).slice(1, -1))
  return `@obligation("${words.join(' ')}")`
}

function forbidClause({ id, categories, to }: ClauseOf<'forbidRelease'>): string {
  const named = `${setOf(categories.map((each) => entity('Category', each)))}.contains(resource)`
  const orders =
    to === undefined ? '' : ` && ${setOf(to.map(quoted))}.contains(context.recipient.legalOrder)`
  return `@id(${quoted(policyIdOf(id))})
forbid (principal, action == Comity::Action::"release", resource is Comity::Category)
when { ${named}${orders} };`
}

function instrumentClause({ id }: Clause, instruments: readonly TransferInstrument[]): string {
  const served = instruments.map(servedBy).join(' ||\n  ')
  const unless = served === '' ? '' : `\nunless {\n  ${served}\n}`
  return `@id(${quoted(policyIdOf(id))})
forbid (principal is Comity::Officer, action == Comity::Action::"release", resource is Comity::Category)
when { resource.personal && principal.authority.legalOrder != context.recipient.legalOrder }${unless};`
}

function servedBy({ from, to, categories }: TransferInstrument): string {
  const way = `principal.authority.legalOrder == ${quoted(from)} && context.recipient.legalOrder == ${quoted(to)}`
  if (categories === undefined) return `(${way})`
  const served = setOf(categories.map((id) => entity('Category', id)))
  return `(${way} && ${served}.contains(resource))`
}

function unknownClause({ id }: Clause): string {
  return `@id(${quoted(policyIdOf(id))})
forbid (principal, action, resource);`
}

function notReleasable(): string {
  return `@id(${quoted(NOT_RELEASABLE_POLICY)})
forbid (principal, action == Comity::Action::"release", resource is Comity::Category)
unless { resource.releasable };`
}

function withText(clause: Clause, policy: string): string {
  return `${comment(`${clause.id} ${clause.text}`)}\n${policy}`
}

/** A clause's words are a comment, and may not end it. */
function comment(text: string): string {
  return `// ${text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')}`
}

function setOf(items: readonly string[]): string {
  return `[${items.join(', ')}]`
}

function entity(type: 'Authority' | 'Category', id: string): string {
  return `Comity::${type}::${quoted(id)}`
}

/** Only plain words are quoted, so nothing needs an escape. */
function quoted(word: string): string {
  if (PLAIN_WORD.test(word)) return `"${word}"`
  throw malformed('an id cannot stand in policy text', { reason: 'not-a-plain-word' })
}
