/**
 * How somebody gets an account: with the setup code, which the operator's terminal
 * shows once, or with an invitation of an administrator. Either is a code told out of
 * band; whoever brings it makes a passkey or names their account at the authority's
 * identity provider, and with that the account is there. There is no password.
 *
 * After a restore the same codes bring people back to the account that they had: the
 * setup code an administrator, an invitation whoever has no means of signing in left.
 */
import { toBase64 } from '../../base/bytes.ts'
import { type Decision, permit, refuse } from '../../base/decision.ts'
import { malformed } from '../../base/errors.ts'
import { type Acting, ROLES, type Role } from '../../core/case/recorded.ts'
import { giveWayBack, inviteOfficer } from '../../core/people/accounts.ts'
import type { PeopleEvent } from '../../core/people/events.ts'
import {
  openWayBack,
  type Standing,
  personOf as standingPersonOf,
} from '../../core/people/standing.ts'
import { decideDeskAccess } from '../access.ts'
import type { Kernel } from '../kernel.ts'
import { readStanding, standingFrom } from '../people/standing.ts'
import type { Officer } from '../ports/people.ts'
import type { Enrollee, Enrolment, MadeEnrolment, ProviderAccount } from '../ports/sign-in.ts'

const NAME_MAX = 100
const ADMINISTRATOR = 'Administrator'

type SetupParts = Pick<Kernel, 'random' | 'staff'> & { readonly signIn: SetupSignIn }
type SetupSignIn = Pick<Kernel['signIn'], 'hasAdministrator' | 'enrolments'>

/** Administrators who are suspended: one of them has to come back first. */
export async function suspendedAdministrators({ staff }: Pick<Kernel, 'staff'>) {
  return (await staff.suspended()).filter(({ roles }) => roles.includes('administrator'))
}

/**
 * A code for the first administrator; `undefined` where one could sign in already.
 * It lasts a day, and withdraws the one before.
 *
 * @param account one of several suspended administrators; `'new'`: none of them is
 * there any more. Without it: the one who is suspended, and `'several'` if they are more
 */
export async function makeSetupCode(
  parts: SetupParts,
  account?: string,
): Promise<MadeEnrolment | 'several' | undefined> {
  const { signIn, random } = parts
  if (await signIn.hasAdministrator()) return undefined
  const suspended = account === 'new' ? [] : await suspendedAdministrators(parts)
  const wanted = account === 'new' ? undefined : account
  const those = wanted ? suspended.filter(({ id }) => id === wanted) : suspended
  if (those.length > 1) return 'several'
  const [known] = those
  if (wanted && !known) {
    throw malformed('there is no such suspended administrator: see comity restore administrator')
  }
  const { id, name } = known ?? { id: random.uuid(), name: ADMINISTRATOR }
  return signIn.enrolments.make('setup', { id, name, roles: ['administrator'] })
}

/**
 * For somebody whose account is there and who has nothing left to sign in with. Whoever
 * has the code can be this officer, so who gave it is on record before it is made.
 */
export async function inviteBack(
  kernel: Kernel,
  officer: string,
  acting: Acting,
): Promise<Decision<MadeEnrolment>> {
  const access = await decideDeskAccess(kernel, INVITE, acting)
  if (access.decision === 'refuse') return access
  const account = await kernel.people.officer(officer)
  if (!account || (await kernel.staff.meansOf(officer)).length > 0) {
    const text = 'only an account in use with no way to sign in gets a new code'
    return refuse('hasMeans', { rule: 'signIn:hasMeans', text })
  }
  const { id, name, roles } = account
  const recorded = await record(kernel, acting, (standing) =>
    giveWayBack(standing, { officer }, acting),
  )
  if (recorded.decision === 'refuse') return recorded
  return permit(
    await kernel.signIn.enrolments.make('invitation', { id, name, roles }, acting.officer),
  )
}

/** Whoever is invited stays: a browser that was left open must not be enough. */
export const INVITE = { name: 'invite', group: 'administer', stepUp: true } as const

/** @throws ComityError `malformed` for a name or roles that cannot be */
export async function invite(
  kernel: Kernel,
  { name, roles }: Pick<Enrollee, 'name' | 'roles'>,
  acting: Acting,
): Promise<Decision<MadeEnrolment>> {
  const { signIn, random } = kernel
  const access = await decideDeskAccess(kernel, INVITE, acting)
  if (access.decision === 'refuse') return access
  const person = { id: random.uuid(), name: checkedName(name), roles: checkedRoles(roles) }
  const recorded = await recordInvitation(kernel, person, acting)
  if (recorded.decision === 'refuse') return recorded
  return permit(await signIn.enrolments.make('invitation', person, acting.officer))
}

/** Who was invited by whom, in which roles: those that one person must not join are refused. */
async function recordInvitation(
  kernel: Kernel,
  { id, roles }: Enrollee,
  acting: Acting,
): Promise<Decision<unknown>> {
  return record(kernel, acting, (standing) =>
    inviteOfficer(standing, { officer: id, roles }, acting),
  )
}

async function record(
  kernel: Kernel,
  acting: Acting,
  decide: (standing: Standing) => Decision<readonly PeopleEvent[]>,
): Promise<Decision<unknown>> {
  return kernel.streams.transact(async (unit) => {
    const stream = await unit.open(kernel.authorityStreamId)
    if (!stream) throw malformed('the node has no authority stream yet')
    const standing = await standingFrom(kernel, stream.history)
    const decided = decide(standing)
    if (decided.decision === 'permit') await stream.append(decided.value, acting.officer)
    return decided
  })
}

/** What somebody brings who enrols. */
export type Means =
  | { readonly kind: 'passkey'; readonly name: string; readonly answer: unknown }
  | { readonly kind: 'provider'; readonly account: ProviderAccount }

export type Enrolled = { readonly officer: Officer; readonly session: string }

/** `undefined` if the enrolment is over, or what was brought does not hold: nothing is changed. */
export async function finishEnrolment(
  kernel: Kernel,
  ticket: string,
  { means, name }: { readonly means: Means; readonly name?: string },
): Promise<Enrolled | undefined> {
  const { signIn, people, clocks } = kernel
  const waiting = await signIn.enrolments.peek(ticket)
  if (!waiting || !(await isStillWanted(kernel, waiting))) return undefined
  const person = personOf(waiting, name)
  const keep = await checkedMeans(kernel, person, means)
  if (!keep || !(await signIn.enrolments.finish(ticket))) return undefined
  const known = await comeBackTo(kernel, waiting)
  const officer = known ?? (await people.enrol(person))
  if (!known) await recordEnrolment(kernel, officer)
  if (!(await keep())) return undefined
  const method = means.kind === 'passkey' ? 'passkey' : 'oidc'
  const provedAt = clocks.wireNow()
  return { officer, session: await people.openSession(officer.id, { method, provedAt }) }
}

/** An account may be ended before anybody has come; who was never recorded was never invited. */
async function isStillWanted(kernel: Kernel, waiting: Enrolment): Promise<boolean> {
  const { kind, person, invitedBy } = waiting
  const { id } = person
  const standing = await readStanding(kernel)
  const state = standingPersonOf(standing, id)?.state
  if (kind === 'setup') {
    const isFree = state === undefined || state === 'suspended'
    return isFree && !(await kernel.signIn.hasAdministrator())
  }
  if (state === 'active') {
    const isGiven = openWayBack(standing, id)?.givenBy === invitedBy
    return isGiven && (await kernel.staff.meansOf(id)).length === 0
  }
  return state === 'invited'
}

/** The account of somebody who had one before; `undefined`: it is new. */
async function comeBackTo(
  kernel: Kernel,
  { kind, person: { id }, invitedBy = '' }: Enrolment,
): Promise<Officer | undefined> {
  const known = (await kernel.staff.everyone()).some((account) => account.id === id)
  if (!known) return undefined
  const event: PeopleEvent =
    kind === 'setup'
      ? { type: 'accountConfirmed', officer: id, roles: ['administrator'], means: 0 }
      : { type: 'wayBackUsed', officer: id, givenBy: invitedBy }
  await kernel.streams.transact(async (unit) => {
    const stream = await unit.open(kernel.authorityStreamId)
    await stream?.append([event], kernel.node.id)
  })
  // Whatever it signed in with before: only what is made now counts.
  if (kind === 'setup') await kernel.staff.confirm(id, [])
  return kernel.people.officer(id)
}

/** An administrator by setup code says their own name, unless the account has one. */
function personOf({ kind, person }: Enrolment, name: string | undefined): Enrollee {
  const isNew = person.name === ADMINISTRATOR
  return kind === 'setup' && isNew && name !== undefined
    ? { ...person, name: checkedName(name) }
    : person
}

/** Checked before anything is kept; what it returns keeps it. */
async function checkedMeans(
  { signIn }: Kernel,
  person: Enrollee,
  means: Means,
): Promise<(() => Promise<boolean>) | undefined> {
  if (means.kind === 'provider') {
    const { account } = means
    const holder = await signIn.providers.officerOf(account)
    return holder === undefined || holder === person.id
      ? () => signIn.providers.bind(person.id, account)
      : undefined
  }
  const { passkeys } = signIn
  const made = await passkeys?.checkRegistration(person.id, means.answer)
  return passkeys && made ? () => passkeys.add(person.id, means.name, made) : undefined
}

async function recordEnrolment({ streams, authorityStreamId, node }: Kernel, officer: Officer) {
  const { id, publicKey, roles } = officer
  await streams.transact(async (unit) => {
    const stream = await unit.open(authorityStreamId)
    if (!stream) throw malformed('the node has no authority stream yet')
    const enrolled = { officer: id, publicKey: toBase64(publicKey), roles }
    await stream.append([{ type: 'officerEnrolled', ...enrolled }], node.id)
  })
}

function checkedName(given: string): string {
  const name = given.trim().normalize('NFC')
  if (name === '' || name.length > NAME_MAX || /\p{Cc}/u.test(name)) {
    throw malformed(`a name has 1 to ${NAME_MAX} characters`, { field: 'name', reason: 'schema' })
  }
  return name
}

function checkedRoles(roles: readonly string[]): Role[] {
  const known = ROLES.filter((role) => roles.includes(role))
  if (known.length === 0 || known.length !== new Set(roles).size) {
    throw malformed('at least one role, and none that is unknown', {
      field: 'roles',
      reason: 'schema',
    })
  }
  return known
}
