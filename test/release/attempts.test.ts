/**
 * A part of the random attempts at a release, each beside the slow model of the same rules
 * (support/release-model.ts). `node bench/attempts.ts` makes all 100,000 of them.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { attemptReleases } from '../support/release-attempts.ts'
import { judge } from '../support/release-model.ts'
import { randomSituation } from '../support/release-situation.ts'
import { seededRandom } from '../support/seeded-random.ts'

const ATTEMPTS = 5000
const seed = Number(process.env['COMITY_SEED'] ?? Math.floor(Math.random() * 1e9))

test('the decision and the slow model agree on every random attempt', () => {
  const { attempts, permitted, refused, reasons, disagreements } = attemptReleases(seed, ATTEMPTS)
  assert.deepEqual(disagreements, [])
  assert.equal(attempts, ATTEMPTS)
  assert.ok(permitted > 100 && refused > 1000, `${permitted} permitted, ${refused} refused`)
  const never = REASONS.filter((why) => (reasons.get(why) ?? 0) === 0)
  assert.deepEqual(never, [], `seed ${seed}: reasons that no attempt met`)
})

/** Every reason of the decision but a failing engine, which is tested apart. */
const REASONS = [
  ...['alreadyDecided', 'agreementNotInForce', 'nothingToRelease', 'unknownConstraint'],
  ...['officerNotAuthorised', 'recipientNotParty', 'purposeNotCovered', 'categoryNotReleasable'],
  ...['clauseNotInEffect', 'conditionNotMet', 'lawBlocks', 'noTransferInstrument', 'orderForbids'],
  ...['handlingForbids', 'originatorConsentMissing', 'contentRetracted', 'exhibitRejected'],
  'consentMissing',
  ...['authorisationMissing', 'noEmergency', 'secondOfficerMissing', 'embargoConsentMissing'],
  ...['rightsTestMissing', 'rightsTestFailed', 'reviewMissing', 'officerConflict'],
  ...['reviewerConflict', 'recipientLeft', 'reportNotReceived'],
]

test('the model is no echo: it says no where one thing of a permitted release is changed', () => {
  const random = seededRandom(seed)
  let seen = 0
  while (seen < 20) {
    const situation = randomSituation(random)
    if (!judge(situation).isPermitted) continue
    seen += 1
    const { asked } = situation
    const worse = [
      { ...situation, test: null },
      { ...situation, phase: 'suspended' as const },
      { ...situation, conflicted: [asked.person.officer] },
      { ...situation, asked: { ...asked, purpose: 'none' } },
      { ...situation, asked: { ...asked, roles: ['reviewer'] as const } },
      { ...situation, asked: { ...asked, recipient: asked.authority } },
      { ...situation, asked: { ...asked, categories: [...asked.categories, 'unheardOf'] } },
    ]
    for (const one of worse) assert.equal(judge(one).isPermitted, false, JSON.stringify(one))
  }
})
