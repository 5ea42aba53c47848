/**
 * The keys with which a node signs its log and the checkpoints of others, as note
 * signers. Apart from log.ts, because who sets up a node needs no database.
 */
import { nodePrimitives } from '../adapters/node-primitives.ts'
import type { NodeKeys } from '../app/ports/keys.ts'
import type { NoteSigner } from '../proof/signed-note.ts'
import { KEY_TYPE, noteKey } from '../proof/vkey.ts'
import { logOriginOf } from '../wire/event-opening.ts'

/** Log and witness sign with keys of their own, under names of their own. */
export function logSigners(node: string, keys: NodeKeys): { log: NoteSigner; witness: NoteSigner } {
  const { ed25519, cosignature } = KEY_TYPE
  const log = noteKey(nodePrimitives, logOriginOf(node), ed25519, keys.logPublicKey)
  return {
    log: { key: log, sign: keys.signLog },
    // A successor may take over while the node runs.
    witness: {
      get key() {
        return noteKey(nodePrimitives, `${node}/witness`, cosignature, keys.witnessPublicKey)
      },
      get sign() {
        return keys.signWitness
      },
    },
  }
}
