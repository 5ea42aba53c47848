import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { AUTHORITIES } from './demo-authorities.ts'
import { lawOfNode } from './law-of-node.ts'

const LAW = fileURLToPath(new URL('../../law', import.meta.url))

test('the fictional Member State of the demonstration has its overlay, the others have none', () => {
  for (const { memberState, legalOrder } of AUTHORITIES) {
    const node = { profile: 'demo', ...(memberState ? { memberState } : {}) } as const
    const overlays = lawOfNode(node, LAW).flatMap(({ overlay }) => (overlay ? [overlay.code] : []))
    assert.equal(overlays.length > 0, legalOrder === 'EU')
    assert.ok(overlays.every((code) => code === 'XM'))
  }
})

for (const [what, memberState, profile, reason] of [
  ['a fictional State in production', 'XM', 'production', 'fictional'],
  ['a State without an overlay', 'FR', 'production', 'no-overlay'],
] as const) {
  test(`refused: ${what}`, () => {
    const wrong = { code: 'malformed', field: 'node.memberState', reason }
    assert.throws(() => lawOfNode({ memberState, profile }, LAW), wrong)
  })
}

test('without a Member State nobody is designated, in production too', () => {
  for (const pack of lawOfNode({ profile: 'production' }, LAW)) {
    assert.equal(pack.overlay, undefined)
    for (const { channels } of pack.instruments) {
      assert.ok(channels.every(({ designation }) => designation === null))
    }
  }
})
