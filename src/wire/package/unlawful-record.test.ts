/** Records that were signed, logged and packed as they should be, and were never lawful. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  AGREEMENT_ID,
  BRAM,
  CASE_ID,
  COPY_ID,
  channelLine,
  type Draft,
  EXHIBIT_ID,
  IRIS,
  LENA,
} from '../../../test/support/package-record.ts'
import { failedChecks, requireFailure } from '../../../test/support/package-report.ts'
import {
  buildInput,
  buildPackage,
  logWorld,
  meridiaSigner,
  repacked,
  type WorldOptions,
} from '../../../test/support/package-world.ts'
import { ALBION, MERIDIA, SIERRA } from '../../../test/support/ring.ts'
import { nodePrimitives } from '../../adapters/node-primitives.ts'
import { type Bytes, textFromUtf8, toBase64 } from '../../base/bytes.ts'
import { parsePolicy } from '../../proof/policy.ts'
import { primaryFiles } from './content.ts'
import type { Check } from './report.ts'
import { readTar } from './tar.ts'
import { verifyPackage } from './verify-package.ts'
import { writePackage } from './write-package.ts'

const policy = parsePolicy(nodePrimitives, logWorld().policy)
const good = await buildPackage()

const verify = (bytes: Uint8Array) => verifyPackage(nodePrimitives, bytes, policy)

const caseStream = `data/streams/${CASE_ID}.jsonl`
const agreementStream = `data/streams/${AGREEMENT_ID}.jsonl`

type Change = { options: WorldOptions; id: Check['id']; file: string; version?: number }

const on =
  (type: string, change: (draft: Draft) => Draft | undefined) =>
  (draft: Draft): Draft | undefined =>
    draft.event.type === type ? change(draft) : draft

const withEvent = (type: string, members: object) =>
  on(type, (draft) => ({ ...draft, event: { ...draft.event, ...members } }))

const loggedChanges: Record<string, Change> = {
  'roles that the node changed by itself': {
    options: {
      change: on('officerEnrolled', (draft) => {
        if (draft.event['officer'] !== LENA) return draft
        const note = 'ab'.repeat(32)
        const event = { type: 'officerRolesChanged', officer: IRIS, roles: ['reviewer'], note }
        return { ...draft, event }
      }),
    },
    id: 'authority',
    file: 'data/streams/01990000-0000-7000-8000-0000000000a1.jsonl',
  },
  'the signature of another officer': {
    options: { change: on('exhibitSealed', (draft) => ({ ...draft, signedBy: LENA })) },
    id: 'streams',
    file: caseStream,
    version: 2,
  },
  'an act of nobody': {
    options: {
      change: on('exhibitSealed', (draft) => ({ ...draft, by: 'nobody', signedBy: IRIS })),
    },
    id: 'streams',
    file: caseStream,
    version: 2,
  },
  'a peer that was never pinned': {
    options: { change: on('releaseReceiptReceived', (draft) => ({ ...draft, by: 'x.example' })) },
    id: 'streams',
    file: caseStream,
    version: 10,
  },
  'an officer who was never enrolled': {
    options: {
      change: on('officerEnrolled', ({ event, ...draft }) =>
        event['officer'] === BRAM ? undefined : { ...draft, event },
      ),
    },
    id: 'streams',
    file: caseStream,
    version: 6,
  },
  'a review without the role': {
    options: {
      change: on('reviewDecided', (draft) => ({
        ...draft,
        by: LENA,
        event: { ...draft.event, reviewer: LENA },
      })),
    },
    id: 'roster',
    file: caseStream,
    version: 6,
  },
  'a review of one\u2019s own': {
    options: { change: withEvent('reviewOpened', { reviewerMustNotBe: [IRIS, BRAM] }) },
    id: 'roster',
    file: caseStream,
    version: 6,
  },
  'a review by the officer who opened it': {
    options: {
      change: (draft) =>
        draft.event.type === 'reviewOpened'
          ? { ...draft, by: BRAM, event: { ...draft.event, reviewerMustNotBe: [] } }
          : draft,
    },
    id: 'roster',
    file: caseStream,
    version: 6,
  },
  'an advisory that no officer published': {
    options: { change: on('advisoryPublished', (draft) => ({ ...draft, by: MERIDIA })) },
    id: 'roster',
    file: caseStream,
    version: 12,
  },
  'a release under another name': {
    options: { change: withEvent('releaseDecided', { preparedBy: LENA }) },
    id: 'roster',
    file: caseStream,
    version: 7,
  },
  'an unknown type of event': {
    options: { change: on('actRefused', (draft) => ({ ...draft, event: { type: 'allWasWell' } })) },
    id: 'decisions',
    file: caseStream,
    version: 11,
  },
  'an agreement that was not signed by all': {
    options: {
      change: on('agreementSigned', (draft) => (draft.by === SIERRA ? undefined : draft)),
    },
    id: 'agreement',
    file: agreementStream,
    version: 5,
  },
  'an agreement signed with another key': {
    options: {
      change: on('agreementSigned', (draft) =>
        draft.by === ALBION
          ? { ...draft, event: { ...draft.event, signature: toBase64(new Uint8Array(64)) } }
          : draft,
      ),
    },
    id: 'agreement',
    file: agreementStream,
    version: 4,
  },
  'an agreement not in force': {
    options: { change: on('agreementEnteredIntoForce', () => undefined) },
    id: 'agreement',
    file: caseStream,
    version: 8,
  },
  'an agreement retired before the release': {
    options: {
      change: withEvent('agreementEnteredIntoForce', { type: 'agreementLapsed', reason: 'sunset' }),
    },
    id: 'agreement',
    file: caseStream,
    version: 8,
  },
  'a release that names another text': {
    options: {
      change: withEvent('releaseDecided', {
        agreement: { id: AGREEMENT_ID, version: 1, digest: '0'.repeat(64) },
      }),
    },
    id: 'agreement',
    file: caseStream,
    version: 8,
  },
  'a release without an agreement': {
    options: { change: withEvent('releaseDecided', { agreement: null }) },
    id: 'agreement',
    file: caseStream,
    version: 8,
  },
  'a release sent that was never permitted': {
    options: {
      change: on('releaseDecided', (draft) =>
        draft.event['decision'] === 'permit' ? undefined : draft,
      ),
    },
    id: 'agreement',
    file: caseStream,
    version: 8,
  },
  'a copy that says which parts are hidden wrongly': {
    options: { change: withEvent('exhibitRedacted', { redactions: [{ part: 1, reason: 'x' }] }) },
    id: 'lineage',
    file: `data/lineage/${COPY_ID}.json`,
  },
  'a copy of another root': {
    options: { change: withEvent('exhibitRedacted', { partsRoot: '1'.repeat(64) }) },
    id: 'lineage',
    file: `data/lineage/${COPY_ID}.json`,
  },
  'an exhibit of another digest': {
    options: { change: withEvent('exhibitSealed', { digest: '1'.repeat(64) }) },
    id: 'exhibits',
    file: `data/exhibits/${EXHIBIT_ID}.age`,
  },
  'an advisory of another digest': {
    options: { change: withEvent('advisoryPublished', { digest: '1'.repeat(64) }) },
    id: 'advisories',
    file: 'data/advisories/COMITY-2026-0001.json',
  },
}

for (const [name, { options, id, file, version }] of Object.entries(loggedChanges)) {
  test(`honestly logged: ${name}`, async () => {
    requireFailure(verify(await buildPackage(options)), id, file, version)
  })
}

test('an event that cannot be read fails its check and stops nothing else', async () => {
  const change = on('exhibitRedacted', (draft) => ({
    ...draft,
    event: { type: 'exhibitRedacted' },
  }))
  const { streams, channel } = buildInput({ change })
  const facts = JSON.parse(textFromUtf8(readTar(good).get('data/package.json') as Bytes))
  const none = { exhibits: new Map(), signatures: new Map(), hasGraph: true }
  const primary = primaryFiles({ facts, streams, channel, ...none })
  const report = verify(
    await repacked(good, (files) => {
      for (const [path, bytes] of primary) files.set(path, bytes)
    }),
  )
  assert.equal(report.verdict, 'failed')
  const wrong = failedChecks(report).flatMap(({ id, failures }) =>
    failures.map(({ file }) => `${id} ${file}`),
  )
  assert.ok(wrong.length > 0)
  assert.ok(report.checks.some(({ id, ok }) => id === 'streams' && ok))
  assert.ok(report.checks.some(({ id }) => id === 'decisions'))
})

test('messages of another node, about another case, or twice under one number fail', async () => {
  const file = 'data/channel-receipts.jsonl'
  const channels = [
    [channelLine(), channelLine()],
    [channelLine({ objectId: AGREEMENT_ID })],
    [channelLine({ agreement: '0'.repeat(64) })],
    [channelLine({ destination: SIERRA })],
    [channelLine({ origin: ALBION, destination: SIERRA })],
  ]
  for (const channel of channels) {
    const input = { ...buildInput(), channel }
    const { bytes } = await writePackage(nodePrimitives, input, meridiaSigner)
    requireFailure(verify(bytes), 'channel', file)
  }
})
