/** The receipt that a reporter gets at once, signed by the node. It names nobody. */
import { toBase64 } from '../base/bytes.ts'
import { addMs, DAY_MS, type Instant, instantFromMs, msOf, utcDateOf } from '../base/time.ts'
import {
  type AcceptedReceipt,
  acceptedReceiptInput,
  type SignedReceipt,
} from '../wire/intake/filing.ts'
import { FORM_VERSION, formsDigest } from '../wire/intake/report-forms.ts'
import type { Kernel } from './kernel.ts'

/** What differs from filing to filing. */
export type ReceiptFacts = Pick<
  AcceptedReceipt,
  | 'formId'
  | 'mode'
  | 'commitment'
  | 'sealedDigests'
  | 'recipientsDigest'
  | 'bundleDigest'
  | 'statementDigest'
>

export async function acceptedReceipt(kernel: Kernel, facts: ReceiptFacts): Promise<SignedReceipt> {
  const { clocks, node } = kernel
  const filedOn = utcDateOf(clocks.caseNow())
  const receipt: AcceptedReceipt = {
    v: 1,
    kind: 'filing-accepted',
    origin: node.id,
    formVersion: FORM_VERSION,
    formDigest: formsDigest(kernel.primitives),
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
