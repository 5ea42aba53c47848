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
} from './decide-evidence.ts'
import type { EvidenceState, Exhibit, ExhibitFacts } from './evidence.ts'

/** Raised whenever the same input would give other bytes. */
export const SCRUB_TOOL = { tool: 'comity-scrub', version: '1' } as const

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

export type ScrubExhibit = ExhibitFacts & {
  readonly derivedFrom: string
  readonly scrub: Scrub
  readonly purpose: string
}

export function scrubExhibit(
  state: EvidenceState,
  { purpose, ...event }: ScrubExhibit,
  { officer }: Acting,
): EvidenceDecision {
  const { derivedFrom, scrub, ...facts } = event
  const source = copyableExhibit(state, derivedFrom)
  if ('decision' in source) return source
  if (!source.file) return no('notAFile', 'only a file has something beside its content')
  if (source.scrub) return no('alreadyScrubbed', 'this is a scrubbed copy already')
  if (scrubbedCopyOf(state, derivedFrom)) {
    return no('alreadyScrubbed', 'there is a scrubbed copy of this exhibit')
  }
  const bar = newExhibitBar(state, facts) ?? purposeBar(purpose)
  if (bar) return bar
  const { input } = scrub
  const isOfSource =
    input.digest === source.file.digest && input.sizeBytes === source.file.sizeBytes
  if (!isOfSource || !facts.file) {
    return no('lineageBroken', 'the scrubbed copy was not made from this exhibit')
  }
  return permit([
    { type: 'exhibitSealed', ...event },
    custody(source, 'copied', officer, purpose),
    custody(facts, 'collected', officer, purpose),
  ])
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
  return no(
    'copyFirst',
    'there is a scrubbed copy: open that, or say why you need the original',
  ) as Refusal<'copyFirst'>
}
