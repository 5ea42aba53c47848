/**
 * Seals reports again for the current roster. What is opened here stays in this page's
 * memory for the moment between opening and sealing, is shown to nobody, and is compared
 * with the digest of what was filed.
 */
import { sha256 } from '@noble/hashes/sha2.js'
import { toBase64, toHex } from '../base/bytes.ts'
import { unpad } from '../seal/padme.ts'
import { sealTo } from '../seal/seal.ts'
import { type Identity, identitiesHere, openWithAny } from './own-keys.ts'
import { byId, onClick, say, textOn } from './page-parts.ts'

type Task = {
  readonly filingId: string
  readonly part: 'report' | 'contact'
  readonly layers: 'one' | 'outer' | 'both'
}
type List = {
  readonly roster: string
  readonly inner: readonly string[]
  readonly outer: readonly string[]
  readonly tasks: readonly Task[]
}
type Item = {
  readonly filingId: string
  readonly part: string
  readonly from: string
  readonly content: string | null
  readonly sealed: string
}

const BATCH_MAX = 20
const BATCH_CHARS = 6 * 1024 * 1024

const section = byId('resealer')
section.hidden = false
onClick(byId('reseal-button'), run)

async function run(): Promise<void> {
  say('reseal-error', '')
  let done = 0
  let skipped = 0
  try {
    const identities = await identitiesHere()
    if (!identities || identities.length === 0) return say('reseal-error', textOn(section, 'noKey'))
    for (;;) {
      const list = await taskList(skipped)
      if (list.tasks.length === 0) break
      const before = done
      const counted = await work(list, identities, (count) => {
        done += count
        tell(done, skipped)
      })
      skipped += counted
      // Everything that is left was worked on by somebody else meanwhile: look again later.
      if (done === before && counted === 0) break
    }
    tell(done, skipped)
    say('reseal-state', textOn(section, skipped === 0 ? 'finished' : 'rest'))
  } catch {
    say('reseal-error', textOn(section, 'failed'))
  }
}

function tell(done: number, skipped: number): void {
  say('reseal-done', String(done))
  say('reseal-skipped', String(skipped))
}

/** One list, in batches. @returns how many could not be opened here */
async function work(
  list: List,
  identities: readonly Identity[],
  onDone: (count: number) => void,
): Promise<number> {
  let skipped = 0
  let batch: Item[] = []
  const send = async () => {
    if (batch.length > 0) onDone(await sendBatch(list.roster, batch))
    batch = []
  }
  for (const task of list.tasks) {
    const item = await resealed(task, list, identities)
    if (!item) {
      skipped += 1
      continue
    }
    const size = batch.reduce((sum, { sealed }) => sum + sealed.length, item.sealed.length)
    if (batch.length === BATCH_MAX || size > BATCH_CHARS) await send()
    batch.push(item)
  }
  await send()
  return skipped
}

async function resealed(
  { filingId, part, layers }: Task,
  list: List,
  identities: readonly Identity[],
): Promise<Item | undefined> {
  if (layers === 'both') return undefined
  const before = await fetchBytes(`${section.dataset['parts']}/${filingId}/${part}`)
  let opened: Uint8Array
  try {
    opened = await openWithAny(identities, before)
  } catch {
    return undefined
  }
  const recipients = part === 'report' ? list.inner : list.outer
  const sealed = await sealTo(recipients, opened, { minimumRecipients: 1 })
  const content = layers === 'one' ? toHex(sha256(contentOf(opened))) : null
  return { filingId, part, from: toHex(sha256(before)), content, sealed: toBase64(sealed) }
}

/** What nobody padded, a browser sent so: it is sealed again as it is. */
function contentOf(opened: Uint8Array): Uint8Array {
  try {
    return unpad(opened)
  } catch {
    return opened
  }
}

async function taskList(skip: number): Promise<List> {
  const response = await fetch(`${section.dataset['tasks']}?skip=${skip}`, { cache: 'no-store' })
  if (!response.ok) throw new Error('no list')
  return (await response.json()) as List
}

async function sendBatch(roster: string, items: readonly Item[]): Promise<number> {
  const response = await fetch(section.dataset['send'] ?? '', {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify({ formToken: section.dataset['formToken'], roster, items }),
  })
  if (!response.ok) throw new Error('not taken')
  const { done } = (await response.json()) as { done: number }
  return done
}

async function fetchBytes(address: string): Promise<Uint8Array> {
  const response = await fetch(address, { cache: 'no-store' })
  if (!response.ok) throw new Error('not found')
  return new Uint8Array(await response.arrayBuffer())
}
