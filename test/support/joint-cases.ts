/** Cases of one node that a peer has joined, opened through the officers' interface. */
import type { Hand } from '../../src/cli/story/client.ts'
import { sampleReport } from '../../src/cli/story/reports.ts'
import { waitFor } from '../../src/cli/story/story.ts'

const REASON = 'Invented for a test.'
const PRIORITY = {
  'ssvc:E:1.1.0': 'P',
  'ssvc:A:2.0.0': 'Y',
  'ssvc:TI:1.0.0': 'T',
  'ssvc:MWI:1.0.0': 'M',
}

export type JointCases = {
  readonly lead: Hand
  readonly peer: Hand
  /** Node id of the peer. */
  readonly peerId: string
  readonly count: number
}

/** Returns the ids at the lead. */
export async function openJointCases(wanted: JointCases): Promise<readonly string[]> {
  const { lead, peer, peerId, count } = wanted
  const cases: string[] = []
  for (let n = 0; n < count; n += 1) cases.push(await openInvited(lead, peerId))
  for (const id of cases) {
    const own = await waitFor('the invitation', () => linkedCase(peer, id))
    await peer.do(own, 'answerInvitation', { answer: 'accept', reason: REASON })
  }
  return cases
}

/** A case of its own, to which nobody was invited. */
export async function openAccepted(officer: Hand): Promise<string> {
  const { answers } = sampleReport()
  const answer = await officer.post('/cases', { title: 'Case (invented)', answers })
  if ('refused' in answer) throw new Error(`no case: ${answer.refused.why}`)
  const { streamId } = answer.done
  await officer.do(streamId, 'refuseEmbargo', { ground: 'notSought', reason: REASON })
  await officer.do(streamId, 'decideOnReport', { step: 'validate' })
  await officer.do(streamId, 'decideOnReport', { step: 'accept' })
  await officer.do(streamId, 'computePriority', { inputs: PRIORITY })
  await officer.do(streamId, 'decidePriority', { decision: 'accepted', reason: REASON })
  return streamId
}

async function openInvited(officer: Hand, peer: string): Promise<string> {
  const id = await openAccepted(officer)
  await officer.do(id, 'inviteToCase', {
    peer,
    legalBasis: REASON,
    necessity: REASON,
    proportionality: REASON,
    nonDiscrimination: REASON,
    leastIntrusive: REASON,
    expression: 'It touches no press, union, protest, religion or politics.',
  })
  return id
}

export async function linkedCase(hand: Hand, lead: string): Promise<string | undefined> {
  const rows = await hand.get<{ id: string; leadCaseId?: string }[]>('/cases')
  return rows.find(({ leadCaseId }) => leadCaseId === lead)?.id
}
