/** The model of one exhibit's page, without its controls. Pure. */

import { LOOK_PAGES_MAX, type PageSheet, SHEET_PAGES } from '../../../app/ports/pages.ts'
import type { FilePreview } from '../../../app/preview-file.ts'
import type { ReadCase } from '../../../app/read-case.ts'
import { fitsClaim } from '../../../core/evidence/detected-types.ts'
import type { EvidenceState, Exhibit } from '../../../core/evidence/evidence.ts'
import { scrubbedCopyOf } from '../../../core/evidence/scrub.ts'
import type { Names } from '../case/names.ts'
import type { ExhibitModel, ShownFile, ShownSheet } from './model.ts'

export function presentExhibit(
  {
    read,
    names,
    head,
  }: { readonly read: ReadCase; readonly names: Names; readonly head: ExhibitModel['case'] },
  exhibit: Exhibit,
): Omit<ExhibitModel, 'formToken'> {
  const { exhibitId, name, mediaType, origin, sizeBytes, digest, file, isDestroyed } = exhibit
  return {
    case: head,
    id: exhibitId,
    name,
    mediaType,
    origin,
    sealed: { sizeBytes, sha256: digest },
    isDestroyed,
    ...(file ? { plaintext: { sizeBytes: file.sizeBytes, sha256: file.digest } } : {}),
    ...arrivedFrom(exhibit, names),
    ...scrubOf(exhibit, read.state.evidence),
    ...(exhibit.lineage ? { copyOf: exhibit.lineage } : {}),
    custody: exhibit.custody.map(({ at, act, by, purpose, digest: of, capacity }) => ({
      at,
      event: act,
      by: names.actor(by),
      purpose,
      sha256: of,
      ...(capacity ? { capacity } : {}),
    })),
  }
}

export type Look = {
  readonly preview: FilePreview
  /** What the exhibit is said to be. */
  readonly claimed: string
  readonly purpose: string
  readonly whyOriginal?: string
  readonly hrefOf: (page: number) => string
  /** Where other pages are asked for. */
  readonly turnAt: string
}

export function presentLook({ preview, claimed, ...look }: Look): ShownFile {
  const { sheet, ...shown } = preview
  return {
    ...shown,
    isOther: !fitsClaim(claimed, shown.detected),
    ...(sheet ? { sheet: presentSheet(sheet, look) } : {}),
  }
}

function presentSheet(
  { first, pages, count, mediaType }: PageSheet,
  { purpose, whyOriginal = '', hrefOf, turnAt }: Omit<Look, 'preview' | 'claimed'>,
): ShownSheet {
  const last = first + pages.length - 1
  const end = Math.min(count, LOOK_PAGES_MAX)
  return {
    ...{ mediaType, first, last, count, end, purpose, whyOriginal, turnAt },
    pages: pages.map((_, index) => ({ page: first + index, href: hrefOf(first + index) })),
    ...(first > 1 ? { before: Math.max(1, first - SHEET_PAGES) } : {}),
    ...(last < end ? { after: last + 1 } : {}),
  }
}

function scrubOf(
  { exhibitId, file, isDestroyed, scrub, derivedFrom }: Exhibit,
  evidence: EvidenceState,
): Pick<ExhibitModel, 'scrubbed' | 'scrubOf' | 'mayScrub'> {
  if (scrub) return { scrubOf: { id: derivedFrom ?? '', removed: scrub.removed }, mayScrub: false }
  const copy = scrubbedCopyOf(evidence, exhibitId)
  if (!copy) return { mayScrub: file !== undefined && !isDestroyed }
  return { scrubbed: { id: copy.exhibitId, name: copy.name }, mayScrub: false }
}

function arrivedFrom({ from, acknowledged }: Exhibit, names: Names): Pick<ExhibitModel, 'arrived'> {
  if (from === null) return {}
  const { answer = 'open', reason } = acknowledged ?? {}
  return { arrived: { from: names.authority(from).name, answer, ...(reason ? { reason } : {}) } }
}
