/** `comity conformance` against a node as an administrator sets one up. */
import assert from 'node:assert/strict'
import { appendFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { nodePrimitives } from '../../src/adapters/node-primitives.ts'
import { readNodeDocument } from '../../src/adapters/peers/pinned-folder.ts'
import type { Verdict } from '../../src/cli/conformance/report.ts'
import { fingerprintOf } from '../../src/wire/exchange/node-fingerprint.ts'
import { comity, serve, setUpNode } from '../support/real-node.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const PEER = 'conformance.example'

test('a node of ours does what the specification says, and goes on after each run', async () => {
  const node = await setUpNode('meridia.example')
  const folder = join(temporaryFolder(), 'peer')
  const prepare = ['--prepare', '--folder', folder, '--node', PEER, '--exercise', 'training']
  const prepared = await comity(['conformance', ...prepare])
  assert.equal(prepared.code, 0, prepared.err)
  const file = join(folder, 'node.json')
  const { document } = readNodeDocument(file)
  const digits = fingerprintOf(nodePrimitives, document)
  assert.ok(prepared.out.includes(digits))
  appendFileSync(join(node.folder, 'policy.txt'), `\nlog ${document.logKey}\n`)
  const pinning = ['peer', 'add', file, '--config', node.config, '--fingerprint', digits]
  const pinned = await comity(pinning)
  assert.equal(pinned.code, 0, pinned.err)
  const serving = await serve(node.config)

  const url = `http://127.0.0.1:${node.port + 2}`
  const answer = await fetch(`${url}/.well-known/comity/node.json`)
  const target = ((await answer.json()) as { document: Parameters<typeof fingerprintOf>[1] })
    .document
  const fingerprint = fingerprintOf(nodePrimitives, target)
  const run = [url, '--folder', folder, '--fingerprint', fingerprint]

  const wrong = await comity(['conformance', url, '--folder', folder, '--fingerprint', digits])
  assert.equal(wrong.code, 3)
  assert.match(wrong.err, /another fingerprint/)

  const first = await comity(['conformance', ...run])
  assert.equal(first.code, 0, first.out + first.err)
  const again = await comity(['conformance', ...run, '--json', '--freeze'])
  assert.equal(again.code, 0, again.out + again.err)
  const { verdicts } = JSON.parse(again.out) as { verdicts: readonly Verdict[] }
  const untested = verdicts.filter(({ result, outside }) => result === 'not tested' && !outside)
  assert.deepEqual(
    untested.map(({ id }) => id),
    ['log/closed-logs'],
  )
  const passed = verdicts.filter(({ result }) => result === 'passed').length
  assert.ok(passed >= 40, `${passed} passed`)

  // What it froze stays so until people have looked.
  const frozen = await comity(['conformance', ...run])
  assert.equal(frozen.code, 1)
  assert.match(frozen.out, /channel-frozen/)
  assert.equal(serving.process.exitCode, null, readFileSync(node.config, 'utf8'))
})
