import assert from 'node:assert/strict'
import { test } from 'node:test'
import { comityError } from '../../test/support/merkle.ts'
import { mlDsaSigner, testSigner } from '../../test/support/test-log.ts'
import { nodePrimitives } from '../adapters/node-primitives.ts'
import { concatBytes, utf8 } from '../base/bytes.ts'
import { countedTwice, isQuorum, otherKeysOf, parsePolicy } from './policy.ts'
import { formatVkey, KEY_TYPE, noteKey } from './vkey.ts'

const keys = Array.from(
  { length: 6 },
  (_, i) => testSigner(`w${i}.example`, KEY_TYPE.cosignature, new Uint8Array(32).fill(i + 1)).key,
)
const vkey = (index: number) => formatVkey(keys[index] as (typeof keys)[number])
const log = formatVkey(testSigner('log.example', KEY_TYPE.ed25519, new Uint8Array(32)).key)

const parse = (text: string) => parsePolicy(nodePrimitives, utf8(text))

const WITNESSES = [0, 1, 2, 3].map((i) => `witness w${i} ${vkey(i)}\n`).join('')
const CROSS_BORDER = `
# which authorities must have seen a checkpoint
log ${log} https://log.example/ledger
${WITNESSES}
group EU any w0 w1
\tgroup outside \t 2 w2 w3
group both all EU outside
quorum both
`

test('a quorum is reached exactly by the sets that the groups describe', () => {
  const policy = parse(CROSS_BORDER)
  assert.equal(policy.logs[0]?.url, 'https://log.example/ledger')
  for (let set = 0; set < 16; set++) {
    const chosen = [0, 1, 2, 3].filter((i) => (set >> i) % 2 === 1)
    const cosigners = policy.witnesses.filter((_, i) => chosen.includes(i)).map(({ key }) => key)
    const expected = (set & 3) > 0 && set >> 2 === 3
    assert.equal(isQuorum(policy, cosigners), expected, chosen.join())
    assert.equal(isQuorum(policy, [...cosigners, ...cosigners]), expected, 'twice counts once')
  }
})

test('quorum none needs nobody; a single witness is a quorum of one', () => {
  assert.equal(isQuorum(parse('quorum none'), []), true)
  const one = parse(`witness a ${vkey(0)}\nquorum a\n`)
  assert.equal(isQuorum(one, []), false)
  assert.equal(isQuorum(one, [one.witnesses[0]?.key as (typeof keys)[number]]), true)
})

test('names are octets: a Kelvin sign is no K', () => {
  const kelvin = `witness K ${vkey(0)}\nwitness \u212a ${vkey(1)}\ngroup g all K \u212a\nquorum g\n`
  assert.equal(parse(kelvin).witnesses.length, 2)
  const opaque = concatBytes(
    utf8('witness '),
    Uint8Array.of(0xff),
    utf8(` ${vkey(0)}\nquorum none\n`),
  )
  assert.equal(parsePolicy(nodePrimitives, opaque).witnesses.length, 1)
})

test('key names may use any alphabet, and post-quantum witnesses are listed', () => {
  const greek = noteKey(nodePrimitives, 'ἅπαξ', KEY_TYPE.cosignature, new Uint8Array(32))
  const large = noteKey(nodePrimitives, 'q', KEY_TYPE.mlDsa44Cosignature, new Uint8Array(1312))
  const text = `witness a ${formatVkey(greek)}\nwitness b ${formatVkey(large)}\nquorum b\n`
  assert.deepEqual(
    parse(text).witnesses.map(({ key }) => key.name),
    ['ἅπαξ', 'q'],
  )
})

test('a policy of a wrong form is refused, with its line', () => {
  const renamed = noteKey(
    nodePrimitives,
    'x.example',
    KEY_TYPE.cosignature,
    (keys[0] as (typeof keys)[number]).publicKey,
  )
  const logKeyAgain = formatVkey({ ...parse(`log ${log}\nquorum none`).logs[0]!.key })
  const forms: [string, string][] = [
    ['', 'quorum'],
    [`${WITNESSES}`, 'quorum'],
    ['quorum none\nquorum none\n', 'line 2'],
    ['quorum a\n', 'line 1'],
    [`quorum w0\n${WITNESSES}`, 'line 1'],
    ['quorum\n', 'line 1'],
    ['quorum none none\n', 'line 1'],
    ['Quorum none\n', 'line 1'],
    ['quorum\u00a0none\n', 'line 1'],
    [`log ${vkey(0)}\nquorum none\n`, 'line 1'],
    [`witness a ${log}\nquorum none\n`, 'line 1'],
    [`log ${log}\nlog ${logKeyAgain}\nquorum none\n`, 'line 2'],
    [`witness a ${vkey(0)}\nwitness a ${vkey(1)}\nquorum none\n`, 'line 2'],
    [`witness a ${vkey(0)}\nwitness b ${vkey(0)}\nquorum none\n`, 'line 2'],
    [`witness a ${vkey(0)}\nwitness b ${formatVkey(renamed)}\nquorum none\n`, 'line 2'],
    [`witness none ${vkey(0)}\nquorum none\n`, 'line 1'],
    [`witness a\nquorum none\n`, 'line 1'],
    [`witness a ${vkey(0)} url more\nquorum none\n`, 'line 1'],
    [`witness a ${vkey(0)}#comment\nquorum none\n`, 'line 1'],
    [`${WITNESSES}group g 0 w0\nquorum g\n`, 'line 5'],
    [`${WITNESSES}group g 3 w0 w1\nquorum g\n`, 'line 5'],
    [`${WITNESSES}group g 01 w0 w1\nquorum g\n`, 'line 5'],
    [`${WITNESSES}group g most w0 w1\nquorum g\n`, 'line 5'],
    [`${WITNESSES}group g any\nquorum g\n`, 'line 5'],
    [`${WITNESSES}group g any w9\nquorum g\n`, 'line 5'],
    [`${WITNESSES}group g any g\nquorum g\n`, 'line 5'],
    [`${WITNESSES}group g any none\nquorum g\n`, 'line 5'],
    [`${WITNESSES}group g any w0 w0\nquorum g\n`, 'line 5'],
    [`${WITNESSES}group w0 any w1\nquorum w0\n`, 'line 5'],
    [`${WITNESSES}group g any w0\ngroup h any w0\nquorum h\n`, 'line 6'],
  ]
  for (const [text, field] of forms) {
    assert.throws(
      () => parse(text),
      (error: { code?: string; field?: string }) =>
        error.code === 'malformed' && error.field === field,
      text,
    )
  }
  for (const text of [
    'quorum none\r\n',
    'quorum\u000bnone\n',
    'quorum none\u0000\n',
    '\u007f\nquorum none',
  ]) {
    assert.throws(() => parse(text), comityError('malformed'))
  }
})

test('two keys of one witness are said to count twice where they could, and nowhere else', () => {
  const second = formatVkey(mlDsaSigner('w0.example', new Uint8Array(32).fill(9)).key)
  const policy = (groups: string) =>
    parse(`log ${log}\n${WITNESSES}witness w0-pq ${second}\n${groups}\n`)
  const twice: readonly string[] = [
    'group g 2 w0 w0-pq w1\nquorum g',
    'group g 2 w0 w1 w2\ngroup h 2 g w0-pq w3\nquorum h',
    'group a all w0 w1\ngroup g 2 a w0-pq w2\ngroup h all g w3\nquorum h',
  ]
  for (const groups of twice) assert.deepEqual(countedTwice(policy(groups)), ['w0.example'], groups)
  const once: readonly string[] = [
    'group w0-any any w0 w0-pq\ngroup g 2 w0-any w1 w2\nquorum g',
    'group w0-all all w0 w0-pq\ngroup g 2 w0-all w1 w2\nquorum g',
    'group g all w0 w0-pq w1\nquorum g',
    'group g any w0 w0-pq w1\nquorum g',
    'group g 2 w0 w1 w2\nquorum g',
    'quorum none',
  ]
  for (const groups of once) assert.deepEqual(countedTwice(policy(groups)), [], groups)
  const found = policy('quorum none')
  const [first] = found.witnesses
  const others = first && otherKeysOf(found, first.key)
  assert.deepEqual(others?.map(formatVkey), [second])
})

test('groups are nested 64 deep at most: a quorum is asked without end of the stack', () => {
  const nested = (depth: number) => [
    `witness g0 ${vkey(0)}`,
    ...Array.from({ length: depth }, (_, i) => `group g${i + 1} all g${i}`),
    `quorum g${depth}`,
  ]
  const policy = (depth: number) => parse(nested(depth).join('\n'))
  assert.ok(isQuorum(policy(64), keys.slice(0, 1)))
  for (const depth of [65, 12_000]) assert.throws(() => policy(depth), { code: 'malformed' })
})
