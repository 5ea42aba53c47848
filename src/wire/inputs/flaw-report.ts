/**
 * The AI flaw report, a form of several research groups. Its answers have no fixed
 * types beyond text and lists of text, so each answer that a report has no member for
 * stands in the description under the question's own name. Who reported stays out.
 */
import type { AdmittedReport } from '../../core/triage/admitted-report.ts'
import { maybe, present, requirePart, type Source, titleFrom } from './source.ts'

const SHORT = ['Flaw Description', 'Incident Description']
const DETAILED = ['Flaw Description - Detailed', 'Incident Description - Detailed']
const PERSONAL = ['Reporter ID', 'Session ID', 'Session ID(s)']

/** In the order in which an officer reads them. */
const ANSWERS = [
  'Report Types',
  'Policy Violation',
  'Potential Policy Violation',
  'Severity',
  'Prevalence',
  'Impacts',
  'Impacts_Other',
  'Specific Harm Types',
  'Impacted Stakeholder(s)',
  'CSAM Related',
  'Risk Source(s)',
  'Context Info',
  'Proof-of-Concept Exploit',
  'Submitter Relationship',
  'Submitter Relationship_Other',
  'Incident Location(s)',
  'Harm Narrative',
  'Attacker Resources',
  'Attacker Objectives',
  'Objective Context',
  'Detection',
  'Statistical Argument with Examples',
  'Flaw Timestamp Start',
  'Flaw Timestamp End',
  'Incident Timestamp Start',
  'Disclosure Intent',
  'Disclosure Timeline',
  'Disclosure Channels',
  'Disclosure Channels_Other',
  'Embargo Request',
] as const

const ALREADY_PUBLIC = 'Already Public Knowledge'

export function readFlawReport(source: Source): AdmittedReport {
  for (const name of PERSONAL) source.leave('personal', name)
  const isPublic = source.at('Disclosure Intent') === ALREADY_PUBLIC
  const told = present([...SHORT, ...DETAILED].map((name) => source.text(name)))
  const [first] = told
  const description = requirePart(first, '/Flaw Description')
  const answers = ANSWERS.flatMap((name) => {
    const said = answerOf(source, name)
    return said === undefined ? [] : [`${name}: ${said}`]
  })
  const reportId = source.text('Report ID')
  return {
    kind: 'report',
    source: { format: 'AI flaw report', formatVersion: '1' },
    identifiers: maybe('reportId', reportId),
    title: { language: 'und', text: titleFrom(description) },
    description: { language: 'und', text: [...new Set(told), ...answers].join('\n\n') },
    affected: { artifacts: source.texts('Systems').map((name) => ({ kind: 'System', name })) },
    problem: { origin: 'Third-party Report', nature: 'Issue' },
    references: [],
    ...maybe('reportedOn', source.date('Submission Timestamp')),
    statedPublic: isPublic,
    extensions: [],
    remarks: [],
  }
}

function answerOf(source: Source, name: string): string | undefined {
  const given = source.at(name)
  if (typeof given === 'boolean') return source.take(name) ? 'yes' : 'no'
  const said = source.texts(name).join('; ')
  if (said !== '') return said
  return source.leave('wrongType', name)
}
