import assert from 'node:assert/strict'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { LawPack } from '../core/law/pack.ts'
import { loadLaw, loadOverlays, withOverlay } from './law-packs.ts'

const LAW = fileURLToPath(new URL('../../law', import.meta.url))
const [meridia] = loadOverlays(LAW)
assert.ok(meridia !== undefined)
const { versions } = loadLaw(LAW)

test('only the pack that an overlay is for is changed', () => {
  for (const [n, pack] of withOverlay(versions, meridia).entries()) {
    if (pack.id === 'law.eu') assert.notEqual(pack.digest, versions[n]?.digest)
    else assert.equal(pack, versions[n])
  }
})

test('an overlay holds for the versions that begin while it is valid', () => {
  const eu = versions.find(({ id }) => id === 'law.eu') as LawPack
  const beginning = (validFrom: string) => ({ ...eu, validFrom: validFrom as LawPack['validFrom'] })
  const ended = { ...meridia, overlay: { ...meridia.overlay, validTo: '2027-01-01' as never } }
  const laid = withOverlay([beginning('2026-12-31'), beginning('2027-01-01')], ended)
  assert.deepEqual(
    laid.map(({ overlay }) => overlay?.code),
    ['XM', undefined],
  )
  assert.throws(() => withOverlay([beginning('2025-12-31')], meridia), { reason: 'holds-for-none' })
})

test('an overlay under another name than its code does not load, and the message says where', () => {
  const folder = mkdtempSync(join(tmpdir(), 'comity-law-'))
  try {
    mkdirSync(join(folder, 'eu/overlays'), { recursive: true })
    cpSync(join(LAW, 'eu/pack.yaml'), join(folder, 'eu/pack.yaml'))
    const text = readFileSync(join(LAW, 'eu/overlays/xm.yaml'))
    writeFileSync(join(folder, 'eu/overlays/fr.yaml'), text)
    const field = `${join(folder, 'eu/overlays/fr.yaml')}#/code`
    assert.throws(() => loadOverlays(folder), { field, reason: 'overlay-file' })
  } finally {
    rmSync(folder, { recursive: true })
  }
})
