/**
 * What is wrong with an agreement document, in words its drafter can act on.
 *
 * It finds contradictions inside the text: a clause that names a category the
 * document does not list, two clauses with one id, a sunset before the start.
 * It does not check the JSON shape (a schema does) and not whether the agreement
 * is lawful or wise.
 */
import type { Because } from '../../base/decision.ts'
import { isUuid } from '../../base/ids.ts'
import { type Clause, DUTY_KINDS } from './clause.ts'
import type { AgreementDocument } from './document.ts'

/** Ids and codes are written into policy text, so they are plain words. */
export const PLAIN_WORD = /^[A-Za-z0-9][A-Za-z0-9._:/#+-]{0,127}$/
const FINGERPRINT = /^[0-9a-f]{64}$/
const DAYS_MAX = 36_600

export function documentFaults(document: AgreementDocument): readonly Because[] {
  return [
    ...identityFaults(document),
    ...partyFaults(document),
    ...wordFaults(document),
    ...document.clauses.flatMap((clause) => clauseFaults(document, clause)),
    ...referenceFaults(document),
    ...timeFaults(document),
  ]
}

function identityFaults({ id, version, title }: AgreementDocument): Because[] {
  return [
    ...when(!isUuid(id), 'id', 'the agreement needs a UUID'),
    ...when(!(Number.isSafeInteger(version) && version >= 1), 'version', 'versions count from 1'),
    ...when(title.trim() === '', 'title', 'the agreement needs a title'),
  ]
}

function partyFaults({ parties }: AgreementDocument): Because[] {
  const keys = parties.flatMap((party) => party.messageKeys)
  const keyless = parties.filter((party) => party.messageKeys.length === 0)
  return [
    ...when(parties.length < 2, 'parties', 'an agreement needs at least two parties'),
    ...repeated(parties.map((party) => party.node)).map((node) =>
      fault('parties', `party ${node} is named twice`),
    ),
    ...keyless.map((party) => fault('parties', `party ${party.node} pins no message key`)),
    ...repeated(keys.map((key) => key.fingerprint)).map(() =>
      fault('parties', 'two message keys have one fingerprint'),
    ),
    ...keys
      .filter((key) => !FINGERPRINT.test(key.fingerprint))
      .map((key) => fault('parties', `the fingerprint of key ${key.id} is not 64 hex digits`)),
  ]
}

function wordFaults(document: AgreementDocument): Because[] {
  const lists = {
    parties: document.parties.flatMap((party) => [party.node, party.legalOrder]),
    purposes: document.purposes.map((purpose) => purpose.id),
    categories: document.categories.map((category) => category.id),
    clauses: document.clauses.map((clause) => clause.id),
    transferInstruments: document.transferInstruments.flatMap(({ from, to }) => [from, to]),
  }
  const notWords = Object.entries(lists).flatMap(([field, words]) =>
    words
      .filter((word) => !PLAIN_WORD.test(word))
      .map(() => fault(field, 'an id is not a plain word')),
  )
  const twice = (['purposes', 'categories', 'clauses'] as const).flatMap((field) =>
    repeated(lists[field]).map((id) => fault(field, `${id} is defined twice`)),
  )
  return [...notWords, ...twice]
}

function clauseFaults(document: AgreementDocument, clause: Clause): Because[] {
  const field = `clauses/${clause.id}`
  if (clause.text.trim() === '') return [fault(field, `clause ${clause.id} has no text`)]
  switch (clause.kind) {
    case 'permitRelease': {
      const duties = new Set(document.clauses.filter((c) => c.kind === 'duty').map((c) => c.id))
      const purposes = new Set(document.purposes.map((purpose) => purpose.id))
      return [
        ...categoryFaults(document, clause.id, clause.categories),
        ...missing(clause.purposes, purposes, field, 'names a purpose that is not listed'),
        ...missing(clause.duties, duties, field, 'names a duty that is not a clause'),
        ...unreleasable(document, clause.categories).map((id) =>
          fault(field, `clause ${clause.id} permits ${id}, which is not releasable`),
        ),
        ...when(clause.releaseKinds.length === 0, field, `clause ${clause.id} permits no kind`),
      ]
    }
    case 'forbidRelease':
      return categoryFaults(document, clause.id, clause.categories)
    case 'duty':
      return 'withinDays' in clause.duty && DUTY_KINDS.includes(clause.duty.kind)
        ? when(!isDays(clause.duty.withinDays), field, `clause ${clause.id} has no sane period`)
        : []
    default:
      return []
  }
}

function categoryFaults(document: AgreementDocument, id: string, named: readonly string[]) {
  const field = `clauses/${id}`
  const listed = new Set(document.categories.map((category) => category.id))
  return [
    ...when(named.length === 0, field, `clause ${id} names no category`),
    ...missing(named, listed, field, 'names a category that is not listed'),
  ]
}

/** Terms outside the clauses must point at the clause that says them in words. */
function referenceFaults(document: AgreementDocument): Because[] {
  const clauses = new Set(document.clauses.map((clause) => clause.id))
  const { retention, emergencyClause, onwardTransfer, languageRule } = document
  const hours = emergencyClause?.postReviewWithinHours ?? 1
  return [
    ...missing([retention.clause], clauses, 'retention', 'names a clause that is missing'),
    ...missing([onwardTransfer.clause], clauses, 'onwardTransfer', 'names a missing clause'),
    ...missing([languageRule.clause], clauses, 'languageRule', 'names a missing clause'),
    ...(emergencyClause === null
      ? []
      : missing([emergencyClause.clause], clauses, 'emergencyClause', 'names a missing clause')),
    ...when(!isDays(retention.deleteAfterDays), 'retention', 'retention has no sane period'),
    ...when(!(hours >= 1 && hours <= 24 * 31), 'emergencyClause', 'the later review has no period'),
    ...when(languageRule.accepted.length === 0, 'languageRule', 'no language is accepted'),
    ...when(!/^quorum\s+\S+/m.test(document.quorum), 'quorum', 'the quorum is not stated'),
  ]
}

function timeFaults({ validFromAt, reviewAt, sunsetAt }: AgreementDocument): Because[] {
  const ordered = validFromAt < sunsetAt && validFromAt <= reviewAt && reviewAt <= sunsetAt
  return when(!ordered, 'sunsetAt', 'start, review and sunset are not in this order')
}

function unreleasable(document: AgreementDocument, ids: readonly string[]): readonly string[] {
  return ids.filter((id) => document.categories.some((c) => c.id === id && !c.releasable))
}

const isDays = (count: number) => Number.isSafeInteger(count) && count >= 1 && count <= DAYS_MAX

function missing(
  named: readonly string[],
  known: ReadonlySet<string>,
  field: string,
  text: string,
) {
  return named.filter((id) => !known.has(id)).map((id) => fault(field, `${field} ${text}: ${id}`))
}

function repeated(ids: readonly string[]): readonly string[] {
  return [...new Set(ids.filter((id, index) => ids.indexOf(id) !== index))]
}

function when(broken: boolean, field: string, text: string): Because[] {
  return broken ? [fault(field, text)] : []
}

function fault(field: string, text: string): Because {
  return { rule: `agreement:${field}`, text }
}
