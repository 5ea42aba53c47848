/** `comity conformance` against nodes that each break one rule: the report names it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { httpPrimitives } from '../../src/adapters/keys/http-primitives.ts'
import type { MessageOutcome, ReceivedMessage } from '../../src/app/ports/exchange.ts'
import type { Verified } from '../../src/base/verified.ts'
import { actorDocument, makeActor } from '../../src/cli/conformance/actor.ts'
import type { Check } from '../../src/cli/conformance/check.ts'
import { CHANNEL_CHECKS } from '../../src/cli/conformance/checks-channel.ts'
import { CONTENT_CHECKS } from '../../src/cli/conformance/checks-content.ts'
import { DOOR_CHECKS } from '../../src/cli/conformance/checks-doors.ts'
import { KEY_CHECKS } from '../../src/cli/conformance/checks-keys.ts'
import { RESTORED_CHECKS } from '../../src/cli/conformance/checks-restored.ts'
import { SIGNATURE_CHECKS } from '../../src/cli/conformance/checks-signature.ts'
import { TRANSACTION_CHECKS } from '../../src/cli/conformance/checks-transaction.ts'
import { openSession } from '../../src/cli/conformance/conformance.ts'
import { runChecks } from '../../src/cli/conformance/report.ts'
import { now } from '../../src/cli/conformance/talk.ts'
import {
  messageKeysOf,
  type NodeDocument,
  peerOf,
  verifyNodeDocument,
} from '../../src/wire/exchange/node-document.ts'
import { judgeRenewal, type WhyNotRenewed } from '../../src/wire/exchange/renewal.ts'
import { type Alter, type Passed, pairsOf, startAlteringProxy } from '../support/altering-proxy.ts'
import { withDatabase } from '../support/database.ts'
import { type NodeOptions, startExchangeNode } from '../support/exchange-node.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const AT_THE_DOOR = [
  ...[...DOOR_CHECKS, ...SIGNATURE_CHECKS, ...TRANSACTION_CHECKS, ...CHANNEL_CHECKS],
]
const INSIDE = [...CHANNEL_CHECKS, ...CONTENT_CHECKS, ...RESTORED_CHECKS, ...KEY_CHECKS]
type Apply = (tx: unknown, message: ReceivedMessage) => Promise<MessageOutcome>
/** This node of the exchange alone has no cases. */
const rejects: Apply = async () => ({ decision: 'rejected', reason: 'schema' })
const applies =
  (...types: string[]): Apply =>
  async (tx, message) =>
    types.includes(message.header.type) ? { decision: 'applied' } : rejects(tx, message)

/** How a node that is told of a document goes on; the rules of renewal, unless said. */
type Renew = (pinned: NodeDocument, bytes: Uint8Array) => NodeDocument | WhyNotRenewed | undefined
const byTheRules: Renew = (pinned, bytes) => {
  const judged = judgeRenewal(httpPrimitives, pinned, bytes, { now: now(), leadsTo: () => false })
  return judged.decision === 'permit' ? judged.value : judged.why
}
const documentIn = (bytes: Uint8Array) =>
  (JSON.parse(Buffer.from(bytes).toString()) as { document: NodeDocument }).document

type Broken = { readonly alter?: Alter; readonly apply?: Apply; readonly renew?: Renew }

async function failuresOf(
  checks: readonly Check[],
  { alter = (_, answer) => answer, apply = rejects, renew = byTheRules }: Broken,
): Promise<ReadonlySet<string>> {
  let failed = new Set<string>()
  await withDatabase(async (url) => {
    const proxy = await startAlteringProxy()
    const given = { node: 'conformance.example', madeAt: now(), exercise: 'training' as const }
    const actor = await makeActor(temporaryFolder(), given)
    let pinned = actor.document
    const takeDocument: NodeOptions['takeDocument'] = async (bytes) => {
      if (documentIn(bytes).node !== actor.node) return { kind: 'unknown' }
      const taken = renew(pinned, bytes)
      if (typeof taken === 'string') return { kind: 'refused', why: taken }
      if (taken === undefined) return { kind: 'same' }
      pinned = taken
      node.peers.pin(peerOf(taken as Verified<NodeDocument>))
      return { kind: 'renewed' }
    }
    const options = { apply, takeDocument, exercise: 'training' } as const
    const node = await startExchangeNode('albion.example', url, proxy, options)
    try {
      node.pin(actor, await actorDocument(actor, now()))
      const expected = {
        ...{ node: node.node, pinned: messageKeysOf(node.document), now: now() },
      }
      const document = verifyNodeDocument(httpPrimitives, await node.nodeDocument(), expected)
      const session = await openSession(actor, document, { freeze: false, witnessUrl: '' })
      proxy.alter = alter
      const findings = await runChecks(session, checks)
      failed = new Set(
        findings.flatMap(({ result, requirement }) => (result === 'failed' ? [requirement] : [])),
      )
    } finally {
      await node.close()
    }
  })
  return failed
}

const codeIn = ({ body }: Passed) => {
  try {
    return (JSON.parse(body.toString()) as { code?: string }).code
  } catch {
    return undefined
  }
}
const without = (name: string, { headers, ...answer }: Passed): Passed => ({
  ...answer,
  headers: pairsOf(headers)
    .filter(([each]) => each.toLowerCase() !== name)
    .flat(),
})
const onSigned =
  (change: (answer: Passed) => Passed): Alter =>
  (_, answer) =>
    answer.headers.some((name) => name.toLowerCase() === 'signature') ? change(answer) : answer
const onCode =
  (code: string, change: (answer: Passed) => Passed): Alter =>
  (_, answer) =>
    codeIn(answer) === code ? change(answer) : answer

/** A node that sees no replays: the proxy says again what was said to the same signature. */
function forgetsNonces(): Alter {
  const given = new Map<string, Passed>()
  return ({ signature }, answer) => {
    const before = given.get(signature)
    if (before === undefined && answer.status === 200) given.set(signature, answer)
    return codeIn(answer) === 'replay' && before ? before : answer
  }
}

const broken: readonly [string, () => Alter, string[]][] = [
  [
    'signs nothing',
    () => onSigned((answer) => without('signature', answer)),
    ['exchange/answers-signed'],
  ],
  [
    'signs what it does not send',
    () =>
      onSigned((answer) => ({ ...answer, body: Buffer.concat([answer.body, Buffer.from(' ')]) })),
    ['exchange/answers-signed', 'exchange/response-components'],
  ],
  [
    'gives the answer of an earlier request',
    () =>
      ({ path }, answer, before) =>
        path.endsWith('/head') ? (before[0] ?? answer) : answer,
    ['exchange/answers-signed'],
  ],
  ['takes replays', forgetsNonces, ['exchange/nonce-once']],
  [
    'says of a gap that the request is bad',
    () => onCode('gap', (answer) => ({ ...answer, status: 400 })),
    ['exchange/gap'],
  ],
  [
    'says of a gap that all is well',
    () => onCode('gap', (answer) => ({ ...answer, status: 200 })),
    ['exchange/gap'],
  ],
  [
    'does not know that it is not meant',
    () => onCode('misdirected', (answer) => ({ ...answer, status: 404 })),
    ['exchange/for-this-node'],
  ],
  [
    'does not find other versions',
    () => onCode('version', (answer) => ({ ...answer, status: 404 })),
    ['exchange/unknown-version'],
  ],
  [
    'takes what is not canonical',
    () => onCode('not-canonical', (answer) => ({ ...answer, status: 200 })),
    ['exchange/canonical-json'],
  ],
  [
    'shows heads of others',
    () =>
      ({ path }, answer) =>
        path.includes('nobody') ? { ...answer, status: 200 } : answer,
    ['exchange/own-channels'],
  ],
  [
    'serves a document that nobody signed so',
    () =>
      ({ path }, answer) =>
        path.endsWith('node.json')
          ? { ...answer, body: Buffer.from(answer.body.toString().replace('fictional', 'real')) }
          : answer,
    ['exchange/node-document'],
  ],
  [
    'lets in media types with a charset',
    () => onCode('content-type', (answer) => ({ ...answer, status: 400 })),
    ['exchange/media-type'],
  ],
]

/** After a burst it says this, instead of saying when to come again. */
function fallsOver(status: number): Alter {
  let asked = 0
  return ({ path }, answer) => {
    if (path.endsWith('/head')) asked += 1
    return asked > 30 ? { ...answer, status } : answer
  }
}

test('a node that keeps to the rules breaks none', async () => {
  assert.deepEqual([...(await failuresOf([...AT_THE_DOOR, ...INSIDE], {}))], [])
})

for (const [says, alter, requirements] of broken) {
  test(`a node that ${says} is found out`, async () => {
    const failed = await failuresOf(AT_THE_DOOR, { alter: alter() })
    for (const id of requirements) assert.ok(failed.has(id), `${id} is not among ${[...failed]}`)
  })
}

test('a node that takes whatever comes is found out', async () => {
  const failed = await failuresOf(INSIDE, { apply: async () => ({ decision: 'applied' }) })
  const effects = ['shared-case', 'asked-answers', 'assistance-answer', 'unknown-type']
  assert.deepEqual([...failed].sort(), effects.map((id) => `exchange/${id}`).sort())
})

const inside: readonly [string, Broken, string[]][] = [
  [
    'acts on releases about cases that nobody shares',
    { apply: applies('release') },
    ['exchange/shared-case', 'exchange/unknown-type'],
  ],
  [
    'believes that what it never asked for was done',
    { apply: applies('retractionDone') },
    ['exchange/asked-answers'],
  ],
  [
    'takes an answer to no request',
    { apply: applies('assistanceTurnedAway') },
    ['exchange/assistance-answer'],
  ],
  [
    'takes training and demonstration for two kinds',
    {
      apply: async (tx, message) =>
        message.header.exercise === 'demo'
          ? { decision: 'rejected', reason: 'exercise' }
          : rejects(tx, message),
    },
    ['exchange/one-world'],
  ],
  [
    'goes on with a key that was revoked',
    {
      renew: (pinned, bytes) => {
        const taken = byTheRules(pinned, bytes)
        if (taken === undefined || typeof taken === 'string') return taken
        const { revocations: _, ...rest } = taken
        return rest as NodeDocument
      },
    },
    ['exchange/revocation'],
  ],
  [
    'takes every document of a peer that it knows',
    { renew: (_, bytes) => documentIn(bytes) },
    ['exchange/document-offer', 'exchange/revocation'],
  ],
  [
    'does not say that an epoch is over',
    { alter: onCode('wrong-epoch', (answer) => ({ ...answer, status: 400 })) },
    ['exchange/epoch-opened', 'exchange/wrong-epoch'],
  ],
  ['falls over when it is asked much', { alter: fallsOver(500) }, ['exchange/too-many']],
  ['sends away without a word', { alter: fallsOver(429) }, ['exchange/too-many']],
]

for (const [says, broken, requirements] of inside) {
  test(`a node that ${says} is found out`, async () => {
    const failed = await failuresOf(INSIDE, broken)
    for (const id of requirements) assert.ok(failed.has(id), `${id} is not among ${[...failed]}`)
  })
}
