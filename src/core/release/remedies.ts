/** What would make a refused release possible: for each reason, who could do what about it. */
import type { WhyRelease } from './release.ts'

export type Remedy =
  | 'anotherRelease'
  | 'agreementInForce'
  | 'content'
  | 'amendAgreement'
  | 'anotherPurpose'
  | 'clauseInEffect'
  | 'recordedFact'
  | 'transferInstrument'
  | 'lawOnly'
  | 'protectiveOrder'
  | 'decidedClaim'
  | 'anotherLabel'
  | 'originatorConsent'
  | 'nothing'
  | 'personConsent'
  | 'authorisation'
  | 'ordinaryRelease'
  | 'secondOfficer'
  | 'engine'
  | 'anotherOfficer'
  | 'embargoConsent'
  | 'newInvitation'
  | 'reportFirst'
  | 'rightsTest'
  | 'review'
  | 'anotherReviewer'

const REMEDIES: Readonly<Record<WhyRelease, Remedy>> = {
  alreadyDecided: 'anotherRelease',
  agreementNotInForce: 'agreementInForce',
  nothingToRelease: 'content',
  unknownConstraint: 'amendAgreement',
  policyFailed: 'engine',
  officerNotAuthorised: 'anotherOfficer',
  recipientNotParty: 'amendAgreement',
  purposeNotCovered: 'anotherPurpose',
  categoryNotReleasable: 'amendAgreement',
  clauseNotInEffect: 'clauseInEffect',
  conditionNotMet: 'recordedFact',
  lawBlocks: 'lawOnly',
  noTransferInstrument: 'transferInstrument',
  orderForbids: 'protectiveOrder',
  claimStands: 'decidedClaim',
  handlingForbids: 'anotherLabel',
  originatorConsentMissing: 'originatorConsent',
  contentRetracted: 'nothing',
  exhibitRejected: 'nothing',
  consentMissing: 'personConsent',
  authorisationMissing: 'authorisation',
  noEmergency: 'ordinaryRelease',
  secondOfficerMissing: 'secondOfficer',
  embargoConsentMissing: 'embargoConsent',
  recipientLeft: 'newInvitation',
  reportNotReceived: 'reportFirst',
  rightsTestMissing: 'rightsTest',
  rightsTestFailed: 'rightsTest',
  reviewMissing: 'review',
  officerConflict: 'anotherOfficer',
  reviewerConflict: 'anotherReviewer',
}

export function remedyOf(why: WhyRelease): Remedy {
  return REMEDIES[why]
}
