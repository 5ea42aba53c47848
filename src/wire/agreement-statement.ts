/** What a party signs: an agreement's text, and each step that it takes in its life. */
import type { Bytes } from '../base/bytes.ts'
import { canonicalBytes } from '../base/canonical-json.ts'
import type { Instant } from '../base/time.ts'
import type { AgreementEvent, AgreementStep } from '../core/agreement/agreement-events.ts'

export type AgreementStatement = {
  readonly agreement: string
  readonly digest: string
  readonly party: string
  readonly signedAt?: Instant
  /** Nobody of the party objected within the notice of a rapid amendment. */
  readonly bySilence?: true
}

/** What a party's message key signs: never the text itself, always its digest. */
export function agreementSignatureInput(statement: AgreementStatement): Bytes {
  return canonicalBytes({ kind: 'comity/agreement-signature/v1', ...statement })
}

export type StepToSign = {
  readonly agreement: string
  readonly officer: string
  readonly at: Instant
  readonly step: AgreementStep | Extract<AgreementEvent, { type: 'agreementOffered' }>
}

/** The whole step without its statement; of an offered text its digest stands for the text. */
export function agreementStepInput({ agreement, officer, at, step }: StepToSign): Bytes {
  const { statement: _, document: __, ...plain } = { document: undefined, ...step }
  return canonicalBytes({ kind: 'comity/agreement-step/v1', agreement, officer, at, step: plain })
}
