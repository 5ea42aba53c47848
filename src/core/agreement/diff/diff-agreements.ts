/**
 * What a newer version of an agreement changes, in plain words: each difference with what
 * it does to what may leave, and the ways that it opens and closes.
 *
 * A way is sender, recipient, category, purpose and kind that some clause permits while
 * the agreement runs, whatever the case is. A release asks for more than a way, so an
 * opened way is no promise; a closed one is certain.
 */
import { isUnderstood, type ReleaseKind } from '../clause.ts'
import type { AgreementDocument } from '../document.ts'
import { areWaysFew, waysOf } from '../lint/ways.ts'
import { type AgreementChange, type ChangeEffect, jointEffect } from './change.ts'
import { clauseChanges } from './clauses.ts'
import { memberChanges } from './members.ts'

export type OpenWay = {
  readonly from: string
  readonly to: string
  readonly category: string
  readonly purpose: string
  readonly kind: ReleaseKind
}

export type AgreementDiff = {
  readonly verdict: ChangeEffect | 'same'
  readonly changes: readonly AgreementChange[]
  /** `null`: there are too many to name. */
  readonly ways: { readonly opened: readonly OpenWay[]; readonly closed: readonly OpenWay[] } | null
}

export function diffAgreements(older: AgreementDocument, newer: AgreementDocument): AgreementDiff {
  const changes = [
    ...identityChanges(older, newer),
    ...clauseChanges(older, newer),
    ...memberChanges(older, newer),
  ]
  const verdict = jointEffect(changes.map(({ effect }) => effect)) ?? 'same'
  return { verdict, changes, ways: wayChanges(older, newer) }
}

function identityChanges(older: AgreementDocument, newer: AgreementDocument): AgreementChange[] {
  if (older.id === newer.id) return []
  const text = 'These are two agreements, not two versions of one.'
  return [{ change: 'changed', where: 'id', effect: 'somethingElse', text }]
}

function wayChanges(older: AgreementDocument, newer: AgreementDocument): AgreementDiff['ways'] {
  if (!areWaysFew(older) || !areWaysFew(newer)) return null
  const [before, after] = [openWays(older), openWays(newer)]
  const only = (ways: ReadonlyMap<string, OpenWay>, other: ReadonlyMap<string, OpenWay>) =>
    [...ways].flatMap(([key, way]) => (other.has(key) ? [] : [way]))
  return { opened: only(after, before), closed: only(before, after) }
}

function openWays(document: AgreementDocument): ReadonlyMap<string, OpenWay> {
  const found = new Map<string, OpenWay>()
  if (!document.clauses.every(isUnderstood)) return found
  for (const { from, to, category, clause, bar } of waysOf(document)) {
    if (bar !== null) continue
    for (const purpose of clause.purposes) {
      for (const kind of clause.releaseKinds) {
        const way = { from: from.node, to: to.node, category, purpose, kind }
        found.set(Object.values(way).join(' '), way)
      }
    }
  }
  return found
}
