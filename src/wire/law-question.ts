/**
 * A question about competence or gaps, as JSON: facts, entities, packs, day,
 * yardstick. Read the same for the command line, `comity eval` and the API.
 *
 * Everything in it is bounded. A fact that no pack asks for is taken and has no
 * effect: the same question may be put to packs that come later.
 */
import type { Json } from '../base/canonical-json.ts'
import { malformed } from '../base/errors.ts'
import { type CalendarDate, calendarDate } from '../base/time.ts'
import type { GapQuestion } from '../core/law/case-overview.ts'
import type { InstrumentInPlace } from '../core/law/data-paths.ts'
import { moneyFrom } from '../core/law/money.ts'
import type { LawPack } from '../core/law/pack.ts'
import type { Entity } from '../core/law/reach.ts'
import type { Yardstick } from '../core/law/yardstick.ts'
import { factsIn, listOf, objectOf, textOf, textsOf } from './question-fields.ts'

export type AskedPacks = { readonly packs: readonly LawPack[]; readonly question: GapQuestion }

const MEMBERS = ['facts', 'entities', 'packs', 'on', 'yardstick', 'inPlace']

/**
 * @param packs all that are loaded; `packs` of the question picks some by legal order
 * @throws ComityError `malformed`; `field` names the member
 */
export function lawQuestion(input: Json, packs: readonly LawPack[]): AskedPacks {
  const fields = objectOf(input, 'question', MEMBERS)
  const asked = packsOf(fields['packs'], packs)
  const on = dayOf(fields['on'], asked)
  const question: GapQuestion = {
    facts: factsIn(fields['facts'] ?? {}),
    entities: listOf(fields['entities'], 'entities').map(entityOf),
    on,
    yardstick: yardstickOf(fields['yardstick']),
    inPlace: listOf(fields['inPlace'], 'inPlace').map(instrumentOf),
    isEveryPackAsked: fields['packs'] !== undefined && fields['packs'] !== null,
  }
  return { packs: validOn(asked, on), question }
}

/** Those of the legal orders named; without names all. */
export function packsOf(
  input: Json | undefined,
  packs: readonly LawPack[],
  field = 'packs',
): readonly LawPack[] {
  if (input === undefined || input === null) return packs
  const names = listOf(input, field)
  if (names.length === 0) throw malformed('no pack is named', { field })
  const wanted = names.map((name, n) => {
    const order = textOf(name, `${field}/${n}`).toUpperCase()
    if (packs.some(({ legalOrder }) => legalOrder === order)) return order
    throw malformed('there is no pack of this legal order', { field: `${field}/${n}` })
  })
  return packs.filter(({ legalOrder }) => wanted.includes(legalOrder))
}

/** One version of each pack: the one valid on the day, or else the one valid nearest to it. */
function validOn(packs: readonly LawPack[], on: CalendarDate): readonly LawPack[] {
  return [...new Set(packs.map(({ id }) => id))].flatMap((id) => {
    const versions = packs
      .filter((pack) => pack.id === id)
      .sort((a, b) => (a.validFrom < b.validFrom ? -1 : 1))
    return versions.filter(({ validFrom }) => validFrom <= on).at(-1) ?? versions[0] ?? []
  })
}

/** Without a day: the last one on which one of the packs was checked, so no clock is read. */
function dayOf(input: Json | undefined, packs: readonly LawPack[]): CalendarDate {
  if (input !== undefined && input !== null) return calendarDate(textOf(input, 'on'), 'on')
  const days = packs.map(({ asOf }) => asOf).sort()
  const last = days.at(-1)
  if (last === undefined) throw malformed('no pack is loaded', { field: 'packs' })
  return last
}

function entityOf(input: Json, n: number): Entity {
  const at = `entities/${n}`
  const fields = objectOf(input, at, ['name', 'roles', 'establishedIn'])
  return {
    name: textOf(fields['name'], `${at}/name`),
    roles: textsOf(fields['roles'], `${at}/roles`),
    establishedIn: textsOf(fields['establishedIn'], `${at}/establishedIn`),
  }
}

function yardstickOf(input: Json | undefined): Yardstick | null {
  if (input === undefined || input === null) return null
  const fields = objectOf(input, 'yardstick', ['basisPoints', 'turnovers'])
  const points = fields['basisPoints']
  const isShare = typeof points === 'number' && Number.isInteger(points)
  if (!isShare || points < 1 || points > 10_000) {
    const text = 'not a share of turnover in whole basis points, from 1 to 10000'
    throw malformed(text, { field: 'yardstick/basisPoints' })
  }
  const turnovers = listOf(fields['turnovers'], 'yardstick/turnovers').map((item, n) => {
    const at = `yardstick/turnovers/${n}`
    const { amount, currency } = objectOf(item, at, ['amount', 'currency'])
    return moneyFrom(amount, textOf(currency, `${at}/currency`), `${at}/amount`)
  })
  const twice = turnovers.find((money, n) =>
    turnovers.slice(0, n).some(({ currency }) => currency === money.currency),
  )
  if (twice === undefined) return { basisPoints: points, turnovers }
  throw malformed('two turnovers in one currency', { field: 'yardstick/turnovers' })
}

function instrumentOf(input: Json, n: number): InstrumentInPlace {
  const at = `inPlace/${n}`
  const fields = objectOf(input, at, ['from', 'to', 'name'])
  return {
    from: textOf(fields['from'], `${at}/from`),
    to: textOf(fields['to'], `${at}/to`),
    name: textOf(fields['name'], `${at}/name`),
  }
}
