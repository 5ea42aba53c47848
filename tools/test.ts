/**
 * `npm test`: builds, checks, starts one temporary PostgreSQL server, and runs
 * every test file in a process of its own. The last line of the output is always
 * `N passed, N failed, N skipped`; the exit code is 0 only if nothing failed and
 * something passed. Works in the folder it is started in.
 *
 *   npm test                              everything
 *   npm test -- src/proof test/tools      files whose path holds one of these
 *   npm test -- --only-unit               only the files beside the code
 *   --build, --check                      do so although files were chosen
 *   --timeout=SECONDS                     for each file, instead of its own limit
 *   --second-run                          as in a run of everything (docs/decisions/0010)
 */
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { inspect, parseArgs } from 'node:util'
import { describeCheck, runChecks } from './check.ts'
import { type FileResult, runTestFile, stopTestFiles, type TestResult } from './test-file.ts'
import { folderInMemory, staysOnDisk } from './test-folder.ts'

const root = process.cwd()
const { TMPDIR: onDisk } = process.env

/** One for each core of the smallest machine we test on. */
const FILES_AT_ONCE = 2
// About ten times what they take on a quiet machine.
const LIMIT_MS = 240_000
const LIMIT_OF_NODES_MS = 600_000

/**
 * In this order; what matches none comes first. The later ones restore, boot browsers or whole
 * nodes, and the longest stand before shorter ones, so that no core is idle at the end.
 */
const FOLDERS = [
  '',
  'test/backup/',
  'test/accessibility/',
  'test/faults/',
  'test/journeys/',
  'test/federation/',
  'test/operations/',
] as const

type Options = {
  readonly filters: readonly string[]
  readonly isOnlyUnit: boolean
  readonly isBuilt: boolean
  readonly isChecked: boolean
  readonly hasSecondRun: boolean
  readonly timeoutMs: number | undefined
}

function optionsFrom(args: readonly string[]): Options {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      'only-unit': { type: 'boolean', default: false },
      build: { type: 'boolean', default: false },
      check: { type: 'boolean', default: false },
      timeout: { type: 'string' },
      'second-run': { type: 'boolean', default: false },
    },
  })
  const isEverything = positionals.length === 0 && !values['only-unit']
  const timeoutMs = values.timeout === undefined ? undefined : Number(values.timeout) * 1000
  if (timeoutMs !== undefined && !(timeoutMs > 0)) throw new Error('--timeout takes seconds')
  return {
    filters: positionals.map((filter) => filter.replace(/^\.\//, '')),
    isOnlyUnit: values['only-unit'],
    isBuilt: isEverything || values.build,
    isChecked: isEverything || values.check,
    hasSecondRun: isEverything || values['second-run'],
    timeoutMs,
  }
}

function chosenFiles({ filters, isOnlyUnit }: Options): string[] {
  const patterns = isOnlyUnit ? ['src/**/*.test.ts'] : ['src/**/*.test.ts', 'test/**/*.test.ts']
  return globSync(patterns, { cwd: root })
    .map((file) => file.replaceAll(path.sep, '/'))
    .filter((file) => filters.length === 0 || filters.some((filter) => file.includes(filter)))
    .sort()
}

/** Everything that was run so far, one entry a test file or step. */
const done: FileResult[] = []
/** What failed once and passed when its file ran again. */
const unsteady: string[] = []

function record(result: FileResult): void {
  done.push(result)
  const failures = failuresIn(result)
  const facts = `${plural(result.results.length, 'test')}, ${Math.round(result.ms)} ms`
  console.log(`${failures.length === 0 ? 'ok  ' : 'FAIL'} ${result.file} (${facts})`)
  for (const { name, text } of failures) console.log(indent(`✖ ${name}\n${indent(text)}`))
  if (failures.length > 0 && result.output.trim() !== '') {
    console.log(indent(`it printed:\n${indent(result.output.trimEnd())}`))
  }
}

function failuresIn({ results }: FileResult): readonly TestResult[] {
  return results.filter(({ outcome }) => outcome === 'failed')
}

/** Runs `work` as one test: it failed if it throws. */
async function step<T>(file: string, work: () => Promise<T>): Promise<T | undefined> {
  const started = performance.now()
  let value: T | undefined
  let result: TestResult = { name: file, outcome: 'passed', text: '' }
  try {
    value = await work()
  } catch (error) {
    result = { name: file, outcome: 'failed', text: inspect(error) }
  }
  record({ file, ms: performance.now() - started, results: [result], output: '' })
  return value
}

async function build(): Promise<void> {
  if (!existsSync(path.join(root, 'tools/build.ts'))) return
  const { build } = await importFrom<{ build(): Promise<unknown> }>('tools/build.ts')
  await step('build', build)
}

async function check(): Promise<void> {
  for (const result of await runChecks(root)) {
    console.log(describeCheck(result))
    const { name, findings, ms } = result
    const outcome = findings.length === 0 ? 'passed' : 'failed'
    done.push({ file: 'check', ms, results: [{ name, outcome, text: '' }], output: '' })
  }
}

type Server = { readonly url: string; stop(): Promise<void> }
const SERVER_MODULE = 'test/support/test-postgres.ts'
const SERVER_ENV = 'COMITY_TEST_POSTGRES'

/** One server for all files; none if no file asks for it or the caller named one. */
async function startServer(files: readonly string[]): Promise<Server | undefined> {
  if (process.env[SERVER_ENV] !== undefined) return undefined
  if (!existsSync(path.join(root, SERVER_MODULE)) || !files.some(usesDatabase)) return undefined
  return await step('temporary PostgreSQL', async () => {
    const { startTestPostgres } = await importFrom<{ startTestPostgres(): Promise<Server> }>(
      SERVER_MODULE,
    )
    return await startTestPostgres()
  })
}

function usesDatabase(file: string): boolean {
  return file.startsWith('test/')
    ? !file.startsWith('test/tools/')
    : readFileSync(path.join(root, file), 'utf8').includes('/test/support/')
}

async function runFiles(
  files: readonly string[],
  { timeoutMs }: Options,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const reports = mkdtempSync(path.join(tmpdir(), 'comity-reports-'))
  try {
    const queue = files.toSorted((a, b) => placeOf(a) - placeOf(b))
    const worker = async () => {
      for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
        const reportFile = path.join(reports, `${file.replaceAll('/', '+')}.jsonl`)
        const limitMs = timeoutMs ?? limitOf(file)
        const own = staysOnDisk(file) ? { ...env, TMPDIR: onDisk } : env
        record(await runTestFile({ root, file, reportFile, env: own, timeoutMs: limitMs }))
      }
    }
    await Promise.all(Array.from({ length: FILES_AT_ONCE }, worker))
  } finally {
    rmSync(reports, { recursive: true, force: true })
  }
}

/** More files than this do not fail by chance. */
const SECOND_RUNS_MAX = 3

/**
 * Runs each of a few failed files once more, with nothing beside it; this result
 * counts. What failed only the first time is told in the summary.
 */
async function runAgain(options: Options, env: NodeJS.ProcessEnv): Promise<void> {
  const failed = done.filter((result) => failuresIn(result).length > 0)
  const isChance = failed.every(({ file }) => file.endsWith('.test.ts'))
  if (!isChance || failed.length > SECOND_RUNS_MAX) return
  for (const first of failed) {
    console.log(`again, alone: ${first.file}`)
    done.splice(done.indexOf(first), 1)
    await runFiles([first.file], options, env)
    const names = new Set(done.flatMap((result) => failuresIn(result).map(({ name }) => name)))
    const steadied = failuresIn(first).filter(({ name }) => !names.has(name))
    unsteady.push(...steadied.map(({ name }) => `${first.file}: ${name}`))
  }
}

/** Where the file stands in the order of folders. */
function placeOf(file: string): number {
  return FOLDERS.findLastIndex((folder) => file.startsWith(folder))
}

function limitOf(file: string): number {
  return placeOf(file) === 0 ? LIMIT_MS : LIMIT_OF_NODES_MS
}

const SLOW_FILES_SHOWN = 5
const SLOW_MS = 2000

function summarise(): void {
  const all = done.flatMap(({ file, results }) => results.map((result) => ({ file, ...result })))
  const of = (outcome: TestResult['outcome']) => all.filter((test) => test.outcome === outcome)
  const skipped = of('skipped')
  const failed = of('failed')
  const slow = done
    .filter(({ ms }) => ms > SLOW_MS)
    .sort((a, b) => b.ms - a.ms)
    .slice(0, SLOW_FILES_SHOWN)
  list(
    'slowest',
    slow.map(({ file, ms }) => `${(ms / 1000).toFixed(1)} s ${file}`),
  )
  list(
    'skipped',
    skipped.map(({ file, name, text }) => `${file}: ${name}: ${text}`),
  )
  list('unsteady, failed once and passed when run again', unsteady)
  list(
    'failed',
    failed.map(({ file, name }) => `${file}: ${name}`),
  )
  const passed = of('passed').length
  if (failed.length > 0 || passed === 0) process.exitCode = 1
  console.log(`\n${passed} passed, ${failed.length} failed, ${skipped.length} skipped`)
}

function list(title: string, lines: readonly string[]): void {
  if (lines.length > 0) console.log(`\n${title}:\n${indent(lines.join('\n'))}`)
}

function indent(text: string): string {
  return text.replace(/^(?=.)/gm, '  ')
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}

async function importFrom<T>(file: string): Promise<T> {
  return (await import(pathToFileURL(path.join(root, file)).href)) as T
}

/**
 * The environment of a test file: ours, without the marks of a test run around us.
 * What one file or a program that it starts has compiled, the next ones need not.
 */
function environment(server: Server | undefined): NodeJS.ProcessEnv {
  const { NODE_TEST_CONTEXT: _, ...env } = process.env
  const compiled = path.join(root, 'node_modules/.cache/comity/compiled')
  const shared = { NODE_COMPILE_CACHE: compiled, ...env }
  return server === undefined ? shared : { ...shared, [SERVER_ENV]: server.url }
}

async function main(): Promise<void> {
  const options = optionsFrom(process.argv.slice(2))
  const files = chosenFiles(options)
  if (options.isBuilt) await build()
  if (options.isChecked) await check()
  const folder = folderInMemory()
  if (folder) {
    process.env['TMPDIR'] = folder.path
    process.once('exit', folder.remove)
  }
  const server = await startServer(files)
  const interrupted = () => {
    stopTestFiles()
    process.exitCode = 1
    void server?.stop().finally(() => process.exit(1))
    if (server === undefined) process.exit(1)
  }
  process.once('SIGINT', interrupted).once('SIGTERM', interrupted)
  try {
    const env = environment(server)
    await runFiles(files, options, env)
    if (options.hasSecondRun) await runAgain(options, env)
  } finally {
    await server?.stop()
  }
}

try {
  await main()
} catch (error) {
  const failure: TestResult = { name: 'the run itself', outcome: 'failed', text: inspect(error) }
  record({ file: 'npm test', ms: 0, results: [failure], output: '' })
}
summarise()
// Nothing follows the last line. What is still open then must not keep us.
setTimeout(() => process.exit(), 5000).unref()
