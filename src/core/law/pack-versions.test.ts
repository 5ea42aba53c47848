import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lawFolder } from '../../../test/support/invented-law.ts'
import { loadLaw } from '../../adapters/law-packs.ts'
import { calendarDate } from '../../base/time.ts'
import { packRef } from './pack.ts'
import { findVersion, packsOn, versionBefore, versionsOf } from './pack-versions.ts'

const PACKS = {
  zz: { version: '0.3.0', validFrom: '2026-09-01', replaces: '0.2.0' },
  'zz/versions/0.1.0': { version: '0.1.0', validFrom: '2026-01-01' },
  'zz/versions/0.2.0': { version: '0.2.0', validFrom: '2026-06-01', replaces: '0.1.0' },
  yy: { version: '1.0.0', legalOrder: 'YY', validFrom: '2026-03-01' },
} as const

test('a day has the version that is valid on it, and before the first the first', (t) => {
  const { versions } = loadLaw(lawFolder(t, PACKS))
  for (const [day, version] of [
    ['2025-12-31', '0.1.0'],
    ['2026-01-01', '0.1.0'],
    ['2026-05-31', '0.1.0'],
    ['2026-06-01', '0.2.0'],
    ['2026-08-31', '0.2.0'],
    ['2026-09-01', '0.3.0'],
    ['2040-01-01', '0.3.0'],
  ] as const) {
    const packs = packsOn(versions, calendarDate(day))
    assert.deepEqual(packs.map((pack) => [pack.id, pack.version]).sort(), [
      ['law.yy', '1.0.0'],
      ['law.zz', version],
    ])
  }
})

test('versions are found by digest, oldest first, each with the one before it', (t) => {
  const { versions } = loadLaw(lawFolder(t, PACKS))
  const own = versionsOf(versions, 'law.zz')
  assert.deepEqual(
    own.map(({ version }) => version),
    ['0.1.0', '0.2.0', '0.3.0'],
  )
  const [first, second, third] = own
  assert.ok(first && second && third)
  assert.equal(versionBefore(versions, third), second)
  assert.equal(versionBefore(versions, second), first)
  assert.equal(versionBefore(versions, first), undefined)
  assert.equal(findVersion(versions, packRef(second)), second)
  for (const other of [{ digest: third.digest }, { version: '0.3.0' }, { id: 'law.yy' }]) {
    assert.equal(findVersion(versions, { ...packRef(second), ...other }), undefined)
  }
})
