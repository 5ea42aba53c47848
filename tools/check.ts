/**
 * All checks that read the repository without running it, in parallel: fences,
 * types, form, catalogues, words, migrations, generated contracts, ARCHITECTURE.md.
 *
 * `npm run check` prints one line a check and the findings of those that failed.
 * Works in the folder it is started in.
 */
import { spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { type Catalogues, checkCatalogues, readCatalogues } from './catalogues.ts'
import { checkImports } from './check-imports.ts'
import { houseWordsIn, isRead } from './house-words.ts'
import { slowStatements } from './migration-locks.ts'

export type CheckResult = {
  readonly name: string
  /** Nothing found: the check passed. One text a finding. */
  readonly findings: readonly string[]
  /** What was looked at, e.g. `214 modules`. */
  readonly seen: string
  readonly ms: number
}

type Outcome = { readonly findings: readonly string[]; readonly seen?: string }
type Check = { readonly name: string; run(root: string): Outcome | Promise<Outcome> }

const CHECKS: readonly Check[] = [
  { name: 'import fences', run: importFences },
  { name: 'types of the inner folders', run: typesOf('tsconfig.inner.json') },
  { name: 'types of the browser folders', run: typesOf('tsconfig.browser.json') },
  { name: 'types', run: typesOf('tsconfig.json') },
  { name: 'form', run: form },
  { name: 'message catalogues', run: messageCatalogues },
  { name: 'house words', run: houseWords },
  { name: 'migrations serve on', run: migrations },
  { name: 'JSON schemas are up to date', run: generated('tools/schemas.ts') },
  { name: 'OpenAPI description is up to date', run: generated('tools/openapi.ts') },
  { name: 'ARCHITECTURE.md is short', run: architecture },
]

/** Runs every check; a check that throws has failed. */
export function runChecks(root: string): Promise<readonly CheckResult[]> {
  return Promise.all(CHECKS.map((check) => runCheck(check, root)))
}

async function runCheck({ name, run }: Check, root: string): Promise<CheckResult> {
  const started = performance.now()
  let outcome: Outcome
  try {
    outcome = await run(root)
  } catch (error) {
    outcome = { findings: [String((error as Error).stack)] }
  }
  const { findings, seen = '' } = outcome
  return { name, findings, seen, ms: performance.now() - started }
}

function importFences(root: string): Outcome {
  const { modules, findings } = checkImports(root)
  return {
    seen: `${modules} modules`,
    findings: findings.map(
      ({ file, line, rule, message }) => `${file}:${line} ${rule}: ${message}`,
    ),
  }
}

function typesOf(project: string): Check['run'] {
  return (root) =>
    runTool(root, 'node_modules/typescript/bin/tsc', ['--pretty', 'false', '-p', project])
}

function form(root: string): Promise<Outcome> {
  const options = ['--error-on-warnings', '--colors=off', '--max-diagnostics=50']
  return runTool(root, 'node_modules/@biomejs/biome/bin/biome', ['check', '.', ...options])
}

function messageCatalogues(root: string): Outcome {
  const catalogues = readCatalogues(path.join(root, 'locales'))
  return { findings: checkCatalogues(catalogues), seen: offeredIn(catalogues) }
}

const offeredIn = ({ languages }: Catalogues) =>
  Object.entries(languages)
    .filter(([, { offered }]) => offered.length > 0)
    .map(([lang, { offered }]) => `${lang} (${offered.join(', ')})`)
    .join(', ')

async function houseWords(root: string): Promise<Outcome> {
  const files = (await filesOf(root)).filter(isRead)
  const findings = files.flatMap((file) =>
    houseWordsIn(readFileSync(path.join(root, file), 'utf8')).map(
      ({ line, why }) => `${file}:${line} ${why}`,
    ),
  )
  if (files.length === 0) findings.push('no file was seen')
  return { findings, seen: `${files.length} files` }
}

const MIGRATIONS = 'src/adapters/postgres/migrations'

function migrations(root: string): Outcome {
  const folder = path.join(root, MIGRATIONS)
  const files = existsSync(folder) ? readdirSync(folder).filter((file) => /\.sql$/.test(file)) : []
  const findings = files
    .sort()
    .flatMap((file) =>
      slowStatements(readFileSync(path.join(folder, file), 'utf8')).map(
        ({ line, message }) => `${MIGRATIONS}/${file}:${line} ${message}`,
      ),
    )
  return { findings, seen: `${files.length} files` }
}

/** What git has or would take; without git, what is not plainly made by a program. */
async function filesOf(root: string): Promise<string[]> {
  const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard']
  const git = await output('git', args, root).catch(() => undefined)
  if (git?.code === 0) {
    const files = git.text.split('\0').filter((file) => file !== '')
    return files.filter((file) => existsSync(path.join(root, file)))
  }
  const isOurs = (file: string) => !/^(?:node_modules|dist|\.comity|\.git)(?:\/|$)/.test(file)
  return readdirSync(root, { withFileTypes: true })
    .filter((entry) => isOurs(entry.name))
    .flatMap((entry) => (entry.isFile() ? [entry.name] : filesBelow(root, entry.name)))
}

function filesBelow(root: string, folder: string): string[] {
  return readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)))
}

function generated(generator: string): Check['run'] {
  return (root) =>
    existsSync(path.join(root, generator))
      ? runTool(root, generator, ['--check'])
      : { findings: [], seen: 'no generator' }
}

const ARCHITECTURE_LINES_MAX = 200

function architecture(root: string): Outcome {
  const file = path.join(root, 'ARCHITECTURE.md')
  if (!existsSync(file)) return { findings: ['ARCHITECTURE.md is missing'] }
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n').length
  const isShort = lines <= ARCHITECTURE_LINES_MAX
  return {
    findings: isShort ? [] : [`${lines} lines; at most ${ARCHITECTURE_LINES_MAX}`],
    seen: `${lines} lines`,
  }
}

async function runTool(root: string, script: string, args: readonly string[]): Promise<Outcome> {
  const { code, text } = await output(process.execPath, [path.join(root, script), ...args], root)
  if (code === 0) return { findings: [] }
  return { findings: [text.trim() || `${script} ended with ${code}`] }
}

function output(
  command: string,
  args: readonly string[],
  cwd: string,
): Promise<{ code: number | null; text: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] })
    let text = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (part: string) => {
        text += part
      })
    }
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, text }))
  })
}

/** One line a check; the findings of a failed one below it. */
export function describeCheck({ name, findings, seen, ms }: CheckResult): string {
  const facts = [seen, `${Math.round(ms)} ms`].filter((fact) => fact !== '').join(', ')
  const line = `${findings.length === 0 ? 'ok  ' : 'FAIL'} check: ${name} (${facts})`
  return [line, ...findings.map((finding) => finding.replace(/^/gm, '       '))].join('\n')
}

if (import.meta.main) {
  const results = await runChecks(process.cwd())
  for (const result of results) console.log(describeCheck(result))
  if (results.some((result) => result.findings.length > 0)) process.exitCode = 1
}
