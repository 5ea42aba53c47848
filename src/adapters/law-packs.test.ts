import assert from 'node:assert/strict'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { ComityError } from '../base/errors.ts'
import { libraryHolidays, loadLawPacks } from './law-packs.ts'

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
      assert.ok(holidaysOf(holidays, 2027).size >= 8, holidays)
    }
  }
})
