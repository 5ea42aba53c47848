import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openDesk } from '../../../test/support/access.ts'
import type { Instant } from '../../base/time.ts'
import type { Acting, Recorded } from '../../core/case/recorded.ts'
import type { CaseAct } from '../act.ts'
import type { Kernel } from '../kernel.ts'
import type { AnyEvent, OpenStream, Unit } from '../ports/streams.ts'
import { downloadFile, previewFile } from './file-acts.ts'
import { openToRedact } from './open-to-redact.ts'
import { redactPages, redactRecord, reviewRedaction } from './redaction-acts.ts'

const CASE = '018f3c1e-0000-7000-8000-000000000001'
const now = '2026-03-02T09:00:00.000Z' as Instant
const digest = 'a'.repeat(64)

const opened = {
  type: 'caseOpened',
  title: 'A case (invented)',
  kinds: ['disclosure'],
  lead: 'meridia.example',
  leadCaseId: null,
  filedOn: null,
}

/** `x1` came with release `r1` and a copy `x2` was made of it; `x3` is a file of our own. */
const exhibits = [
  {
    ...{ type: 'exhibitReceived', exhibitId: 'x1', name: 'a transcript', mediaType: 'text/plain' },
    ...{ sizeBytes: 1, digest, partsRoot: digest, parts: 1, derivedFrom: 'y', redactions: [] },
    ...{ from: 'albion.example', releaseId: 'r1' },
  },
  {
    ...{ type: 'exhibitRedacted', exhibitId: 'x2', name: 'a copy', mediaType: 'text/plain' },
    ...{ sizeBytes: 1, digest, partsRoot: digest, parts: 1, derivedFrom: 'x1' },
    ...{ redactions: [{ part: 0, reason: 'invented' }], wantsReview: true },
  },
  {
    ...{ type: 'exhibitSealed', exhibitId: 'x3', name: 'a file', mediaType: 'text/plain' },
    ...{ sizeBytes: 1, digest, partsRoot: digest, parts: 1, file: { digest, sizeBytes: 1 } },
  },
]

const order = (exhibit: string) => ({
  ...{
    type: 'protectiveOrderRecorded',
    orderId: 'o1',
    orderedBy: 'a court',
    reference: '1 K 1/26',
  },
  ...{ exhibits: [exhibit], maySee: ['officer-9'], mayReceive: [], purposes: [], until: null },
})

const release = {
  ...{ type: 'releaseReceived', releaseId: 'r1', kind: 'exhibit', from: 'albion.example' },
  agreement: { id: 'a', version: 1, digest },
  ...{ purpose: 'investigation', legalBasis: 'a law', categories: [], duties: [], view: {} },
}

const calledBack = {
  ...{ type: 'releaseRetracted', releaseId: 'r1', from: 'albion.example', cause: 'error' },
  owedBy: 'meridia.example',
}

/** Every port but the stream is missing: an act that read an exhibit would throw. */
function whyNot(
  act: CaseAct,
  exhibitId: string,
  more: readonly object[],
  { ports = {}, redactions = [] as readonly object[] } = {},
) {
  const events = [opened, release, ...exhibits, ...more] as unknown as readonly AnyEvent[]
  const history: Recorded<AnyEvent>[] = events.map((event, index) => {
    return { event, version: index + 1, at: now, by: 'officer-1' }
  })
  const stream = { id: CASE, kind: 'case', history, append: async () => {} } as unknown
  const kernel = {
    streams: {
      read: async () => ({ ...(stream as OpenStream), sealedEvents: [] }),
      transact: async <T>(work: (unit: Unit) => Promise<T>) =>
        work({ open: async () => stream } as unknown as Unit),
    },
    access: openDesk,
    attestations: {},
    clocks: { wireNow: () => now },
    node: { legalOrder: 'EU' },
    random: { uuidByTime: () => 'x9' },
    ...ports,
  } as unknown as Kernel
  const roles = act === reviewRedaction ? (['reviewer'] as const) : (['caseOfficer'] as const)
  const who = { officer: 'officer-1', roles, authority: 'meridia.example', now, steppedUpAt: now }
  return act
    .run(kernel, CASE, {
      input: { exhibitId, purpose: 'to read it', redactions, boxes: [] },
      acting: who as Acting,
    })
    .then((decision) => decision.decision === 'refuse' && decision.why)
}

test('who is not named in a protective order makes no copy, reviews none and gets no file', async () => {
  assert.equal(await whyNot(redactRecord, 'x1', [order('x1')]), 'underOrder')
  assert.equal(await whyNot(redactPages, 'x1', [order('x1')]), 'underOrder')
  assert.equal(await whyNot(reviewRedaction, 'x2', [order('x1')]), 'underOrder')
  assert.equal(await whyNot(downloadFile, 'x3', [order('x3')]), 'underOrder')
  assert.equal(await whyNot(previewFile, 'x3', [order('x3')]), 'underOrder')
  assert.equal(await whyNot(openToRedact, 'x2', [order('x1')]), 'underOrder')
})

test('nothing is shown of or made from what its originator called back', async () => {
  assert.equal(await whyNot(openToRedact, 'x2', [calledBack]), 'contentRetracted')
  assert.equal(await whyNot(redactRecord, 'x1', [calledBack]), 'contentRetracted')
  assert.equal(await whyNot(redactPages, 'x2', [calledBack]), 'contentRetracted')
  assert.equal(await whyNot(reviewRedaction, 'x2', [calledBack]), 'contentRetracted')
})

test('the reasons for whole parts are among the texts that may still tell what is hidden', async () => {
  const seen: object[] = []
  const redact = async (_: string, { beside }: { readonly beside: readonly object[] }) => {
    seen.push(...beside)
    return { notThere: 0 }
  }
  const redactions = [
    { part: 0, ground: 'other', reason: 'the name of Robin Placeholder' },
    { part: 0, path: ['a'], ground: 'other', reason: 'inside the part: it stands in the copy' },
  ]
  const more = { ports: { exhibits: { redact } }, redactions }
  assert.equal(await whyNot(redactRecord, 'x2', [], more), 'placeMissing')
  assert.deepEqual(seen, [
    { place: 'name of the exhibit', text: 'a copy' },
    { place: 'reason at 1', text: 'the name of Robin Placeholder' },
    { place: 'reason at 1', text: 'invented' },
  ])
})
