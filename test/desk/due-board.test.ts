/** Days to keep beside legal clocks: on the board, in one's own work, in the counts. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dueBoard } from '../../src/app/desk/due-board.ts'
import type { Kernel } from '../../src/app/kernel.ts'
import { addMs, DAY_MS } from '../../src/base/time.ts'
import { deskKernel } from '../support/desk-kernel.ts'

test('what is asked for and ordered stands on the board until it is done, and is counted', async (t) => {
  const desk = await deskKernel(t)
  const kernel = desk.kernel as unknown as Kernel
  const ada = await desk.enrol('Ada', ['caseOfficer'])
  const bo = await desk.enrol('Bo', ['caseOfficer'])
  const streamId = await desk.openCase('A case', ada)
  const { now } = desk.now(ada)
  const requestId = '018f3c1e-0000-7000-8000-000000000001'
  const remedyId = '018f3c1e-0000-7000-8000-000000000002'
  const add = (event: { readonly type: string }) => desk.append(streamId, ada.officer, event)
  await add({
    ...{ type: 'recordsRequestReceived', requestId, requester: 'FOI/1', asked: 'all' },
    ...{ receivedAt: now.slice(0, 10), dueAt: addMs(now, 2 * DAY_MS) },
    dueBasis: { kind: 'citation', citation: 's. 10 (fictional)' },
  } as { readonly type: string })
  await add({
    ...{ type: 'remedyOrdered', remedyId, challengeId: remedyId, kind: 'rectify', text: 'x' },
    ...{ responsible: bo.officer, dueAt: addMs(now, DAY_MS), followUpAt: addMs(now, 9 * DAY_MS) },
  } as { readonly type: string })
  const shown = async () =>
    (await dueBoard(kernel, desk.now(ada))).map((one) => [one.kind, one.nearness, one.isToConfirm])
  const counted = async () =>
    (await kernel.registers.counts(desk.now(ada).now))
      .filter(({ measure }) => ['recordsRequests', 'remedies', 'recordsGrounds'].includes(measure))
      .map(({ measure, key, count }) => [measure, key, count])
  const until = addMs(now, 14 * DAY_MS)
  const own = async (officer: string) =>
    (await kernel.desk.records.duesFor(officer, until)).map(({ kind }) => kind)

  assert.deepEqual(await shown(), [
    ['remedy', 'day', false],
    ['records', 'week', true],
  ])
  assert.deepEqual(await counted(), [
    ['recordsRequests', 'open', 1],
    ['remedies', 'open', 1],
  ])
  assert.deepEqual(await own(ada.officer), ['remedy', 'records'])
  assert.deepEqual(await own(bo.officer), ['remedy'], 'who answers for it, though no handler')

  desk.pass(2 * DAY_MS)
  assert.deepEqual(await shown(), [
    ['remedy', 'passed', false],
    ['records', 'passed', true],
  ])
  assert.deepEqual(await counted(), [
    ['recordsRequests', 'overdue', 1],
    ['remedies', 'overdue', 1],
  ])

  const exemption = { code: 'security', citation: 's. 2', reason: 'x' }
  const item = { kind: 'document', id: 'x' }
  await add({
    ...{ type: 'recordsItemDecided', requestId, item, outcome: 'withhold', copy: null, exemption },
  } as { readonly type: string })
  await add({
    ...{ type: 'recordsRequestAnswered', requestId, outcome: 'refused', reason: 'x', digest: 'x' },
  } as { readonly type: string })
  await add({ type: 'remedyDone', remedyId, proof: 'shown' } as { readonly type: string })
  assert.deepEqual(await shown(), [['followUp', 'week', false]])
  assert.deepEqual(await counted(), [
    ['recordsGrounds', 'security', 1],
    ['recordsRequests', 'late', 1],
    ['remedies', 'late', 1],
  ])
})
