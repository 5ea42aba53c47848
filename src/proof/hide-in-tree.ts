/**
 * Leaves something out of a copy, and keeps the hash that the sealed value has there.
 * What an earlier copy hides stays hidden, with the reason it was given then.
 */
import { toBase64 } from '../base/bytes.ts'
import type { Json } from '../base/canonical-json.ts'
import { invariant, malformed } from '../base/errors.ts'
import type { Hashing } from './primitives.ts'
import {
  compareBytes,
  expanded,
  hashOfMember,
  hashOfName,
  hashOfSegment,
  newBudget,
} from './redactable-tree.ts'
import type { SegmentSpan } from './text-segments.ts'
import {
  hashFromCopy,
  type MemberCopy,
  type SegmentCopy,
  seedOf,
  seedText,
  type TreeCopy,
  type Why,
} from './tree-copy.ts'

/** Names and places in lists, from the outermost value inwards. */
export type TreePath = readonly (string | number)[]

/**
 * What to leave out: the value at `path`; `withName`: its name too, so that not even
 * that a field of this name exists is told; `span`: some segments of the text there.
 */
export type HideTarget = {
  readonly path: TreePath
  readonly withName?: boolean
  readonly span?: SegmentSpan
} & Why

/** @throws ComityError `malformed` if the copy has no such place */
export function hideInTree(
  primitives: Hashing,
  copy: TreeCopy,
  targets: readonly HideTarget[],
): TreeCopy {
  return hideAt(primitives, copy, targets, 0)
}

function hideAt(
  primitives: Hashing,
  copy: TreeCopy,
  targets: readonly HideTarget[],
  depth: number,
): TreeCopy {
  if (targets.length === 0 || 'hidden' in copy) return copy
  const here = targets.filter(({ path }) => path.length === depth)
  const whole = here.find(({ span }) => span === undefined)
  if (whole)
    return { hidden: toBase64(hashFromCopy(primitives, copy, newBudget())), ...whyOf(whole) }
  const opened = openedLevel(primitives, copy)
  if ('text' in opened && here.length === targets.length) {
    return { text: hideSegments(primitives, opened.text, here) }
  }
  if (here.length > 0 || !('list' in opened || 'members' in opened)) throw noSuchPlace(targets[0])
  const stepOf = ({ path }: HideTarget) => path[depth] as string | number
  if ('list' in opened) {
    requireSteps(targets, depth, (step) => typeof step === 'number' && step in opened.list)
    const list = opened.list.map((item, index) => {
      const inside = targets.filter((target) => stepOf(target) === index)
      return hideAt(primitives, item, inside, depth + 1)
    })
    return { list }
  }
  const names = new Set(opened.members.flatMap((member) => ('name' in member ? [member.name] : [])))
  requireSteps(targets, depth, (step) => typeof step === 'string' && names.has(step))
  const members = opened.members.map((member) => {
    if ('hidden' in member) return member
    const inside = targets.filter((target) => stepOf(target) === member.name)
    return hideMember(primitives, member, inside, depth + 1)
  })
  return { members }
}

function hideMember(
  primitives: Hashing,
  member: Exclude<MemberCopy, { hidden: string }>,
  targets: readonly HideTarget[],
  depth: number,
): MemberCopy {
  const whole = targets.find(({ path, withName }) => path.length === depth && withName)
  if (!whole) return { ...member, node: hideAt(primitives, member.node, targets, depth) }
  return { hidden: toBase64(hashOfMemberCopy(primitives, member)), ...whyOf(whole) }
}

function hideSegments(
  primitives: Hashing,
  segments: readonly SegmentCopy[],
  targets: readonly HideTarget[],
): readonly SegmentCopy[] {
  const count = segments.reduce((sum, it) => sum + ('shown' in it ? 1 : it.hidden.length), 0)
  const hidden: SegmentCopy[] = []
  let at = 0
  for (const { span } of targets) {
    const isInside = span && 0 <= span.from && span.from < span.to && span.to <= count
    if (!isInside) throw malformed('the text has no such segments', { field: 'span' })
  }
  for (const segment of segments) {
    const target = targets.find(({ span }) => span && span.from <= at && at < span.to)
    at += 'shown' in segment ? 1 : segment.hidden.length
    if (!('shown' in segment) || !target) {
      hidden.push(segment)
      continue
    }
    const seed = seedOf(segment.seed, 'seed')
    const hash = toBase64(hashOfSegment(primitives, segment.shown, seed, newBudget()))
    const last = hidden.at(-1)
    const isSame = last && 'hidden' in last && sameWhy(last, target)
    if (isSame) hidden.splice(-1, 1, { ...last, hidden: [...last.hidden, hash] })
    else hidden.push({ hidden: [hash], ...whyOf(target) })
  }
  return hidden
}

/** One level of a node that is shown in full, opened so that it can be left out piece by piece. */
export function openedLevel(primitives: Hashing, copy: TreeCopy): TreeCopy {
  if (!('value' in copy)) return copy
  const level = expanded(copy.value, seedOf(copy.seed, 'seed'), primitives)
  if (level === undefined) return copy
  const shown = (value: Json, seed: Uint8Array) => ({ value, seed: seedText(seed) })
  if ('text' in level) {
    return { text: level.text.map(([text, seed]) => ({ shown: text, seed: seedText(seed) })) }
  }
  if ('list' in level) return { list: level.list.map(([item, seed]) => shown(item, seed)) }
  const members = level.members.map(([name, nameSeed, item, seed]) => {
    const member = { name, nameSeed: seedText(nameSeed), node: shown(item, seed) }
    return { member, hash: hashOfMemberCopy(primitives, member) }
  })
  members.sort((a, b) => compareBytes(a.hash, b.hash))
  return { members: members.map(({ member }) => member) }
}

function hashOfMemberCopy(
  primitives: Hashing,
  { name, nameSeed, node }: Exclude<MemberCopy, { hidden: string }>,
): Uint8Array {
  const budget = newBudget()
  return hashOfMember(
    primitives,
    hashOfName(primitives, name, seedOf(nameSeed, 'nameSeed'), budget),
    hashFromCopy(primitives, node, budget),
  )
}

function requireSteps(
  targets: readonly HideTarget[],
  depth: number,
  isThere: (step: string | number) => boolean,
): void {
  const missing = targets.find(({ path }) => !isThere(path[depth] as string | number))
  if (missing) throw noSuchPlace(missing)
}

function noSuchPlace(target: HideTarget | undefined) {
  invariant(target, 'a fault has its target')
  return malformed('the copy shows no such place', { field: 'path', reason: 'no-such-place' })
}

const whyOf = ({ ground, reason }: Why): Why => ({ ground, reason })
const sameWhy = (a: Why, b: Why) => a.ground === b.ground && a.reason === b.reason
