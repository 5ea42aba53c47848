/**
 * Opens a sealed report in the officer's browser and fills in the admit form.
 *
 * It opens with the keys that this browser keeps, or with an identity from a control
 * without a name, which is used once and forgotten; neither it nor the opened report is
 * sent anywhere. Only what stands in the admit form when the officer sends it leaves the
 * browser. A server that serves another script could break this promise: the digest of
 * this one is public.
 */
import { sha256 } from '@noble/hashes/sha2.js'
import { type Json, parseJson } from '../base/canonical-json.ts'
import { ComityError } from '../base/errors.ts'
import { unpad } from '../seal/padme.ts'
import { contextFaults, type FiledContext } from '../wire/intake/report-document.ts'
import type { ReportWords } from '../wire/intake/report-words.ts'
import { furtherText, type ShownAnswer, shownAnswers } from './opened-answers.ts'
import { type Attachment, type Document, offerFiles } from './opened-files.ts'
import { type Identity, identitiesHere, openWithAny } from './own-keys.ts'
import { byId, say, textOn } from './page-parts.ts'

type Answers = Readonly<Record<string, unknown>>
type Failure = 'identity' | 'recipient' | 'fetch' | 'content'

/** Answers that the admit form must never be filled with. */
const NEVER_FILLED = new Set(['contact'])

const opener = byId('opener')
const words = JSON.parse(textOn(byId('opened-answers'), 'words')) as ReportWords
const button = byId('open-button')
opener.hidden = false
button.addEventListener('click', () => void open())

async function open(): Promise<void> {
  say('open-error', '')
  say('open-state', opener.dataset['working'] ?? '')
  button.setAttribute('aria-disabled', 'true')
  try {
    const keys = await identities()
    const sealed = await fetchSealed()
    const document = documentIn(await openSealed(keys, sealed))
    const answers = answersOf(document)
    const attachments = await offerFiles(opener, document, {
      fetchBytes,
      openSealed: (bytes) => openSealed(keys, bytes),
      wrong: () => new Stop('content'),
    })
    say('open-mismatch', mismatchOf(document))
    const shown = shownAnswers(words, answers)
    show(shown)
    const isKnown = words.forms.includes(String(document['formDigest']))
    say('opened-form', isKnown ? words.known : words.unknown)
    fill({
      ...answers,
      furtherAnswers: furtherText(shown, fieldsOfForm()),
      avid: recordIn(attachments),
    })
    say('open-state', opener.dataset['opened'] ?? '')
  } catch (error) {
    say('open-state', '')
    say('open-error', textOf(error instanceof Stop ? error.failure : 'content'))
  } finally {
    button.removeAttribute('aria-disabled')
  }
}

class Stop extends Error {
  readonly failure: Failure
  constructor(failure: Failure) {
    super(failure)
    this.failure = failure
  }
}

async function identities(): Promise<readonly Identity[]> {
  const found = await identitiesHere()
  if (!found || found.length === 0) throw new Stop('identity')
  return found
}

function fetchSealed(): Promise<Uint8Array> {
  return fetchBytes(textOn(opener, 'sealed'))
}

async function fetchBytes(address: string): Promise<Uint8Array> {
  const response = await fetch(address, { cache: 'no-store' }).catch(() => {
    throw new Stop('fetch')
  })
  if (!response.ok) throw new Stop('fetch')
  return new Uint8Array(await response.arrayBuffer())
}

async function openSealed(keys: readonly Identity[], sealed: Uint8Array): Promise<Uint8Array> {
  try {
    return await openWithAny(keys, sealed)
  } catch (error) {
    const isIdentity = error instanceof ComityError && error.field === 'identity'
    throw new Stop(isIdentity ? 'identity' : 'recipient')
  }
}

function documentIn(padded: Uint8Array): Document {
  const document = parseJson(unpad(padded))
  if (typeof document !== 'object' || document === null) throw new Stop('content')
  return document as Document
}

function answersOf({ answers }: Document): Answers {
  if (typeof answers !== 'object' || answers === null) throw new Stop('content')
  return answers as Answers
}

/** What the report says of itself must be what the signed receipt says of it. */
function mismatchOf(document: Document): string {
  const filed = JSON.parse(textOn(opener, 'filed')) as FiledContext
  const faults = contextFaults({ sha256 }, document as Json, filed)
  return faults.length === 0 ? '' : `${textOn(opener, 'mismatch')} ${faults.join(', ')}`
}

/** A record in AVID's form among the files, as the text that the admit form takes. */
function recordIn(attachments: readonly Attachment[]): string | undefined {
  for (const { content } of attachments) {
    try {
      const value = parseJson(content) as { data_type?: unknown } | null
      if (value?.data_type === 'AVID') return JSON.stringify(value, null, 2)
    } catch {
      // No JSON, or too deep to be a record: it stays a file.
    }
  }
  return undefined
}

function show(shown: readonly ShownAnswer[]): void {
  byId('opened-answers').replaceChildren(
    ...shown.map(({ question, text: said }) => {
      const row = document.createElement('div')
      const term = document.createElement('dt')
      const text = document.createElement('dd')
      term.textContent = question
      text.textContent = said
      text.className = 'comity-said'
      text.dir = 'auto'
      row.append(term, text)
      return row
    }),
  )
  const section = byId('opened')
  section.hidden = false
  section.focus()
}

const admitForm = () => byId('admit').querySelector('form')

/** What has a field of its own is not said again among the others. */
function fieldsOfForm(): ReadonlySet<string> {
  const fields = [...(admitForm()?.elements ?? [])]
  return new Set(fields.map((field) => field.getAttribute('name') ?? ''))
}

/** Never over what the officer has written. */
function fill(answers: Answers): void {
  const form = admitForm()
  for (const [name, value] of Object.entries(answers)) {
    const field = NEVER_FILLED.has(name) ? null : (form?.elements.namedItem(name) ?? null)
    const isText = field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement
    const isField = isText || field instanceof HTMLSelectElement || field instanceof RadioNodeList
    if (isField && field.value === '' && typeof value === 'string') field.value = value
  }
}

function textOf(failure: Failure): string {
  const key = `error${failure.charAt(0).toUpperCase()}${failure.slice(1)}`
  return opener.dataset[key] ?? failure
}
