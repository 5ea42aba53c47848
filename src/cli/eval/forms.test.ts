import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { Value } from '@sinclair/typebox/value'
import fc from 'fast-check'
import { corpusLines } from '../../../test/support/corpus.ts'
import { ringAgreement } from '../../../test/support/ring.ts'
import {
  CHECKPOINT,
  ENTRY,
  FOO,
  LOG,
  NOTE,
  POLICY,
  PROOF,
  WITNESS,
} from '../../../test/support/sample-notes.ts'
import { sampleRecord } from '../../../test/support/sample-record.ts'
import type { Json } from '../../base/canonical-json.ts'
import { ENGINES, OPENING_ENGINES, openedLine } from './eval.ts'
import { EngineError, EVAL_FORMS } from './forms.ts'

const HASH = '47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='

const ALL = { ...ENGINES, ...OPENING_ENGINES }
const MESSAGE = new URL(
  '../../../protocol/vectors/exchange-messages/valid-first.json',
  import.meta.url,
)

/** One line that each engine answers. */
const GOOD: Readonly<Record<string, Json>> = {
  inclusion: {
    leafIdx: 0,
    treeSize: 1,
    root: HASH,
    leafHash: HASH,
    proof: null,
  },
  consistency: { size1: 1, size2: 1, root1: HASH, root2: HASH, proof: [] },
  embargo: {
    events: [
      { at: '2026-11-23T09:00:00Z', type: 'receive', participant: 'lead' },
      {
        ...{ at: '2026-11-23T10:00:00Z', type: 'propose', participant: 'lead' },
        ...{ id: 'e1', until: '2027-01-04T09:00:00Z' },
      },
    ],
  },
  'disclosure-history': { history: 'VFDPXA' },
  note: { note: NOTE, vkeys: [FOO] },
  checkpoint: { checkpoint: CHECKPOINT, vkeys: [LOG, WITNESS] },
  cosignature: { checkpoint: CHECKPOINT, vkeys: [WITNESS] },
  'tlog-proof': { proof: PROOF, policy: POLICY, entry: ENTRY },
  message: JSON.parse(readFileSync(MESSAGE, 'utf8')).input,
  avid: sampleRecord,
  due: {
    clock: 'eu.ai_act/sir_general',
    start: '2028-01-14T10:30:00+00:00',
    timeZone: 'Europe/Dublin',
    facts: { highRiskRoute: 'annex_iii', roles: ['provider'] },
    events: [{ event: 'performed', at: '2028-01-20T10:00:00Z', clock: null }],
  },
  sanction: {
    tier: 'eu.ai_act/t2',
    turnover: 800_000_000,
    benefit: '0.50',
    currency: 'EUR',
    violations: 2,
    days: 3,
    is: ['sme'],
    facts: { roles: ['provider'] },
    on: '2026-11-23',
  },
  competence: {
    facts: { isAiSystem: true, offeredIn: ['DE', 'GB'], sameProviderGpaiModel: false },
    entities: [{ name: 'Larkspur', roles: ['provider'], establishedIn: ['BE'] }],
    packs: ['eu', 'GB'],
    on: '2026-11-23',
  },
  gaps: {
    facts: { isAiSystem: true, offeredIn: ['DE', 'US-CA'], frontierDeveloper: true },
    packs: ['EU', 'US-CA'],
    yardstick: { basisPoints: 300, turnovers: [{ amount: 800000000, currency: 'EUR' }] },
    inPlace: [{ from: 'EU', to: 'US-CA', name: 'an arrangement' }],
  },
  agreement: {
    document: ringAgreement() as unknown as Json,
    against: ['EU', 'GB'],
    on: '2026-11-23',
  },
  release: {
    agreement: ringAgreement() as unknown as Json,
    packs: ['law.eu', 'GB'],
    facts: { isAiSystem: true },
    principal: { authority: 'meridia.example', officer: 'ines', roles: ['caseOfficer'] },
    recipient: 'albion.example',
    context: {
      at: '2026-11-22T12:00:00.000Z',
      purpose: 'investigation',
      kind: 'case',
      categories: ['caseSummary'],
      legalBasis: 'statute 1, section 2',
      rightsTest: 'passed',
    },
  },
  'decision-table': {
    table: 'coordinator-publish',
    inputs: { 'ssvc:SINV:1.0.0': 'UU', 'ssvc:E:1.1.0': 'P', 'ssvc:PVA:1.0.0': null },
  },
  duplicate: {
    reports: [
      {
        title: 'It advises against medicine',
        description: 'The companion told a person to stop at once.',
        language: 'en',
        systems: ['Larkspur 2'],
        identifiers: ['CVE-2026-1234'],
      },
      sampleRecord,
    ],
  },
  csaf: {
    case: {
      publisher: { name: 'Meridia (fictional)', namespace: 'https://meridia.example' },
      trackingId: 'MERIDIA-2026-0001',
      title: 'Advice against prescribed medicine',
      published: true,
      versions: [{ number: '1', date: '2026-11-22T09:00:00.000Z', summary: 'First version.' }],
      notes: [{ category: 'summary', title: 'Summary', text: 'It tells people to stop.' }],
      products: [
        {
          vendor: 'Larkspur (invented)',
          name: 'Companion',
          standing: 'known_affected',
          action: 'x',
        },
      ],
      ids: [{ system: 'AVID', text: 'AVID-2026-R9001' }],
    },
    form: 'vex',
    version: '2.1',
  },
  cve: {
    case: {
      publisher: { name: 'Meridia (fictional)', namespace: 'https://meridia.example' },
      trackingId: 'MERIDIA-2026-0001',
      title: 'Advice against prescribed medicine',
      published: true,
      versions: [{ number: '1', date: '2026-11-22T09:00:00.000Z', summary: 'First version.' }],
      notes: [{ category: 'summary', title: 'Summary', text: 'It tells people to stop.' }],
      products: [{ vendor: 'Larkspur (invented)', name: 'Companion', standing: 'known_affected' }],
      address: 'https://meridia.example/en/advisories/MERIDIA-2026-0001',
      terms: ['trait:probabilistic'],
    },
  },
  cvss4: { vector: 'CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N' },
  redaction: {
    commitments: [HASH, HASH],
    copy: { parts: [{ commitment: HASH }, { commitment: HASH }] },
  },
}

/** Values that a member may be replaced with. */
const ODD: readonly Json[] = [
  null,
  -1,
  0.5,
  2 ** 53,
  '',
  'x',
  'AA==',
  'AVID',
  'VFDPXX',
  [],
  [1],
  {},
]

test('every engine has a form and every form an engine', () => {
  assert.deepEqual(Object.keys(EVAL_FORMS).sort(), Object.keys(ALL).sort())
  assert.deepEqual(Object.keys(GOOD).sort(), Object.keys(ALL).sort())
})

for (const [name, form] of Object.entries(EVAL_FORMS)) {
  const engine = ALL[name]
  assert.ok(engine)
  const ask = async (line: Json) => JSON.parse(await openedLine(engine, JSON.stringify(line)))

  test(`${name}: a good line fits, and so does its answer`, async () => {
    const line = GOOD[name] as Json
    assert.ok(Value.Check(form.input, line))
    assert.deepEqual([...Value.Errors(form.output, await ask(line))], [])
  })

  test(`${name}: what does not fit is never answered; every answer has its form`, async () => {
    const places = placesIn(GOOD[name] as Json)
    const mutation = fc.tuple(fc.constantFrom(...places), fc.constantFrom(...ODD, undefined))
    await fc.assert(
      fc.asyncProperty(mutation, async ([place, odd]) => {
        const line = replaced(GOOD[name] as Json, place, odd)
        const answer = await ask(line)
        const isError = Value.Check(EngineError, answer)
        assert.ok(isError || Value.Check(form.output, answer), JSON.stringify(answer))
        if (!isError) assert.ok(Value.Check(form.input, line), JSON.stringify(line))
      }),
      { numRuns: 400 },
    )
  })
}

test('published records fit the form of avid', {
  skip: corpusLines('avid/reports.jsonl') === undefined && 'COMITY_CORPUS is not set',
}, () => {
  const input = EVAL_FORMS['avid']?.input
  assert.ok(input)
  for (const line of corpusLines('avid/reports.jsonl') ?? []) {
    assert.deepEqual([...Value.Errors(input, JSON.parse(line))], [], line.slice(0, 200))
  }
})

type Place = readonly (string | number)[]

function placesIn(value: Json, at: Place = []): readonly Place[] {
  if (value === null || typeof value !== 'object') return [at]
  const inner = Object.entries(value).flatMap(([key, item]) =>
    placesIn(item as Json, [...at, Array.isArray(value) ? Number(key) : key]),
  )
  return at.length === 0 ? inner : [at, ...inner]
}

function replaced(value: Json, [key, ...rest]: Place, odd: Json | undefined): Json {
  if (key === undefined) return odd ?? null
  const copy = structuredClone(value) as Record<string, Json>
  if (rest.length > 0) copy[key] = replaced(copy[key] as Json, rest, odd)
  else if (odd === undefined && !Array.isArray(copy)) delete copy[key]
  else copy[key] = odd ?? null
  return copy as Json
}
