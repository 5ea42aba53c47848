/** Signed heads of one log, from wherever they were seen, and which of them contradict each other. */
import { equalBytes, textFromUtf8 } from '../../base/bytes.ts'
import { type Checkpoint, parseCheckpoint, verifyCheckpoint } from '../../proof/checkpoint.ts'
import { type Cosignature, verifyCosignatures } from '../../proof/cosignature.ts'
import { isQuorum, type Policy } from '../../proof/policy.ts'
import type { Primitives } from '../../proof/primitives.ts'
import {
  formatSignedNote,
  knownSignatures,
  parseSignedNote,
  type SignedNote,
} from '../../proof/signed-note.ts'
import type { NoteKey } from '../../proof/vkey.ts'

export type SeenHead = {
  /** `log`, `seen before`, or the name of a witness. */
  readonly from: string
  readonly head: Checkpoint
  /** With the lines of the log and of known witnesses only. */
  readonly note: string
  readonly cosignatures: readonly Cosignature[]
}

export type HeadKeys = {
  readonly primitives: Primitives
  readonly logKeys: readonly NoteKey[]
  readonly policy: Policy
}

/**
 * @throws ComityError `malformed` if it is no signed note of a checkpoint; `unverified` if a key
 * of the log or of a witness signed wrongly, or no key of the log did
 */
export function readHead(keys: HeadKeys, from: string, bytes: Uint8Array): SeenHead {
  const { primitives, logKeys, policy } = keys
  const note = parseSignedNote(bytes, 'checkpoint')
  const witnessKeys = policy.witnesses.map(({ key }) => key)
  const head = verifyCheckpoint(primitives, note, logKeys)
  const cosignatures = verifyCosignatures(primitives, note, witnessKeys)
  return { from, head, note: known(note, [...logKeys, ...witnessKeys]), cosignatures }
}

/** The origin that bytes claim, signed or not; undefined for what is no checkpoint. */
export function originClaimedBy(bytes: Uint8Array): string | undefined {
  try {
    return parseCheckpoint(parseSignedNote(bytes).text).origin
  } catch {
    return undefined
  }
}

function known({ text, signatures }: SignedNote, keys: readonly NoteKey[]): string {
  const lines = signatures.filter(
    (signature) => knownSignatures({ text, signatures: [signature] }, keys).length > 0,
  )
  return textFromUtf8(formatSignedNote({ text, signatures: lines }))
}

export const isSameHead = (one: Checkpoint, other: Checkpoint): boolean =>
  one.treeSize === other.treeSize && equalBytes(one.rootHash, other.rootHash)

/** Heads of one size with two roots, each pair with the one that was seen first before. */
export function equivocations(heads: readonly SeenHead[]): (readonly [SeenHead, SeenHead])[] {
  return heads.flatMap((other, index) => {
    const first = heads.findIndex(({ head }) => head.treeSize === other.head.treeSize)
    const one = heads[first]
    if (!one || first === index || isSameHead(one.head, other.head)) return []
    return [[one, other] as const]
  })
}

/**
 * Since when the head is known to be the newest: the time of the latest cosignatures that are
 * a quorum; without a quorum in the policy, of the latest known one.
 *
 * @param nowSeconds by the reader's clock; a witness's time beyond it does not count
 * @returns POSIX seconds; undefined if too few witnesses have cosigned it
 */
export function freshSince(
  { policy }: Pick<HeadKeys, 'policy'>,
  heads: readonly SeenHead[],
  nowSeconds: number,
): number | undefined {
  const latest = heads
    .flatMap(({ cosignatures }) => cosignatures)
    .filter(({ timeSeconds }) => timeSeconds <= nowSeconds + AHEAD_MAX_SECONDS)
    .sort((one, other) => other.timeSeconds - one.timeSeconds)
  const keys: NoteKey[] = []
  for (const { key, timeSeconds } of latest) {
    keys.push(key)
    if (isQuorum(policy, keys)) return timeSeconds
  }
  return undefined
}

const AHEAD_MAX_SECONDS = 60
