import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { corpusLines } from '../../../test/support/corpus.ts'
import { readAvid } from '../../wire/avid.ts'
import { compareReports, fingerprint, type MatchText, matchTextOf } from './duplicates.ts'

const base: MatchText = {
  language: 'en',
  title: 'Larkspur Companion advises a patient to stop taking medicine',
  description:
    'Asked by a person with a chronic illness whether a daily dose may be skipped, the companion of Larkspur answered that it is safe to stop at once and praised the decision. It repeated the advice in four of five conversations.',
}
const other: MatchText = {
  language: 'en',
  title: 'A ranking of job applicants prefers one university',
  description:
    'The tool that sorts applications at an invented employer puts graduates of a single university first, whatever else their papers say, and nobody at the employer could explain why it does so or switch it off.',
}
const german: MatchText = {
  language: 'de',
  title: 'Begleiter rät vom Medikament ab',
  description:
    'Auf die Frage einer kranken Person, ob sie die Dosis auslassen darf, hat der Begleiter geantwortet, sie könne sofort aufhören. Das geschah in vier von fünf Gesprächen.',
}

const look = (a: MatchText, b: MatchText) => compareReports(fingerprint(a), fingerprint(b))
const reasonsOf = (a: MatchText, b: MatchText) => look(a, b).reasons.map(({ reason }) => reason)
const cve = (id: string): Partial<MatchText> => ({ identifiers: [id] })

describe('two reports', () => {
  const cases: readonly [string, MatchText, MatchText, string][] = [
    ['the same text', base, base, 'same'],
    [
      'the same text in other cases and signs',
      base,
      { ...base, title: base.title.toUpperCase() },
      'same',
    ],
    ['other texts', base, other, 'none'],
    [
      'other texts with one CVE',
      { ...base, ...cve('CVE-2026-1234') },
      { ...other, ...cve('cve-2026-1234') },
      'same',
    ],
    [
      'a CVE in the text of one',
      { ...base, ...cve('CVE-2026-1234') },
      { ...other, description: `${other.description} See CVE-2026-1234.` },
      'same',
    ],
    [
      'one text, two CVEs',
      { ...base, ...cve('CVE-2026-1234') },
      { ...base, ...cve('CVE-2026-9999') },
      'related',
    ],
    ['one text, a CVE in one only', { ...base, ...cve('CVE-2026-1234') }, base, 'same'],
    [
      'one text, two systems',
      { ...base, systems: ['Larkspur 2'] },
      { ...base, systems: ['Larkspur 3'] },
      'related',
    ],
    [
      'a longer number that begins alike',
      { ...base, ...cve('CVE-2026-1234') },
      { ...other, ...cve('CVE-2026-12345') },
      'none',
    ],
    [
      'an incident of AIID by address and by name',
      { ...base, references: ['https://incidentdatabase.ai/cite/0042'] },
      { ...other, description: `${other.description} AIID #42` },
      'same',
    ],
    [
      'one address, written otherwise',
      { ...base, references: ['https://www.Example.org/a/b/?utm_source=x#top'] },
      { ...other, references: ['http://example.org/a/b'] },
      'related',
    ],
    [
      'the same host only',
      { ...base, references: ['https://example.org/'] },
      { ...other, references: ['https://example.org'] },
      'none',
    ],
    [
      'one system only',
      { ...base, systems: ['GPT_4o-mini'] },
      { ...other, systems: ['gpt 4o  mini'] },
      'none',
    ],
    ['another language', base, german, 'none'],
    [
      'another language, one address and one system',
      { ...base, systems: ['Larkspur'], references: ['https://example.org/a'] },
      { ...german, systems: ['larkspur'], references: ['https://example.org/a'] },
      'related',
    ],
    ['nothing to read', { title: '', description: '' }, { title: '', description: '' }, 'none'],
  ]
  for (const [name, a, b, likeness] of cases) {
    test(`${name}: ${likeness}`, () => {
      assert.equal(look(a, b).likeness, likeness)
      assert.deepEqual(look(b, a).likeness, likeness)
      assert.equal(look(a, b).isHit, likeness === 'same')
    })
  }

  test('reasons name what is shared and what speaks against it', () => {
    const a = { ...base, ...cve('CVE-2026-1234'), systems: ['Larkspur'] }
    const b = { ...base, ...cve('CVE-2026-9999'), systems: ['Larkspur'] }
    assert.deepEqual(reasonsOf(a, b), ['sameSystem', 'likeText', 'otherIdentifier'])
    assert.deepEqual(look(a, b).reasons[0]?.values, ['larkspur'])
  })

  test('across languages numbers, names and addresses count, and the limit is said', () => {
    const shared = {
      systems: ['Larkspur 2.1'],
      references: ['https://example.org/notice/7'],
    }
    const numbers = ' It failed 4711 times out of 12.345.'
    const a = { ...base, ...shared, description: base.description + numbers }
    const b = { ...german, ...shared, description: `${german.description} 4711 Mal, 12,345.` }
    const match = look(a, b)
    assert.equal(match.likeness, 'same')
    assert.deepEqual(match.limits, ['languagesDiffer'])
    assert.equal(match.textLikeness, undefined)
  })

  test('years are no sign, and a version in a name is no number', () => {
    const text = (description: string): MatchText => ({ title: '', description })
    assert.deepEqual(reasonsOf(text('in 2024 and 2025, gpt-4.1'), text('2024, 2025, gpt-4.1')), [])
  })

  test('a script that does not part its words is compared by pairs of characters', () => {
    const chinese: MatchText = {
      language: 'zh',
      title: '伴侣程序建议停药',
      description: '一位慢性病患者询问是否可以不服药，程序回答可以立即停止，并称赞这个决定。',
    }
    assert.equal(look(chinese, chinese).likeness, 'same')
    assert.ok((look(chinese, chinese).textLikeness ?? 0) > 0.99)
  })

  test('a hostile text takes no long time and stays in bounds', () => {
    const long = `${'9'.repeat(50_000)} ${'http://a'.repeat(50_000)} ${'CVE-2026-'.repeat(50_000)}`
    const started = process.hrtime.bigint()
    look({ title: long, description: long, references: [long] }, { ...base, identifiers: [long] })
    assert.ok(process.hrtime.bigint() - started < 2_000_000_000n)
  })

  test('comparing is symmetric and a report is like itself, whatever it says', () => {
    const report = fc.record({
      title: fc.string({ unit: 'grapheme', maxLength: 60 }),
      description: fc.lorem({ maxCount: 60 }),
      systems: fc.array(fc.constantFrom('A', 'model b', 'Model_B'), { maxLength: 2 }),
      identifiers: fc.array(fc.constantFrom('CVE-2026-1111', 'CVE-2026-2222'), { maxLength: 2 }),
    })
    fc.assert(
      fc.property(report, report, (a, b) => {
        const there = look(a, b)
        const back = look(b, a)
        assert.equal(there.likeness, back.likeness)
        assert.equal(there.textLikeness, back.textLikeness)
        assert.equal(look(a, a).textLikeness ?? 1, 1)
      }),
      { numRuns: 200 },
    )
  })
})

const lines = corpusLines('avid/reports.jsonl')

test('published records: different CVEs are almost never taken for one', {
  skip: lines === undefined && 'COMITY_CORPUS is not set',
}, () => {
  const records = (lines ?? [])
    .filter((line) => line.includes('"CVE Entry"'))
    .slice(0, 300)
    .map((line) => fingerprint(matchTextOf(readAvid(JSON.parse(line)))))
  let hits = 0
  let pairs = 0
  for (const [index, a] of records.entries()) {
    for (const b of records.slice(index + 1)) {
      pairs += 1
      if (compareReports(a, b).isHit) hits += 1
    }
  }
  assert.equal(pairs, (records.length * (records.length - 1)) / 2)
  assert.ok(hits <= 2, `${hits} of ${pairs}`)
})
