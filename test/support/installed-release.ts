/**
 * The release archive as an administrator meets it: made and signed here, unpacked
 * and installed in an empty folder without a network.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { chmodSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { makeRelease } from '../../tools/release-archive.ts'
import { temporaryFolder } from './temporary-folder.ts'

const CHECKOUT = join(import.meta.dirname, '..', '..')
/** A network of its own, in which there is nothing; where the machine allows it. */
const ALONE = spawnSync('unshare', ['-rn', 'true']).status === 0 ? ['unshare', '-rn'] : ['env']

export type SignedRelease = {
  /** Archive, sum, signature and public key. */
  readonly folder: string
  readonly archive: string
  readonly sha256: string
  readonly signature: string
  readonly publicKey: string
}

/** The fastest archive, not the smallest. */
export function signedRelease(): SignedRelease {
  const place = temporaryFolder()
  const folder = join(place, 'out')
  const keyFile = join(place, 'release.key')
  const { privateKey } = generateKeyPairSync('ed25519')
  writeFileSync(keyFile, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 })
  const made = makeRelease(CHECKOUT, folder, { keyFile, effort: 1 })
  const publicKey = join(folder, 'comity-release.pub')
  return { ...made, folder, signature: made.signature ?? '', publicKey }
}

export function withoutNetwork(command: readonly string[], input = '') {
  const [program = '', ...args] = [...ALONE, ...command]
  const { status, stdout, stderr } = spawnSync(program, args, {
    env: { PATH: '/usr/bin:/bin' },
    input,
    encoding: 'utf8',
  })
  return { status, stdout, stderr }
}

export type Installed = {
  /** The unpacked archive. */
  readonly unpacked: string
  readonly prefix: string
  /** The command. */
  readonly comity: string
}

/** Unpacked and installed in an empty folder that other accounts can reach, but nobody may write. */
export function installRelease(archive: string): Installed {
  const place = temporaryFolder()
  chmodSync(place, 0o711)
  const [unpacked, prefix, bin] = ['unpacked', 'opt', 'bin'].map((name) => join(place, name)) as [
    string,
    string,
    string,
  ]
  mkdirSync(unpacked)
  execFileSync('tar', ['-xzf', archive, '-C', unpacked, '--strip-components=1'])
  const done = runInstaller(unpacked, prefix, bin)
  if (done.status !== 0) throw new Error(done.stderr)
  execFileSync('chmod', ['-R', 'a-w', prefix])
  return { unpacked, prefix, comity: join(bin, 'comity') }
}

/** As an administrator whose own files are nobody's business. */
export function runInstaller(unpacked: string, prefix: string, bin: string) {
  const install = [join(unpacked, 'install.sh'), '--prefix', prefix, '--bin', bin]
  return withoutNetwork(['sh', '-c', 'umask 077; exec "$@"', 'sh', ...install])
}

/** Every path under a folder with size, mode and time of the last change. */
export function stateOf(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .sort()
    .map((path) => {
      const { size, mode, mtimeMs } = statSync(join(folder, path))
      return `${path} ${size} ${mode.toString(8)} ${mtimeMs}`
    })
}
