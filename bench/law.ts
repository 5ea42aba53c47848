/**
 * The law of a node: how long all packs take to load, what one case against all of them
 * takes (law-case.ts), and what a changed pack would change for many open cases.
 *
 *   node bench/law.ts [--cases 1000000]    measures and prints, and writes no file; 0: loads only
 *
 * What the last figure is: rows as the projections write them, sealed case by case, in a
 * PostgreSQL of its own on this machine; each with four clocks of the European pack, their
 * start events, and an assessment. The newer version has another counting rule and one member
 * fewer, so that every clock and every rule of competence is computed under both versions:
 * a change of a few clocks is quicker. What it is not: cases with long histories, which cost
 * no more because streams are not read. Making the rows is not part of the time.
 */
import { execFile } from 'node:child_process'
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs, promisify } from 'node:util'
import { atRest as openAtRest } from '../src/adapters/keys/at-rest.ts'
import { libraryHolidays, loadLaw } from '../src/adapters/law-packs.ts'
import { startManagedPostgres } from '../src/adapters/managed-postgres/managed-postgres.ts'
import { type Database, migrate, openDatabase } from '../src/adapters/postgres/database.ts'
import { beginRun, finish, readRun } from '../src/adapters/postgres/law/effects.ts'
import { systemRandom as random } from '../src/adapters/random.ts'
import { instant, instantFromMs } from '../src/base/time.ts'
import type { CaseLaw } from '../src/core/law/case-inputs.ts'
import { packRef } from '../src/core/law/pack.ts'
import { versionsOf } from '../src/core/law/pack-versions.ts'
import { noSignOffs } from '../src/core/law/sign-off.ts'
import { openTemporaryDataFolder, resetData } from '../src/node/data-folder.ts'
import { insertLawCases } from '../test/support/law-cases.ts'
import { build } from '../tools/build.ts'
import { measureOneCase } from './law-case.ts'
import { loadText } from './machine.ts'
import {
  atMost,
  type Measured,
  megabytes,
  milliseconds,
  percentile,
  type Section,
  table,
} from './measured.ts'
import { descendantsOf, processorSecondsOf } from './processes.ts'

const ROOT = join(import.meta.dirname, '..')
const LAW = join(ROOT, 'law')
const LOADS = 9
const LOAD_GOAL_MS = 150
const CASES = 100_000
const CASES_OF_GOAL = 1_000_000
const EFFECT_GOAL_MIN = 10
const INSERTED_AT_ONCE = 5000
const CORES = 2

export type LawParts = {
  readonly tell: (text: string) => void
  readonly running: Set<() => Promise<void>>
  readonly cases?: number
}

export async function measureLaw(parts: LawParts): Promise<readonly Section[]> {
  const load = loadText()
  // Whoever starts a node has built it: the packs are prepared from the files of this checkout.
  await build()
  const loads = await measureLoads(parts)
  parts.tell('one case against all law packs')
  const oneCase = measureOneCase()
  const effect = parts.cases === 0 ? [] : await measureEffect(parts)
  const before = { what: 'load average before', figure: load }
  return [{ title: 'Law', lines: [before, ...loads, ...oneCase, ...effect] }]
}

/** Each in a process of its own, which has loaded the code and no pack. */
async function measureLoads({ tell }: LawParts): Promise<Measured[]> {
  tell('loading all law packs')
  const of = async (name: 'loadLaw' | 'readLaw') => {
    const script = `
      import { loadLaw, readLaw } from '${join(ROOT, 'src/adapters/law-packs.ts')}'
      const started = performance.now()
      const { versions } = ${name}('${LAW}')
      process.stdout.write(JSON.stringify([performance.now() - started, versions.length]))`
    const found: number[] = []
    let packs = 0
    for (let n = 0; n < LOADS; n += 1) {
      const args = ['--input-type=module', '--eval', script]
      const { stdout } = await promisify(execFile)(process.execPath, args)
      const [ms, count] = JSON.parse(stdout) as [number, number]
      found.push(ms)
      packs = count
    }
    return { ms: percentile(found, 0.5), worst: Math.max(...found), packs }
  }
  const prepared = await of('loadLaw')
  const yaml = await of('readLaw')
  const size = yamlBytes(LAW)
  return [
    {
      what: `all ${prepared.packs} versions of law packs loaded, in a fresh process (median of ${LOADS})`,
      figure: `${milliseconds(prepared.ms)}, slowest ${milliseconds(prepared.worst)}`,
      goal: atMost(LOAD_GOAL_MS, prepared.ms, 'ms'),
      beside: `from the YAML itself (${Math.round(size / 1000)} kB) ${milliseconds(yaml.ms)}`,
    },
  ]
}

function yamlBytes(folder: string): number {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.yaml'))
    .reduce((sum, name) => sum + readFileSync(join(folder, name)).length, 0)
}

async function measureEffect({ tell, running, cases = CASES }: LawParts): Promise<Measured[]> {
  const data = openTemporaryDataFolder()
  const server = await startManagedPostgres({
    dataFolder: data.postgresFolder(),
    cacheFolder: data.cacheFolder(),
  })
  const lawFolder = changedLaw()
  const stop = async () => {
    await server.stop()
    await resetData(data.folder)
    rmSync(lawFolder, { recursive: true, force: true })
  }
  running.add(stop)
  try {
    const database = openDatabase(await server.createDatabase('law_effect'), 6)
    await migrate(database)
    try {
      const serverPid = server.pid
      return await effectLines({ database, lawFolder, cases, tell, serverPid })
    } finally {
      await database.destroy()
    }
  } finally {
    running.delete(stop)
    await stop()
  }
}

type EffectParts = {
  readonly database: Database
  readonly lawFolder: string
  readonly cases: number
  readonly tell: (text: string) => void
  readonly serverPid: number
}

async function effectLines(given: EffectParts): Promise<Measured[]> {
  const { database, lawFolder, cases, tell, serverPid } = given
  const keys = openAtRest(random.bytes(32))
  const { versions } = loadLaw(lawFolder)
  const [older, newer] = versionsOf(versions, 'law.eu')
  if (older === undefined || newer === undefined) throw new Error('the pack has no two versions')
  tell(`making ${cases} cases`)
  for (let n = 0; n < cases; n += INSERTED_AT_ONCE) {
    const some = Math.min(INSERTED_AT_ONCE, cases - n)
    const rows = Array.from({ length: some }, (_, m) => ({
      inputs: inputsOf(n + m, packRef(older)),
    }))
    await insertLawCases(database, keys, rows)
  }
  tell(`comparing ${cases} cases`)
  const faults: unknown[] = []
  const parts = {
    ...{ database, atRest: keys, random },
    onFault: (error: unknown) => void faults.push(error),
  }
  const context = { packs: [newer], versions, signOffs: noSignOffs, holidaysOf: libraryHolidays() }
  const wish = { pack: newer, context, now: instant('2027-06-01T00:00:00.000Z'), askedBy: 'bench' }
  const beganMb = process.memoryUsage.rss()
  let peak = beganMb
  const timer = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss())
  }, 100)
  const usedBefore = processorSeconds(serverPid)
  const started = performance.now()
  const begun = await beginRun(parts, wish)
  if (!begun) throw new Error('another run is under way')
  await finish(parts, begun.id, wish)
  const ms = performance.now() - started
  const used = processorSeconds(serverPid) - usedBefore
  clearInterval(timer)
  const run = await readRun(database, begun.id)
  if (faults.length > 0 || run.state !== 'done') throw faults[0] ?? new Error(run.state)
  if (run.looked !== cases) throw new Error(`${run.looked} of ${cases} were looked at`)
  const scaledMin = ((ms / cases) * CASES_OF_GOAL) / 60_000
  const isWhole = cases === CASES_OF_GOAL
  return [
    {
      what: `effect of a changed pack on ${cases.toLocaleString('en')} open cases, two threads`,
      figure: `${milliseconds(ms)}${isWhole ? '' : `: at that pace ${scaledMin.toFixed(1)} min for 1,000,000`}; ${run.changed.toLocaleString('en')} cases would change`,
      goal: atMost(EFFECT_GOAL_MIN, scaledMin, 'min for 1,000,000'),
      beside: `${Math.round((cases / ms) * 1000).toLocaleString('en')} cases a second on ${availableParallelism()} cores with the database`,
    },
    {
      what: 'processor time of it, the database among it, which depends less on what else this machine does',
      figure: `${used.toFixed(1)} s: ${(((used / cases) * CASES_OF_GOAL) / 60 / CORES).toFixed(1)} min for 1,000,000 on ${CORES} cores that do nothing else`,
    },
    {
      what: 'memory of the comparing process, threads among it: before, highest',
      figure: `${megabytes(beganMb)}, ${megabytes(peak)}`,
    },
  ]
}

/** Of this process with its threads, and of the database server with its children. */
function processorSeconds(serverPid: number): number {
  const { user, system } = process.cpuUsage()
  const pids = [serverPid, ...descendantsOf(serverPid).map(({ pid }) => pid)]
  return (user + system) / 1e6 + pids.reduce((sum, pid) => sum + processorSecondsOf(pid), 0)
}

const DAY_MS = 86_400_000
const FROM_MS = Date.UTC(2026, 0, 1)

/** Cases differ in when and where; no two neighbours are alike. */
function inputsOf(n: number, ref: CaseLaw['refs'][number]): CaseLaw {
  const at = instantFromMs(FROM_MS + ((n * 7919) % 900) * DAY_MS + ((n * 104_729) % DAY_MS))
  const event = (name: string, clock: string | null = null) => ({
    ...{ event: name, clock, at, zone: 'Europe/Brussels', evidence: '' },
  })
  return {
    facts: {
      offeredIn: [['DE', 'FR', 'IT', 'GB'][n % 4] as string],
      personalDataBreach: n % 2 === 0,
      seriousIncident: n % 3 !== 0,
      highRiskRoute: n % 5 === 0 ? 'annex_i' : 'annex_iii',
    },
    events: [event('aware'), event('order_received')] as unknown as CaseLaw['events'],
    refs: [ref],
    clocks: [
      ['eu.ai_act/sir_general', 'eu.ai_act/sir_death', 'eu.gdpr/breach_sa', 'eu.cra/sev_notif'],
    ],
    assessed: [0],
  }
}

/** The shipped law, with a European version after the shipped one. */
function changedLaw(): string {
  const folder = mkdtempSync(join(tmpdir(), 'comity-law-'))
  cpSync(LAW, folder, { recursive: true })
  const head = join(folder, 'eu/pack.yaml')
  const text = readFileSync(head, 'utf8')
  const version = /^version: (\S+)$/m.exec(text)?.[1] ?? ''
  const old = join(folder, 'eu/versions', version)
  mkdirSync(old, { recursive: true })
  for (const name of readdirSync(join(LAW, 'eu')).filter((each) => each.endsWith('.yaml'))) {
    cpSync(join(LAW, 'eu', name), join(old, name))
  }
  const newer = text
    .replace(/^version: .*$/m, `version: 99.0.0\nreplaces: ${version}`)
    .replace(/^validFrom: .*$/m, 'validFrom: 2027-01-01')
    .replace('  counting: eu1182', '  counting: unstated')
    .replace(', GR', '')
  writeFileSync(head, newer)
  return folder
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { cases: { type: 'string', default: String(CASES) } } })
  const running = new Set<() => Promise<void>>()
  const tell = (text: string) => void process.stderr.write(`… ${text}\n`)
  const sections = await measureLaw({ tell, running, cases: Number(values.cases) })
  process.stdout.write(`${sections.map(table).join('\n')}\n`)
}
