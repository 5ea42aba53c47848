/**
 * Is every event's entry in the node's log, as a quorum of the policy saw it?
 *
 * Without a policy only the log's own word is checked: its checkpoint's signature
 * and the inclusion. That proves nothing to a stranger; see the anchor check.
 */
import { toHex } from '../../base/bytes.ts'
import { malformed, unverified } from '../../base/errors.ts'
import { type AuthorityEvent, foldAuthority, noAuthority } from '../../core/authority/authority.ts'
import { type Checkpoint, verifyCheckpoint } from '../../proof/checkpoint.ts'
import { verifyInclusion } from '../../proof/inclusion.ts'
import type { Policy } from '../../proof/policy.ts'
import type { Primitives } from '../../proof/primitives.ts'
import { parseReceipt, verifyReceipt } from '../../proof/receipt.ts'
import { hashLeaf } from '../../proof/tree-hash.ts'
import { formatVkey, type NoteKey, parseVkey } from '../../proof/vkey.ts'
import { logOrdinalOf, logOriginOf } from '../event-opening.ts'
import {
  historyOf,
  type PackageContent,
  type PackageEvent,
  receiptPath,
  streamOf,
} from './content.ts'
import type { Checking } from './report.ts'

/** Where an entry stands in the log, and when witnesses saw it there. */
export type Place = {
  /** Which of the node's logs it is, from 1. */
  readonly log: number
  readonly leafIndex: number
  /** Earliest and latest cosignature that was verified, POSIX seconds; none without a policy. */
  readonly seenSeconds: readonly number[]
}

/** Whether one place is earlier than another: logs follow each other. */
export function isBefore(one: Place, other: Place): boolean {
  return one.log === other.log ? one.leafIndex < other.leafIndex : one.log < other.log
}

export type Places = ReadonlyMap<PackageEvent, Place>

export function checkAnchor(
  { facts }: PackageContent,
  policy: Policy | undefined,
  checking: Checking,
): void {
  if (policy === undefined) {
    const text = 'no policy was given: nothing ties the keys in this package to anyone you trust'
    checking.fail('policy', text)
    return
  }
  const origin = logOriginOf(facts.node)
  if (!policy.logs.some(({ key }) => logOrdinalOf(facts.node, key.name) !== undefined)) {
    checking.fail('policy', `the policy does not know the log ${origin}`)
    return
  }
  const quorum = policy.quorum === 'none' ? 'no witness at all' : `the quorum ${policy.quorum.name}`
  checking.found(`anchored in the log ${origin} and ${quorum} of the policy`)
}

export function checkLog(
  primitives: Primitives,
  content: PackageContent,
  policy: Policy | undefined,
  checking: Checking,
): Places {
  const places = new Map<PackageEvent, Place>()
  const roots = new Map<string, string>()
  const origin = logOriginOf(content.facts.node)
  const statedKeys = policy ? [] : statedLogKeys(primitives, content)
  for (const { id, events } of content.streams) {
    for (const [index, event] of events.entries()) {
      const version = index + 1
      const file = receiptPath(id, event.envelope.version)
      checking.looked(file)
      checking.attempt(
        file,
        () => {
          const { place, checkpoint } = placeOf(primitives, event, { policy, statedKeys })
          const log = logOrdinalOf(content.facts.node, checkpoint.origin)
          if (log === undefined) throw unverified('the entry is in the log of another node')
          requireOneHistory(roots, checkpoint)
          places.set(event, { log, ...place })
        },
        version,
      )
    }
  }
  const known = new Set(policy?.witnesses.map(({ key }) => key.name))
  const witnesses = policy ? `; quorum of ${known.size} known witnesses` : ''
  checking.found(`${places.size} entries are in ${origin}${witnesses}`)
  return places
}

type Trusting = {
  readonly policy: Policy | undefined
  readonly statedKeys: readonly NoteKey[]
}

function placeOf(
  primitives: Primitives,
  { receipt, entry }: PackageEvent,
  { policy, statedKeys }: Trusting,
): { place: Omit<Place, 'log'>; checkpoint: Checkpoint } {
  const parsed = parseReceipt(receipt)
  if (parsed.unauthenticatedExtra !== undefined) {
    throw malformed('a receipt in a package carries nothing unauthenticated', { field: 'extra' })
  }
  if (policy) {
    const verified = verifyReceipt(primitives, { receipt, entry, policy })
    const seenSeconds = verified.cosignatures.map(({ timeSeconds }) => timeSeconds)
    const { leafIndex, checkpoint } = verified
    return { place: { leafIndex, seenSeconds }, checkpoint }
  }
  const checkpoint = verifyCheckpoint(primitives, parsed.note, statedKeys)
  verifyInclusion(primitives, hashLeaf(primitives, entry), parsed.proof, checkpoint)
  return { place: { leafIndex: parsed.proof.leafIndex, seenSeconds: [] }, checkpoint }
}

/** Two roots for one size are two histories, whoever signed them. */
function requireOneHistory(roots: Map<string, string>, checkpoint: Checkpoint): void {
  const size = `${checkpoint.origin} ${checkpoint.treeSize}`
  const root = toHex(checkpoint.rootHash)
  const known = roots.get(size)
  if (known !== undefined && known !== root) {
    throw unverified(`two histories of the log at size ${checkpoint.treeSize}`)
  }
  roots.set(size, root)
}

/** The log keys that the node itself states. */
function statedLogKeys(primitives: Primitives, content: PackageContent): readonly NoteKey[] {
  const stream = streamOf(content, 'authority')
  const history = stream ? historyOf<AuthorityEvent>(stream) : []
  const { documents } = history.reduce(foldAuthority, noAuthority)
  const keys = documents.map(({ document }) => parseVkey(primitives, document.logKey, 'logKey'))
  return [...new Map(keys.map((key) => [formatVkey(key), key])).values()]
}
