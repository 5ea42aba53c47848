/** Every act on a case that an officer can ask for, in the order in which pages show them. */
import type { CaseAct } from './act.ts'
import {
  admitGuest,
  admitPerson,
  assignOfficer,
  barOfficer,
  classifyCase,
  declarePurposes,
  liftBar,
  removePerson,
  shareDocument,
  unassignOfficer,
  withdrawDocument,
} from './acts/access-acts.ts'
import { draftAdvisory, draftSafetyNotice, dropAdvisoryDraft } from './acts/advisory-draft-acts.ts'
import { answerAssistance, prepareAnswer, refuseAssistance } from './acts/answer-acts.ts'
import { fulfilAssistance, requestAssistance } from './acts/assistance-acts.ts'
import { attachOrderSignature, stampOrder } from './acts/attestation-acts.ts'
import { claimPublicFact, decideFactClaim, recordFactClaim } from './acts/claim-acts.ts'
import {
  askConsent,
  endAuthorisation,
  recordAuthorisation,
  recordConsent,
  withdrawConsent,
} from './acts/consent-acts.ts'
import { openContact } from './acts/contact-acts.ts'
import {
  addParticipant,
  inviteParty,
  proposeEmbargo,
  recordEmbargoAnswer,
  recordLeaving,
  recordReportStep,
  recordSilence,
  rejectProposal,
} from './acts/coordination-acts.ts'
import {
  answerInvitation,
  decideOnReport,
  endEmbargo,
  inviteToCase,
  recordProgress,
  refuseEmbargo,
  setEmbargoEnd,
} from './acts/disclosure-acts.ts'
import { appraiseExhibits, setDisposalClass } from './acts/disposal-acts.ts'
import { answerDutyDischarge, dischargeDuty, reportBreach } from './acts/duty-acts.ts'
import { releaseInEmergency, validateEmergency } from './acts/emergency-acts.ts'
import {
  agreeDecisionTree,
  approveMeasure,
  nameOperator,
  openHearing,
  proposeOrder,
  recommendMeasure,
  recordRepresentation,
  skipRung,
  warnOperator,
} from './acts/enforcement-acts.ts'
import { eraseCase } from './acts/erasure-acts.ts'
import { acknowledgeExhibit, openExhibit, sealExhibit } from './acts/evidence-acts.ts'
import { releaseFile, releaseFileByHand, releaseFileInEmergency } from './acts/file-release-acts.ts'
import { imposeFine, recordNonCompliance, recordOtherFine } from './acts/fine-acts.ts'
import { makeHandOver, recordHandOver, releaseByHand } from './acts/hand-over-acts.ts'
import {
  addLineage,
  addReviewAction,
  answerSupport,
  changePlaybookItem,
  closeCase,
  endTaskForce,
  formTaskForce,
  importLineage,
  joinTaskForce,
  offerSupport,
  recordAfterAction,
  startPlaybook,
} from './acts/joint-acts.ts'
import { keepErased } from './acts/keep-erased-act.ts'
import { assessCompetence, computeClocks, recordClockEvent, recordFacts } from './acts/law-acts.ts'
import { answerLead, offerLead } from './acts/lead-acts.ts'
import { leaveCase } from './acts/leaving-act.ts'
import { makeLetter } from './acts/letter-acts.ts'
import { matchWithPeer } from './acts/matching-acts.ts'
import { passOnRelease, withdrawOnwardConsent } from './acts/onward-acts.ts'
import {
  answerCommitment,
  decideClaim,
  followAppeal,
  recordAppealPeriod,
} from './acts/other-side-acts.ts'
import { publishAdvisory, publishDraft, withdrawPublication } from './acts/publication-acts.ts'
import {
  decideReporterAppeal,
  escalateReporterAppeal,
  thankReporter,
} from './acts/recognition-acts.ts'
import {
  liftLegalHold,
  liftProtectiveOrder,
  placeLegalHold,
  recordProtectiveOrder,
} from './acts/records-acts.ts'
import {
  answerRecordsConsultation,
  askRecordsOriginator,
  recordRecordsConsultation,
} from './acts/records-consultation-acts.ts'
import { makeRecordsLetter } from './acts/records-letter-act.ts'
import {
  answerRecordsRequest,
  decideRecordsItem,
  noteRecordsAppeal,
  recordRecordsRequest,
  searchRecords,
} from './acts/records-request-acts.ts'
import { redactPages, redactRecord, reviewRedaction } from './acts/redaction-acts.ts'
import { releaseToPeer } from './acts/release-acts.ts'
import {
  answerPerson,
  finishRemedy,
  followUpRemedy,
  giveOwnData,
  orderRemedy,
  reportRemedy,
} from './acts/remedy-acts.ts'
import {
  answerOnwardConsent,
  askOnwardConsent,
  confirmDeletion,
  withdrawRelease,
} from './acts/retraction-acts.ts'
import {
  askDelayReview,
  assignReview,
  decideReview,
  delayNotice,
  liftDelay,
  recordAffectedPerson,
  sendNotice,
} from './acts/rights-acts.ts'
import { recordRightsTest } from './acts/rights-test-acts.ts'
import { scrubExhibit } from './acts/scrub-acts.ts'
import { proposeTerms } from './acts/terms-acts.ts'
import {
  assignTaxonomy,
  classifyReport,
  computePriority,
  decidePriority,
  judgeDuplicate,
  scoreCvss,
} from './acts/triage-acts.ts'
import { recordProductStatus } from './acts/vendor-acts.ts'
import { inspectExhibit } from './oversight/inspect-exhibit.ts'

export const caseActs: readonly CaseAct[] = [
  assignTaxonomy,
  classifyReport,
  computePriority,
  decidePriority,
  scoreCvss,
  judgeDuplicate,
  matchWithPeer,
  recordFacts,
  assessCompetence,
  recordClockEvent,
  computeClocks,
  setEmbargoEnd,
  refuseEmbargo,
  decideReporterAppeal,
  escalateReporterAppeal,
  decideOnReport,
  inviteToCase,
  answerInvitation,
  leaveCase,
  offerLead,
  answerLead,
  proposeTerms,
  addParticipant,
  proposeEmbargo,
  inviteParty,
  recordEmbargoAnswer,
  recordProductStatus,
  recordFactClaim,
  decideFactClaim,
  claimPublicFact,
  recordSilence,
  rejectProposal,
  recordLeaving,
  recordReportStep,
  recordProgress,
  endEmbargo,
  recordRightsTest,
  releaseToPeer,
  releaseFile,
  releaseInEmergency,
  releaseFileInEmergency,
  validateEmergency,
  withdrawRelease,
  confirmDeletion,
  keepErased,
  askOnwardConsent,
  answerOnwardConsent,
  withdrawOnwardConsent,
  passOnRelease,
  dischargeDuty,
  answerDutyDischarge,
  reportBreach,
  sealExhibit,
  openExhibit,
  redactRecord,
  redactPages,
  reviewRedaction,
  scrubExhibit,
  recordProtectiveOrder,
  liftProtectiveOrder,
  placeLegalHold,
  liftLegalHold,
  setDisposalClass,
  appraiseExhibits,
  eraseCase,
  recordRecordsRequest,
  searchRecords,
  decideRecordsItem,
  askRecordsOriginator,
  recordRecordsConsultation,
  answerRecordsConsultation,
  answerRecordsRequest,
  makeRecordsLetter,
  noteRecordsAppeal,
  inspectExhibit,
  acknowledgeExhibit,
  requestAssistance,
  prepareAnswer,
  answerAssistance,
  refuseAssistance,
  fulfilAssistance,
  nameOperator,
  agreeDecisionTree,
  recommendMeasure,
  warnOperator,
  skipRung,
  openHearing,
  recordRepresentation,
  proposeOrder,
  approveMeasure,
  recordNonCompliance,
  recordOtherFine,
  imposeFine,
  stampOrder,
  attachOrderSignature,
  recordAffectedPerson,
  delayNotice,
  askDelayReview,
  liftDelay,
  sendNotice,
  openContact,
  assignReview,
  decideReview,
  orderRemedy,
  reportRemedy,
  giveOwnData,
  finishRemedy,
  followUpRemedy,
  answerPerson,
  askConsent,
  recordConsent,
  withdrawConsent,
  recordAuthorisation,
  endAuthorisation,
  decideClaim,
  answerCommitment,
  recordAppealPeriod,
  followAppeal,
  publishAdvisory,
  draftAdvisory,
  draftSafetyNotice,
  publishDraft,
  thankReporter,
  dropAdvisoryDraft,
  withdrawPublication,
  makeLetter,
  startPlaybook,
  changePlaybookItem,
  recordAfterAction,
  addReviewAction,
  closeCase,
  offerSupport,
  answerSupport,
  formTaskForce,
  joinTaskForce,
  endTaskForce,
  importLineage,
  addLineage,
  classifyCase,
  assignOfficer,
  unassignOfficer,
  barOfficer,
  liftBar,
  admitPerson,
  admitGuest,
  removePerson,
  shareDocument,
  withdrawDocument,
  declarePurposes,
  releaseByHand,
  releaseFileByHand,
  makeHandOver,
  recordHandOver,
]

export function findCaseAct(name: string): CaseAct | undefined {
  return caseActs.find((act) => act.name === name)
}
