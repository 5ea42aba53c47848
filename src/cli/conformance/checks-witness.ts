/**
 * The witness of the node. The log that it is shown is ours: its entries are known by their
 * number, so that a later run goes on where an earlier one ended.
 */
import { createHash } from 'node:crypto'
import { nodePrimitives, publicKeyOf, signEd25519 } from '../../adapters/node-primitives.ts'
import { utf8 } from '../../base/bytes.ts'
import { formatAddCheckpoint } from '../../proof/add-checkpoint.ts'
import { formatCheckpoint, parseCheckpoint } from '../../proof/checkpoint.ts'
import { buildConsistency } from '../../proof/consistency.ts'
import { verifyCosignatures } from '../../proof/cosignature.ts'
import {
  parseSignatureLines,
  parseSignedNote,
  type SignedNote,
  signNote,
} from '../../proof/signed-note.ts'
import { hashLeaf, rootOf } from '../../proof/tree-hash.ts'
import { KEY_TYPE, noteKey, parseVkey } from '../../proof/vkey.ts'
import type { Actor } from './actor.ts'
import { type Check, expect, NotTested, type Session } from './check.ts'

const leaves = (size: number) =>
  Array.from({ length: size }, (_, index) =>
    hashLeaf(nodePrimitives, utf8(`comity conformance entry ${index}`)),
  )

async function noteOf({ node, logSeed }: Actor, size: number, seed = logSeed): Promise<SignedNote> {
  const origin = `${node}/ledger`
  const rootHash = rootOf(nodePrimitives, leaves(size))
  const text = formatCheckpoint({ origin, treeSize: size, rootHash, extensions: [] })
  const key = noteKey(nodePrimitives, origin, KEY_TYPE.ed25519, publicKeyOf(logSeed))
  const sign = (message: Uint8Array) => signEd25519(seed, message)
  return { text, signatures: [await signNote({ key, sign }, text)] }
}

function submit({ talk, options }: Session, body: Uint8Array) {
  return talk.plain('POST', `${options.witnessUrl}/add-checkpoint`, body)
}

const submission = (oldSize: number, note: SignedNote, proof: readonly Uint8Array[] = []) =>
  formatAddCheckpoint({ oldSize, proof, note })

/** The size that it cosigned last of our log. @throws NotTested if it does not know the log */
async function lastCosigned(session: Session): Promise<number> {
  const origin = `${session.actor.node}/ledger`
  const hash = createHash('sha256').update(origin).digest('hex')
  const seen = await session.talk.plain('GET', `${session.options.witnessUrl}/${hash}/checkpoint`)
  if (seen.status === 200) return parseCheckpoint(parseSignedNote(seen.body).text).treeSize
  const probe = await submit(session, submission(1, await noteOf(session.actor, 1)))
  if (probe.status === 404) {
    throw new NotTested('the policy of the node does not list our log, see --prepare')
  }
  return 0
}

async function servedCheckpoint({ actor, talk, options }: Session): Promise<Uint8Array> {
  const hash = createHash('sha256').update(`${actor.node}/ledger`).digest('hex')
  const { status, body } = await talk.plain('GET', `${options.witnessUrl}/${hash}/checkpoint`)
  expect(status === 200, `what it cosigned is answered ${status}`)
  return body
}

async function statusOf(session: Session, body: Uint8Array): Promise<number> {
  return (await submit(session, body)).status
}

export const WITNESS_CHECKS: readonly Check[] = [
  {
    requirement: 'log/witness-order',
    does: 'what has no form (400), and a log that nobody knows (404)',
    async run(session) {
      expect(
        (await statusOf(session, utf8('old x\n\n'))) === 400,
        'a wrong form is not answered 400',
      )
      const strange = await noteOf({ ...session.actor, node: 'nobody.comity.example' }, 1)
      const status = await statusOf(session, submission(0, strange))
      expect(status === 404, `an unknown log is answered ${status}`)
    },
  },
  {
    requirement: 'log/witness-order',
    does: 'a signature that is not the log’s (403)',
    async run(session) {
      const size = await lastCosigned(session)
      const { logSeed } = session.actor
      const other = logSeed.map((byte) => byte ^ 1)
      const status = await statusOf(
        session,
        submission(size, await noteOf(session.actor, size + 1, other)),
      )
      expect(status === 403, `answered ${status}`)
    },
  },
  {
    requirement: 'log/witness-stores',
    does: 'our log one entry longer is cosigned (200), and the same old size again is not (409)',
    async run(session) {
      const { actor, document } = session
      const old = await lastCosigned(session)
      const note = await noteOf(actor, old + 1)
      const proof = old === 0 ? [] : buildConsistency(nodePrimitives, old, leaves(old + 1))
      const heard = await submit(session, submission(old, note, proof))
      expect(heard.status === 200, `answered ${heard.status}`)
      const lines = parseSignatureLines(Buffer.from(heard.body).toString())
      const key = parseVkey(nodePrimitives, document.witnessKey)
      const found = verifyCosignatures(nodePrimitives, { ...note, signatures: lines }, [key])
      expect(found.length === 1, 'no cosignature by the witness key of its document')
      const again = await submit(session, submission(old, await noteOf(actor, old + 2)))
      expect(again.status === 409, `the old size again is answered ${again.status}`)
      expect(again.contentType === 'text/x.tlog.size', `a 409 of media type ${again.contentType}`)
      const said = Buffer.from(again.body).toString()
      expect(said === `${old + 1}\n`, `it says that the size is ${said.trim()}`)
    },
  },
  {
    requirement: 'log/both-lines',
    does: 'both keys of the witness cosign, at one time, and it serves both lines',
    async run(session) {
      const { document, actor } = session
      const vkeys = [document.witnessKey, document.witnessKeyMlDsa44]
      if (document.witnessKeyMlDsa44 === undefined) throw new NotTested('it states one key only')
      const keys = vkeys.flatMap((vkey) => (vkey ? [parseVkey(nodePrimitives, vkey)] : []))
      const size = await lastCosigned(session)
      const note = await noteOf(actor, size + 1)
      const proof = size === 0 ? [] : buildConsistency(nodePrimitives, size, leaves(size + 1))
      const heard = await submit(session, submission(size, note, proof))
      expect(heard.status === 200, `answered ${heard.status}`)
      const signatures = parseSignatureLines(Buffer.from(heard.body).toString())
      const found = verifyCosignatures(nodePrimitives, { ...note, signatures }, keys)
      expect(found.length === keys.length, `${found.length} of its ${keys.length} keys cosigned`)
      const times = new Set(found.map(({ timeSeconds }) => timeSeconds))
      expect(times.size === 1, 'its two lines have two times')
      const served = parseSignedNote(await servedCheckpoint(session))
      const kept = verifyCosignatures(nodePrimitives, served, keys)
      expect(kept.length === keys.length, `it serves ${kept.length} of its ${keys.length} lines`)
    },
  },
  {
    requirement: 'log/witness-order',
    does: 'an old size above the new one (400), and a proof that shows nothing (422)',
    async run(session) {
      const { actor } = session
      const old = await lastCosigned(session)
      if (old === 0) throw new NotTested('it has not cosigned our log')
      const shrunk = await statusOf(session, submission(old + 1, await noteOf(actor, old)))
      expect(shrunk === 400, `a larger old size is answered ${shrunk}`)
      const wrong = [new Uint8Array(32)]
      const status = await statusOf(session, submission(old, await noteOf(actor, old + 1), wrong))
      expect(status === 422, `a wrong proof is answered ${status}`)
    },
  },
  {
    requirement: 'log/witness-order',
    does: 'a body above 128 KiB',
    async run(session) {
      const status = await statusOf(session, new Uint8Array(128 * 1024 + 1).fill(0x61))
      expect(status === 400 || status === 413, `answered ${status}`)
    },
  },
]
