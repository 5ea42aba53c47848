/**
 * `npm run test:faults`: the long set of the seeded tests of faults. Runs the files of
 * `test/faults/seeded` in turn, each time with the next seed, until the time is over. What is
 * running then comes to its end. Prints the seed of each run, what was done, and as the last
 * line `N passed, N failed, N skipped`.
 *
 *   --seed=N       the first seed (default: drawn); a failure names its own
 *   --minutes=N    how long (default 30)
 *   PATH_PART…     only files whose path holds one of these
 */
import { randomInt } from 'node:crypto'
import { globSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { FAULT_SEED } from '../test/support/fault-run.ts'
import { startTestPostgres, TEST_POSTGRES } from '../test/support/test-postgres.ts'
import { type FileResult, runTestFile, stopTestFiles, type TestResult } from './test-file.ts'

const root = process.cwd()
const FOLDER = 'test/faults/seeded'
const FILE_LIMIT_MS = 1_200_000
const COUNT = /^fault-count (\d+) (.+)$/gm

const done: TestResult[] = []
const counts = new Map<string, number>()

function options() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { seed: { type: 'string' }, minutes: { type: 'string', default: '30' } },
  })
  const seed = values.seed === undefined ? randomInt(1, 1_000_000) : Number(values.seed)
  const minutes = Number(values.minutes)
  if (!Number.isSafeInteger(seed) || seed < 0) throw new Error('--seed takes a whole number')
  if (!(minutes > 0)) throw new Error('--minutes takes a number above 0')
  return { seed, minutes, parts: positionals }
}

function chosenFiles(parts: readonly string[]): string[] {
  const files = globSync(`${FOLDER}/*.test.ts`, { cwd: root }).sort()
  return files.filter((file) => parts.length === 0 || parts.some((part) => file.includes(part)))
}

function record(seed: number, { file, ms, results, output }: FileResult): void {
  const failed = results.filter(({ outcome }) => outcome === 'failed')
  const word = failed.length > 0 ? 'FAIL' : 'ok  '
  console.log(`${word} seed ${seed} ${path.basename(file)} (${Math.round(ms / 1000)} s)`)
  for (const { name, text } of failed) console.log(`✖ ${name}\n${text}`)
  if (failed.length > 0) console.log(output.trimEnd())
  for (const { name, text } of results.filter(({ outcome }) => outcome === 'skipped')) {
    console.log(`  skipped: ${name}: ${text}`)
  }
  for (const [, count, what = ''] of output.matchAll(COUNT)) {
    counts.set(what, (counts.get(what) ?? 0) + Number(count))
  }
  done.push(...results)
}

function summarise(): void {
  const of = (outcome: TestResult['outcome']) => done.filter((one) => one.outcome === outcome)
  for (const [what, count] of [...counts].sort()) console.log(`${count} ${what}`)
  const [passed, failed, skipped] = [of('passed'), of('failed'), of('skipped')]
  if (failed.length > 0 || passed.length === 0) process.exitCode = 1
  console.log(`${passed.length} passed, ${failed.length} failed, ${skipped.length} skipped`)
}

async function main(): Promise<void> {
  const { seed, minutes, parts } = options()
  const files = chosenFiles(parts)
  if (files.length === 0) throw new Error('no file is chosen')
  console.log(`seed ${seed}, ${minutes} minutes, ${files.length} files`)
  const end = performance.now() + minutes * 60_000
  const reports = mkdtempSync(path.join(tmpdir(), 'comity-faults-'))
  const server = await startTestPostgres()
  const interrupted = () => {
    stopTestFiles()
    void server.stop().finally(() => process.exit(1))
  }
  process.once('SIGINT', interrupted).once('SIGTERM', interrupted)
  const { NODE_TEST_CONTEXT: _, ...inherited } = process.env
  try {
    for (let run = 0; performance.now() < end; run++) {
      const file = files[run % files.length] as string
      const own = seed + Math.floor(run / files.length)
      const env = { ...inherited, [TEST_POSTGRES]: server.url, [FAULT_SEED]: String(own) }
      const reportFile = path.join(reports, `${run}.jsonl`)
      record(own, await runTestFile({ root, file, reportFile, env, timeoutMs: FILE_LIMIT_MS }))
    }
  } finally {
    await server.stop()
    rmSync(reports, { recursive: true, force: true })
  }
}

await main()
summarise()
setTimeout(() => process.exit(), 5000).unref()
