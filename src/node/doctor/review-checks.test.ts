import assert from 'node:assert/strict'
import test from 'node:test'
import { softwareVersion } from '../software-version.ts'
import type { Patient } from './finding.ts'
import { outsideReview, safetyTexts } from './review-checks.ts'

const NOW_MS = Date.parse('2027-02-01T12:00:00Z')
const review = (over = {}) => ({
  ...{ by: 'A firm', on: '2027-01-31', version: softwareVersion() },
  ...{ report: 'https://firm.example/r', ...over },
})
const patient = (profile: string, outside?: object) =>
  ({
    nowMs: NOW_MS,
    config: { node: { profile }, ...(outside ? { outsideReview: outside } : {}) },
  }) as unknown as Patient
const said = async (profile: string, outside?: object) =>
  (await outsideReview.run(patient(profile, outside))).map(({ state, says }) => `${state} ${says}`)

test('a production node that nobody reviewed is told so; training is not', async () => {
  assert.deepEqual(await said('production'), ['warning not yet independently reviewed'])
  assert.deepEqual(await said('training'), [])
})

test('a review of this version is well, of another or to come it is not', async () => {
  assert.match((await said('production', review())).join(), /^well version .* by A firm/)
  assert.match((await said('production', review({ version: '0.0.1' }))).join(), /^warning reviewed/)
  assert.match((await said('production', review({ on: '2027-02-04' }))).join(), /to come$/)
})

test('languages whose promises nobody checked are named, in production', async () => {
  assert.deepEqual(await safetyTexts.run(patient('training')), [])
  const [finding] = await safetyTexts.run(patient('production'))
  assert.match(finding?.says ?? '', /^(read in \d+ languages|nobody has checked .*: [a-z, ]+)$/)
})
