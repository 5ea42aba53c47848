/**
 * An archive of events: those of one telling of the demonstration's story, as a
 * release wrote them, and what they added up to. Later versions must read the first
 * and come to the second; `test/archive/replay.test.ts` holds them to it.
 *
 * Everything in it is invented. Salts and signatures are there so that a reader can
 * check that the events are still the bytes that were signed and logged.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { recordedOf } from '../src/adapters/postgres/streams/stream-rows.ts'
import { foldAgreementStream } from '../src/app/agreement-record.ts'
import { foldErasureStream } from '../src/app/erasure/read-erasures.ts'
import type { AnyEvent, StreamKind } from '../src/app/ports/streams.ts'
import { projectStream } from '../src/app/project.ts'
import { canonicalText, type Json } from '../src/base/canonical-json.ts'
import { foldAuthority, noAuthority } from '../src/core/authority/authority.ts'
import { foldCase } from '../src/core/case/case.ts'
import type { Recorded } from '../src/core/case/recorded.ts'
import { foldSignOffs, noSignOffs } from '../src/core/law/sign-off.ts'
import { foldOversight, noOversight } from '../src/core/oversight/oversight.ts'
import { foldStanding, noStanding } from '../src/core/people/standing.ts'
import type { EventEnvelope } from '../src/wire/event-commitment.ts'

export const ARCHIVE = new URL('../protocol/archive/', import.meta.url)
export const EVENTS = 'events.jsonl.gz'
export const STATES = 'states.json.gz'

/** Bytes are base64. */
export type ArchivedEvent = {
  readonly kind: StreamKind
  readonly envelope: EventEnvelope
  readonly salt: string
  readonly signature: string
  /** What the log holds of it. */
  readonly entry: string
}

/** By stream: its folded state, and its rows in the lists. */
export type States = Readonly<Record<string, Json>>

/** Versions that have an archive. */
export function archivedVersions(): readonly string[] {
  return readdirSync(ARCHIVE).sort()
}

export function readArchive(version: string): {
  readonly events: readonly ArchivedEvent[]
  readonly states: States
} {
  const text = (file: string) =>
    gunzipSync(readFileSync(join(ARCHIVE.pathname, version, file))).toString('utf8')
  const lines = text(EVENTS).trimEnd().split('\n')
  return {
    events: lines.map((line) => JSON.parse(line) as ArchivedEvent),
    states: JSON.parse(text(STATES)) as States,
  }
}

/** What the events add up to with the code of today. */
export function statesOf(events: readonly ArchivedEvent[]): States {
  const streams = Map.groupBy(events, ({ envelope: { node, stream } }) => `${node}/${stream}`)
  return Object.fromEntries(
    [...streams].map(([id, own]) => {
      const kind = own[0]?.kind as StreamKind
      const history = own.map(recordedOf)
      const state = { kind, state: folded(kind, history), projection: projectStream(kind, history) }
      return [id, JSON.parse(canonicalText(state)) as Json]
    }),
  )
}

function folded(kind: StreamKind, history: readonly Recorded<AnyEvent>[]): object {
  // The kind of a stream says which events it holds.
  const of = <Event>() => history as readonly Recorded<Event>[]
  switch (kind) {
    case 'case':
      return foldCase(of<Parameters<typeof foldCase>[0][number]['event']>())
    case 'agreement':
      return foldAgreementStream(history)
    case 'law':
      return of<Parameters<typeof foldSignOffs>[1]['event']>().reduce(foldSignOffs, noSignOffs)
    case 'authority': {
      const authority = of<Parameters<typeof foldAuthority>[1]['event']>()
      return {
        authority: authority.reduce(foldAuthority, noAuthority),
        standing: authority.reduce(foldStanding, noStanding),
      }
    }
    case 'oversight':
      return of<Parameters<typeof foldOversight>[1]['event']>().reduce(foldOversight, noOversight)
    case 'erasure':
      return foldErasureStream(history)
    case 'sealing':
      return history.map(({ event }) => event)
  }
}

/** Where today's state lacks or contradicts what was stated; members that are new pass. */
export function differences(stated: Json | undefined, today: Json | undefined, at = ''): string[] {
  if (stated === null || typeof stated !== 'object') return stated === today ? [] : [at]
  if (today === null || typeof today !== 'object') return [at]
  if (Array.isArray(stated) !== Array.isArray(today)) return [at]
  if (Array.isArray(stated) && stated.length !== (today as readonly Json[]).length) return [at]
  const members = today as { readonly [member: string]: Json | undefined }
  return Object.entries(stated).flatMap(([name, value]) =>
    differences(value as Json, members[name], `${at}/${name}`),
  )
}
