/**
 * `comity demo`: the story on any report, in a world of its own.
 *
 * Standard output holds one JSON line a report and nothing else; progress goes to
 * standard error. The exit code is 0 only if every step of every report held.
 */
import { copyFileSync, mkdirSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { ComityError } from '../base/errors.ts'
import { openTemporaryDataFolder, resetData } from '../node/data-folder.ts'
import { type RunningDemo, startDemoWorld } from '../node/demo-world.ts'
import { exitWithParent } from '../node/exit-with-parent.ts'
import { onStopSignal } from '../node/stop-signals.ts'
import { buildAssets } from './build-assets.ts'
import { readReports, sampleReport } from './story/reports.ts'
import { runStories, type StoryEnd } from './story/run-story.ts'

const USAGE = `usage: comity demo [--report FILE|FILE.jsonl] [--limit N] [--exit] [--json] [--out DIR]
  --report  a record in AVID's form, or one a line; without it the invented sample
  --limit   at most so many reports of the file
  --out     folder for packages, receipts and releases; without it a temporary one
  --exit    end when the story has ended (otherwise the nodes stay up)
  --json    one JSON line a report on standard output
`

export async function demoCommand(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      report: { type: 'string' },
      limit: { type: 'string', default: '1000000' },
      out: { type: 'string' },
      exit: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return say(USAGE, 0)
  const limit = Number(values.limit)
  if (!Number.isInteger(limit) || limit < 1) return say(`--limit takes a whole number\n${USAGE}`, 2)
  const reports = values.report ? readOrSay(values.report, limit) : [sampleReport()]
  if (reports === undefined) return 2
  if (reports.length === 0) return say('the file holds no report\n', 2)

  const data = openTemporaryDataFolder()
  const artefacts = values.out ? resolve(values.out) : mkdtempSync(join(tmpdir(), 'comity-demo-'))
  mkdirSync(artefacts, { recursive: true, mode: 0o700 })
  let demo: RunningDemo | undefined
  const stop = async () => {
    await demo?.stop()
    await resetData(data.folder)
  }
  onStopSignal(stop)
  exitWithParent(stop)
  const databaseUrl = process.env['DATABASE_URL']
  const progress = (text: string) => void say(`… ${text}\n`, 0)
  demo = await startDemoWorld({ data, databaseUrl, progress, assets: buildAssets() })
  const policy = join(artefacts, 'policy.txt')
  copyFileSync(demo.policyFile, policy)
  let isAllOk = true
  const stories = runStories(demo, reports, {
    artefacts,
    progress: ({ label }, { id, ok, ms, error, refusal }, { title }) => {
      const mark = ok ? '✓' : '✗'
      const why = error ?? (refusal ? `refused: ${refusal.why}` : '')
      say(`${mark} ${label}  ${id.padEnd(24)} ${`${ms} ms`.padStart(8)}  ${title} ${why}\n`, 0)
    },
  })
  for await (const end of stories) {
    isAllOk &&= end.ok
    if (values.json) process.stdout.write(`${JSON.stringify(lineOf(demo, end, policy))}\n`)
  }
  say(`artefacts: ${artefacts}\n`, 0)
  if (values.exit) await stop()
  else await new Promise(() => {})
  return isAllOk ? 0 : 1
}

function readOrSay(file: string, limit: number) {
  try {
    return readReports(file, limit)
  } catch (error) {
    if (error instanceof ComityError) {
      say(`${file}: ${error.field ? `${error.field}: ` : ''}${error.message}\n`, 2)
      return undefined
    }
    const { code, message } = error as { code?: string; message: string }
    say(`${file}: ${code ?? message}\n`, 2)
    return undefined
  }
}

function lineOf(demo: RunningDemo, { story, steps, ok, storyMs }: StoryEnd, policy: string) {
  const { evidencePackage, receipts, releases } = story.memory.files
  return {
    ok,
    report: story.report.label,
    steps,
    nodes: demo.nodes.map(({ authority, baseUrl, logVkey, witnessVkey }) => ({
      id: authority.id,
      origin: `${authority.id}/ledger`,
      baseUrl,
      vkeys: [logVkey, witnessVkey],
    })),
    artefacts: { policy, evidencePackage: evidencePackage ?? null, receipts, releases },
    timingsMs: { serving: Math.round(demo.servingMs), story: storyMs },
  }
}

function say(text: string, code: number): number {
  process.stderr.write(text)
  return code
}
