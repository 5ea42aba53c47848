/**
 * Law packs that the build has read and checked, kept as JSON in `dist/law`, because
 * reading the YAML of all packs takes longer than a start may take.
 *
 * They are used only if the digest of every YAML file, and of the code that reads them,
 * is the one that they were made from: whoever changes a byte reads the YAML again. What
 * officers sign is not touched by it: a pack's own digest is the one of its files.
 */
import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { LawPack } from '../core/law/pack.ts'
import type { LoadedLaw } from './law-packs.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
export const PREPARED_LAW = join(ROOT, 'dist/law/packs.json')

/** `undefined`: there is none, or it was made from other bytes. */
export function preparedLaw(folder: string, file: string = PREPARED_LAW): LoadedLaw | undefined {
  if (!existsSync(file)) return undefined
  const text = readFileSync(file, 'utf8')
  const end = text.indexOf('\n')
  if (text.slice(0, end) !== keyOf(folder)) return undefined
  const { current, versions } = JSON.parse(text.slice(end + 1)) as Kept
  const packs = versions.map(withAmounts)
  return { current: packs.slice(0, current), versions: packs }
}

/** Writes the file anew unless it is made from these bytes already. Says whether it did. */
export function prepareLaw(
  folder: string,
  read: (folder: string) => LoadedLaw,
  file: string = PREPARED_LAW,
): boolean {
  const key = keyOf(folder)
  if (existsSync(file) && readFileSync(file, 'utf8').startsWith(`${key}\n`)) return false
  const { current, versions } = read(folder)
  const kept = { current: current.length, versions: versions.map(withTexts) }
  mkdirSync(dirname(file), { recursive: true })
  const next = `${file}.${process.pid}`
  writeFileSync(next, `${key}\n${JSON.stringify(kept)}\n`)
  renameSync(next, file)
  return true
}

type Kept = { readonly current: number; readonly versions: readonly KeptPack[] }
type KeptPack = LawPack

/** JSON has no whole numbers of any size: amounts of money are kept as texts. */
function withTexts(pack: LawPack): unknown {
  return eachAmount(pack, (amount) => String(amount))
}

function withAmounts(pack: KeptPack): LawPack {
  return eachAmount(pack, (amount) => BigInt(amount as string)) as LawPack
}

function eachAmount(pack: LawPack, change: (amount: unknown) => unknown): unknown {
  const instruments = pack.instruments.map((instrument) => ({
    ...instrument,
    sanctions: instrument.sanctions.map((tier) => ({
      ...tier,
      fixed: tier.fixed.map(change),
      percentAbove: tier.percentAbove === null ? null : change(tier.percentAbove),
    })),
  }))
  return { ...pack, instruments }
}

/** Of every YAML file by its place in the folder, and of the code that reads them. */
function keyOf(folder: string): string {
  const hash = createHash('sha256')
  const add = (file: string, name: string) => {
    const digest = createHash('sha256').update(readFileSync(file)).digest('hex')
    hash.update(`${digest}  ${name}\n`)
  }
  for (const name of yamlFiles(folder)) add(join(folder, name), name)
  for (const file of readerFiles()) add(file, relative(ROOT, file))
  return hash.digest('hex')
}

function yamlFiles(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.yaml'))
    .sort()
}

let readers: readonly string[] | undefined

function readerFiles(): readonly string[] {
  readers ??= ['src/wire', 'src/core/law', 'src/adapters'].flatMap((folder) =>
    readdirSync(join(ROOT, folder))
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
      .filter((name) => folder === 'src/core/law' || name.startsWith('law-'))
      .sort()
      .map((name) => join(ROOT, folder, name)),
  )
  return readers
}
