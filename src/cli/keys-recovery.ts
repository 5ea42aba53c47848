/**
 * `comity keys recovery`: an escrow key and its shares on a machine without a network,
 * and putting the key together there. Needs no node and no configuration.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { Value } from '@sinclair/typebox/value'
import { nodePrimitives } from '../adapters/node-primitives.ts'
import { systemRandom } from '../adapters/random.ts'
import { escrowForm, type NewEscrow } from '../app/recover-key.ts'
import { fingerprintOf } from '../app/sealing-keys.ts'
import { toBase64, utf8 } from '../base/bytes.ts'
import { parseJson } from '../base/canonical-json.ts'
import { ComityError, malformed } from '../base/errors.ts'
import { generateIdentity, sealTo } from '../seal/seal.ts'
import { joinShares, readShare, splitIdentity } from '../seal/shares.ts'

const USAGE = `usage: comity keys recovery make --threshold M --out FOLDER HOLDER…
       comity keys recovery join --set FILE --out FILE SHARE…

HOLDER  --person NAME           gets a printed share: FOLDER/share-N.txt
        --officer ID=RECIPIENT  gets a share sealed to that age recipient
SHARE   a file that holds the code of a share

make writes FOLDER/set.json for the page "Recovery of a lost key", and the printed shares.
The key itself is written nowhere. Print the shares, hand them over, destroy the folder.
join writes the age identity to a file that only you can read. It is logged nowhere: ask
for a recovery on the page first, so that it is.
`

export async function keysRecoveryCommand(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      threshold: { type: 'string' },
      person: { type: 'string', multiple: true, default: [] },
      officer: { type: 'string', multiple: true, default: [] },
      set: { type: 'string' },
      out: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  })
  const [command, ...files] = positionals
  const { out, set, threshold } = values
  if (command === 'make' && out && threshold && files.length === 0) {
    return make({ ...values, out, threshold: Number(threshold) })
  }
  if (command === 'join' && out && set && files.length > 0) return joinFiles({ out, set, files })
  process.stderr.write(USAGE)
  return values.help ? 0 : 2
}

type Make = {
  readonly out: string
  readonly threshold: number
  readonly person: readonly string[]
  readonly officer: readonly string[]
}

async function make({ out, threshold, person, officer }: Make): Promise<number> {
  const officers = officer.map((text) => {
    const [, id = '', recipient = ''] = /^([^=]+)=(age1[0-9a-z]+)$/.exec(text) ?? []
    if (id === '') throw malformed('--officer is ID=RECIPIENT', { field: 'officer' })
    return { id, recipient }
  })
  const total = officers.length + person.length
  const setId = systemRandom.bytes(8)
  const { sha256 } = nodePrimitives
  const set = await splitIdentity(sha256, await generateIdentity(), { setId, threshold, total })
  const shares = await Promise.all(
    set.shares.map(async ({ code, digest }, at) => {
      const holder = officers[at]
      const base = { index: at + 1, digest }
      if (!holder)
        return { ...base, holder: { person: person[at - officers.length] }, sealed: null }
      const sealed = await sealTo([holder.recipient], utf8(code), { minimumRecipients: 1 })
      return { ...base, holder: { officer: holder.id }, sealed: toBase64(sealed) }
    }),
  )
  mkdirSync(out, { recursive: true, mode: 0o700 })
  const made = { setId: set.setId, recipient: set.recipient, threshold, shares }
  writeNew(join(out, 'set.json'), `${JSON.stringify(made)}\n`)
  for (const [at, name] of person.entries()) {
    const index = officers.length + at + 1
    const code = set.shares[index - 1]?.code ?? ''
    const heading = `# Comity recovery share ${index} of ${total}; ${threshold} are needed\n# set ${set.setId}, for ${name.replaceAll(/\s+/g, ' ')}\n`
    writeNew(join(out, `share-${index}.txt`), `${heading}${code}\n`)
  }
  process.stdout.write(`fingerprint ${fingerprintOf(nodePrimitives, set.recipient)}\n`)
  return 0
}

type Join = { readonly out: string; readonly set: string; readonly files: readonly string[] }

async function joinFiles({ out, set, files }: Join): Promise<number> {
  const { shares, ...known } = readSet(set)
  const { sha256 } = nodePrimitives
  const read = files.map((file) => {
    try {
      return readShare(sha256, codeIn(file))
    } catch (error) {
      throw error instanceof ComityError ? malformed(`${file}: ${error.message}`) : error
    }
  })
  const digests = shares.map(({ digest }) => digest)
  const identity = await joinShares(sha256, read, { ...known, digests }).catch((error) => {
    const { message, field } = error as ComityError
    throw malformed(field ? `${field}: ${message}` : message)
  })
  writeNew(out, `# ${known.recipient}\n${identity}\n`)
  process.stdout.write(`wrote ${out}; destroy it after use, and make a new recovery key\n`)
  return 0
}

function readSet(file: string): NewEscrow {
  const set = parseJson(new Uint8Array(readFileSync(file)))
  if (!Value.Check(escrowForm, set)) throw malformed(`${file} is no set that make wrote`)
  return set
}

function codeIn(file: string): string {
  const lines = readFileSync(file, 'utf8').split('\n')
  return lines.filter((line) => !line.startsWith('#')).join(' ')
}

/** Nothing is overwritten: it could be the only copy. */
function writeNew(file: string, text: string): void {
  if (existsSync(file)) throw malformed(`${file} exists already`)
  writeFileSync(file, text, { mode: 0o600, flag: 'wx' })
}
