/** The vectors of the exchange's requests, through `comity eval message`. */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { Value } from '@sinclair/typebox/value'
import type { Json } from '../../base/canonical-json.ts'
import { OPENING_ENGINES, openedLine } from './eval.ts'
import { EVAL_FORMS } from './forms.ts'

const FOLDER = new URL('../../../protocol/vectors/exchange-messages/', import.meta.url)
const engine = OPENING_ENGINES['message'] ?? assert.fail('no engine')
const output = EVAL_FORMS['message']?.output ?? assert.fail('no form')

type Said = { [member: string]: Json | Said | Said[] }
type Vector = { says: string; input: Said; expect: Said }

const read = (name: string): Vector => JSON.parse(readFileSync(new URL(name, FOLDER), 'utf8'))
const ask = async (line: unknown) => JSON.parse(await openedLine(engine, JSON.stringify(line)))

const names = readdirSync(FOLDER).filter((name) => name.endsWith('.json'))

test('there are many bad vectors for each good one', () => {
  const good = names.filter((name) => name.startsWith('valid-')).length
  assert.ok(good >= 6 && names.length >= 15 * good, `${names.length} vectors, ${good} good`)
})

for (const name of names) {
  const { says, input, expect } = read(name)
  test(`vector ${name}: ${says}`, async () => {
    const answer = await ask(input)
    assert.deepEqual([...Value.Errors(output, answer)], [])
    assert.deepEqual(onlyWhatIsIn(answer, expect), expect)
  })
}

test('a line that is no question gets an error, whatever the request is', async () => {
  const { input } = read('valid-first.json')
  const { request, now, ...rest } = input
  const cases: [string, object, string][] = [
    ['no request', { ...rest, now }, '/request'],
    ['no time', { ...rest, request }, '/now'],
    ['a day that is none', { ...input, now: '2027-02-30T00:00:00.000Z' }, 'now'],
    ['a member more', { ...input, more: 1 }, '/more'],
    ['no base64', { ...input, request: { ...(request as Said), body: '!' } }, 'request/body'],
    [
      'a peer twice',
      { ...input, peers: [...(input['peers'] as []), ...(input['peers'] as [])] },
      'peers/2',
    ],
  ]
  for (const [says, line, field] of cases) {
    const { error } = await ask(line)
    assert.deepEqual([error?.code, error?.field], ['malformed', field], says)
  }
})

test('a body above 1 MiB is refused before anything of it is read', async () => {
  const { input } = read('valid-first.json')
  const body = Buffer.alloc(1024 * 1024 + 1, 0x20).toString('base64')
  const answer = await ask({ ...input, request: { ...(input['request'] as Said), body } })
  assert.deepEqual([answer.status, answer.code, answer.signed], [413, 'size', false])
})

test('a peer is known by its pinned node document as well', async () => {
  const { input } = read('valid-first.json')
  const given = JSON.parse(
    readFileSync(new URL('../exchange/node-document.json', FOLDER), 'utf8'),
  ).document
  const answer = await ask({ ...input, peers: [{ document: given }] })
  assert.equal(answer.decision, 'accepted')
  const revocations = [
    { key: 'meridia.example/msg1', at: '2027-01-15T08:00:00.000Z', reason: 'lost' },
  ]
  const revoked = await ask({ ...input, peers: [{ document: { ...given, revocations } }] })
  assert.deepEqual([revoked.status, revoked.code], [401, 'key-revoked'])
})

/** Of the answer, the members that the vector speaks of; of its lists, each item in the same way. */
function onlyWhatIsIn(answer: Said, expect: Said): Said {
  return Object.fromEntries(
    Object.entries(expect).map(([member, wanted]) => {
      const said = answer[member]
      if (!Array.isArray(wanted) || !Array.isArray(said)) return [member, said as Json]
      const items = said.map((item, index) =>
        onlyWhatIsIn(item as Said, (wanted[index] ?? {}) as Said),
      )
      return [member, items]
    }),
  )
}
