/**
 * Records of the AI Incident Database: an incident with its reports, a report (an
 * article about an incident), or a row of a classification (CSET and others), in the
 * older form with named members and the newer one with `attributes`. Back out goes an
 * incident.
 */
import type { Json } from '../../base/canonical-json.ts'
import type {
  AdmittedReport,
  LocalText,
  ReportReference,
} from '../../core/triage/admitted-report.ts'
import { isWebAddress } from '../../core/triage/admitted-report.ts'
import { pointerTo } from '../json-pointer.ts'
import type { NotCarried } from './source.ts'
import { LIST_MAX, maybe, present, requirePart, type Source, titleFrom, unique } from './source.ts'

const FORMAT = 'AIID'

/** Each under the names that the database's exports and its interface use. */
const ENTITIES = {
  deployers: ['deployers', 'AllegedDeployerOfAISystem', 'Alleged deployer of AI system'],
  developers: ['developers', 'AllegedDeveloperOfAISystem', 'Alleged developer of AI system'],
  harmed: [
    'harmed_parties',
    'AllegedHarmedOrNearlyHarmedParties',
    'Alleged harmed or nearly harmed parties',
  ],
  systems: ['implicated_systems', 'Implicated Systems'],
} as const

export function readAiid(source: Source): AdmittedReport {
  if (source.at('namespace') !== undefined) return readClassification(source)
  return source.at('report_number') === undefined ? readIncident(source) : readArticle(source)
}

function readIncident(source: Source): AdmittedReport {
  const id = idOf(source, 'incident_id')
  const description = requirePart(source.text('description'), '/description')
  const title = source.text('title') ?? titleFrom(description)
  for (const name of ['editors', 'editor_notes']) source.leave('personal', name)
  source.leave('otherLanguage', 'translations')
  const harmed = entities(source, ENTITIES.harmed)
  const lines = harmed.length > 0 ? [`Alleged harmed parties: ${harmed.join('; ')}`] : []
  return {
    ...common(id, 'incident'),
    title: english(title),
    description: english([description, ...lines].join('\n\n')),
    affected: affectedOf(source),
    references: [...articlesOf(source), ...cited(id)],
    ...maybe('reportedOn', source.date('date')),
  }
}

/** The articles of an incident: their addresses, not their texts. */
function articlesOf(source: Source): ReportReference[] {
  const count = Math.min(source.count('reports'), LIST_MAX)
  return Array.from({ length: count }, (_, index): ReportReference[] => {
    const one = source.at('reports', index)
    if (typeof one === 'number') {
      source.take('reports', index)
      return [{ kind: 'source', label: `AIID report ${one}`, url: `${SITE}/reports/${one}` }]
    }
    const url = source.text('reports', index, 'url')
    const label = source.text('reports', index, 'title')
    for (const name of ['authors', 'submitters']) source.leave('personal', 'reports', index, name)
    return url === undefined ? [] : [{ kind: 'source', ...maybe('label', label), url }]
  }).flat()
}

function readArticle(source: Source): AdmittedReport {
  const number = idOf(source, 'report_number')
  const text = source.text('plain_text') ?? source.text('text')
  // The same text, marked up.
  if (source.at('plain_text') !== undefined) source.take('text')
  const description = requirePart(text, '/text')
  for (const name of ['authors', 'submitters', 'user', 'editor_notes']) {
    source.leave('personal', name)
  }
  source.leave('otherLanguage', 'translations')
  const language = source.text('language') ?? 'und'
  const title = source.text('title') ?? source.text('incident_title') ?? titleFrom(description)
  const url = source.text('url')
  return {
    ...common(`report-${number}`, 'report'),
    title: { language, text: title },
    description: { language, text: description },
    affected: affectedOf(source),
    references: url === undefined ? [] : [{ kind: 'source', label: title, url }],
    ...maybe('publishedOn', source.date('date_published')),
    ...maybe('reportedOn', source.date('date_submitted')),
    ...maybe('lastModifiedOn', source.date('date_modified')),
  }
}

/** Members that describe the work on a row, not the incident. */
const ABOUT_THE_ROW = new Set(['Annotation Status', 'Quality Control', 'Notes'])
const PEOPLE = new Set(['Annotator', 'Reviewer'])
const OWN_PLACE = new Set(['Full Description', 'Short Description', 'System Developer'])

function readClassification(source: Source): AdmittedReport {
  const id = idOf(source, ...(source.count('incidents') > 0 ? ['incidents', 0] : ['incident_id']))
  const namespace = requirePart(source.text('namespace'), '/namespace')
  const { read, names } = attributesOf(source)
  const full = read('Full Description')
  const short = read('Short Description')
  const description = requirePart(full ?? short, '/classifications/Full Description')
  const developers = read('System Developer')
  const lines = names
    .filter((name) => !ABOUT_THE_ROW.has(name) && !PEOPLE.has(name) && !OWN_PLACE.has(name))
    .flatMap((name) => {
      const said = read(name)
      return said === undefined ? [] : [`${name}: ${said}`]
    })
  const said = full === undefined ? [] : present([short === full ? undefined : short])
  return {
    ...common(id, 'incident'),
    title: english(titleFrom(short ?? description)),
    description: english(
      [description, ...said.filter((one) => titleFrom(one) !== one), `Classified in ${namespace}`]
        .concat(lines)
        .join('\n\n'),
    ),
    affected: { developers: developers === undefined ? [] : [developers] },
    references: cited(id),
  }
}

/** `classifications: {name: value}`, or `attributes: [{short_name, value_json}]`. */
function attributesOf(source: Source) {
  const named = source.at('classifications')
  if (named !== null && typeof named === 'object' && !Array.isArray(named)) {
    const names = Object.keys(named)
    for (const name of names.filter((one) => PEOPLE.has(one))) {
      source.leave('personal', 'classifications', name)
    }
    return { names, read: (name: string) => plain(source, 'classifications', name) }
  }
  const rows = Array.from({ length: Math.min(source.count('attributes'), LIST_MAX) }, (_, at) => ({
    name: source.text('attributes', at, 'short_name') ?? '',
    at,
  }))
  return {
    names: rows.map(({ name }) => name),
    read: (name: string) => {
      const row = rows.find((one) => one.name === name)
      if (row === undefined) return undefined
      if (PEOPLE.has(name)) return source.leave('personal', 'attributes', row.at, 'value_json')
      return fromJsonText(source, row.at)
    },
  }
}

/** The database keeps each value as JSON in a text. */
function fromJsonText(source: Source, at: number): string | undefined {
  const path = ['attributes', at, 'value_json'] as const
  const given = source.at(...path)
  try {
    const value = typeof given === 'string' ? (JSON.parse(given) as Json) : given
    const said = sayPlain(value)
    if (said === undefined) return source.leave('wrongType', ...path)
    source.take(...path)
    return said === '' ? undefined : said
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    return source.leave('wrongType', ...path)
  }
}

function plain(source: Source, ...path: readonly (string | number)[]): string | undefined {
  const said = sayPlain(source.at(...path))
  if (said === undefined) return source.leave('wrongType', ...path)
  source.take(...path)
  return said === '' ? undefined : said
}

/** Empty: nothing is said. `undefined`: not a value that can be said in a line. */
function sayPlain(value: Json | undefined): string | undefined {
  if (value === undefined || value === null) return ''
  if (typeof value === 'string') return value.trim()
  if (typeof value === 'number') return String(value)
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (!Array.isArray(value)) return undefined
  const items = value.map(sayPlain)
  return items.some((one) => one === undefined) ? undefined : items.filter(Boolean).join('; ')
}

function affectedOf(source: Source): AdmittedReport['affected'] {
  return {
    developers: entities(source, ENTITIES.developers),
    deployers: entities(source, ENTITIES.deployers),
    artifacts: entities(source, ENTITIES.systems).map((name) => ({ kind: 'System', name })),
  }
}

/** Entities stand as names, or as `{entity_id, name}`. */
function entities(source: Source, names: readonly string[]): readonly string[] {
  return unique(
    names.flatMap((name) => {
      if (typeof source.at(name) === 'string') return source.texts(name)
      const count = Math.min(source.count(name), LIST_MAX)
      return present(
        Array.from({ length: count }, (_, index) => {
          if (typeof source.at(name, index) === 'string') return source.text(name, index)
          const said = source.text(name, index, 'name') ?? source.text(name, index, 'entity_id')
          if (said !== undefined) source.take(name, index)
          return said
        }),
      )
    }),
  )
}

function idOf(source: Source, ...path: readonly (string | number)[]): string {
  const value = source.at(...path)
  const id = typeof value === 'number' || typeof value === 'string' ? String(value) : ''
  const pointer = path.reduce<string>((at, step) => pointerTo(at, step), '')
  source.take(...path)
  return requirePart(/^\d{1,9}$/.test(id) ? id : undefined, pointer)
}

const SITE = 'https://incidentdatabase.ai'
const cited = (id: string): ReportReference[] => [
  { kind: 'source', label: `AIID incident ${id}`, url: `${SITE}/cite/${id}` },
]
const english = (text: string): LocalText => ({ language: 'en', text })

function common(id: string, formatVersion: string) {
  return {
    kind: 'report',
    source: { format: FORMAT, formatVersion },
    identifiers: { reportId: `AIID-${id}` },
    problem: { origin: 'AIID Incident', nature: 'Issue' },
    extensions: [],
    remarks: [],
  } as const satisfies Partial<AdmittedReport>
}

export type AiidIncident = {
  readonly incident: Json
  /** Members of the report that an incident has no place for. */
  readonly lost: readonly NotCarried[]
}

/** An incident as the database takes it. It holds public things only, so it needs an article. */
export function writeAiidIncident(report: AdmittedReport): AiidIncident | undefined {
  const articles = (report.references ?? []).filter(({ url }) => isWebAddress(url))
  const foreign = articles.filter(({ url }) => !url.startsWith(`${SITE}/cite/`))
  if (articles.length === 0) return undefined
  const { developers, deployers, artifacts } = report.affected
  const id = /^AIID-(\d+)$/.exec(report.identifiers.reportId ?? '')?.[1]
  const date = report.reportedOn ?? report.publishedOn
  const incident: Json = {
    ...(id === undefined ? {} : { incident_id: Number(id) }),
    title: report.title.text,
    description: report.description.text,
    ...(date ? { date } : {}),
    developers: [...(developers ?? [])],
    deployers: [...(deployers ?? [])],
    implicated_systems: (artifacts ?? []).map(({ name }) => name),
    reports: foreign.map(({ url, label }) => ({ url, ...(label ? { title: label } : {}) })),
  }
  return { incident, lost: lostOf(report, id !== undefined) }
}

function lostOf(report: AdmittedReport, isKnown: boolean): readonly NotCarried[] {
  const { identifiers, impact, measurements, links, extensions, statedPublic } = report
  const others: Readonly<Record<string, unknown>> = {
    'identifiers/reportId': isKnown ? null : identifiers.reportId,
    'identifiers/vulnerabilityId': identifiers.vulnerabilityId,
    ...{ impact, measurements, links, statedPublic },
    lastModifiedOn: report.lastModifiedOn,
    credits: report.credits,
    extensions: extensions.length > 0 ? extensions : null,
  }
  return Object.entries(others)
    .filter(([, value]) => value !== undefined && value !== null)
    .map(([name]) => ({ pointer: `/${name}`, why: name === 'credits' ? 'personal' : 'noPlace' }))
}
