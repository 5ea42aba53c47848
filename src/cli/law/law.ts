/** `comity law`: what the law packs say, without a node. */
import { parseArgs } from 'node:util'
import { type FoundOverlay, loadLaw, loadOverlays, withOverlay } from '../../adapters/law-packs.ts'
import { malformed } from '../../base/errors.ts'
import type { LawPack } from '../../core/law/pack.ts'
import { plainText } from '../../wire/package/plain-text.ts'
import { ASK_HELP, ASK_USAGE, competenceCommand, gapsCommand } from './ask.ts'
import { dueAnswer, dueOf, dueText, momentOf } from './due.ts'
import { factsOf } from './facts.ts'
import { sanctionsCommand } from './sanctions.ts'
import { LAW_FOLDER, shippedLaw } from './shipped-law.ts'

const USAGE = `usage: comity law check [FOLDER] [--json]
       comity law due --clock CLOCK --start MOMENT --tz ZONE [--fact NAME=VALUE]… [--json]
       comity law sanctions (--tier TIER | --instrument ID) [--turnover AMOUNT] [--currency CODE]… [--json]
${ASK_USAGE}
       comity law diff OLD NEW [--json]
       comity law sign-off FOLDER --door URL --code CODE [--overlay FILE] [--except CLOCK]…

check    do the packs and overlays of a folder load, and what do they hold? Without FOLDER: the shipped ones
due      when is the act of a clock due? Answered as if the packs were signed off
sanctions  what may a fine reach? A statutory maximum with its steps, or its formula
${ASK_HELP}
diff     what differs between two versions of a pack? Folders, or law.eu, law.eu@0.2.0
sign-off sign off the files of a pack as they lie here, with a code from the officers' page
CLOCK    <instrument>/<clock>, such as eu.ai_act/sir_general; comity law check --json lists them
MOMENT   when the event happened that the clock runs from, such as 2026-11-20T10:00:00+01:00
ZONE     time zone of the authority that acts, such as Europe/Brussels
VALUE    true, false, a number, a text or a list, such as offeredIn=[DE,GB]

Not legal advice. Exit codes: 0 answered, 1 refused or unknown, 2 wrong usage.
`

export async function lawCommand(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args
  if (name === 'check') return checkCommand(rest)
  if (name === 'due') return dueCommand(rest)
  if (name === 'sanctions') return sanctionsCommand(rest)
  if (name === 'competence') return competenceCommand(rest)
  if (name === 'gaps') return gapsCommand(rest)
  if (name === 'diff') return (await import('./diff.ts')).diffCommand(rest)
  if (name === 'sign-off') return (await import('./sign-off.ts')).signOffCommand(rest)
  process.stderr.write(USAGE)
  return name === '--help' ? 0 : 2
}

function checkCommand(args: readonly string[]): number {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { json: { type: 'boolean', default: false } },
  })
  const folder = positionals[0] ?? LAW_FOLDER
  const { current, versions } = loadLaw(folder)
  if (current.length === 0) throw malformed('the folder holds no <legal order>/pack.yaml')
  const packs = current.map(contentsOf)
  const overlays = loadOverlays(folder).map((found) => overlayContents(versions, found))
  const lines = [...packs.map(packLine), ...overlays.map(overlayLine)]
  const text = values.json ? JSON.stringify({ packs, overlays }) : lines.join('\n')
  process.stdout.write(`${text}\n`)
  return 0
}

function dueCommand(args: readonly string[]): number {
  const { values } = parseArgs({
    args: [...args],
    options: {
      clock: { type: 'string' },
      start: { type: 'string' },
      tz: { type: 'string' },
      fact: { type: 'string', multiple: true, default: [] },
      json: { type: 'boolean', default: false },
    },
  })
  const { clock, start, tz: timeZone } = values
  if (clock === undefined || start === undefined || timeZone === undefined) {
    process.stderr.write(USAGE)
    return 2
  }
  const facts = factsOf(values.fact)
  const question = { clock, start: momentOf(start, '--start'), timeZone, facts, events: [] }
  const result = dueOf(shippedLaw(), question)
  if (values.json) process.stdout.write(`${JSON.stringify(dueAnswer(result))}\n`)
  else if (result !== undefined) process.stdout.write(dueText(result))
  if (result !== undefined) return 0
  process.stderr.write(`comity law: no shipped pack has the clock ${plainText(clock)}\n`)
  return 1
}

function contentsOf({ id, version, status, name, validFrom, instruments }: LawPack) {
  const clocks = instruments.flatMap((instrument) => instrument.clocks.map((clock) => clock.id))
  return { id, version, status, name, validFrom, instruments: instruments.length, clocks }
}

function packLine({ id, version, status, name, instruments, clocks }: Contents): string {
  const holds = `${instruments} instruments, ${clocks.length} clocks`
  return `${id} ${version} (${status}, not signed off): ${holds}  ${name}`
}
type Contents = ReturnType<typeof contentsOf>

/** Loads only if it fits every version of the pack that it holds for. */
function overlayContents(versions: readonly LawPack[], found: FoundOverlay) {
  const { id, version, status, name, isFictional, sha256 } = found.overlay
  const laid = withOverlay(versions, found).filter(({ overlay }) => overlay?.id === id)
  const over = laid.map((pack) => ({ pack: pack.id, version: pack.version, digest: pack.digest }))
  return { id, version, status, name, isFictional, sha256, over }
}

function overlayLine({ id, version, status, name, over }: ReturnType<typeof overlayContents>) {
  const made = over.map((pack) => `${pack.pack} ${pack.version}`).join(', ')
  return `${id} ${version} (${status}, not signed off): an overlay, makes ${made}  ${name}`
}
