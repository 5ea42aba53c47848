import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Instant } from '../base/time.ts'
import type { Admission } from '../core/access/case-access.ts'
import { type CaseState, noCase } from '../core/case/case.ts'
import type { Acting } from '../core/case/recorded.ts'
import { decideLook } from './other-side.ts'

const now = '2026-03-02T09:00:00.000Z' as Instant
const acting = { officer: 'guest-1', roles: [], authority: 'meridia.example', now } as Acting
const admission = { person: 'guest-1', capacity: 'guest', sees: ['exhibits'] } as unknown
const FREE = { handling: { tlp: 'CLEAR', codes: [] } }
const look = { exhibitId: 'x1', purpose: 'to answer it' }

function stateWith(retractions: readonly object[]): CaseState {
  const exhibit = {
    ...{ exhibitId: 'x1', releaseId: 'r1', derivedFrom: null, digest: 'a', isDestroyed: false },
  }
  const received = [
    { releaseId: 'r1', from: 'albion.example', categories: [], duties: [], ...FREE },
  ]
  const documents = [{ person: 'guest-1', part: 'exhibits', documentId: 'x1' }]
  return {
    ...noCase,
    access: { ...noCase.access, documents },
    evidence: { ...noCase.evidence, exhibits: [exhibit] },
    releases: { ...noCase.releases, received, retractions },
  } as unknown as CaseState
}

test('what its originator called back is shown to nobody at the seat of the other side', () => {
  const shown = decideLook(stateWith([]), admission as Admission, acting, look)
  assert.equal(shown.decision, 'permit')
  const calledBack = [{ releaseId: 'r1', from: 'albion.example', cause: 'error' }]
  const refused = decideLook(stateWith(calledBack), admission as Admission, acting, look)
  assert.equal(refused.decision === 'refuse' && refused.why, 'contentRetracted')
})
