/**
 * Seals reports again for the current roster. What is opened here stays in this page's
 * memory for the moment between opening and sealing, is shown to nobody, and is compared
 * with the digest of what was filed.
 */
import { sha256 } from '@noble/hashes/sha2.js'
import { toBase64, toHex } from '../base/bytes.ts'
import { parseJson } from '../base/canonical-json.ts'
import { unpad } from '../seal/padme.ts'
import { sealTo } from '../seal/seal.ts'
import { attachmentDigest } from '../wire/intake/report-document.ts'
import { type Identity, identitiesHere, openWithAny } from './own-keys.ts'
import { byId, onClick, say, textOn } from './page-parts.ts'

type Task = {
  readonly filingId: string
  /** `report`, `contact`, or a file or message with its place. */
  readonly part: string
  readonly isForReporter: boolean
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
/** More than this goes alone. */
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
  task: Task,
  list: List,
  identities: readonly Identity[],
): Promise<Item | undefined> {
  const { filingId, part, layers } = task
  if (layers === 'both') return undefined
  const before = await fetchBytes(`${section.dataset['parts']}/${filingId}/${part}`)
  let opened: Uint8Array
  let inside: Inside
  try {
    opened = await openWithAny(identities, before)
    inside = await insideOf(task, identities)
  } catch {
    return undefined
  }
  const officers = part === 'contact' ? list.outer : list.inner
  const recipients = task.isForReporter ? [inside.mailboxRecipient, ...officers] : officers
  const sealed = await sealTo(recipients, opened, { minimumRecipients: 1 })
  const digest = part.startsWith('attachment-')
    ? attachmentDigest({ sha256 }, inside.salt, contentOf(opened))
    : sha256(contentOf(opened))
  const content = layers === 'one' ? toHex(digest) : null
  return { filingId, part, from: toHex(sha256(before)), content, sealed: toBase64(sealed) }
}

type Inside = { readonly mailboxRecipient: string; readonly salt: string }

const NOTHING_INSIDE: Inside = { mailboxRecipient: '', salt: '' }
let lastOpened: (Inside & { readonly filingId: string }) | undefined

/**
 * What a file and an answer need from inside their report: the salt of digests, and the
 * recipient of the mailbox, so that a server cannot put another in its place.
 */
async function insideOf(
  { filingId, part, isForReporter }: Task,
  identities: readonly Identity[],
): Promise<Inside> {
  if (!isForReporter && !part.startsWith('attachment-')) return NOTHING_INSIDE
  if (lastOpened?.filingId === filingId) return lastOpened
  const report = await fetchBytes(`${section.dataset['parts']}/${filingId}/report`)
  const document = parseJson(unpad(await openWithAny(identities, report)))
  const { mailboxRecipient, salt } = document as Record<string, unknown>
  if (typeof mailboxRecipient !== 'string' || typeof salt !== 'string') throw new Error('no report')
  lastOpened = { filingId, mailboxRecipient, salt }
  return lastOpened
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
