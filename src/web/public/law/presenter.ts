/**
 * The law packs as pages show them. A standing is given for today and without the
 * facts of a case, so what depends on facts is shown as open, never as binding. Pure.
 */
import type { CalendarDate, Instant } from '../../../base/time.ts'
import type { Recorded } from '../../../core/case/recorded.ts'
import type { LawContext } from '../../../core/law/case-law.ts'
import type { Clock, Period } from '../../../core/law/clock.ts'
import {
  type Basis,
  type Instrument,
  type LawPack,
  type Measure,
  packRef,
} from '../../../core/law/pack.ts'
import { isSignedOff, isSignOffSimulated, type SignOffEvent } from '../../../core/law/sign-off.ts'
import { standingOf } from '../../../core/law/standing.ts'
import type { Messages } from '../../messages.ts'
import { readable, wordFor } from '../../words.ts'
import type { LawModel, LawPeriod, LawPower, LawReading } from './model.ts'

export type LawFacts = {
  readonly context: Pick<LawContext, 'packs' | 'signOffs'>
  /** The stream of sign-offs: it has their times. */
  readonly history: readonly Recorded<SignOffEvent>[]
  readonly today: CalendarDate
  readonly messages: Messages
}

type PackItem = LawModel['packs'][number]
type InstrumentItem = PackItem['instruments'][number]

export function lawModel(facts: LawFacts): LawModel {
  return { packs: facts.context.packs.map((pack) => packItem(facts, pack)) }
}

function packItem(facts: LawFacts, pack: LawPack): PackItem {
  const { id, name, legalOrder, version, asOf, digest } = pack
  return {
    id,
    title: name,
    jurisdiction: legalOrder,
    version,
    asOf,
    sha256: digest,
    signOff: signOffOf(facts, pack),
    instruments: pack.instruments.map((instrument) => instrumentItem(facts, pack, instrument)),
  }
}

function signOffOf({ context, history }: LawFacts, pack: LawPack): PackItem['signOff'] {
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

function instrumentItem(facts: LawFacts, pack: LawPack, instrument: Instrument): InstrumentItem {
  const { id, name, citation, status, clocks, measures } = instrument
  const bases = [...clocks, ...measures].map(({ basis }) => basis.source)
  const sources = [...new Set(bases)]
  const reading = (basis: Basis) => readingOf(basis, sources)
  return {
    id,
    name,
    citation: citation.text,
    status,
    ...(citation.eli === null ? {} : { url: citation.eli }),
    sources,
    periods: clocks.map((clock) => ({
      ...reading(clock.basis),
      ...periodOf(facts, pack, instrument, clock),
    })),
    powers: measures.map((measure) => ({
      ...reading(measure.basis),
      ...powerOf(facts, instrument, measure),
    })),
  }
}

function readingOf({ article, source, evidence, quote }: Basis, sources: readonly string[]) {
  const reading: LawReading = { article, evidence, source: sources.indexOf(source) + 1 }
  return quote === null ? reading : { ...reading, quote }
}

function periodOf(
  { context, today, messages }: LawFacts,
  pack: LawPack,
  instrument: Instrument,
  clock: Clock,
): Omit<LawPeriod, keyof LawReading> {
  const isSigned = isSignedOff(context.signOffs, packRef(pack), clock.id)
  const subject = { instrument, clock, basis: clock.basis }
  const at = { day: today, facts: {}, isSigned, isClassified: false }
  const { standing, because } = standingOf(pack, subject, at)
  const periods = [clock.period, ...clock.variants.map(({ period }) => period)]
  const values = periods.flatMap((period) =>
    period === null ? [] : [valueText(messages, clock, period)],
  )
  return {
    name: wordFor(messages, 'clockStage', clock.stage),
    ...(clock.trigger === null ? {} : { trigger: clock.trigger.text }),
    values: values.length > 0 ? [...new Set(values)] : [messages.t('law.noNumber')],
    ...(clock.plus === null ? {} : { plus: clock.plus }),
    standing,
    because: standing === 'binding' ? [] : because,
  }
}

/** E.g. `at most 15 calendar days from: Aware`. */
function valueText(messages: Messages, { kind, start }: Clock, { count, unit }: Period): string {
  const period = messages.t(`law.unit.${unit}`, { count })
  const value = messages.t(`law.kind.${kind}`, { period })
  if (start === null) return value
  return messages.t('law.from', { value, event: wordFor(messages, 'startEvent', start.event) })
}

function powerOf(
  { messages }: LawFacts,
  { authorities }: Instrument,
  { code, authority, preconditions, isCourtNeeded }: Measure,
): Omit<LawPower, keyof LawReading> {
  return {
    measure: wordFor(messages, 'measure', camelCase(code)),
    authority: authorities.find(({ id }) => id === authority)?.name ?? readable(authority),
    conditions: preconditions,
    isCourtNeeded,
  }
}

/** Packs write `corrective_order`, the catalogue `correctiveOrder`. */
function camelCase(code: string): string {
  return code.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
}
