/** Acts by which a single party joins an agreement in force, or leaves it. */
import { Type } from '@sinclair/typebox'
import { permit } from '../base/decision.ts'
import { instant } from '../base/time.ts'
import { partyOf } from '../core/agreement/document.ts'
import {
  hasLeft,
  joinsBySilence,
  mayLeaveBar,
  membershipTerms,
} from '../core/agreement/membership.ts'
import { openText } from '../core/agreement/offered-texts.ts'
import { days, id, nothing, reason, time } from './agreement-act.ts'
import { stepAct } from './agreement-step-act.ts'
import { makeOffer, survivingClauses } from './agreement-steps.ts'
import { partyFrom } from './draft-agreement.ts'

const noClause = () =>
  nothing('partiesChanged', 'the agreement has no clause on how parties join and leave')

/**
 * The text in force with one more party, as an amendment. Whatever else must change, such as
 * a transfer instrument for its legal order, is offered as a text of its own.
 */
export const admitParty = stepAct({
  name: 'admitParty',
  step: 'agreementTextOffered',
  hurts: true,
  input: Type.Object({ joining: id, reason, signWithinDays: days(365) }),
  when: (state, party) => {
    const { document, since } = state
    if (!document || since === null || !membershipTerms(document)) return noClause()
    if (hasLeft(state, party)) return nothing('hasLeft', 'this authority has left the agreement')
    return openText(state) ? nothing('notLater', 'another text is on offer') : permit(null)
  },
  make:
    ({ joining, reason, signWithinDays }) =>
    (making) => {
      const { kernel, state, document } = making
      const peer = joining === kernel.node.id ? undefined : kernel.peers.find(joining)
      if (!peer) return nothing('unknownPeer', `not a known peer: ${joining}`)
      if (partyOf(document, joining) && !hasLeft(state, joining)) {
        return nothing('partiesChanged', `${joining} is a party already`)
      }
      const stays = document.parties.filter(({ node }) => node !== joining && !hasLeft(state, node))
      const next = {
        ...document,
        version: state.lastVersion + 1,
        parties: [...stays, partyFrom(kernel, peer)],
      }
      const rapid = joinsBySilence(document)
      return makeOffer({ document: next, reason, signWithinDays, rapid })(making)
    },
})

export const leaveAgreement = stepAct({
  name: 'leaveAgreement',
  step: 'agreementLeavingNotified',
  hurts: true,
  stepUp: true,
  input: Type.Object({ reason, endsAt: time }),
  when: (state, party) => mayLeaveBar(state, party) ?? permit(null),
  make:
    ({ reason, endsAt }) =>
    ({ party, document }) => ({
      type: 'agreementLeavingNotified',
      party,
      reason,
      endsAt: instant(endsAt, 'endsAt'),
      survivingDuties: survivingClauses(document),
    }),
})
