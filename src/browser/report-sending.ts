/** How the sealed page talks to the node, and why it stops. */
import { say, textOn } from './page-parts.ts'
import type { Sealed } from './seal-report.ts'

/** Why it stopped: a text of the page for each. */
export type Failure =
  | 'stopLoad'
  | 'stopSeal'
  | 'stopSend'
  | 'stopBusy'
  | 'stopSize'
  | 'stopChanged'
  | 'stopRefused'
  | 'stopReceipt'
  | 'stopFull'

export class Stop extends Error {
  readonly failure: Failure
  constructor(failure: Failure) {
    super(failure)
    this.failure = failure
  }
}

export async function guarded(
  root: HTMLElement,
  errorId: string,
  run: () => Promise<void>,
): Promise<void> {
  say(errorId, '')
  try {
    await run()
  } catch (error) {
    for (const state of ['send-state', 'draft-state']) say(state, '')
    say(errorId, textOn(root, error instanceof Stop ? error.failure : 'stopSeal'))
  }
}

export const JSON_ONLY = { accept: 'application/json' }

export async function ticketFrom(address: string): Promise<{ ticket: string; workBits: number }> {
  const options = { cache: 'no-store', headers: JSON_ONLY } as const
  const response = await fetch(address, options).catch(failedToSend)
  if (!response.ok) throw new Stop(failureOf(response.status))
  return (await response.json()) as { ticket: string; workBits: number }
}

/** @returns undefined where there is nothing */
export async function postJson(address: string, body: object): Promise<object | undefined> {
  const headers = { ...JSON_ONLY, 'content-type': 'application/json' }
  const options = {
    method: 'POST',
    cache: 'no-store',
    headers,
    body: JSON.stringify(body),
  } as const
  const response = await fetch(address, options).catch(failedToSend)
  if (response.status === 404) return undefined
  if (!response.ok) throw new Stop(failureOf(response.status))
  return (await response.json()) as object
}

type Receipt = {
  readonly commitment: string
  readonly sealedDigests: readonly string[]
  readonly statementDigest?: string
  readonly filedOn: string
  readonly clocks: readonly { readonly dueOn: string; readonly source: string }[]
}

/** @throws Stop if it did not arrive, or the receipt is for something else */
export async function sendFiling(
  address: string,
  body: Uint8Array<ArrayBuffer>,
  { header, digests }: Sealed,
): Promise<{ readonly receipt: Receipt }> {
  const headers = { ...JSON_ONLY, 'content-type': 'application/vnd.comity.filing' }
  const options = { method: 'POST', cache: 'no-store', headers, body } as const
  const response = await fetch(address, options).catch(failedToSend)
  if (!response.ok) throw new Stop(failureOf(response.status))
  const { receipt: signed } = (await response.json()) as { receipt: { receipt: Receipt } }
  const { receipt } = signed
  const isOurs =
    receipt.commitment === header.commitment &&
    receipt.statementDigest === header.statementDigest &&
    receipt.sealedDigests.join() === digests.join()
  if (!isOurs) throw new Stop('stopReceipt')
  return signed
}

function failedToSend(): never {
  throw new Stop('stopSend')
}

function failureOf(status: number): Failure {
  if (status === 503 || status === 429) return 'stopBusy'
  if (status === 507) return 'stopFull'
  if (status === 413) return 'stopSize'
  if (status === 409) return 'stopChanged'
  return status >= 500 ? 'stopSend' : 'stopRefused'
}
