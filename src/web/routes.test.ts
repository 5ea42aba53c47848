import assert from 'node:assert/strict'
import test from 'node:test'
import { linkTo, machineLink, ROUTES } from './routes.ts'

test('a link is the pattern with its parameters', () => {
  assert.equal(
    linkTo('en', 'officerWhy', { caseId: 'c1', decisionId: 'd1' }),
    '/en/officer/cases/c1/why/d1',
  )
  assert.equal(machineLink('openDataFile', { file: 'decisions.csv' }), '/open-data/decisions.csv')
})

test('a parameter cannot leave its place in the path', () => {
  assert.equal(
    linkTo('en', 'officerCase', { caseId: '../x?y#z' }),
    '/en/officer/cases/..%2Fx%3Fy%23z',
  )
})

test('a missing or empty parameter is our bug, not half a link', () => {
  assert.throws(() => linkTo('en', 'officerCase'), /needs caseId/)
  assert.throws(() => linkTo('en', 'officerCase', { caseId: '' }), /needs caseId/)
})

test('no two pages share an address', () => {
  const patterns = Object.values(ROUTES)
  assert.equal(new Set(patterns).size, patterns.length)
})
