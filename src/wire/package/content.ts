/**
 * What an evidence package holds, as values, and where each stands in the archive.
 *
 * `primaryFiles` and `readContent` are inverses over the files that carry the
 * record; everything else in a package follows from them (derived.ts).
 */
import {
  type Bytes,
  concatBytes,
  equalBytes,
  fromBase64,
  toBase64,
  utf8,
} from '../../base/bytes.ts'
import { canonicalBytes, type Json } from '../../base/canonical-json.ts'
import { malformed } from '../../base/errors.ts'
import { instant } from '../../base/time.ts'
import type { CaseEvent } from '../../core/case/case.ts'
import type { Recorded } from '../../core/case/recorded.ts'
import type { EventEnvelope } from '../event-commitment.ts'
import { todaysEvent, UPCASTERS, type Upcasters } from '../event-versions.ts'
import { readForm } from '../exchange/form.ts'
import {
  type ChannelLine,
  ChannelLineForm,
  EventLineForm,
  type PackageFacts,
  PackageFactsForm,
  type StreamKind,
} from './forms.ts'
import type { Archive, Files, SealedFile } from './tar.ts'

export type PackageEvent = {
  /** As it was signed and committed to. */
  readonly envelope: EventEnvelope
  /** What the envelope holds, in today's form: this is folded. */
  readonly event: EventEnvelope['event']
  readonly salt: Bytes
  readonly signature: Bytes
  /** The bytes that the log holds. */
  readonly entry: Bytes
  /** Its `.tlog-proof`. */
  readonly receipt: Bytes
}

export type PackageStream = {
  readonly id: string
  readonly kind: StreamKind
  readonly events: readonly PackageEvent[]
}

export type PackageContent = {
  readonly facts: PackageFacts
  readonly streams: readonly PackageStream[]
  /** Age files by exhibit id: a package may be larger than anybody's memory. */
  readonly exhibits: ReadonlyMap<string, SealedFile>
  /** Packages of older software have no graph of custody. */
  readonly hasGraph: boolean
  /** Files that were attached as signatures, by signature id, as far as they are kept. */
  readonly signatures: ReadonlyMap<string, Bytes>
  readonly channel: readonly ChannelLine[]
}

export const FACTS = 'data/package.json'
export const CHANNEL = 'data/channel-receipts.jsonl'
export const streamPath = (id: string) => `data/streams/${id}.jsonl`
export const receiptPath = (id: string, version: number) =>
  `data/receipts/${id}/${version}.tlog-proof`
export const EXHIBITS = 'data/exhibits/'
const SIGNATURES = 'data/signatures/'
export const signaturePath = (id: string) => `${SIGNATURES}${id}.bin`
/** The chain of custody as CASE/UCO, in JSON-LD. */
export const GRAPH = 'data/custody.jsonld'
export const exhibitPath = (id: string) => `${EXHIBITS}${id}.age`

export const exhibitIdIn = (path: string) => path.slice(EXHIBITS.length, -'.age'.length)

export function primaryFiles(content: PackageContent): Map<string, Bytes> {
  const files = new Map<string, Bytes>([[FACTS, canonicalBytes(content.facts)]])
  for (const { id, events } of content.streams) {
    files.set(streamPath(id), linesOf(events.map(eventLine)))
    for (const { envelope, receipt } of events) {
      files.set(receiptPath(id, envelope.version), receipt)
    }
  }
  for (const [id, bytes] of content.signatures) files.set(signaturePath(id), bytes)
  if (content.channel.length > 0) files.set(CHANNEL, linesOf(content.channel))
  return files
}

function eventLine({ envelope, salt, signature, entry }: PackageEvent): object {
  return {
    envelope,
    salt: toBase64(salt),
    signature: toBase64(signature),
    entry: toBase64(entry),
  }
}

function linesOf(values: readonly object[]): Bytes {
  return concatBytes(...values.flatMap((value) => [canonicalBytes(value), utf8('\n')]))
}

/** Forms only: what the content says is for others to check. @throws ComityError with the file as field */
export function readContent(
  { files, sealed }: Archive,
  upcasters: Upcasters = UPCASTERS,
): PackageContent {
  const facts = inFile(FACTS, () => readForm(PackageFactsForm, required(files, FACTS), ''))
  inFile(FACTS, () => {
    instant(facts.madeAt.caseNow, '/madeAt/caseNow')
    instant(facts.madeAt.wireNow, '/madeAt/wireNow')
    requireDistinct(facts)
  })
  const streams = facts.streams.map(({ id, kind }) => {
    return { id, kind, events: readEvents(files, id, upcasters) }
  })
  const exhibits = filesBetween(sealed, EXHIBITS, '.age')
  const signatures = filesBetween(files, SIGNATURES, '.bin')
  const channel = files.has(CHANNEL)
    ? readLines(files, CHANNEL, (line, field) => readForm(ChannelLineForm, line, field))
    : []
  return { facts, streams, exhibits, signatures, channel, hasGraph: files.has(GRAPH) }
}

function filesBetween<T>(
  files: ReadonlyMap<string, T>,
  before: string,
  after: string,
): Map<string, T> {
  const found = [...files].filter(([path]) => path.startsWith(before) && path.endsWith(after))
  return new Map(
    found.map(([path, bytes]) => [path.slice(before.length, -after.length), bytes] as const),
  )
}

function requireDistinct({ streams, caseId }: PackageFacts): void {
  const ids = new Set(streams.map(({ id }) => id))
  if (ids.size !== streams.length)
    throw malformed('a stream is listed twice', { field: '/streams' })
  const ofKind = (kind: StreamKind) => streams.filter((stream) => stream.kind === kind)
  const [ownCase] = ofKind('case')
  const isOne = ofKind('case').length === 1 && ofKind('authority').length === 1
  if (!isOne || ownCase?.id !== caseId || ofKind('law').length > 1) {
    const text = 'a package has one case stream, one authority stream and at most one law stream'
    throw malformed(text, { field: '/streams' })
  }
}

function readEvents(files: Files, id: string, upcasters: Upcasters): PackageEvent[] {
  return readLines(files, streamPath(id), (bytes, field) => {
    const line = readForm(EventLineForm, bytes, field)
    const { envelope } = line
    instant(envelope.at, `${field}/envelope/at`)
    return {
      envelope: envelope as EventEnvelope,
      event: todaysEvent(envelope.event, upcasters),
      salt: fromBase64(line.salt, `${field}/salt`),
      signature: fromBase64(line.signature, `${field}/signature`),
      entry: fromBase64(line.entry, `${field}/entry`),
      receipt: required(files, receiptPath(id, envelope.version)),
    }
  })
}

/** Lines end with a line feed, the last one too. `field` counts them from 1. */
function readLines<T>(
  files: Files,
  path: string,
  read: (line: Uint8Array, field: string) => T,
): T[] {
  const bytes = required(files, path)
  const values: T[] = []
  let start = 0
  while (start < bytes.length) {
    const end = bytes.indexOf(10, start)
    const field = `line ${values.length + 1}`
    if (end < 0) throw malformed('the last line is not ended', { field: path })
    const line = bytes.subarray(start, end)
    values.push(inFile(path, () => read(line, field)))
    start = end + 1
  }
  return values
}

function required(files: Files, path: string): Bytes {
  const content = files.get(path)
  if (!content) throw malformed('the file is missing', { field: path })
  return content
}

/** Names the file as field; where in the file goes into the message. */
function inFile<T>(file: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw withFile(error, file)
  }
}

function withFile(error: unknown, file: string): unknown {
  if (!isFieldError(error) || error.field?.startsWith('data/')) return error
  const place = error.field ? `${error.field}: ` : ''
  return malformed(`${place}${error.message}`, { field: file, cause: error })
}

function isFieldError(error: unknown): error is Error & { readonly field?: string } {
  return error instanceof Error && 'field' in error && 'code' in error
}

/** The events of a stream as the folds take them. */
export function historyOf<Event = CaseEvent>(stream: PackageStream): Recorded<Event>[] {
  return stream.events.map(({ event, envelope: { version, at, by } }) => {
    return { event: event as unknown as Event, version, at, by }
  })
}

export function streamOf(content: PackageContent, kind: StreamKind): PackageStream | undefined {
  return content.streams.find((stream) => stream.kind === kind)
}

export function sameJson(a: Json | object, b: Json | object): boolean {
  return equalBytes(canonicalBytes(a), canonicalBytes(b))
}
