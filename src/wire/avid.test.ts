import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { corpusLines } from '../../test/support/corpus.ts'
import { utf8 } from '../base/bytes.ts'
import type { Json } from '../base/canonical-json.ts'
import { AVID_SIZE_MAX_BYTES, lostMembers, parseAvidText, readAvid, writeAvid } from './avid.ts'

// biome-ignore lint/suspicious/noExplicitAny: tests break records on purpose
type Any = any

const sample: Any = {
  data_type: 'AVID',
  data_version: '0.3.3',
  metadata: { report_id: 'AVID-2026-R9001' },
  affects: {
    developer: ['Larkspur Dialogue Ltd (invented)'],
    deployer: [],
    artifacts: [{ type: 'System', name: 'Larkspur Companion' }],
  },
  problemtype: {
    classof: 'Third-party Report',
    type: 'Issue',
    description: { lang: 'eng', value: 'Advice against prescribed medicine' },
  },
  metrics: [
    { name: '', detection_method: { type: 'Static Threshold', name: 'Count failed' }, results: {} },
    { scorer: 'choice', metrics: 'accuracy', value: 0.9040760869565218 },
  ],
  references: [{ label: 'product', url: 'https://larkspur.example/' }],
  description: { lang: 'eng', value: 'It told a person to stop. ' },
  impact: {
    avid: {
      vuln_id: '',
      risk_domain: ['Ethics'],
      sep_view: ['E0100: Bias/Discrimination'],
      lifecycle_view: [],
      taxonomy_version: '',
    },
    atlas: [{ tactic: 'AML.TA0011', technique: 'AML.T0048', description: 'external harm' }],
    cvss: {
      version: '3.1',
      vectorString: 'CVSS:3.1/AV:N',
      baseScore: 9.1,
      baseSeverity: 'CRITICAL',
      attackVector: 'NETWORK',
      scope: 'CHANGED',
    },
    cwe: [{ cweId: 'CWE-20', description: 'Improper input validation', lang: 'en' }],
    odin: {
      SocialImpactScore: 'Level 1: Minimal Risk',
      JailbreakTaxonomy: [{ Category: 'Language', Strategy: 'Stylizing', Technique: 'Personas' }],
    },
  },
  credit: [{ lang: 'eng', value: 'A. Tester' }],
  reported_date: '2026-11-22',
}

/** As through a database: the report as text, nothing of the record left. */
function rebuilt(record: Json): Json {
  return writeAvid(JSON.parse(JSON.stringify(readAvid(record))))
}

function changed(change: (record: Any) => void): Any {
  const record = structuredClone(sample)
  change(record)
  return record
}

describe('a record is rebuilt as it was', () => {
  test('with its usual order of members', () => {
    assert.equal(JSON.stringify(rebuilt(sample)), JSON.stringify(sample))
    assert.deepEqual(lostMembers(sample, rebuilt(sample)), [])
  })

  test('a vulnerability with its links', () => {
    const record = changed((r) => {
      r.metadata = { vuln_id: 'AVID-2026-V901' }
      r.reports = [{ report_id: 'AVID-2026-R9001', type: 'Issue', name: '' }]
      r.published_date = '2026-11-22'
      r.last_modified_date = '2026-11-23'
    })
    assert.deepEqual(rebuilt(record), record)
    assert.equal(readAvid(record).kind, 'vulnerability')
  })

  for (const member of ['metrics', 'references', 'impact', 'credit', 'reported_date', 'reports']) {
    test(`with ${member} null, absent or empty`, () => {
      const isText = member === 'reported_date'
      const empty = isText ? '' : member === 'impact' ? {} : []
      for (const value of [null, empty, undefined]) {
        const record = changed((r) => {
          if (value === undefined) delete r[member]
          else r[member] = value
        })
        assert.deepEqual(rebuilt(record), record)
        assert.equal(member in (rebuilt(record) as object), value !== undefined)
      }
    })
  }

  test('with members that AVID does not know, wherever they are', () => {
    const record = changed((r) => {
      r['a/b~c'] = { deep: [null, 1, { x: '' }] }
      r[''] = 0
      r.affects.artifacts[0].version = '2'
      r.impact.avid.toString = null
      r.impact.odin.JailbreakTaxonomy[0].note = []
      r.impact.novel = {}
    })
    assert.deepEqual(rebuilt(record), record)
    assert.equal(readAvid(record).extensions.length, 6)
  })

  test('with any members anywhere', () => {
    const key = fc.string().filter((name) => !/^(__proto__|constructor|prototype)$/.test(name))
    const value = fc.jsonValue({ maxDepth: 3 }).map((json) => JSON.parse(JSON.stringify(json)))
    const place = fc.constantFrom<(r: Any) => Any>(
      (r) => r,
      (r) => r.metadata,
      (r) => r.affects,
      (r) => r.affects.artifacts[0],
      (r) => r.problemtype,
      (r) => r.problemtype.description,
      (r) => r.metrics[1],
      (r) => r.references[0],
      (r) => r.impact,
      (r) => r.impact.avid,
      (r) => r.impact.cvss,
      (r) => r.impact.cwe[0],
      (r) => r.impact.odin,
      (r) => r.credit[0],
    )
    const addition = fc.tuple(place, key, value)
    fc.assert(
      fc.property(fc.array(addition, { maxLength: 5 }), (additions) => {
        const record = changed((r) => {
          for (const [at, name, extra] of additions) {
            const parent = at(r)
            if (!Object.hasOwn(parent, name) && hasNoMeaning(name)) parent[name] = extra
          }
        })
        const before = JSON.stringify(record)
        if (holdsForbidden(before)) return
        assert.deepEqual(rebuilt(record), JSON.parse(before))
        assert.deepEqual(lostMembers(record, rebuilt(record)), [])
      }),
      { numRuns: 300 },
    )
  })

  const lines = [
    ...(corpusLines('avid/reports.jsonl') ?? []),
    ...(corpusLines('avid/vulnerabilities.jsonl') ?? []),
  ]
  test('all published records', {
    skip: lines.length === 0 && 'COMITY_CORPUS is not set',
  }, () => {
    for (const line of lines) {
      const record = JSON.parse(line)
      const report = parseAvidText(utf8(line))
      const again = writeAvid(JSON.parse(JSON.stringify(report)))
      assert.deepEqual(again, record)
      assert.deepEqual(report.extensions, [])
      const isUsual = Object.keys(record)[1] === 'data_version'
      if (isUsual) assert.equal(JSON.stringify(again), JSON.stringify(record))
    }
  })
})

describe('values outside the format', () => {
  test('are kept and remarked on', () => {
    const record = changed((r) => {
      r.problemtype.classof = ''
      r.affects.artifacts[0].type = 'Robot'
      r.reported_date = '2026-02-30'
    })
    assert.deepEqual(readAvid(record).remarks, [
      { pointer: '/affects/artifacts/0/type', remark: 'outsideEnumeration' },
      { pointer: '/problemtype/classof', remark: 'outsideEnumeration' },
      { pointer: '/reported_date', remark: 'notACalendarDate' },
    ])
    assert.deepEqual(rebuilt(record), record)
    assert.deepEqual(readAvid(sample).remarks, [])
  })
})

describe('what is no record is malformed, with the place and the reason', () => {
  const deep = (levels: number): Json => (levels === 0 ? 1 : [deep(levels - 1)])
  const bad: readonly [string, Any, string, string][] = [
    ['null', null, '', 'wrong-type'],
    ['a list', [sample], '', 'wrong-type'],
    ['a text', 'AVID', '', 'wrong-type'],
    ['nothing in it', {}, '/data_type', 'missing'],
    ['another type', changed((r) => (r.data_type = 'CVE')), '/data_type', 'wrong-form'],
    ['version 9', changed((r) => (r.data_version = '9.0')), '/data_version', 'wrong-form'],
    ['a number as version', changed((r) => (r.data_version = 0.3)), '/data_version', 'wrong-type'],
    ['no id', changed((r) => (r.metadata = {})), '/metadata', 'missing'],
    [
      'an empty id',
      changed((r) => (r.metadata.report_id = '')),
      '/metadata/report_id',
      'wrong-form',
    ],
    [
      'a path as id',
      changed((r) => (r.metadata.report_id = '../../etc/passwd')),
      '/metadata/report_id',
      'wrong-form',
    ],
    ['no affects', changed((r) => delete r.affects), '/affects', 'missing'],
    ['a null description', changed((r) => (r.description = null)), '/description', 'missing'],
    [
      'a text as description',
      changed((r) => (r.description = 'text')),
      '/description',
      'wrong-type',
    ],
    [
      'a number in developers',
      changed((r) => r.affects.developer.push(7)),
      '/affects/developer/1',
      'wrong-type',
    ],
    [
      'an object as developers',
      changed((r) => (r.affects.developer = { 0: 'x', length: 1 })),
      '/affects/developer',
      'wrong-type',
    ],
    [
      'an artifact without a name',
      changed((r) => delete r.affects.artifacts[0].name),
      '/affects/artifacts/0/name',
      'missing',
    ],
    [
      'a score as text',
      changed((r) => (r.impact.cvss.baseScore = '9.1')),
      '/impact/cvss/baseScore',
      'wrong-type',
    ],
    ['a list as impact', changed((r) => (r.impact = [])), '/impact', 'wrong-type'],
    ['a date as number', changed((r) => (r.reported_date = 2026)), '/reported_date', 'wrong-type'],
    [
      'an infinite score',
      changed((r) => (r.metrics[1].value = Number.POSITIVE_INFINITY)),
      '/metrics/1/value',
      'not-finite',
    ],
    [
      'too much text',
      changed((r) => (r.description.value = 'x'.repeat(AVID_SIZE_MAX_BYTES))),
      '',
      'too-large',
    ],
    ['deep nesting', changed((r) => (r.metrics[0].results = deep(40))), '', 'too-deep'],
    [
      'a prototype key',
      changed((r) => (r.impact.avid = JSON.parse('{"__proto__":{"isAdmin":true}}'))),
      '/impact/avid/__proto__',
      'forbidden-key',
    ],
    ['a constructor key', changed((r) => (r.constructor = 1)), '/constructor', 'forbidden-key'],
  ]
  for (const [name, record, field, reason] of bad) {
    test(name, () => {
      assert.throws(
        () => readAvid(record),
        (error: Any) => {
          assert.equal(error.code, 'malformed')
          assert.equal(error.reason, reason)
          if (reason !== 'too-deep') assert.equal(error.field, field)
          return true
        },
      )
    })
  }

  test('nothing of a refused record reaches the prototypes', () => {
    const record = JSON.parse(
      JSON.stringify(sample).replace('"impact":{', '"impact":{"__proto__":{"polluted":1},'),
    )
    assert.throws(() => readAvid(record), { reason: 'forbidden-key' })
    assert.equal(({} as Any).polluted, undefined)
  })
})

describe('bytes from outside', () => {
  const textOf = (record: Json) => JSON.stringify(record)
  const doubled = textOf(sample).replace('"lang":"eng"', '"lang":"eng","l\\u0061ng":"deu"')
  const bad: readonly [string, Uint8Array, string][] = [
    ['nothing', utf8(''), 'not-json'],
    ['cut off', utf8(textOf(sample).slice(0, -1)), 'not-json'],
    ['two records', utf8(textOf(sample).repeat(2)), 'not-json'],
    ['a byte order mark', utf8(`\uFEFF${textOf(sample)}`), 'wrong-charset'],
    ['UTF-16', new Uint8Array(Buffer.from(textOf(sample), 'utf16le')), 'wrong-charset'],
    ['Latin-1', new Uint8Array(Buffer.from('{"data_type":"AVID é"}', 'latin1')), 'wrong-charset'],
    ['a member twice, once escaped', utf8(doubled), 'duplicate-member'],
    ['too many bytes', new Uint8Array(AVID_SIZE_MAX_BYTES + 1), 'too-large'],
    ['a hundred thousand brackets', utf8('['.repeat(100_000)), 'not-json'],
    [
      'nesting as deep as fits',
      utf8(`{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`),
      'too-deep',
    ],
    ['a number out of range', utf8(textOf(sample).replace('9.1', '1e999')), 'not-finite'],
  ]
  for (const [name, bytes, reason] of bad) {
    test(`${name}: ${reason}`, () => {
      assert.throws(() => parseAvidText(bytes), { code: 'malformed', reason })
    })
  }

  test('a doubled member is named by its pointer', () => {
    const text = textOf(sample).replace('"name":"Larkspur', '"name":"x","name":"Larkspur')
    assert.throws(() => parseAvidText(utf8(text)), { field: '/affects/artifacts/0/name' })
  })

  test('the same name in different objects, or as a value, is no double', () => {
    const record = changed((r) => {
      r.description.value = '"lang": { "lang", [ "value": \\"'
      r.extra = [{ a: 1 }, { a: 1 }, 'a', 'a']
    })
    assert.deepEqual(writeAvid(parseAvidText(utf8(textOf(record)))), record)
  })
})

test('what is missing, other or new is listed by its place', () => {
  const other = changed((r) => {
    delete r.credit
    r.impact.cvss.baseScore = 1
    r.affects.deployer = ['new']
    r.references = null
  })
  assert.deepEqual([...lostMembers(sample, other)].sort(), [
    '/affects/deployer/0',
    '/credit',
    '/impact/cvss/baseScore',
    '/references',
  ])
})

/** A name that some part of the format gives a meaning, and so a type, to. */
function hasNoMeaning(name: string): boolean {
  return (
    !JSON.stringify(sample).includes(`"${name}":`) &&
    !/^(features|reports|published_date|last_modified_date|type)$/.test(name)
  )
}

function holdsForbidden(text: string): boolean {
  return /"(__proto__|constructor|prototype)":/.test(text)
}
