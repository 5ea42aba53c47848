/** The release archive: made here, unpacked elsewhere, installed and run without a network. */
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { makeRelease } from '../../tools/release-archive.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const isLinux = process.platform === 'linux'
const ROOT = join(import.meta.dirname, '..', '..')
const BARE = { PATH: '/usr/bin:/bin' }
/** A network of its own, in which there is nothing; where the machine allows it. */
const ALONE = spawnSync('unshare', ['-rn', 'true']).status === 0 ? ['unshare', '-rn'] : ['env']

function run(command: readonly string[], input = '') {
  const [program = '', ...args] = [...ALONE, ...command]
  const { status, stdout, stderr } = spawnSync(program, args, {
    env: BARE,
    input,
    encoding: 'utf8',
  })
  return { status, stdout, stderr }
}

test('the archive installs and runs without a network; a changed one does not', {
  skip: isLinux ? false : 'servers run on Linux',
}, () => {
  const place = temporaryFolder()
  const keyFile = join(place, 'release.key')
  const { privateKey } = generateKeyPairSync('ed25519')
  writeFileSync(keyFile, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 })
  const { archive, signature } = makeRelease(ROOT, join(place, 'out'), { keyFile, effort: 1 })

  const verify = ['pkeyutl', '-verify', '-pubin', '-inkey', join(place, 'out/comity-release.pub')]
  const signed = ['-rawin', '-in', `${archive}.sha256`, '-sigfile', signature ?? '']
  execFileSync('openssl', [...verify, ...signed])
  execFileSync('sha256sum', ['--check', '--quiet', `${archive}.sha256`], {
    cwd: join(place, 'out'),
  })
  appendFileSync(`${archive}.sha256`, '\n')
  assert.throws(() => execFileSync('openssl', [...verify, ...signed], { stdio: 'ignore' }))

  const unpacked = join(place, 'unpacked')
  mkdirSync(unpacked)
  execFileSync('tar', ['-xzf', archive, '-C', unpacked, '--strip-components=1'])
  const bill = JSON.parse(readFileSync(join(unpacked, 'sbom.cdx.json'), 'utf8'))
  assert.equal(bill.bomFormat, 'CycloneDX')
  const names = new Set(bill.components.map(({ name }: { name: string }) => name))
  for (const name of ['pg', 'fastify', 'kysely', 'pino']) assert.ok(names.has(name), name)
  for (const name of ['typescript', 'playwright-core', 'oidc-provider', 'esbuild']) {
    assert.ok(!names.has(name) && !existsSync(join(unpacked, 'node_modules', name)), name)
  }

  const install = [
    join(unpacked, 'install.sh'),
    '--prefix',
    join(place, 'opt'),
    '--bin',
    join(place, 'bin'),
  ]
  const readme = join(unpacked, 'README.md')
  const before = readFileSync(readme)
  appendFileSync(readme, ' ')
  const refused = run(install)
  assert.equal(refused.status, 1)
  assert.match(refused.stderr, /damaged or was changed; nothing was installed/)
  assert.ok(!existsSync(join(place, 'opt')))
  writeFileSync(readme, before)

  assert.equal(run(install).status, 0)
  const again = run(install)
  assert.match(again.stderr, /is there already/)
  const comity = join(place, 'bin', 'comity')
  assert.match(run([comity, '--help']).stderr, /usage: comity COMMAND/)
  const node = join(place, 'node')
  const answers = ['ai.meridia.example', 'Meridia', 'EU', '', '', '', '', '', '', '', 'O', 'A']
  assert.equal(run([comity, 'init', node], `${answers.join('\n')}\n`).status, 0)
  const sound = run([comity, 'init', '--check', join(node, 'comity.yaml')])
  assert.match(sound.stdout, /a sound configuration of ai\.meridia\.example \(production\)/)
  const serve = run([comity, 'serve', '--config', join(node, 'comity.yaml')])
  assert.match(serve.stderr, /database at 127\.0\.0\.1\/comity cannot be reached/)
})
