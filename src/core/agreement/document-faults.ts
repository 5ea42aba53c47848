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
import { isCalendarDate, isInstant } from '../../base/time.ts'
import { TLP_LABELS } from './clause.ts'
import { clauseFaults } from './clause-faults.ts'
import { type AgreementDocument, TRANSFER_KINDS, type TransferInstrument } from './document.ts'
import { iriFault } from './dpv.ts'
import { fault, isDays, missing, repeated, when } from './faults.ts'

/** Ids and codes are written into policy text, so they are plain words. */
export const PLAIN_WORD = /^[A-Za-z0-9][A-Za-z0-9._:/#+-]{0,127}$/
const FINGERPRINT = /^[0-9a-f]{64}$/
const LANGUAGE = /^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$/
const EMERGENCY_HOURS_MAX = 24 * 31

export function documentFaults(document: AgreementDocument): readonly Because[] {
  return [
    ...identityFaults(document),
    ...partyFaults(document),
    ...wordFaults(document),
    ...clauseFaults(document),
    ...instrumentFaults(document),
    ...referenceFaults(document),
    ...timeFaults(document),
  ]
}

function identityFaults({ id, version, title }: AgreementDocument): readonly Because[] {
  return [
    ...when(!isUuid(id), 'id', 'the agreement needs a UUID'),
    ...when(!(Number.isSafeInteger(version) && version >= 1), 'version', 'versions count from 1'),
    ...when(title.trim() === '', 'title', 'the agreement needs a title'),
  ]
}

function partyFaults({ parties }: AgreementDocument): readonly Because[] {
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

function wordFaults(document: AgreementDocument): readonly Because[] {
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
  const iris = (['purposes', 'categories'] as const).flatMap((field) =>
    document[field].flatMap(({ iri }) => {
      const text = iri ? iriFault(iri) : undefined
      return text === undefined ? [] : [fault(field, text)]
    }),
  )
  const twice = (['purposes', 'categories', 'clauses'] as const).flatMap((field) =>
    repeated(lists[field]).map((id) => fault(field, `${id} is defined twice`)),
  )
  return [...notWords, ...twice, ...iris]
}

function instrumentFaults(document: AgreementDocument): readonly Because[] {
  const categories = document.categories.map(({ id }) => id)
  return document.transferInstruments.flatMap((instrument) => [
    ...instrumentDates(instrument),
    ...missing(
      instrument.categories ?? [],
      categories,
      INSTRUMENTS,
      'serves a category that is not listed',
    ),
  ])
}

const INSTRUMENTS = 'transferInstruments'

function instrumentDates(instrument: TransferInstrument): readonly Because[] {
  const { from, to, kind, authorisation, authorisedOn, validUntil, categories } = instrument
  const which = `the instrument from ${from} to ${to}`
  const days = [authorisedOn, ...(validUntil === undefined ? [] : [validUntil])]
  const hasEndedFirst = validUntil !== undefined && validUntil < authorisedOn
  return [
    ...days
      .filter((day) => !isCalendarDate(day))
      .map((day) => fault(INSTRUMENTS, `${which} has a date that is none: ${day}`)),
    ...when(hasEndedFirst, INSTRUMENTS, `${which} ends before it is authorised`),
    ...when(from === to, INSTRUMENTS, `${which} leads nowhere`),
    ...when(authorisation.trim() === '', INSTRUMENTS, `${which} has no authorisation`),
    ...when(!TRANSFER_KINDS.includes(kind), INSTRUMENTS, `${which} is of no known kind: ${kind}`),
    ...when(categories?.length === 0, INSTRUMENTS, `${which} serves no category`),
  ]
}

/** Terms outside the clauses must point at the clause that says them in words. */
function referenceFaults(document: AgreementDocument): readonly Because[] {
  const clauses = document.clauses.map((clause) => clause.id)
  const { retention, emergencyClause, onwardTransfer, languageRule, handling } = document
  const hours = emergencyClause?.postReviewWithinHours ?? 1
  const hasHours = Number.isSafeInteger(hours) && hours >= 1 && hours <= EMERGENCY_HOURS_MAX
  return [
    ...missing([retention.clause], clauses, 'retention', 'names a clause that is missing'),
    ...missing([onwardTransfer.clause], clauses, 'onwardTransfer', 'names a missing clause'),
    ...missing([languageRule.clause], clauses, 'languageRule', 'names a missing clause'),
    ...(emergencyClause === null
      ? []
      : missing([emergencyClause.clause], clauses, 'emergencyClause', 'names a missing clause')),
    ...when(!isDays(retention.deleteAfterDays), 'retention', 'retention has no sane period'),
    ...when(!hasHours, 'emergencyClause', 'the later review has no sane period'),
    ...when(languageRule.accepted.length === 0, 'languageRule', 'no language is accepted'),
    ...languageRule.accepted
      .filter((tag) => !LANGUAGE.test(tag))
      .map((tag) => fault('languageRule', `${tag} is not a language tag`)),
    ...when(!TLP_LABELS.includes(handling.tlp), 'handling', `no TLP label: ${handling.tlp}`),
    ...when(!/^quorum\s+\S+/m.test(document.quorum), 'quorum', 'the quorum is not stated'),
  ]
}

function timeFaults({ validFromAt, reviewAt, sunsetAt }: AgreementDocument): readonly Because[] {
  const areInstants = [validFromAt, reviewAt, sunsetAt].every(isInstant)
  if (!areInstants) return [fault('sunsetAt', 'start, review or sunset is not an instant')]
  const ordered = validFromAt < sunsetAt && validFromAt <= reviewAt && reviewAt <= sunsetAt
  return when(!ordered, 'sunsetAt', 'start, review and sunset are not in this order')
}
