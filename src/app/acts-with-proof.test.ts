import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { caseActs } from './acts.ts'
import { ACTS_WITH_PROOF, wantsProof } from './acts-with-proof.ts'

const PAGE = new URL('../../docs/operating/sign-in.md', import.meta.url)

test('the page for administrators lists exactly the acts that ask for a fresh proof', () => {
  const [, section = ''] = readFileSync(PAGE, 'utf8').split('## Acts that ask for a fresh proof')
  const rows = section.split('\n').filter((line) => line.startsWith('| it '))
  const listed = rows.flatMap((row) => [...row.matchAll(/`(\w+)`/g)].map(([, name]) => name))
  assert.deepEqual(listed.sort(), ACTS_WITH_PROOF.map(({ name }) => name).sort())
})

test('whatever lets content leave asks for a proof; what only prepares it does not', () => {
  const leaving = [
    'releaseToPeer',
    'releaseByHand',
    'inviteToCase',
    'matchWithPeer',
    'answerAssistance',
  ]
  for (const name of [...leaving, 'exportEvidencePackage', 'publishAdvisory']) {
    assert.ok(wantsProof(name), name)
  }
  for (const name of ['prepareAnswer', 'recordFacts', 'setAbsence', 'no such act', '']) {
    assert.equal(wantsProof(name), false, name)
  }
  assert.ok(caseActs.some(({ name }) => name === 'prepareAnswer'))
})
