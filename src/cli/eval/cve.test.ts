import assert from 'node:assert/strict'
import { test } from 'node:test'
import { answerLine, ENGINES } from './eval.ts'

const engine = ENGINES['cve']
assert.ok(engine)
const sample = {
  publisher: { name: 'Meridia (fictional)', namespace: 'https://meridia.example' },
  trackingId: 'MERIDIA-2026-0001',
  title: 'Unsafe advice',
  published: true,
  versions: [{ number: '1', date: '2026-11-22T09:00:00.000Z', summary: 'First version.' }],
  notes: [{ category: 'summary', title: 'Summary', text: 'It tells people to stop.' }],
  products: [{ vendor: 'Larkspur (invented)', name: 'Companion', standing: 'known_affected' }],
  address: 'https://meridia.example/en/advisories/MERIDIA-2026-0001',
}
const ask = (change: object) =>
  JSON.parse(answerLine(engine, JSON.stringify({ case: { ...sample, ...change } })))

test('a published case is drafted, and what CVE has no room for is listed', () => {
  const { decision, draft, notCarried } = ask({
    severity: 'high',
    terms: ['trait:probabilistic', 'lifecycle:deployment'],
    weaknesses: [{ cwe: 'CWE-1427', text: 'Prompt injection' }],
    cvss4: 'CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N',
  })
  assert.equal(decision, 'permit')
  assert.equal(draft.cnaContainer.metrics[0].cvssV4_0.baseScore, 9.3)
  assert.equal(draft.cnaContainer.problemTypes[0].descriptions[0].cweId, 'CWE-1427')
  assert.deepEqual(notCarried, [
    { pointer: '/severity', why: 'noPlace' },
    { pointer: '/terms/0', why: 'noPlace' },
    { pointer: '/terms/1', why: 'noPlace' },
  ])
})

const refused: readonly (readonly [object, string, string])[] = [
  [{ embargo: 'active' }, 'underEmbargo', 'disclosure:embargoFirst'],
  [{ embargo: 'revise' }, 'underEmbargo', 'disclosure:embargoFirst'],
  [{ published: false }, 'notPublished', 'csaf:published'],
  [{ tlp: 'GREEN' }, 'contentMayNotLeave', 'csaf:clearOnly'],
  [{ cve: 'CVE-2026-12345' }, 'notForCve', 'cve:noIdYet'],
  [{ lang: 'de' }, 'notForCve', 'cve:english'],
  [{ address: null }, 'notForCve', 'cve:reference'],
  [{ address: 'javascript:alert(1)' }, 'notForCve', 'cve:reference'],
  [{ products: [] }, 'notForCve', 'cve:affected'],
]
for (const [change, why, rule] of refused) {
  test(`a case with ${JSON.stringify(change)} is refused by ${rule}`, () => {
    const answer = ask(change)
    assert.deepEqual([answer.decision, answer.why], ['refuse', why])
    assert.equal(answer.because[0].rule, rule)
  })
}

for (const [change, field] of [
  [{ weaknesses: [{ cwe: 'CWE-0', text: 'x' }] }, /^case\/weaknesses\/0/],
  [{ cvss4: 'CVSS:4.0/AV:L' }, /^case\/cvss4$/],
  [{ cvss4: 'AV:N' }, /^case\/cvss4$/],
  [{ versions: [] }, /^case\/versions$/],
  [{ terms: ['Trait'] }, /^case\/terms\/0$/],
  [{ cveId: 'CVE-2026-1' }, /^case\/cveId$/],
] as const) {
  test(`a question with ${JSON.stringify(change)} is an error that names the member`, () => {
    const { error } = ask(change)
    assert.equal(error.code, 'malformed')
    assert.match(error.field, field)
  })
}
