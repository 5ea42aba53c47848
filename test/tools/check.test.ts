/** The checks that `npm run check` makes by itself: words and catalogues. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { checkCatalogues } from '../../tools/catalogues.ts'
import { HOUSE_WORDS, houseWordsIn, isRead } from '../../tools/house-words.ts'

describe('house words', () => {
  /** Joined here, so that this file does not hold what it plants. */
  const PLANTED = [
    ['/wo', 'rk/main/x'],
    ['/fa', 'rm/x'],
    ['/ho', 'me/grace/x'],
    ['../sha', 'red/design'],
    ['https://regi', 'stry.npmjs.org/x'],
    ['https://de', 'b.debian.org/x'],
    ['asked by the C', 'EO'],
    ['the stee', 'ring repo'],
    ['in th', 'is session we'],
    ['a sub', 'agent'],
    ['Co-auth', 'ored-by: someone'],
    ['see iss', 'ue 12'],
  ].map((parts) => parts.join(''))

  for (const text of PLANTED) {
    test(`finds: ${text.slice(0, 4)}…`, () => {
      assert.deepEqual(
        houseWordsIn(`a line\n${text}\n`).map(({ line }) => line),
        [2],
      )
    })
  }

  test('each pattern is planted', () => {
    const unplanted = HOUSE_WORDS.filter(
      ({ pattern }) => !PLANTED.some((text) => pattern.test(text)),
    )
    assert.deepEqual(unplanted, [])
  })

  test('ordinary words pass', () => {
    const text = `a session of an officer; the framework of ministers; an issue of law
"https://registry.example/"; ./shared/x; a co-author; network/main`
    assert.deepEqual(houseWordsIn(text), [])
  })

  test('files that a program wrote are not read', () => {
    assert.equal(isRead('package-lock.json'), false)
    assert.equal(isRead('src/base/bytes.ts'), true)
    assert.equal(isRead('.ci/run'), true)
  })
})

describe('message catalogues', () => {
  const en = { 'portal.json': { title: 'Report a harm', greeting: 'Hello {$name}' } }

  function findings(...languages: readonly (readonly [string, object])[]): string[] {
    const catalogue = (files: object) => new Map(Object.entries(files))
    return checkCatalogues(
      new Map(languages.map(([language, files]) => [language, catalogue(files)])),
    )
  }

  test('equal keys and variables pass', () => {
    const fr = { 'portal.json': { greeting: 'Bonjour {$name}', title: 'Signaler' } }
    assert.deepEqual(findings(['en', en], ['fr', fr]), [])
  })

  const FAULTS: readonly (readonly [name: string, fr: object, finding: string])[] = [
    [
      'a missing key',
      { 'portal.json': { title: 'Signaler' } },
      'fr/portal.json greeting is missing',
    ],
    [
      'a key of its own',
      { 'portal.json': { ...en['portal.json'], more: 'x' } },
      'fr/portal.json more is not in en',
    ],
    [
      'another variable',
      { 'portal.json': { title: 'x', greeting: 'Bonjour {$nom}' } },
      'fr/portal.json greeting uses other variables than en',
    ],
    [
      'an empty text',
      { 'portal.json': { ...en['portal.json'], title: ' ' } },
      'fr/portal.json title is not a text',
    ],
  ]
  for (const [name, fr, finding] of FAULTS) {
    test(`${name} is found`, () => {
      assert.deepEqual(findings(['en', en], ['fr', fr]), [finding])
    })
  }

  test('a key in two files is found', () => {
    const twice = { ...en, 'officer.json': { title: 'Work' } }
    assert.deepEqual(findings(['en', twice]), ['title stands in portal.json and officer.json'])
  })

  test('no catalogue at all is found', () => {
    assert.equal(findings().length, 1)
  })
})
