/** The model of one exhibit's page, without its controls. Pure. */
import type { ReadCase } from '../../../app/read-case.ts'
import type { Exhibit } from '../../../core/evidence/evidence.ts'
import type { Names } from '../case/names.ts'
import type { ExhibitModel } from './model.ts'

export function presentExhibit(
  {
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
    custody: exhibit.custody.map(({ at, act, by, purpose, digest: of }) => ({
      at,
      event: act,
      by: names.actor(by),
      purpose,
      sha256: of,
    })),
  }
}

function arrivedFrom({ from, acknowledged }: Exhibit, names: Names): Pick<ExhibitModel, 'arrived'> {
  if (from === null) return {}
  const { answer = 'open', reason } = acknowledged ?? {}
  return { arrived: { from: names.authority(from).name, answer, ...(reason ? { reason } : {}) } }
}
