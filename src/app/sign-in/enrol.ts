/**
 * How somebody gets an account: with the setup code, which the operator's terminal
 * shows once, or with an invitation of an administrator. Either is a code told out of
 * band; whoever brings it makes a passkey or names their account at the authority's
 * identity provider, and with that the account is there. There is no password.
 */
import { toBase64 } from '../../base/bytes.ts'
import { type Decision, permit } from '../../base/decision.ts'
import { malformed } from '../../base/errors.ts'
import { type Acting, ROLES, type Role } from '../../core/case/recorded.ts'
import { inviteOfficer } from '../../core/people/accounts.ts'
import { personOf as standingPersonOf } from '../../core/people/standing.ts'
import { decideDeskAccess } from '../access.ts'
import type { Kernel } from '../kernel.ts'
import { readStanding, standingFrom } from '../people/standing.ts'
import type { Officer } from '../ports/people.ts'
import type { Enrollee, Enrolment, MadeEnrolment, ProviderAccount } from '../ports/sign-in.ts'

const NAME_MAX = 100
const ADMINISTRATOR = 'Administrator'

/**
 * A code for the first administrator; `undefined` where one could sign in already.
 * It lasts a day, and withdraws the one before.
 */
export async function makeSetupCode({
  signIn,
  random,
}: Pick<Kernel, 'signIn' | 'random'>): Promise<MadeEnrolment | undefined> {
  if (await signIn.hasAdministrator()) return undefined
  const person = { id: random.uuid(), name: ADMINISTRATOR, roles: ['administrator'] as const }
  return signIn.enrolments.make('setup', person)
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
  return kernel.streams.transact(async (unit) => {
    const stream = await unit.open(kernel.authorityStreamId)
    if (!stream) throw malformed('the node has no authority stream yet')
    const standing = await standingFrom(kernel, stream.history)
    const decided = inviteOfficer(standing, { officer: id, roles }, acting)
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
  const officer = await people.enrol(person)
  await recordEnrolment(kernel, officer)
  if (!(await keep())) return undefined
  const method = means.kind === 'passkey' ? 'passkey' : 'oidc'
  const provedAt = clocks.wireNow()
  return { officer, session: await people.openSession(officer.id, { method, provedAt }) }
}

/** An account may be ended before anybody has come; who was never recorded was never invited. */
async function isStillWanted(kernel: Kernel, { kind, person }: Enrolment): Promise<boolean> {
  if (kind === 'setup') return !(await kernel.signIn.hasAdministrator())
  return standingPersonOf(await readStanding(kernel), person.id)?.state === 'invited'
}

/** An administrator by setup code says their own name; who was invited has one. */
function personOf({ kind, person }: Enrolment, name: string | undefined): Enrollee {
  return kind === 'setup' && name !== undefined ? { ...person, name: checkedName(name) } : person
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
    return holder === undefined ? () => signIn.providers.bind(person.id, account) : undefined
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
