/**
 * The rules of coordinated disclosure that decisions cite. Those with a source
 * come from the Vultron protocol; those without one are Comity's own.
 */
import type { Because } from '../../base/decision.ts'

const machine = 'Vultron protocol, state machines'
const embargo = 'Vultron protocol, embargo management'

export const rules = {
  reportMachine: {
    rule: 'disclosure.reportMachine',
    text: 'Report management has no such step from this state.',
    source: machine,
  },
  consentMachine: {
    rule: 'disclosure.consentMachine',
    text: 'Embargo consent has no such step from this state.',
    source: machine,
  },
  embargoMachine: {
    rule: 'disclosure.embargoMachine',
    text: 'Embargo management has no such step from this state.',
    source: machine,
  },
  caseMachine: {
    rule: 'disclosure.caseMachine',
    text: 'Of the six events each happens once and in a legal order.',
    source: machine,
  },
  embargoEndFirst: {
    rule: 'disclosure.embargoEndFirst',
    text: 'A report becomes valid only after an embargo end was set, or its refusal recorded.',
    source: 'Vultron DUR-07-004',
  },
  alreadyPublic: {
    rule: 'disclosure.noEmbargoWhenPublic',
    text: 'No embargo may begin once the public is aware.',
    source: embargo,
  },
  exploitPublic: {
    rule: 'disclosure.noEmbargoWhenExploitPublic',
    text: 'No embargo may begin once an exploit is public.',
    source: embargo,
  },
  attacksObserved: {
    rule: 'disclosure.noEmbargoWhenAttacked',
    text: 'No embargo may begin once attacks were observed.',
    source: embargo,
  },
  fixDeployed: {
    rule: 'disclosure.noEmbargoWhenDeployed',
    text: 'No embargo should begin once a fix is deployed.',
    source: embargo,
  },
  notSought: {
    rule: 'disclosure.embargoNotSought',
    text: 'Without a proposal and without a default there is no embargo.',
    source: embargo,
  },
  endInFuture: {
    rule: 'disclosure.endInFuture',
    text: 'An embargo ends at an instant in the future.',
    source: embargo,
  },
  endWithinYear: {
    rule: 'disclosure.endWithinYear',
    text: 'An embargo ends within 365 days.',
    source: embargo,
  },
  longNeedsReason: {
    rule: 'disclosure.longEmbargoNeedsReason',
    text: 'An embargo of more than 90 days needs a recorded justification.',
    source: embargo,
  },
  embargoOver: {
    rule: 'disclosure.embargoOver',
    text: 'An embargo that ended cannot be revived; a new one needs a new case.',
    source: machine,
  },
  endDecided: {
    rule: 'disclosure.endDecided',
    text: 'The embargo end was already set or refused; change it by a revision.',
  },
  reportNotLive: {
    rule: 'disclosure.reportNotLive',
    text: 'An embargo should not begin from a report that is invalid, deferred or closed.',
    source: embargo,
  },
  ownConsent: {
    rule: 'disclosure.ownConsent',
    text: 'Each party is bound by its own consent only.',
  },
  termsNamed: {
    rule: 'disclosure.termsNamed',
    text: 'An answer names the terms it answers; other terms need a fresh invitation.',
    source: embargo,
  },
  shortestFirst: {
    rule: 'disclosure.shortestFirst',
    text: 'Of several proposals the one that ends first is decided first.',
    source: embargo,
  },
  embargoGone: {
    rule: 'disclosure.embargoGone',
    text: 'There is no embargo any more, so the answer changes nothing.',
    source: embargo,
  },
  somethingToJoin: {
    rule: 'disclosure.somethingToJoin',
    text: 'An invitation to an embargo needs a proposal or an embargo in force.',
    source: embargo,
  },
  answerWindow: {
    rule: 'disclosure.answerWindow',
    text: 'An invitation is open for seven days unless it says otherwise, never for less than 72 hours.',
    source: embargo,
  },
  oldTermsStand: {
    rule: 'disclosure.oldTermsStand',
    text: 'If a revision is rejected the old terms stand, for those who consented to them.',
    source: embargo,
  },
  restBecomeRevisions: {
    rule: 'disclosure.restBecomeRevisions',
    text: 'Of several proposals the shortest is in force once accepted; the others become revisions.',
    source: embargo,
  },
  leavingIsNotEnding: {
    rule: 'disclosure.leavingIsNotEnding',
    text: 'A party that leaves does not end the embargo for the others, and gets nothing more.',
    source: embargo,
  },
  briefAfterFix: {
    rule: 'disclosure.briefAfterFix',
    text: 'Once a fix is ready an embargo begins only with a recorded reason, and briefly.',
    source: embargo,
  },
  defaultIsProposal: {
    rule: 'disclosure.defaultIsProposal',
    text: 'A published default is a proposal; a sender who proposes nothing accepts it.',
    source: embargo,
  },
  submittingAccepts: {
    rule: 'disclosure.submittingAccepts',
    text: 'Who submits a report while a proposal is open accepts that proposal.',
    source: embargo,
  },
  senderAccepted: {
    rule: 'disclosure.senderAccepted',
    text: 'Only who accepted a report sends it on.',
    source: machine,
  },
  mergeEarliest: {
    rule: 'disclosure.mergeEarliest',
    text: 'When cases are merged without a new agreement, the earliest accepted end applies.',
    source: embargo,
  },
  siblingsFirst: {
    rule: 'disclosure.siblingsFirst',
    text: 'Of a split case an earlier end takes effect only after the sibling cases were told.',
    source: embargo,
  },
  openWhileInForce: {
    rule: 'disclosure.openWhileInForce',
    text: 'A report is not closed while an embargo is in force.',
    source: embargo,
  },
  publicEndsEmbargo: {
    rule: 'disclosure.publicEndsEmbargo',
    text: 'Public awareness, a public exploit or observed attacks end an embargo at once.',
    source: embargo,
  },
  exploitMeansPublic: {
    rule: 'disclosure.exploitMeansPublic',
    text: 'A public exploit makes the public aware in the same step.',
    source: machine,
  },
  publicMeansVendor: {
    rule: 'disclosure.publicMeansVendor',
    text: 'What the public knows the vendor knows, in the same step.',
    source: machine,
  },
  ownProgress: {
    rule: 'disclosure.ownProgress',
    text: 'Awareness and fix are steps of a vendor, deployment of a vendor that also deploys.',
    source: machine,
  },
  fixNeedsAcceptance: {
    rule: 'disclosure.fixNeedsAcceptance',
    text: 'A vendor has a fix only for a report that it accepted, deferred or closed.',
    source: machine,
  },
  endBorneOut: {
    rule: 'disclosure.endBorneOut',
    text: 'The reason for which an embargo ends must be borne out by the case.',
  },
  contentAfterConsent: {
    rule: 'disclosure.contentAfterConsent',
    text: 'While an embargo is proposed or in force, content goes only to those who consented to it.',
    source: 'Vultron CM-18',
  },
  vendorsSpeakOfProducts: {
    rule: 'disclosure.vendorsSpeakOfProducts',
    text: 'Only a vendor says how its products stand.',
  },
  knowsFirst: {
    rule: 'disclosure.knowsFirst',
    text: 'A vendor says how a product stands once it is aware of the flaw.',
  },
  fixedNeedsFix: {
    rule: 'disclosure.fixedNeedsFix',
    text: 'A product is fixed only after the fix of its vendor was recorded as ready.',
  },
  newWord: {
    rule: 'disclosure.newWord',
    text: 'This is what the vendor said last of this product.',
  },
  claimsAreHeld: {
    rule: 'disclosure.claimsAreHeld',
    text: 'What a participant says of public facts is held until the lead decides on it: the word of one alone ends no embargo.',
  },
  claimOnce: {
    rule: 'disclosure.claimOnce',
    text: 'This participant claimed this already, and the claim is not decided yet.',
  },
  claimsLimit: {
    rule: 'disclosure.claimsLimit',
    text: 'At most 100 claims are held in a case.',
  },
  claimOpen: {
    rule: 'disclosure.claimOpen',
    text: 'A claim is decided once.',
  },
  leftSaysNothing: {
    rule: 'disclosure.leftSaysNothing',
    text: 'Who left the case makes no claims in it.',
  },
  leftTakesNoStep: {
    rule: 'disclosure.leftTakesNoStep',
    text: 'Who left the case takes no step in it until it is invited anew.',
  },
  acknowledgedOnce: {
    rule: 'disclosure.acknowledgedOnce',
    text: 'This participant has said already that it received the report.',
  },
  justifiesNotAffected: {
    rule: 'disclosure.justifiesNotAffected',
    text: 'A justification of VEX says why a product is not affected, and goes with no other status.',
    source: 'CSAF 2.0, profile VEX',
  },
  manyOpen: {
    rule: 'disclosure.proposalsLimit',
    text: 'At most 20 proposals are open at once; some are decided first.',
  },
  draftShared: {
    rule: 'disclosure.draftShared',
    text: 'A draft is read and commented by whoever it was shared with.',
  },
  draftChanged: {
    rule: 'disclosure.draftChanged',
    text: 'The draft has changed since it was read; read it again.',
  },
  productsLimit: {
    rule: 'disclosure.productsLimit',
    text: 'A case holds at most 500 products.',
  },
  evidenceNeeded: {
    rule: 'disclosure.evidenceNeeded',
    text: 'A recorded fact or reason needs at least ten characters that say what it rests on.',
  },
  known: {
    rule: 'disclosure.knownParticipant',
    text: 'Only a participant of the case takes steps in it.',
  },
} as const satisfies Record<string, Because>

/** The rule of a machine, with the state that stands and the step that was asked for. */
export function noStep(rule: Because, state: string, step: string): Because {
  return { ...rule, text: `${rule.text.replace(/\.$/, '')}: ${step} from ${state}.` }
}
