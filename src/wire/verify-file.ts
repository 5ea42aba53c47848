/**
 * Verifies one file of any kind that Comity hands out: an evidence package, a hand-over
 * package, the opening of an event (a release or a safe-harbour statement among them), a
 * certificate of contribution, a proof of filing, or a monitor's finding about a log. Tells them apart by their content, never by their name.
 */
import { equalBytes, fromBase64, textFromUtf8 } from '../base/bytes.ts'
import { type Json, parseJson } from '../base/canonical-json.ts'
import { malformed } from '../base/errors.ts'
import type { ReleaseDecided } from '../core/release/release.ts'
import type { Policy } from '../proof/policy.ts'
import type { Primitives } from '../proof/primitives.ts'
import { readContribution, verifyContribution } from './contribution.ts'
import { requireUniqueMembers } from './duplicate-members.ts'
import { checkErased } from './erasure-statement.ts'
import { verifyEventOpening } from './event-commitment.ts'
import { type EventOpening, verifyOpening } from './event-opening.ts'
import { todaysEvent } from './event-versions.ts'
import { OpeningForm } from './exchange/contents.ts'
import { requireForm } from './exchange/form.ts'
import { HAND_OVER_FILES, handOverPage } from './hand-over.ts'
import { checkSealedHandOver, readHandOver, releasedFile, SEALED_FILE } from './hand-over-file.ts'
import { verifyKeyOpening } from './intake/sealed-receipt.ts'
import { findingReport } from './monitor/verify-finding-file.ts'
import type { VerifyTimeStamp } from './package/check-attestations.ts'
import { type Checking, type Report, ReportWriter } from './package/report.ts'
import type { Archive } from './package/tar.ts'
import { verifyPackage } from './package/verify-package.ts'
import {
  requireSafeHarbour,
  type SafeHarbourIssued,
  SafeHarbourIssuedForm,
} from './safe-harbour.ts'
import { anchor, filingReport, type Members, membersOf, NO_KEY, sayPlace } from './verify-filing.ts'

/** What the reader brings besides the file. */
export type Trust = {
  readonly policy: Policy | undefined
  /** The opening of the event by which the node published its keys. */
  readonly key?: EventOpening | undefined
  /** The `.tlog-proof` of an opening that does not carry it itself. */
  readonly receipt?: Uint8Array | undefined
  /** The receipt of the filing (`filing-accepted` or `filing-sealed`) that a statement stands beside. */
  readonly filing?: Uint8Array | undefined
  /** The statement of the erasure (`erasure-statement`) of what the entry was about. */
  readonly erasure?: Uint8Array | undefined
  /** By the roots that the reader trusts for time stamps. */
  readonly verifyTimeStamp?: VerifyTimeStamp | undefined
}

const FILE = 'file'
const OPEN_BRACE = 0x7b
/** A release carries its content; everything else is smaller. */
const JSON_SIZE_MAX = 16 * 1024 * 1024

/** @throws ComityError `malformed` if it is no file of a known kind; else all is in the report */
export function verifyFile(primitives: Primitives, bytes: Uint8Array, trust: Trust): Report {
  if (bytes.length === 0) throw malformed('the file is empty', { field: FILE })
  if (bytes[0] !== OPEN_BRACE) {
    const handOver = readHandOver(primitives, bytes)
    return handOver
      ? verifyHandOver(primitives, handOver, trust)
      : verifyPackage(primitives, bytes, trust.policy, trust)
  }
  if (bytes.length > JSON_SIZE_MAX) throw malformed('the file is too large', { field: FILE })
  const fault = 'the file is of no known kind'
  const members = membersOf(bytes, { field: FILE, fault })
  if (members['kind'] === 'contribution-certificate') {
    return contributionReport(primitives, members, trust)
  }
  if (members['kind'] === 'log-finding') {
    return findingReport(primitives, members as Json, trust.policy)
  }
  if (members['kind'] !== 'filing-sealed' && Object.hasOwn(members, 'envelope')) {
    return openingReport(primitives, members, trust)
  }
  const filing = filingReport(primitives, members, trust)
  if (!filing) throw malformed(fault, { field: FILE })
  return filing
}

/**
 * The page must be the one that the opening makes: nobody reads something else than was
 * released.
 *
 * @throws ComityError `malformed`
 */
export function verifyHandOver(primitives: Primitives, archive: Archive, trust: Trust): Report {
  const { files, sealed } = archive
  const bytes = files.get(HAND_OVER_FILES.opening) ?? new Uint8Array()
  const value = parseJson(bytes)
  requireUniqueMembers(textFromUtf8(bytes))
  const opening = readOpening(value)
  const { event } = opening.envelope as { event: { type: string; decision?: string } }
  if (event.type !== 'releaseDecided' || event.decision !== 'permit') {
    throw malformed('the package holds no permitted release', { field: HAND_OVER_FILES.opening })
  }
  const members = value as Members
  if (sealed.size > 0) {
    const sealedFile = (checking: Checking) =>
      checkSealedHandOver(primitives, checking, archive, opening)
    return openingReport(primitives, members, trust, { sealedFile })
  }
  const page = files.get(HAND_OVER_FILES.page) ?? new Uint8Array()
  const isSame = equalBytes(page, handOverPage(opening))
  const isFileMissing = releasedFile(opening) !== undefined
  const opened = (checking: Checking) => {
    checking.looked(HAND_OVER_FILES.page)
    if (!isSame)
      checking.fail(HAND_OVER_FILES.page, 'the page says something else than the release')
    if (isFileMissing) checking.fail(SEALED_FILE, 'the released file is missing')
  }
  return openingReport(primitives, members, trust, { opened })
}

/** What goes with an opening, and is looked at beside it. */
type AlsoChecked = {
  readonly opened?: (checking: Checking) => void
  readonly sealedFile?: (checking: Checking) => void
}

/** @throws ComityError `malformed` */
export function readOpening(value: Json): EventOpening {
  requireForm(OpeningForm, value, '')
  return value as unknown as EventOpening
}

function openingReport(
  primitives: Primitives,
  members: Members,
  { policy, receipt, erasure }: Trust,
  also: AlsoChecked = {},
): Report {
  const opening = readOpening(
    receipt ? { ...members, receipt: textFromUtf8(receipt, 'receipt') } : members,
  )
  const { envelope } = opening
  const isRelease = envelope.event.type === 'releaseDecided'
  const statement = envelope.event.type === 'safeHarbourIssued'
  const report = new ReportWriter(
    isRelease ? 'release' : statement ? 'safe-harbour' : 'event-opening',
  )
  report.about('node', envelope.node)
  report.about('event', `${envelope.event.type}, ${envelope.at}, by ${envelope.by}`)
  if (isRelease) sayRelease(report, todaysEvent(envelope.event) as ReleaseDecided)
  report.check('opening', (checking) => {
    const entry = fromBase64(opening.entry, 'entry')
    checking.attempt(FILE, () =>
      verifyEventOpening(primitives, entry, envelope, fromBase64(opening.salt, 'salt')),
    )
    if (statement) checking.attempt(FILE, () => saySafeHarbour(primitives, report, envelope))
    checking.looked(FILE)
    also.opened?.(checking)
    checking.found('the entry opens to this event')
  })
  if (also.sealedFile) report.check('handOver', also.sealedFile)
  const isAnchored = anchor(report, policy)
  if (isAnchored) {
    report.check('log', (checking) => {
      const place = checking.attempt(FILE, () => verifyOpening(primitives, opening, isAnchored))
      if (place) sayPlace(checking, place)
    })
    if (erasure) {
      checkErased(primitives, report, erasure, {
        ...{ node: envelope.node, policy: isAnchored },
        entryOf: () => fromBase64(opening.entry, 'entry'),
      })
    }
  }
  return report.finish()
}

function sayRelease(report: ReportWriter, release: ReleaseDecided): void {
  const { decision, recipient, categories, agreement, purpose, duties, together } = release
  report.about('decision', `${decision} to ${recipient}: ${categories?.join(', ')}`)
  report.about('purpose', String(purpose))
  report.about('agreement', agreement ? `${agreement.id}, ${agreement.digest}` : 'none')
  report.about('duties', String(duties?.length ?? 0))
  if (together) report.about('decided with', `${together.cases - 1} others by one act`)
}

function saySafeHarbour(
  primitives: Primitives,
  report: ReportWriter,
  { event, node, by }: EventOpening['envelope'],
): void {
  requireForm(SafeHarbourIssuedForm, event, '/envelope/event')
  const issued = event as unknown as SafeHarbourIssued
  requireSafeHarbour(primitives, issued, { node, by })
  const { authority, legalOrder, version, promises, limits, standsOn, laws } = issued.document
  report.about('statement', `safe harbour of ${authority} for ${legalOrder}, version ${version}`)
  report.about('promises', promises.map(({ id }) => id).join(', '))
  report.about('does not bind', limits.map(({ id }) => id).join(', '))
  const cited = laws.map(({ citation, article }) => `${citation} ${article}`).join('; ')
  report.about('stands on', standsOn === 'ownPolicy' ? 'the authority’s own policy' : cited)
  report.about('exercise', issued.document.simulated ? 'yes: it promises nothing' : 'no')
}

/** The signature counts only under a key that is itself in the log. */
function contributionReport(
  primitives: Primitives,
  members: Members,
  { policy, key }: Trust,
): Report {
  const signed = readContribution(members as Json)
  const { origin: node, authority, name, roles, month, simulatedClock } = signed.certificate
  const report = new ReportWriter('contribution-certificate')
  report.about('node', node)
  report.about('authority', authority)
  report.about('name', name)
  report.about('thanked for', `${roles.join(', ')}, ${month}`)
  report.clock({ simulatedClock, clockOffsetMs: null })
  if (!anchor(report, policy) || !policy) return report.finish()
  const opening = key ?? (signed.key === null ? undefined : (signed.key as unknown as EventOpening))
  report.check('contribution', (checking) => {
    checking.looked(FILE)
    if (!opening) return checking.fail('key', NO_KEY)
    const keys = checking.attempt('key', () =>
      verifyKeyOpening(primitives, opening, { node, policy }),
    )
    if (keys) checking.attempt(FILE, () => verifyContribution(primitives, signed, keys))
    checking.found(`signed with ${signed.keyId}`)
  })
  return report.finish()
}
