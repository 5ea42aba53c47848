/**
 * Reads a law pack file (YAML 1.2) into a `LawPack`.
 *
 * Strict: a file with an unknown field, a missing source or mark, a number that
 * its quote does not hold, a period without a start, a cycle of chained clocks or
 * a recalled entry marked as binding does not load, and the message names file,
 * path and reason. A pack that loads is well formed; whether it is right is for
 * the officers who sign it off.
 */
import { Value } from '@sinclair/typebox/value'
import { parseDocument } from 'yaml'
import { toHex, utf8 } from '../base/bytes.ts'
import { type Json, requireSafe } from '../base/canonical-json.ts'
import { type ComityError, malformed } from '../base/errors.ts'
import { type CalendarDate, calendarDate } from '../base/time.ts'
import { isZone } from '../core/law/calendar.ts'
import type { Condition } from '../core/law/condition.ts'
import type {
  Applicability,
  AppliesFrom,
  Basis,
  Clock,
  Instrument,
  LawPack,
  PackCalendar,
} from '../core/law/pack.ts'
import { requireSoundPack } from './law-pack-checks.ts'
import {
  type ApplicabilityFile,
  type BasisFile,
  type ClockFile,
  ConditionFile,
  type InstrumentFile,
  LawPackFile,
} from './law-pack-schema.ts'

/** SHA-256 of the file's bytes; passed in, as this folder has no cryptography. */
export type Sha256 = (bytes: Uint8Array) => Uint8Array

/** A pack is read by people; no honest one is larger. */
const TEXT_MAX = 2_000_000

/**
 * @param fileName shown in errors, e.g. `law/eu/pack.yaml`
 * @throws ComityError `malformed`; `field` is `<file>#<JSON pointer>`, `reason` a stable code
 */
export function readLawPack(yamlText: string, fileName: string, sha256: Sha256): LawPack {
  const file = parseFile(yamlText, fileName)
  const read = new PackReader(file, fileName)
  const pack = read.pack(toHex(sha256(utf8(yamlText))))
  requireSoundPack(pack, (path, reason, message) => packError(fileName, path, reason, message))
  return pack
}

/** The text of `protocol/schemas/law-pack.json`. */
export function lawPackSchemaText(): string {
  return `${JSON.stringify(LawPackFile, null, 2)}\n`
}

function packError(file: string, path: string, reason: string, message: string): ComityError {
  const field = `${file}#${path}`
  return malformed(`${message} (${field}: ${reason})`, { field, reason })
}

function parseFile(yamlText: string, fileName: string): LawPackFile {
  if (yamlText.length > TEXT_MAX) throw packError(fileName, '', 'too-long', 'file is too long')
  const document = parseDocument(yamlText, { version: '1.2', schema: 'core', strict: true })
  const [problem] = [...document.errors, ...document.warnings]
  if (problem !== undefined) {
    const line = problem.linePos?.[0].line ?? 0
    const code = problem.code.toLowerCase().replaceAll('_', ' ')
    throw packError(fileName, '', 'not-yaml', `line ${line} is not YAML: ${code}`)
  }
  let value: Json
  try {
    // No aliases: a reader must see each value where it stands.
    value = document.toJS({ maxAliasCount: 0 }) as Json
  } catch {
    throw packError(fileName, '', 'alias', 'YAML aliases are not allowed')
  }
  requireSafe(value, fileName, 0)
  if (!Value.Check(LawPackFile, [ConditionFile], value)) {
    const [error] = Value.Errors(LawPackFile, [ConditionFile], value)
    const path = error?.path ?? ''
    throw packError(fileName, path, 'schema', error?.message.toLowerCase() ?? 'wrong form')
  }
  return value
}

/** Turns the file's form into the core's: ids in full, sources in place, absences as null. */
class PackReader {
  readonly #file: LawPackFile
  readonly #fileName: string

  constructor(file: LawPackFile, fileName: string) {
    this.#file = file
    this.#fileName = fileName
  }

  pack(digest: string): LawPack {
    const file = this.#file
    return {
      id: file.pack,
      version: file.version,
      status: file.status,
      legalOrder: file.legalOrder,
      name: file.name,
      validFrom: this.#day(file.validFrom, '/validFrom'),
      validTo: file.validTo === undefined ? null : this.#day(file.validTo, '/validTo'),
      asOf: this.#day(file.asOf, '/asOf'),
      languages: file.languages,
      members: file.members ?? [],
      within: file.within ?? [],
      questions: file.questions,
      calendar: this.#calendar(),
      instruments: file.instruments.map((instrument, n) =>
        this.#instrument(instrument, `/instruments/${n}`),
      ),
      digest,
    }
  }

  #calendar(): PackCalendar {
    const { calendar } = this.#file
    const { places, weekend, counting } = calendar
    for (const [n, { zone }] of places.entries()) this.#zone(zone, `/calendar/places/${n}/zone`)
    return {
      places,
      weekend,
      counting,
      countingBasis: this.#basis(calendar.countingBasis, '/calendar/countingBasis'),
      holidaysBasis: this.#basis(calendar.holidaysBasis, '/calendar/holidaysBasis'),
      corrections: (calendar.corrections ?? []).map(
        ({ holidays, date, holiday, name, basis }, n) => {
          const at = `/calendar/corrections/${n}`
          return {
            holidays,
            date: this.#day(date, `${at}/date`),
            isHoliday: holiday,
            name,
            basis: this.#basis(basis, `${at}/basis`),
          }
        },
      ),
    }
  }

  #instrument(file: InstrumentFile, at: string): Instrument {
    const based = <T extends { basis: BasisFile }>(items: readonly T[] | undefined, key: string) =>
      (items ?? []).map((item, n) => ({
        ...item,
        basis: this.#basis(item.basis, `${at}/${key}/${n}/basis`),
      }))
    const risk = file.preemptionRisk
    return {
      id: file.id,
      name: file.name,
      citation: {
        text: file.citation.text,
        celex: file.citation.celex ?? null,
        eli: file.citation.eli ?? null,
      },
      status: file.status,
      statusBasis: this.#basis(file.statusBasis, `${at}/statusBasis`),
      dates: based(file.dates, 'dates'),
      scopeWarnings: file.scopeWarnings ?? [],
      preemptionRisk:
        risk === undefined
          ? null
          : {
              level: risk.level,
              note: risk.note,
              switchOffFrom:
                risk.switchOffFrom === undefined
                  ? null
                  : this.#day(risk.switchOffFrom, `${at}/preemptionRisk/switchOffFrom`),
            },
      equivalents: based(file.equivalents, 'equivalents'),
      authorities: based(file.authorities, 'authorities'),
      competence: based(file.competence, 'competence').map((rule) => ({
        ...rule,
        id: `${file.id}/${rule.id}`,
        when: rule.when as Condition,
      })),
      clocks: (file.clocks ?? []).map((clock, n) =>
        this.#clock(file, clock, at, `${at}/clocks/${n}`),
      ),
      measures: based(file.measures, 'measures').map(({ courtNeeded, ...measure }) => ({
        ...measure,
        hearing: measure.hearing ?? null,
        compliance: measure.compliance ?? null,
        isCourtNeeded: courtNeeded ?? false,
      })),
    }
  }

  #clock(instrument: InstrumentFile, file: ClockFile, ofInstrument: string, at: string): Clock {
    const { trigger, start } = file
    return {
      id: `${instrument.id}/${file.id}`,
      instrument: instrument.id,
      stage: file.stage,
      by: file.by ?? null,
      to: file.to ?? null,
      kind: file.kind,
      period: file.period ?? null,
      start: start === undefined ? null : { event: start.event, ofClock: start.ofClock ?? null },
      plus: file.plus ?? null,
      trigger:
        trigger === undefined
          ? null
          : { text: trigger.text, when: (trigger.when as Condition | undefined) ?? null },
      group: file.group ?? null,
      variants: (file.variants ?? []).map(({ when, period }) => ({
        when: when as Condition,
        period,
      })),
      onSilence: file.onSilence ?? null,
      initialIncompleteAllowed: file.initialIncompleteAllowed ?? false,
      counting: file.counting ?? instrument.counting ?? this.#file.calendar.counting,
      isBinding: file.binding ?? true,
      applies:
        file.applies === undefined
          ? this.#applies(instrument.applies, `${ofInstrument}/applies`)
          : this.#applies(file.applies, `${at}/applies`),
      note: file.note ?? null,
      basis: this.#basis(file.basis, `${at}/basis`),
    }
  }

  #applies(file: ApplicabilityFile | undefined, at: string): Applicability {
    const from = (
      entry: NonNullable<ApplicabilityFile['provisionAppliesFrom']>,
      path: string,
    ): AppliesFrom => ({
      date: this.#day(entry.date, `${path}/date`),
      when: (entry.when as Condition | undefined) ?? null,
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

  #basis({ article, source, evidence, quote }: BasisFile, at: string): Basis {
    const named = Object.hasOwn(this.#file.sources, source) ? this.#file.sources[source] : undefined
    if (named === undefined) {
      throw packError(
        this.#fileName,
        `${at}/source`,
        'unknown-source',
        'no such source in the pack',
      )
    }
    return {
      article,
      source: `${named.title} (${named.place})`,
      evidence,
      retrievedOn: this.#day(named.retrievedOn, `/sources/${source}/retrievedOn`),
      quote: quote ?? null,
    }
  }

  #day(text: string, at: string): CalendarDate {
    try {
      return calendarDate(text)
    } catch {
      throw packError(this.#fileName, at, 'not-a-date', 'no such calendar date')
    }
  }

  #zone(zone: string, at: string): void {
    if (isZone(zone)) return
    throw packError(this.#fileName, at, 'not-a-zone', 'no such IANA time zone')
  }
}
