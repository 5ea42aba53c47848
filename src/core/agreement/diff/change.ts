/**
 * One difference between two versions of an agreement, and what it does to what may leave.
 *
 * `more`: more may leave, or it is guarded less. `less`: the opposite. `moreAndLess`: both.
 * `somethingElse`: it binds people, or how they deal with each other. `onlyWords`: a machine
 * reads the same; whether the words still say it is for people.
 */
export const CHANGE_EFFECTS = ['more', 'less', 'moreAndLess', 'somethingElse', 'onlyWords'] as const
export type ChangeEffect = (typeof CHANGE_EFFECTS)[number]

export type AgreementChange = {
  readonly change: 'added' | 'removed' | 'changed'
  /** `clauses/<id>` or a member of the document. */
  readonly where: string
  readonly effect: ChangeEffect
  readonly text: string
}

/** `undefined`: nothing changed. */
export function jointEffect(effects: readonly ChangeEffect[]): ChangeEffect | undefined {
  const both = effects.includes('moreAndLess')
  const isMore = both || effects.includes('more')
  const isLess = both || effects.includes('less')
  if (isMore && isLess) return 'moreAndLess'
  if (isMore) return 'more'
  if (isLess) return 'less'
  return effects.includes('somethingElse') ? 'somethingElse' : effects[0]
}

export function opposite(effect: ChangeEffect): ChangeEffect {
  if (effect === 'more') return 'less'
  return effect === 'less' ? 'more' : effect
}

/** What one member of a clause or term does: in words, and to what may leave. */
export type Part = { readonly effect: ChangeEffect; readonly text: string }

type Growth = {
  /** What more names mean. */
  readonly grows: ChangeEffect
  readonly gained: (names: string) => string
  readonly lost: (names: string) => string
}

/** Two lists of names. */
export function listParts(
  older: readonly string[],
  newer: readonly string[],
  { grows, gained, lost }: Growth,
): readonly Part[] {
  const more = newer.filter((name) => !older.includes(name))
  const fewer = older.filter((name) => !newer.includes(name))
  return [
    ...(more.length > 0 ? [{ effect: grows, text: gained(more.join(', ')) }] : []),
    ...(fewer.length > 0 ? [{ effect: opposite(grows), text: lost(fewer.join(', ')) }] : []),
  ]
}

/** Two values that order: numbers, or instants and dates as text. */
export function orderParts<T extends number | string>(
  older: T,
  newer: T,
  grows: ChangeEffect,
  text: (older: T, newer: T) => string,
): readonly Part[] {
  if (older === newer) return []
  return [{ effect: newer > older ? grows : opposite(grows), text: text(older, newer) }]
}
