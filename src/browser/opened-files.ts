/**
 * The files of an opened report. A cleaned copy stands before its original, which is
 * fetched only after the officer said why, and that is on record.
 *
 * Which files are originals stands inside the report, so the node cannot tell: an officer
 * who does not use this page can open the sealed file without that step.
 */
import { sha256 } from '@noble/hashes/sha2.js'
import { type Bytes, fromBase64, toHex } from '../base/bytes.ts'
import type { Json } from '../base/canonical-json.ts'
import { unpad } from '../seal/padme.ts'
import { attachmentDigest } from '../wire/intake/report-document.ts'
import { byId, onClick, say, textOn } from './page-parts.ts'

export type Attachment = { readonly name: string; readonly content: Bytes }
export type Document = Readonly<Record<string, Json | undefined>>

/** How this page gets at sealed files. */
export type FileParts = {
  readonly fetchBytes: (address: string) => Promise<Uint8Array>
  readonly openSealed: (sealed: Uint8Array) => Promise<Uint8Array>
  /** What is thrown where the report and its files do not fit. */
  readonly wrong: () => Error
}

type Listed = { readonly name: string; readonly position: number; readonly isCopy: boolean }
type Opened = Listed & { readonly content: Bytes }

/** @returns what was opened at once */
export async function offerFiles(
  opener: HTMLElement,
  document: Document,
  parts: FileParts,
): Promise<readonly Attachment[]> {
  const { attachments = [] } = document
  if (!Array.isArray(attachments)) throw parts.wrong()
  const all = attachments as readonly Document[]
  const open = (position: number) => contentAt(opener, document, { position, parts })
  const originals = new Set(all.flatMap(({ role, of }) => (role === 'scrubbed' ? [of] : [])))
  const listed = all.map(({ name, role }, position): Listed => {
    if (typeof name !== 'string') throw parts.wrong()
    return { name, position, isCopy: role === 'scrubbed' }
  })
  const first = listed.filter(({ position }) => !originals.has(position))
  const opened: Opened[] = []
  for (const one of first) opened.push({ ...one, content: await open(one.position) })
  byId('opened-attachments').replaceChildren(
    ...opened.map((one) => line(fileLink(one), one.isCopy ? [words('copy')] : [])),
    ...listed
      .filter(({ position }) => originals.has(position))
      .map((one) => originalOf(one, () => open(one.position))),
  )
  return opened
}

type Place = { readonly position: number; readonly parts: FileParts }

/**
 * Inside the report, or sealed beside it and named there by its digest. One that was sealed
 * again is known by what is inside, under the salt of the report.
 */
async function contentAt(
  opener: HTMLElement,
  document: Document,
  { position, parts }: Place,
): Promise<Bytes> {
  const listed = (document['attachments'] as readonly Document[])[position] ?? {}
  const { content, sealedDigest } = listed
  if (typeof content === 'string') return fromBase64(content)
  const sealed = await parts.fetchBytes(`${textOn(opener, 'attachments')}/${position}`)
  const again = (JSON.parse(textOn(opener, 'again')) as (string | null)[])[position] ?? null
  if (again === null && toHex(sha256(sealed)) !== sealedDigest) throw parts.wrong()
  const opened = unpad(await parts.openSealed(sealed))
  const salt = String(document['salt'] ?? '')
  const isSame = again === null || toHex(attachmentDigest({ sha256 }, salt, opened)) === again
  if (!isSame) throw parts.wrong()
  return opened
}

const words = (name: string) =>
  document.createTextNode(` ${textOn(byId('opened-attachments'), name)}`)

/** Files are kept as they came and never opened here: the officer takes them away. */
function fileLink({ name, content }: Attachment): HTMLElement {
  const link = document.createElement('a')
  link.textContent = name
  link.className = 'govuk-link'
  link.download = name
  link.href = URL.createObjectURL(new Blob([content], { type: 'application/octet-stream' }))
  return link
}

function line(first: Node, others: readonly Node[]): HTMLElement {
  const item = document.createElement('li')
  item.append(first, ...others)
  return item
}

function originalOf({ name, position }: Listed, open: () => Promise<Bytes>): HTMLElement {
  const made = byId<HTMLTemplateElement>('original-of').content.cloneNode(true) as DocumentFragment
  const part = (selector: string) => made.querySelector<HTMLElement>(selector)
  const why = part('input') as HTMLInputElement
  const error = part('[role=alert]') as HTMLElement
  const button = part('button') as HTMLElement
  const label = part('label') as HTMLLabelElement
  why.id = `why-original-${position}`
  label.htmlFor = why.id
  const heading = document.createElement('bdi')
  heading.textContent = name
  const item = line(heading, [words('original'), made])
  onClick(button, async () => {
    error.textContent = ''
    try {
      await record(position, why.value.trim())
      item.replaceChildren(fileLink({ name, content: await open() }), words('original'))
      say('open-state', textOn(byId('opened-attachments'), 'recorded'))
    } catch {
      error.textContent = textOn(byId('opened-attachments'), 'notRecorded')
    }
  })
  return item
}

/** Before anything of the original is fetched. */
async function record(position: number, why: string): Promise<void> {
  const { dataset } = byId('opened-attachments')
  const body = { formToken: dataset['formToken'], position: String(position), why }
  const response = await fetch(dataset['originals'] ?? '', {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify(body),
  })
  if (!response.ok) throw new Error('not recorded')
}
