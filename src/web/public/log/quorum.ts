/** The quorum of a policy in words. It says who must have cosigned, not whether they did. */
import type { Policy, PolicyMember } from '../../../proof/policy.ts'
import type { Messages } from '../../messages.ts'

export function quorumText(messages: Messages, { quorum }: Policy): string {
  if (quorum === 'none') return messages.t('quorum.none')
  return memberText(messages, quorum)
}

function memberText(messages: Messages, member: PolicyMember): string {
  if ('key' in member) return nodeOfWitness(member.key.name)
  const names = member.members.map((each) => {
    const text = memberText(messages, each)
    return 'key' in each ? text : `(${text})`
  })
  const { threshold } = member
  const isAll = threshold === names.length
  const values = { count: threshold, members: names.join(', ') }
  return messages.t(isAll ? 'quorum.all' : 'quorum.some', values)
}

/** How many cosignatures a quorum has at least. */
export function cosignaturesNeeded({ quorum }: Policy): number {
  return quorum === 'none' ? 0 : neededFor(quorum)
}

function neededFor(member: PolicyMember): number {
  if ('key' in member) return 1
  const needs = member.members.map(neededFor).sort((a, b) => a - b)
  return needs.slice(0, member.threshold).reduce((sum, need) => sum + need, 0)
}

/** Witnesses of nodes are named `<node id>/witness`. */
export function nodeOfWitness(keyName: string): string {
  return keyName.replace(/\/witness$/, '')
}
