/** Asking a peer whether it holds a case about the same published identifier. */
import { Type } from '@sinclair/typebox'
import { permit } from '../../base/decision.ts'
import {
  MATCH_CATEGORY,
  MATCH_IDENTIFIER_LENGTH_MAX,
  MATCH_IDENTIFIERS_MAX,
  mayAskMatch,
} from '../../core/triage/matching.ts'
import { caseAct } from '../act.ts'
import { decideRelease, prepareForRelease, queueRelease } from '../release-to-peer.ts'
import { rightsReasons } from './fields.ts'
import { hasReport } from './triage-acts.ts'

/**
 * Approves identifiers for matching with one peer, and asks it. From then on they are also
 * compared with what that peer asks, until the release is called back.
 */
export const matchWithPeer = caseAct({
  name: 'matchWithPeer',
  topic: 'disclosure',
  group: 'exchange',
  stepUp: true,
  proposedOn: 'secondOfficerMissing',
  input: Type.Object({
    peer: Type.String({ maxLength: 100 }),
    identifiers: Type.Array(Type.String({ maxLength: MATCH_IDENTIFIER_LENGTH_MAX }), {
      minItems: 1,
      maxItems: MATCH_IDENTIFIERS_MAX,
      uniqueItems: true,
    }),
    ...rightsReasons,
  }),
  when: hasReport,
  prepare: async (step) => {
    const { peer, identifiers, legalBasis } = step.input
    const release = await prepareForRelease(step, {
      kind: 'stub',
      recipient: peer,
      purpose: 'coordinatedDisclosure',
      legalBasis,
      categories: [MATCH_CATEGORY],
      answers: step.input,
      record: { [MATCH_CATEGORY]: [...identifiers] },
    })
    const parties = { asker: step.kernel.node.id, answerer: peer }
    return { release, blinding: step.kernel.matching.blind(parties, identifiers) }
  },
  decide: (state, { peer, identifiers }, acting, { release, blinding }) => {
    const may = mayAskMatch(state.triage, { recipient: peer, identifiers })
    if (may.decision === 'refuse') return may
    const released = decideRelease(state, acting, release)
    if (released.decision === 'refuse') return released
    const { releaseId } = release.command
    const asked = { type: 'matchAsked', releaseId, recipient: peer, identifiers } as const
    return permit([...released.value, { ...asked, ...blinding }], ...released.because)
  },
  finish: (step, { release, blinding }) =>
    queueRelease(step, release, 'matchQuestion', ({ releaseId, agreement }) => ({
      caseId: step.stream.id,
      releaseId,
      agreement,
      blinded: blinding.blinded,
    })),
})
