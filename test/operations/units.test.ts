/** The systemd units: sound, closed, and the nightly backup as it runs. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { generateX25519Identity, identityToRecipient } from 'age-encryption'
import { serve, setUpNode } from '../support/real-node.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const CHECKOUT = join(import.meta.dirname, '..', '..')
const UNITS = join(CHECKOUT, 'deploy', 'systemd')
/** Of ten; 0 is a service that may do nothing. */
const EXPOSURE_MAX = 1.5
const skip =
  spawnSync('systemd-analyze', ['--version']).status === 0
    ? false
    : 'there is no systemd-analyze here'

/** The units as if the release were installed where it is not. */
function unitsHere(): string {
  const folder = temporaryFolder()
  for (const name of readdirSync(UNITS).filter((one) => /\.(service|timer)$/.test(one))) {
    const text = readFileSync(join(UNITS, name), 'utf8')
      .replaceAll('/opt/comity/current/deploy', join(CHECKOUT, 'deploy'))
      .replaceAll('/opt/comity/current/docs', join(CHECKOUT, 'docs'))
      .replaceAll('/opt/comity/current/comity', '/bin/true')
    assert.doesNotMatch(text, /\/opt\/comity/)
    writeFileSync(join(folder, name), text)
  }
  return folder
}

test('systemd finds nothing wrong in the units, and would find a slip', { skip }, () => {
  const folder = unitsHere()
  const verify = (...names: readonly string[]) =>
    spawnSync('systemd-analyze', ['verify', ...names.map((name) => join(folder, name))], {
      encoding: 'utf8',
    })
  const names = readdirSync(folder)
  assert.deepEqual(names.sort(), ['comity-backup.service', 'comity-backup.timer', 'comity.service'])
  const { status, stderr } = verify(...names)
  assert.equal(status, 0, stderr)
  assert.doesNotMatch(stderr, /comity/)
  const unit = join(folder, 'comity.service')
  writeFileSync(unit, readFileSync(unit, 'utf8').replace('NoNewPrivileges', 'NoNewPriviliges'))
  assert.match(verify('comity.service').stderr, /NoNewPriviliges/)
})

test('each service is closed but for what it needs', { skip }, () => {
  for (const name of ['comity.service', 'comity-backup.service']) {
    const threshold = `--threshold=${EXPOSURE_MAX * 10}`
    const { status, stdout } = spawnSync(
      'systemd-analyze',
      ['security', '--offline=true', threshold, join(UNITS, name)],
      { encoding: 'utf8' },
    )
    assert.equal(status, 0, stdout.split('\n').slice(-3).join('\n'))
    assert.match(readFileSync(join(UNITS, name), 'utf8'), /^LimitCORE=0$/m)
  }
})

test('the nightly backup verifies itself, then lets go of old ones and of nothing else', async () => {
  const node = await setUpNode('nightly.example')
  const serving = await serve(node.config)
  const place = dirname(node.folder)
  const program = join(place, 'comity')
  const main = join(CHECKOUT, 'src', 'cli', 'main.ts')
  writeFileSync(program, `#!/bin/sh\nexec '${process.execPath}' '${main}' "$@"\n`)
  chmodSync(program, 0o755)
  const folder = join(place, 'backups')
  mkdirSync(folder)
  const old = new Date(Date.now() - 40 * 86_400_000)
  const made = { old: '2020-01-01T020000Z', oldKeys: '2020-01-01T020000Z.keys', other: 'of-mine' }
  for (const name of Object.values(made)) {
    mkdirSync(join(folder, name))
    writeFileSync(join(folder, name, 'file'), '')
    utimesSync(join(folder, name), old, old)
  }
  const recipient = await identityToRecipient(await generateX25519Identity())
  writeFileSync(join(folder, 'recipient'), `${recipient}\n`)
  const nightly = (config: string, days = '30') =>
    spawnSync(join(UNITS, 'nightly-backup'), [program, config, folder], {
      env: { PATH: '/usr/bin:/bin', COMITY_KEEP_DAYS: days },
      encoding: 'utf8',
    })
  const before = readdirSync(folder).sort()
  for (const days of ['0', '-1', '1; true', 'all']) {
    assert.equal(nightly(node.config, days).status, 2, days)
  }
  assert.equal(nightly(join(place, 'nowhere.yaml')).status, 1)
  assert.deepEqual(readdirSync(folder).sort(), before, 'without a new one the old ones stay')

  const done = nightly(node.config)
  assert.equal(done.status, 0, done.stderr)
  assert.match(done.stdout, /verified: backup/)
  const left = readdirSync(folder).sort()
  assert.ok(!left.includes(made.old) && !left.includes(made.oldKeys))
  assert.ok(left.includes(made.other) && left.includes('recipient'))
  const [fresh = '', keys = ''] = left.filter((one) => one.startsWith('20'))
  assert.match(keys, /Z\.keys$/)
  assert.match(readFileSync(join(folder, keys), 'latin1'), /^age-encryption\.org\/v1\n-> X25519 /)
  assert.ok(readdirSync(join(folder, fresh)).length > 1)
  serving.process.kill('SIGTERM')
  await serving.ended
})
