/** A draft of a report lasts for its days by the node's clock, and is gone from the database then. */
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { nodePrimitives } from '../../src/adapters/node-primitives.ts'
import { postgresFilings } from '../../src/adapters/postgres/intake/filings.ts'
import { ageSealing } from '../../src/adapters/sealing.ts'
import type { Kernel } from '../../src/app/kernel.ts'
import { openDraft, saveDraft } from '../../src/app/report-drafts.ts'
import { fromBase64 } from '../../src/base/bytes.ts'
import { instant, utcDateOf } from '../../src/base/time.ts'
import { newCode, sealedDraft } from '../../src/browser/seal-report.ts'
import { kernelDatabase, parts } from '../support/kernel-database.ts'

/** In the last second of a day: what counts is the day. */
const SAVED = '2026-12-01T23:59:59.000Z'
const LAST_DAY = '2026-12-15'

async function drafts(t: TestContext) {
  const database = await kernelDatabase(t)
  let now = instant(SAVED)
  // A demonstration moves the time of cases; a draft does not follow it.
  const clocks = { wireNow: () => now, caseNow: () => instant('2031-01-01T00:00:00.000Z') }
  const filings = postgresFilings({ ...parts, database, onBatch() {} })
  const here = { primitives: nodePrimitives, filings, clocks, sealing: ageSealing }
  const kernel = here as unknown as Kernel
  let tickets = 0
  const save = async (code: string) => {
    tickets += 1
    const issued = { ticket: `ticket-${tickets}`, workBits: 0 }
    const written = { answers: { title: 'Half a report' }, contact: '' }
    const made = await sealedDraft('meridia.example', code, written as never, issued)
    const draftId = new Uint8Array(Buffer.from(made.draftId, 'hex'))
    const sealed = fromBase64(made.sealed, 'sealed')
    const decision = await saveDraft(kernel, { ...made, ...issued, draftId, sealed })
    assert.ok(decision.decision === 'permit', JSON.stringify(decision))
    return { draftId, until: decision.value.until }
  }
  return {
    save,
    opens: async (draftId: Uint8Array) => (await openDraft(kernel, draftId)) !== undefined,
    clockSays: (text: string) => {
      now = instant(text)
    },
    /** What the hourly job does. */
    expire: () => filings.deleteOldDrafts(utcDateOf(now)),
    kept: async () =>
      (await database.selectFrom('report_draft').select('last_day').execute()).length,
  }
}

test('a draft opens until its last day is over, and the job deletes it then', async (t) => {
  const { save, opens, clockSays, expire, kept } = await drafts(t)
  const { draftId, until } = await save(newCode())
  assert.equal(until, LAST_DAY)
  for (const time of [SAVED, '2026-12-10T12:00:00.000Z', '2026-12-15T23:59:59.999Z']) {
    clockSays(time)
    await expire()
    assert.equal(await opens(draftId), true, time)
  }
  clockSays('2026-12-16T00:00:00.000Z')
  assert.equal(await opens(draftId), false, 'it does not open although no job has run')
  assert.equal(await kept(), 1)
  await expire()
  assert.equal(await kept(), 0)
  clockSays(SAVED)
  assert.equal(await opens(draftId), false, 'nor does a clock that is set back bring it back')
})

test('who saves again has the whole time again', async (t) => {
  const { save, opens, clockSays, expire, kept } = await drafts(t)
  const code = newCode()
  await save(code)
  clockSays('2026-12-15T10:00:00.000Z')
  const { draftId, until } = await save(code)
  assert.equal(until, '2026-12-29')
  assert.equal(await kept(), 1)
  clockSays('2026-12-29T23:00:00.000Z')
  await expire()
  assert.equal(await opens(draftId), true)
  clockSays('2026-12-30T00:00:00.000Z')
  await expire()
  assert.equal(await kept(), 0)
})

test('a job deletes what is old and nothing else; a draft that comes later makes room too', async (t) => {
  const { save, opens, clockSays, expire, kept } = await drafts(t)
  const old = await save(newCode())
  clockSays('2026-12-05T00:00:00.000Z')
  const young = await save(newCode())
  assert.equal(young.until, '2026-12-19')
  clockSays('2026-12-16T00:00:00.000Z')
  await expire()
  assert.deepEqual([await opens(old.draftId), await opens(young.draftId)], [false, true])
  clockSays('2026-12-20T00:00:00.000Z')
  await save(newCode())
  assert.equal(await kept(), 1)
})
