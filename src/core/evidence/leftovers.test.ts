import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findLeftovers } from './leftovers.ts'

const found = (hidden: string, shown: string) =>
  findLeftovers([hidden], [{ place: 'p', text: shown }]).map(({ words }) => words)

test('hidden words that are still shown are found, however they are written', () => {
  const table: [string, string, string[]][] = [
    ['Ines Invented', 'and ines  INVENTED said', ['Ines Invented', 'Ines', 'Invented']],
    ['Ines Invented ', '(Ines)', ['Ines']],
    ['Invented,', "Invented's car", ['Invented']],
    ['call 0123456', 'on 0123456.', ['0123456']],
    ['a@b.example', 'mail a@b.example!', ['a@b.example']],
    ['the girl was seen on Tuesday with 4711-2234 in hand', 'file 4711-2234', ['4711-2234']],
    ['a girl was seen', 'Then a girl was seen again', ['a girl was seen', 'girl', 'seen']],
  ]
  for (const [hidden, shown, words] of table) assert.deepEqual(found(hidden, shown), words, hidden)
})

test('words that are not hidden, or too short to mean anything, are not found', () => {
  const table: [string, string][] = [
    ['Ines Invented', 'Inesita was here'],
    ['Ines', 'lines of text'],
    ['34', 'paragraph 34'],
    ['is', 'it is so'],
    ['', 'anything'],
    [' . ', 'anything . else'],
    ['the girl was seen on Tuesday by many', 'a girl was seen on Tuesday'],
  ]
  for (const [hidden, shown] of table) assert.deepEqual(found(hidden, shown), [], hidden)
})

test('the list is bounded', () => {
  const shown = Array.from({ length: 500 }, (_, i) => ({ place: String(i), text: 'Ines' }))
  assert.equal(findLeftovers(['Ines'], shown).length, 200)
})
