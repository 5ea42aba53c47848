/** Turns the form of an instrument's file into the core's: ids in full, absences as null. */
import type { CalendarDate } from '../base/time.ts'
import type { Applicability, AppliesFrom, Clock, CountingRule } from '../core/law/clock.ts'
import type { Condition } from '../core/law/condition.ts'
import type { Basis, Instrument } from '../core/law/pack.ts'
import { type FiningFactors, minorDigits, type SanctionTier } from '../core/law/sanction-tier.ts'
import type { ApplicabilityFile, ClockFile } from './law-clock-schema.ts'
import type { FiningFile, InstrumentPart, SanctionFile } from './law-instrument-schema.ts'
import type { BasisFile, ConditionFile } from './law-schema-words.ts'

/** What an instrument takes from its surroundings: dates checked, sources named. */
export type Surroundings = {
  readonly basis: (file: BasisFile, at: string) => Basis
  readonly day: (text: string, at: string) => CalendarDate
  readonly counting: CountingRule
}

/** JSON pointer of the instrument in its file. */
export const INSTRUMENT_AT = '/instrument'

/** @throws ComityError `malformed` from `around` */
export function instrumentOf(file: InstrumentPart, around: Surroundings): Instrument {
  const read = new InstrumentReader(file, around)
  return { ...read.head(), ...read.people(), ...read.duties(), ...read.information() }
}

class InstrumentReader {
  readonly #file: InstrumentPart
  readonly #around: Surroundings

  constructor(file: InstrumentPart, around: Surroundings) {
    this.#file = file
    this.#around = around
  }

  head() {
    const { id, name, matter, citation, status, statusBasis, preemptionRisk: risk } = this.#file
    const switchOffAt = `${INSTRUMENT_AT}/preemptionRisk/switchOffFrom`
    return {
      id,
      name,
      matter,
      citation: {
        text: citation.text,
        celex: citation.celex ?? null,
        eli: citation.eli ?? null,
      },
      status,
      statusBasis: this.#basis(statusBasis, `${INSTRUMENT_AT}/statusBasis`),
      dates: this.#list('dates', this.#file.dates),
      applies: this.#applies(this.#file.applies, `${INSTRUMENT_AT}/applies`),
      scopeWarnings: this.#file.scopeWarnings ?? [],
      supersedes: this.#file.supersedes ?? [],
      supersededBy: this.#file.supersededBy ?? null,
      preemptionRisk:
        risk === undefined
          ? null
          : {
              level: risk.level,
              note: risk.note,
              switchOffFrom:
                risk.switchOffFrom === undefined
                  ? null
                  : this.#around.day(risk.switchOffFrom, switchOffAt),
            },
      equivalents: this.#list('equivalents', this.#file.equivalents),
    }
  }

  people() {
    const { authorities, channels, competence, lead, reach, definitions } = this.#file
    return {
      authorities: this.#list('authorities', authorities),
      channels: this.#list('channels', channels).map(({ comity: _, ...channel }) => ({
        ...channel,
        clocks: channel.clocks ?? [],
        designation: channel.designation ?? null,
      })),
      competence: this.#list('competence', competence).map((rule) => ({
        ...rule,
        id: this.#full(rule.id),
        when: conditionOf(rule.when),
      })),
      lead: this.#list('lead', lead).map((rule) => ({
        ...rule,
        id: this.#full(rule.id),
        when: conditionOf(rule.when),
        dispute: rule.dispute ?? null,
      })),
      reach: this.#list('reach', reach).map((one) => ({ ...one, when: conditionOf(one.when) })),
      definitions: this.#list('definitions', definitions),
    }
  }

  duties() {
    const { clocks, measures, sanctions, fining, limitation } = this.#file
    const at = (part: string) => `${INSTRUMENT_AT}/${part}/basis`
    return {
      clocks: (clocks ?? []).map((clock, n) => this.#clock(clock, `${INSTRUMENT_AT}/clocks/${n}`)),
      measures: this.#list('measures', measures).map(({ courtNeeded, ...measure }, n) => ({
        ...measure,
        hearing: measure.hearing ?? null,
        compliance: measure.compliance ?? null,
        isCourtNeeded: courtNeeded ?? false,
        when: conditionOf(measure.when),
        limits: measure.limits ?? [],
        validity: measure.validity ?? null,
        appliesFrom: this.#from(measure.appliesFrom, `${INSTRUMENT_AT}/measures/${n}/appliesFrom`),
      })),
      sanctions: (sanctions ?? []).map((tier, n) =>
        this.#tier(tier, `${INSTRUMENT_AT}/sanctions/${n}`),
      ),
      fining: fining === undefined ? null : this.#fining(fining, at('fining')),
      limitation:
        limitation === undefined
          ? null
          : { ...limitation, basis: this.#basis(limitation.basis, at('limitation')) },
    }
  }

  information() {
    const { evidenceRules, transfers, refusalGrounds, remedies, protections, thresholds } =
      this.#file
    return {
      evidenceRules: this.#list('evidenceRules', evidenceRules).map(({ binding, ...rule }) => ({
        ...rule,
        clocks: rule.clocks ?? [],
        abroad: rule.abroad ?? null,
        isBinding: binding ?? true,
      })),
      transfers: this.#list('transfers', transfers).map(({ binding, ...transfer }) => ({
        ...transfer,
        to: transfer.to ?? [],
        isBinding: binding ?? true,
      })),
      refusalGrounds: this.#list('refusalGrounds', refusalGrounds),
      remedies: this.#list('remedies', remedies).map(({ binding, ...remedy }) => ({
        ...remedy,
        to: remedy.to ?? null,
        isBinding: binding ?? true,
      })),
      protections: this.#list('protections', protections),
      thresholds: this.#list('thresholds', thresholds),
    }
  }

  #clock(file: ClockFile, at: string): Clock {
    const { trigger, start, extension } = file
    return {
      id: this.#full(file.id),
      instrument: this.#file.id,
      stage: file.stage,
      by: file.by ?? null,
      to: file.to ?? null,
      routes: (file.routes ?? []).map(({ when, to, basis }, n) => ({
        when: when as Condition,
        to,
        basis: this.#basis(basis, `${at}/routes/${n}/basis`),
      })),
      kind: file.kind,
      period: file.period ?? null,
      start: start?.event ? { event: start.event, ofClock: start.ofClock ?? null } : null,
      backwardsFrom: start?.endOf ?? null,
      plus: file.plus ?? null,
      trigger:
        trigger === undefined ? null : { text: trigger.text, when: conditionOf(trigger.when) },
      group: file.group ?? null,
      variants: (file.variants ?? []).map(({ when, period, basis }, n) => ({
        when: when as Condition,
        period,
        basis: basis === undefined ? null : this.#basis(basis, `${at}/variants/${n}/basis`),
      })),
      extension:
        extension === undefined
          ? null
          : {
              period: { count: extension.count, unit: extension.unit },
              times: extension.times,
              condition: extension.condition,
              basis: this.#basis(extension.basis, `${at}/extension/basis`),
            },
      pauses: (file.pauses ?? []).map((pause, n) => ({
        ...pause,
        basis: this.#basis(pause.basis, `${at}/pauses/${n}/basis`),
      })),
      onSilence:
        file.onSilence === undefined
          ? null
          : {
              effect: file.onSilence.effect,
              article: file.onSilence.article,
              isReceiptNeeded: file.onSilence.needsReceipt ?? true,
            },
      initialIncompleteAllowed: file.initialIncompleteAllowed ?? false,
      counting: file.counting ?? this.#file.counting ?? this.#around.counting,
      isBinding: file.binding ?? true,
      applies:
        file.applies === undefined
          ? this.#applies(this.#file.applies, `${INSTRUMENT_AT}/applies`)
          : this.#applies(file.applies, `${at}/applies`),
      note: file.note ?? null,
      basis: this.#basis(file.basis, `${at}/basis`),
    }
  }

  #fining({ factors, priorFines, bars, basis }: FiningFile, at: string): FiningFactors {
    return {
      factors,
      priorFines,
      bars: this.#list('fining/bars', bars).map(({ instrument, when, ...bar }) => ({
        ...bar,
        instrument: instrument ?? null,
        when: conditionOf(when),
      })),
      basis: this.#basis(basis, at),
    }
  }

  #tier(file: SanctionFile, at: string): SanctionTier {
    const { fixed, currency = null } = file
    const amounts = fixed === undefined ? [] : [fixed].flat()
    const minor = 10n ** BigInt(minorDigits(currency ?? ''))
    return {
      id: this.#full(file.id),
      instrument: this.#file.id,
      for: file.for,
      when: conditionOf(file.when),
      persons: file.persons ?? null,
      cap: file.cap,
      fixed: amounts.map((amount) => BigInt(amount) * minor),
      currency,
      basisPoints: basisPointsOf(file.percent),
      base: file.base ?? null,
      baseNote: file.baseNote ?? null,
      benefitTimes: file.benefitTimes ?? null,
      percentWhen: conditionOf(file.percentWhen),
      percentAbove: file.percentAbove === undefined ? null : BigInt(file.percentAbove) * minor,
      isAlternative: file.alternatives ?? false,
      modifies: file.modifies ?? [],
      dayDivisor: file.dayDivisor ?? null,
      isFloorOfCap: file.floorOfCap ?? false,
      track: file.track ?? 'administrative',
      appliesFrom: this.#from(file.appliesFrom, `${at}/appliesFrom`),
      isBinding: file.binding ?? true,
      note: file.note ?? null,
      basis: this.#basis(file.basis, `${at}/basis`),
    }
  }

  #applies(file: ApplicabilityFile | undefined, at: string): Applicability {
    const from = (
      entry: NonNullable<ApplicabilityFile['provisionAppliesFrom']>,
      path: string,
    ): AppliesFrom => ({
      date: this.#around.day(entry.date, `${path}/date`),
      when: conditionOf(entry.when),
      basis: this.#basis(entry.basis, `${path}/basis`),
    })
    const provision = file?.provisionAppliesFrom
    return {
      provisionFrom: provision === undefined ? null : from(provision, `${at}/provisionAppliesFrom`),
      scopeFrom: (file?.scopeAppliesFrom ?? []).map((entry, n) =>
        from(entry, `${at}/scopeAppliesFrom/${n}`),
      ),
    }
  }

  #from(file: { date: string; basis: BasisFile } | undefined, at: string) {
    if (file === undefined) return null
    const date = this.#around.day(file.date, `${at}/date`)
    return { date, basis: this.#basis(file.basis, `${at}/basis`) }
  }

  #list<T extends { basis: BasisFile }>(key: string, items: readonly T[] | undefined) {
    return (items ?? []).map((item, n) => ({
      ...item,
      basis: this.#basis(item.basis, `${INSTRUMENT_AT}/${key}/${n}/basis`),
    }))
  }

  #basis(file: BasisFile, at: string): Basis {
    return this.#around.basis(file, at)
  }

  #full(id: string): string {
    return `${this.#file.id}/${id}`
  }
}

/** Nothing is rounded: what is no whole number of them becomes none, which does not load. */
function basisPointsOf(percent: number | undefined): number | null {
  if (percent === undefined) return null
  const points = Math.round(percent * 100)
  return Math.abs(percent * 100 - points) < 1e-9 ? points : 0
}

function conditionOf(file: ConditionFile): Condition
function conditionOf(file: ConditionFile | undefined): Condition | null
function conditionOf(file: ConditionFile | undefined): Condition | null {
  return (file as Condition | undefined) ?? null
}
