/** The receipt that a reporter gets at once, signed by the node. It names nobody. */
import { toBase64, toHex } from '../base/bytes.ts'
import { canonicalBytes } from '../base/canonical-json.ts'
import { addMs, DAY_MS, type Instant, instantFromMs, msOf, utcDateOf } from '../base/time.ts'
import type { Hashing } from '../proof/primitives.ts'
import {
  type AcceptedReceipt,
  acceptedReceiptInput,
  type SignedReceipt,
} from '../wire/intake/filing.ts'
import type { Kernel } from './kernel.ts'
import { reportForm } from './report-form.ts'

export const FORM_VERSION = 1

/** What differs from filing to filing. */
export type ReceiptFacts = Pick<
  AcceptedReceipt,
  'formId' | 'mode' | 'commitment' | 'sealedDigests' | 'recipientsDigest' | 'bundleDigest'
>

export async function acceptedReceipt(kernel: Kernel, facts: ReceiptFacts): Promise<SignedReceipt> {
  const { clocks, node } = kernel
  const filedOn = utcDateOf(clocks.caseNow())
  const receipt: AcceptedReceipt = {
    v: 1,
    kind: 'filing-accepted',
    origin: node.id,
    formVersion: FORM_VERSION,
    formDigest: formDigest(kernel.primitives),
    filedOn,
    mergeBy: endOfDay(
      addMs(clocks.wireNow(), kernel.intake.batchIntervalMs + kernel.intake.sealDelayMs),
    ),
    clocks: kernel.law.filingClocks(filedOn),
    escalation: kernel.intake.escalation,
    simulatedClock: node.profile === 'demo',
    ...facts,
  }
  const { keyId, sign } = kernel.keys.messageSigner()
  return { receipt, keyId, signature: toBase64(await sign(acceptedReceiptInput(receipt))) }
}

/** The receipt is kept, so it says the day and not when in it the filing came. */
export function endOfDay(at: Instant): Instant {
  return instantFromMs(Math.ceil(msOf(at) / DAY_MS) * DAY_MS)
}

export function formDigest(hashing: Hashing): string {
  return toHex(hashing.sha256(canonicalBytes(reportForm)))
}
