/**
 * Reads the overlay of a Member State, and lays it over the pack that it is for.
 *
 * Strict like packs: an unknown field, a missing source, an authority, clock or instrument
 * that the pack lacks, or a number that its quote does not hold does not load, and the
 * message names file, path and reason. A fictional State has a code that ISO 3166 leaves to
 * users, and says in every name and every source that it is invented, so that nobody can
 * take it for a real one; a real State has a code of the pack's members.
 */
import { toHex, utf8 } from '../base/bytes.ts'
import type { CalendarDate } from '../base/time.ts'
import { isZone } from '../core/law/calendar.ts'
import type { Condition } from '../core/law/condition.ts'
import {
  applyOverlay,
  type LawOverlay,
  type OverlayInstrument,
  type Transposition,
} from '../core/law/overlay.ts'
import type { LawPack } from '../core/law/pack.ts'
import { INSTRUMENT_AT, instrumentOf, type Surroundings } from './law-instrument.ts'
import { requireFit } from './law-overlay-checks.ts'
import { LawOverlayFile, type OverlayInstrumentFile } from './law-overlay-schema.ts'
import { readerOf, type Sha256 } from './law-pack.ts'
import { type Fail, failIn } from './law-pack-error.ts'
import type { BasisFile } from './law-schema-words.ts'
import { readYaml } from './law-yaml.ts'

type Reader = Omit<Surroundings, 'counting'>

/** Codes that ISO 3166 never gives to a country. */
const USER_ASSIGNED = /^(?:AA|Q[M-Z]|X[A-Z]|ZZ)$/
const INVENTED = 'Invented for the exercise'

/**
 * @param file shown in errors, e.g. `law/eu/overlays/xm.yaml`
 * @throws ComityError `malformed`; `field` is `<file>#<JSON pointer>`, `reason` a stable code
 */
export function readLawOverlay(yamlText: string, file: string, sha256: Sha256): LawOverlay {
  const fail = failIn(file)
  const read = readYaml(LawOverlayFile, yamlText, file)
  requireNames(read, fail)
  const reader = readerOf(read.sources, fail)
  const day = (text: string | undefined, at: string): CalendarDate | null =>
    text === undefined ? null : reader.day(text, at)
  return {
    id: read.overlay,
    pack: read.pack,
    code: read.code,
    name: read.name,
    isFictional: read.fictional ?? false,
    version: read.version,
    status: read.status,
    validFrom: reader.day(read.validFrom, '/validFrom'),
    validTo: day(read.validTo, '/validTo'),
    asOf: reader.day(read.asOf, '/asOf'),
    languages: read.languages,
    questions: read.questions ?? {},
    calendar: calendarOf(read, reader, fail),
    designations: (read.authorities ?? []).map(({ id, name, when, basis }, n) => ({
      authority: id,
      name,
      when: (when as Condition | undefined) ?? null,
      basis: reader.basis(basis, `/authorities/${n}/basis`),
    })),
    instruments: (read.instruments ?? []).map((one, n) => overlaid(one, n, reader, fail)),
    file: `overlays/${read.code.toLowerCase()}.yaml`,
    sha256: toHex(sha256(utf8(yamlText))),
  }
}

/**
 * The pack as it stands in that Member State. Its digest is the SHA-256 of two lines, that
 * of the pack and that of the overlay's file, so that anyone can redo it.
 *
 * @param file shown in errors
 * @throws ComityError `malformed` if the overlay does not fit the pack
 */
export function layOver(pack: LawPack, overlay: LawOverlay, file: string, sha256: Sha256): LawPack {
  requireFit(pack, overlay, failIn(file))
  const lines = `${pack.digest}  ${pack.id} ${pack.version}\n${overlay.sha256}  ${overlay.file}\n`
  return applyOverlay(pack, overlay, toHex(sha256(utf8(lines))))
}

function requireNames(read: LawOverlayFile, fail: Fail): void {
  const { overlay, pack, code, validFrom, validTo, fictional = false } = read
  if (overlay !== `${pack}.${code.toLowerCase()}`) {
    throw fail('/overlay', 'overlay-id', 'the id is not that of the pack and the code')
  }
  if (validTo !== undefined && validTo <= validFrom) {
    throw fail('/validTo', 'validity', 'validity ends before it begins')
  }
  if (fictional !== USER_ASSIGNED.test(code)) {
    const message = 'a fictional State, and only one, has a code that ISO 3166 leaves to users'
    throw fail('/code', 'fictional-code', message)
  }
  if (fictional) requireInvented(read, fail)
}

/** Whoever reads a name, a source or a law of a fictional State must see that it is none. */
function requireInvented(read: LawOverlayFile, fail: Fail): void {
  const names: readonly (readonly [string, string])[] = [
    ['/name', read.name],
    ...(read.authorities ?? []).map(({ name }, n) => [`/authorities/${n}/name`, name] as const),
    ...(read.instruments ?? []).flatMap(({ transposition }, n) =>
      transposition ? [[`/instruments/${n}/transposition/law`, transposition.law] as const] : [],
    ),
  ]
  for (const [at, name] of names) {
    if (/\((?:fictional|invented)[^()]*\)/.test(name)) continue
    throw fail(at, 'not-marked', 'a name of a fictional State must say (fictional)')
  }
  for (const [name, { title }] of Object.entries(read.sources)) {
    if (title.startsWith(INVENTED)) continue
    const message = `a source of a fictional State begins with "${INVENTED}"`
    throw fail(`/sources/${name}/title`, 'not-marked', message)
  }
}

function calendarOf(
  { calendar, code }: LawOverlayFile,
  { basis, day }: Reader,
  fail: Fail,
): LawOverlay['calendar'] {
  const { zone, like, weekend = null, days = [] } = calendar
  if (!isZone(zone)) throw fail('/calendar/zone', 'not-a-zone', 'no such IANA time zone')
  return {
    place: { zone, holidays: code, like },
    weekend,
    corrections: days.map(({ date, holiday, name, basis: own }, n) => ({
      holidays: code,
      date: day(date, `/calendar/days/${n}/date`),
      isHoliday: holiday,
      name,
      basis: basis(own, `/calendar/days/${n}/basis`),
    })),
    basis: basis(calendar.basis, '/calendar/basis'),
  }
}

/** Channels and tiers are read as those of an instrument are. */
function overlaid(
  file: OverlayInstrumentFile,
  n: number,
  reader: Reader,
  fail: Fail,
): OverlayInstrument {
  const { id, channels, sanctions, transposition } = file
  const at = (path: string) => path.replace(INSTRUMENT_AT, `/instruments/${n}`)
  for (const [m, { comity, designation }] of (channels ?? []).entries()) {
    if ((comity === 'designated') === (designation !== undefined)) continue
    const path = `/instruments/${n}/channels/${m}/designation`
    throw fail(path, 'designation', 'a designated channel, and only one, names its designation')
  }
  const said = [
    ...(channels ?? []),
    ...(sanctions ?? []),
    ...(transposition ? [transposition] : []),
  ]
  const basis = said[0]?.basis
  if (basis === undefined) {
    throw fail(`/instruments/${n}`, 'nothing-said', 'the overlay says nothing about it')
  }
  const part = instrumentOf(
    {
      id,
      name: id,
      matter: 'other',
      citation: { text: id },
      status: 'in_force',
      statusBasis: basis,
      ...(channels === undefined ? {} : { channels }),
      ...(sanctions === undefined ? {} : { sanctions }),
    },
    {
      basis: (own: BasisFile, path) => reader.basis(own, at(path)),
      day: (text, path) => reader.day(text, at(path)),
      counting: 'unstated',
    },
  )
  return {
    id,
    channels: part.channels,
    sanctions: part.sanctions,
    transposition: transpositionOf(file, n, reader),
  }
}

function transpositionOf(
  { id, transposition }: OverlayInstrumentFile,
  n: number,
  { basis, day }: Reader,
): Transposition | null {
  if (transposition === undefined) return null
  const at = `/instruments/${n}/transposition`
  const { law, counting, appliesFrom: from, clocks } = transposition
  return {
    law,
    counting,
    appliesFrom:
      from === undefined
        ? null
        : {
            date: day(from.date, `${at}/appliesFrom/date`),
            when: null,
            basis: basis(from.basis, `${at}/appliesFrom/basis`),
          },
    clocks: (clocks ?? []).map((clock, m) => ({
      id: `${id}/${clock.id}`,
      period: clock.period ?? null,
      basis: basis(clock.basis, `${at}/clocks/${m}/basis`),
    })),
    basis: basis(transposition.basis, `${at}/basis`),
  }
}
