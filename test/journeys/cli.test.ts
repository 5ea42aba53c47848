/**
 * The command line as a stranger uses it: from another folder, with whatever Node
 * the machine has, reading nothing but standard output, exit codes and files.
 */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  writeFileSync,
} from 'node:fs'
import { delimiter, join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { ComityError } from '../../src/base/errors.ts'
import { readReports } from '../../src/cli/story/reports.ts'
import { corpusFolder } from '../support/corpus.ts'
import { inventedAvid } from '../support/invented-avid.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const CHECKOUT = fileURLToPath(new URL('../../', import.meta.url))
const LAUNCHER = join(CHECKOUT, 'bin', 'comity.js')

/** The machine's own Node, if it has one besides ours. */
function otherNode(): string {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter(Boolean)
  const found = folders
    .map((folder) => join(folder, 'node'))
    .find((file) => existsSync(file) && !realpathSync(file).startsWith(realpathSync(CHECKOUT)))
  return found ?? process.execPath
}

type Run = { readonly code: number | null; readonly stdout: string; readonly stderr: string }

function comity(args: readonly string[], input: string | Uint8Array = ''): Promise<Run> {
  const { COMITY_DATA: _, DATABASE_URL: __, ...env } = process.env
  const child = spawn(otherNode(), [LAUNCHER, ...args], { cwd: '/', env })
  const out: Buffer[] = []
  const err: Buffer[] = []
  child.stdout.on('data', (part: Buffer) => out.push(part))
  child.stderr.on('data', (part: Buffer) => err.push(part))
  child.stdin.on('error', () => {})
  child.stdin.end(input)
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => {
      const [stdout, stderr] = [out, err].map((parts) => Buffer.concat(parts).toString('utf8'))
      resolve({ code, stdout: stdout ?? '', stderr: stderr ?? '' })
    })
  })
}

const linesOf = (text: string) => text.split('\n').slice(0, -1)

// The demonstration

type Line = {
  readonly ok: boolean
  readonly report: string
  readonly steps: readonly {
    readonly id: string
    readonly ok: boolean
    readonly node: string
    readonly events: readonly string[]
    readonly refusal?: { readonly why: string; readonly because: readonly object[] }
    readonly ms: number
  }[]
  readonly nodes: readonly {
    readonly id: string
    readonly origin: string
    readonly baseUrl: string
    readonly vkeys: readonly string[]
  }[]
  readonly artefacts: {
    readonly policy: string
    readonly evidencePackage: string
    readonly receipts: readonly string[]
    readonly releases: readonly string[]
  }
  readonly timingsMs: { readonly serving: number; readonly story: number }
}

const examples = corpusFolder
  ? readdirSync(join(corpusFolder, 'avid/examples')).map((name) =>
      readFileSync(join(corpusFolder ?? '', 'avid/examples', name), 'utf8'),
    )
  : []

const folder = temporaryFolder()
const out = join(folder, 'out')
mkdirSync(out)
const reportFile = join(folder, 'reports.jsonl')
const texts = examples.length > 0 ? examples : [JSON.stringify(inventedAvid)]
const records = texts.map((text) => JSON.stringify(JSON.parse(text)))
// The last one is beyond the limit.
writeFileSync(reportFile, `${[...records, records[0]].join('\n')}\n`)

const demo = await comity([
  ...['demo', '--report', reportFile, '--limit', String(records.length)],
  ...['--out', out, '--exit', '--json'],
])
const told = linesOf(demo.stdout).map((line) => JSON.parse(line) as Line)

test(`the demonstration tells ${records.length} reports in one boot and says so in JSON alone`, () => {
  assert.equal(demo.code, 0, demo.stderr)
  assert.equal(told.length, records.length)
  assert.ok(demo.stdout.endsWith('\n'))
  assert.ok(demo.stderr.includes('✓'), 'progress is shown beside it')
  const ids = records.map((text) => (JSON.parse(text) as typeof inventedAvid).metadata.report_id)
  assert.deepEqual(
    told.map(({ report }) => report),
    ids,
  )
})

test('each line has exactly the documented members', () => {
  for (const line of told) {
    const members = ['ok', 'report', 'steps', 'nodes', 'artefacts', 'timingsMs']
    assert.deepEqual(Object.keys(line), members)
    assert.equal(line.ok, true)
    for (const step of line.steps) {
      const { refusal, ...always } = step
      assert.deepEqual(Object.keys(always).sort(), ['events', 'id', 'ms', 'node', 'ok'])
      assert.equal(step.ok, true, step.id)
      assert.ok(line.nodes.some(({ id }) => id === step.node))
      assert.ok(step.events.every((type) => /^[a-z][A-Za-z]+$/.test(type)))
      assert.ok(Number.isInteger(step.ms) && step.ms >= 0)
      if (!refusal) continue
      assert.deepEqual(Object.keys(refusal).sort(), ['because', 'why'])
      assert.ok(refusal.because.length > 0, `${step.id} names a rule`)
    }
    assert.deepEqual(
      line.nodes.map(({ id, origin, vkeys }) => [id, origin, vkeys.length]),
      ['meridia', 'albion', 'sierra'].map((name) => [
        `${name}.example`,
        `${name}.example/ledger`,
        2,
      ]),
    )
    const { artefacts, timingsMs } = line
    const kinds = ['policy', 'evidencePackage', 'receipts', 'releases']
    assert.deepEqual(Object.keys(artefacts), kinds)
    assert.deepEqual(Object.keys(timingsMs), ['serving', 'story'])
    assert.ok(timingsMs.serving > 0 && timingsMs.story > 0)
  }
})

test('every part of the story was told of every report, with its refusals', () => {
  for (const { report, steps } of told) {
    const parts = new Set(steps.map(({ id }) => id.split('.')[0]))
    assert.deepEqual(
      [...parts],
      ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '10'].filter((part) => parts.has(part)),
      report,
    )
    assert.equal(parts.size, 11)
    const whys = steps.flatMap(({ refusal }) => refusal?.why ?? [])
    for (const why of ['embargoEndMissing', 'categoryNotReleasable', 'noTransferInstrument']) {
      assert.ok(whys.includes(why), `${report}: ${why}`)
    }
    for (const why of ['reviewMissing', 'hearingNotHeld', 'rungNotReached', 'stillDelayed']) {
      assert.ok(whys.includes(why), `${report}: ${why}`)
    }
    // A public report has no embargo; nobody acts against a company that it names.
    assert.ok(whys.includes('alreadyPublic') !== steps.some(({ id }) => id === '9.embargo-ends'))
    assert.ok(whys.includes('operatorNamedByReport'))
  }
})

test('what the demonstration leaves is there, and verifies by itself afterwards', async () => {
  for (const { artefacts } of told) {
    const { policy, evidencePackage, receipts, releases } = artefacts
    const files = [policy, evidencePackage, ...receipts, ...releases]
    assert.ok(receipts.length >= 2 && releases.length >= 2)
    for (const file of files) {
      assert.ok(file.startsWith(out) && existsSync(file), file)
      assert.ok(readFileSync(file).length > 0)
    }
  }
  const { policy, evidencePackage, receipts, releases } = told[0]!.artefacts
  const verified = await comity(['verify', evidencePackage, '--policy', policy])
  assert.equal(verified.code, 0, verified.stdout + verified.stderr)
  assert.match(verified.stdout, /verdict: verified/)
  const alone = await comity(['verify', evidencePackage])
  assert.equal(alone.code, 1)
  assert.match(alone.stdout, /verdict: unanchored/)
  const sealed = [...receipts, ...releases].filter((file) => !file.includes('accepted'))
  for (const file of sealed.slice(0, 4)) {
    const answer = await comity(['verify', file, '--policy', policy])
    assert.equal(answer.code, 0, `${file}: ${answer.stdout}${answer.stderr}`)
  }
})

test('after its end nothing of the demonstration runs', async () => {
  for (const { baseUrl, vkeys } of told[0]!.nodes) {
    // Somebody else may have taken the port since: what counts is whose keys stand there.
    const policy = await fetch(`${baseUrl}/ledger/policy.txt`).catch(() => undefined)
    const text = (await policy?.text().catch(() => '')) ?? ''
    for (const vkey of vkeys) assert.ok(!text.includes(vkey), baseUrl)
  }
})

const good = JSON.stringify(inventedAvid)
const { description: _, ...undescribed } = inventedAvid
const wrongType = JSON.stringify({
  ...inventedAvid,
  references: [{ type: 'x', label: 1, url: 'y' }],
})

const MALFORMED: Readonly<Record<string, readonly [string, string | Uint8Array, RegExp]>> = {
  'a line that is no JSON': ['a.jsonl', `${good}\n{"data_type": "AV\n`, /line 2\b.*not JSON/],
  'an empty line before it counts': ['b.jsonl', `${good}\n\n\n{]\n`, /line 4\b.*not JSON/],
  'a member of the wrong type': ['c.jsonl', `${wrongType}\n`, /line 1, \/references\/0\/label: /],
  'a missing member': [
    'd.jsonl',
    `${good}\n${JSON.stringify({ ...undescribed, metadata: {} })}\n`,
    /line 2, \/\S+: /,
  ],
  'a prototype key': ['e.jsonl', '{"__proto__":{"x":1}}\n', /line 1, \/__proto__: /],
  'nesting without end': [
    'f.jsonl',
    `{"a":${'['.repeat(5000)}${']'.repeat(5000)}}\n`,
    /line 1, .*deep/,
  ],
  'bytes that are no UTF-8': [
    'g.jsonl',
    new Uint8Array([...Buffer.from(`${good}\n{"data_type":"`), 0xff, 0x22, 0x7d, 0x0a]),
    /line 2\b.*UTF-8/,
  ],
  'a record larger than any report': [
    'h.jsonl',
    `${JSON.stringify({ ...inventedAvid, description: { lang: 'eng', value: 'x'.repeat(300_000) } })}\n`,
    /line 1\b.*larger/,
  ],
  'one record that is none': ['i.json', '[]', /not an? object|value is not/],
}

test('a malformed report is refused with its line and the field in it', () => {
  for (const [what, [name, content, sentence]] of Object.entries(MALFORMED)) {
    const file = join(folder, name)
    writeFileSync(file, content)
    const refused = (error: unknown) => {
      assert.ok(error instanceof ComityError, what)
      assert.equal(error.code, 'malformed', what)
      assert.match(`${error.field}: ${error.message}`, sentence, what)
      return true
    }
    assert.throws(() => readReports(file, 10), refused, what)
  }
})

test('a demonstration that cannot begin ends with 2 and starts nothing', async () => {
  const [name, content] = MALFORMED['a member of the wrong type'] ?? ['', '']
  const wrong = join(folder, name)
  writeFileSync(wrong, content)
  const empty = join(folder, 'empty.jsonl')
  writeFileSync(empty, '\n')
  const cases: readonly (readonly [readonly string[], RegExp])[] = [
    [['--report', wrong, '--exit', '--json'], /c\.jsonl: line 1, \/references\/0\/label: /],
    [['--report', empty, '--exit', '--json'], /no report/],
    [['--report', join(folder, 'absent.json'), '--exit', '--json'], /absent\.json/],
    [['--limit', '0', '--exit'], /--limit/],
    [['--no-such-option'], /--no-such-option/],
  ]
  for (const [args, sentence] of cases) {
    const { code, stdout, stderr } = await comity(['demo', ...args])
    assert.deepEqual([code, stdout], [2, ''], args.join(' '))
    assert.match(stderr, sentence)
    assert.doesNotMatch(stderr, /\n\s+at |databases/)
  }
})

// comity eval

const EMPTY_ROOT = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'
const leaf = Buffer.alloc(32, 7).toString('base64')
const inclusion = { leafIdx: 0, treeSize: 1, root: leaf, leafHash: leaf, proof: null }

const EVAL: readonly (readonly [string, RegExp])[] = [
  [JSON.stringify(inclusion), /^\{"ok":true\}$/],
  ['', /"code":"malformed"/],
  ['{"leafIdx":0', /"code":"malformed"/],
  [JSON.stringify({ ...inclusion, proof: [] }), /^\{"ok":true\}$/],
  [JSON.stringify({ ...inclusion, root: Buffer.alloc(32, 8).toString('base64') }), /"unverified"/],
  ['[]', /"code":"malformed"/],
  ['null', /"code":"malformed"/],
  [JSON.stringify({ ...inclusion, leafIdx: 1 }), /"code":"malformed"/],
  [
    JSON.stringify({ ...inclusion, leafIdx: -1 }),
    /"code":"malformed","message":"[^"]+","field":"leafIdx"/,
  ],
  [JSON.stringify({ ...inclusion, root: 'no base64' }), /"field":"root"/],
  [JSON.stringify({ ...inclusion, proof: [leaf, 3] }), /"field":"proof\/1"/],
  [`"${'x'.repeat(3_000_000)}"`, /"code":"malformed"/],
  ['{"__proto__":{}}', /"code":"malformed"/],
  ['['.repeat(100_000), /"code":"malformed"/],
  ['{"text":"\u2028 is no end of a line"}', /"code":"malformed"/],
  ['{"text":"nor is \r this"}', /"code":"malformed"/],
  [JSON.stringify({ ...inclusion, more: EMPTY_ROOT }), /^\{"ok":true\}$/],
]

test('comity eval answers each line in its place, whatever the lines before it were', async () => {
  for (const end of ['\n', '\r\n']) {
    const input = EVAL.map(([line]) => line).join(end)
    const { code, stdout, stderr } = await comity(['eval', 'inclusion'], input)
    assert.equal(code, 0, stderr)
    const answers = linesOf(stdout)
    assert.equal(answers.length, EVAL.length)
    for (const [index, [line, expected]] of EVAL.entries()) {
      assert.match(answers[index] ?? '', expected, `line ${index + 1}: ${line.slice(0, 80)}`)
      JSON.parse(answers[index] ?? '')
    }
  }
})

test('comity eval: bytes that are no text, no lines at all, and engines that there are not', async () => {
  const bytes = Buffer.concat([
    Buffer.from([0xff, 0xfe, 0x0a]),
    Buffer.from(JSON.stringify(inclusion)),
  ])
  const strange = await comity(['eval', 'inclusion'], new Uint8Array(bytes))
  assert.equal(strange.code, 0)
  const [first = '', second = ''] = linesOf(strange.stdout)
  assert.match(first, /"code":"malformed"/)
  assert.equal(second, '{"ok":true}')
  const nothing = await comity(['eval', 'consistency'])
  assert.deepEqual([nothing.code, nothing.stdout], [0, ''])
  for (const name of ['', 'constructor', 'Inclusion', '__proto__']) {
    const { code, stdout, stderr } = await comity(['eval', name])
    assert.deepEqual([code, stdout], [2, ''], name)
    assert.match(stderr, /engines: inclusion, consistency, disclosure-history, avid/)
  }
})

test('comity eval avid gives each record back whole', async () => {
  const { code, stdout } = await comity(['eval', 'avid'], records.join('\n'))
  assert.equal(code, 0)
  const answers = linesOf(stdout).map(
    (line) => JSON.parse(line) as { record: object; lost: string[] },
  )
  assert.deepEqual(
    answers.map(({ record }) => record),
    records.map((text) => JSON.parse(text) as object),
  )
  assert.ok(answers.every(({ lost }) => lost.length === 0))
})

test('comity eval disclosure-history knows legal orders from illegal ones', async () => {
  const histories = ['VFDPXA', 'FVDPXA', 'VFDPX', 'VFDPXX', 'vfdpxa', 'PVXFDA']
  const input = histories.map((history) => JSON.stringify({ history })).join('\n')
  const answers = linesOf((await comity(['eval', 'disclosure-history'], input)).stdout)
  const kinds = answers.map((line) => {
    const answer = JSON.parse(line) as { legal?: boolean; why?: string; error?: object }
    assert.ok(answer.error || (answer.why ?? '').length > 0)
    return answer.legal
  })
  // The vendor cannot have a fix before it is aware, and each event comes once.
  assert.deepEqual(kinds, [true, false, undefined, undefined, undefined, true])
})

test('an unknown command, and none, show how it is used', async () => {
  const none = await comity([])
  assert.equal(none.code, 0)
  const unknown = await comity(['frobnicate'])
  assert.equal(unknown.code, 2)
  for (const { stderr } of [none, unknown]) assert.match(stderr, /usage: comity COMMAND/)
})

// comity law

const DUE = ['law', 'due', '--start', '2026-11-20T10:00:00+01:00', '--tz', 'Europe/Brussels']

test('comity law due says when, how it was counted, and why it may not bind', async () => {
  const asked = [...DUE, '--clock', 'eu.ai_act/sir_general']
  const [forPeople, forMachines] = await Promise.all([comity(asked), comity([...asked, '--json'])])
  assert.match(
    forPeople.stdout,
    /confirm\n +strict +2026-12-06T00:00:00\+01:00\[Europe\/Brussels\]/,
  )
  assert.match(forPeople.stdout, /art\. 73\(2\) \(evidence P\)/)
  const { state, legalDue, steps } = JSON.parse(forMachines.stdout)
  assert.deepEqual([state, legalDue], ['confirm', '2026-12-08T00:00:00+01:00[Europe/Brussels]'])
  assert.ok(steps.length > 3)
})

test('comity law sanctions says what a fine may reach, or why it does not say', async () => {
  const t2 = ['law', 'sanctions', '--tier', 'eu.ai_act/t2']
  const told = ['--turnover', '800000000', '--currency', 'EUR']
  const [people, machines, all, refused, open] = await Promise.all([
    comity([...t2, ...told]),
    comity([...t2, ...told, '--is', 'sme', '--json']),
    comity(['law', 'sanctions', '--instrument', 'us-tx.traiga', '--violations', '3', '--json']),
    comity([...t2, '--turnover', '1', '--currency', 'USD']),
    comity(t2),
  ])
  assert.match(people.stdout, /^eu\.ai_act\/t2: at most EUR 24,000,000 \(binding\)/)
  assert.match(people.stdout, /3 % of EUR 800,000,000 is EUR 24,000,000\./)
  assert.equal(JSON.parse(machines.stdout).maximum, '15000000.00')
  const tiers: readonly Record<string, string>[] = JSON.parse(all.stdout).tiers
  const uncurable = tiers.find(({ tier }) => tier === 'us-tx.traiga/uncurable')
  assert.deepEqual([uncurable?.['minimum'], uncurable?.['maximum']], ['240000.00', '600000.00'])
  assert.equal(refused.code, 1)
  assert.match(refused.stdout, /refused, currencyDiffers/)
  assert.match(open.stdout, /certain +at least EUR 15,000,000\n +formula +the higher of/)
})

test('comity law: unknown clocks, wrong words and packs that do not load', async () => {
  const unknown = await comity([...DUE, '--clock', 'eu.ai_act/none'])
  assert.equal(unknown.code, 1)
  assert.match(unknown.stderr, /no shipped pack has the clock eu\.ai_act\/none/)
  const wrong: readonly (readonly [readonly string[], number, RegExp])[] = [
    [['law'], 2, /usage: comity law/],
    [['law', 'due'], 2, /usage: comity law/],
    [['law', 'sanctions'], 2, /usage: comity law sanctions/],
    [['law', 'sanctions', '--tier', 'x/y', '--instrument', 'x'], 2, /usage: comity law sanctions/],
    [['law', 'sanctions', '--tier', 'x/y'], 1, /^$/],
    [['law', 'sanctions', '--instrument', 'x'], 1, /no shipped pack has the instrument x/],
    [['law', 'sanctions', '--tier', 'x/y', '--turnover', '-1'], 2, /argument/],
    [['law', 'sanctions', '--tier', 'x/y', '--turnover=-1'], 1, /not an amount/],
    [[...DUE, '--clock', 'eu.gdpr/breach_sa', '--fact', 'x'], 1, /NAME=VALUE/],
    [['law', 'due', '--clok', 'x'], 2, /clok/],
    [[...DUE, '--clock', 'eu.gdpr/breach_sa', '--event', 'rumour@2026-12-01T10:00Z'], 1, /rumour/],
    [['law', 'check', temporaryFolder()], 1, /holds no/],
  ]
  for (const [args, code, text] of wrong) {
    const run = await comity(args)
    assert.equal(run.code, code, args.join(' '))
    assert.match(run.stderr, text)
  }
  const folder = temporaryFolder()
  mkdirSync(join(folder, 'xx'))
  writeFileSync(join(folder, 'xx', 'pack.yaml'), 'pack: law.xx\nsurprise: 1\n')
  const bad = await comity(['law', 'check', folder])
  assert.equal(bad.code, 1)
  assert.match(bad.stderr, /xx\/pack\.yaml#\/\w+/)
  const shipped = await comity(['law', 'check', '--json'])
  const { packs, examples, faults } = JSON.parse(shipped.stdout)
  assert.ok(packs.some((pack: { id: string }) => pack.id === 'law.eu'))
  assert.ok(examples > 300, `${examples} examples`)
  assert.deepEqual(faults, [])
})
