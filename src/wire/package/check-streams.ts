/**
 * The events themselves: complete and in order, committed to, signed by the one who
 * acted, at times that fit, by people who had the role.
 */
import { fromBase64, textFromUtf8 } from '../../base/bytes.ts'
import { malformed, unverified } from '../../base/errors.ts'
import { DAY_MS, HOUR_MS, type Instant, instantFromMs, MINUTE_MS, msOf } from '../../base/time.ts'
import {
  type AuthorityEvent,
  type AuthorityState,
  type Enrolment,
  enrolmentOf,
  wasOfficer,
} from '../../core/authority/authority.ts'
import type { Role } from '../../core/case/recorded.ts'
import { delegationsTo, foldStanding, noStanding } from '../../core/people/standing.ts'
import type { Primitives } from '../../proof/primitives.ts'
import { eventSignatureInput, verifyEventOpening } from '../event-commitment.ts'
import type { MessageKey } from '../http-signature.ts'
import { keysValidIn, outOfTime, ownMessageKeys } from './check-authority.ts'
import { isBefore, type Place, type Places } from './check-log.ts'
import {
  FACTS,
  historyOf,
  type PackageContent,
  type PackageEvent,
  type PackageStream,
  streamPath,
} from './content.ts'
import type { Checking } from './report.ts'

export function checkStreams(
  primitives: Primitives,
  content: PackageContent,
  authority: AuthorityState,
  checking: Checking,
): void {
  let events = 0
  let revokedLater = 0
  forEachEvent(content, checking, (event, stream, version) => {
    const { envelope, entry, salt } = event
    if (envelope.node !== content.facts.node) throw unverified('the event is of another node')
    if (envelope.stream !== stream.id) throw unverified('the event is of another stream')
    if (envelope.version !== version) {
      throw unverified(`version ${envelope.version} stands where ${version} belongs`)
    }
    verifyEventOpening(primitives, entry, envelope, salt)
    const key = requireSigned(primitives, content, authority, event)
    if (key?.revokedAt !== undefined) revokedLater += 1
    events += 1
  })
  const before =
    revokedLater > 0
      ? `; ${revokedLater} signed with a key that was revoked later, and logged before that`
      : ''
  checking.found(`${events} events in ${content.streams.length} streams, without a gap${before}`)
}

/** @returns the node's key that signed; nothing where an officer did */
function requireSigned(
  primitives: Primitives,
  { facts }: PackageContent,
  authority: AuthorityState,
  { envelope, signature, entry }: PackageEvent,
): MessageKey | undefined {
  const { by, at } = envelope
  const input = eventSignatureInput(envelope)
  if (wasOfficer(authority, by)) {
    const enrolment = enrolmentOf(authority, by, at)
    if (!enrolment) throw unverified(`${by} was no officer at that time`)
    const key = fromBase64(enrolment.publicKey, 'publicKey')
    if (primitives.verifyEd25519(key, input, signature)) return undefined
    throw unverified(`the signature of officer ${by} is wrong`)
  }
  if (by !== facts.node && !authority.peers.some(({ node }) => node === by)) {
    throw unverified(`${by} is neither an officer nor a known node`)
  }
  const keys = ownMessageKeys(authority, facts.node)
  const hour = hourOf(entry)
  const signed = ({ publicKey }: MessageKey) =>
    primitives.verifyEd25519(publicKey, input, signature)
  const valid = keysValidIn(keys, hour).find(signed)
  if (valid) return valid
  const other = keys.find(signed)
  throw unverified(other ? outOfTime(other, hour.from) : 'the signature of the node is wrong')
}

const ENTRY_HOUR = /"at":"(\d{4}-\d{2}-\d{2}T\d{2})Z"/

/** The hour that the log entry states: real time. */
function hourOf(entry: Uint8Array): { readonly from: Instant; readonly until: Instant } {
  const [, hour] = ENTRY_HOUR.exec(textFromUtf8(entry, 'entry')) ?? []
  const fromMs = Date.parse(`${hour}:00:00.000Z`)
  if (Number.isNaN(fromMs)) throw malformed('the log entry states no hour')
  return { from: instantFromMs(fromMs), until: instantFromMs(fromMs + HOUR_MS) }
}

/** Clocks of one machine are read one after the other, those of witnesses elsewhere. */
const TOLERANCE_MS = 5 * MINUTE_MS
/**
 * What follows from a filing is logged with a batch of intake: an hour later, or more where
 * many wait.
 */
const BATCH_WAIT_MS = DAY_MS

export function checkClock(content: PackageContent, places: Places, checking: Checking): void {
  const { madeAt, clockOffsetMs, simulatedClock } = content.facts
  const madeMs = msOf(madeAt.wireNow)
  if (msOf(madeAt.caseNow) - madeMs !== clockOffsetMs) {
    checking.fail(FACTS, 'clockOffsetMs is not the difference of the two times of making')
  }
  if (clockOffsetMs > 0 && !simulatedClock) {
    checking.fail(FACTS, 'simulatedClock is false although case time runs ahead')
  }
  forEachEvent(content, checking, (event, stream) => {
    const atMs = msOf(event.envelope.at)
    const { from, until } = hourOf(event.entry)
    const waitedMs = isFromFiling(stream) ? BATCH_WAIT_MS : TOLERANCE_MS
    if (atMs < msOf(from) - waitedMs || atMs > msOf(until) + clockOffsetMs + TOLERANCE_MS) {
      throw unverified('the time of the event does not fit the hour of its log entry')
    }
    if (msOf(from) > madeMs + TOLERANCE_MS || atMs > msOf(madeAt.caseNow) + TOLERANCE_MS) {
      throw unverified('the event is later than the package')
    }
    const seen = places.get(event)?.seenSeconds ?? []
    if (seen.some((seconds) => seconds * 1000 < msOf(from) - TOLERANCE_MS)) {
      throw unverified('a witness saw the entry before the hour that it states')
    }
    if (seen.length > 0 && Math.min(...seen) * 1000 > madeMs + TOLERANCE_MS) {
      throw unverified('the witnesses saw the entry only after the package was made')
    }
  })
  checking.looked(FACTS)
  checking.found(
    simulatedClock
      ? `simulated clock, at most ${clockOffsetMs} ms ahead of real time`
      : 'case time is real time',
  )
}

function isFromFiling({ events }: PackageStream): boolean {
  return events.some(({ envelope }) => {
    const { type, filingId } = envelope.event as { type: string; filingId?: string | null }
    return type === 'reportAdmitted' && typeof filingId === 'string'
  })
}

const CASE_OFFICER: readonly Role[] = ['caseOfficer']
const RELEASING: readonly Role[] = ['caseOfficer', 'liaison']
const STEERING: readonly Role[] = ['caseOfficer', 'liaison', 'oversight']
const KEEPING_RECORDS: readonly Role[] = ['caseOfficer', 'liaison', 'oversight']

/** What an officer needs to cause these events. For all others any role will do. */
const ROLES_NEEDED = new Map<string, readonly Role[]>([
  ['caseOpened', RELEASING],
  ['reportAdmitted', CASE_OFFICER],
  ['priorityDecided', CASE_OFFICER],
  ['cvssScored', CASE_OFFICER],
  ['duplicateJudged', CASE_OFFICER],
  ['matchAsked', RELEASING],
  ['releaseDecided', RELEASING],
  ['releaseSent', RELEASING],
  ['emergencyValidated', [...RELEASING, 'reviewer']],
  ['retractionConfirmed', RELEASING],
  ['retractionKept', RELEASING],
  ['onwardConsentAsked', RELEASING],
  ['onwardConsentDecided', RELEASING],
  ['onwardConsentWithdrawn', RELEASING],
  ['handOverMade', RELEASING],
  ['letterMade', RELEASING],
  ['reporterWritten', CASE_OFFICER],
  ['creditSet', [...CASE_OFFICER, 'reviewer']],
  ['reporterAppealDecided', [...CASE_OFFICER, 'reviewer']],
  ['reportReopened', [...CASE_OFFICER, 'reviewer']],
  ['exhibitSealed', CASE_OFFICER],
  ['exhibitRedacted', CASE_OFFICER],
  ['exhibitAcknowledged', CASE_OFFICER],
  ['redactionReviewed', ['reviewer']],
  ['measureTaken', CASE_OFFICER],
  ['measureProposed', CASE_OFFICER],
  ['measureApproved', CASE_OFFICER],
  ['nonComplianceRecorded', CASE_OFFICER],
  ['otherFineRecorded', CASE_OFFICER],
  ['advisoryDrafted', CASE_OFFICER],
  ['advisoryDraftDropped', CASE_OFFICER],
  ['advisoryPublished', CASE_OFFICER],
  ['safetyNoticePublished', CASE_OFFICER],
  ['playbookStarted', RELEASING],
  ['playbookItemChanged', RELEASING],
  ['afterActionRecorded', RELEASING],
  ['reviewActionAdded', RELEASING],
  ['caseClosed', RELEASING],
  ['supportOffered', RELEASING],
  ['supportAnswered', RELEASING],
  ['taskForceFormed', RELEASING],
  ['taskForceCaseAdded', RELEASING],
  ['taskForceEnded', RELEASING],
  ['lineageRecorded', RELEASING],
  ['reviewAssigned', ['oversight', 'liaison']],
  ['reviewDecided', ['reviewer']],
  ['consentAsked', CASE_OFFICER],
  ['authorisationRecorded', CASE_OFFICER],
  ['authorisationEnded', CASE_OFFICER],
  ['remedyOrdered', CASE_OFFICER],
  ['remedyReported', CASE_OFFICER],
  ['remedyDone', CASE_OFFICER],
  ['remedyFollowedUp', CASE_OFFICER],
  ['ownDataGiven', CASE_OFFICER],
  ['personAnswered', CASE_OFFICER],
  ['claimDecided', CASE_OFFICER],
  ['commitmentAnswered', CASE_OFFICER],
  ['appealFollowed', CASE_OFFICER],
  ['agreementSigned', ['liaison']],
  ['timeStampReceived', RELEASING],
  ['signatureAttached', RELEASING],
  ['lawPackSignedOff', ['caseOfficer', 'liaison', 'reviewer']],
  ['safeHarbourDrafted', ['caseOfficer', 'liaison', 'reviewer']],
  ['safeHarbourDraftDropped', ['caseOfficer', 'liaison', 'reviewer']],
  ['safeHarbourIssued', ['caseOfficer', 'liaison', 'reviewer']],
  ['safeHarbourWithdrawn', ['caseOfficer', 'liaison', 'reviewer']],
  ['caseClassified', STEERING],
  ['officerAssigned', STEERING],
  ['officerBarred', STEERING],
  ['officerBarLifted', STEERING],
  ['officerUnassigned', STEERING],
  ['personAdmitted', STEERING],
  ['guestAdmitted', STEERING],
  ['personRemoved', STEERING],
  ['documentShared', STEERING],
  ['documentWithdrawn', STEERING],
  ['purposesDeclared', STEERING],
  ['dutyDischarged', RELEASING],
  ['dutyDischargeAnswered', RELEASING],
  ['receivedViewDestroyed', RELEASING],
  ['protectiveOrderRecorded', KEEPING_RECORDS],
  ['protectiveOrderLifted', KEEPING_RECORDS],
  ['legalHoldPlaced', KEEPING_RECORDS],
  ['disposalClassSet', KEEPING_RECORDS],
  ['exhibitsAppraised', KEEPING_RECORDS],
  ['legalHoldLifted', KEEPING_RECORDS],
  ['recordsAppealNoted', KEEPING_RECORDS],
  ['recordsItemDecided', KEEPING_RECORDS],
  ['recordsOriginatorAnswered', KEEPING_RECORDS],
  ['recordsOriginatorAsked', KEEPING_RECORDS],
  ['recordsRequestAnswered', KEEPING_RECORDS],
  ['recordsRequestReceived', KEEPING_RECORDS],
  ['recordsConsultationDecided', KEEPING_RECORDS],
  ['recordsReleased', KEEPING_RECORDS],
  ['recordsSearched', KEEPING_RECORDS],
])

/** A peer's act may cause these here; everything else above takes an officer. */
const OF_PEERS: readonly string[] = ['caseOpened', 'agreementSigned']

export function checkRoster(
  content: PackageContent,
  authority: AuthorityState,
  places: Places,
  checking: Checking,
): void {
  const enrolledAt = enrolmentPlaces(content, places)
  const proposers = new Map<string, readonly string[]>()
  const barred = new Map<string, readonly string[]>()
  forEachEvent(content, checking, (event) => {
    const { by, at } = event.envelope
    const fields = event.event as unknown as EventFields
    const enrolment = enrolmentOf(authority, by, at)
    if (enrolment) requireRole(fields.type, enrolment, () => lentRoles(content, by, at))
    const isOfPeer = OF_PEERS.includes(fields.type) && by !== content.facts.node
    if (!enrolment && !isOfPeer && ROLES_NEEDED.has(fields.type)) {
      throw unverified('no officer did this')
    }
    const own = places.get(event)
    const enrolled = enrolment && enrolledAt.get(enrolment.version)
    if (own && enrolled && isBefore(own, enrolled)) {
      throw unverified(`the event was logged before ${by} was enrolled`)
    }
    requireOwnName(fields, by)
    requireIndependence(fields, by, { proposers, barred })
  })
  checking.found(`${authority.enrolments.length} enrolments`)
}

/** The members that the rules below read. */
type EventFields = {
  readonly type: string
  readonly officer?: string
  readonly party?: string
  readonly reviewer?: string
  readonly preparedBy?: string
  readonly secondOfficer?: string
  readonly reviewedBy?: string | null
  readonly approvedBy?: string
  readonly proposedBy?: string | null
  readonly draftedBy?: string
  readonly measureId?: string
  readonly reviewId?: string
  readonly reviewerMustNotBe?: readonly string[]
}

function requireRole(
  type: string,
  { officer, roles }: Enrolment,
  lent: () => readonly Role[],
): void {
  const needed = ROLES_NEEDED.get(type)
  const isEnough = (held: readonly Role[]) =>
    needed ? needed.some((role) => held.includes(role)) : held.length > 0
  if (!isEnough(roles) && !isEnough(lent())) throw unverified(`${officer} had no role for ${type}`)
}

/** Roles that somebody passed on to this officer, by delegations that held at that time. */
function lentRoles({ streams }: PackageContent, officer: string, at: Instant): readonly Role[] {
  const stream = streams.find(({ kind }) => kind === 'authority')
  const standing = (stream ? historyOf<AuthorityEvent>(stream) : [])
    .filter((recorded) => recorded.at <= at)
    .reduce(foldStanding, noStanding)
  return delegationsTo(standing, officer, at).flatMap(({ roles }) => roles)
}

/** An event that names its actor names the one who signed it. */
function requireOwnName(fields: EventFields, by: string): void {
  const named = new Map([
    // Where it takes two, the second officer's approval is what decides.
    ['releaseDecided', fields.secondOfficer ?? fields.preparedBy],
    ['reviewDecided', fields.reviewer],
    ['measureApproved', fields.approvedBy],
    ['lawPackSignedOff', fields.officer],
    ['safeHarbourDrafted', fields.officer],
    ['safeHarbourIssued', fields.officer],
    ['safeHarbourWithdrawn', fields.officer],
  ]).get(fields.type)
  if (named !== undefined && named !== by) {
    throw unverified(`the event names ${named} and was signed by ${by}`)
  }
}

type Seen = {
  readonly proposers: Map<string, readonly string[]>
  readonly barred: Map<string, readonly string[]>
}

function requireIndependence(fields: EventFields, by: string, { proposers, barred }: Seen): void {
  const { type, measureId = '', reviewId = '' } = fields
  if (type === 'measureProposed') add(proposers, measureId, [by])
  if (type === 'measureApproved' && proposers.get(measureId)?.includes(by)) {
    throw unverified('the officer who proposed the measure approved it')
  }
  if (type === 'reviewOpened') add(barred, reviewId, [...(fields.reviewerMustNotBe ?? []), by])
  if (type === 'reviewDecided' && barred.get(reviewId)?.includes(by)) {
    throw unverified('the reviewer was barred from this review')
  }
  if (type === 'safeHarbourIssued' && fields.draftedBy === by) {
    throw unverified('one officer drafted and issued a safe-harbour statement')
  }
  if (type === 'sealingRosterSet' && fields.proposedBy === by) {
    throw unverified('the officer who proposed the roster approved it')
  }
  if (
    type === 'releaseDecided' &&
    fields.secondOfficer &&
    fields.secondOfficer === fields.preparedBy
  ) {
    throw unverified('the release was proposed and approved by one officer')
  }
  if (
    type === 'releaseDecided' &&
    fields.reviewedBy &&
    [by, fields.preparedBy].includes(fields.reviewedBy)
  ) {
    throw unverified('the release was reviewed by the officer who prepared it')
  }
}

/** What was said once is not unsaid by saying it again. */
function add(lists: Map<string, readonly string[]>, key: string, more: readonly string[]): void {
  lists.set(key, [...(lists.get(key) ?? []), ...more])
}

/** Version of an enrolling event in the authority stream to its place in the log. */
function enrolmentPlaces(content: PackageContent, places: Places): ReadonlyMap<number, Place> {
  const stream = content.streams.find(({ kind }) => kind === 'authority')
  const found = new Map<number, Place>()
  for (const event of stream?.events ?? []) {
    const place = places.get(event)
    if (place) found.set(event.envelope.version, place)
  }
  return found
}

/** Failures name the stream's file and the event's place in it. */
function forEachEvent(
  { streams }: PackageContent,
  checking: Checking,
  check: (event: PackageEvent, stream: PackageStream, version: number) => void,
): void {
  for (const stream of streams) {
    const file = streamPath(stream.id)
    checking.looked(file)
    for (const [index, event] of stream.events.entries()) {
      checking.attempt(file, () => check(event, stream, index + 1), index + 1)
    }
  }
}
