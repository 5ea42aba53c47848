/**
 * What the packs answer to a scenario, compared row by row with what the scenario
 * expects. A row that asks for something of which the packs know nothing is a
 * fault, never passed over.
 */
import { caseGaps, type GapAnswer } from '../core/law/case-overview.ts'
import { definitionsCrosswalk } from '../core/law/definitions.ts'
import type { Basis, LawPack } from '../core/law/pack.ts'
import { exampleError } from './law-examples.ts'
import { lawQuestion } from './law-question.ts'
import type { Expected, Scenario } from './law-scenarios.ts'

export type Answered = Expected & {
  readonly found: string
  readonly foundArticles: readonly string[]
  readonly isAsExpected: boolean
}

/** @throws ComityError `malformed` for a question or a row that cannot be read */
export function scenarioAnswers(
  { question, expected }: Scenario,
  packs: readonly LawPack[],
): readonly Answered[] {
  const asked = lawQuestion(question, packs)
  const answer = caseGaps(asked.packs, asked.question)
  const context = { answer, packs: asked.packs, on: asked.question.on }
  return expected.map((row) => {
    const { found, articles } = look(row, context)
    const isCited = row.article === '' || articles.some((each) => holds(each, row.article))
    const isAsExpected = found === row.answer && isCited
    return { ...row, found, foundArticles: articles, isAsExpected }
  })
}

type Context = {
  readonly answer: GapAnswer
  readonly packs: readonly LawPack[]
  readonly on: Parameters<typeof definitionsCrosswalk>[1]
}
type Looked = { readonly found: string; readonly articles: readonly string[] }

/** `99(4)` stands in `99(3), 99(4)`, not in `199(4)`; `48` not in `48a` or `480`. */
function holds(article: string, wanted: string): boolean {
  const literal = wanted.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  return new RegExp(`(?<![0-9A-Za-z])${literal}(?![0-9a-z])`).test(article)
}

function look(row: Expected, context: Context): Looked {
  const [, kind = '', what = ''] = /^(\w+) (.+)$/.exec(row.about) ?? []
  const lookup = Object.hasOwn(LOOKUPS, kind) ? LOOKUPS[kind] : undefined
  if (lookup === undefined) throw exampleError(row.place, `nobody knows how to ask: ${row.about}`)
  return lookup(what, context, row)
}

type Lookup = (what: string, context: Context, row: Expected) => Looked

const LOOKUPS: Readonly<Record<string, Lookup>> = {
  competence: competenceOf,
  asks: asksOf,
  lead: leadOf,
  dispute: disputeOf,
  reach: reachOf,
  power: powerOf,
  entry: entryOf,
  path: (what, context, row) => pathOf(what, context, row, 'effect'),
  direct: (what, context, row) => pathOf(what, context, row, 'direct'),
  gap: gapOf,
  term: termOf,
}

/** `<authority>`, or `<authority> under <instrument>`. */
function findingsFor(what: string, { answer }: Context, { place }: Expected) {
  const [authority, instrument] = what.split(' under ')
  const findings = answer.competence.findings.filter(
    (each) =>
      each.authority === authority && (instrument === undefined || each.instrument === instrument),
  )
  if (findings.length > 0) return findings
  throw exampleError(place, 'no pack has a rule for this authority')
}

function competenceOf(what: string, context: Context, row: Expected): Looked {
  const findings = findingsFor(what, context, row)
  const found =
    (['yes', 'open'] as const).find((answer) =>
      findings.some(({ competent }) => competent === answer),
    ) ?? 'no'
  return { found, articles: articlesOf(findings.filter(({ competent }) => competent === found)) }
}

function asksOf(what: string, context: Context, row: Expected): Looked {
  const findings = findingsFor(what, context, row)
  const facts = findings.flatMap(({ openQuestions }) => openQuestions.map(({ fact }) => fact))
  return { found: [...new Set(facts)].sort().join(', '), articles: articlesOf(findings) }
}

function leadOf(instrument: string, { answer }: Context): Looked {
  const lead = answer.competence.lead.find((each) => each.instrument === instrument)
  if (lead === undefined) return { found: 'none', articles: [] }
  const { outcome, authority, place, claims, because } = lead
  const who = authority === null ? claims.join(', ') : [authority, place ?? ''].join(' ').trim()
  return { found: `${outcome} ${who}`.trim(), articles: because.map(({ source }) => source ?? '') }
}

function disputeOf(instrument: string, { answer }: Context): Looked {
  const lead = answer.competence.lead.find((each) => each.instrument === instrument)
  const disputes = lead?.disputes ?? []
  const found = disputes.map(({ clock, decidedBy }) => `${clock} by ${decidedBy ?? 'nobody named'}`)
  return { found: found.join('; ') || 'none', articles: disputes.map(({ source }) => source) }
}

/** `<instrument> <role>`, with the name of an entity behind it where there are several. */
function reachOf(what: string, { answer }: Context): Looked {
  const [instrument, role, entity] = what.split(' ')
  const found = answer.competence.reach.filter(
    (each) =>
      each.instrument === instrument &&
      each.role === role &&
      (entity === undefined || each.entity === entity),
  )
  const best = (['yes', 'open', 'no'] as const).find((reached) =>
    found.some((each) => each.reached === reached),
  )
  const deciding = found.filter(({ reached }) => reached === best)
  return { found: best ?? 'not named', articles: deciding.map(({ article }) => article) }
}

function powerOf(id: string, { answer }: Context): Looked {
  const found = answer.powers.filter(({ instrument, measure }) => `${instrument}/${measure}` === id)
  const [first] = found
  if (first === undefined) return { found: 'not offered', articles: [] }
  const court = first.isCourtNeeded ? ', by a court' : ''
  return { found: `${first.state}${court}`, articles: articlesOf(found) }
}

function entryOf(id: string, { answer, packs }: Context, row: Expected): Looked {
  const cells = answer.columns.flatMap((column) => Object.values(column.cells).flat())
  const entry = cells.find((each) => each.id === id)
  if (entry !== undefined) {
    return { found: entry.state.replaceAll('_', ' '), articles: articlesOf([entry]) }
  }
  const known = packs.flatMap(({ instruments }) =>
    instruments.flatMap(({ id, clocks, sanctions, remedies }) => [
      ...[...clocks, ...sanctions].map((each) => each.id),
      ...remedies.map((remedy) => `${id}/${remedy.id}`),
    ]),
  )
  if (known.includes(id)) return { found: 'none', articles: [] }
  throw exampleError(row.place, 'no pack has an entry of this id')
}

/** `EU > GB personal`. */
function pathOf(
  what: string,
  { answer }: Context,
  row: Expected,
  side: 'effect' | 'direct',
): Looked {
  const [, from, to, data] = /^(\S+) > (\S+) (\w+)$/.exec(what) ?? []
  const path = answer.paths.find((each) => each.id === `${from}>${to}/${data}`)
  if (path === undefined) throw exampleError(row.place, 'the question has no such path')
  const articles = path.because.map(({ source }) => source ?? '')
  return { found: path[side].replaceAll('_', ' '), articles }
}

/** By its id; a gap whose facts are open is `undecided`. */
function gapOf(id: string, { answer }: Context): Looked {
  const gap = answer.gaps.find((each) => each.id === id)
  if (gap !== undefined) return { found: 'yes', articles: articlesOf(gap.articles) }
  const isUndecided = answer.undecided.some((each) => each.id === id)
  return { found: isUndecided ? 'undecided' : 'no', articles: [] }
}

function termOf(term: string, { packs, on }: Context, row: Expected): Looked {
  const [found] = definitionsCrosswalk(packs, on, [term])
  if (found === undefined || found.entries.length === 0) {
    throw exampleError(row.place, 'no pack defines this term')
  }
  return { found: found.verdict, articles: articlesOf(found.entries) }
}

function articlesOf(entries: readonly { readonly basis: Basis | null }[]): readonly string[] {
  return entries.flatMap(({ basis }) => (basis === null ? [] : [basis.article]))
}
