/**
 * `comity import FILE…`: what records of other systems would carry into a case, and
 * what not; with `--to`, admits each into a new case of a running node, as the officer
 * whose session is in a file. With `--as` writes the record in another format instead.
 */
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { parseRecord } from '../app/admit-record.ts'
import type { Json } from '../base/canonical-json.ts'
import { ComityError, malformed } from '../base/errors.ts'
import { writeAvid } from '../wire/avid.ts'
import { writeAiidIncident } from '../wire/inputs/aiid.ts'
import { type ReadInput, readInput } from '../wire/inputs/read-input.ts'

const USAGE = `usage: comity import FILE... [--to ORIGIN --session FILE] [--as avid|aiid]

Reads records of AVID, the AI Incident Database, the AI flaw report, CVE 5 and CSAF
2.0 or 2.1, one JSON document a file. Which format it is, the record says itself.

Without an option it shows for each file, one JSON line: the format, the report as a
case would hold it, and \`notCarried\`: each member that has no place in it, and why.
Nothing is changed.

--to        admits each into a new case; ORIGIN is the officers' door, https://…
--session   a file that holds the officer's session cookie as NAME=VALUE
--as avid   writes an AVID record again as it was
--as aiid   writes an incident for the AI Incident Database, with what is \`lost\`

Exit codes: 0 all done, 1 a file was not read or not admitted, 2 wrong usage.
`

type Options = {
  readonly to?: string | undefined
  readonly session?: string | undefined
  readonly as?: string | undefined
}

export async function importCommand(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      to: { type: 'string' },
      session: { type: 'string' },
      as: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  })
  const isUsage =
    positionals.length === 0 ||
    (values.to === undefined) !== (values.session === undefined) ||
    (values.as !== undefined && values.to !== undefined) ||
    ![undefined, 'avid', 'aiid'].includes(values.as)
  if (values.help || isUsage) {
    process.stderr.write(USAGE)
    return values.help ? 0 : 2
  }
  let refused = 0
  for (const file of positionals) {
    const answer = await answerFor(file, values)
    if ('error' in answer) refused += 1
    process.stdout.write(`${JSON.stringify({ file, ...answer })}\n`)
  }
  return refused > 0 ? 1 : 0
}

/** A file that cannot be read stops none of the others. */
async function answerFor(file: string, options: Options): Promise<object> {
  try {
    const record = parseRecord(readFileSync(file))
    const read = readInput(record)
    if (options.as !== undefined) return writtenAs(options.as, read)
    if (options.to === undefined) return read
    return await admitted({ ...options, to: options.to }, record, read)
  } catch (error) {
    if (error instanceof ComityError) {
      const { code, field = '', reason = '', message } = error
      return { error: { code, field, reason, message } }
    }
    if ((error as NodeJS.ErrnoException).code === undefined) throw error
    return { error: { code: 'unavailable', message: (error as Error).message } }
  }
}

/** Exported for its tests. */
export function writtenAs(format: string, { format: from, report }: ReadInput): object {
  if (format === 'aiid') {
    const written = writeAiidIncident(report)
    if (written) return written
    throw malformed('an incident of that database refers to a public article; this has none')
  }
  if (from === 'avid') return { record: writeAvid(report), lost: [] }
  throw malformed('only a record of AVID is written as AVID')
}

async function admitted(
  { to, session = '' }: Options & { readonly to: string },
  record: Json,
  { report, notCarried }: ReadInput,
): Promise<object> {
  const { origin, protocol, hostname } = new URL(to)
  const isLocal = ['localhost', '127.0.0.1', '[::1]'].includes(hostname)
  if (protocol !== 'https:' && !isLocal) throw malformed('a session goes over https only')
  const answer = await fetch(`${origin}/api/v1/cases`, {
    method: 'POST',
    redirect: 'error',
    headers: {
      origin,
      'content-type': 'application/json',
      cookie: readFileSync(session, 'utf8').trim(),
    },
    body: JSON.stringify({ title: report.title.text.slice(0, 300), record }),
  })
  const said = (await answer.json()) as { readonly value?: { readonly streamId: string } }
  if (!answer.ok || !said.value) return { error: said }
  return { caseId: said.value.streamId, notCarried }
}
