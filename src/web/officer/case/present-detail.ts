/** What the timeline of a case says of an event beside its name. Pure. */
import type { CaseEvent } from '../../../core/case/case.ts'
import { readable } from '../../words.ts'
import type { Names } from './names.ts'

/** A few words beside an event in the timeline. Nothing that identifies a person. */
export function detailOf(event: CaseEvent, names: Names): string | undefined {
  switch (event.type) {
    case 'caseOpened':
      return event.leadCaseId ? `Led by ${names.authority(event.lead).name}` : event.title
    case 'taxonomyAssigned':
      return event.terms.map(({ label }) => label).join(', ')
    case 'priorityComputed':
      return event.outcomes.map(({ name }) => name).join(' or ')
    case 'priorityDecided':
      return `${readable(event.decision)}: ${event.outcome}`
    case 'cvssScored':
      return `${event.score.toFixed(1)} ${event.severity} (${event.nomenclature})`
    case 'matchAsked':
      return `${event.identifiers.join(', ')}: asked of ${names.authority(event.recipient).name}`
    case 'matchAnswered':
      return event.hits.length > 0 ? `Held there too: ${event.hits.join(', ')}` : 'No hit'
    case 'matchCompared':
      return `Asked by ${names.authority(event.from).name}`
    case 'duplicateJudged':
      return `${readable(event.judgement)}: ${event.otherCaseId.slice(-8)}`
    case 'embargoEndSet':
      return `Until ${event.until}`
    case 'embargoChanged':
      return readable(event.to)
    case 'consentChanged':
      return `${names.authority(event.participant).name}: ${readable(event.to)}`
    case 'participantJoined':
    case 'participantLeft':
      return names.authority(event.participant).name
    case 'reportStateChanged':
      return readable(event.to)
    case 'publicFactClaimed':
      return `${event.letter}: ${event.evidence}`
    case 'publicFactDecided':
      return readable(event.outcome)
    case 'leadOffered':
    case 'leadPassed':
      return `${names.authority(event.from).name}, ${names.authority(event.to).name}`
    case 'leadOfferAnswered':
      return readable(event.answer)
    case 'participantSpoke':
      return `${names.authority(event.participant).name}: ${readable(event.word)}`
    case 'productStatusStated':
      return `${event.product}: ${readable(event.status)}`
    case 'progressChanged':
      return `${event.letter}: ${event.evidence}`
    case 'factsRecorded':
      return Object.keys(event.facts).join(', ')
    case 'clockEventRecorded':
      return event.clock ? `${event.event} (${event.clock})` : event.event
    case 'clocksComputed':
      return `${event.results.length} clocks`
    case 'releaseDecided':
      return `${readable(event.decision)}: ${event.categories.join(', ')}, to ${names.authority(event.recipient).name}`
    case 'releaseReceived':
      return `${event.categories.join(', ')}, from ${names.authority(event.from).name}`
    case 'releaseReceiptReceived':
      return readable(event.status)
    case 'releaseWithdrawn':
      return `${readable(event.cause)}: ${event.reason}`
    case 'releaseRetracted':
      return `${readable(event.cause)}, ${names.authority(event.from).name}`
    case 'releaseStopped':
      return readable(event.why)
    case 'emergencyValidated':
      return event.reason
    case 'retractionConfirmed':
      return event.proof
    case 'onwardConsentAsked':
    case 'onwardConsentRequested':
      return `${names.authority(event.recipient).name}: ${event.reason}`
    case 'onwardConsentWithdrawn':
      return event.reason
    case 'onwardConsentDecided':
    case 'onwardConsentAnswered':
      return readable(event.answer)
    case 'invitationReceived':
      return `From ${names.authority(event.from).name}`
    case 'invitationAnswered':
      return readable(event.answer)
    case 'exhibitSealed':
    case 'exhibitRedacted':
    case 'exhibitReceived':
    case 'exhibitAnnounced':
      return event.name
    case 'exhibitTransferEnded':
      return readable(event.outcome)
    case 'exhibitAcknowledged':
    case 'exhibitAnswerReceived':
      return readable(event.answer) + (event.reason ? `: ${event.reason}` : '')
    case 'redactionReviewed':
      return `${readable(event.outcome)}: ${event.reason}`
    case 'custodyRecorded':
      return `${readable(event.act)}: ${event.purpose}`
    case 'dutyDischarged':
    case 'dutyDischargeReceived':
      return event.proof
    case 'dutyDischargeAnswered':
    case 'dutyAnswerReceived':
      return `${readable(event.answer)}: ${event.reason}`
    case 'dutyBreached':
    case 'receivedViewDestroyed':
      return event.reason
    case 'protectiveOrderRecorded':
      return `${event.orderedBy}, ${event.reference}`
    case 'protectiveOrderLifted':
      return `${event.liftedBy}, ${event.reference}`
    case 'legalHoldPlaced':
      return event.ground
    case 'disposalClassSet':
      return event.classId
    case 'exhibitsAppraised':
      return `${readable(event.outcome)}: ${event.reason}`
    case 'legalHoldLifted':
      return event.reason
    case 'recordsRequestReceived':
      return event.requester
    case 'recordsItemDecided':
      return readable(event.outcome)
    case 'recordsOriginatorAsked':
      return event.originator
    case 'recordsConsultationReceived':
      return event.question
    case 'recordsConsultationDecided':
    case 'recordsOriginatorReplied':
    case 'recordsOriginatorAnswered':
      return readable(event.answer)
    case 'recordsSearched':
      return event.how
    case 'recordsReleased':
      return `${event.released.length}`
    case 'recordsRequestAnswered':
      return readable(event.outcome)
    case 'recordsAppealNoted':
      return `${event.body}, ${event.reference}`
    case 'assistanceRequested':
    case 'assistanceReceived':
      return `${readable(event.request.type)}: ${event.request.purpose}`
    case 'operatorNamed':
      return `${event.name}, ${event.role}`
    case 'otherFineRecorded':
      return `${event.authority}: ${readable(event.state)}`
    case 'decisionTreeAgreed':
      return event.tree.title
    case 'measureRecommended':
    case 'measureTaken':
    case 'measureProposed':
    case 'measureRefused':
    case 'rungSkipped':
    case 'hearingOpened':
      return readable(event.rung)
    case 'reviewOpened':
      return `Of a ${event.subject.kind}`
    case 'reviewAssigned':
      return names.officer(event.reviewer)
    case 'reviewDecided':
      return readable(event.outcome)
    case 'advisoryDrafted':
    case 'advisoryPublished':
    case 'safetyNoticePublished':
      return `${event.trackingId}, version ${event.revision.number}`
    case 'reporterAppealed':
      return readable(event.about)
    case 'reporterAppealDecided':
      return readable(event.outcome)
    case 'advisoryDraftDropped':
      return event.trackingId
    case 'actRefused':
      return `${readable(event.act)}: ${readable(event.why).toLowerCase()}`
    default:
      return undefined
  }
}
