/**
 * Opens a sealed contact in the browsers of two officers. The one whose key is of the outer
 * group fetches it, opens the outer layer and saves the file that is still sealed to the
 * inner group; the other one chooses that file here and reads it.
 *
 * No key, no inner file and nothing that is read is sent anywhere. Each step is recorded
 * before its result is shown.
 */
import type { Bytes } from '../base/bytes.ts'
import { parseJson } from '../base/canonical-json.ts'
import { ComityError } from '../base/errors.ts'
import { unpad } from '../seal/padme.ts'
import { type Identity, identitiesHere, openWithAny } from './own-keys.ts'
import { byId, onClick, say, textOn } from './page-parts.ts'

type Failure = 'Identity' | 'Recipient' | 'File' | 'Recorded' | 'Content'

const opener = byId('contact-opener')
opener.hidden = false
onClick(byId('outer-button'), () => work(openOuter))
onClick(byId('inner-button'), () => work(openInner))

class Stop extends Error {
  readonly failure: Failure
  constructor(failure: Failure) {
    super(failure)
    this.failure = failure
  }
}

async function work(run: () => Promise<string>): Promise<void> {
  say('contact-error', '')
  say('contact-state', textOn(opener, 'working'))
  try {
    say('contact-state', textOn(opener, await run()))
  } catch (error) {
    say('contact-state', '')
    const failure = error instanceof Stop ? error.failure : 'Content'
    say('contact-error', textOn(opener, `error${failure}`))
  }
}

async function openOuter(): Promise<string> {
  const keys = await identities()
  const response = await post(textOn(opener, 'sealed'), {})
  const inner = await open(keys, new Uint8Array(await response.arrayBuffer()))
  await record('outerOpened')
  byId('inner-link').replaceChildren(fileLink(inner))
  return 'outerOpened'
}

async function openInner(): Promise<string> {
  const file = byId<HTMLInputElement>('inner-file').files?.[0]
  if (!file) throw new Stop('File')
  const keys = await identities()
  const sealed = new Uint8Array(await file.arrayBuffer())
  const contact = contactIn(await open(keys, sealed))
  await record('read')
  byId('contact-text').textContent = contact
  const section = byId('contact-opened')
  section.hidden = false
  section.focus()
  return 'opened'
}

async function identities(): Promise<readonly Identity[]> {
  const found = await identitiesHere()
  if (!found || found.length === 0) throw new Stop('Identity')
  return found
}

async function open(keys: readonly Identity[], sealed: Uint8Array): Promise<Bytes> {
  try {
    return await openWithAny(keys, sealed)
  } catch (error) {
    const isIdentity = error instanceof ComityError && error.field === 'identity'
    throw new Stop(isIdentity ? 'Identity' : 'Recipient')
  }
}

function contactIn(padded: Uint8Array): string {
  const document = parseJson(unpad(padded))
  const { contact } = (document ?? {}) as { readonly contact?: unknown }
  if (typeof contact !== 'string') throw new Stop('Content')
  return contact
}

async function record(step: 'outerOpened' | 'read'): Promise<void> {
  await post(textOn(opener, 'steps'), { step })
}

async function post(address: string, sent: object): Promise<Response> {
  const response = await fetch(address, {
    method: 'POST',
    cache: 'no-store',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify({ formToken: textOn(opener, 'formToken'), ...sent }),
  }).catch(() => undefined)
  if (!response?.ok) throw new Stop('Recorded')
  return response
}

function fileLink(content: Bytes): HTMLElement {
  const link = document.createElement('a')
  link.textContent = 'contact-inner.age'
  link.className = 'govuk-link'
  link.download = 'contact-inner.age'
  link.href = URL.createObjectURL(new Blob([content], { type: 'application/octet-stream' }))
  return link
}
