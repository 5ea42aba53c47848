/**
 * What is wrong with single clauses, and with clauses beside each other.
 *
 * A clause of a kind that this version does not know has no fault here: it is text for
 * people, and forbids everything (release/compile-agreement.ts). A clause of a known kind
 * whose words cannot be read is a mistake, and is named.
 */
import type { Because } from '../../base/decision.ts'
import { utcDateOf } from '../../base/time.ts'
import {
  CLAUSE_MEMBERS,
  type Clause,
  type ClauseKind,
  type ClauseOf,
  notUnderstood,
} from './clause.ts'
import { EXEMPTIBLE } from './clauses-in-effect.ts'
import type { AgreementDocument } from './document.ts'
import { fault, isDays, missing, repeated, when } from './faults.ts'

export function clauseFaults(document: AgreementDocument): readonly Because[] {
  return [
    ...document.clauses.flatMap((clause) => faultsOf(document, clause)),
    ...pairFaults(document.clauses),
  ]
}

function faultsOf(document: AgreementDocument, clause: Clause): readonly Because[] {
  const field = `clauses/${clause.id}`
  if (clause.text.trim() === '') return [fault(field, `clause ${clause.id} has no text`)]
  if (!Object.hasOwn(CLAUSE_MEMBERS, clause.kind)) return []
  const strange = notUnderstood(clause)
  if (strange !== undefined) {
    return [fault(field, `clause ${clause.id} cannot be read: ${strange}`)]
  }
  return [...nameFaults(document, clause), ...kindFaults(document, clause)]
}

/** Whatever names categories names some, each of the list, each once. */
function nameFaults(document: AgreementDocument, clause: Clause): readonly Because[] {
  if (!('categories' in clause)) return []
  const field = `clauses/${clause.id}`
  const listed = document.categories.map(({ id }) => id)
  return [
    ...when(clause.categories.length === 0, field, `clause ${clause.id} names no category`),
    ...missing(clause.categories, listed, field, 'names a category that is not listed'),
    ...repeated(clause.categories).map((id) => fault(field, `${field} names ${id} twice`)),
  ]
}

function kindFaults(document: AgreementDocument, clause: Clause): readonly Because[] {
  const field = `clauses/${clause.id}`
  const sane = (count: number, what: string) =>
    when(!isDays(count), field, `${what} of clause ${clause.id} is no sane number of days`)
  switch (clause.kind) {
    case 'permitRelease':
      return permitFaults(document, clause)
    case 'forbidRelease': {
      const orders = document.parties.map(({ legalOrder }) => legalOrder)
      return missing(clause.to ?? [], orders, field, 'names a legal order of no party')
    }
    case 'handling':
      return repeated(clause.codes).map((code) => fault(field, `${field} names ${code} twice`))
    case 'exempt':
      return exemptFaults(document, clause)
    case 'phase': {
      const { validFromAt, sunsetAt } = document
      const isWithin = validFromAt <= clause.fromAt && clause.fromAt < sunsetAt
      return when(!isWithin, field, `phase ${clause.phase} starts outside start and sunset`)
    }
    case 'duty':
      return 'withinDays' in clause.duty ? sane(clause.duty.withinDays, 'the period') : []
    case 'rapidAmendment':
      return [
        ...sane(clause.noticeDays, 'the notice'),
        ...when(clause.members.length === 0, field, `${field} lets nothing be amended`),
        ...repeated(clause.members).map((it) => fault(field, `${field} names ${it} twice`)),
      ]
    case 'membership':
      return sane(clause.noticeDays, 'the notice')
    case 'dispute':
      return disputeFaults(clause)
    case 'confidentiality':
      return sane(clause.survivesDays, 'the period')
    case 'exchangeVersion':
      return when(
        !(Number.isSafeInteger(clause.minimum) && clause.minimum > 0),
        field,
        `the version of clause ${clause.id} is no whole number above 0`,
      )
    default:
      return []
  }
}

function permitFaults(
  document: AgreementDocument,
  { id, categories, purposes, releaseKinds, duties, between = [] }: ClauseOf<'permitRelease'>,
): readonly Because[] {
  const field = `clauses/${id}`
  const kept = document.categories.filter(({ releasable }) => !releasable)
  const unreleasable = kept.filter((category) => categories.includes(category.id))
  const dutyIds = document.clauses.filter(({ kind }) => kind === 'duty').map((duty) => duty.id)
  const purposeIds = document.purposes.map((purpose) => purpose.id)
  const nodes = document.parties.map(({ node }) => node)
  const named = between.flatMap(({ from, to }) => [from, to])
  const toItself = between.filter(({ from, to }) => from === to)
  return [
    ...when(purposes.length === 0, field, `clause ${id} names no purpose`),
    ...missing(purposes, purposeIds, field, 'names a purpose that is not listed'),
    ...missing(duties, dutyIds, field, 'names a duty that is not a clause'),
    ...unreleasable.map((category) =>
      fault(field, `clause ${id} permits ${category.id}, which is not releasable`),
    ),
    ...when(releaseKinds.length === 0, field, `clause ${id} permits no kind`),
    ...missing(named, nodes, field, 'has a direction of a node that is no party'),
    ...toItself.map(({ from }) => fault(field, `${field} has a direction from ${from} to itself`)),
  ]
}

function exemptFaults(
  document: AgreementDocument,
  { id, clauses, until }: ClauseOf<'exempt'>,
): readonly Because[] {
  const field = `clauses/${id}`
  const all = document.clauses
  const named = all.filter((clause) => clauses.includes(clause.id))
  const guarded = named.filter(({ kind }) => !EXEMPTIBLE.includes(kind))
  return [
    ...when(clauses.length === 0, field, `clause ${id} exempts from nothing`),
    ...missing(
      clauses,
      all.map((clause) => clause.id),
      field,
      'exempts from a clause that is missing',
    ),
    ...guarded.map((clause) =>
      fault(field, `clause ${id} exempts from clause ${clause.id}, which may not be exempted`),
    ),
    ...when(until <= document.validFromAt, field, `clause ${id} has ended before the start`),
  ]
}

const STEPS_MAX = 10

function disputeFaults({ id, steps }: ClauseOf<'dispute'>): readonly Because[] {
  const field = `clauses/${id}`
  return [
    ...when(steps.length === 0, field, `clause ${id} takes no step`),
    ...when(steps.length > STEPS_MAX, field, `clause ${id} takes more than ${STEPS_MAX} steps`),
    ...steps.flatMap(({ before, withinDays }, n) => [
      ...when(before.trim() === '', field, `step ${n + 1} of clause ${id} is before nobody`),
      ...when(!isDays(withinDays), field, `step ${n + 1} of clause ${id} has no sane period`),
    ]),
    ...repeated(steps.map(({ before }) => before.trim())).map((before) =>
      fault(field, `clause ${id} takes a step before ${before} twice`),
    ),
  ]
}

/** Two of them would say two things at once. */
const ONCE: readonly ClauseKind[] = [
  'rapidAmendment',
  'dispute',
  'costs',
  'confidentiality',
  'membership',
  'exchangeVersion',
]

function pairFaults(clauses: readonly Clause[]): readonly Because[] {
  const phases = clauses.filter((clause) => clause.kind === 'phase')
  const grounds = clauses.flatMap((clause) => (clause.kind === 'carveOut' ? [clause.ground] : []))
  const onceOnly = clauses.map(({ kind }) => kind).filter((kind) => ONCE.includes(kind))
  return [
    ...repeated(onceOnly).map((kind) => fault('clauses', `there are two clauses of kind ${kind}`)),
    ...repeated(grounds).map((ground) => fault('clauses', `two clauses carve out ${ground}`)),
    ...repeated(phases.map(({ phase }) => phase)).map((phase) =>
      fault('clauses', `the phase ${phase} starts twice`),
    ),
    ...repeated(phases.map(({ fromAt }) => utcDateOf(fromAt))).map((day) =>
      fault('clauses', `two phases start on ${day}`),
    ),
  ]
}
