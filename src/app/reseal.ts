/**
 * Sealing again: after the roster changed, what was sealed to the old one is opened in an
 * officer's browser, sealed to the new one there and sent back. Until all of it is done,
 * whoever held an old key can still open the rest, and pages say so.
 *
 * The node cannot look inside what it gets back. It checks that the bytes have the right
 * recipients and size, and keeps the digest of the salted text: whoever opens a report
 * sees whether it is the one that was filed.
 */
import { fromHex, toHex } from '../base/bytes.ts'
import { type Decision, permit, refuse } from '../base/decision.ts'
import type { Acting } from '../core/case/recorded.ts'
import type { FilingPart, ResealedItem, SealingWorkEvent } from '../core/sealing/events.ts'
import type { SealingKeys } from '../core/sealing/sealing-keys.ts'
import { currentRoster, formerHolders, recipientsOf } from '../core/sealing/sealing-keys.ts'
import { decideDeskAccess } from './access.ts'
import type { ActDone } from './act.ts'
import type { Kernel } from './kernel.ts'
import type { ResealedPart, SealedPart, StaleFiling } from './ports/filings.ts'
import { appended, inBoth, readSealingKeys } from './sealing-keys.ts'
import { SEALING_STEPS } from './sealing-steps.ts'

export const RESEAL_BATCH_MAX = 20
const LIST_MAX = 200

export type OldKey = {
  readonly officer: string
  /** Sealed parts that this officer's old key still opens, or opens one layer of. */
  readonly count: number
}

export type ResealWork = {
  readonly left: number
  /** Officers with a key that is not in the roster any more but still opens something. */
  readonly oldKeys: readonly OldKey[]
}

/** For the page of the work, and for the leaver process: done when `left` is 0. */
export async function resealWork(kernel: Kernel): Promise<ResealWork> {
  const keys = await readSealingKeys(kernel)
  const now = currentRoster(keys)?.digest ?? ''
  const stale = (await kernel.filings.countByRoster()).filter(({ sealedFor }) => sealedFor !== now)
  const counts = new Map<string, number>()
  for (const { sealedFor, count } of stale) {
    for (const officer of new Set(formerHolders(keys, sealedFor))) {
      counts.set(officer, (counts.get(officer) ?? 0) + count)
    }
  }
  return {
    left: stale.reduce((sum, { count }) => sum + count, 0),
    oldKeys: [...counts].map(([officer, count]) => ({ officer, count })),
  }
}

/** Sealed parts that an officer who leaves could still open. */
export async function openableBy(kernel: Kernel, officer: string): Promise<number> {
  const { oldKeys } = await resealWork(kernel)
  return oldKeys.find((one) => one.officer === officer)?.count ?? 0
}

export type ResealTask = StaleFiling & {
  /** `outer`: the inner layer stays as it is. `both`: needs an officer of each group. */
  readonly layers: 'one' | 'outer' | 'both'
}

export type ResealList = {
  readonly roster: string
  readonly inner: readonly string[]
  readonly outer: readonly string[]
  readonly tasks: readonly ResealTask[]
}

/** The next pieces of work; `skip` passes over those that the asking browser cannot open. */
export async function resealTasks(kernel: Kernel, skip: number): Promise<ResealList> {
  const keys = await readSealingKeys(kernel)
  const { digest = '', entries = [] } = currentRoster(keys) ?? {}
  const stale = await kernel.filings.staleFilings(digest, { skip, limit: LIST_MAX })
  return {
    roster: digest,
    inner: recipientsOf(entries, 'inner'),
    outer: recipientsOf(entries, 'outer'),
    tasks: stale.map((one) => ({ ...one, layers: layersOf(keys, one) })),
  }
}

type PartFor = Pick<StaleFiling, 'part' | 'sealedFor'>

function layersOf(keys: SealingKeys, { part, sealedFor }: PartFor): ResealTask['layers'] {
  if (part !== 'contact') return 'one'
  const innerOf = (digest: string | undefined) => {
    const roster = keys.rosters.find((one) => one.digest === digest)
    return roster && recipientsOf(roster.entries, 'inner').sort().join(' ')
  }
  const before = innerOf(sealedFor)
  return before !== undefined && before === innerOf(currentRoster(keys)?.digest) ? 'outer' : 'both'
}

export type Resealed = {
  readonly filingId: string
  readonly part: FilingPart
  /** SHA-256 of the sealed bytes that were opened, hex. */
  readonly from: string
  readonly bytes: Uint8Array
  /** SHA-256 of what is inside, hex; null where only the outer layer was opened. */
  readonly content: string | null
}

export type RecordResealed = { readonly roster: string; readonly items: readonly Resealed[] }

/** What an officer's browser sealed again takes the place of the old, in one logged event. */
export async function recordResealed(
  kernel: Kernel,
  { roster, items }: RecordResealed,
  acting: Acting,
): Promise<Decision<ActDone>> {
  const access = await decideDeskAccess(kernel, SEALING_STEPS.resealFilings, acting)
  if (access.decision === 'refuse') return access
  if (items.length === 0 || items.length > RESEAL_BATCH_MAX) {
    return refuse('wrongBatch', {
      rule: 'reseal:batch',
      text: `a batch has 1 to ${RESEAL_BATCH_MAX} parts`,
    })
  }
  const stored: (PartBefore | undefined)[] = []
  // One after the other: a file may be large, and only what is asked of it is kept.
  for (const item of items) stored.push(await partBefore(kernel, item))
  return inBoth(kernel, async ({ unit, sealing, work }) => {
    const current = currentRoster(work.keys)
    if (!current || current.digest !== roster) {
      const text = 'the roster changed meanwhile: the work starts again with the new one'
      return refuse('rosterChanged', { rule: 'reseal:roster', text })
    }
    const done: ResealedItem[] = []
    for (const [at, item] of items.entries()) {
      const before = stored[at]
      // Somebody else did it, or the filing is gone: not an error of this batch.
      if (!before || before.digest !== item.from) continue
      const checked = checkPart(kernel, work.keys, item, before)
      if (checked.decision === 'refuse') return checked
      if (!(await unit.resealFiling({ ...checked.value, sealedFor: roster }))) continue
      const { filingId, part, from, content, bytes } = item
      done.push({ filingId, part, from, content, to: toHex(kernel.primitives.sha256(bytes)) })
    }
    const event: SealingWorkEvent = { type: 'filingsResealed', roster, items: done }
    const decided = permit(done.length > 0 ? [event] : [])
    // With the intake's own entries, so that the log does not tell when reports are worked on.
    const recorded = await appended(sealing, decided, acting.officer, 'intake')
    return recorded.decision === 'refuse'
      ? recorded
      : permit({ ...recorded.value, result: { done: done.length } })
  })
}

type PartBefore = Omit<SealedPart, 'bytes'> & {
  readonly digest: string
  readonly payloadBytes: number
}

async function partBefore(
  { filings, primitives, sealing }: Kernel,
  { filingId, part }: Resealed,
): Promise<PartBefore | undefined> {
  const found = await filings.sealedPart(filingId, part)
  if (!found) return undefined
  const { bytes, ...before } = found
  const { payloadBytes } = sealing.shapeOf(bytes)
  return { ...before, digest: toHex(primitives.sha256(bytes)), payloadBytes }
}

type CheckWhy = 'contentDiffers' | 'wrongShape' | 'needsBothLayers' | 'alreadyDone'

function checkPart(
  kernel: Kernel,
  keys: SealingKeys,
  item: Resealed,
  before: PartBefore,
): Decision<Omit<ResealedPart, 'sealedFor'>, CheckWhy> {
  const { filingId, part, from, bytes, content } = item
  const current = currentRoster(keys)
  const refused = (why: CheckWhy, rule: string, text: string) =>
    refuse(why, { rule: `reseal:${rule}`, text })
  if (before.sealedFor === current?.digest) {
    return refused('alreadyDone', 'once', 'this is sealed to the current roster already')
  }
  const layers = layersOf(keys, { part, sealedFor: before.sealedFor })
  if (layers === 'both') {
    const text = 'the inner layer of a contact is sealed again by an officer of each group'
    return refused('needsBothLayers', 'layers', text)
  }
  const kept = before.contentDigest && toHex(before.contentDigest)
  if (layers === 'one' && (content === null || (kept !== undefined && content !== kept))) {
    const text = 'what was sealed again is not what was filed'
    return refused('contentDiffers', 'content', text)
  }
  const shape = kernel.sealing.shapeOf(bytes)
  const layer = part === 'contact' ? 'outer' : 'inner'
  const officers = recipientsOf(current?.entries ?? [], layer).length
  const wanted = before.isForReporter ? officers + 1 : officers
  if (shape.recipients !== wanted || shape.payloadBytes !== before.payloadBytes) {
    const text = 'the sealed bytes have other recipients or another size than they must have'
    return refused('wrongShape', 'shape', text)
  }
  const contentDigest =
    layers === 'one' && content !== null ? fromHex(content) : before.contentDigest
  return permit({ filingId, part, from, bytes, contentDigest })
}
