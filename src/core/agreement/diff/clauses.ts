/** Differences between the clauses of two versions, clause by clause, by their ids. */
import { canonicalText, type Json } from '../../../base/canonical-json.ts'
import {
  type Clause,
  type ClauseKind,
  type ClauseOf,
  isUnderstood,
  TLP_LABELS,
  type Tlp,
} from '../clause.ts'
import type { AgreementDocument } from '../document.ts'
import {
  type AgreementChange,
  type ChangeEffect,
  jointEffect,
  listParts,
  opposite,
  orderParts,
  type Part,
} from './change.ts'

export function clauseChanges(
  olderText: AgreementDocument,
  newerText: AgreementDocument,
): readonly AgreementChange[] {
  const [older, newer] = [olderText.clauses, newerText.clauses]
  const gone = older.filter(({ id, kind }) => !newer.some((it) => it.id === id && it.kind === kind))
  const fresh = newer.filter(
    ({ id, kind }) => !older.some((it) => it.id === id && it.kind === kind),
  )
  return [
    ...gone.map((clause) => whole('removed', clause, olderText.handling.tlp)),
    ...fresh.map((clause) => whole('added', clause, newerText.handling.tlp)),
    ...older.flatMap((before) => {
      const after = newer.find(({ id, kind }) => id === before.id && kind === before.kind)
      return after === undefined ? [] : changed(before, after)
    }),
  ]
}

/** What a clause of each kind does by being there. */
const PRESENCE: Readonly<Record<ClauseKind, ChangeEffect>> = {
  permitRelease: 'more',
  exempt: 'more',
  forbidRelease: 'less',
  requireTransferInstrument: 'less',
  requireConsent: 'less',
  requireAuthorisation: 'less',
  requireSecondOfficer: 'less',
  carveOut: 'less',
  handling: 'moreAndLess',
  phase: 'moreAndLess',
  duty: 'somethingElse',
  rapidAmendment: 'somethingElse',
  membership: 'somethingElse',
  dispute: 'somethingElse',
  safeHarbour: 'somethingElse',
  costs: 'somethingElse',
  confidentiality: 'somethingElse',
  exchangeVersion: 'somethingElse',
  requireRightsTest: 'somethingElse',
  requireReview: 'somethingElse',
  requireEmbargoConsent: 'somethingElse',
  statement: 'somethingElse',
}

/** @param usual the label of whatever no handling clause names */
function whole(change: 'added' | 'removed', clause: Clause, usual: Tlp): AgreementChange {
  const presence = presenceOf(clause, usual)
  const effect = change === 'added' ? presence : opposite(presence)
  const verb = change === 'added' ? 'new' : 'gone'
  const text = `Clause ${clause.id} is ${verb} (${KIND_WORDS[clause.kind] ?? clause.kind}): ${clause.text}`
  return { change, where: `clauses/${clause.id}`, effect, text }
}

function presenceOf(clause: Clause, usual: Tlp): ChangeEffect {
  // What cannot be read forbids everything.
  if (!isUnderstood(clause)) return 'less'
  if (clause.kind !== 'handling') return PRESENCE[clause.kind]
  const parts: ChangeEffect[] = clause.codes.length > 0 ? ['less'] : []
  const stricter = TLP_LABELS.indexOf(clause.tlp) - TLP_LABELS.indexOf(usual)
  if (stricter !== 0) parts.push(stricter > 0 ? 'less' : 'more')
  return jointEffect(parts) ?? 'somethingElse'
}

const KIND_WORDS: Readonly<Record<ClauseKind, string>> = {
  permitRelease: 'permits a release',
  forbidRelease: 'forbids a release',
  requireTransferInstrument: 'requires a transfer instrument',
  requireConsent: 'requires consent',
  requireAuthorisation: 'requires an authorisation',
  requireSecondOfficer: 'requires a second officer',
  handling: 'marks how to handle',
  exempt: 'exempts for a time',
  carveOut: 'lets a party keep something back',
  phase: 'starts a phase',
  duty: 'a duty',
  rapidAmendment: 'rapid amendments',
  membership: 'how parties join and leave',
  dispute: 'how a dispute is settled',
  safeHarbour: 'protects who reports or complies',
  costs: 'who bears the costs',
  confidentiality: 'how long confidentiality lasts',
  exchangeVersion: 'the oldest version of the exchange that will do',
  requireRightsTest: 'the rights test',
  requireReview: 'the review',
  requireEmbargoConsent: 'the consent to an embargo',
  statement: 'binds people',
}

function changed(before: Clause, after: Clause): readonly AgreementChange[] {
  const isSameText = before.text === after.text
  const isSameRule = textOf({ ...before, text: '' }) === textOf({ ...after, text: '' })
  if (isSameText && isSameRule) return []
  const where = `clauses/${after.id}`
  if (isSameRule) {
    const text = `Clause ${after.id} is worded anew, its values are the same: ${after.text}`
    return [{ change: 'changed', where, effect: 'onlyWords', text }]
  }
  const parts = isUnderstood(before) && isUnderstood(after) ? partsOf(before, after) : UNREAD
  const found = parts.length > 0 ? parts : [OTHER]
  const effect = jointEffect(found.map((part) => part.effect)) ?? 'somethingElse'
  const words = isSameText ? ' Its words are the same: do they still say it?' : ''
  const text = `Clause ${after.id} ${found.map((part) => part.text).join('; it ')}.${words}`
  return [{ change: 'changed', where, effect, text }]
}

const UNREAD: readonly Part[] = [
  { effect: 'moreAndLess', text: 'has values that this version cannot read' },
]
const OTHER: Part = { effect: 'somethingElse', text: 'has other values' }

function partsOf(before: Clause, after: Clause): readonly Part[] {
  const named = categoryParts(before, after)
  switch (after.kind) {
    case 'permitRelease':
      return before.kind === after.kind ? [...named, ...permitParts(before, after)] : []
    case 'forbidRelease':
      return before.kind === after.kind ? [...named, ...orderListParts(before, after)] : []
    case 'handling':
      return before.kind === after.kind ? [...named, ...handlingParts(before, after)] : []
    case 'exempt':
      return before.kind === after.kind ? exemptParts(before, after) : []
    case 'duty':
      return before.kind === after.kind ? dutyParts(before, after) : []
    case 'phase':
      return [{ effect: 'moreAndLess', text: `starts the phase ${after.phase} at ${after.fromAt}` }]
    default:
      return named
  }
}

function categoryParts(before: Clause, after: Clause): readonly Part[] {
  if (!('categories' in before) || !('categories' in after)) return []
  return listParts(before.categories, after.categories, {
    grows: PRESENCE[after.kind],
    gained: (names) => `now also names ${names}`,
    lost: (names) => `no longer names ${names}`,
  })
}

type Permit = ClauseOf<'permitRelease'>

function permitParts(before: Permit, after: Permit): readonly Part[] {
  return [
    ...listParts(before.purposes, after.purposes, {
      grows: 'more',
      gained: (names) => `now also serves ${names}`,
      lost: (names) => `no longer serves ${names}`,
    }),
    ...listParts(before.releaseKinds, after.releaseKinds, {
      grows: 'more',
      gained: (names) => `now also lets a release of kind ${names} go`,
      lost: (names) => `no longer lets a release of kind ${names} go`,
    }),
    ...listParts(before.duties, after.duties, {
      grows: 'less',
      gained: (names) => `now brings the duties ${names}`,
      lost: (names) => `no longer brings the duties ${names}`,
    }),
    ...limitParts(ways(before), ways(after), 'the directions', 'in every direction'),
    ...limitParts(before.phases, after.phases, 'the phases', 'in every phase'),
    ...conditionParts(before, after),
  ]
}

function ways({ between }: Permit): readonly string[] | undefined {
  return between?.map(({ from, to }) => `${from} to ${to}`)
}

/** A list that narrows: absent is everything. */
function limitParts(
  before: readonly string[] | undefined,
  after: readonly string[] | undefined,
  what: string,
  everywhere: string,
): readonly Part[] {
  if (before === undefined && after === undefined) return []
  if (after === undefined) return [{ effect: 'more', text: `now holds ${everywhere}` }]
  if (before === undefined) {
    return [{ effect: 'less', text: `now holds only in ${what} ${after.join(', ')}` }]
  }
  return listParts(before, after, {
    grows: 'more',
    gained: (names) => `now also holds in ${what} ${names}`,
    lost: (names) => `no longer holds in ${what} ${names}`,
  })
}

function conditionParts({ when: before }: Permit, { when: after }: Permit): readonly Part[] {
  if (textOf(before ?? null) === textOf(after ?? null)) return []
  if (after === undefined) return [{ effect: 'more', text: 'no longer asks for a condition' }]
  if (before === undefined) return [{ effect: 'less', text: 'now asks for a condition' }]
  return [{ effect: 'moreAndLess', text: 'asks for another condition' }]
}

function orderListParts(
  { to: before }: ClauseOf<'forbidRelease'>,
  { to: after }: ClauseOf<'forbidRelease'>,
): readonly Part[] {
  if (before === undefined && after === undefined) return []
  if (after === undefined) return [{ effect: 'less', text: 'now forbids it to everybody' }]
  if (before === undefined) {
    return [{ effect: 'more', text: `now forbids it only to ${after.join(', ')}` }]
  }
  return listParts(before, after, {
    grows: 'less',
    gained: (names) => `now also forbids it to ${names}`,
    lost: (names) => `no longer forbids it to ${names}`,
  })
}

function handlingParts(before: ClauseOf<'handling'>, after: ClauseOf<'handling'>): readonly Part[] {
  const strict = (label: (typeof TLP_LABELS)[number]) => TLP_LABELS.indexOf(label)
  return [
    ...orderParts(strict(before.tlp), strict(after.tlp), 'less', () => {
      return `marks TLP:${after.tlp} instead of TLP:${before.tlp}`
    }),
    ...listParts(before.codes, after.codes, {
      grows: 'less',
      gained: (names) => `now has the handling codes ${names}`,
      lost: (names) => `no longer has the handling codes ${names}`,
    }),
  ]
}

function exemptParts(before: ClauseOf<'exempt'>, after: ClauseOf<'exempt'>): readonly Part[] {
  return [
    ...listParts(before.clauses, after.clauses, {
      grows: 'more',
      gained: (names) => `now also exempts from ${names}`,
      lost: (names) => `no longer exempts from ${names}`,
    }),
    ...orderParts<string>(before.until, after.until, 'more', (older, newer) => {
      return `exempts until ${newer} instead of ${older}`
    }),
  ]
}

function dutyParts(
  { duty: before }: ClauseOf<'duty'>,
  { duty: after }: ClauseOf<'duty'>,
): readonly Part[] {
  if (before.kind !== after.kind) {
    const text = `asks for ${after.kind} instead of ${before.kind}`
    return [{ effect: 'moreAndLess', text }]
  }
  if (!('withinDays' in before) || !('withinDays' in after)) return []
  return orderParts(before.withinDays, after.withinDays, 'more', (older, newer) => {
    return `gives ${newer} days instead of ${older}`
  })
}

function textOf(value: unknown): string {
  return canonicalText(value as Json)
}
