/**
 * Somebody who sees everything that a log shows: each checkpoint as it comes, each entry
 * bundle, and the receipts of others. `differences` says by what two watched stretches of
 * time can be told apart; random values are only asked whether they repeat and whether they
 * look random.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { FilingProof } from '../../src/app/ports/filings.ts'
import { fromBase64 } from '../../src/base/bytes.ts'
import { parseEntryBundle } from '../../src/proof/entry-bundle.ts'
import { tilePath } from '../../src/proof/tile-path.ts'
import { bundlesBetween } from '../../src/proof/tiles.ts'
import { publicCheckpoint } from './log-node.ts'

export type Watched = {
  /** As seen at each look: the minute of the run, and the size. */
  readonly checkpoints: readonly { readonly minute: number; readonly treeSize: number }[]
  readonly entries: readonly Uint8Array[]
  /** Of filings of others, one for each batch. */
  readonly receipts: readonly FilingProof[]
}

export type Observer = {
  look(minute: number): Promise<void>
  receipt(proof: FilingProof): void
  watched(): Promise<Watched>
}

export function logObserver(node: { readonly directory: string }): Observer {
  const checkpoints: { minute: number; treeSize: number }[] = []
  const receipts: FilingProof[] = []
  return {
    async look(minute) {
      const { treeSize } = await publicCheckpoint(node)
      checkpoints.push({ minute, treeSize })
    },
    receipt: (proof) => void receipts.push(proof),
    async watched() {
      const size = checkpoints.at(-1)?.treeSize ?? 0
      const entries: Uint8Array[] = []
      for (const bundle of bundlesBetween(0, size)) {
        const bytes = await readFile(join(node.directory, tilePath(bundle)))
        entries.push(...parseEntryBundle(bytes, bundle.width))
      }
      return { checkpoints, entries, receipts }
    },
  }
}

type Entry = {
  readonly at: string
  readonly commitment: string
  readonly tag: string
  readonly tags?: readonly string[]
}

/** What tells two stretches of equal length apart; empty: nothing does. */
export function differences(one: Watched, other: Watched): string[] {
  const said: string[] = []
  if (one.entries.length === 0) throw new Error('the observer saw nothing')
  const compare = (what: string, of: (watched: Watched) => unknown) => {
    if (JSON.stringify(of(one)) !== JSON.stringify(of(other))) said.push(what)
  }
  compare('when checkpoints grow, and by how much', ({ checkpoints }) => checkpoints)
  compare('how many entries of which form and size each hour has', hours)
  compare('how many tags entries list', ({ entries }) => entries.map(read).map(tagsOf).sort())
  compare('the shape of the receipts of others', ({ receipts }) =>
    receipts.map(({ treeSize, hashes }) => [treeSize, hashes.map((hash) => hash.length)]),
  )
  for (const watched of [one, other]) said.push(...oddities(watched))
  return said
}

const read = (entry: Uint8Array) => JSON.parse(Buffer.from(entry).toString('utf8')) as Entry
const tagsOf = ({ tags }: Entry) => tags?.length ?? 0

/** By hour: the forms of its entries, in an order of their own. */
function hours({ entries }: Watched) {
  const found = new Map<string, string[]>()
  for (const bytes of entries) {
    const entry = read(bytes)
    const form = [bytes.length, ...Object.keys(entry), ...(entry.tags ?? []).map(lengthOf)]
    found.set(entry.at, [...(found.get(entry.at) ?? []), form.join(' ')])
  }
  return [...found].map(([at, forms]) => [at, forms.sort()])
}

const lengthOf = (text: string) => text.length

/** Values that should be random: none twice, as many ones as zeros, in no telling order. */
function oddities({ entries, receipts }: Watched): string[] {
  const all = entries.map(read)
  const values = all.flatMap(({ commitment, tag, tags = [] }) => [commitment, tag, ...tags])
  const said = new Set(values).size === values.length ? [] : ['a value comes twice']
  if (!isFair(values.map((value) => fromBase64(value)))) said.push('values are not random')
  const isSorted = all.every(({ tags = [] }) => tags.join() === [...tags].sort().join())
  if (!isSorted) said.push('the order of tags')
  if (!areSpread(placesOfBatches(all))) said.push('the place of the entry of a batch')
  const places = receipts.map(({ leafIndex, treeSize }) => (leafIndex + 0.5) / treeSize)
  if (!areSpread(places)) said.push('the places of leaves')
  return said
}

/** Six standard deviations: by chance once in 500 million runs. */
const SIGMAS = 6

function isFair(values: readonly Uint8Array[]): boolean {
  let ones = 0
  let bits = 0
  for (const byte of values.flatMap((value) => [...value])) {
    bits += 8
    for (let rest = byte; rest > 0; rest = Math.floor(rest / 2)) ones += rest % 2
  }
  return Math.abs(ones - bits / 2) <= SIGMAS * Math.sqrt(bits / 4)
}

/** In each hour, where among the entries of its size or larger the one with the tags stands. */
function placesOfBatches(entries: readonly Entry[]): number[] {
  const byHour = Map.groupBy(entries, ({ at }) => at)
  return [...byHour.values()].flatMap((of) => {
    const place = of.findIndex(({ tags }) => tags !== undefined)
    return place < 0 ? [] : [(place + 0.5) / of.length]
  })
}

/** Numbers from 0 to 1 whose mean is what even ones have: 1/2, with a variance of 1/12 each. */
function areSpread(numbers: readonly number[]): boolean {
  const mean = numbers.reduce((sum, each) => sum + each, 0) / Math.max(1, numbers.length)
  return numbers.length === 0 || Math.abs(mean - 0.5) <= SIGMAS * Math.sqrt(1 / 12 / numbers.length)
}
