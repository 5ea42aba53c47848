/** Opening the original of a reporter's file is on record, with its reason, or not taken. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openOriginal } from '../../src/app/open-original.ts'
import { deskKernel } from '../support/desk-kernel.ts'
import { newFiling } from '../support/new-filing.ts'

const WHY = 'The place of the photograph decides who is competent.'

test('an officer says why, and it is recorded once for each time', async (t) => {
  const { kernel, enrol, now } = await deskKernel(t)
  const officer = await enrol('Iris Quill (invented)', ['caseOfficer'])
  const filing = newFiling({ attachments: [new Uint8Array(9), new Uint8Array(9)] })
  assert.ok(await kernel.filings.add(filing))
  const ask = (changes: object = {}) =>
    openOriginal(kernel, { filingId: filing.id, position: 0, why: WHY, ...changes }, now(officer))
  const done = await ask({ why: `  ${WHY}  ` })
  assert.equal(done.decision, 'permit')
  for (const [why, changes] of [
    ['noReason', { why: '' }],
    ['noReason', { why: '         x         ' }],
    ['noReason', { why: 'x'.repeat(501) }],
    ['noFile', { position: 2 }],
    ['noFile', { position: -1 }],
    ['noFile', { position: 0.5 }],
    ['noFile', { position: Number.NaN }],
    ['noFile', { filingId: newFiling().id }],
  ] as const) {
    const refused = await ask(changes)
    assert.equal(refused.decision, 'refuse', JSON.stringify(changes))
    assert.equal(refused.why, why)
  }
  const stream = await kernel.streams.read(kernel.sealingStreamId)
  const events = (stream?.history ?? []).map(({ event, by }) => ({ ...event, by }))
  assert.deepEqual(events, [
    {
      type: 'originalOpened',
      filingId: filing.id,
      part: 'attachment-0',
      why: WHY,
      by: officer.officer,
    },
  ])
})

test('who may not open reports opens no original', async (t) => {
  const { kernel, enrol, now } = await deskKernel(t)
  const guest = await enrol('Vera Watch (invented)', ['administrator'])
  const filing = newFiling({ attachments: [new Uint8Array(9)] })
  assert.ok(await kernel.filings.add(filing))
  const refused = await openOriginal(
    kernel,
    { filingId: filing.id, position: 0, why: WHY },
    now(guest),
  )
  assert.equal(refused.decision, 'refuse')
  const stream = await kernel.streams.read(kernel.sealingStreamId)
  assert.deepEqual(stream?.history ?? [], [])
})
