/**
 * A law pack as pages show it. A standing is given for today and without the facts of a
 * case, so what depends on facts is shown as open, never as binding. Pure.
 */
import type { CalendarDate, Instant } from '../../../base/time.ts'
import type { Recorded } from '../../../core/case/recorded.ts'
import type { LawContext } from '../../../core/law/case-law.ts'
import type { Clock, Period } from '../../../core/law/clock.ts'
import { type Basis, type Instrument, type LawPack, packRef } from '../../../core/law/pack.ts'
import { changeText, packChanges } from '../../../core/law/pack-changes.ts'
import { entriesOf, type PackEntry } from '../../../core/law/pack-entries.ts'
import { versionBefore, versionsOf } from '../../../core/law/pack-versions.ts'
import {
  isSignedOff,
  isSignOffSimulated,
  openClocksOf,
  type SignOffEvent,
} from '../../../core/law/sign-off.ts'
import { standingOf } from '../../../core/law/standing.ts'
import type { Messages } from '../../messages.ts'
import { wordFor } from '../../words.ts'
import type {
  LawEntry,
  LawGroup,
  LawInstrument,
  LawPackContent,
  LawPackModel,
  LawPeriod,
  LawReading,
  LawSignOff,
} from './model.ts'

export type LawFacts = {
  readonly context: Pick<LawContext, 'packs' | 'versions' | 'signOffs'>
  /** The stream of sign-offs: it has their times. */
  readonly history: readonly Recorded<SignOffEvent>[]
  readonly today: CalendarDate
  readonly messages: Messages
}

/** `undefined` if there is no such pack or no such version. Without a version: the one in use. */
export function lawPackModel(
  facts: LawFacts,
  id: string,
  version?: string,
): LawPackModel | undefined {
  const pack = packOf(facts, id, version)
  if (pack === undefined) return undefined
  return {
    pack: packContent(facts, pack),
    versions: versionsOf(loadedIn(facts), id).map((each) => ({
      version: each.version,
      validFrom: each.validFrom,
      ...(each.validTo === null ? {} : { validTo: each.validTo }),
      sha256: each.digest,
      isShown: each.digest === pack.digest,
    })),
  }
}

export function packOf({ context }: Pick<LawFacts, 'context'>, id: string, version?: string) {
  if (version === undefined) return context.packs.find((pack) => pack.id === id)
  const loaded = context.versions ?? context.packs
  return loaded.find((pack) => pack.id === id && pack.version === version)
}

/** @param since the version to compare with; without it, the one before */
export function packContent(facts: LawFacts, pack: LawPack, since?: LawPack): LawPackContent {
  const { id, name, legalOrder, version, status, asOf, validFrom, validTo, digest } = pack
  const older = since ?? versionBefore(loadedIn(facts), pack)
  return {
    ...{ id, title: name, jurisdiction: legalOrder, version, status, asOf, validFrom },
    ...(validTo === null ? {} : { validTo }),
    sha256: digest,
    signOff: signOffOf(facts, pack),
    instruments: pack.instruments.map((instrument) => instrumentItem(facts, pack, instrument)),
    ...(older === undefined
      ? {}
      : { changes: { since: older.version, texts: packChanges(older, pack).map(changeText) } }),
  }
}

export function signOffOf(
  { context, history }: Pick<LawFacts, 'context' | 'history'>,
  pack: LawPack,
): LawSignOff {
  const ref = packRef(pack)
  const own = history.filter(
    ({ event }) =>
      event.pack === ref.id && event.version === ref.version && event.digest === ref.digest,
  )
  const at: Instant | undefined = own.at(-1)?.at
  const isComplete = isSignedOff(context.signOffs, ref)
  const isSimulated = isSignOffSimulated(context.signOffs, ref)
  return {
    kind: isComplete ? (isSimulated ? 'simulated' : 'signed') : 'none',
    officers: new Set(own.map(({ event }) => event.officer)).size,
    ...(at === undefined ? {} : { at }),
  }
}

function loadedIn({ context }: LawFacts): readonly LawPack[] {
  return context.versions ?? context.packs
}

function instrumentItem(facts: LawFacts, pack: LawPack, instrument: Instrument): LawInstrument {
  const { id, name, citation, status, clocks, scopeWarnings } = instrument
  const entries = entriesOf(instrument)
  const sources = [...new Set(entries.flatMap(({ basis }) => basis?.source ?? []))]
  const told = entries.map((entry) => ({ kind: entry.kind, item: entryItem(entry, id, sources) }))
  const ofClock = (clock: Clock) => `${clock.id.slice(id.length + 1)}`
  const periods = clocks.flatMap((clock) => {
    const found = told.find(({ kind, item }) => kind === 'clocks' && item.id === ofClock(clock))
    return found ? [{ ...found.item, ...periodOf(facts, pack, instrument, clock) }] : []
  })
  return {
    ...{ id, name, citation: citation.text, status, sources, warnings: scopeWarnings, periods },
    ...(citation.eli === null ? {} : { url: citation.eli }),
    groups: groupsOf(told.filter(({ kind }) => kind !== 'clocks')),
  }
}

function groupsOf(told: readonly { kind: string; item: LawEntry }[]): readonly LawGroup[] {
  const kinds = [...new Set(told.map(({ kind }) => kind))]
  return kinds.map((kind) => ({
    kind,
    entries: told.filter((one) => one.kind === kind).map(({ item }) => item),
  }))
}

/** Said beside the period, in the page's own words. */
const IN_PERIOD = new Set(['period', 'stage', 'kind', 'trigger text', 'plus', 'start event'])

function entryItem(entry: PackEntry, instrument: string, sources: readonly string[]): LawEntry {
  const { kind, basis } = entry
  const fields = entry.fields.filter(({ field }) => kind !== 'clocks' || !IN_PERIOD.has(field))
  return {
    id: entry.id.slice(instrument.length + 1),
    fields,
    ...(basis === null ? {} : { reading: readingOf(basis, sources, hasNumber(entry)) }),
  }
}

/** A period, an amount, a percentage, a threshold: what a quote must show. */
function hasNumber({ kind, fields }: PackEntry): boolean {
  const names = { clocks: ['period'], sanctions: ['fixed', 'basis points'], thresholds: ['value'] }
  const own: readonly string[] = names[kind as keyof typeof names] ?? []
  return fields.some(({ field }) => own.includes(field))
}

function readingOf(
  { article, source, evidence, quote }: Basis,
  sources: readonly string[],
  isNumber: boolean,
): LawReading {
  const reading = { article, evidence, source: sources.indexOf(source) + 1 }
  const isNumberUnquoted = isNumber && quote === null
  return { ...reading, isNumberUnquoted, ...(quote === null ? {} : { quote }) }
}

function periodOf(
  { context, today, messages }: LawFacts,
  pack: LawPack,
  instrument: Instrument,
  clock: Clock,
): Omit<LawPeriod, keyof LawEntry> {
  const ref = packRef(pack)
  const isSigned = isSignedOff(context.signOffs, ref, clock.id)
  const subject = { instrument, clock, basis: clock.basis }
  const at = { day: today, facts: {}, isSigned, isClassified: false }
  const { standing, because } = standingOf(pack, subject, at)
  const periods = [clock.period, ...clock.variants.map(({ period }) => period)]
  const values = periods.flatMap((period) =>
    period === null ? [] : [valueText(messages, clock, period)],
  )
  const plus = clock.plus === null ? [] : [clock.plus]
  const said = values.length > 0 ? [...new Set(values)] : [messages.t('law.noNumber')]
  return {
    name: wordFor(messages, 'clockStage', clock.stage),
    ...(clock.trigger === null ? {} : { trigger: clock.trigger.text }),
    values: [...said, ...plus],
    standing,
    because: standing === 'binding' ? [] : because,
    isExcepted: openClocksOf(context.signOffs, ref).includes(clock.id),
  }
}

/** E.g. `at most 15 calendar days from: Aware`. */
function valueText(messages: Messages, { kind, start }: Clock, { count, unit }: Period): string {
  const period = messages.t(`law.unit.${unit}`, { count })
  const value = messages.t(`law.kind.${kind}`, { period })
  if (start === null) return value
  return messages.t('law.from', { value, event: wordFor(messages, 'startEvent', start.event) })
}
