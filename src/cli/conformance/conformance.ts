/**
 * `comity conformance URL`: plays a peer and drives a node through the specification of the
 * exchange and of the log. What passes was seen; what could not be seen is said.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { nodePrimitives } from '../../adapters/node-primitives.ts'
import { httpTransport } from '../../adapters/peers/http-transport.ts'
import { ComityError, malformed } from '../../base/errors.ts'
import {
  type ExchangePeer,
  messageKeysOf,
  type NodeDocument,
  peerOf,
  readSignedDocument,
  verifyNodeDocument,
} from '../../wire/exchange/node-document.ts'
import { fingerprintOf, isSameFingerprint } from '../../wire/exchange/node-fingerprint.ts'
import type { Exercise } from '../../wire/exchange/world.ts'
import { type Actor, actorDocument, makeActor, readActor } from './actor.ts'
import { type Check, Failed, type Session } from './check.ts'
import { CHANNEL_CHECKS, positionAt } from './checks-channel.ts'
import { CONTENT_CHECKS } from './checks-content.ts'
import { DOOR_CHECKS } from './checks-doors.ts'
import { KEY_CHECKS } from './checks-keys.ts'
import { LOG_CHECKS } from './checks-log.ts'
import { RESTORED_CHECKS } from './checks-restored.ts'
import { SIGNATURE_CHECKS } from './checks-signature.ts'
import { TRANSACTION_CHECKS } from './checks-transaction.ts'
import { WITNESS_CHECKS } from './checks-witness.ts'
import { countOf, runChecks, textOf, verdictsOf } from './report.ts'
import { now, talkTo } from './talk.ts'

const USAGE = `usage: comity conformance --prepare --folder FOLDER --node ID [--exercise training|demo]
       comity conformance URL --folder FOLDER --fingerprint DIGITS [--json] [--freeze] [--witness URL]

--prepare  makes keys and a node document for the peer that the test plays. The
           administrator of the node that is tested pins it (comity peer add), and
           may list its log in the policy file, if the witness is to be tested
URL        endpoints.federation of that node
--fingerprint  of that node, as its administrator says it
--freeze   also shows it two histories, which stops the channel of the test until
           people there let it go on
--witness  where its witness answers; URL/witness unless said

Test only nodes whose authority has agreed. What stays there: docs/integrating/conformance.md
Exit codes: 0 nothing failed, 1 something did, 2 wrong usage, 3 nothing could be tested: the
node does not answer, has another fingerprint, or does not know the peer.
`

export const ALL_CHECKS: readonly Check[] = [
  ...DOOR_CHECKS,
  ...SIGNATURE_CHECKS,
  ...TRANSACTION_CHECKS,
  ...CHANNEL_CHECKS.slice(0, -1),
  ...CONTENT_CHECKS,
  ...RESTORED_CHECKS,
  ...KEY_CHECKS,
  ...LOG_CHECKS,
  ...WITNESS_CHECKS,
  // Last: nothing is taken after it.
  ...CHANNEL_CHECKS.slice(-1),
]

export async function conformanceCommand(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      folder: { type: 'string' },
      node: { type: 'string' },
      exercise: { type: 'string' },
      fingerprint: { type: 'string' },
      witness: { type: 'string' },
      prepare: { type: 'boolean', default: false },
      freeze: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  const { folder, node, fingerprint } = values
  if (values.help) return say(USAGE)
  const [url, ...more] = positionals
  if (values.prepare && folder && node && url === undefined) {
    return prepare(folder, node, exerciseIn(values.exercise))
  }
  if (values.prepare || !folder || !fingerprint || !url || more.length > 0) return usage()
  const endpoint = url.replace(/\/$/, '')
  const witnessUrl = values.witness ?? `${endpoint}/witness`
  const options = { freeze: values.freeze, witnessUrl }
  const session = await begun(folder, { endpoint, fingerprint, options })
  if (session === undefined) return 3
  const verdicts = verdictsOf(await runChecks(session, ALL_CHECKS))
  const said = { node: session.document.node, verdicts }
  say(values.json ? `${JSON.stringify(said, null, 2)}\n` : textOf(verdicts))
  return countOf(verdicts, 'failed') === 0 ? 0 : 1
}

type Asked = {
  readonly endpoint: string
  readonly fingerprint: string
  readonly options: Session['options']
}

/** `undefined`, and it is said why, if there is nothing to test. */
async function begun(folder: string, asked: Asked): Promise<Session | undefined> {
  const { endpoint, fingerprint, options } = asked
  try {
    const actor = await readActor(folder)
    return await openSession(actor, await pinnedDocument(endpoint, fingerprint), options)
  } catch (error) {
    if (!(error instanceof ComityError || error instanceof Failed)) throw error
    process.stderr.write(`comity conformance: nothing was tested: ${error.message}\n`)
    return undefined
  }
}

async function prepare(folder: string, node: string, exercise?: Exercise): Promise<number> {
  const madeAt = now()
  const actor = await makeActor(folder, { node, madeAt, ...(exercise ? { exercise } : {}) })
  const file = join(folder, 'node.json')
  writeFileSync(file, await actorDocument(actor, madeAt))
  return say(`${file}
fingerprint  ${fingerprintOf(nodePrimitives, actor.document)}
policy line  log ${actor.document.logKey}

At the node that is to be tested:
  comity peer add ${file} --config CONFIG --fingerprint "…"
and start it again; and back, when you are done:
  comity peer remove ${node} --config CONFIG
`)
}

function exerciseIn(text: string | undefined): Exercise | undefined {
  if (text === undefined || text === 'training' || text === 'demo') return text
  throw malformed('--exercise is training or demo', { field: 'exercise' })
}

/** There is no trust on first use: the fingerprint comes from people. */
async function pinnedDocument(endpoint: string, fingerprint: string): Promise<Pinned> {
  const targetUri = `${endpoint}/.well-known/comity/node.json`
  const request = { method: 'GET', targetUri, headers: [], body: new Uint8Array() }
  const { status, body } = await httpTransport()(request)
  if (status !== 200) throw malformed(`${targetUri} is answered ${status}`)
  const { document } = readSignedDocument(body)
  if (!isSameFingerprint(fingerprintOf(nodePrimitives, document), fingerprint)) {
    throw malformed('the node has another fingerprint', { reason: 'fingerprint' })
  }
  const expected = { node: document.node, pinned: messageKeysOf(document), now: now() }
  return verifyNodeDocument(nodePrimitives, body, expected)
}

type Pinned = ReturnType<typeof verifyNodeDocument>

/** @throws ComityError, Failed if the node does not know the peer */
export async function openSession(
  actor: Actor,
  document: Pinned,
  options: Session['options'],
): Promise<Session> {
  const target: ExchangePeer = peerOf(document)
  const talk = talkTo(actor, target)
  const known = { actor, target, talk }
  const plain: NodeDocument = document
  let playing = actor
  const session: Session = {
    ...{ target, talk, document: plain, position: await positionAt(known), options },
    get actor() {
      return playing
    },
    async changeKeys(change) {
      playing = await change(playing)
    },
    async findPosition() {
      session.position = await positionAt(known).catch(() => session.position)
    },
  }
  return session
}

function say(text: string): number {
  process.stdout.write(text)
  return 0
}

function usage(): number {
  process.stderr.write(USAGE)
  return 2
}
