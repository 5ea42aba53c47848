/**
 * Reads the files of a law pack (YAML 1.2) into a `LawPack`.
 *
 * Strict: a file with an unknown field, a missing source or mark, a number that
 * its quote does not hold, a period without a start, a cycle of chained clocks or
 * a recalled entry marked as binding does not load, and the message names file,
 * path and reason. A pack that loads is well formed; whether it is right is for
 * the officers who sign it off.
 */
import { toHex, utf8 } from '../base/bytes.ts'
import { type CalendarDate, calendarDate } from '../base/time.ts'
import { isZone } from '../core/law/calendar.ts'
import type { Basis, LawPack, PackCalendar } from '../core/law/pack.ts'
import { instrumentOf, type Surroundings } from './law-instrument.ts'
import { InstrumentFile } from './law-instrument-schema.ts'
import { requireSoundPack } from './law-pack-checks.ts'
import { type Fail, failIn } from './law-pack-error.ts'
import { PackHeadFile, SharedQuestionsFile } from './law-pack-schema.ts'
import type { BasisFile, SourcesFile } from './law-schema-words.ts'
import { readYaml } from './law-yaml.ts'

/** SHA-256 of bytes; passed in, as this folder has no cryptography. */
export type Sha256 = (bytes: Uint8Array) => Uint8Array

/** The files of a pack, by name in its folder; `pack.yaml` is the head. */
export type PackFiles = {
  /** Shown in errors, e.g. `law/eu`. */
  readonly folder: string
  readonly textOf: (name: string) => string | undefined
  /** Questions that packs share (`law/questions.yaml`). */
  readonly questions: Questions
}
export type Questions = Readonly<Record<string, string>>

/** @throws ComityError `malformed`; `field` is `<file>#<JSON pointer>`, `reason` a stable code */
export function readLawPack(files: PackFiles, sha256: Sha256): LawPack {
  const headName = `${files.folder}/${HEAD}`
  const text = files.textOf(HEAD)
  if (text === undefined) throw failIn(headName)('', 'no-file', 'there is no such file')
  const head = readYaml(PackHeadFile, text, headName)
  const fail = failIn(headName)
  const reader = readerOf(head.sources ?? {}, fail)
  const parts = head.instruments.map((name, n) => {
    const part = files.textOf(name)
    if (part === undefined) throw fail(`/instruments/${n}`, 'no-file', 'there is no such file')
    return { name, text: part, file: `${files.folder}/${name}` }
  })
  const calendar = calendarOf(head.calendar, reader, fail)
  const instruments = parts.map((part) =>
    readInstrument(part.text, part.file, head.sources ?? {}, calendar),
  )
  const pack: LawPack = {
    id: head.pack,
    version: head.version,
    status: head.status,
    legalOrder: head.legalOrder,
    name: head.name,
    validFrom: reader.day(head.validFrom, '/validFrom'),
    validTo: head.validTo === undefined ? null : reader.day(head.validTo, '/validTo'),
    replaces: head.replaces ?? null,
    asOf: reader.day(head.asOf, '/asOf'),
    languages: head.languages,
    members: head.members ?? [],
    within: head.within ?? [],
    questions: questionsOf(head.questions ?? {}, files.questions, fail),
    calendar,
    instruments,
    digest: digestOf([{ name: HEAD, text }, ...parts], sha256),
  }
  requireSoundPack(pack, { head: fail, ofInstrument: parts.map(({ file }) => failIn(file)) })
  return pack
}

/** @throws ComityError `malformed` */
export function readSharedQuestions(yamlText: string, file: string): Questions {
  return readYaml(SharedQuestionsFile, yamlText, file).questions
}

const HEAD = 'pack.yaml'

/** The digest of what `sha256sum` prints for the files, so that anyone can redo it. */
function digestOf(files: readonly { name: string; text: string }[], sha256: Sha256): string {
  const lines = files.map(({ name, text }) => `${toHex(sha256(utf8(text)))}  ${name}\n`)
  return toHex(sha256(utf8(lines.join(''))))
}

function readInstrument(
  yamlText: string,
  file: string,
  shared: SourcesFile,
  { counting }: PackCalendar,
) {
  const fail = failIn(file)
  const { sources: own = {}, instrument } = readYaml(InstrumentFile, yamlText, file)
  const twice = Object.keys(own).find((name) => Object.hasOwn(shared, name))
  if (twice !== undefined) {
    throw fail(`/sources/${twice}`, 'duplicate-id', 'the head of the pack has this source too')
  }
  return instrumentOf(instrument, { ...readerOf({ ...shared, ...own }, fail), counting })
}

function questionsOf(own: Questions, shared: Questions, fail: Fail): Questions {
  const twice = Object.keys(own).find((name) => Object.hasOwn(shared, name))
  if (twice === undefined) return { ...shared, ...own }
  throw fail(`/questions/${twice}`, 'duplicate-id', 'a shared question asks for this fact')
}

export function readerOf(sources: SourcesFile, fail: Fail): Omit<Surroundings, 'counting'> {
  const day = (text: string, at: string): CalendarDate => {
    try {
      return calendarDate(text)
    } catch {
      throw fail(at, 'not-a-date', 'no such calendar date')
    }
  }
  const basis = ({ article, source, evidence, quote, numeral }: BasisFile, at: string): Basis => {
    const named = Object.hasOwn(sources, source) ? sources[source] : undefined
    if (named === undefined) {
      throw fail(`${at}/source`, 'unknown-source', 'no such source in the pack')
    }
    if (quote !== undefined && evidence !== 'P') {
      throw fail(`${at}/quote`, 'quote-unread', 'only a text that was read can be quoted')
    }
    return {
      article,
      source: `${named.title} (${named.place})`,
      evidence,
      retrievedOn: day(named.retrievedOn, `/sources/${source}/retrievedOn`),
      quote: quote ?? null,
      numeral: numeral ?? null,
    }
  }
  return { basis, day }
}

function calendarOf(
  file: PackHeadFile['calendar'],
  { basis, day }: Omit<Surroundings, 'counting'>,
  fail: Fail,
): PackCalendar {
  const { places, weekend, counting } = file
  for (const [n, { zone }] of places.entries()) {
    if (isZone(zone)) continue
    throw fail(`/calendar/places/${n}/zone`, 'not-a-zone', 'no such IANA time zone')
  }
  return {
    places,
    weekend,
    counting,
    countingBasis: basis(file.countingBasis, '/calendar/countingBasis'),
    holidaysBasis: basis(file.holidaysBasis, '/calendar/holidaysBasis'),
    corrections: (file.corrections ?? []).map(({ holiday, ...correction }, n) => {
      const at = `/calendar/corrections/${n}`
      return {
        holidays: correction.holidays,
        date: day(correction.date, `${at}/date`),
        isHoliday: holiday,
        name: correction.name,
        basis: basis(correction.basis, `${at}/basis`),
      }
    }),
  }
}
