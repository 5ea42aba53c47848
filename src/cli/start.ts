/**
 * `comity start`: the demonstration that stays. Starts three nodes, tells the story
 * once, prints what happened, and keeps serving until Ctrl-C. A second start finds
 * the same data and tells the story only if it was not told to its end.
 */
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { dataFolderPath, openDataFolder } from '../node/data-folder.ts'
import { type RunningDemo, startDemoWorld } from '../node/demo-world.ts'
import { exitWithParent } from '../node/exit-with-parent.ts'
import { FIRST_PORT } from '../node/free-ports.ts'
import { onStopSignal } from '../node/stop-signals.ts'
import { runningSupervisor } from '../node/supervisor-state.ts'
import { buildAssets } from './build-assets.ts'
import type { StoryEnd } from './story/run-story.ts'
import type { Step, StepResult, StoryReport } from './story/story.ts'

const CHECKOUT = join(import.meta.dirname, '..', '..')

const USAGE = `usage: comity start

Starts the demonstration on this machine: three nodes of fictional authorities, an outside
witness and a database, tells the story once and keeps serving until Ctrl-C. npm start runs it.

COMITY_DATA    the folder for its data; without it .comity beside the program
DATABASE_URL   a PostgreSQL server to use instead of one of its own
`

export async function startCommand(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...args], options: { help: { type: 'boolean' } } })
  if (values.help) {
    print(USAGE)
    return 0
  }
  const data = openDataFolder(dataFolderPath(CHECKOUT, process.env))
  const running = runningSupervisor(data.folder)
  if (running) {
    const ports = running.children.map(({ id, port }) => `${id} http://127.0.0.1:${port}`)
    print(`Comity is already running:\n  ${ports.join('\n  ')}\n`)
    return 0
  }
  let demo: RunningDemo | undefined
  const stop = async () => {
    await demo?.stop()
  }
  onStopSignal(stop)
  exitWithParent(stop)
  print('Comity · training and demonstration · fictional authorities, simulated clock\n\n')
  demo = await startDemoWorld({
    data,
    assets: buildAssets(),
    firstPort: FIRST_PORT,
    databaseUrl: process.env['DATABASE_URL'],
    progress: (text) => print(`… ${text}\n`),
    onEvent: (event) => {
      if (event.type === 'childRestarting') print(`… ${event.id} ended and is started again\n`)
    },
  })
  print(`Serving after ${seconds(demo.servingMs)}.\n\n`)
  const told = join(data.folder, 'story-told')
  const ok = existsSync(told) || (await tellStory(demo, join(data.folder, 'artefacts'), told))
  await printLinks(demo)
  if (!ok) print('The story did not come to its end; see the step above. The nodes stay up.\n')
  await new Promise(() => {})
  return 0
}

async function tellStory(demo: RunningDemo, artefacts: string, told: string): Promise<boolean> {
  const options = {
    artefacts,
    progress: (
      _report: StoryReport,
      { id, ok, ms, refusal, error }: StepResult,
      { title }: Step,
    ) => {
      const outcome = error ?? (refusal ? `refused: ${refusal.why}` : '')
      print(
        `${ok ? '✓' : '✗'} ${id.padEnd(25)}${String(ms).padStart(6)} ms  ${title}${outcome && `  [${outcome}]`}\n`,
      )
    },
  }
  const [{ sampleReport }, { runStories }] = await storyModules()
  let end: StoryEnd | undefined
  for await (const one of runStories(demo, [sampleReport()], options)) end = one
  if (!end) return false
  printTable(end)
  if (end.ok) writeFileSync(told, `${new Date().toISOString()}\n`, { mode: 0o600 })
  return end.ok
}

/** What happened, authority by authority. */
function printTable({ steps, storyMs, story }: StoryEnd): void {
  const events = steps.flatMap((step) => step.events)
  const refusals = steps.filter(({ refusal }) => refusal)
  const rows = [
    ['steps', `${steps.filter(({ ok }) => ok).length} of ${steps.length} held`],
    ['events', String(events.length)],
    ['lawful refusals', refusals.map(({ refusal }) => refusal?.why).join(', ')],
    ['story', seconds(storyMs)],
    ['evidence package', story.memory.files.evidencePackage ?? 'none'],
    ['policy', story.demo.policyFile],
  ]
  print(`\n${rows.map(([name, value]) => `${name?.padEnd(18)} ${value}`).join('\n')}\n`)
  const file = story.memory.files.evidencePackage
  if (file)
    print(`\nVerify it yourself:\n  npx comity verify ${file} --policy ${story.demo.policyFile}\n`)
}

/** Loaded once the nodes serve: they need not wait for it. */
function storyModules() {
  return Promise.all([import('./story/reports.ts'), import('./story/run-story.ts')])
}

async function printLinks(demo: RunningDemo): Promise<void> {
  const { signInLink } = await import('./story/client.ts')
  for (const node of demo.nodes) {
    print(`\n${node.authority.name}\n`)
    print(`  public pages      ${node.baseUrl}/en\n`)
    print(`  reporter portal   ${node.baseUrl}/en/report\n`)
    print('  officers          each link works once, within ten minutes\n')
    for (const { key } of node.officers) {
      const link = await signInLink(node, key)
      print(`    ${key.padEnd(16)}${node.baseUrl}/en/officer/sign-in/${link}\n`)
    }
  }
  print(`\nOfficers’ own keys, to open a sealed report: ${demo.keyRings}\n`)
  print('An act may ask you to prove that it is you: the page that opens says how.\n')
  print('A new start gives new links. Ctrl-C stops everything. `npm run reset` removes the data.\n')
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`
}

function print(text: string): void {
  process.stdout.write(text)
}
