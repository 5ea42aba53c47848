/** `comity conformance` against nodes that each break one rule: the report names it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { httpPrimitives } from '../../src/adapters/keys/http-primitives.ts'
import type { MessageOutcome } from '../../src/app/ports/exchange.ts'
import { actorDocument, makeActor } from '../../src/cli/conformance/actor.ts'
import { CHANNEL_CHECKS } from '../../src/cli/conformance/checks-channel.ts'
import { DOOR_CHECKS } from '../../src/cli/conformance/checks-doors.ts'
import { SIGNATURE_CHECKS } from '../../src/cli/conformance/checks-signature.ts'
import { TRANSACTION_CHECKS } from '../../src/cli/conformance/checks-transaction.ts'
import { openSession } from '../../src/cli/conformance/conformance.ts'
import { runChecks } from '../../src/cli/conformance/report.ts'
import { now } from '../../src/cli/conformance/talk.ts'
import { messageKeysOf, verifyNodeDocument } from '../../src/wire/exchange/node-document.ts'
import { type Alter, type Passed, pairsOf, startAlteringProxy } from '../support/altering-proxy.ts'
import { withDatabase } from '../support/database.ts'
import { startExchangeNode } from '../support/exchange-node.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const CHECKS = [...DOOR_CHECKS, ...SIGNATURE_CHECKS, ...TRANSACTION_CHECKS, ...CHANNEL_CHECKS]
/** This node of the exchange alone pins nobody by itself, and takes every type. */
const OFFERS = 'exchange/document-offer'
const rejectsUnknown = async (): Promise<MessageOutcome> => ({
  decision: 'rejected',
  reason: 'schema',
})

async function failuresOf(alter: Alter, apply = rejectsUnknown): Promise<ReadonlySet<string>> {
  let failed = new Set<string>()
  await withDatabase(async (url) => {
    const proxy = await startAlteringProxy()
    const node = await startExchangeNode('albion.example', url, proxy, { apply })
    try {
      const given = { node: 'conformance.example', madeAt: now() }
      const actor = await makeActor(temporaryFolder(), given)
      node.pin(actor, await actorDocument(actor, now()))
      const expected = {
        ...{ node: node.node, pinned: messageKeysOf(node.document), now: now() },
      }
      const document = verifyNodeDocument(httpPrimitives, await node.nodeDocument(), expected)
      const session = await openSession(actor, document, { freeze: false, witnessUrl: '' })
      proxy.alter = alter
      const findings = await runChecks(session, CHECKS)
      failed = new Set(
        findings.flatMap(({ result, requirement }) => (result === 'failed' ? [requirement] : [])),
      )
      failed.delete(OFFERS)
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

test('a node that keeps to the rules breaks none', async () => {
  assert.deepEqual([...(await failuresOf((_, answer) => answer))], [])
})

for (const [says, alter, requirements] of broken) {
  test(`a node that ${says} is found out`, async () => {
    const failed = await failuresOf(alter())
    for (const id of requirements) assert.ok(failed.has(id), `${id} is not among ${[...failed]}`)
  })
}

test('a node that takes whatever comes is found out', async () => {
  const failed = await failuresOf(
    (_, answer) => answer,
    async () => ({ decision: 'applied' }),
  )
  assert.deepEqual([...failed], ['exchange/unknown-type'])
})
