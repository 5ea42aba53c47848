/**
 * Whatever comes in, the engines for proofs and messages answer one line of their form:
 * no line stops them, none is answered slowly, and none that was changed proves more.
 */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { Value } from '@sinclair/typebox/value'
import { changedText, mutatedLine } from '../../../test/support/mutated-lines.ts'
import {
  BODY,
  CHECKPOINT,
  ENTRY,
  FOO,
  LOG,
  NOTE,
  POLICY,
  PROOF,
  ROOT_257,
  WITNESS,
} from '../../../test/support/sample-notes.ts'
import { type SeededRandom, seededRandom } from '../../../test/support/seeded-random.ts'
import type { Json } from '../../base/canonical-json.ts'
import { ENGINES, OPENING_ENGINES, openedLine } from './eval.ts'
import { EngineError, EVAL_FORMS } from './forms.ts'

const INPUTS = 2_000
const SLOW_MS = 2_000
const VECTORS = new URL('../../../protocol/vectors/exchange-messages/', import.meta.url)

type Answer = { readonly [member: string]: Json }
type Kind = {
  readonly lines: readonly Json[]
  /** What an answer that is no error may say of a line whose proof was changed. */
  readonly says?: (answer: Answer) => void
}

const vkeys = [LOG, WITNESS, FOO]
const isHead = ({ origin, treeSize, rootHash }: Answer) =>
  assert.deepEqual([origin, treeSize, rootHash], ['authority.example/ledger', 257, ROOT_257])

const KINDS: Readonly<Record<string, Kind>> = {
  note: {
    lines: [
      { note: NOTE, vkeys },
      { note: CHECKPOINT, vkeys },
    ],
    says: ({ text }) => assert.ok([BODY, 'This is an example message.\n'].includes(String(text))),
  },
  checkpoint: { lines: [{ checkpoint: CHECKPOINT, vkeys }], says: isHead },
  cosignature: {
    lines: [{ checkpoint: CHECKPOINT, vkeys }],
    says: ({ cosignatures }) =>
      assert.ok((cosignatures as Answer[]).every(({ vkey }) => vkey === WITNESS)),
  },
  'tlog-proof': {
    lines: [{ proof: PROOF, policy: POLICY, entry: ENTRY }],
    says: (answer) => {
      isHead(answer)
      assert.equal(answer['index'], 256)
    },
  },
  message: {
    lines: readdirSync(VECTORS)
      .filter((name) => name.endsWith('.json'))
      .map((name) => JSON.parse(readFileSync(new URL(name, VECTORS), 'utf8')).input),
  },
}

const engineOf = (name: string) =>
  ENGINES[name] ?? OPENING_ENGINES[name] ?? assert.fail(`no engine ${name}`)

async function answerTo(name: string, line: Uint8Array): Promise<Answer> {
  const started = performance.now()
  const text = await openedLine(engineOf(name), line)
  const took = performance.now() - started
  assert.ok(took < SLOW_MS, `${took} ms`)
  assert.ok(!text.includes('\n'), 'an answer is one line')
  const answer = JSON.parse(text) as Answer
  assert.notEqual((answer['error'] as Answer | undefined)?.['code'], 'internal')
  const form = 'error' in answer ? EngineError : EVAL_FORMS[name]?.output
  assert.deepEqual([...Value.Errors(form ?? assert.fail(name), answer)], [])
  return answer
}

/** Names the input, so that it can be asked again. */
async function withInput(name: string, line: Uint8Array, run: () => Promise<void>): Promise<void> {
  try {
    await run()
  } catch (cause) {
    const shown = Buffer.from(line).toString().slice(0, 3000)
    throw new Error(`${name}: ${String((cause as Error).message)}\n${shown}`, { cause })
  }
}

for (const [name, { lines, says }] of Object.entries(KINDS)) {
  test(`${name}: ${INPUTS} changed lines are each answered in form`, async () => {
    const random = seededRandom(name.length * 7_919)
    let errors = 0
    for (let input = 0; input < INPUTS; input++) {
      const line = mutatedLine(random.pick(lines), random)
      await withInput(name, line, async () => {
        const answer = await answerTo(name, line)
        if ('error' in answer) errors += 1
      })
    }
    assert.ok(errors > INPUTS / 10 && errors < INPUTS, `${errors} errors`)
  })

  if (says) {
    test(`${name}: what is changed in the proof itself proves nothing else`, async () => {
      const random = seededRandom(name.length * 104_729)
      for (let input = 0; input < INPUTS; input++) {
        const line = Buffer.from(JSON.stringify(changedProof(random.pick(lines), random)))
        await withInput(name, line, async () => {
          const answer = await answerTo(name, line)
          if (!('error' in answer)) says(answer)
        })
      }
    })
  }
}

/** The keys and the policy, which a verifier trusts, stay. */
function changedProof(good: Json, random: SeededRandom): Json {
  const line = good as { readonly [member: string]: Json }
  const members = ['note', 'checkpoint', 'proof', 'entry'].filter((member) => member in line)
  const member = random.pick(members)
  return { ...line, [member]: changedText(String(line[member]), random) }
}

test('a request that is changed is taken only as the very request that it was', async () => {
  const random = seededRandom(4)
  const good = KINDS['message']?.lines as readonly { request: { [member: string]: Json } }[]
  for (let input = 0; input < INPUTS; input++) {
    const { request, ...state } = random.pick(good)
    const member = random.pick(['target', 'body', 'method'])
    const changed = { ...request, [member]: changedText(String(request[member]), random) }
    const line = Buffer.from(JSON.stringify({ ...state, request: changed }))
    await withInput('message', line, async () => {
      const { decision } = await answerTo('message', line)
      if (decision === 'accepted') assert.deepEqual(changed, request)
    })
  }
})

test('a fault of the engine is said on its line, and nothing of what was asked', async () => {
  const failing = (): Json => {
    throw new TypeError('cannot read the secret of AGE-SECRET-KEY-1')
  }
  const answer = JSON.parse(await openedLine(failing, '{}')) as Answer
  assert.deepEqual([...Value.Errors(EngineError, answer)], [])
  assert.equal((answer['error'] as Answer)['code'], 'internal')
  assert.ok(!JSON.stringify(answer).includes('SECRET'))
})

test('lines above the limits of their parts are refused without being worked on', async () => {
  const long = 'A'.repeat(12 * 1024 * 1024)
  const cases: [string, Json][] = [
    ['note', { note: `${long}\n\n${NOTE}`, vkeys }],
    ['checkpoint', { checkpoint: `${BODY}${'x\n'.repeat(5_000_000)}\n`, vkeys }],
    ['cosignature', { checkpoint: long, vkeys }],
    ['tlog-proof', { proof: PROOF, policy: long, entry: ENTRY }],
    ['tlog-proof', { proof: long, policy: POLICY, entry: ENTRY }],
    ['message', { ...(KINDS['message']?.lines[0] as object), now: long }],
  ]
  for (const [name, line] of cases) {
    const { error } = await answerTo(name, Buffer.from(JSON.stringify(line)))
    assert.equal((error as Answer)['code'], 'malformed', name)
  }
})

test('who reads the answers may stop after the first', async () => {
  const main = new URL('../main.ts', import.meta.url).pathname
  const child = spawn(process.execPath, [main, 'eval', 'note'], { stdio: 'pipe' })
  let said = ''
  child.stderr.on('data', (chunk) => {
    said += chunk
  })
  // It has stopped reading its lines, too.
  child.stdin.on('error', () => {})
  child.stdout.once('data', () => child.stdout.destroy())
  child.stdin.end('{}\n'.repeat(200_000))
  const [code] = await once(child, 'close')
  assert.deepEqual([code, said], [1, ''])
})
