/**
 * Verifies an evidence package offline: `protocol/spec/evidence-package.md`.
 *
 * Reads like a table of contents. The first three checks decide whether there is
 * anything to read; nothing inside is interpreted before each byte is accounted
 * for. After that failures are collected. No network, no clock, no execution.
 *
 * Only a policy makes it proof: without one the same checks run, and the verdict
 * is `unanchored`, which is a failure.
 */
import { equalBytes, toHex } from '../../base/bytes.ts'
import type { Policy } from '../../proof/policy.ts'
import type { Primitives } from '../../proof/primitives.ts'
import { UPCASTERS, type Upcasters } from '../event-versions.ts'
import { BAG_INFO, bagInfo, PAYLOAD, readBag } from './bag.ts'
import { checkAgreements } from './check-agreements.ts'
import { checkAttestations, type VerifyTimeStamp } from './check-attestations.ts'
import { checkAuthority, checkSignature } from './check-authority.ts'
import {
  checkAdvisories,
  checkCover,
  checkDecisions,
  checkExhibits,
  checkLineage,
} from './check-case.ts'
import { checkChannel } from './check-channel.ts'
import { checkCustody } from './check-custody.ts'
import { checkAnchor, checkLog } from './check-log.ts'
import { checkClock, checkRoster, checkStreams } from './check-streams.ts'
import {
  EXHIBITS,
  FACTS,
  GRAPH,
  type PackageContent,
  primaryFiles,
  readContent,
} from './content.ts'
import { ADVISORIES, bagInfoOf, COVER_HTML, COVER_TEXT, LINEAGE, POLICY } from './derived.ts'
import { type Checking, type Report, ReportWriter } from './report.ts'
import { type Archive, type Files, readTar, sizeOfPart, tarParts } from './tar.ts'

export type Reading = {
  readonly verifyTimeStamp?: VerifyTimeStamp | undefined
  /** How older forms of events are read. */
  readonly upcasters?: Upcasters
}

/**
 * Never throws on input: what is wrong with it is in the report. A package that is larger
 * than memory comes as a function that gives what was read of it, or throws.
 */
export function verifyPackage(
  primitives: Primitives,
  input: Uint8Array | (() => Archive),
  policy: Policy | undefined,
  { verifyTimeStamp, upcasters = UPCASTERS }: Reading = {},
): Report {
  const report = new ReportWriter('evidence-package')
  const archive = report.check('archive', (it) => readArchive(primitives, input, it))
  if (!archive || !report.isSound) return report.finish()
  const bag = report.check('bag', (checking) => readBagOf(primitives, archive, checking))
  if (!bag || !report.isSound) return report.finish()
  const { files } = archive
  const content = report.check('content', (it) => readContentOf(archive, upcasters, it))
  if (!content || !report.isSound) return report.finish()

  sayWhatItIs(report, content)
  report.check('anchor', (it) => checkAnchor(content, policy, it))
  const places = report.check('log', (it) => checkLog(primitives, content, policy, it)) ?? new Map()
  const authority = report.check('authority', (it) =>
    checkAuthority(primitives, content, policy, it),
  )
  if (!authority) return report.finish()
  report.check('signature', (it) => checkSignature(primitives, files, content, bag, authority, it))
  report.check('streams', (it) => checkStreams(primitives, content, authority, it))
  report.check('clock', (it) => checkClock(content, places, it))
  report.check('roster', (it) => checkRoster(content, authority, places, it))
  report.check('agreement', (it) => checkAgreements(primitives, content, authority, it))
  const state = report.check('decisions', (it) => checkDecisions(primitives, content, it))
  if (!state) return report.finish()
  report.check('attestations', (it) =>
    checkAttestations(primitives, content, state, verifyTimeStamp, it),
  )
  report.check('exhibits', (it) => checkExhibits(content, state, it))
  report.check('lineage', (it) => checkLineage(primitives, files, state, it))
  report.check('custody', (it) => checkCustody(primitives, files, content, state, it))
  report.check('advisories', (it) => checkAdvisories(primitives, files, state, it))
  report.check('channel', (it) => checkChannel(primitives, content, { authority, state }, it))
  report.check('cover', (it) => checkCover(primitives, files, content, state, it))
  return report.finish()
}

function readArchive(
  primitives: Primitives,
  input: Uint8Array | (() => Archive),
  checking: Checking,
): Archive | undefined {
  const archive = checking.attempt('archive', () =>
    input instanceof Uint8Array ? withSealed(primitives, readTar(input)) : input(),
  )
  if (!archive) return undefined
  const { files, sealed } = archive
  const parts = tarParts(archive)
  const size = parts.reduce((sum, part) => sum + sizeOfPart(part), 0)
  checking.found(`${files.size + sealed.size} files, ${size} bytes`)
  return archive
}

/** True for files that are compared by digest and never read. */
export const isSealedPath = (path: string): boolean => path.startsWith(EXHIBITS)

function withSealed({ sha256 }: Primitives, all: Files): Archive {
  const isSealed = ([path]: readonly [string, Uint8Array]) => isSealedPath(path)
  const sealed = [...all].filter(isSealed).map(([path, bytes]) => {
    return [path, { digest: toHex(sha256(bytes)), sizeBytes: bytes.length }] as const
  })
  const files = new Map([...all].filter((each) => !isSealed(each)))
  return { files, sealed: new Map(sealed) }
}

function readBagOf(primitives: Primitives, archive: Archive, checking: Checking) {
  const { tagManifestDigest, faults } = readBag(primitives, archive)
  for (const { file, message } of faults) checking.fail(file, message)
  checking.found(`every digest is right; tag manifest ${tagManifestDigest}`)
  return { tagManifestDigest }
}

/** Everything that is not derived is written again from what was read, and compared. */
function readContentOf(
  archive: Archive,
  upcasters: Upcasters,
  checking: Checking,
): PackageContent | undefined {
  const { files, sealed } = archive
  const content = checking.attempt(FACTS, () => readContent(archive, upcasters))
  if (!content) return undefined
  const { facts, streams } = content
  for (const [index, { events }] of streams.entries()) {
    if (facts.streams[index]?.events === events.length) continue
    checking.fail(FACTS, `stream ${facts.streams[index]?.id} has ${events.length} events`)
  }
  const primary = primaryFiles(content)
  const payload = new Map([...files].filter(([path]) => path.startsWith(PAYLOAD)))
  for (const path of payload.keys()) {
    if (!primary.has(path) && !isDerived(path)) checking.fail(path, 'no such file belongs here')
  }
  for (const path of sealed.keys()) {
    if (!path.endsWith('.age')) checking.fail(path, 'no such file belongs here')
  }
  for (const [path, bytes] of primary) {
    const found = files.get(path)
    if (!found || !equalBytes(found, bytes)) checking.fail(path, 'the file is not canonical')
  }
  const info = bagInfo(bagInfoOf(facts, payload, sealed))
  if (!equalBytes(files.get(BAG_INFO) ?? new Uint8Array(), info)) {
    checking.fail(BAG_INFO, 'the file says something else than the record')
  }
  checking.found(`case ${facts.caseId} of ${facts.node}, ${facts.counts.events} events`)
  return content
}

function isDerived(path: string): boolean {
  const isUnder = [LINEAGE, ADVISORIES].some((prefix) => path.startsWith(prefix))
  return isUnder || [GRAPH, POLICY, COVER_TEXT, COVER_HTML].includes(path)
}

function sayWhatItIs(report: ReportWriter, { facts }: PackageContent): void {
  report.about('node', facts.node)
  report.about('case', facts.caseId)
  report.about('made', `${facts.madeAt.caseNow} (case time), ${facts.madeAt.wireNow} (real time)`)
  report.clock({ simulatedClock: facts.simulatedClock, clockOffsetMs: facts.clockOffsetMs })
}
