/**
 * Single documents that are shared with one person from outside: a letter to it, the
 * notice about it, a package that was handed over to its authority, a draft of what is to be
 * published. A part of a case
 * that holds documents shows a person those that were shared with this very person.
 */
import { type Decision, permit, type Refusal, refuse } from '../../base/decision.ts'
import type { CaseState } from '../case/case.ts'
import type { Acting } from '../case/recorded.ts'
import type { Admission } from './case-access.ts'
import type { SharedPart } from './rules.ts'
import { sharingBar, type WhyNotShown } from './shared-exhibit.ts'

/** The part of a case that an admission must open before its documents are seen. */
export type DocumentPart = Extract<
  SharedPart,
  'letters' | 'notices' | 'handOvers' | 'exhibits' | 'drafts'
>

export type SharedDocument = {
  readonly person: string
  readonly part: DocumentPart
  readonly documentId: string
  readonly safeguard?: string
}

export type DocumentEvent =
  | ({
      readonly type: 'documentShared'
      readonly reason: string
      /** Of an exhibit: the order, or the undertaking, under which the person may read it. */
      readonly safeguard?: string
    } & SharedDocument)
  | {
      readonly type: 'documentWithdrawn'
      readonly person: string
      readonly documentId: string
      readonly reason: string
    }

export type WhyNoDocument =
  | 'unknownDocument'
  | 'notAdmittedNow'
  | 'partNotShared'
  | 'alreadyShared'
  | 'noticeOfAnother'
  | 'safeguardMissing'
  | 'notSharedNow'
  | WhyNotShown

/** Documents of a case that can be shared, by the part that they belong to. */
export function shareableDocuments({
  desk,
  rights,
  evidence,
  advisoryDrafts,
}: CaseState): readonly Omit<SharedDocument, 'person'>[] {
  return [
    ...desk.letters.map(({ letterId }) => ({ part: 'letters' as const, documentId: letterId })),
    ...rights.notices.map(({ noticeId }) => ({ part: 'notices' as const, documentId: noticeId })),
    ...desk.handOvers.map(({ handOverId }) => ({
      part: 'handOvers' as const,
      documentId: handOverId,
    })),
    ...evidence.exhibits
      .filter(({ isDestroyed }) => !isDestroyed)
      .map(({ exhibitId }) => ({ part: 'exhibits' as const, documentId: exhibitId })),
    ...advisoryDrafts.map(({ trackingId }) => ({
      part: 'drafts' as const,
      documentId: trackingId,
    })),
  ]
}

export function shareDocument(
  state: CaseState,
  command: Omit<Extract<DocumentEvent, { part: string }>, 'type' | 'part'>,
  { now }: Acting,
): Decision<readonly DocumentEvent[], WhyNoDocument> {
  const { person, documentId, reason, safeguard } = command
  const found = shareableDocuments(state).find((one) => one.documentId === documentId)
  if (!found)
    return no('unknownDocument', 'the case has no such letter, notice, package or exhibit')
  const { admitted, documents } = state.access
  const admission = admitted.find((one) => one.person === person && now < one.until)
  if (!admission) return no('notAdmittedNow', 'the person is not admitted to this case')
  if (!admission.sees.includes(found.part)) {
    const text = `the admission does not open ${found.part}: admit the person again with that part`
    return no('partNotShared', text)
  }
  if (documents.some((one) => one.person === person && one.documentId === documentId)) {
    return no('alreadyShared', 'the document is shared with this person already')
  }
  const others = documents.filter(({ part }) => part === 'notices')
  const isOfAnother = others.some(
    (one) => (one.person === person) !== (one.documentId === documentId),
  )
  if (found.part === 'notices' && isOfAnother) {
    return no(
      'noticeOfAnother',
      'a notice is shared with the person whom it is about, and no other',
    )
  }
  if (found.part === 'exhibits' && !safeguard?.trim()) {
    const text = 'an exhibit is shared under an order of a court or an undertaking of the reader'
    return no('safeguardMissing', text)
  }
  const bar = sharingBar(state, { person, exhibitId: documentId }, now)
  if (found.part === 'exhibits' && bar) return bar
  const under = found.part === 'exhibits' && safeguard ? { safeguard } : {}
  return permit([{ type: 'documentShared', person, ...found, reason, ...under }])
}

export function withdrawDocument(
  { documents }: CaseState['access'],
  command: Omit<Extract<DocumentEvent, { type: 'documentWithdrawn' }>, 'type'>,
  _acting: Acting,
): Decision<readonly DocumentEvent[], WhyNoDocument> {
  const { person, documentId } = command
  const isShared = documents.some((one) => one.person === person && one.documentId === documentId)
  if (!isShared) return no('notSharedNow', 'the document is not shared with this person')
  return permit([{ type: 'documentWithdrawn', ...command }])
}

/** Ids of what one person sees of a part. */
export function documentsOf(
  { documents }: CaseState['access'],
  { person, sees }: Pick<Admission, 'person' | 'sees'>,
  part: DocumentPart,
): readonly string[] {
  if (!sees.includes(part)) return []
  const own = documents.filter((one) => one.person === person && one.part === part)
  return own.map(({ documentId }) => documentId)
}

export function isDocumentEvent(event: { readonly type: string }): event is DocumentEvent {
  return event.type === 'documentShared' || event.type === 'documentWithdrawn'
}

export function foldDocuments(
  documents: readonly SharedDocument[],
  event: DocumentEvent,
): readonly SharedDocument[] {
  const { person, documentId } = event
  if (event.type === 'documentShared') {
    const { part, safeguard } = event
    return [...documents, { person, part, documentId, ...(safeguard ? { safeguard } : {}) }]
  }
  return documents.filter((one) => one.person !== person || one.documentId !== documentId)
}

function no(why: WhyNoDocument, text: string): Refusal<WhyNoDocument> {
  return refuse(why, { rule: `document:${why}`, text })
}
