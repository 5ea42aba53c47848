/** What a list says of a CSAF document, whatever its form; a member that is not there is malformed. */
import type { Json } from '../base/canonical-json.ts'
import { malformed } from '../base/errors.ts'
import { type Instant, instant } from '../base/time.ts'

export type CsafHead = {
  readonly trackingId: string
  readonly title: string
  /** The first summary, else the first note. */
  readonly summary: string
  /** As the document writes it: `WHITE` in 2.0 is `CLEAR` in 2.1. */
  readonly tlp: string
  readonly initialAt: Instant
  readonly currentAt: Instant
}

/** @throws ComityError `malformed` */
export function headOf(document: Json): CsafHead {
  const head = member(document, 'document')
  const tracking = member(head, 'tracking')
  const notes = member(head, 'notes')
  const all = Array.isArray(notes) ? (notes as readonly Json[]) : []
  const told = all.find((note) => member(note, 'category') === 'summary') ?? all[0]
  return {
    trackingId: textOf(tracking, 'id'),
    title: textOf(head, 'title'),
    summary: told === undefined ? '' : textOf(told, 'text'),
    tlp: textOf(member(member(head, 'distribution'), 'tlp'), 'label'),
    initialAt: instant(textOf(tracking, 'initial_release_date'), 'initial_release_date'),
    currentAt: instant(textOf(tracking, 'current_release_date'), 'current_release_date'),
  }
}

function member(value: Json | undefined, name: string): Json | undefined {
  const isObject = value !== null && typeof value === 'object' && !Array.isArray(value)
  return isObject ? (value as { readonly [name: string]: Json | undefined })[name] : undefined
}

function textOf(value: Json | undefined, name: string): string {
  const found = member(value, name)
  if (typeof found === 'string') return found
  throw malformed('a CSAF document lacks this text', { field: name, reason: 'missing' })
}
