/** Where a record hides something, and why, as it says itself. */
import type { RedactedRecord } from './redacted-record.ts'
import type { TreeCopy, Why } from './tree-copy.ts'

/**
 * `at` is a JSON pointer into the copy of that part. It is made of places only: it
 * holds no name, neither of a hidden field nor of a shown one.
 */
export type HiddenPlace = { readonly part: number; readonly at: string } & Why

/** Of a record that has been verified. */
export function hiddenPlaces({ parts }: RedactedRecord): readonly HiddenPlace[] {
  return parts.flatMap((part, index) =>
    'tree' in part ? placesIn(part.tree, '').map((place) => ({ part: index, ...place })) : [],
  )
}

/** Parts left out as a whole. Their reasons stand beside the copy. */
export function hiddenParts({ parts }: RedactedRecord): readonly number[] {
  return parts.flatMap((part, index) => ('commitment' in part ? [index] : []))
}

function placesIn(copy: TreeCopy, at: string): readonly Omit<HiddenPlace, 'part'>[] {
  if ('hidden' in copy) return [{ at, ...whyOf(copy) }]
  if ('list' in copy) return copy.list.flatMap((item, i) => placesIn(item, `${at}/list/${i}`))
  if ('text' in copy) {
    return copy.text.flatMap((segment, index) =>
      'shown' in segment ? [] : [{ at: `${at}/text/${index}`, ...whyOf(segment) }],
    )
  }
  if (!('members' in copy)) return []
  return copy.members.flatMap((member, index) => {
    const here = `${at}/members/${index}`
    return 'hidden' in member
      ? [{ at: here, ...whyOf(member) }]
      : placesIn(member.node, `${here}/node`)
  })
}

const whyOf = ({ ground, reason }: Why): Why => ({ ground, reason })
