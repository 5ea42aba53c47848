import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { cvss4Fault, scoreCvss4, severityOf } from './cvss4.ts'

const BASE = 'CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N'

/** Worked examples of FIRST's "CVSS v4.0 Examples", and the ends of the scale. */
const SCORES: readonly [string, string, number, string, string][] = [
  [
    'CVE-2022-41741',
    `CVSS:4.0/AV:L/AC:L/AT:P/PR:L/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N`,
    7.3,
    'High',
    'CVSS-B',
  ],
  [
    'CVE-2020-3549',
    `CVSS:4.0/AV:N/AC:L/AT:P/PR:N/UI:P/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N`,
    7.7,
    'High',
    'CVSS-B',
  ],
  [
    'the same, unreported',
    `CVSS:4.0/AV:N/AC:L/AT:P/PR:N/UI:P/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N/E:U`,
    5.2,
    'Medium',
    'CVSS-BT',
  ],
  [
    'CVE-2021-44228',
    `CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H`,
    10,
    'Critical',
    'CVSS-B',
  ],
  [
    'CVE-2014-0160',
    `CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:N/VA:N/SC:N/SI:N/SA:N`,
    8.7,
    'High',
    'CVSS-B',
  ],
  [
    'no impact',
    `CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:N/SC:N/SI:N/SA:N`,
    0,
    'None',
    'CVSS-B',
  ],
  [
    'safety',
    `CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H/E:A/MSI:S/S:P`,
    10,
    'Critical',
    'CVSS-BTE',
  ],
  [
    'all impacts low',
    `CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:L/VI:L/VA:L/SC:N/SI:N/SA:N`,
    6.9,
    'Medium',
    'CVSS-B',
  ],
]

describe('CVSS 4.0', () => {
  for (const [name, vector, score, severity, nomenclature] of SCORES) {
    test(`${name} scores ${score}`, () => {
      assert.deepEqual(scoreCvss4(vector), { vector, score, severity, nomenclature })
    })
  }

  const bad: readonly [string, string, string][] = [
    ['nothing', '', 'does not begin with CVSS:4.0/'],
    [
      'version 3.1',
      'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H',
      'does not begin with CVSS:4.0/',
    ],
    ['no prefix', BASE.slice('CVSS:4.0/'.length), 'does not begin with CVSS:4.0/'],
    ['small letters', BASE.toLowerCase(), 'does not begin with CVSS:4.0/'],
    [
      'the prefix alone',
      'CVSS:4.0',
      'base metrics are missing: AV, AC, AT, PR, UI, VC, VI, VA, SC, SI, SA',
    ],
    ['a slash too many', `${BASE}/`, 'part 12: no metric of CVSS 4.0'],
    ['a missing metric', BASE.replace('/SA:N', ''), 'base metrics are missing: SA'],
    ['a missing metric inside', BASE.replace('/VI:H', ''), 'base metrics are missing: VI'],
    ['a metric twice', `${BASE}/SA:N`, 'part 12: SA is given twice'],
    [
      'a metric twice, far apart',
      `${BASE}/AV:N`,
      'part 12: AV stands too late or twice, the order is fixed',
    ],
    [
      'another order',
      BASE.replace('AV:N/AC:L', 'AC:L/AV:N'),
      'part 2: AV stands too late or twice, the order is fixed',
    ],
    ['a value of another metric', BASE.replace('AV:N', 'AV:H'), 'part 1: AV has one of N, A, L, P'],
    ['a base metric left open', BASE.replace('AV:N', 'AV:X'), 'part 1: AV has one of N, A, L, P'],
    ['an empty value', BASE.replace('UI:N', 'UI:'), 'part 5: UI has one of N, P, A'],
    ['no colon', BASE.replace('UI:N', 'UI'), 'part 5: UI has one of N, P, A'],
    ['a metric of version 3.1', `${BASE}/RL:O`, 'part 12: no metric of CVSS 4.0'],
    ['a member of every object', `${BASE}/__proto__:N`, 'part 12: no metric of CVSS 4.0'],
    ['safety where it has no place', `${BASE}/MSC:S`, 'part 12: MSC has one of X, H, L, N'],
    ['white space', ` ${BASE}`, 'does not begin with CVSS:4.0/'],
    ['a line break at the end', `${BASE}\n`, 'part 11: SA has one of H, L, N'],
    ['too long a text', `${BASE}/${'E:A/'.repeat(100)}`, 'longer than 300 characters'],
  ]
  for (const [name, vector, fault] of bad) {
    test(`${name} is refused: ${fault}`, () => {
      assert.equal(cvss4Fault(vector), fault)
      assert.throws(() => scoreCvss4(vector), {
        code: 'malformed',
        message: fault,
        field: 'vector',
      })
    })
  }

  test('severity begins at 0.1, 4.0, 7.0 and 9.0', () => {
    const scores = [0, 0.1, 3.9, 4, 6.9, 7, 8.9, 9, 10]
    const words = ['None', 'Low', 'Low', 'Medium', 'Medium', 'High', 'High', 'Critical', 'Critical']
    assert.deepEqual(scores.map(severityOf), words)
  })
})
