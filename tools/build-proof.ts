/**
 * `dist/proof`, i.e. `comity/proof`: the files of `src/proof` as plain JavaScript with
 * their comments and types, and what they need of `src/base` in a folder inside, so that
 * the folder can be taken away alone, read, and run by any engine. No import leaves it.
 *
 * The compiler makes it. Where that is not installed, as on a server, it is left out:
 * nothing that runs needs it.
 */
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { copyFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'

export const PROOF_SOURCES = ['src/proof', 'src/base', 'tools/build-proof.ts', 'package.json']

const OPTIONS = [
  ['--ignoreConfig', '--strict', '--exactOptionalPropertyTypes', '--skipLibCheck'],
  ['--declaration', '--allowImportingTsExtensions', '--rewriteRelativeImportExtensions'],
  ['--target', 'es2022', '--lib', 'esnext', '--module', 'nodenext', '--types', 'node'],
  ['--rootDir', 'src'],
].flat()

export async function buildProof(root: string, into: string): Promise<void> {
  const compiler = path.join(root, 'node_modules/typescript/bin/tsc')
  if (!existsSync(compiler)) return
  const names = await readdir(path.join(root, 'src/proof'))
  const own = names.filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
  const made = path.join(into, 'made')
  await promisify(execFile)(
    process.execPath,
    [compiler, ...OPTIONS, '--outDir', made, ...own.map((name) => `src/proof/${name}`)],
    { cwd: root },
  )
  await mkdir(path.join(into, 'base'), { recursive: true })
  for (const source of (await readdir(made, { recursive: true })).filter(isFile)) {
    const text = await readFile(path.join(made, source), 'utf8')
    await writeFile(path.join(into, placeOf(source)), withPlacesInside(text))
  }
  await rm(made, { recursive: true })
  await addLibrary(root, into)
  await writeFile(path.join(into, 'package.json'), await packageFile(root))
}

const isFile = (name: string) => path.extname(name) !== ''

/** Where a file of `src` lies in the folder. */
function placeOf(source: string): string {
  return source.replace(/^proof[\\/]/, '').replace(/^exports\./, 'index.')
}

const IMPORTED = /(from ')([^']+)(')/g

function withPlacesInside(text: string): string {
  return text.replaceAll(IMPORTED, (_, before: string, at: string, after: string) => {
    const place = at.replace(/^\.\.\/base\//, './base/').replace(/\.ts$/, '.js')
    return `${before}${place === 'canonicalize' ? './canonicalize.js' : place}${after}`
  })
}

/** The one package that `src/base` has, with its licence. */
async function addLibrary(root: string, into: string): Promise<void> {
  const library = path.join(root, 'node_modules/canonicalize')
  await copyFile(path.join(library, 'lib/canonicalize.js'), path.join(into, 'base/canonicalize.js'))
  await copyFile(path.join(library, 'LICENSE'), path.join(into, 'base/canonicalize.LICENSE'))
}

async function packageFile(root: string): Promise<string> {
  const { version, license } = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8'))
  const exports = { types: './index.d.ts', default: './index.js' }
  const about = { name: 'comity-proof', version, license, type: 'module', exports }
  return `${JSON.stringify(about, null, 2)}\n`
}
