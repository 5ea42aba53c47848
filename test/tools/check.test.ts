/** The checks that `npm run check` makes by itself: words and catalogues. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type Catalogues, checkCatalogues, digestOf } from '../../tools/catalogues.ts'
import { HOUSE_WORDS, houseWordsIn, isRead } from '../../tools/house-words.ts'
import { filesOf, listing, takeIn } from '../../tools/locale-gaps.ts'

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
  const ENGLISH = {
    title: 'Report a harm',
    greeting: 'Hello {$name}',
    days: '.input {$count :number} .match $count one {{{$count} day}} * {{{$count} days}}',
  }
  const FRENCH = {
    title: 'Signaler',
    greeting: 'Bonjour {$name}',
    days: '.input {$count :number} .match $count one {{{$count} jour}} * {{{$count} jours}}',
  }
  type Texts = Readonly<Record<string, unknown>>

  const messagesIn = (lang: string, texts: Texts, scope = 'public', file = 'portal.json') =>
    Object.entries(texts).map(([key, text]) => ({ lang, scope, file, key, text }))

  function catalogues(fr: Texts, offered: readonly string[] = ['public'], lang = 'fr'): Catalogues {
    const english = Object.entries(ENGLISH).map(([key, text]) => [key, digestOf(text)])
    return {
      languages: { en: { offered: ['public', 'officers'] }, [lang]: { offered } },
      messages: [...messagesIn('en', ENGLISH), ...messagesIn(lang, fr)],
      translatedFrom: new Map([[lang, Object.fromEntries(english)]]),
      astray: [],
    }
  }

  test('equal keys and values pass', () => {
    assert.deepEqual(checkCatalogues(catalogues(FRENCH)), [])
  })

  const FAULTS: readonly (readonly [name: string, fr: Texts, finding: string])[] = [
    ['a missing key', { ...FRENCH, title: undefined }, 'fr/public title is missing'],
    ['a key of its own', { ...FRENCH, more: 'x' }, 'fr/public more is not in en'],
    [
      'another value',
      { ...FRENCH, greeting: 'Bonjour {$nom}' },
      'fr/public greeting uses other values than en: name',
    ],
    [
      'a lost value',
      { ...FRENCH, greeting: 'Bonjour' },
      'fr/public greeting uses other values than en: name',
    ],
    ['an empty text', { ...FRENCH, title: ' ' }, 'fr/public title is not a text'],
    [
      'a lost plural',
      { ...FRENCH, days: '.input {$count :number} .match $count * {{{$count} jours}}' },
      'fr/public days has no plural one',
    ],
    ['no plural at all', { ...FRENCH, days: '{$count} jours' }, 'fr/public days chooses no plural'],
  ]
  for (const [name, fr, finding] of FAULTS) {
    test(`${name} is found`, () => {
      const texts = Object.fromEntries(Object.entries(fr).filter(([, text]) => text !== undefined))
      assert.deepEqual(checkCatalogues(catalogues(texts)), [finding])
    })
  }

  test('a text that cannot be parsed is found', () => {
    const [finding = ''] = checkCatalogues(catalogues({ ...FRENCH, title: 'a {$ b' }))
    assert.match(finding, /^fr\/public title cannot be parsed/)
  })

  test('a language that is not offered may have gaps', () => {
    assert.deepEqual(checkCatalogues(catalogues({ title: '' }, [])), [])
  })

  test('Arabic tells six plurals apart, Japanese one', () => {
    const days = '.input {$count :number} .match $count one {{{$count}}} * {{{$count}}}'
    const [finding] = checkCatalogues(catalogues({ ...FRENCH, days }, ['public'], 'ar'))
    assert.equal(finding, 'ar/public days has no plural zero, two, few, many')
    const alone = '.input {$count :number} .match $count * {{{$count}}}'
    assert.deepEqual(checkCatalogues(catalogues({ ...FRENCH, days: alone }, ['public'], 'ja')), [])
  })

  test('a translation of an older English text is found, and taken anew', () => {
    const whole = catalogues(FRENCH)
    const older = new Map([
      ['fr', { ...whole.translatedFrom.get('fr'), title: digestOf('Report') }],
    ])
    const stale = { ...whole, translatedFrom: older }
    assert.deepEqual(checkCatalogues(stale), [
      'fr/public title was translated from an older English text',
    ])
    assert.deepEqual(listing(stale, 'fr', 'public').stale, {
      title: { en: 'Report a harm', was: 'Signaler' },
    })
    const { texts } = takeIn(stale, 'fr', { title: 'Signaler un dommage' })
    const files = filesOf(stale, 'fr', texts)
    assert.deepEqual(files.get('public/portal.json'), { ...FRENCH, title: 'Signaler un dommage' })
    assert.equal(files.get('translated-from.json')?.['title'], digestOf('Report a harm'))
  })

  test('only translations without a fault are taken', () => {
    const empty = catalogues({}, [])
    const given = { ...FRENCH, greeting: 'Bonjour', more: 'x' }
    const { texts, refused } = takeIn(empty, 'fr', given)
    assert.deepEqual([...texts.keys()], ['title', 'days'])
    assert.deepEqual(refused, ['greeting uses other values than en: name', 'more is not in en'])
    const listed = { missing: { ...ENGLISH, title: 'Report' } }
    assert.deepEqual(takeIn(empty, 'fr', { title: 'Signaler' }, listed).refused, [
      'title has another English text by now',
    ])
  })

  test('what English lost leaves the files of a language', () => {
    const files = filesOf(catalogues({ ...FRENCH, more: 'x' }), 'fr', new Map())
    assert.deepEqual(files.get('public/portal.json'), FRENCH)
  })

  test('a key in two files is found', () => {
    const whole = catalogues(FRENCH)
    const again = messagesIn('en', { title: 'Work' }, 'officers', 'work.json')
    assert.deepEqual(checkCatalogues({ ...whole, messages: [...whole.messages, ...again] }), [
      'title stands in public/portal.json and officers/work.json',
    ])
  })

  test('a file in no scope is found, with the place for it', () => {
    const [finding = ''] = checkCatalogues({ ...catalogues(FRENCH), astray: ['en/more.json'] })
    assert.match(finding, /put it in locales\/en\/public\/more\.json if reporters/)
  })

  test('no catalogue at all is found', () => {
    const none = { languages: {}, messages: [], translatedFrom: new Map(), astray: [] }
    assert.equal(checkCatalogues(none).length, 1)
  })
})
