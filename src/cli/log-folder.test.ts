import assert from 'node:assert/strict'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { temporaryFolder } from '../../test/support/temporary-folder.ts'
import { logFolder } from './log-folder.ts'

test('a file behind a link is not read, wherever the link stands', async () => {
  const [folder, elsewhere] = [temporaryFolder(), temporaryFolder()]
  mkdirSync(join(elsewhere, '000.p'))
  for (const name of ['000', '000.p/3']) writeFileSync(join(elsewhere, name), 'of another folder')
  mkdirSync(join(folder, 'tile'))
  symlinkSync(elsewhere, join(folder, 'tile', '0'))
  symlinkSync(join(elsewhere, '000'), join(folder, 'checkpoint'))
  mkdirSync(join(folder, 'tile', '1'))
  writeFileSync(join(folder, 'tile', '1', '000'), 'ours')
  const copy = logFolder(folder)
  for (const path of ['checkpoint', 'tile/0/000', 'tile/0/000.p/3']) {
    await assert.rejects(copy.read(path), { code: 'malformed' }, path)
  }
  assert.deepEqual(await copy.partialWidths('tile/0/000'), [])
  assert.equal(new TextDecoder().decode(await copy.read('tile/1/000')), 'ours')
  assert.equal(await copy.read('tile/2/000'), undefined)
  const paths = await Array.fromAsync(copy.paths())
  assert.deepEqual(paths.sort(), ['checkpoint', 'tile/0', 'tile/1/000'])
})
