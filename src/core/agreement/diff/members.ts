/** Differences between the terms of two versions besides their clauses. */
import { canonicalText, type Json } from '../../../base/canonical-json.ts'
import { TLP_LABELS } from '../clause.ts'
import type { AgreementDocument, DataCategory, TransferInstrument } from '../document.ts'
import {
  type AgreementChange,
  type ChangeEffect,
  jointEffect,
  opposite,
  orderParts,
  type Part,
} from './change.ts'

export function memberChanges(
  older: AgreementDocument,
  newer: AgreementDocument,
): readonly AgreementChange[] {
  return [
    ...partyChanges(older, newer),
    ...purposeChanges(older, newer),
    ...categoryChanges(older, newer),
    ...instrumentChanges(older, newer),
    ...termChanges(older, newer),
  ]
}

function partyChanges(older: AgreementDocument, newer: AgreementDocument) {
  return compared(older.parties, newer.parties, ({ node }) => node, {
    where: 'parties',
    presence: 'more',
    name: ({ name, node, legalOrder }) => `${name} (${node}, ${legalOrder})`,
    text: { added: 'is a party now', removed: 'is no party any more' },
    parts: (before, after) => [
      ...(before.legalOrder === after.legalOrder
        ? []
        : [part('moreAndLess', `is bound by the law of ${after.legalOrder} now`)]),
      ...(isSame(before.messageKeys, after.messageKeys)
        ? []
        : [part('somethingElse', 'pins other message keys')]),
      ...(before.name === after.name ? [] : [part('onlyWords', 'has another name')]),
    ],
  })
}

function purposeChanges(older: AgreementDocument, newer: AgreementDocument) {
  return compared(older.purposes, newer.purposes, ({ id }) => id, {
    where: 'purposes',
    presence: 'somethingElse',
    name: ({ id, text }) => `The purpose ${id} (${text})`,
    text: { added: 'is new', removed: 'is gone' },
    parts: (before, after) => [
      part(before.iri === after.iri ? 'onlyWords' : 'somethingElse', 'is described anew'),
    ],
  })
}

function categoryChanges(older: AgreementDocument, newer: AgreementDocument) {
  return compared(older.categories, newer.categories, ({ id }) => id, {
    where: 'categories',
    presence: 'somethingElse',
    name: ({ id, text }) => `The category ${id} (${text})`,
    text: { added: 'is new', removed: 'is gone' },
    parts: categoryParts,
  })
}

function categoryParts(before: DataCategory, after: DataCategory): readonly Part[] {
  const flags: readonly [keyof DataCategory, ChangeEffect, string, string][] = [
    ['releasable', 'more', 'may be released now', 'may no longer be released'],
    ['personal', 'less', 'holds personal data now', 'is no longer called personal data'],
    ['confidential', 'less', 'holds secrets now', 'is no longer called confidential'],
    ['reviewRequired', 'less', 'needs a review now', 'needs no review any more'],
  ]
  const turned = flags.flatMap(([flag, grows, on, off]) => {
    if (Boolean(before[flag]) === Boolean(after[flag])) return []
    return [after[flag] ? part(grows, on) : part(opposite(grows), off)]
  })
  if (before.text !== after.text) turned.push(part('onlyWords', 'is described anew'))
  return before.iri === after.iri
    ? turned
    : [...turned, part('somethingElse', 'has another term of the vocabulary')]
}

function instrumentChanges(older: AgreementDocument, newer: AgreementDocument) {
  const key = ({ from, to, kind, authorisation }: TransferInstrument) =>
    [from, to, kind, authorisation].join('\n')
  return compared(older.transferInstruments, newer.transferInstruments, key, {
    where: 'transferInstruments',
    presence: 'more',
    name: ({ from, to, authorisation }) =>
      `The transfer instrument from ${from} to ${to} (${authorisation})`,
    text: { added: 'is new', removed: 'is gone' },
    parts: (before, after) => [
      ...orderParts(before.authorisedOn, after.authorisedOn, 'less', (_, day) => {
        return `serves from ${day} on`
      }),
      ...orderParts(before.validUntil ?? '9999', after.validUntil ?? '9999', 'more', () => {
        return after.validUntil === undefined
          ? 'serves as long as the agreement'
          : `serves until ${after.validUntil}`
      }),
      ...(isSame(before.categories, after.categories)
        ? []
        : [
            part(
              servedEffect(before, after),
              `serves ${after.categories?.join(', ') ?? 'all categories'}`,
            ),
          ]),
      ...(before.simulated === after.simulated
        ? []
        : [part('somethingElse', after.simulated ? 'is called made up' : 'is called real')]),
    ],
  })
}

/** Absent: all categories. */
function servedEffect(
  { categories: before }: TransferInstrument,
  { categories: after }: TransferInstrument,
): ChangeEffect {
  if (after === undefined) return 'more'
  if (before === undefined) return 'less'
  const gained = after.some((id) => !before.includes(id))
  const lost = before.some((id) => !after.includes(id))
  if (gained && lost) return 'moreAndLess'
  return gained ? 'more' : 'less'
}

function termChanges(older: AgreementDocument, newer: AgreementDocument): AgreementChange[] {
  const found: AgreementChange[] = []
  const say = (where: string, parts: readonly Part[]) => {
    for (const { effect, text } of parts) found.push({ change: 'changed', where, effect, text })
  }
  const instead = (what: string) => (before: number | string, after: number | string) =>
    `${what} ${after} instead of ${before}.`
  const strict = ({ handling }: AgreementDocument) => TLP_LABELS.indexOf(handling.tlp)
  const tlp = `What no handling clause names is TLP:${newer.handling.tlp} instead of TLP:${older.handling.tlp}.`
  say(
    'title',
    older.title === newer.title ? [] : [part('onlyWords', `The title is ${newer.title}.`)],
  )
  say(
    'handling',
    orderParts(strict(older), strict(newer), 'less', () => tlp),
  )
  say(
    'retention',
    orderParts(
      older.retention.deleteAfterDays,
      newer.retention.deleteAfterDays,
      'more',
      instead('What was received may be kept for days:'),
    ),
  )
  say('onwardTransfer', onwardParts(older, newer))
  say('emergencyClause', emergencyParts(older, newer))
  say(
    'languageRule',
    otherwise(
      older.languageRule,
      newer.languageRule,
      `Requests are accepted in ${newer.languageRule.accepted.join(', ')}.`,
    ),
  )
  say('quorum', otherwise(older.quorum, newer.quorum, 'The quorum of witnesses is another.'))
  say(
    'validFromAt',
    orderParts<string>(older.validFromAt, newer.validFromAt, 'less', instead('It starts at')),
  )
  say('reviewAt', otherwise(older.reviewAt, newer.reviewAt, `It is reviewed at ${newer.reviewAt}.`))
  say('sunsetAt', orderParts<string>(older.sunsetAt, newer.sunsetAt, 'more', instead('It ends at')))
  return found
}

function onwardParts(older: AgreementDocument, newer: AgreementDocument): readonly Part[] {
  if (older.onwardTransfer.allowed === newer.onwardTransfer.allowed) return []
  return newer.onwardTransfer.allowed === 'withConsent'
    ? [part('more', 'What was received may be passed on with consent.')]
    : [part('less', 'What was received may never be passed on.')]
}

function emergencyParts(older: AgreementDocument, newer: AgreementDocument): readonly Part[] {
  const [before, after] = [older.emergencyClause, newer.emergencyClause]
  if (before === null && after === null) return []
  if (after === null) return [part('less', 'There is no emergency clause any more.')]
  const hours = after.postReviewWithinHours
  if (before === null) {
    return [
      part(
        'more',
        `There is an emergency clause now: the review may follow within ${hours} hours.`,
      ),
    ]
  }
  return orderParts(before.postReviewWithinHours, hours, 'more', (was) => {
    return `In an emergency the review follows within ${hours} hours instead of ${was}.`
  })
}

function otherwise(before: unknown, after: unknown, text: string): readonly Part[] {
  return isSame(before, after) ? [] : [part('somethingElse', text)]
}

type Comparison<T> = {
  readonly where: string
  /** What one more does. */
  readonly presence: ChangeEffect
  readonly name: (item: T) => string
  readonly text: { readonly added: string; readonly removed: string }
  readonly parts: (before: T, after: T) => readonly Part[]
}

function compared<T>(
  older: readonly T[],
  newer: readonly T[],
  key: (item: T) => string,
  { where, presence, name, text, parts }: Comparison<T>,
): readonly AgreementChange[] {
  const gone = older.filter((item) => !newer.some((each) => key(each) === key(item)))
  const fresh = newer.filter((item) => !older.some((each) => key(each) === key(item)))
  const lines = (change: 'added' | 'removed', items: readonly T[], effect: ChangeEffect) =>
    items.map((item) => ({ change, where, effect, text: `${name(item)} ${text[change]}.` }))
  const kept = older.flatMap((before): AgreementChange[] => {
    const after = newer.find((each) => key(each) === key(before))
    if (after === undefined || isSame(before, after)) return []
    const found = parts(before, after)
    const effect = jointEffect(found.map((each) => each.effect)) ?? 'somethingElse'
    const said = found.map((each) => each.text).join('; it ') || 'has other values'
    return [{ change: 'changed', where, effect, text: `${name(after)} ${said}.` }]
  })
  return [
    ...lines('removed', gone, opposite(presence)),
    ...lines('added', fresh, presence),
    ...kept,
  ]
}

function part(effect: ChangeEffect, text: string): Part {
  return { effect, text }
}

function isSame(before: unknown, after: unknown): boolean {
  return canonicalText((before ?? null) as Json) === canonicalText((after ?? null) as Json)
}
