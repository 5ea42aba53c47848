/** Why an act of the lead on parties and their embargo is refused, besides the disclosure's own rules. */
import { type Decision, refuse } from '../../base/decision.ts'
import type { DisclosureEvent } from '../../core/disclosure/events.ts'

export const onlyTheLead = {
  rule: 'disclosure:leadWrites',
  text: 'the authority that leads the case keeps its roles and its embargo',
}
export const peersAreInvited = {
  rule: 'disclosure:peersAreInvited',
  text: 'an authority with a node is invited by a message before it gets roles here',
}
export const hasTheRoles = {
  rule: 'disclosure:rolesOnce',
  text: 'this party takes part in these roles already',
}
export const manyOpen = {
  rule: 'disclosure:proposalsLimit',
  text: 'at most 20 proposals are open at once; some are decided first',
}
export const inviteAnew = {
  rule: 'disclosure:inviteAnew',
  text: 'this party left; it is invited anew before it proposes or answers',
}
export const ownAct = {
  rule: 'disclosure:ownAct',
  text: 'what this authority does itself it records by its own acts',
}
export const leadStays = {
  rule: 'disclosure:leadStays',
  text: 'the authority that leads the case does not leave it; it ends the embargo or hands over',
}
export const mustJoin = {
  rule: 'disclosure:knownFirst',
  text: 'a party is added with its roles before it is invited',
}
export const nothingToAnswer = {
  rule: 'disclosure:somethingToAnswer',
  text: 'no embargo is proposed or in force',
}
export const nobodyLate = {
  rule: 'disclosure:nobodyLate',
  text: 'every invitation was answered or is still open',
}
export const peerSpeaks = {
  rule: 'disclosure:speaksForItself',
  text: 'this authority has a node and answers with a message of its own',
}
export const ownAnswer: Decision<readonly DisclosureEvent[]> = refuse('speaksForItself', peerSpeaks)
