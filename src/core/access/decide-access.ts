/**
 * The one decision about access: may this person do this, here, now? Pages, the
 * officers' interface, acts and lists ask it and nothing else. Default: no.
 *
 * It reads in this order: is the person in office, does it hold a role for the
 * action (or stand in for somebody who does), is it tied to the case in a way that
 * opens its classification, is what it asks for shared with it, does a conflict of
 * interest, an absence or a protective order bar it, is the case declared for that purpose and legal
 * order, and was a strong proof given lately where the action wants one.
 *
 * It does not say whether there is anything to do: that is each act's own `when`.
 */
import { type Because, type Decision, permit, type Refusal, refuse } from '../../base/decision.ts'
import type { Instant } from '../../base/time.ts'
import type { Acting, Role } from '../case/recorded.ts'
import {
  absenceOf,
  conflictIn,
  type Delegation,
  delegationsTo,
  personOf,
  type Standing,
} from '../people/standing.ts'
import type { Admission, CaseForAccess } from './case-access.ts'
import { isFreshProof } from './fresh-proof.ts'
import {
  type ActionGroup,
  ADMITTED_MAY,
  ADMITTED_ROLES,
  type CaseActionGroup,
  ruleOf,
  type SharedPart,
  TIES_THAT_OPEN,
  type Tie,
} from './rules.ts'

export type Action = {
  /** Of the act, or of what is read. */
  readonly name: string
  readonly group: ActionGroup
  /** Wants a strong proof of who it is, given lately. */
  readonly stepUp?: boolean
  /** The exhibit that it reads; absent: none, or for `openExhibit` any of the case. */
  readonly exhibitId?: string
}

export type AccessContext = {
  /** Conflicts of interest, absences and delegations, as declared. */
  readonly standing: Standing
  /** Real time: a strong proof is older or newer by it. */
  readonly wireNow: Instant
  /** Of this authority, as law packs name it. */
  readonly legalOrder: string
}

export type AccessQuestion = {
  readonly acting: Acting
  readonly action: Action
  /** Null: the action is on the authority as a whole. */
  readonly resource: CaseForAccess | null
  readonly context: AccessContext
  /** When the person acted: an absence counts at that moment. Default: now. */
  readonly presentAt?: Instant
}

export const WHY_NO_ACCESS = [
  'notInOffice',
  'roleMissing',
  'notAssigned',
  'notAdmitted',
  'notShared',
  'underOrder',
  'barred',
  'conflictOfInterest',
  'absent',
  'purposeNotDeclared',
  'otherLegalOrder',
  'stepUpNeeded',
] as const
export const BARRED_TEXT = 'this person is kept out of the case'
export type WhyNoAccess = (typeof WHY_NO_ACCESS)[number]

export type Grant = {
  /** What ties the person to the case, the strongest first; null without a case. */
  readonly tie: Tie | null
  /** What is shared with an admitted person; null: everything. */
  readonly sees: readonly SharedPart[] | null
  /** The person as it acts here: with the roles of whom it stands in for. */
  readonly acting: Acting
}

export type AccessDecision = Decision<Grant, WhyNoAccess>

export function decideAccess(question: AccessQuestion): AccessDecision {
  const { acting, resource } = question
  const office = requireOffice(question)
  if (office) return office
  const held = heldRole(question)
  if (held.decision === 'refuse') return held
  const proof = () => requireProof(question)
  if (resource === null) {
    const acts = actingAs(acting, held.value)
    return proof() ?? permit({ tie: null, sees: null, acting: acts }, ...held.because)
  }
  const tied = tieTo(question, resource)
  if (tied.decision === 'refuse') return tied
  const bar =
    requireNoBar(question, resource) ??
    requireNoOrder(question, resource) ??
    requirePurpose(question, resource) ??
    proof()
  if (bar) return bar
  const { tie, sees } = tied.value
  // Whom only a delegation lets in acts in that place, whatever roles are its own.
  const letIn = tie === 'standsIn' ? placeIn(question, resource) : undefined
  const acts = actingAs(acting, letIn ? heldBy(acting, letIn) : held.value)
  const ofRole = tie === 'role' ? [] : held.because
  return permit({ tie, sees, acting: acts }, ...ofRole, ...tied.because)
}

function actingAs(acting: Acting, { roles, inPlaceOf }: Held): Acting {
  return { ...acting, roles, ...(inPlaceOf ? { inPlaceOf } : {}) }
}

function requireOffice({ acting, context }: AccessQuestion) {
  const person = personOf(context.standing, acting.officer)
  if (person === undefined || person.state === 'active') return undefined
  return no('notInOffice', 'the account is not in use')
}

type Held = { readonly roles: readonly Role[]; readonly inPlaceOf: string | null }

/** An own role counts first; else one that somebody passed on, for this act, while it holds. */
function heldRole(question: AccessQuestion): Decision<Held, WhyNoAccess> {
  const { acting, action } = question
  const needed: readonly Role[] = ruleOf(action.group).roles
  const rule = `role:${action.name}`
  if (needed.some((role) => acting.roles.includes(role))) {
    return permit(
      { roles: acting.roles, inPlaceOf: null },
      because('role', `the role is one of: ${needed.join(', ')}`),
    )
  }
  const [lent] = lendingRole(question)
  if (lent) {
    const text = 'stands in for somebody with the role, by a delegation that holds now'
    return permit(heldBy(acting, lent), because('delegation', text))
  }
  const text = `this act needs one of these roles: ${needed.join(', ')}${ADMINISTRATORS}`
  return refuse('roleMissing', { rule, text })
}

const ADMINISTRATORS = '; an administrator runs the node and reads no case'

/** What was passed on to the person for this action, by people whom nothing bars from the case. */
function lendingTo({ acting, action, resource, context }: AccessQuestion): readonly Delegation[] {
  const { standing } = context
  const isReading = ruleOf(action.group).kind === 'read'
  return delegationsTo(standing, acting.officer, acting.now).filter(
    ({ from, acts }) =>
      (isReading || acts === null || acts.includes(action.name)) &&
      (resource === null ||
        (!resource.barred?.includes(from) && !conflictIn(standing, from, resource))),
  )
}

/** Those among them that pass on a role for the action: only they count for it. */
function lendingRole(question: AccessQuestion): readonly Delegation[] {
  const needed: readonly Role[] = ruleOf(question.action.group).roles
  return lendingTo(question).filter(({ roles }) => roles.some((role) => needed.includes(role)))
}

function heldBy({ roles }: Acting, lent: Delegation): Held {
  return { roles: [...new Set([...roles, ...lent.roles])], inPlaceOf: lent.from }
}

/** The delegation by somebody who is assigned to the case. */
function placeIn(question: AccessQuestion, { assigned }: CaseForAccess): Delegation | undefined {
  return lendingRole(question).find(({ from }) => assigned.includes(from))
}

type Tied = { readonly tie: Tie; readonly sees: readonly SharedPart[] | null }

function tieTo(question: AccessQuestion, resource: CaseForAccess): Decision<Tied, WhyNoAccess> {
  const ties = tiesOf(question, resource)
  const tie = TIES_THAT_OPEN[resource.classification].find((one) => ties.has(one))
  if (tie && tie !== 'admitted') return permit({ tie, sees: null }, because(tie, TIE_TEXTS[tie]))
  const admission = admissionOf(question, resource)
  if (admission) return asAdmitted(question, admission)
  if (question.acting.roles.every((role) => isAdmittedRole(role))) {
    return no(
      'notAdmitted',
      'people from outside and auditors see only cases to which they were admitted',
    )
  }
  const { classification } = resource
  const text = `the case is ${classification}: it is open to those assigned to it, to oversight, and to whom a rule names`
  return no('notAssigned', text)
}

const TIE_TEXTS: Readonly<Record<Exclude<Tie, 'admitted'>, string>> = {
  role: 'the case is open to this role',
  assigned: 'assigned to the case',
  oversight: 'oversight sees every case',
  review: 'a review in the case is assigned to this person',
  standsIn: 'stands in for somebody who is assigned to the case',
}

function tiesOf(question: AccessQuestion, resource: CaseForAccess): ReadonlySet<Tie> {
  const { officer, roles } = question.acting
  const isStaff = roles.some((role) => !isAdmittedRole(role))
  const holds: Readonly<Record<Exclude<Tie, 'admitted'>, boolean>> = {
    role: isStaff || lendingTo(question).length > 0,
    assigned: resource.assigned.includes(officer),
    oversight: roles.includes('oversight'),
    review: roles.includes('reviewer') && resource.reviewers.includes(officer),
    standsIn: placeIn(question, resource) !== undefined,
  }
  const held = Object.entries(holds).filter(([, isHeld]) => isHeld)
  return new Set(held.map(([tie]) => tie as Tie))
}

function admissionOf(
  { acting }: AccessQuestion,
  { admitted }: CaseForAccess,
): Admission | undefined {
  return admitted.find(
    ({ person, capacity, until }) =>
      person === acting.officer && acting.roles.includes(capacity) && acting.now < until,
  )
}

function asAdmitted({ action }: AccessQuestion, { sees }: Admission): Decision<Tied, WhyNoAccess> {
  const parts = ADMITTED_MAY[action.group as CaseActionGroup] ?? []
  if (parts.some((part) => sees.includes(part))) {
    return permit({ tie: 'admitted', sees }, because('admitted', 'admitted to this case by name'))
  }
  return no('notShared', 'this part of the case was not shared with the admitted person')
}

/** Who is kept out reads nothing of it. A conflict bars from acting always, and from reading what is not open to all. */
function requireNoBar(question: AccessQuestion, resource: CaseForAccess) {
  const { acting, action, context, presentAt = acting.now } = question
  const { standing } = context
  if (resource.barred?.includes(acting.officer)) {
    return no('barred', BARRED_TEXT)
  }
  const isChange = ruleOf(action.group).kind === 'change'
  const isClosed = resource.classification !== 'open'
  if ((isChange || isClosed) && conflictIn(standing, acting.officer, resource)) {
    return no('conflictOfInterest', 'a declared conflict of interest excludes this person')
  }
  if (isChange && absenceOf(standing, acting.officer, presentAt)) {
    return no('absent', 'the person is recorded as absent; end the absence first')
  }
  return undefined
}

/** Who reads an exhibit under a protective order is named in it, whatever role or tie it has. */
function requireNoOrder({ acting, action }: AccessQuestion, { orders = [] }: CaseForAccess) {
  const { exhibitId, group } = action
  if (exhibitId === undefined && group !== 'openExhibit') return undefined
  const against = orders.find(
    ({ exhibits, maySee, until }) =>
      (until === null || acting.now < until) &&
      (exhibits === null || exhibitId === undefined || exhibits.includes(exhibitId)) &&
      !maySee.includes(acting.officer),
  )
  if (!against) return undefined
  const text = `a protective order (${against.reference}) does not name this person`
  return no('underOrder', text)
}

function requirePurpose(question: AccessQuestion, resource: CaseForAccess) {
  const { purpose } = ruleOf(question.action.group)
  const { purposes, legalOrders } = resource
  if (purpose && purposes && !purposes.includes(purpose)) {
    return no('purposeNotDeclared', `the case is not declared for ${purpose}`)
  }
  const own = admissionOf(question, resource)?.legalOrder ?? question.context.legalOrder
  if (legalOrders.length > 0 && !legalOrders.includes(own)) {
    return no('otherLegalOrder', `the case is confined to ${legalOrders.join(', ')}`)
  }
  return undefined
}

function requireProof({ acting, action, context }: AccessQuestion) {
  if (!action.stepUp || isFreshProof(acting.steppedUpAt, context.wireNow)) return undefined
  return no('stepUpNeeded', 'this act needs a fresh proof of who you are: prove it and try again')
}

function isAdmittedRole(role: Role): boolean {
  return (ADMITTED_ROLES as readonly Role[]).includes(role)
}

const because = (rule: string, text: string): Because => ({ rule: `access:${rule}`, text })

function no(why: WhyNoAccess, text: string): Refusal<WhyNoAccess> {
  return refuse(why, because(why, text))
}
