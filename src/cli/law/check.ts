/**
 * `comity law check`: do the packs and overlays of a folder load, what do they hold, and do the worked
 * examples beside them come out as they say? One bad pack, or one example, fails the folder.
 */
import { parseArgs } from 'node:util'
import { loadExamples } from '../../adapters/law-examples.ts'
import { type FoundOverlay, loadLaw, loadOverlays, withOverlay } from '../../adapters/law-packs.ts'
import { malformed } from '../../base/errors.ts'
import type { LawContext } from '../../core/law/case-law.ts'
import type { LawPack } from '../../core/law/pack.ts'
import { capExampleFault } from '../../wire/law-example-caps.ts'
import { clockExampleFault } from '../../wire/law-example-clocks.ts'
import type { ExampleRow } from '../../wire/law-examples.ts'
import { plainText } from '../../wire/package/plain-text.ts'
import { asIfSigned, LAW_FOLDER } from './shipped-law.ts'

export function checkCommand(args: readonly string[]): number {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { json: { type: 'boolean', default: false } },
  })
  const folder = positionals[0] ?? LAW_FOLDER
  const { current, versions } = loadLaw(folder)
  if (current.length === 0) throw malformed('the folder holds no <legal order>/pack.yaml')
  const law = asIfSigned(current)
  const packs = current.map(contentsOf)
  const overlays = loadOverlays(folder).map((found) => overlayContents(versions, found))
  const examples = loadExamples(folder)
  const faults = examples.flatMap((row) => faultOf(law, row) ?? [])
  const counted = { examples: examples.length, faults }
  const text = values.json
    ? JSON.stringify({ packs, overlays, ...counted })
    : [
        ...packs.map(packLine),
        ...overlays.map(overlayLine),
        examplesLine(counted),
        ...faults.map(plainText),
      ].join('\n')
  process.stdout.write(`${text}\n`)
  return faults.length === 0 ? 0 : 1
}

function faultOf(law: LawContext, row: ExampleRow): string | undefined {
  return row.kind === 'tier' ? capExampleFault(law, row) : clockExampleFault(law, row)
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

function examplesLine({ examples, faults }: { examples: number; faults: readonly string[] }) {
  const right = examples - faults.length
  return `${examples} worked examples: ${right} come out as they say, ${faults.length} do not`
}
