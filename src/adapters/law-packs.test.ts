import assert from 'node:assert/strict'
import {
  appendFileSync,
  cpSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { lawFolder, type Zedland } from '../../test/support/invented-law.ts'
import { ComityError } from '../base/errors.ts'
import { libraryHolidays, loadLaw, loadLawPacks, readLaw } from './law-packs.ts'
import { preparedLaw, prepareLaw } from './law-packs-prepared.ts'

const law = fileURLToPath(new URL('../../law', import.meta.url))

test('loads every pack of the folder, in one order', () => {
  const ids = loadLawPacks(law).map(({ id }) => id)
  assert.ok(ids.includes('law.eu') && ids.includes('law.gb') && ids.includes('law.us-ca'))
  assert.deepEqual(
    ids,
    loadLawPacks(law).map(({ id }) => id),
  )
})

test('two versions of one pack that are valid at once do not load', () => {
  const folder = mkdtempSync(join(tmpdir(), 'law-'))
  try {
    cpSync(join(law, 'questions.yaml'), join(folder, 'questions.yaml'))
    for (const name of ['gb', 'gb-again']) {
      cpSync(join(law, 'gb'), join(folder, name), { recursive: true })
    }
    assert.throws(
      () => loadLawPacks(folder),
      (error) => error instanceof ComityError && error.reason === 'overlapping-validity',
    )
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('the places that packs name have public holidays', () => {
  const holidaysOf = libraryHolidays()
  for (const pack of loadLawPacks(law)) {
    for (const { holidays } of pack.calendar.places) {
      assert.ok(holidaysOf(holidays, 2027).size >= 6, holidays)
    }
  }
})

const OLD: Zedland = { version: '0.1.0', validFrom: '2026-01-01' }
const NEW: Zedland = { version: '0.2.0', validFrom: '2026-06-01', replaces: '0.1.0', days: 10 }

test('a newer version closes the one that it replaces, on the day on which it begins', (t) => {
  const folder = lawFolder(t, { zz: NEW, 'zz/versions/0.1.0': OLD })
  const { current, versions } = loadLaw(folder)
  assert.deepEqual(
    current.map(({ version }) => version),
    ['0.2.0'],
  )
  assert.deepEqual(
    versions.map(({ version, validFrom, validTo }) => [version, validFrom, validTo]),
    [
      ['0.2.0', '2026-06-01', null],
      ['0.1.0', '2026-01-01', '2026-06-01'],
    ],
  )
})

/** What is wrong, where the file with the fault lies, the path in it, and the reason. */
const BAD: readonly [string, Readonly<Record<string, Zedland>>, string, string][] = [
  [
    'valid at once, and neither replaces the other',
    { zz: { version: '0.2.0', validFrom: '2026-06-01' }, 'zz/versions/0.1.0': OLD },
    'zz/pack.yaml#/validFrom',
    'overlapping-validity',
  ],
  [
    'valid at once, although an end is given that is too late',
    {
      zz: { version: '0.2.0', validFrom: '2026-06-01' },
      'zz/versions/0.1.0': { ...OLD, validTo: '2026-06-02' },
    },
    'zz/pack.yaml#/validFrom',
    'overlapping-validity',
  ],
  [
    'replaces a version that is not there',
    { zz: NEW },
    'zz/pack.yaml#/replaces',
    'unknown-version',
  ],
  [
    'begins before the version that it replaces',
    { zz: NEW, 'zz/versions/0.1.0': { ...OLD, validFrom: '2026-07-01' } },
    'zz/pack.yaml#/replaces',
    'replaces-later',
  ],
  [
    'begins on the same day as the version that it replaces',
    { zz: NEW, 'zz/versions/0.1.0': { ...OLD, validFrom: '2026-06-01' } },
    'zz/pack.yaml#/replaces',
    'replaces-later',
  ],
  [
    'leaves a gap after the version that it replaces',
    { zz: NEW, 'zz/versions/0.1.0': { ...OLD, validTo: '2026-05-01' } },
    'zz/pack.yaml#/replaces',
    'validity-gap',
  ],
  [
    'is one of two that replace the same version',
    {
      zz: { ...NEW, version: '0.3.0', validFrom: '2026-09-01' },
      'zz/versions/0.2.0': NEW,
      'zz/versions/0.1.0': OLD,
    },
    '/replaces',
    'replaced-twice',
  ],
  [
    'is there twice',
    { zz: OLD, 'zz/versions/0.1.0': OLD },
    'pack.yaml#/version',
    'overlapping-validity',
  ],
  [
    'lies under the number of another version',
    { zz: NEW, 'zz/versions/0.0.9': OLD },
    'zz/versions/0.0.9/pack.yaml#/version',
    'version-folder',
  ],
  [
    'lies beside another pack',
    { zz: NEW, 'zz/versions/0.1.0': { ...OLD, legalOrder: 'YY' } },
    'zz/versions/0.1.0/pack.yaml#/pack',
    'pack-id',
  ],
]
for (const [name, packs, field, reason] of BAD) {
  test(`a version does not load that ${name}`, (t) => {
    const folder = lawFolder(t, packs)
    assert.throws(
      () => loadLaw(folder),
      (error) => {
        assert.ok(error instanceof ComityError)
        assert.equal(error.reason, reason)
        assert.ok(error.field?.includes(field), error.message)
        assert.ok(error.message.includes(field), error.message)
        return true
      },
    )
  })
}

test('packs that were prepared are those of the YAML, amounts and all', (t) => {
  const folder = lawFolder(t, {})
  const file = join(folder, 'packs.json')
  assert.equal(preparedLaw(law, file), undefined)
  assert.equal(prepareLaw(law, readLaw, file), true)
  assert.equal(prepareLaw(law, readLaw, file), false)
  assert.deepEqual(preparedLaw(law, file), readLaw(law))
})

test('one changed byte, one file more or one less, and the YAML is read', (t) => {
  const folder = lawFolder(t, { zz: NEW, 'zz/versions/0.1.0': OLD })
  const kept = join(lawFolder(t, {}), 'packs.json')
  prepareLaw(folder, readLaw, kept)
  assert.ok(preparedLaw(folder, kept))
  const act = join(folder, 'zz/act.yaml')
  const text = readFileSync(act, 'utf8')
  writeFileSync(act, text.replace('count: 10', 'count: 11'))
  assert.equal(preparedLaw(folder, kept), undefined)
  const [pack] = loadLaw(folder).current
  assert.deepEqual(pack?.instruments[0]?.clocks[0]?.period, { count: 11, unit: 'calendar_day' })
  writeFileSync(act, text)
  assert.ok(preparedLaw(folder, kept))
  writeFileSync(join(folder, 'zz/more.yaml'), '')
  assert.equal(preparedLaw(folder, kept), undefined)
  rmSync(join(folder, 'zz/more.yaml'))
  appendFileSync(join(folder, 'questions.yaml'), '# read again\n')
  assert.equal(preparedLaw(folder, kept), undefined)
})

test('a pack that is not UTF-8 text does not load: its digest would be that of another', (t) => {
  const folder = lawFolder(t, { zz: NEW })
  appendFileSync(join(folder, 'zz/act.yaml'), Buffer.from([0x23, 0x20, 0xff, 0xfe, 0x0a]))
  assert.throws(
    () => loadLaw(folder),
    (error) => error instanceof ComityError && error.reason === 'not-text',
  )
})

test('what is no file, or without end, does not load', (t) => {
  const folder = lawFolder(t, { zz: NEW })
  const act = join(folder, 'zz/act.yaml')
  rmSync(act)
  symlinkSync('/dev/zero', act)
  assert.throws(
    () => readLaw(folder),
    (error) => error instanceof ComityError && error.reason === 'no-file',
  )
})
