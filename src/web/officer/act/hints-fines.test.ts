/** What an officer sees before proposing or approving a fine. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { shippedLaw } from '../../../cli/law/shipped-law.ts'
import { noCase } from '../../../core/case/case.ts'
import type { FineBasis } from '../../../core/enforcement/enforcement.ts'
import type { HintContext } from './hint-context.ts'
import { fineHints, fineText } from './hints-fines.ts'

const fine: FineBasis = {
  amountMinor: 1_000_050,
  currency: 'EUR',
  factors: { gravity: 'minors' },
  otherFines: 'none',
}
const limit: NonNullable<FineBasis['limit']> = {
  tier: 'eu.ai_act/t2',
  maximumMinor: '2400000000',
  currency: 'EUR',
  formula: 'the higher of EUR 15,000,000 and 3 %',
  steps: [],
  standing: 'not_yet_applicable',
  evidence: 'P',
  source: 'art. 99(4)',
  pack: { id: 'law.eu', version: '1', digest: 'd' },
}

test('the second officer sees the amount, its maximum, and what was found about others', () => {
  assert.equal(fineText(fine), 'EUR 10,000.50; no maximum of the law was named.')
  const because = { rule: 'law:prior-fine', text: 'Albion has imposed a fine.' }
  const found = { instrument: 'eu.ai_act', kind: 'factor', effect: 'weigh' } as const
  const priorFines = [{ ...found, fineId: 'f', factors: [], because }]
  assert.match(
    fineText({ ...fine, limit, priorFines }),
    /^EUR 10,000\.50; at most EUR 24,000,000 by eu\.ai_act\/t2 \(.*\)\. Albion has imposed a fine\.$/,
  )
  const open = { ...fine, limit: { ...limit, maximumMinor: null } }
  assert.match(fineText(open), /eu\.ai_act\/t2: the higher of EUR 15,000,000 and 3 %/)
})

const context = {
  read: {
    state: {
      ...noCase,
      law: {
        ...noCase.law,
        competence: { findings: [{ instrument: 'eu.ai_act', competent: 'yes' }] },
      },
      enforcement: {
        ...noCase.enforcement,
        otherFines: [
          {
            ...{ fineId: 'f1', authority: 'albion.example', isOwn: false, instrument: 'uk.dp' },
            ...{ state: 'imposed', sameInfringement: 'no', sameConduct: 'yes' },
            ...{ amountMinor: 500, currency: 'GBP', decidedOn: null, source: 'a letter' },
          },
        ],
      },
    },
  },
  law: shippedLaw(),
  node: { id: 'meridia.example', legalOrder: 'EU' },
  peers: [{ id: 'albion.example', name: 'Albion' }],
} as unknown as HintContext

test('who proposes a fine sees the maxima of its own law, the factors, and the known fines', () => {
  const { choices, records, values } = fineHints.imposeFine(context)
  const tiers = choices?.['tier'] ?? []
  const t2 = tiers.find(({ value }) => value === 'eu.ai_act/t2')
  assert.match(t2 && 'text' in t2 ? String(t2.text) : '', /the higher of EUR 15,000,000 and 3 %/)
  assert.ok(tiers.every(({ value }) => value.startsWith('eu.')))
  assert.ok(!tiers.some(({ value }) => value === 'eu.ai_act/sme'), 'a modifier is no tier')
  const factors = Object.keys(records?.['factors'] ?? {})
  assert.ok(factors.includes('prior_fines_by_other_authorities_same_conduct'))
  assert.equal(
    values?.['otherFines'],
    'Albion: Imposed, GBP 5, uk.dp, same infringement: no, same conduct: yes',
  )
})
