/**
 * The newest checkpoint, checked the way a visitor would: the log's signature, then
 * each cosignature, with the keys of the policy alone. A page that this server
 * makes proves nothing by itself, and it says so. Pure.
 */
import { textFromUtf8, toHex } from '../../../base/bytes.ts'
import { ComityError } from '../../../base/errors.ts'
import { type Instant, instantFromMs, SECOND_MS } from '../../../base/time.ts'
import { parseCheckpoint, verifyCheckpoint } from '../../../proof/checkpoint.ts'
import { type Cosignature, verifyCosignatures } from '../../../proof/cosignature.ts'
import { isQuorum, type Policy, parsePolicy } from '../../../proof/policy.ts'
import type { Primitives } from '../../../proof/primitives.ts'
import { parseSignedNote, type SignedNote } from '../../../proof/signed-note.ts'
import type { Messages } from '../../messages.ts'
import type { LogModel } from './model.ts'
import { cosignaturesNeeded, nodeOfWitness, quorumText } from './quorum.ts'

export type LogFacts = {
  readonly primitives: Primitives
  readonly checkpoint: Uint8Array | undefined
  readonly policy: Uint8Array
  /** Name of this node's log, which is no witness of itself. */
  readonly nodeId: string
  /** This authority and its peers: every other witness is an outside one. */
  readonly authorities: ReadonlyMap<string, string>
  readonly messages: Messages
}

/** @throws ComityError `malformed` if the policy or the checkpoint cannot be read */
export function logModel(facts: LogFacts): LogModel {
  const { primitives, checkpoint, messages } = facts
  const policy = parsePolicy(primitives, facts.policy)
  const note = checkpoint && parseSignedNote(checkpoint)
  const cosignatures = note && verifiedCosignatures(primitives, note, policy)
  return {
    ...(note && checkpoint ? { head: headOf(note, checkpoint, cosignatures !== undefined) } : {}),
    cosigners: cosignersOf(facts, policy, cosignatures ?? []),
    quorum: {
      needed: cosignaturesNeeded(policy),
      reached: cosignatures !== undefined && isQuorum(policy, cosignatures.map(keyOf)),
      rule: quorumText(messages, policy),
    },
  }
}

const keyOf = ({ key }: Cosignature) => key

/** `undefined` if the log did not sign the checkpoint, or a known witness's line is wrong. */
function verifiedCosignatures(
  primitives: Primitives,
  note: SignedNote,
  { logs, witnesses }: Policy,
): readonly Cosignature[] | undefined {
  try {
    verifyCheckpoint(
      primitives,
      note,
      logs.map(({ key }) => key),
    )
    return verifyCosignatures(
      primitives,
      note,
      witnesses.map(({ key }) => key),
    )
  } catch (error) {
    if (error instanceof ComityError && error.code === 'unverified') return undefined
    throw error
  }
}

function headOf(note: SignedNote, bytes: Uint8Array, isVerified: boolean) {
  const { origin, treeSize, rootHash } = parseCheckpoint(note.text)
  return {
    origin,
    treeSize,
    rootHash: toHex(rootHash),
    checkpoint: textFromUtf8(bytes),
    isVerified,
  }
}

function cosignersOf(
  { nodeId, authorities }: LogFacts,
  { witnesses }: Policy,
  cosignatures: readonly Cosignature[],
): LogModel['cosigners'] {
  // A witness may have more than one key, and cosigns by all of them at once.
  const times = new Map(cosignatures.map(({ key, timeSeconds }) => [key.name, timeSeconds]))
  return [...new Set(witnesses.map(({ key }) => key.name))]
    .map((name) => ({ name, node: nodeOfWitness(name), timeSeconds: times.get(name) }))
    .filter(({ node, timeSeconds }) => node !== nodeId || timeSeconds !== undefined)
    .map(({ name, node, timeSeconds }) => {
      const authority = authorities.get(node)
      return {
        name,
        ...(authority === undefined ? {} : { authority }),
        isOutsideParty: authority === undefined,
        ...(timeSeconds === undefined ? {} : { at: instantOf(timeSeconds) }),
      }
    })
}

function instantOf(timeSeconds: number): Instant {
  return instantFromMs(timeSeconds * SECOND_MS)
}
