/**
 * Types of events that the archived story does not hold, each group with the reason.
 * What is here has a test of its own with the event in it; a change of its form is
 * held by that test and by `wire/event-versions.ts`, not by the archive.
 */
const REASONS: readonly (readonly [reason: string, types: string])[] = [
  [
    'its authorities work each on their own: core/joint, test/kernel/joint-work',
    `playbookStarted playbookItemChanged afterActionRecorded reviewActionAdded caseClosed
     supportOffered supportAnswered taskForceFormed taskForceCaseAdded taskForceEnded lineageRecorded`,
  ],
  ['nobody scores a vector or compares cases in it: core/triage', 'cvssScored duplicateJudged'],
  [
    'nobody in it asks to be thanked or appeals: core/disclosure/recognition and reporter-appeal',
    `creditChosen creditSet reporterAppealed reporterAppealEscalated reporterAppealDecided
     reportReopened`,
  ],
  [
    'no two cases of it name one identifier: test/federation/matching',
    'matchAsked matchAnswered matchCompared',
  ],
  [
    'its advisories have one version, and no safety notice goes out: core/disclosure/advisories',
    'advisoryDrafted advisoryDraftDropped safetyNoticePublished',
  ],
  [
    'the story has nobody from outside: shown by test/journeys of guests and shared cases',
    `documentShared documentWithdrawn guestAdmitted guestViewed personAdmitted personRemoved
     sharedViewed statementFiled`,
  ],
  [
    'its case is open and no act in it takes a second person: test/journeys/access, test/access',
    `actProposed proposalApproved proposalRejected proposalWithdrawn caseClassified
     officerAssigned officerUnassigned officerBarred officerBarLifted purposesDeclared reviewAssigned`,
  ],
  [
    'work beside the case: tests of hand-overs, letters, notices and duties',
    'handOverMade handOverReceived letterMade reporterWritten retaliationReported deadlineEscalated dutyDischarged noticeDelayLifted',
  ],
  [
    'no order binds its exhibits, nothing is held back or destroyed: core/evidence, journeys/records',
    `protectiveOrderRecorded protectiveOrderLifted legalHoldPlaced legalHoldLifted
     disposalClassSet exhibitsAppraised`,
  ],
  [
    'no file crosses a border in it: core/evidence/transfer, test/journeys/file-transfer',
    'exhibitAnnounced exhibitTransferEnded',
  ],
  [
    'nobody asks for records in it: core/evidence/records-request',
    `recordsRequestReceived recordsItemDecided recordsOriginatorAsked recordsOriginatorAnswered
     recordsOriginatorReplied recordsSearched recordsReleased recordsConsultationReceived
     recordsConsultationDecided recordsRequestAnswered recordsAppealNoted`,
  ],
  [
    'no duty falls due in it: core/release/follow-duties, test/journeys/duties',
    `dutyDischargeReceived dutyDischargeAnswered dutyAnswerReceived dutyBreached
     receivedViewDestroyed`,
  ],
  [
    'nothing is called back, stopped or passed on: core/release, test/journeys/retraction',
    `emergencyValidated releaseWithdrawn releaseStopped releaseRetracted retractionConfirmed retractionKept
     retractionDone onwardConsentAsked onwardConsentRequested onwardConsentDecided
     onwardConsentAnswered onwardConsentWithdrawn onwardConsentEnded`,
  ],
  [
    'its copies leave out whole turns under the review of the release: core/evidence, journeys/redaction',
    'redactionReviewed',
  ],
  ['the other branch of a step that is told: tests beside the code', 'embargoEndRefused'],
  ['nobody leaves in it: core/disclosure, comity eval embargo', 'participantLeft'],
  ['no vendor speaks of a product in it: app/acts/coordination-acts', 'productStatusStated'],
  [
    'the lead stays where it is in it: test/federation/lead-hand-off',
    'leadOffered leadOfferAnswered leadPassed',
  ],
  ['no peer proposes terms in it: test/federation/embargo-terms', 'termsProposed'],
  ['no vendor comes by a link in it: app/speak-at-seat.test', 'participantSpoke'],
  [
    'nobody claims a public fact in it: core/disclosure/claims',
    'publicFactClaimed publicFactDecided',
  ],
  ['nobody revises an embargo in it: core/disclosure/terms-told', 'embargoTermsReceived'],
  [
    'nobody disobeys in the story, and nobody is fined: tests beside the code',
    'nonComplianceRecorded otherFineRecorded',
  ],
  [
    'nobody is asked for consent and no court decides: core/rights, test/journeys/persons-page',
    `consentAsked consentGiven consentRefused consentWithdrawn
     authorisationRecorded authorisationEnded`,
  ],
  [
    'nobody asks for more than a review: core/rights, test/journeys/persons-page',
    `noticeTimerRan remedyOrdered remedyReported remedyDone remedyFollowedUp ownDataGiven
     personWrote personAnswered`,
  ],
  [
    'the operator answers and claims nothing: core/rights, test/journeys/other-side',
    `claimFiled claimDecided claimChallenged commitmentOffered commitmentAnswered
     appealFiled appealFollowed appealPeriodRecorded`,
  ],
  [
    'what arrived is accepted or rejected: core/evidence/acknowledge.test.ts, test/journeys',
    'exhibitAcknowledged exhibitAnswerReceived',
  ],
  ['nothing is stamped or signed from outside: test/operations/attestations', 'signatureAttached'],
  ['nothing is stamped or signed from outside: test/operations/attestations', 'timeStampReceived'],
  [
    'the agreement stays in force as it is: tests beside the code, test/federation/agreements',
    `agreementAmended agreementCommented agreementConsentedBySilence agreementDraftDropped
     agreementLapsed agreementLeavingNotified agreementPartyLeft agreementObjected agreementOfferLapsed agreementOfferWithdrawn
     agreementResumed agreementRetired agreementRetirementNotified agreementStepRefused
     agreementSuspended agreementTextOffered carveOutUsed clauseDisputeOpened
     clauseDisputeResolved clauseDisputeStepTaken`,
  ],
  [
    'its people come, stay and lend nothing: core/people, test/kernel/people-acts, test/journeys/people',
    `officerInvited officerRolesChanged leavingStarted leavingCancelled workHandedOver officerLeft
     conflictDeclared conflictWithdrawn absenceSet absenceEnded delegationGiven
     delegationWithdrawn shiftPlanned shiftCancelled dutyHandedOver dutyAccepted liaisonTermSet
     liaisonSuccessorNamed liaisonTermEnded`,
  ],
  [
    'no node is restored in it: test/journeys/restored-people',
    'accountSuspended accountConfirmed wayBackGiven wayBackUsed',
  ],
  [
    'no key is changed in it: test/operations/keys, tests of sealing keys and documents',
    'keyCeremonyHeld sealingKeyEnded peerDocumentRenewed',
  ],
]

/** By type: why it is not in the archive. */
export const NOT_IN_STORY: ReadonlyMap<string, string> = new Map(
  REASONS.flatMap(([reason, types]) =>
    types
      .split(/\s+/)
      .filter((type) => type !== '')
      .map((type) => [type, reason] as const),
  ),
)
