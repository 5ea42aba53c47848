/** From the decisions of a preview to its page. Pure. */
import type { CasePreview, ReleasePreview } from '../../../app/preview-release.ts'
import type { Json } from '../../../base/canonical-json.ts'
import type { Instant } from '../../../base/time.ts'
import { RELEASE_KINDS } from '../../../core/agreement/clause.ts'
import type { Duty } from '../../../core/release/release.ts'
import type { AuthorityName } from '../../parts.ts'
import type { PreviewedDuty, PreviewPart, ReleasePreviewModel } from './model.ts'

export type PreviewParts = {
  readonly preview: CasePreview
  readonly head: ReleasePreviewModel['case']
  readonly chosen: string
  readonly at: Instant
  readonly nameOf: (node: string) => AuthorityName
}

export function releasePreviewModel(parts: PreviewParts): ReleasePreviewModel {
  const { preview, head, chosen, at, nameOf } = parts
  const { purpose, kind, purposes, previews } = preview
  return {
    case: head,
    at,
    purpose,
    kind,
    purposes: [...new Set([...purposes, purpose])],
    kinds: RELEASE_KINDS,
    authorities: preview.recipients.map(nameOf),
    chosen,
    previews: previews.map((one) => previewPart(one, nameOf)),
    rows: previews.length > 1 ? sideBySide(previews) : [],
  }
}

type Item = ReleasePreview['items'][number]

export function previewPart(
  { recipient, agreement, items }: ReleasePreview,
  nameOf: PreviewParts['nameOf'],
): PreviewPart {
  const ofCase = items.filter(({ exhibit }) => exhibit === null)
  const dutiesOf = (duties: readonly Duty[]) => duties.map((duty) => presentDuty(duty, nameOf))
  return {
    recipient: nameOf(recipient),
    ...(agreement
      ? {
          agreement: {
            title: agreement.title,
            version: agreement.version,
            state: agreement.phase,
          },
        }
      : {}),
    goes: ofCase.flatMap((item) =>
      item.outcome === 'goes'
        ? [
            {
              category: categoryOf(item),
              content: leavesOf(item.view[categoryOf(item)] ?? null),
              duties: dutiesOf(item.duties),
              because: item.because,
            },
          ]
        : [],
    ),
    stays: ofCase.flatMap((item) =>
      item.outcome === 'stays'
        ? [{ category: categoryOf(item), because: item.because, remedies: item.remedies }]
        : [],
    ),
    exhibits: alike(items.filter(({ exhibit }) => exhibit !== null)).map((group) => {
      const [first] = group
      return {
        outcome: first.outcome,
        names: group.flatMap(({ exhibit }) => (exhibit ? [presentExhibit(exhibit)] : [])),
        because: first.because,
        ...(first.outcome === 'goes'
          ? { duties: dutiesOf(first.duties), remedies: [] }
          : { duties: [], remedies: first.remedies }),
      }
    }),
  }
}

function categoryOf({ categories }: Item): string {
  return categories.join(', ')
}

function presentDuty({ text, owedBy, dueAt }: Duty, nameOf: PreviewParts['nameOf']): PreviewedDuty {
  return { text, owedBy: nameOf(owedBy).name, ...(dueAt ? { dueAt } : {}) }
}

function presentExhibit({ name, parts, hidden, origin }: NonNullable<Item['exhibit']>) {
  return { name, parts, hidden, isOriginal: origin === 'sealedHere' }
}

type Group = readonly [Item, ...Item[]]

/** A case with a thousand exhibits has few reasons. */
function alike(items: readonly Item[]): readonly Group[] {
  const groups = new Map<string, [Item, ...Item[]]>()
  for (const item of items) {
    const duties = item.outcome === 'goes' ? item.duties : []
    const key = JSON.stringify([item.outcome, item.because, duties])
    const group = groups.get(key)
    if (group) group.push(item)
    else groups.set(key, [item])
  }
  return [...groups.values()]
}

/** Exhibits are told apart by their own lists; here each category has one row. */
function sideBySide(previews: readonly ReleasePreview[]): ReleasePreviewModel['rows'] {
  const byRecipient = previews.map(
    ({ items }) =>
      new Map(items.flatMap((item) => (item.exhibit ? [] : [[categoryOf(item), item] as const]))),
  )
  const categories = new Set(byRecipient.flatMap((items) => [...items.keys()]))
  return [...categories].map((category) => ({
    category,
    cells: byRecipient.map((items) => cellOf(items.get(category))),
  }))
}

/** A category that an agreement does not list and the case does not hold goes to nobody. */
function cellOf(item: Item | undefined): ReleasePreviewModel['rows'][number]['cells'][number] {
  if (item?.outcome === 'goes') return { outcome: 'goes' }
  const [because] = item?.because ?? []
  return { outcome: 'stays', ...(because ? { because } : {}) }
}

/** The values of some content with their places, e.g. `affected/vendors/0`. */
export function leavesOf(
  content: Json,
  place = '',
): readonly { readonly name: string; readonly value: string }[] {
  if (typeof content !== 'object' || content === null) {
    return [{ name: place, value: content === null ? '–' : String(content) }]
  }
  const members = Object.entries(content)
  if (members.length === 0) return [{ name: place, value: '–' }]
  return members.flatMap(([name, value]) =>
    leavesOf(value as Json, place === '' ? name : `${place}/${name}`),
  )
}
