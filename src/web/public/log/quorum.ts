/** The quorum of a policy in words. It says who must have cosigned, not whether they did. */
import type { Policy, PolicyMember } from '../../../proof/policy.ts'
import type { Messages } from '../../messages.ts'

export function quorumText(messages: Messages, { quorum }: Policy): string {
  if (quorum === 'none') return messages.t('quorum.none')
  return memberText(messages, quorum)
}

function memberText(messages: Messages, member: PolicyMember): string {
  if ('key' in member) return nodeOfWitness(member.key.name)
  const { threshold, members } = member
  // The keys of one witness: which of them is a matter of the policy, not of this sentence.
  const [name, ...others] = new Set(namesIn(member))
  if (name !== undefined && others.length === 0) return nodeOfWitness(name)
  if (threshold === members.length) {
    const list = new Intl.ListFormat(messages.lang, { type: 'conjunction' })
    return list.format(members.map((each) => memberText(messages, each)))
  }
  const names = members.map((each) => {
    const text = memberText(messages, each)
    return 'key' in each || each.threshold < each.members.length ? text : `(${text})`
  })
  return messages.t('quorum.some', { count: threshold, members: names.join(', ') })
}

function namesIn(member: PolicyMember): readonly string[] {
  return 'key' in member ? [member.key.name] : member.members.flatMap(namesIn)
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
