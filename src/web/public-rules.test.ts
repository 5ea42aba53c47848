/**
 * Whatever may be refused to a reporter, an affected person or somebody from outside is
 * said in words of the catalogue: an English sentence of the core is no translation. The
 * refusals are read from the sources of what these people can do.
 */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { test } from 'node:test'
import { sampleRenderer } from '../../test/support/page-site.ts'
import { sampleContext, sampleModels, sampleOfficer } from '../../test/support/sample-models.ts'
import { WHY_NO_ACCESS } from '../core/access/decide-access.ts'
import { loadCatalogues } from './messages.ts'

const root = path.join(import.meta.dirname, '../..')
const messages = loadCatalogues(path.join(root, 'locales')).messagesFor('en', 'public')

/** Of each source the prefix of its rules, and which of its refusals only officers get. */
const SOURCES: readonly (readonly [file: string, prefix: string, ofOfficers: string])[] = [
  ['core/rights/statements.ts', 'statement', ''],
  ['core/rights/correspondence.ts', 'message', 'notTold'],
  ['core/rights/claims.ts', 'claim', 'alreadyDecided'],
  [
    'core/rights/appeals.ts',
    'otherSide',
    'unknownCommitment alreadyAnswered unknownAppeal alreadyClosed outcomeMissing',
  ],
  [
    'core/rights/consents.ts',
    'consent',
    'questionMissing shownByMissing unknownPerson alreadyRecorded coversNothing',
  ],
  ['core/access/shared-exhibit.ts', 'document', ''],
]

for (const [file, prefix, ofOfficers] of SOURCES) {
  test(`every refusal of ${file} that outsiders may get is a message`, () => {
    const text = readFileSync(path.join(root, 'src', file), 'utf8')
    const codes = [...text.matchAll(/\bno\(\s*'(\w+)'/g)].map(([, code = '']) => code)
    const ofOthers = new Set(codes.filter((code) => !ofOfficers.split(' ').includes(code)))
    assert.ok(ofOthers.size > 2, 'the source has refusals')
    const unsaid = [...ofOthers].filter((code) => !messages.has(`rule.${prefix}:${code}`))
    assert.deepEqual(unsaid, [])
  })
}

test('every refusal of access is a message', () => {
  const bySpelledOutRule = WHY_NO_ACCESS.filter((why) => why !== 'roleMissing')
  const unsaid = bySpelledOutRule.filter((why) => !messages.has(`rule.access:${why}`))
  assert.deepEqual(unsaid, [])
  assert.ok(messages.has('rule.role'), 'which names its act: role:readShared')
})

test('an outsider reads the message, an officer the words of the core with their numbers', async () => {
  const { render } = await sampleRenderer()
  const because = [
    { rule: 'statement:tooManyStatements', text: 'at most 5 answers a day and 50 in a case' },
    { rule: 'order:7f0c', text: 'a protective order (X 1) does not let you read it' },
    { rule: 'nobody:saidThis', text: 'a rule that no page of theirs knows' },
  ]
  const model = { ...sampleModels['error/problem'], because }
  const shown = render('error/problem', model, { ...sampleContext, signedIn: undefined } as never)
  assert.match(shown, /<bdi>You have sent as many answers as are taken/)
  assert.match(shown, /<bdi>A protective order does not let you read it\.<\/bdi>/)
  assert.match(shown, /<bdi lang="en">a rule that no page of theirs knows<\/bdi>/)
  const officers = render('error/problem', model, { ...sampleContext, signedIn: sampleOfficer })
  assert.match(officers, /<bdi lang="en">at most 5 answers a day and 50 in a case<\/bdi>/)
})
