/**
 * What an act would make, shown before it is done: a letter, or all that a person from
 * outside will see of the case. Made by the same functions as the thing itself.
 * Nothing is kept, and nothing is decided: the act is asked again when it is done.
 */
import { type Decision, permit } from '../base/decision.ts'
import { shareDocument } from '../core/access/documents.ts'
import type { SharedPart } from '../core/access/rules.ts'
import { type SharedView, sharedView } from '../core/access/shared-view.ts'
import { afterEvents } from '../core/case/case.ts'
import type { LetterText } from '../core/desk/letter-text.ts'
import type { EmergencyThreat } from '../core/release/basis.ts'
import type { PreviewedItem } from '../core/release/preview-release.ts'
import type { Sight } from './act.ts'
import { type FileAsked, fileDraft } from './acts/file-release-acts.ts'
import { type LetterAsked, letterText, templateFor } from './acts/letter-acts.ts'
import { type PassOnAsked, passedOnDraft } from './acts/onward-acts.ts'
import { type PublicTextPreview, publicTextPreviews } from './preview-public-text.ts'
import { previewFilledIn, type ReleasePreview } from './preview-release.ts'
import type { ReleaseReasons } from './release-to-peer.ts'

export type ActPreview = {
  readonly letter?: LetterText
  /** Whether the letter can be made as PDF too. */
  readonly hasPdf?: boolean
  readonly view?: SharedView
  /** What the recipient would get of each category that the form names. */
  readonly release?: ReleasePreview
  /** The release as a whole, as it is filled in. */
  readonly wholeRelease?: PreviewedItem
  /** All versions of what would be public, the new one last and without a day. */
  readonly publicText?: PublicTextPreview
}

type Preview = (sight: Sight<never>) => Promise<Decision<ActPreview>>

const PREVIEWS: Readonly<Record<string, Preview>> = {
  makeLetter: previewLetter,
  ...publicTextPreviews,
  admitPerson: previewAdmission,
  admitGuest: previewAdmission,
  shareDocument: previewDocument,
  releaseToPeer: previewReleaseForm,
  releaseByHand: previewReleaseForm,
  releaseInEmergency: previewReleaseForm,
  passOnRelease: async (sight: Sight<PassOnAsked>) =>
    previewFilledIn(sight, await passedOnDraft(sight)),
  releaseFile: (sight: Sight<FileAsked>) =>
    previewFilledIn(sight, fileDraft(sight.state, sight.input)),
  releaseFileByHand: (sight: Sight<FileAsked>) =>
    previewFilledIn(sight, fileDraft(sight.state, sight.input)),
  releaseFileInEmergency: (sight: Sight<FileAsked>) =>
    previewFilledIn(sight, fileDraft(sight.state, sight.input)),
}

export function isPreviewed(act: string): boolean {
  return Object.hasOwn(PREVIEWS, act)
}

export function previewAct(act: string, sight: Sight<unknown>): Promise<Decision<ActPreview>> {
  const preview = PREVIEWS[act]
  return preview ? preview(sight as Sight<never>) : Promise.resolve(permit({}))
}

async function previewLetter(sight: Sight<LetterAsked>): Promise<Decision<ActPreview>> {
  const template = templateFor(sight.state, sight.input)
  if (template.decision === 'refuse') return template
  const letter = await letterText(sight)
  const { pdf } = await sight.kernel.desk.letters.make(letter)
  return permit({ letter, hasPdf: pdf !== undefined })
}

type Admitting = { readonly person?: string; readonly sees: readonly SharedPart[] }

/** As the view will be at this moment; a guest is nobody yet, so nothing is shared by name. */
async function previewAdmission({ state, input, acting }: Sight<Admitting>) {
  const { sees, person = '' } = input
  return permit({ view: sharedView(state, { sees, person }, acting.now) })
}

type Sharing = {
  readonly person: string
  readonly documentId: string
  readonly reason: string
}

async function previewDocument({ state, input, acting }: Sight<Sharing>) {
  const decided = shareDocument(state, input, acting)
  if (decided.decision === 'refuse') return decided
  const admission = state.access.admitted.find(({ person }) => person === input.person)
  const { person, sees = [] } = { person: input.person, ...admission }
  const after = afterEvents(state, decided.value, acting)
  return permit({ view: sharedView(after, { person, sees }, acting.now) })
}

type Releasing = ReleaseReasons & {
  readonly recipient: string
  readonly purpose: string
  readonly categories: readonly string[]
  /** Of an emergency. */
  readonly threat?: EmergencyThreat
  readonly reason?: string
}

/** The whole of it is decided as it is filled in; each category too, to tell them apart. */
async function previewReleaseForm(sight: Sight<Releasing>): Promise<Decision<ActPreview>> {
  const { recipient, purpose, categories, legalBasis, threat, reason = '' } = sight.input
  return previewFilledIn(sight, {
    ...{ kind: 'case', recipient, purpose, categories, legalBasis, answers: sight.input },
    ...(threat ? { emergency: { threat, reason } } : {}),
  })
}
