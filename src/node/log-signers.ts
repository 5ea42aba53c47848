/**
 * The keys with which a node signs its log and the checkpoints of others, as note
 * signers. Apart from log.ts, because who sets up a node needs no database.
 */
import { nodePrimitives } from '../adapters/node-primitives.ts'
import type { NodeKeys } from '../app/ports/keys.ts'
import type { NoteSigner } from '../proof/signed-note.ts'
import { KEY_TYPE, noteKey } from '../proof/vkey.ts'
import { logOriginOf } from '../wire/event-opening.ts'

export type LogSigners = {
  readonly log: NoteSigner
  /** Of type 0x04. */
  readonly witness: NoteSigner
  /** Of type 0x06, if the node has such a key. */
  readonly witnessMlDsa44: NoteSigner | undefined
  /** Each by which the node cosigns at this moment. */
  readonly cosigners: readonly NoteSigner[]
}

/**
 * Log and witness sign with keys of their own, under names of their own. The witness has
 * one name, whatever the algorithm: a name is an authority.
 */
export function logSigners(node: string, keys: NodeKeys): LogSigners {
  const { ed25519, cosignature, mlDsa44Cosignature } = KEY_TYPE
  const log = noteKey(nodePrimitives, logOriginOf(node), ed25519, keys.logPublicKey)
  const name = `${node}/witness`
  return {
    log: { key: log, sign: keys.signLog },
    // Successors may take over while the node runs.
    get witness() {
      const key = noteKey(nodePrimitives, name, cosignature, keys.witnessPublicKey)
      return { key, sign: keys.signWitness }
    },
    get witnessMlDsa44() {
      const second = keys.witnessMlDsa44
      if (second === undefined) return undefined
      const key = noteKey(nodePrimitives, name, mlDsa44Cosignature, second.publicKey)
      return { key, sign: (message: Uint8Array) => second.sign(message) }
    },
    get cosigners() {
      const { witness, witnessMlDsa44 } = this
      return witnessMlDsa44 ? [witness, witnessMlDsa44] : [witness]
    },
  }
}
