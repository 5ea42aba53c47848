/** The marking of a release: the narrowest label of what it holds, and all its codes. */
import type { Because } from '../../base/decision.ts'
import {
  type Clause,
  type ClauseOf,
  HANDLING_CODES,
  TLP_LABELS,
  type Tlp,
} from '../agreement/clause.ts'
import type { AgreementDocument } from '../agreement/document.ts'
import type { Handling, HeldContent, OnwardConsent } from './basis.ts'

/** Labels from before there were labels: the narrowest that can travel. */
const UNMARKED: Handling = { tlp: 'AMBER+STRICT', codes: ['H2'] }

/** With the clauses that marked it. */
export type Marked = Handling & { readonly because: readonly Because[] }

export function handlingOf(
  { clauses, handling }: Pick<AgreementDocument, 'clauses' | 'handling'>,
  categories: readonly string[],
  inside: readonly HeldContent[] = [],
): Marked {
  const marking = clauses.filter((clause) => marks(clause, categories))
  // What no clause names has the label of the whole agreement.
  const unnamed = categories.some((id) => !marking.some((clause) => clause.categories.includes(id)))
  const own = marking.map(({ tlp, codes }) => ({ tlp, codes }))
  const all = [
    ...own,
    ...(unnamed || own.length === 0 ? [{ tlp: handling.tlp, codes: [] }] : []),
    ...inside.map((content) => content.handling ?? UNMARKED),
  ]
  const codes = new Set(all.flatMap((one) => one.codes))
  return {
    tlp: narrowest(all.map(({ tlp }) => tlp)),
    codes: HANDLING_CODES.filter((code) => codes.has(code)),
    because: marking.map(({ id, text }) => ({ rule: `clause:${id}`, text })),
  }
}

/** Content of peers that the exhibit which leaves holds, or that goes on as it came. */
export function heldIn(
  held: readonly HeldContent[],
  { exhibitId, passesOn }: { readonly exhibitId?: string; readonly passesOn?: string },
): readonly HeldContent[] {
  return held.filter(
    ({ releaseId, exhibitIds }) =>
      releaseId === passesOn || (exhibitId !== undefined && exhibitIds.includes(exhibitId)),
  )
}

/**
 * Whether nobody needs to be asked: it goes back to whom it came from, or its marking and its
 * duties leave it free, or the originator consented to this recipient and purpose.
 */
export function mayGoOn(
  { originator, handling, duties, consentedTo }: HeldContent,
  { recipient, purpose }: OnwardConsent,
): boolean {
  const isFree =
    handling?.tlp === 'CLEAR' &&
    handling.codes.length === 0 &&
    !duties.some(({ kind }) => kind === 'noOnwardTransfer')
  return (
    isFree ||
    recipient === originator ||
    consentedTo.some((one) => one.recipient === recipient && one.purpose === purpose)
  )
}

export function narrowest(labels: readonly Tlp[]): Tlp {
  const places = labels.map((label) => TLP_LABELS.indexOf(label))
  // An unknown label has place -1 and must never widen.
  if (places.includes(-1)) return 'RED'
  return TLP_LABELS[Math.max(0, ...places)] ?? 'RED'
}

function marks(clause: Clause, categories: readonly string[]): clause is ClauseOf<'handling'> {
  return clause.kind === 'handling' && clause.categories.some((id) => categories.includes(id))
}
