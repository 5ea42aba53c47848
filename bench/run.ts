/**
 * `npm run bench`: measures the figures that Comity promises, on this machine,
 * prints them and writes them to bench/RESULTS.md, each beside a limit of the
 * machine measured in the same run. Says which lines fall short.
 *
 *   npm run bench                     about ten minutes
 *   npm run bench -- --with-tests     and `npm test`, which takes longer
 *   npm run bench -- --test-log FILE  takes that time from the output of a run
 *   npm run bench -- --only PART      starts, pages, phone, work, intake, sealing, exchange, mutations, operations, ledger, law, release or vault; writes no file
 *   … --only PART --merge             puts that part into the results of the last whole run
 *
 * Uses loopback and temporary folders only, and ends by itself. It does not wait
 * for the machine to be quiet: the load at its start stands in the results.
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { openTemporaryDataFolder, resetData } from '../src/node/data-folder.ts'
import { type RunningDemo, startDemoWorld } from '../src/node/demo-world.ts'
import { onStopSignal } from '../src/node/stop-signals.ts'
import { measureAttempts } from './attempts.ts'
import { measureExchange } from './exchange.ts'
import { measureExchangeAlone } from './exchange-alone.ts'
import { measureIntake } from './intake.ts'
import { measureLaw } from './law.ts'
import { measureLedger } from './ledger.ts'
import { limitsSection, machineFacts, measureLimits } from './machine.ts'
import { atMost, milliseconds, notMeasured, type Section, table } from './measured.ts'
import { mergeInto, shortLines, verdict } from './merge.ts'
import { measureMutations } from './mutations.ts'
import { measureOperations } from './operations.ts'
import { measurePages } from './pages.ts'
import { measureRelease } from './release.ts'
import { measureSealing } from './sealing.ts'
import { measureSlowPhone } from './slow-phone.ts'
import { measureStarts } from './start-time.ts'
import { measureVault } from './vault.ts'
import { measureStory, measureWork } from './work.ts'

const ROOT = join(import.meta.dirname, '..')
const RESULTS = join(import.meta.dirname, 'RESULTS.md')
const TESTS_GOAL_MIN = 8
const TESTS_STOP_MS = 20 * 60_000
const STOP_MS = 20 * 60_000

const { values: options } = parseArgs({
  options: {
    'with-tests': { type: 'boolean', default: false },
    'test-log': { type: 'string' },
    only: { type: 'string' },
    merge: { type: 'boolean', default: false },
  },
})

const tell = (text: string) => void process.stderr.write(`… ${text}\n`)
const wanted = (part: string) => options.only === undefined || options.only === part

/** What runs while something is measured: ended when the run is cut short. */
const running = new Set<() => Promise<void>>()
onStopSignal(async () => {
  for (const stop of running) await stop()
})
// Keeps this process alive, too: a database server of ours does not.
const deadline = setTimeout(
  () => {
    tell('takes too long and is stopped')
    process.kill(process.pid, 'SIGTERM')
  },
  STOP_MS + (options['with-tests'] ? TESTS_STOP_MS : 0),
)

const facts = machineFacts()
const startedMs = performance.now()
const limits = await measureLimits()
const sections: Section[] = []
if (wanted('starts'))
  sections.push(...(await part('starts', () => measureStarts({ limits, tell, running }))))
if (wanted('pages') || wanted('work') || wanted('phone'))
  sections.push(...(await part('world', measureWorld)))
if (wanted('intake'))
  sections.push(...(await part('intake', () => measureIntake({ tell, running }))))
if (wanted('exchange'))
  sections.push(
    ...(await part('exchange', () => measureExchange({ tell, running }))),
    ...(await part('exchange alone', () => measureExchangeAlone({ tell, running }))),
  )
if (wanted('mutations'))
  sections.push(...(await part('mutations', () => measureMutations({ tell }))))
if (wanted('ledger'))
  sections.push(...(await part('ledger', () => measureLedger({ tell, running }))))
if (wanted('sealing'))
  sections.push(...(await part('sealing', () => measureSealing({ tell, running }))))
if (wanted('operations'))
  sections.push(...(await part('operations', () => measureOperations({ limits, tell, running }))))
if (wanted('law')) sections.push(...(await part('law', () => measureLaw({ tell, running }))))
if (wanted('release')) {
  const measure = async () => [...measureRelease(), measureAttempts()]
  sections.push(...(await part('release', measure)))
}
if (wanted('vault')) sections.push(...(await part('vault', async () => [await measureVault()])))
if (options['with-tests'] || options['test-log']) sections.push(await measureTests())
if (options.only !== undefined && options.merge) {
  writeFileSync(RESULTS, mergeInto(readFileSync(RESULTS, 'utf8'), sections))
}
sections.push(limitsSection(limits))
const text = resultText()
process.stdout.write(text)
if (options.only === undefined) writeFileSync(RESULTS, text)
clearTimeout(deadline)

async function part(name: string, measure: () => Promise<readonly Section[]>) {
  try {
    return await measure()
  } catch (error) {
    return [{ title: name, lines: [notMeasured(name, 'to be measured', error)] }]
  }
}

async function measureWorld(): Promise<readonly Section[]> {
  const data = openTemporaryDataFolder()
  const artefacts = mkdtempSync(join(tmpdir(), 'comity-bench-'))
  tell('a world of three nodes')
  const demo = await startDemoWorld({ data })
  const stop = async () => {
    await demo.stop()
    await resetData(data.folder)
    rmSync(artefacts, { recursive: true, force: true })
  }
  running.add(stop)
  try {
    const measured: Section[] = []
    if (wanted('work'))
      measured.push(...(await part('work', () => measureActions(demo, artefacts))))
    if (wanted('pages')) {
      tell('public pages')
      measured.push(...(await part('pages', () => measurePages(demo.nodes[0]?.baseUrl ?? ''))))
    }
    if (wanted('phone')) {
      tell('the portal on a slow phone')
      const measure = async () => [await measureSlowPhone(demo.nodes[0]?.baseUrl ?? '')]
      measured.push(...(await part('phone', measure)))
    }
    return measured
  } finally {
    running.delete(stop)
    await stop()
  }
}

async function measureActions(demo: RunningDemo, artefacts: string): Promise<readonly Section[]> {
  tell('the story')
  const { end, section } = await measureStory(demo, artefacts)
  tell('acts, releases, receipts')
  return [section, ...(await part('acts', async () => [await measureWork(demo, end)]))]
}

async function measureTests(): Promise<Section> {
  const what = '`npm test`'
  const title = 'Tests'
  const log = options['test-log']
  const { seconds, summary } = log ? fromLog(readFileSync(log, 'utf8')) : await runTests()
  if (seconds === undefined) {
    return { title, lines: [notMeasured(what, `≤ ${TESTS_GOAL_MIN} min`, 'the log names no time')] }
  }
  const goal = atMost(TESTS_GOAL_MIN, seconds / 60, 'min')
  const isMet = goal.isMet && / 0 failed/.test(summary)
  const figure = `${milliseconds(seconds * 1000)}; ${summary}`
  return { title, lines: [{ what, figure, goal: { ...goal, isMet } }] }
}

async function runTests() {
  tell('npm test')
  const started = performance.now()
  const child = spawn('npm', ['test', '--silent'], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const timer = setTimeout(() => child.kill(), TESTS_STOP_MS)
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (text) => {
    output += text
  })
  await new Promise<void>((done) => child.on('close', () => done()))
  clearTimeout(timer)
  return { seconds: (performance.now() - started) / 1000, summary: summaryOf(output) }
}

/** The output of `time npm test`: the summary line, and what `time` says. */
function fromLog(log: string) {
  const real = /^real\s+(?:(\d+)m)?([\d.]+)s?$/m.exec(log)
  const seconds = real ? Number(real[1] ?? 0) * 60 + Number(real[2]) : undefined
  return { seconds, summary: summaryOf(log) }
}

function summaryOf(output: string): string {
  return output.match(/\d+ passed, \d+ failed, \d+ skipped/g)?.at(-1) ?? 'no summary line'
}

function resultText(): string {
  return [
    '# Measured figures',
    '',
    'Written by `npm run bench`. Goals are for two cores. Each figure stands beside a limit of the same machine, measured in the same run.',
    '',
    ...facts.map((fact) => `- ${fact}`),
    `- ${new Date().toISOString()}, whole run ${milliseconds(performance.now() - startedMs)}`,
    '',
    verdict(shortLines(sections)),
    ...sections.map(table),
  ].join('\n')
}
