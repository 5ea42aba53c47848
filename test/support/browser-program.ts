/**
 * Finds the browser for tests: `CHROME_PATH`, else the one from npm, else the
 * system's.
 *
 * The one from npm is unpacked once into a folder named by its version, so that an
 * upgrade never runs the old one. It works with nothing but `npm ci`: libraries
 * and fonts come with it, and are used where the system has none.
 */
import { execFile, execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { rename, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

export type BrowserProgram = {
  readonly executablePath: string
  readonly env: Readonly<Record<string, string>>
  /** The major version it must report, where we know it. */
  readonly majorVersion: string | undefined
}

const SYSTEM_BROWSERS = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]

/** @throws Error if the machine has no browser and npm has none for it */
export async function browserProgram(): Promise<BrowserProgram> {
  const { CHROME_PATH } = process.env
  if (CHROME_PATH !== undefined) return plainProgram(CHROME_PATH)
  if (process.platform === 'linux' && process.arch === 'x64') return await packagedProgram()
  const executablePath = SYSTEM_BROWSERS.find((file) => existsSync(file))
  if (executablePath === undefined) {
    throw new Error('no browser was found: name one in CHROME_PATH')
  }
  return plainProgram(executablePath)
}

function plainProgram(executablePath: string): BrowserProgram {
  return { executablePath, env: {}, majorVersion: undefined }
}

async function packagedProgram(): Promise<BrowserProgram> {
  const version = packageVersion()
  const folder = await unpackedFolder(version)
  const executablePath = path.join(folder, 'chromium')
  return {
    executablePath,
    majorVersion: version.split('.')[0],
    env: { FONTCONFIG_FILE: await fontConfiguration(folder), ...libraryPath(executablePath) },
  }
}

function packageVersion(): string {
  const entry = fileURLToPath(import.meta.resolve('@sparticuz/chromium'))
  const manifest = readFileSync(path.join(entry, '../../package.json'), 'utf8')
  return (JSON.parse(manifest) as { version: string }).version
}

/** Unpacks beside and renames, so that two test files may start at once. */
async function unpackedFolder(version: string): Promise<string> {
  const cache = path.join(import.meta.dirname, '../../node_modules/.cache/comity')
  const folder = path.join(cache, `chromium-${version}`)
  if (existsSync(folder)) return folder
  mkdirSync(cache, { recursive: true })
  const staging = mkdtempSync(path.join(cache, 'unpacking-'))
  try {
    const program = path.join(import.meta.dirname, 'unpack-browser.ts')
    const env = { ...process.env, TMPDIR: staging }
    await promisify(execFile)(process.execPath, [program], { env })
    renameSync(staging, folder)
  } catch (error) {
    rmSync(staging, { recursive: true, force: true })
    // Another process was faster: what it unpacked is the same.
    if (!existsSync(folder)) throw error
  }
  return folder
}

/**
 * The package's font (Latin, Greek, Cyrillic, Hebrew) first, so that pictures are
 * alike on every machine; the system's fonts for all other letters.
 */
async function fontConfiguration(folder: string): Promise<string> {
  const file = path.join(folder, 'comity-fonts.conf')
  const folders = ['/usr/share/fonts', '/usr/local/share/fonts', path.join(folder, 'fonts')]
  const families = ['sans-serif', 'serif', 'system-ui', 'Arial', 'Helvetica'].map((family) =>
    preferred(family, 'Open Sans'),
  )
  const lines = [
    '<?xml version="1.0"?>',
    '<!DOCTYPE fontconfig SYSTEM "fonts.dtd">',
    '<fontconfig>',
    ...folders.map((name) => `<dir>${name}</dir>`),
    `<cachedir>${path.join(folder, 'font-cache')}</cachedir>`,
    ...families,
    preferred('monospace', 'DejaVu Sans Mono'),
    '</fontconfig>',
  ]
  // Whole at any moment, for a browser that another process starts now.
  const next = `${file}.${process.pid}`
  await writeFile(next, `${lines.join('\n')}\n`)
  await rename(next, file)
  return file
}

function preferred(family: string, font: string): string {
  return `<alias><family>${family}</family><prefer><family>${font}</family></prefer></alias>`
}

/** The libraries that came with the browser, if the system lacks one that it needs. */
function libraryPath(executablePath: string): Record<string, string> {
  if (!lacksLibrary(executablePath)) return {}
  const own = path.join(path.dirname(executablePath), 'al2023/lib')
  const { LD_LIBRARY_PATH } = process.env
  return { LD_LIBRARY_PATH: LD_LIBRARY_PATH === undefined ? own : `${own}:${LD_LIBRARY_PATH}` }
}

function lacksLibrary(executablePath: string): boolean {
  try {
    return execFileSync('ldd', [executablePath], { encoding: 'utf8' }).includes('not found')
  } catch {
    // A system without `ldd` is a bare one.
    return true
  }
}
