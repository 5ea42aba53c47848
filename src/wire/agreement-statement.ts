/** What a party signs when it signs an agreement. */
import type { Bytes } from '../base/bytes.ts'
import { canonicalBytes } from '../base/canonical-json.ts'

export type AgreementStatement = {
  readonly agreement: string
  readonly digest: string
  readonly party: string
}

/** What a party's message key signs: never the text itself, always its digest. */
export function agreementSignatureInput(statement: AgreementStatement): Bytes {
  return canonicalBytes({ kind: 'comity/agreement-signature/v1', ...statement })
}
