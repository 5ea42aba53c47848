import assert from 'node:assert/strict'
import { test } from 'node:test'
import { navigationOf } from './navigation.ts'
import type { PageName } from './pages.ts'

const placeOf = (page: PageName) =>
  navigationOf(page, 'officer', ['oversight']).find(({ isCurrent }) => isCurrent)

for (const [page, route] of [
  ['oversight/act', 'oversight'],
  ['oversight/record', 'oversight'],
  ['officer/people-act', 'officerMe'],
] as const) {
  test(`${page} stands under ${route}, as a page below it`, () => {
    assert.deepEqual(placeOf(page), { route, isCurrent: true, isPage: false })
  })
}

test('a page of no place marks none, and reporters get no navigation', () => {
  assert.equal(placeOf('error/problem'), undefined)
  assert.deepEqual(navigationOf('reporter/start', 'reporter', undefined), [])
})
