import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Contact, checkContact, matches } from './contact.ts'

const good: Contact = {
  kind: 'cert',
  name: 'Cert Élan (invented)',
  country: 'BE',
  legalOrder: 'EU',
  node: null,
  mail: 'duty@cert.example',
  phone: '+32 2 555 01 23',
  web: 'https://cert.example/contact',
  securityTxt: 'https://cert.example/.well-known/security.txt',
  key: '0123 4567 89AB CDEF 0123 4567 89AB CDEF 0123 4567',
  hours: '24/7',
  person: null,
  notes: 'asks for PGP',
  verifiedOn: null,
  verifiedBy: null,
}

function why(changes: Partial<Contact>, others: readonly Contact[] = []): string {
  const checked = checkContact({ ...good, ...changes }, others)
  return checked.decision === 'refuse' ? checked.why : 'permitted'
}

test('an entry as it should be is taken', () => {
  assert.equal(why({}), 'permitted')
  const bare = { mail: null, phone: null, web: null, key: null, securityTxt: null }
  assert.equal(why({ ...bare, phone: '+1 (555) 010-9999' }), 'permitted')
  assert.equal(why({ key: `age1${'q'.repeat(58)}` }), 'permitted')
})

test('what cannot be used to reach anybody is refused, each for its own reason', () => {
  const bad: readonly [string, Partial<Contact>][] = [
    ['nameMissing', { name: ' ' }],
    ['badCountry', { country: 'be' }],
    ['badCountry', { country: 'BEL' }],
    ['badCountry', { country: '' }],
    ['noChannel', { mail: null, phone: null, web: null, securityTxt: null }],
    ['badMail', { mail: 'duty' }],
    ['badMail', { mail: 'a b@cert.example' }],
    ['badMail', { mail: 'x@y@cert.example' }],
    ['badMail', { mail: 'duty@cert.example\nBcc: all@cert.example' }],
    ['badMail', { mail: 'Duty <duty@cert.example>' }],
    ['badPhone', { phone: '02 555 01 23' }],
    ['badPhone', { phone: '+0 555 0123' }],
    ['badPhone', { phone: '+32 call me' }],
    ['badPhone', { phone: `+${'1'.repeat(16)}` }],
    ['badWeb', { web: 'http://cert.example' }],
    ['badWeb', { web: 'javascript:alert(1)' }],
    ['badWeb', { web: 'https://' }],
    ['badWeb', { web: 'https://cert.example/"><script>' }],
    ['badWeb', { securityTxt: 'ftp://cert.example' }],
    ['badKey', { key: '0123' }],
    ['badKey', { key: 'age1' }],
    ['badKey', { key: 'AGE-SECRET-KEY-1QQQQ' }],
  ]
  for (const [expected, changes] of bad) {
    assert.equal(why(changes), expected, JSON.stringify(changes))
  }
})

test('an entry stands once: the same kind, country and name is another listing of it', () => {
  assert.equal(why({}, [{ ...good, name: 'CERT ELAN (Invented)' }]), 'alreadyListed')
  assert.equal(why({}, [{ ...good, country: 'NL' }]), 'permitted')
  assert.equal(why({}, [{ ...good, kind: 'vendor' }]), 'permitted')
})

test('a search finds beginnings of words in any order, without accents, and not in the notes', () => {
  for (const found of ['elan', 'ELAN cert', 'BE cert', '24/7', 'cert.example', '']) {
    assert.ok(matches(good, found), found)
  }
  for (const missed of ['lan', 'nobody', 'elan nobody', 'PGP', 'asks']) {
    assert.ok(!matches(good, missed), missed)
  }
})
