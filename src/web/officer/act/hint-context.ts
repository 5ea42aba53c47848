/** What hints for the forms of acts are made from, and the few shapes that all of them share. */

import type { NodeSelf } from '../../../app/kernel.ts'
import type { Peer } from '../../../app/ports/peers.ts'
import type { Officer } from '../../../app/ports/people.ts'
import type { AgreementRow } from '../../../app/ports/registers.ts'
import type { TriageVocabulary } from '../../../app/ports/vocabulary.ts'
import type { ReadCase } from '../../../app/read-case.ts'
import type { RelatedReport } from '../../../app/related-reports.ts'
import type { Instant } from '../../../base/time.ts'
import type { LawContext } from '../../../core/law/case-law.ts'
import type { Choice, FieldKind, FormHints } from '../../form/field-spec.ts'
import type { RawValues } from '../../form/form-model.ts'

export type HintContext = {
  readonly read: Pick<ReadCase, 'state'>
  readonly peers: readonly Pick<Peer, 'id' | 'name'>[]
  readonly law: Pick<LawContext, 'packs'>
  readonly vocabulary: TriageVocabulary
  readonly agreements: readonly AgreementRow[]
  readonly officers: readonly Pick<Officer, 'id' | 'name' | 'roles'>[]
  readonly node: NodeSelf
  readonly now: Instant
  /** Other cases that may be about the same thing; for the act that judges them. */
  readonly related?: readonly RelatedReport[]
}

/** `values` is what stands in the form before anyone types. */
export type ActHints = FormHints & {
  readonly values: RawValues
  /** What an earlier thing of the case would put into the form, by its id. */
  readonly startFrom?: Readonly<Record<string, RawValues>>
  /** What the form is opened with from a page that is about one thing, by that thing's id. */
  readonly about?: Readonly<Record<string, RawValues>>
}
/** An act's own hints; what is left out is empty. */
export type Hints = Partial<ActHints>
export type HintsOf = (context: HintContext) => Hints

/** A choice made from data. Its words are English unless the data says otherwise. */
export function plain(value: string, text: string, hint?: string): Choice {
  return { value, text, lang: 'en', ...(hint ? { hint } : {}) }
}

/** Choices of a closed vocabulary, in the words of the catalogue. */
export function worded(act: string, field: string, values: readonly string[]): readonly Choice[] {
  return values.map((value) => ({ value, key: `act.${act}.${field}.${value}` }))
}

/**
 * A field with its choices; the only one there is stands chosen. Without a choice
 * the schema's own control stays, so that no field is a dead end: what is then
 * typed is refused with a reason.
 */
export function oneOf(field: string, choices: readonly Choice[], chosen?: string): Hints {
  if (choices.length === 0) return {}
  const [first, ...others] = choices
  const value = chosen ?? (others.length === 0 ? first?.value : undefined)
  const isOffered = choices.some((choice) => choice.value === value)
  return {
    choices: { [field]: choices },
    ...(isOffered && value !== undefined ? { values: { [field]: value } } : {}),
  }
}

/** Ticks for a list; what is chosen but not offered is left out. */
export function someOf(
  field: string,
  choices: readonly Choice[],
  chosen: readonly string[] = [],
): Hints {
  if (choices.length === 0) return {}
  const ticked = chosen.filter((value) => choices.some((choice) => choice.value === value))
  return { choices: { [field]: choices }, values: { [field]: ticked } }
}

export const filled = (values: RawValues): Hints => ({ values })
export const widget = (field: string, kind: FieldKind): Hints => ({ widgets: { [field]: kind } })

export function merged(...all: readonly Hints[]): ActHints {
  const join = <K extends 'choices' | 'widgets' | 'records' | 'labels' | 'values'>(key: K) =>
    Object.assign({}, ...all.map((hints) => hints[key])) as NonNullable<ActHints[K]>
  return {
    choices: join('choices'),
    widgets: join('widgets'),
    records: join('records'),
    labels: join('labels'),
    openRecords: all.flatMap(({ openRecords }) => openRecords ?? []),
    values: join('values'),
    ...last(all, 'sections'),
    ...last(all, 'startFrom'),
    ...last(all, 'about'),
  }
}

function last<K extends 'sections' | 'startFrom' | 'about'>(all: readonly Hints[], key: K): Hints {
  const given = all.findLast((hints) => hints[key] !== undefined)?.[key]
  return given === undefined ? {} : { [key]: given }
}

export function nameOf({ node, peers }: HintContext, id: string): string {
  return id === node.id ? node.name : (peers.find((peer) => peer.id === id)?.name ?? id)
}

/** The start of an id, enough to tell things of one case apart. */
export const shortId = (id: string): string => id.slice(-8)

export const dayOf = (at: Instant): string => at.slice(0, 10)
