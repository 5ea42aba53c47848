/**
 * The questions that a release puts to the policy engine: one for each data
 * category, each with the few entities it needs and no others.
 *
 * One question a category, so that the answer names the clause that permitted or
 * refused that very category.
 */
import type { Json } from '../../base/canonical-json.ts'
import type { ReleaseKind } from '../agreement/clause.ts'
import { type AgreementDocument, partyOf } from '../agreement/document.ts'
import type { ConditionAnswers } from '../agreement/threshold.ts'
import type { Role } from '../case/recorded.ts'
import { compileAgreement } from './compile-agreement.ts'

export type EntityUid = { readonly type: string; readonly id: string }
export type PolicyEntity = {
  readonly uid: EntityUid
  readonly attrs: { readonly [name: string]: Json }
  readonly parents: readonly EntityUid[]
}
export type PolicyRequest = {
  readonly principal: EntityUid
  readonly action: EntityUid
  readonly resource: EntityUid
  readonly context: { readonly [name: string]: Json }
}

export type PolicyAnswer = {
  readonly decision: 'allow' | 'deny'
  /** The `@id` of each policy that determined the answer. Empty: nothing permitted it. */
  readonly policyIds: readonly string[]
  /** Not empty: the engine could not evaluate everything, and the answer is `deny`. */
  readonly errors: readonly string[]
}

/** One answer for each category that was asked about. */
export type PolicyAnswers = ReadonlyMap<string, PolicyAnswer>

export type ReleaseQuestion = {
  readonly officer: string
  readonly roles: readonly Role[]
  /** Node ids. */
  readonly authority: string
  readonly recipient: string
  readonly purpose: string
  readonly legalBasis: string
  readonly kind: ReleaseKind
  readonly categories: readonly string[]
  readonly emergency: boolean
  /** Of the clauses that permit under a condition; absent: none holds. */
  readonly conditions?: ConditionAnswers
}

type Decide = (
  policies: string,
  request: PolicyRequest,
  entities: readonly PolicyEntity[],
) => PolicyAnswer

/**
 * Asks `decide` (a policy engine) about every category of a release. `document`: with the
 * clauses and instruments in effect at that moment, see `documentInEffect`.
 */
export function askPolicy(
  document: AgreementDocument,
  question: ReleaseQuestion,
  decide: Decide,
): PolicyAnswers {
  const policies = compileAgreement(document)
  const asked = [...new Set(question.categories)].map((category) => {
    const { request, entities } = policyRequest(document, question, category)
    return [category, decide(policies, request, entities)] as const
  })
  return new Map(asked)
}

function policyRequest(
  document: AgreementDocument,
  question: ReleaseQuestion,
  category: string,
): { readonly request: PolicyRequest; readonly entities: readonly PolicyEntity[] } {
  const { purpose, legalBasis, kind, emergency } = question
  const principal = uid('Officer', question.officer)
  const sender = uid('Authority', question.authority)
  const recipient = uid('Authority', question.recipient)
  const resource = uid('Category', category)
  const officer = { authority: reference(sender), roles: [...question.roles] }
  const nodes = [...new Set([question.authority, question.recipient])]
  return {
    request: {
      principal,
      action: uid('Action', 'release'),
      resource,
      context: {
        recipient: reference(recipient),
        purpose,
        legalBasis,
        releaseKind: kind,
        emergency,
        met: conditionsMet(question),
      },
    },
    entities: [
      { uid: principal, attrs: officer, parents: [] },
      ...nodes.map((node) => authorityEntity(document, node)),
      { uid: resource, attrs: categoryAttributes(document, category), parents: [] },
    ],
  }
}

/** Ids of the clauses whose conditions hold. */
export function conditionsMet({ conditions }: ReleaseQuestion): readonly string[] {
  if (!conditions) return []
  return [...conditions].filter(([, { answer }]) => answer === 'yes').map(([id]) => id)
}

/** Who is no party has a legal order that no instrument names. */
function authorityEntity(document: AgreementDocument, node: string): PolicyEntity {
  const legalOrder = partyOf(document, node)?.legalOrder ?? ''
  return { uid: uid('Authority', node), attrs: { legalOrder }, parents: [] }
}

/** A category that the agreement does not list is treated as the most guarded kind. */
function categoryAttributes(document: AgreementDocument, id: string) {
  const listed = document.categories.find((category) => category.id === id)
  return {
    personal: listed?.personal ?? true,
    releasable: listed?.releasable ?? false,
    reviewRequired: listed?.reviewRequired ?? true,
  }
}

function uid(type: string, id: string): EntityUid {
  return { type: `Comity::${type}`, id }
}

function reference({ type, id }: EntityUid): Json {
  return { __entity: { type, id } }
}
