import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PolicyRequest } from '../../core/release/request.ts'
import { createCedarPolicy } from './cedar.ts'

const request: PolicyRequest = {
  principal: { type: 'Officer', id: 'ada' },
  action: { type: 'Action', id: 'release' },
  resource: { type: 'Category', id: 'c' },
  context: { purpose: 'p' },
}
const PERMIT = '@id("a") permit (principal, action, resource);'

test('the answer names the policies that decided', () => {
  const { decide } = createCedarPolicy()
  assert.deepEqual(decide(PERMIT, request, []), { decision: 'allow', policyIds: ['a'], errors: [] })
  const forbid = `${PERMIT}\n@id("b") forbid (principal, action, resource) when { context.purpose == "p" };`
  assert.deepEqual(decide(forbid, request, []), { decision: 'deny', policyIds: ['b'], errors: [] })
  assert.deepEqual(decide('', request, []), { decision: 'deny', policyIds: [], errors: [] })
})

test('what cannot be parsed or evaluated is denied', () => {
  const { decide } = createCedarPolicy()
  const skipped = `${PERMIT}\n@id("b") forbid (principal, action, resource) when { context.missing };`
  const table: readonly [string, PolicyRequest][] = [
    ['permit (principal, action', request],
    ['permit (principal, action, resource);', request],
    [`${PERMIT}\n${PERMIT}`, request],
    ['@id("") permit (principal, action, resource);', request],
    ['@id("t") permit (principal == ?principal, action, resource);', request],
    [skipped, request],
    [PERMIT, { ...request, principal: { type: 'not a type', id: 'x' } }],
    [PERMIT, { ...request, context: { x: { __extn: { fn: 'ip', arg: 'not an address' } } } }],
    [PERMIT, { ...request, context: { x: null } }],
  ]
  for (const [policies, asked] of table) {
    const answer = decide(policies, asked, [])
    assert.equal(answer.decision, 'deny', policies)
    assert.ok(answer.errors.length > 0, policies)
  }
})

test('an answer that is kept is given to the very same question only', () => {
  const { decide } = createCedarPolicy()
  const role = (roles: readonly string[]) => [
    { uid: request.principal, attrs: { roles: [...roles] }, parents: [] },
  ]
  const policies = `@id("a") permit (principal, action, resource) when {
    principal.roles.contains("liaison") && context.purpose == "p" };`
  const answerTo = (...asked: Parameters<typeof decide>) => decide(...asked).decision
  for (let round = 0; round < 2; round++) {
    assert.equal(answerTo(policies, request, role(['liaison'])), 'allow')
    assert.equal(answerTo(policies, request, role([])), 'deny')
    const other = { ...request, context: { purpose: 'q' } }
    assert.equal(answerTo(policies, other, role(['liaison'])), 'deny')
    const amended = `${policies}\n@id("b") forbid (principal, action, resource);`
    assert.equal(answerTo(amended, request, role(['liaison'])), 'deny')
  }
})

test('more policy sets than slots, good and bad, are kept apart', () => {
  const { decide } = createCedarPolicy()
  for (let round = 0; round < 2; round++) {
    for (let n = 0; n < 90; n++) {
      const effect = n % 3 === 0 ? 'forbid' : 'permit'
      const text = `@id("p${n}") ${effect} (principal, action, resource);`
      if (n % 5 === 0) assert.ok(decide(`${text} x`, request, []).errors.length > 0)
      const expected = effect === 'permit' ? 'allow' : 'deny'
      assert.deepEqual(decide(text, request, []), {
        decision: expected,
        policyIds: [`p${n}`],
        errors: [],
      })
    }
  }
})
