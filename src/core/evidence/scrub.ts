/**
 * A scrubbed copy: the same picture or the same pages without what the file says beside
 * them, as a file of its own that leads back to the original. The original stays; the copy
 * is what officers open first.
 *
 * It takes away what is written beside a picture. What the picture itself shows, or hides
 * in its colours, stays, and so does its colour profile.
 */
import { permit, type Refusal } from '../../base/decision.ts'
import type { Acting } from '../case/recorded.ts'
import {
  copyableExhibit,
  custody,
  type EvidenceDecision,
  newExhibitBar,
  no,
  purposeBar,
  type WhyEvidence,
} from './decide-evidence.ts'
import type { EvidenceState, Exhibit, ExhibitFacts } from './evidence.ts'

/** Of the name of a file, in UTF-16 units. */
export const FILE_NAME_MAX = 200

/** Raised whenever the same input would give other bytes. */
export const SCRUB_TOOL = { tool: 'comity-scrub', version: '2' } as const

export const SCRUBBED = [
  'exif',
  'xmp',
  'iptc',
  'comment',
  'thumbnail',
  'frames',
  'other',
  'afterEnd',
  'document',
] as const
export type Scrubbed = (typeof SCRUBBED)[number]

/** What was taken away; `document`: all of it but the drawn pages. */
export type Removed = { readonly what: Scrubbed; readonly sizeBytes: number }

export type Scrub = {
  readonly tool: string
  readonly version: string
  readonly input: { readonly digest: string; readonly sizeBytes: number }
  readonly removed: readonly Removed[]
}

export type ScrubAsked = { readonly exhibitId: string; readonly purpose: string }
export type ScrubbedCopy = Omit<ExhibitFacts, 'name'> & { readonly scrub: Scrub }

/** What a scrubbed copy would be made of. Asked before one is made, and again with it. */
export function sourceOfScrub(
  state: EvidenceState,
  { exhibitId, purpose }: ScrubAsked,
): (Exhibit & { readonly file: NonNullable<Exhibit['file']> }) | Refusal<WhyEvidence> {
  const source = copyableExhibit(state, exhibitId)
  if ('decision' in source) return source
  const { file } = source
  if (!file) return no('notAFile', 'only a file has something beside its content')
  if (source.scrub) return no('alreadyScrubbed', 'this is a scrubbed copy already')
  if (scrubbedCopyOf(state, exhibitId)) {
    return no('alreadyScrubbed', 'there is a scrubbed copy of this exhibit')
  }
  return purposeBar(purpose) ?? { ...source, file }
}

/** `copy`: nothing, where none could be made when it was tried. */
export function scrubExhibit(
  state: EvidenceState,
  asked: ScrubAsked,
  copy: ScrubbedCopy | undefined,
  { officer }: Acting,
): EvidenceDecision {
  const source = sourceOfScrub(state, asked)
  if ('decision' in source) return source
  const { digest, sizeBytes } = source.file
  const isOfSource =
    copy?.file && copy.scrub.input.digest === digest && copy.scrub.input.sizeBytes === sizeBytes
  if (!isOfSource) return no('lineageBroken', 'the scrubbed copy was not made from this exhibit')
  const { scrub, ...made } = copy
  const facts = { ...made, name: nameOfCopy(source.name) }
  const bar = newExhibitBar(state, facts)
  if (bar) return bar
  return permit([
    { type: 'exhibitSealed', ...facts, derivedFrom: source.exhibitId, scrub },
    custody(source, 'copied', officer, asked.purpose),
    custody(facts, 'collected', officer, asked.purpose),
  ])
}

const SUFFIX = ' (scrubbed)'

/** Within what a name may be, here and at a peer to which the copy is released. */
function nameOfCopy(name: string): string {
  let kept = ''
  for (const letter of name) {
    if (kept.length + letter.length + SUFFIX.length > FILE_NAME_MAX) break
    kept += letter
  }
  return `${kept}${SUFFIX}`
}

/** The copy that is opened instead of the original. */
export function scrubbedCopyOf(
  { exhibits }: Pick<EvidenceState, 'exhibits'>,
  exhibitId: string,
): Exhibit | undefined {
  return exhibits.find((it) => it.scrub && it.derivedFrom === exhibitId && !it.isDestroyed)
}

/** The purpose as the chain of custody says it: why the original, where there is a scrubbed copy. */
export function purposeOfOpening(
  state: Pick<EvidenceState, 'exhibits'>,
  { exhibitId, purpose, whyOriginal }: OpeningAsked,
): string {
  const isOriginal = scrubbedCopyOf(state, exhibitId) && purpose.trim() !== ''
  return isOriginal ? `${purpose} (the original, because: ${whyOriginal.trim()})` : purpose
}

type OpeningAsked = {
  readonly exhibitId: string
  readonly purpose: string
  readonly whyOriginal: string
}

/** Whoever opens an original beside its scrubbed copy says why. */
export function originalBar(
  state: Pick<EvidenceState, 'exhibits'>,
  exhibitId: string,
  whyOriginal: string,
): Refusal<'copyFirst'> | undefined {
  if (!scrubbedCopyOf(state, exhibitId) || whyOriginal.trim() !== '') return undefined
  return no('copyFirst', 'there is a scrubbed copy: open that, or say why you need the original')
}
