/**
 * `comity init FOLDER [--from FILE]`: sets up a node. Asks, or takes the answers
 * from a pipe or a file; writes keys, configuration, policy and node document into
 * a new folder, and says what to do next. Never overwrites.
 *
 * `comity init --check FILE` reads a configuration, or a file of answers, and
 * changes nothing.
 */
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { parse as parseYaml } from 'yaml'
import { ComityError, malformed } from '../../base/errors.ts'
import { readNodeConfig } from '../../node/config.ts'
import { nextSteps } from './next-steps.ts'
import { type Answers, answersFrom, askAll, type Dialogue } from './questions.ts'
import { requireEmpty, writeNode } from './write-node.ts'

const INIT_USAGE = `usage: comity init FOLDER [--from FILE]
       comity init --check FILE

FOLDER   becomes the node: configuration, keys, policy, node document. It must not
         exist, or be empty.
--from   a YAML file with the answers, instead of questions. Without it they are
         asked, or read from standard input, one a line in the order of the questions
         (an empty line takes what stands in brackets).
--check  reads a configuration (comity.yaml) and says what is wrong with it.

Answers: id, name, legalOrder, zone, profile, publicUrl, officersUrl, federationUrl,
firstPort, databaseUrl, escalationBody, escalationAddress.

Exit codes: 0 done, 1 refused or failed, 2 wrong usage.
`

export type Streams = {
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean }
  readonly output: { write(text: string): unknown }
  readonly errors: { write(text: string): unknown }
}

export async function initCommand(
  args: readonly string[],
  streams: Streams = { input: process.stdin, output: process.stdout, errors: process.stderr },
): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      from: { type: 'string' },
      check: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) {
    streams.output.write(INIT_USAGE)
    return 0
  }
  if (values.check !== undefined) return check(values.check, streams)
  const [folder, ...others] = positionals
  if (folder === undefined || others.length > 0) {
    streams.errors.write(INIT_USAGE)
    return 2
  }
  try {
    // Before anything is asked.
    requireEmpty(folder)
    const answers = values.from ? answersFrom(readYaml(values.from)) : await ask(streams)
    const path = await writeNode(folder, answers)
    streams.output.write(nextSteps(path, answers))
    return 0
  } catch (error) {
    if (!(error instanceof ComityError)) throw error
    streams.errors.write(`comity init: ${error.message}\n`)
    return 1
  }
}

function check(file: string, { output, errors }: Streams): number {
  try {
    const { node } = readNodeConfig(file)
    output.write(`${file}: a sound configuration of ${node.id} (${node.profile})\n`)
    return 0
  } catch (error) {
    const { code, message } = error as { code?: string; message: string }
    errors.write(`${file}: ${error instanceof ComityError ? message : (code ?? message)}\n`)
    return 1
  }
}

/** @throws ComityError `malformed` */
function readYaml(file: string): unknown {
  try {
    return parseYaml(readFileSync(file, 'utf8'), { strict: true, maxAliasCount: 0 })
  } catch (cause) {
    const { code } = cause as { code?: string }
    throw malformed(`${file} cannot be read as YAML (${code ?? 'no YAML'})`, { cause })
  }
}

async function ask({ input, output }: Streams): Promise<Answers> {
  const reader = createInterface({ input })
  const lines = reader[Symbol.asyncIterator]()
  const dialogue: Dialogue = {
    isPerson: input.isTTY === true,
    write: (text) => void output.write(text),
    readLine: async () => {
      const { done, value } = await lines.next()
      return done ? undefined : value
    },
  }
  try {
    return await askAll(dialogue)
  } finally {
    reader.close()
  }
}
