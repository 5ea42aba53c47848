/** Who of this authority, beside one person, may say who sees a case: by roles of accounts in use. */
import { ruleOf } from '../core/access/rules.ts'
import type { Role } from '../core/case/recorded.ts'
import { personOf } from '../core/people/standing.ts'
import type { Kernel } from './kernel.ts'

export async function othersWhoSteer(
  { people, access }: Pick<Kernel, 'people' | 'access'>,
  self: string,
): Promise<readonly string[]> {
  const [officers, standing] = await Promise.all([people.officers(), access.standing()])
  const needed: readonly Role[] = ruleOf('steer').roles
  return officers
    .filter(({ id, roles }) => id !== self && roles.some((role) => needed.includes(role)))
    .map(({ id }) => id)
    .filter((id) => (personOf(standing, id)?.state ?? 'active') === 'active')
}
