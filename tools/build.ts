/**
 * The one build step: style sheets, the few browser scripts, the law packs as
 * checked JSON, and a plain JavaScript copy of the proof verifier for auditors.
 * Everything else runs from source.
 *
 * Skips all work when no source changed since the last build (a digest over the
 * sources is kept in `dist/.stamp`). The same sources give the same bytes. The
 * build replaces `dist` at its end only, so a failed one leaves the old one.
 */
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import type { Plugin } from 'esbuild'
import { buildProof, PROOF_SOURCES } from './build-proof.ts'

const root = path.join(import.meta.dirname, '..')
const dist = path.join(root, 'dist')

/** Every script a browser may load. */
const BROWSER_SCRIPTS = [
  'src/browser/page.ts',
  'src/browser/open-report.ts',
  'src/browser/open-contact.ts',
  'src/browser/report-sealed.ts',
  'src/browser/report-mailbox.ts',
  'src/browser/reply.ts',
  'src/browser/check-filing.ts',
  'src/browser/verify-page.ts',
  'src/browser/verify-here.ts',
  'src/browser/seal-report.ts',
  'src/browser/scrub-files.ts',
  'src/browser/code-picture.ts',
  'src/browser/sealing-key.ts',
  'src/browser/recovery.ts',
  'src/browser/reseal.ts',
  'src/browser/passkey.ts',
  'src/browser/upload.ts',
  'src/browser/boxes.ts',
]
/** Folders and files whose bytes decide whether a build is due. */
const SOURCES = [
  'tools/build.ts',
  'package-lock.json',
  'src/web/styles',
  'src/browser',
  'src/seal',
  'src/wire',
]

export type AssetManifest = {
  /** Logical name, e.g. `app.css`, to what is served under `/assets/`. */
  readonly [name: string]: { readonly file: string; readonly sha256: string }
}

/** Builds `dist` if sources changed. Says in `built` whether it did. */
export async function build(): Promise<{ built: boolean; ms: number }> {
  const started = performance.now()
  const stamp = await digestOf([...SOURCES, ...PROOF_SOURCES])
  const stampFile = path.join(dist, '.stamp')
  if (existsSync(stampFile) && (await readFile(stampFile, 'utf8')) === stamp) {
    await buildLaw(dist)
    return { built: false, ms: performance.now() - started }
  }
  const next = path.join(root, `dist.next-${process.pid}`)
  await rm(next, { recursive: true, force: true })
  const [assets] = await Promise.all([makeAssets(), buildProof(root, path.join(next, 'proof'))])
  await writeAssets(path.join(next, 'assets'), assets)
  await buildLaw(next)
  await writeFile(path.join(next, '.stamp'), stamp)
  await replace(next)
  return { built: true, ms: performance.now() - started }
}

/** If another build of the same sources was faster, its result stays. */
async function replace(next: string): Promise<void> {
  await rm(dist, { recursive: true, force: true })
  try {
    await rename(next, dist)
  } catch (cause) {
    if (!existsSync(path.join(dist, '.stamp'))) throw cause
    await rm(next, { recursive: true, force: true })
  }
}

/** Every asset by its logical name. The same sources give the same texts. */
export async function makeAssets(): Promise<Record<string, string>> {
  const [styles, scripts] = await Promise.all([buildStyles(), buildScripts()])
  const mark = await readFile(path.join(root, 'src/web/styles/mark.svg'), 'utf8')
  return { ...styles, ...scripts, 'mark.svg': mark }
}

async function buildStyles(): Promise<Record<string, string>> {
  const [sass, { default: rtlcss }] = await Promise.all([import('sass'), import('rtlcss')])
  const styles: Record<string, string> = {}
  for (const name of ['app', 'officer']) {
    const { css } = sass.compile(path.join(root, `src/web/styles/${name}.scss`), {
      loadPaths: [root],
      style: 'compressed',
      quietDeps: true,
      logger: sass.Logger.silent,
    })
    styles[`${name}.css`] = css
    styles[`${name}.rtl.css`] = rtlcss.process(css)
  }
  return styles
}

async function buildScripts(): Promise<Record<string, string>> {
  const esbuild = await import('esbuild')
  const result = await esbuild.build({
    entryPoints: BROWSER_SCRIPTS.map((entry) => path.join(root, entry)),
    absWorkingDir: root,
    outdir: 'scripts',
    bundle: true,
    format: 'esm',
    target: 'es2022',
    minify: true,
    legalComments: 'none',
    write: false,
    logLevel: 'silent',
    plugins: [lazyScripts],
  })
  const texts = result.outputFiles.map((file) => [path.basename(file.path), file.text] as const)
  return nameLazyScripts(Object.fromEntries(texts))
}

/** Scripts that another one loads when it needs them. They stay files of their own. */
const LAZY_SCRIPTS = ['seal-report', 'scrub-files', 'code-picture', 'verify-here']

const lazyScripts: Plugin = {
  name: 'lazy-scripts',
  setup(build) {
    const filter = new RegExp(`^\\./(${LAZY_SCRIPTS.join('|')})\\.ts$`)
    build.onResolve({ filter }, ({ path: at, kind }) =>
      kind === 'dynamic-import' ? { path: at.replace('.ts', '.js'), external: true } : undefined,
    )
  },
}

/** Whoever loads one names it by its digest, so that the digest of the one covers both. */
function nameLazyScripts(scripts: Record<string, string>): Record<string, string> {
  const renamed = { ...scripts }
  for (const name of LAZY_SCRIPTS.map((stem) => `${stem}.js`)) {
    const served = fileNameOf(name, sha256Of(scripts[name] ?? ''))
    for (const [other, text] of Object.entries(renamed)) {
      renamed[other] = text.replaceAll(`"./${name}"`, `"./${served}"`)
    }
  }
  return renamed
}

const sha256Of = (text: string) => createHash('sha256').update(text).digest('hex')

function fileNameOf(name: string, sha256: string): string {
  const { name: stem, ext } = path.parse(name)
  return `${stem}.${sha256.slice(0, 12)}${ext}`
}

/**
 * The law packs, read and checked, for a quick start. A pack that does not load is no fault
 * of the build: whoever loads the packs is told what is wrong with it.
 */
async function buildLaw(into: string): Promise<void> {
  const [{ prepareLaw }, { readLaw }] = await Promise.all([
    import('../src/adapters/law-packs-prepared.ts'),
    import('../src/adapters/law-packs.ts'),
  ])
  const file = path.join(into, 'law/packs.json')
  try {
    prepareLaw(path.join(root, 'law'), readLaw, file)
  } catch (error) {
    if ((error as Error).name !== 'ComityError') throw error
    await rm(file, { force: true })
  }
}

/** Writes each asset under a name with its digest, with gzip and Brotli copies and a manifest. */
async function writeAssets(folder: string, assets: Record<string, string>): Promise<void> {
  await mkdir(folder, { recursive: true })
  const manifest: Record<string, AssetManifest[string]> = {}
  for (const [name, text] of Object.entries(assets).sort()) {
    const bytes = Buffer.from(text)
    const sha256 = sha256Of(text)
    const file = fileNameOf(name, sha256)
    manifest[name] = { file, sha256 }
    await Promise.all([
      writeFile(path.join(folder, file), bytes),
      writeFile(path.join(folder, `${file}.gz`), gzipSync(bytes, { level: 9 })),
      writeFile(path.join(folder, `${file}.br`), brotliCompressSync(bytes, brotli)),
    ])
  }
  await writeFile(path.join(folder, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`)
}

const brotli = { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } }

async function digestOf(sources: readonly string[]): Promise<string> {
  const hash = createHash('sha256').update(process.version)
  for (const source of sources) {
    for (const file of await filesUnder(path.join(root, source))) {
      const bytes = await readFile(file)
      hash.update(`${path.relative(root, file)} ${bytes.length}\n`).update(bytes)
    }
  }
  return hash.digest('hex')
}

async function filesUnder(place: string): Promise<string[]> {
  if (path.extname(place) !== '') return existsSync(place) ? [place] : []
  const entries = await readdir(place, { withFileTypes: true, recursive: true })
  return entries
    .filter((entry) => entry.isFile() && !isNoProduct(entry.name))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort()
}

function isNoProduct(name: string): boolean {
  return name.endsWith('.test.ts') || name.endsWith('.d.ts')
}

if (import.meta.main) {
  const { built, ms } = await build()
  const what = built ? 'built dist' : 'dist is up to date'
  process.stderr.write(`${what} (${Math.round(ms)} ms)\n`)
}
