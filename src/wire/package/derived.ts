/**
 * The files of a package that follow from its record: redacted copies, advisories,
 * the quorum of the agreement, cover, and bag-info.txt. A verifier makes them again
 * and compares them byte for byte, so none of them can say something of its own.
 */
import { type Bytes, toHex, utf8 } from '../../base/bytes.ts'
import { canonicalBytes, type Json } from '../../base/canonical-json.ts'
import { malformed } from '../../base/errors.ts'
import { foldAgreement, noAgreement } from '../../core/agreement/agreement.ts'
import type { AgreementEvent } from '../../core/agreement/agreement-events.ts'
import { type CaseState, foldCase } from '../../core/case/case.ts'
import type { Exhibit } from '../../core/evidence/evidence.ts'
import type { Hashing } from '../../proof/primitives.ts'
import { GRAPH, historyOf, type PackageContent, type PackageStream } from './content.ts'
import { coverHtml, coverText } from './cover.ts'
import { custodyGraph } from './custody-graph.ts'
import type { PackageFacts } from './forms.ts'
import type { Files, SealedFiles } from './tar.ts'

export const LINEAGE = 'data/lineage/'
export const ADVISORIES = 'data/advisories/'
export const POLICY = 'data/policy.txt'
export const COVER_TEXT = 'data/cover.txt'
export const COVER_HTML = 'data/cover.html'

const PLAIN_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,70}$/

/** What the events of the package's own streams add up to. */
export function caseOf({ streams }: Pick<PackageContent, 'streams'>): CaseState {
  const stream = streams.find(({ kind }) => kind === 'case')
  return foldCase(stream ? historyOf(stream) : [])
}

export function agreementOf(stream: PackageStream) {
  return historyOf<AgreementEvent>(stream).reduce(foldAgreement, noAgreement)
}

/** @throws ComityError `malformed` if an id cannot stand in a path */
export function derivedFiles(
  primitives: Hashing,
  content: PackageContent,
  state: CaseState = caseOf(content),
): Map<string, Bytes> {
  return new Map([
    ...lineageFiles(primitives, state),
    ...advisoryFiles(state),
    ...policyFile(content),
    ...graphFile(primitives, content, state),
    [COVER_TEXT, utf8(coverText(content, state))],
    [COVER_HTML, utf8(coverHtml(content, state))],
  ])
}

export function lineageFiles(primitives: Hashing, state: CaseState): Map<string, Bytes> {
  const files = new Map<string, Bytes>()
  for (const exhibit of state.evidence.exhibits) {
    const record = releasedRecord(primitives, state, exhibit)
    if (record === undefined) continue
    files.set(`${LINEAGE}${plainId(exhibit.exhibitId)}.json`, canonicalBytes(record as object))
  }
  return files
}

/**
 * The copy as it crossed the border, taken from the release that carried it; a copy
 * that was made and never released is not shown.
 */
function releasedRecord(
  primitives: Hashing,
  { releases }: CaseState,
  { exhibitId, origin, releaseId, digest, file }: Exhibit,
): Json | undefined {
  // A file came as bytes of its own, and stands in the package as such.
  if (origin === 'sealedHere' || file) return undefined
  const views =
    origin === 'received'
      ? releases.received.filter((release) => release.releaseId === releaseId)
      : releases.permitted
  const values = views.flatMap(({ view }) => Object.values(view ?? {}))
  const record = values.find(
    (value) => toHex(primitives.sha256(canonicalBytes(value as object))) === digest,
  )
  if (origin === 'received' && record === undefined) {
    throw malformed(`received exhibit ${exhibitId} is in no release`, { field: 'exhibitReceived' })
  }
  return record
}

export function advisoryFiles({ publications }: CaseState): Map<string, Bytes> {
  return new Map(
    publications.map(({ trackingId, document }) => [
      `${ADVISORIES}${plainId(trackingId)}.json`,
      canonicalBytes(document as object),
    ]),
  )
}

export function graphFile(
  primitives: Hashing,
  { facts, hasGraph }: Pick<PackageContent, 'facts' | 'hasGraph'>,
  state: CaseState,
): Map<string, Bytes> {
  if (!hasGraph) return new Map()
  return new Map([[GRAPH, canonicalBytes(custodyGraph(primitives, facts, state))]])
}

/** For information: a reader brings a policy of their own. */
export function policyFile({ streams }: PackageContent): Map<string, Bytes> {
  const [first] = streams.filter(({ kind }) => kind === 'agreement')
  const document = first && agreementOf(first).document
  if (!document) return new Map()
  const heading = '# Quorum of the agreement, for information. Bring a policy that you trust.\n'
  return new Map([[POLICY, utf8(`${heading}${document.quorum}`)]])
}

export function countsOf(
  primitives: Hashing,
  content: Pick<PackageContent, 'streams' | 'exhibits' | 'channel'>,
  state: CaseState,
): PackageFacts['counts'] {
  const { releases, refusals, publications } = state
  return {
    events: content.streams.reduce((sum, { events }) => sum + events.length, 0),
    refusals: refusals.length + releases.refused.length,
    releases: releases.permitted.length,
    exhibits: content.exhibits.size,
    lineage: lineageFiles(primitives, state).size,
    advisories: publications.length,
    channelReceipts: content.channel.length,
  }
}

/** The lines of bag-info.txt (RFC 8493, section 2.2.2). */
export function bagInfoOf(
  facts: PackageFacts,
  payload: Files,
  sealed: SealedFiles = new Map(),
): readonly [string, string][] {
  const small = [...payload.values()].reduce((sum, { length }) => sum + length, 0)
  const octets = [...sealed.values()].reduce((sum, { sizeBytes }) => sum + sizeBytes, small)
  return [
    ['Source-Organization', facts.node],
    ['External-Identifier', facts.caseId],
    ['Bagging-Date', facts.madeAt.wireNow.slice(0, 10)],
    ['Payload-Oxum', `${octets}.${payload.size + sealed.size}`],
    ['Simulated-Clock', facts.simulatedClock ? 'true' : 'false'],
  ]
}

function plainId(id: string): string {
  if (PLAIN_ID.test(id)) return id
  throw malformed('an id cannot stand in the name of a file', { field: 'id' })
}
