/**
 * What follows from the case's events: its state, the sealed exhibits, redacted
 * copies, advisories and the cover, each compared with the files of the package.
 */
import { type Bytes, equalBytes, fromHex, toHex } from '../../base/bytes.ts'
import { parseJson } from '../../base/canonical-json.ts'
import { unverified } from '../../base/errors.ts'
import { isAgreementEvent } from '../../core/agreement/agreement-events.ts'
import { isAttestationEvent } from '../../core/attestation/attestation.ts'
import { isAuthorityEvent } from '../../core/authority/authority.ts'
import type { CaseState } from '../../core/case/case.ts'
import { isCaseEvent } from '../../core/case/case-event-types.ts'
import { type Exhibit, exhibitOf } from '../../core/evidence/evidence.ts'
import { isSafeHarbourEvent } from '../../core/law/safe-harbour.ts'
import type { Primitives } from '../../proof/primitives.ts'
import { type RedactedRecord, verifyRedactedRecord } from '../../proof/redacted-record.ts'
import { requireStated, requireTransformed } from '../redaction-claims.ts'
import { exhibitPath, FACTS, type PackageContent, sameJson, streamPath } from './content.ts'
import {
  ADVISORIES,
  advisoryFiles,
  agreementOf,
  COVER_HTML,
  COVER_TEXT,
  caseOf,
  countsOf,
  derivedFiles,
  LINEAGE,
  lineageFiles,
  POLICY,
} from './derived.ts'
import type { StreamKind } from './forms.ts'
import type { Checking } from './report.ts'
import type { Files } from './tar.ts'

type EventType = { readonly type: string }

const KNOWN: Readonly<Record<StreamKind, (event: EventType) => boolean>> = {
  case: isCaseEvent,
  agreement: (event) => isAgreementEvent(event) || isAttestationEvent(event),
  authority: isAuthorityEvent,
  law: (event) => event.type === 'lawPackSignedOff' || isSafeHarbourEvent(event),
}

export function checkDecisions(
  primitives: Primitives,
  content: PackageContent,
  checking: Checking,
): CaseState | undefined {
  for (const { id, kind, events } of content.streams) {
    for (const { envelope, event } of events) {
      if (KNOWN[kind](event)) continue
      const { type } = event
      checking.fail(streamPath(id), `an event of the unknown type ${type}`, envelope.version)
    }
  }
  const own = streamPath(content.facts.caseId)
  checking.looked(own, FACTS)
  const state = checking.attempt(own, () => caseOf(content))
  if (!state) return undefined
  checking.attempt(FACTS, () => {
    const counts = countsOf(primitives, content, state)
    if (!sameJson(counts, content.facts.counts)) {
      throw unverified('the counts are not those of the record', { field: '/counts' })
    }
  })
  const { releases, refusals } = content.facts.counts
  checking.found(`${releases} releases permitted and ${refusals} refusals, each with its reasons`)
  return state
}

/** What was sealed by this authority: its own exhibits, and files of peers under keys of its own. */
export function isInPackage({ origin, file, isDestroyed }: Exhibit): boolean {
  return !isDestroyed && (origin === 'sealedHere' || (origin === 'received' && file !== undefined))
}

export function checkExhibits(
  { exhibits }: PackageContent,
  { evidence }: CaseState,
  checking: Checking,
): void {
  const expected = evidence.exhibits.filter(isInPackage)
  for (const { exhibitId, digest, sizeBytes } of expected) {
    const file = exhibitPath(exhibitId)
    checking.looked(file)
    const sealed = exhibits.get(exhibitId)
    if (!sealed) checking.fail(file, 'the file is missing')
    else if (sealed.digest !== digest || sealed.sizeBytes !== sizeBytes) {
      checking.fail(file, 'the file is not the exhibit that was sealed')
    }
  }
  for (const id of exhibits.keys()) {
    if (expected.some(({ exhibitId }) => exhibitId === id)) continue
    checking.fail(exhibitPath(id), 'no event seals this exhibit')
  }
  checking.found(`${expected.length} sealed exhibits`)
}

export function checkLineage(
  primitives: Primitives,
  files: Files,
  state: CaseState,
  checking: Checking,
): void {
  const expected = lineageFiles(primitives, state)
  compare(files, LINEAGE, expected, checking)
  for (const exhibit of state.evidence.exhibits) {
    const file = `${LINEAGE}${exhibit.exhibitId}.json`
    const bytes = expected.get(file)
    if (bytes) checking.attempt(file, () => requireDerived(primitives, bytes, exhibit, state))
  }
  checking.found(`${expected.size} redacted copies recomputed to the root of their original`)
}

function requireDerived(
  primitives: Primitives,
  bytes: Uint8Array,
  exhibit: Exhibit,
  { evidence }: CaseState,
): void {
  const record = parseJson(bytes) as unknown as RedactedRecord
  if (toHex(primitives.sha256(bytes)) !== exhibit.digest || bytes.length !== exhibit.sizeBytes) {
    throw unverified('the copy is not the one that the event names')
  }
  verifyRedactedRecord(primitives, record, fromHex(exhibit.partsRoot, 'partsRoot'))
  requireStated(record, exhibit.redactions)
  if (record.parts.length !== exhibit.parts) {
    throw unverified('the copy has not as many parts as the event says')
  }
  if (exhibit.origin !== 'redactedHere') return
  const original = exhibitOf(evidence, exhibit.derivedFrom ?? '')
  if (exhibit.transform) {
    requireTransformed(primitives, record, exhibit.transform)
    if (original) return
    throw unverified('no event seals the original of the pages')
  }
  if (original?.partsRoot !== exhibit.partsRoot) {
    throw unverified('the root is not that of the sealed original')
  }
}

export function checkAdvisories(
  primitives: Primitives,
  files: Files,
  state: CaseState,
  checking: Checking,
): void {
  const expected = advisoryFiles(state)
  compare(files, ADVISORIES, expected, checking)
  for (const { trackingId, digest } of state.publications) {
    const file = `${ADVISORIES}${trackingId}.json`
    const bytes = expected.get(file)
    if (bytes && toHex(primitives.sha256(bytes)) === digest) continue
    checking.fail(file, 'the advisory is not the one that the event names')
  }
  checking.found(`${expected.size} advisories`)
}

export function checkCover(
  primitives: Primitives,
  files: Files,
  content: PackageContent,
  state: CaseState,
  checking: Checking,
): void {
  const all = derivedFiles(primitives, content, state)
  const expected = new Map(
    [COVER_TEXT, COVER_HTML, POLICY].flatMap((path) => {
      const bytes = all.get(path)
      return bytes ? [[path, bytes] as const] : []
    }),
  )
  for (const path of [COVER_TEXT, COVER_HTML, POLICY]) compare(files, path, expected, checking)
  const agreement = content.streams.find(({ kind }) => kind === 'agreement')
  const title = agreement && agreementOf(agreement).document?.title
  checking.found(title ? `cover made again; quorum of \u201c${title}\u201d` : 'cover made again')
}

/** The files under `prefix` are exactly those that follow from the record. */
function compare(
  files: Files,
  prefix: string,
  expected: ReadonlyMap<string, Bytes>,
  checking: Checking,
): void {
  const under = (paths: Iterable<string>) => [...paths].filter((path) => path.startsWith(prefix))
  for (const path of new Set([...under(files.keys()), ...under(expected.keys())])) {
    checking.looked(path)
    const found = files.get(path)
    const right = expected.get(path)
    if (!right) checking.fail(path, 'the file does not follow from the record')
    else if (!found) checking.fail(path, 'the file is missing')
    else if (!equalBytes(found, right))
      checking.fail(path, 'the file says something else than the record')
  }
}
