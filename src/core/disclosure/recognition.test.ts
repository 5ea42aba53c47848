import assert from 'node:assert/strict'
import { test } from 'node:test'
import { instant } from '../../base/time.ts'
import {
  agreedCredit,
  type CreditFacts,
  chooseCredit,
  publicCredit,
  setCredit,
} from './recognition.ts'
import type { RecognitionEvent, RecognitionState } from './recognition-state.ts'
import { foldRecognition, noRecognition } from './recognition-state.ts'

const at = (day: string) => instant(`2026-${day}T10:00:00.000Z`)
const ID = '5b1f4a52-6c0e-4c43-9a35-2d8b7a8f9c10'

function told(...events: readonly (readonly [day: string, RecognitionEvent])[]): RecognitionState {
  return events.reduce(
    (state, [day, event], index) =>
      foldRecognition(state, { event, at: at(day), by: 'x', version: index + 1 }),
    noRecognition,
  )
}

const chosen = (name: string | null): RecognitionEvent => ({
  type: 'creditChosen',
  shownAs: name === null ? 'nothing' : 'pseudonym',
  name,
})
const set = (name: string | null, roles: 'finder'[] = ['finder']): RecognitionEvent => ({
  type: 'creditSet',
  creditId: ID,
  roles,
  name,
})

const facts: CreditFacts = {
  recognition: noRecognition,
  hasMailbox: true,
  isMisconduct: false,
  isUnderEmbargo: false,
  publishedAt: at('03-04'),
  embargoEndedAt: null,
}
const both = told(['02-01', chosen('Blue Kite')], ['02-20', set('Blue Kite')])

test('a name is letters, digits and a few signs, and nothing that could be an address', () => {
  const choose = (name: string) => chooseCredit(facts, { shownAs: 'name', name })
  for (const name of ['Blue Kite', ' Zoë O’Neil ', '李雷', 'مها', 'b_kite@42', 'A'.repeat(80)]) {
    assert.equal(choose(name).decision, 'permit', name)
  }
  const bad = [
    '',
    '   ',
    'A'.repeat(81),
    'https://x.example',
    'a\nb',
    'a\u202eb',
    '<b>',
    '-a',
    'a\u0000',
    'a;b',
    'a"b',
    'a%20',
    '\u0301a',
  ]
  for (const name of bad) {
    const no = choose(name)
    assert.equal(no.decision === 'refuse' && no.why, 'notAName', JSON.stringify(name))
  }
})

test('a name is kept in one spelling and trimmed; no name is kept for nobody', () => {
  const named = chooseCredit(facts, { shownAs: 'pseudonym', name: ' Zoe\u0308 ' })
  assert.deepEqual(named.decision === 'permit' && named.value, [
    { type: 'creditChosen', shownAs: 'pseudonym', name: 'Zo\u00eb' },
  ])
  const back = chooseCredit(
    { ...facts, recognition: both },
    { shownAs: 'nothing', name: 'Blue Kite' },
  )
  assert.deepEqual(back.decision === 'permit' && back.value, [
    { type: 'creditChosen', shownAs: 'nothing', name: null },
  ])
})

test('after twenty changes a name can still be taken back, and nothing else', () => {
  const often = told(
    ...Array.from({ length: 20 }, (_, i) => ['02-01', chosen(`Kite ${i}`)] as const),
  )
  const tired = { ...facts, recognition: often }
  const again = chooseCredit(tired, { shownAs: 'name', name: 'Other' })
  assert.equal(again.decision === 'refuse' && again.why, 'tooManyChanges')
  assert.equal(chooseCredit(tired, { shownAs: 'nothing', name: '' }).decision, 'permit')
})

test('what changes nothing, and a name for a report of misconduct, is refused', () => {
  const none = chooseCredit(facts, { shownAs: 'nothing', name: '' })
  assert.equal(none.decision === 'refuse' && none.why, 'nothingChanged')
  const same = chooseCredit(
    { ...facts, recognition: both },
    { shownAs: 'pseudonym', name: 'Blue Kite' },
  )
  assert.equal(same.decision === 'refuse' && same.why, 'nothingChanged')
  const named = chooseCredit({ ...facts, isMisconduct: true }, { shownAs: 'name', name: 'Kite' })
  assert.equal(named.decision === 'refuse' && named.why, 'misconduct')
})

test('an officer says for what, and only the name that the reporter chose', () => {
  const say = (
    changed: Partial<CreditFacts>,
    name: string | null,
    roles: ('finder' | 'analyst')[],
  ) => {
    const done = setCredit({ ...facts, ...changed }, { creditId: ID, roles, name })
    return done.decision === 'permit' ? done.value : done.why
  }
  const wish = told(['02-01', chosen('Blue Kite')])
  assert.deepEqual(say({ recognition: wish }, 'Blue Kite', ['finder', 'analyst', 'finder']), [
    { type: 'creditSet', creditId: ID, roles: ['analyst', 'finder'], name: 'Blue Kite' },
  ])
  assert.deepEqual(say({}, null, ['finder']), [
    { type: 'creditSet', creditId: ID, roles: ['finder'], name: null },
  ])
  assert.equal(say({}, 'Blue Kite', ['finder']), 'nameNotChosen')
  assert.equal(say({ recognition: wish }, 'blue kite', ['finder']), 'nameNotChosen')
  assert.equal(
    say({ recognition: told(['02-01', chosen(null)]) }, 'Blue Kite', ['finder']),
    'nameNotChosen',
  )
  assert.equal(say({ recognition: wish }, 'Blue Kite', []), 'noRole')
  assert.equal(say({}, null, []), 'nothingChanged')
  assert.equal(say({ recognition: both }, 'Blue Kite', ['finder']), 'nothingChanged')
  assert.equal(say({ hasMailbox: false }, null, ['finder']), 'noMailbox')
  assert.equal(say({ isMisconduct: true }, null, ['finder']), 'misconduct')
})

test('the number of a certificate stays when it is said anew', () => {
  const other = '00000000-0000-4000-8000-000000000000'
  const done = setCredit(
    { ...facts, recognition: both },
    { creditId: other, roles: [], name: null },
  )
  assert.deepEqual(done.decision === 'permit' && done.value, [
    { type: 'creditSet', creditId: ID, roles: [], name: null },
  ])
})

test('a line is public in the month of the last thing that it takes', () => {
  const line = { creditId: ID, name: 'Blue Kite', roles: ['finder'] }
  const of = (changed: Partial<CreditFacts>) =>
    publicCredit({ ...facts, recognition: both, ...changed })
  assert.deepEqual(of({}), { ...line, month: '2026-03' })
  assert.equal(of({ publishedAt: at('02-10') })?.month, '2026-02')
  assert.equal(of({ embargoEndedAt: at('04-30') })?.month, '2026-04')
  const closed = { ...both, closedAt: at('05-01') }
  assert.equal(of({ recognition: closed })?.month, '2026-03')
  assert.equal(of({ recognition: closed, publishedAt: null })?.month, '2026-05')
})

test('without both voices, in an embargo, before the end or for misconduct there is no line', () => {
  const none: Partial<CreditFacts>[] = [
    { recognition: noRecognition },
    { recognition: told(['02-01', chosen('Blue Kite')]) },
    { recognition: told(['02-01', set('Blue Kite')]) },
    { recognition: told(['02-01', chosen('Blue Kite')], ['02-02', set(null)]) },
    { recognition: told(['02-01', chosen('Blue Kite')], ['02-02', set('Blue Kite', [])]) },
    { recognition: told(['02-01', chosen('A')], ['02-02', set('A')], ['02-03', chosen(null)]) },
    { recognition: told(['02-01', chosen('A')], ['02-02', set('A')], ['02-03', chosen('B')]) },
    { isUnderEmbargo: true },
    { publishedAt: null },
    { isMisconduct: true },
  ]
  for (const [index, changed] of none.entries()) {
    assert.equal(publicCredit({ ...facts, recognition: both, ...changed }), undefined, `${index}`)
  }
})

test('an advisory may name who agreed, before the page of thanks does', () => {
  const agreed = agreedCredit({ recognition: both, isMisconduct: false })
  assert.equal(agreed?.name, 'Blue Kite')
  assert.equal(agreed?.agreedAt, at('02-20'))
  assert.equal(agreedCredit({ recognition: both, isMisconduct: true }), undefined)
})
