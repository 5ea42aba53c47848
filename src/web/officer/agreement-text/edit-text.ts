/** Changes of a text that is being written, clause by clause. Pure: nothing is kept. */
import type { Clause } from '../../../core/agreement/clause.ts'
import type { AgreementDocument } from '../../../core/agreement/document.ts'
import { isKnownKind } from './clause-fields.ts'

export const CLAUSES_MAX = 100

/** What a button of the page asks for; `at` counts clauses from 0. */
export type TextCommand =
  | { readonly what: 'show' | 'save' | 'send' }
  | { readonly what: 'edit' | 'remove'; readonly at: number }
  | { readonly what: 'add'; readonly kind: string }

/** `undefined`: no such button. */
export function textCommand(pressed: string, kind: string): TextCommand | undefined {
  if (pressed === 'show' || pressed === 'save' || pressed === 'send') return { what: pressed }
  if (pressed === 'add') return isKnownKind(kind) ? { what: 'add', kind } : undefined
  const [, what, digits] = /^(edit|remove):([0-9]{1,3})$/.exec(pressed) ?? []
  return what ? { what: what as 'edit' | 'remove', at: Number(digits) } : undefined
}

export function withClause(
  document: AgreementDocument,
  at: number,
  clause: Clause,
): AgreementDocument {
  const clauses = document.clauses.map((before, index) => (index === at ? clause : before))
  return { ...document, clauses }
}

export function withoutClause(document: AgreementDocument, at: number): AgreementDocument {
  return { ...document, clauses: document.clauses.filter((_, index) => index !== at) }
}

/** A clause of this kind that says nothing yet, under the next free number. */
export function withNewClause(document: AgreementDocument, kind: string): AgreementDocument {
  const ids = new Set(document.clauses.map(({ id }) => id))
  let count = document.clauses.length + 1
  while (ids.has(`new.${count}`)) count += 1
  const clause = { id: `new.${count}`, text: '', kind } as unknown as Clause
  return { ...document, clauses: [...document.clauses, clause] }
}
