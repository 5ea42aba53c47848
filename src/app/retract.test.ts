import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Instant } from '../base/time.ts'
import { actingAs } from './acting.ts'
import { foldCaseStream } from './case-stream.ts'
import type { AnyEvent } from './ports/streams.ts'
import { type InCase, retractReleases } from './retract.ts'

const now = '2026-03-02T09:00:00.000Z' as Instant
const [MERIDIA, ALBION] = ['meridia.example', 'albion.example']

const permitted = (releaseId: string) => ({
  ...{ type: 'releaseDecided', recipient: ALBION, agreement: null, decision: 'permit', why: null },
  ...{ policyDigest: '', purpose: 'investigation', legalBasis: 'a law', categories: [] },
  ...{ rightsTest: null, emergency: null, because: [], duties: [], view: {} },
  ...{ preparedBy: 'ada', reviewedBy: null, releaseId, kind: 'case' },
})

/** A case with `r1` and `r2`, of which `r2` was called back before; nothing left the node. */
function caseOf() {
  const appended: AnyEvent[] = []
  const events = [
    permitted('r1'),
    permitted('r2'),
    { type: 'releaseWithdrawn', releaseId: 'r2', cause: 'error', reason: 'a reason' },
  ] as unknown as readonly AnyEvent[]
  const history = events.map((event, index) => ({ event, version: index + 1, at: now, by: 'ada' }))
  const stream = {
    ...{ id: 'c', kind: 'case', history },
    append: async (more: readonly AnyEvent[]) => void appended.push(...more),
  }
  const kernel = {
    node: { id: MERIDIA },
    clocks: { caseNow: () => now, wireNow: () => now },
    peers: { find: () => undefined },
  }
  const place = { kernel, unit: {}, stream } as unknown as InCase
  const acting = actingAs({ id: 'ada', roles: [] }, place.kernel)
  const retract = (releaseIds: readonly string[], reason: string) =>
    retractReleases(place, foldCaseStream(history), { releaseIds, cause: 'error', reason }, acting)
  return { appended, retract }
}

test('what can be called back is, and what was before is left alone', async () => {
  const { appended, retract } = caseOf()
  assert.deepEqual(await retract(['r1', 'r2', 'r1'], 'it was wrong'), ['r1'])
  assert.deepEqual(appended, [
    { type: 'releaseWithdrawn', releaseId: 'r1', cause: 'error', reason: 'it was wrong' },
  ])
})

test('what cannot be called back is said in the case, by name and reason', async () => {
  const { appended, retract } = caseOf()
  assert.deepEqual(await retract(['r9', 'r1'], 'it was wrong'), ['r1'])
  assert.deepEqual(appended, [
    {
      type: 'actRefused',
      act: 'withdrawRelease',
      why: 'unknownRelease',
      because: [
        { rule: 'retraction:unknownRelease', text: 'r9: no permitted release has this id' },
      ],
    },
    { type: 'releaseWithdrawn', releaseId: 'r1', cause: 'error', reason: 'it was wrong' },
  ])
})

test('without a reason nothing is called back, and that too is said', async () => {
  const { appended, retract } = caseOf()
  assert.deepEqual(await retract(['r1', 'r2'], ' '), [])
  assert.deepEqual(
    appended.map((event) => 'why' in event && event.why),
    ['reasonMissing'],
  )
})
