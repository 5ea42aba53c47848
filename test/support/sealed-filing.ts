/** Reports sealed as the portal's script seals them, and sent to a running node. */
import assert from 'node:assert/strict'
import {
  bodyOf,
  type FileToSeal,
  newCode,
  type Sealed,
  type Sealing,
  sealReport,
  type Written,
} from '../../src/browser/seal-report.ts'
import { UPLOAD_TYPE } from '../../src/wire/intake/filing-upload.ts'

/** As a reporter chooses one that cannot be cleaned. */
export function fileToSeal(name: string, content: string): FileToSeal {
  const blob = new Blob([content])
  return { name, mediaType: 'text/plain', content: blob, role: 'original', of: null }
}

export type Issued = { readonly ticket: string; readonly workBits: number }

/** What the page says that a report is sealed to. */
export async function sealingOf(baseUrl: string): Promise<Sealing> {
  const page = await (await fetch(`${baseUrl}/en/report/sealed`)).text()
  const [, found = ''] = /data-sealing="([^"]+)"/.exec(page) ?? []
  assert.ok(found, 'the page says what to seal to')
  return JSON.parse(found.replaceAll('&quot;', '"').replaceAll('&amp;', '&')) as Sealing
}

export async function ticketOf(baseUrl: string): Promise<Issued> {
  return (await (await fetch(`${baseUrl}/en/report/sealed/ticket`)).json()) as Issued
}

export function sendSealed(baseUrl: string, body: Uint8Array<ArrayBuffer>): Promise<Response> {
  const headers = { 'content-type': UPLOAD_TYPE, accept: 'application/json' }
  return fetch(`${baseUrl}/en/report/sealed`, { method: 'POST', headers, body })
}

export type FiledHere = {
  readonly code: string
  readonly sealed: Sealed
  readonly sealing: Sealing
}

/** Files one and gives what only its reporter has. */
export async function fileSealed(
  baseUrl: string,
  written: Partial<Omit<Written, 'code'>> = {},
  /** Of keys that nobody at the node has. */
  inner?: readonly string[],
): Promise<FiledHere> {
  const said = await sealingOf(baseUrl)
  const sealing = inner ? { ...said, inner } : said
  const code = newCode()
  const answers = { title: 'An invented report', whatHappened: 'x', isPublic: 'no', language: 'en' }
  const sealed = await sealReport(sealing, { code, answers, contact: '', files: [], ...written })
  const response = await sendSealed(baseUrl, await bodyOf(sealed, await ticketOf(baseUrl)))
  assert.equal(response.status, 201, await response.text())
  return { code, sealed, sealing }
}
