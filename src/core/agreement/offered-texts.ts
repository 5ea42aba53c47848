/**
 * The texts of an agreement that are on offer, and how one of them comes to bind. They are
 * kept in one total order, so that every party ends with the same ones in whatever order
 * it hears of them.
 */
import { changeWhere } from '../../base/lists.ts'
import type { Instant } from '../../base/time.ts'
import type { AgreementRef, AgreementState, EarlierText } from './agreement.ts'
import type { AgreementEvent, PartySignature, StepStatement } from './agreement-events.ts'
import type { AgreementDocument } from './document.ts'
import { departuresUnder } from './membership.ts'

type EventOf<Type extends AgreementEvent['type']> = Extract<AgreementEvent, { type: Type }>

/** A text that was offered for signature. */
export type OfferedText = {
  readonly document: AgreementDocument
  readonly digest: string
  readonly offeredBy: string
  /** Case time here. */
  readonly offeredAt: Instant
  /** null: offered before deadlines were stated. */
  readonly signBy: Instant | null
  readonly rapid: boolean
  readonly reason: string
  /** Who becomes a party by it. */
  readonly joining: readonly string[]
  readonly statement: StepStatement | null
  readonly signatures: readonly PartySignature[]
  /** Its time for signing is over. A signature that was given before may still arrive. */
  readonly isOver: boolean
}

/** The text that waits for signatures now: the first one, or the next. */
export function openText({ texts }: AgreementState): OfferedText | null {
  const newest = texts.at(-1)
  return newest && !newest.isOver ? newest : null
}

/** The next text, while the one in force keeps applying. */
export function amendmentOf(state: AgreementState): OfferedText | null {
  return hasBound(state) ? openText(state) : null
}

/** Has this agreement ever bound, so that a new text is its amendment? */
export function hasBound({ since }: AgreementState): boolean {
  return since !== null
}

export function withFirstText(
  state: AgreementState,
  event: EventOf<'agreementOffered'>,
  offeredAt: Instant,
): AgreementState {
  const { document, digest } = state
  if (!document || !digest) return state
  const { offeredBy, signBy, statement } = event
  const said = { signBy: signBy ?? null, statement: statement ?? null }
  const offer = { offeredBy, offeredAt, ...said, rapid: false, reason: '', joining: [] }
  return withTexts(state, [{ ...offer, document, digest, signatures: [], isOver: false }])
}

export function withText(
  state: AgreementState,
  { type: _, party, statement, joining = [], ...text }: EventOf<'agreementTextOffered'>,
  offeredAt: Instant,
): AgreementState {
  const by = { offeredBy: party, offeredAt, joining, statement: statement ?? null }
  const more = { ...by, signatures: [], isOver: false }
  const lastVersion = Math.max(state.lastVersion, text.document.version)
  const texts = [...state.texts, { ...text, ...more }].sort(byPlace)
  return withTexts({ ...state, lastVersion }, texts)
}

type TextPlace = Pick<OfferedText, 'document' | 'digest'>

/** By version, and of two with one number the one with the larger digest first: a total order. */
export function byPlace(one: TextPlace, other: TextPlace): number {
  const ahead = one.document.version - other.document.version
  if (ahead !== 0 || one.digest === other.digest) return ahead
  return one.digest > other.digest ? -1 : 1
}

export function withSignature(
  state: AgreementState,
  { type: _, ...signature }: EventOf<'agreementSigned' | 'agreementConsentedBySilence'>,
): AgreementState {
  const texts = changeText(state.texts, signature.digest, (text) => ({
    ...text,
    signatures: [...text.signatures, signature],
    isOver: false,
  }))
  return withTexts(state, texts)
}

/** Before anything binds, the newest text is what the agreement is about. */
export function withTexts(state: AgreementState, texts: readonly OfferedText[]): AgreementState {
  if (hasBound(state)) return { ...state, texts, successor: successorIn(texts) }
  const newest = texts.at(-1)
  if (!newest) return { ...state, texts, phase: 'withdrawn' }
  const { document, digest, signatures, isOver } = newest
  const phase = isOver ? 'lapsed' : signatures.length > 0 ? 'signing' : 'offered'
  return { ...state, texts, phase, document, digest, signatures }
}

function successorIn(texts: readonly OfferedText[]): AgreementRef | null {
  const signed = texts.find((text) => unsigned(text).length === 0)
  if (!signed) return null
  const { document, digest } = signed
  return { id: document.id, version: document.version, digest }
}

/** Node ids of the parties that have not signed it. */
export function unsigned({ document, signatures }: OfferedText): readonly string[] {
  const signed = new Set(signatures.map(({ party }) => party))
  return document.parties.map(({ node }) => node).filter((node) => !signed.has(node))
}

/** One text takes the place of another in one moment: never are two in force. */
export function bound(state: AgreementState, digest: string, at: Instant): AgreementState {
  const index = state.texts.findIndex((text) => text.digest === digest)
  const text = state.texts[index]
  if (!text) return state
  const { document, signatures } = text
  const texts = state.texts.slice(index + 1)
  const next = {
    ...{ document, digest, signatures, since: at, phase: 'inForce' as const },
    ...{ texts, successor: successorIn(texts) },
    earlier: [...state.earlier, ...endedText(state, at)],
    departures: departuresUnder(state.departures, text),
  }
  return { ...state, ...next }
}

function endedText(state: AgreementState, endedAt: Instant): readonly EarlierText[] {
  const { document, digest, signatures, since } = state
  if (!since || !document || !digest) return []
  return [{ document, digest, signatures, since, endedAt }]
}

export function changeText(
  texts: readonly OfferedText[],
  digest: string,
  change: (text: OfferedText) => OfferedText,
): readonly OfferedText[] {
  return changeWhere(texts, (text) => text.digest === digest, change)
}
