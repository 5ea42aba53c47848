/**
 * Recovery of an escrow key. Making a set, giving a share and putting the key together
 * happen here: the server gets public parts, digests and sealed shares.
 */
import { sha256 } from '@noble/hashes/sha2.js'
import { fromBase64, textFromUtf8, toBase64, utf8 } from '../base/bytes.ts'
import { ComityError } from '../base/errors.ts'
import { generateIdentity, sealTo } from '../seal/seal.ts'
import {
  joinShares,
  type KnownSet,
  readShare,
  requireShareOf,
  type Share,
  splitIdentity,
} from '../seal/shares.ts'
import { identitiesHere, keepRecovered, openWithAny } from './own-keys.ts'
import { byId, onClick, say, textOn } from './page-parts.ts'

type Holder = { readonly id: string; readonly recipient: string }
type Facts = KnownSet & {
  readonly requester: string
  readonly given: readonly { readonly index: number; readonly sealed: string | null }[]
  readonly until: string
}

const texts = byId('recovery-texts')
for (const part of document.querySelectorAll<HTMLElement>('[data-needs-script]'))
  part.hidden = false
const maker = document.getElementById('escrow-maker')
if (maker) onClick(byId('make-set'), () => attempt('make-state', () => makeSet(maker)))
for (const button of document.querySelectorAll<HTMLElement>('[data-give]')) {
  const id = button.dataset['give'] ?? ''
  onClick(button, () => attempt(`give-state-${id}`, () => give(id)))
}
for (const button of document.querySelectorAll<HTMLElement>('[data-join]')) {
  const id = button.dataset['join'] ?? ''
  onClick(button, () => attempt(`join-state-${id}`, () => join(id)))
}

/** A failure is said in the page's words, and names the share if one was wrong. */
async function attempt(state: string, run: () => Promise<void>): Promise<void> {
  say(state, textOn(texts, 'working'))
  try {
    await run()
  } catch (error) {
    const { reason = 'other', field = '' } = error instanceof ComityError ? error : {}
    const key = `reason${(reason ?? 'other').replaceAll(/(^|-)(.)/g, (_, __, letter) => letter.toUpperCase())}`
    const text = texts.dataset[key] ?? textOn(texts, 'reasonOther')
    say(state, field.startsWith('share ') ? `${text} (${field.slice('share '.length)})` : text)
  }
}

async function makeSet(section: HTMLElement): Promise<void> {
  const chosen = [...section.querySelectorAll<HTMLInputElement>('input[data-holder]:checked')]
  const holders = chosen.map(
    (box): Holder => ({
      id: box.dataset['holder'] ?? '',
      recipient: box.dataset['recipient'] ?? '',
    }),
  )
  const persons = byId<HTMLTextAreaElement>('escrow-persons')
    .value.split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
  const threshold = Number(byId<HTMLInputElement>('escrow-threshold').value)
  const setId = crypto.getRandomValues(new Uint8Array(8))
  const total = holders.length + persons.length
  const set = await splitIdentity(sha256, await generateIdentity(), { setId, threshold, total })
  const shares = await Promise.all(
    set.shares.map(async ({ code, digest }, at) => {
      const holder = holders[at]
      const base = { index: at + 1, digest }
      return holder
        ? {
            ...base,
            holder: { officer: holder.id },
            sealed: toBase64(
              await sealTo([holder.recipient], utf8(code), { minimumRecipients: 1 }),
            ),
          }
        : { ...base, holder: { person: persons[at - holders.length] ?? '' }, sealed: null }
    }),
  )
  const made = { setId: set.setId, recipient: set.recipient, threshold, shares }
  byId<HTMLTextAreaElement>('escrow-made').value = JSON.stringify(made)
  byId('escrow-codes').replaceChildren(
    ...persons.map((name, at) => codeItem(name, set.shares[holders.length + at]?.code ?? '')),
  )
  byId('escrow-record').hidden = false
  say('make-state', textOn(texts, 'made'))
}

/** A share to be printed. It is on this page only until the page is left. */
function codeItem(name: string, code: string): HTMLElement {
  const item = document.createElement('li')
  const text = document.createElement('span')
  const share = document.createElement('code')
  text.textContent = `${name}: `
  text.dir = 'auto'
  share.textContent = code
  share.translate = false
  item.append(text, share)
  return item
}

async function give(id: string): Promise<void> {
  const form = byId<HTMLFormElement>(`give-form-${id}`)
  const facts = factsOf(id)
  const code = await openShare(form.dataset['share'] ?? '')
  const share = readShare(sha256, code)
  requireShareOf(sha256, share, facts)
  if (share.index !== Number(form.dataset['index'])) {
    throw new ComityError('unverified', 'not this share', { reason: 'share-wrong' })
  }
  const sealed = await sealTo([facts.requester], utf8(code), { minimumRecipients: 1 })
  byId<HTMLInputElement>(`give-sealed-${id}`).value = toBase64(sealed)
  form.submit()
}

/** The own share: sealed to the own key, or, where it was printed, as typed. */
async function openShare(sealed: string): Promise<string> {
  if (sealed === '') return byId<HTMLInputElement>('identity-text').value
  return textFromUtf8(await openWithAny(await identities(), fromBase64(sealed)), 'share')
}

async function join(id: string): Promise<void> {
  const facts = factsOf(id)
  const typed = byId<HTMLTextAreaElement>(`join-typed-${id}`)
  const own = await identities()
  const shares: Share[] = []
  for (const { sealed } of facts.given) {
    if (sealed === null) continue
    const code = textFromUtf8(await openWithAny(own, fromBase64(sealed)), 'share')
    shares.push(readShare(sha256, code))
  }
  for (const line of typed.value.split('\n')) {
    if (line.trim() !== '') shares.push(readShare(sha256, line))
  }
  typed.value = ''
  const identity = await joinShares(sha256, shares, facts)
  await keepRecovered(identity, facts.recipient, Date.parse(facts.until))
  byId<HTMLFormElement>(`join-form-${id}`).submit()
}

async function identities() {
  const found = await identitiesHere()
  if (!found) throw new ComityError('malformed', 'no identity', { reason: 'no-key' })
  return found
}

function factsOf(id: string): Facts {
  return JSON.parse(byId(`facts-${id}`).dataset['facts'] ?? '') as Facts
}
