/** The witness part of `comity conformance`, against witnesses that each break one rule. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nodePrimitives } from '../../src/adapters/node-primitives.ts'
import { migrate, openDatabase } from '../../src/adapters/postgres/database.ts'
import type { Verified } from '../../src/base/verified.ts'
import { makeActor } from '../../src/cli/conformance/actor.ts'
import type { Session } from '../../src/cli/conformance/check.ts'
import { WITNESS_CHECKS } from '../../src/cli/conformance/checks-witness.ts'
import { runChecks } from '../../src/cli/conformance/report.ts'
import { now, talkTo } from '../../src/cli/conformance/talk.ts'
import { formatVkey, parseVkey } from '../../src/proof/vkey.ts'
import { type NodeDocument, peerOf } from '../../src/wire/exchange/node-document.ts'
import { type Alter, type Passed, startAlteringProxy } from '../support/altering-proxy.ts'
import { withDatabase } from '../support/database.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { startWitness } from '../support/witness-server.ts'

async function failuresOf(alter: Alter): Promise<readonly string[]> {
  let failed: readonly string[] = []
  await withDatabase(async (url) => {
    const database = openDatabase(url, 4)
    await migrate(database)
    const actor = await makeActor(temporaryFolder(), { node: 'conformance.example', madeAt: now() })
    const logKey = parseVkey(nodePrimitives, actor.document.logKey)
    const witness = await startWitness(database, 'albion.example/witness', {
      keysOf: async (origin) => (origin === logKey.name ? [logKey] : undefined),
    })
    const proxy = await startAlteringProxy()
    proxy.target = new URL(witness.url).origin
    proxy.alter = alter
    try {
      // Its document matters for the keys of its witness alone.
      const document = {
        ...actor.document,
        witnessKey: formatVkey(witness.key),
        witnessKeyMlDsa44: (witness.moreKeys ?? []).map(formatVkey)[0],
      } as Verified<NodeDocument>
      const target = peerOf(document)
      const session = {
        ...{ actor, target, document, talk: talkTo(actor, target) },
        findPosition: async () => {},
        options: { freeze: false, witnessUrl: `${proxy.url}/witness` },
      } as unknown as Session
      const found = await runChecks(session, WITNESS_CHECKS)
      assert.deepEqual(
        found.filter(({ result }) => result === 'not tested'),
        [],
      )
      failed = found.flatMap((each) => (each.result === 'failed' ? [each.requirement] : []))
    } finally {
      await proxy.close()
      await witness.stop()
      await database.destroy()
    }
  })
  return failed
}

const onStatus =
  (status: number, change: Partial<Passed>): Alter =>
  (_, answer) =>
    answer.status === status ? { ...answer, ...change } : answer
const withoutLast = (body: Buffer) => Buffer.from(body.toString().replace(/[^\n]*\n$/, ''))
const onPath =
  (end: string, change: (answer: Passed) => Passed): Alter =>
  ({ path }, answer) =>
    path.endsWith(end) && answer.status === 200 ? change(answer) : answer
const typed =
  (type: string): Alter =>
  (_, answer) =>
    answer.status === 409 ? { ...answer, headers: ['content-type', type] } : answer

const broken: readonly [string, Alter, string][] = [
  [
    'cosigns with one of its two keys',
    onPath('add-checkpoint', (answer) => ({ ...answer, body: withoutLast(answer.body) })),
    'log/both-lines',
  ],
  [
    'serves the line of one of its two keys',
    onPath('/checkpoint', (answer) => ({ ...answer, body: withoutLast(answer.body) })),
    'log/both-lines',
  ],
  ['tells a wrong size', onStatus(409, { body: Buffer.from('0\n') }), 'log/witness-stores'],
  ['tells its size as any text', typed('text/plain'), 'log/witness-stores'],
  ['cosigns logs that nobody knows', onStatus(404, { status: 200 }), 'log/witness-order'],
  ['cosigns what another key signed', onStatus(403, { status: 200 }), 'log/witness-order'],
  ['cosigns what no proof leads to', onStatus(422, { status: 200 }), 'log/witness-order'],
  [
    'says of a larger old size that it conflicts',
    onStatus(400, { status: 409 }),
    'log/witness-order',
  ],
]

test('a witness that keeps to the rules breaks none', async () => {
  assert.deepEqual(await failuresOf((_, answer) => answer), [])
})

for (const [says, alter, requirement] of broken) {
  test(`a witness that ${says} is found out`, async () => {
    const failed = await failuresOf(alter)
    assert.ok(failed.includes(requirement), `${requirement} is not among ${failed}`)
  })
}
