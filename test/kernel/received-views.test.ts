/** What peers showed of their cases is kept by case: the id of a release is its sender's choice. */
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { postgresReceivedViews } from '../../src/adapters/postgres/received-views.ts'
import { systemRandom } from '../../src/adapters/random.ts'
import { kernelDatabase, parts } from '../support/kernel-database.ts'

const own = { caseSummary: 'what the first peer showed' }
const other = { caseSummary: 'what another peer put in its place' }

async function twoCases(t: TestContext) {
  const views = postgresReceivedViews({ ...parts, database: await kernelDatabase(t) })
  const releaseId = systemRandom.uuid()
  const place = { caseId: systemRandom.uuid(), releaseId }
  return { views, place, elsewhere: { caseId: systemRandom.uuid(), releaseId } }
}

test('a release of another case does not take the place of one with the same id', async (t) => {
  const { views, place, elsewhere } = await twoCases(t)
  await views.keep(place, own)
  await assert.rejects(views.keep(elsewhere, other), { code: 'malformed' })
  assert.deepEqual(await views.read(place), own)
  await views.keep(place, { caseSummary: 'kept again' })
  assert.deepEqual(await views.read(place), { caseSummary: 'kept again' })
})

test('nothing is read or destroyed by the id of a release in another case', async (t) => {
  const { views, place, elsewhere } = await twoCases(t)
  await views.keep(place, own)
  assert.equal(await views.read(elsewhere), undefined)
  await views.destroy(elsewhere)
  assert.deepEqual(await views.read(place), own)
  await views.destroy(place)
  assert.equal(await views.read(place), undefined)
  await assert.rejects(views.keep(place, own), { code: 'malformed' })
})
