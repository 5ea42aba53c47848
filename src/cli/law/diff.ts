/** `comity law diff OLD NEW`: what differs between two versions of a law pack, in plain words. */
import { parseArgs } from 'node:util'
import { malformed } from '../../base/errors.ts'
import { packRef } from '../../core/law/pack.ts'
import { changeText, packChanges } from '../../core/law/pack-changes.ts'
import { packNamed } from './pack-argument.ts'

const USAGE = `usage: comity law diff OLD NEW [--json]

OLD, NEW   folders with a pack.yaml, or shipped packs: law.eu (the newest), law.eu@0.2.0
`

export function diffCommand(args: readonly string[]): number {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { json: { type: 'boolean', default: false } },
  })
  const [oldName, newName, ...more] = positionals
  if (oldName === undefined || newName === undefined || more.length > 0) {
    process.stderr.write(USAGE)
    return 2
  }
  const older = packNamed(oldName)
  const newer = packNamed(newName)
  if (older.id !== newer.id) throw malformed(`${older.id} and ${newer.id} are two packs`)
  const changes = packChanges(older, newer)
  if (values.json) {
    const answer = { older: packRef(older), newer: packRef(newer), changes }
    process.stdout.write(`${JSON.stringify(answer)}\n`)
    return 0
  }
  const head = `${older.id} ${older.version} (${older.digest.slice(0, 12)}) → ${newer.version} (${newer.digest.slice(0, 12)})`
  const lines = changes.length === 0 ? ['no difference'] : changes.map(changeText)
  process.stdout.write(`${[head, ...lines].join('\n')}\n`)
  return 0
}
