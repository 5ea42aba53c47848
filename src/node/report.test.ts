import assert from 'node:assert/strict'
import { afterEach, beforeEach, test } from 'node:test'
import { malformed, unavailable, unverified } from '../base/errors.ts'
import { type Facts, onReport, report, reportFault } from './report.ts'

const CANARY = 'canary-Iris-Quill'
let lines: string[] = []
const line = () => lines[0] ?? ''
const write = process.stderr.write

beforeEach(() => {
  lines = []
  process.stderr.write = ((text: string) => lines.push(String(text)) > 0) as typeof write
})
afterEach(() => {
  process.stderr.write = write
})

class DatabaseError extends Error {
  code = '23505'
  detail = `Key (name)=(${CANARY}) already exists.`
  where = CANARY
}

class Hostile extends Error {
  override name = CANARY
  override toString() {
    return CANARY
  }
  toJSON() {
    return { CANARY }
  }
}

const thrown: Readonly<Record<string, unknown>> = {
  'what somebody sent': malformed(`no such case: ${CANARY}`, { field: CANARY }),
  'what a peer sent': unverified(`bad ${CANARY}`, { reason: CANARY.toUpperCase() }),
  'an outage with a cause that quotes': unavailable('the database does not answer', {
    cause: new DatabaseError(`duplicate key: ${CANARY}`),
  }),
  'a library error': new DatabaseError(CANARY),
  'a name of its own': new Hostile('x'),
  'a syntax error that quotes': syntaxError(),
  'a message like a stack': new Error(`x\n    at f (file:///${CANARY}/src/node/report.ts:1:1)`),
  'a code that is a text': Object.assign(new Error('x'), { code: CANARY }),
  'a long chain': chain(20),
  'a text': CANARY,
  'an object': { message: CANARY },
  nothing: undefined,
}
for (const [name, error] of Object.entries(thrown)) {
  test(`nothing of it shows: ${name}`, () => {
    reportFault('http-fault', error, { peer: `${CANARY} <b>` })
    assert.equal(lines.length, 1)
    assert.ok(!line().includes(CANARY), line())
    const { kind, level, at } = JSON.parse(line())
    assert.deepEqual([kind, level, Number.isNaN(Date.parse(at))], ['http-fault', 'error', false])
  })
}

test('what an operator needs is there: class, code, our own words, the place', () => {
  const cause = Object.assign(new Error('connect 10.0.0.1'), { code: 'ECONNREFUSED' })
  reportFault('job-failed', unavailable('a peer does not answer', { cause }), { job: 'tidy' })
  const { fault, job } = JSON.parse(line())
  assert.equal(job, 'tidy')
  assert.equal(fault.says, 'a peer does not answer')
  assert.match(fault.where[0], /^src\/base\/errors\.ts:\d+$/)
  assert.equal(fault.cause.code, 'ECONNREFUSED')
  assert.equal(fault.cause.says, undefined)
})

test('facts are ids and counts; a text or a secret is withheld', () => {
  const facts: Facts = {
    peer: 'albion.example',
    seq: 7,
    reason: `told by ${CANARY}`,
    password: 'abc',
    line: 'a\nb',
  }
  report('exchange-alarm', facts)
  const { at, ...others } = JSON.parse(line())
  assert.deepEqual(others, {
    level: 'warn',
    kind: 'exchange-alarm',
    peer: 'albion.example',
    seq: 7,
    reason: '[withheld]',
    password: '[withheld]',
    line: '[withheld]',
  })
})

test('whoever listens hears each line until it stops', () => {
  const heard: string[] = []
  const stop = onReport((kind) => heard.push(kind))
  report('one')
  reportFault('two', new Error('x'))
  stop()
  report('three')
  assert.deepEqual(heard, ['one', 'two'])
})

function syntaxError(): unknown {
  try {
    return JSON.parse(`{"a": ${CANARY}}`)
  } catch (error) {
    return error
  }
}

function chain(length: number): Error {
  return new Error(CANARY, length === 0 ? {} : { cause: chain(length - 1) })
}
