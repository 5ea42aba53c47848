/**
 * What a restored node may do, given what others have seen. Pure: asked by the node
 * that waits and by the administrator's command, with the same answer.
 */
import { isQuorum, type Policy } from '../../proof/policy.ts'
import type { Answers, PeerSaw, Saw } from './ask.ts'

export type ChannelStep = 'same' | 'newEpoch' | 'askLater'

export type ReturnPlan = {
  /**
   * `goOn`: nobody has seen more, all were asked. `confirm`: something opens anew, or
   * is left for later; a person says so. `wait`: not enough witnesses have answered.
   */
  readonly step: 'goOn' | 'confirm' | 'wait'
  readonly log: 'same' | 'follow'
  readonly channels: readonly (PeerSaw & { readonly step: ChannelStep })[]
}

export function planReturn({ witnesses, peers, notices }: Answers, policy: Policy): ReturnPlan {
  const answered = witnesses.filter(({ saw }) => saw !== 'silent')
  // Whoever answers is one witness, however many keys the policy lists of it.
  const names = new Set(answered.map(({ key }) => key.name))
  const keys = policy.witnesses.map(({ key }) => key)
  const isEnough = isQuorum(
    policy,
    keys.filter(({ name }) => names.has(name)),
  )
  // Who is silent may have seen more: only a log that nobody has seen cannot fork.
  // Without a witness nobody is asked, and whoever holds a receipt of the lost time sees a fork.
  const isHeld =
    witnesses.length > 0 && notices.length === 0 && witnesses.every(({ saw }) => saw === 'held')
  const log: ReturnPlan['log'] = isHeld ? 'same' : 'follow'
  const channels = peers.map((peer) => ({ ...peer, step: channelStep(peer.saw, log) }))
  if (!isEnough) return { step: 'wait', log, channels }
  const isUnchanged = log === 'same' && channels.every(({ step }) => step === 'same')
  return { step: isUnchanged ? 'goOn' : 'confirm', log, channels }
}

/** With a new log every channel starts anew too: its first message carries the notice. */
function channelStep(saw: Saw, log: ReturnPlan['log']): ChannelStep {
  if (saw === 'silent') return 'askLater'
  return saw === 'held' && log === 'same' ? 'same' : 'newEpoch'
}
