/** `comity law`: what the law packs say, without a node. */
import { parseArgs } from 'node:util'
import { answerClock } from '../../core/law/clock-question.ts'
import { dueAnswer, momentOf, requireZone } from '../../wire/due-question.ts'
import { plainText } from '../../wire/package/plain-text.ts'
import { ASK_HELP, ASK_USAGE, competenceCommand, gapsCommand } from './ask.ts'
import { checkCommand } from './check.ts'
import { dueText, eventsOf } from './due.ts'
import { factArguments } from './facts.ts'
import { SANCTIONS_USAGE, sanctionsCommand } from './sanctions.ts'
import { shippedLaw } from './shipped-law.ts'

const USAGE = `usage: comity law check [FOLDER] [--json]
       comity law due --clock CLOCK --start MOMENT --tz ZONE [--fact NAME=VALUE]…
                 [--event EVENT@MOMENT]… [--json]
       comity law sanctions (--tier TIER | --instrument ID) [--turnover AMOUNT] [--currency CODE]… [--json]
${ASK_USAGE}
       comity law diff OLD NEW [--json]
       comity law effect PACK --config FILE [--version VERSION] [--json]
       comity law sign-off FOLDER --door URL --code CODE [--overlay FILE] [--except CLOCK]…

check    do the packs and overlays of a folder load, what do they hold, and do their worked
         examples come out as they say? Without FOLDER: the shipped ones
due      when is the act of a clock due? Answered as if the packs were signed off
sanctions  what may a fine reach? A statutory maximum with its steps, or its formula;
         comity law sanctions --help says what else it takes
${ASK_HELP}
diff     what differs between two versions of a pack? Folders, or law.eu, law.eu@0.2.0
effect   what would a version change for the open cases of a node on this machine?
sign-off sign off the files of a pack as they lie here, with a code from the officers' page
CLOCK    <instrument>/<clock>, such as eu.ai_act/sir_general; comity law check --json lists them
MOMENT   when the event happened that the clock runs from, such as 2026-11-20T10:00:00+01:00
EVENT    what else happened: performed, classified, satisfied_by, extended, suspended, resumed,
         received; or the event of another clock, such as 'notification_submitted(eu.cra/sev_notif)'
ZONE     time zone of the authority that acts, such as Europe/Brussels
VALUE    true, false, a number, a text or a list, such as offeredIn=[DE,GB]

Not legal advice. Exit codes: 0 answered, 1 refused or unknown, 2 wrong usage.
`

export async function lawCommand(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args
  if (rest.includes('--help')) {
    process.stdout.write(name === 'sanctions' ? SANCTIONS_USAGE : USAGE)
    return 0
  }
  if (name === 'check') return checkCommand(rest)
  if (name === 'due') return dueCommand(rest)
  if (name === 'sanctions') return sanctionsCommand(rest)
  if (name === 'competence') return competenceCommand(rest)
  if (name === 'gaps') return gapsCommand(rest)
  if (name === 'diff') return (await import('./diff.ts')).diffCommand(rest)
  if (name === 'effect') return (await import('./effect.ts')).effectCommand(rest)
  if (name === 'sign-off') return (await import('./sign-off.ts')).signOffCommand(rest)
  process.stderr.write(USAGE)
  return name === '--help' ? 0 : 2
}

function dueCommand(args: readonly string[]): number {
  const { values } = parseArgs({
    args: [...args],
    options: {
      clock: { type: 'string' },
      start: { type: 'string' },
      tz: { type: 'string' },
      fact: { type: 'string', multiple: true, default: [] },
      event: { type: 'string', multiple: true, default: [] },
      json: { type: 'boolean', default: false },
    },
  })
  const { clock, start, tz: timeZone } = values
  if (clock === undefined || start === undefined || timeZone === undefined) {
    process.stderr.write(USAGE)
    return 2
  }
  const facts = factArguments(values.fact)
  const events = eventsOf(values.event, clock)
  const zone = requireZone(timeZone)
  const question = { clock, start: momentOf(start, '--start'), timeZone: zone, facts, events }
  const result = answerClock(shippedLaw(), question)
  if (values.json) process.stdout.write(`${JSON.stringify(dueAnswer(result))}\n`)
  else if (result !== undefined) process.stdout.write(dueText(result))
  if (result !== undefined) return 0
  process.stderr.write(`comity law: no shipped pack has the clock ${plainText(clock)}\n`)
  return 1
}
