/**
 * The report form whose answers are sealed in the browser. Its controls have no names and
 * its page forbids every form to be sent, so that nothing written there can leave but
 * through the script, sealed. Without the script nothing can be sent at all.
 *
 * The questions of all kinds stand on the page, each once, and the script shows those of the
 * chosen kind: so the server does not learn which kind it is.
 */
import type { KindChannel } from '../../../app/report-channels.ts'
import type { FieldModel } from '../../form/form-model.ts'

export type SealedReportModel = {
  readonly fields: readonly FieldModel[]
  /** Names of the steps of all kinds. */
  readonly steps: readonly string[]
  /** What each kind asks, in its order. */
  readonly forms: readonly {
    readonly kind: string
    readonly steps: readonly {
      readonly id: string
      readonly questions: readonly {
        readonly id: string
        readonly required?: true
        readonly sector?: string
      }[]
    }[]
  }[]
  readonly channels: readonly KindChannel[]
  /** What the script needs to know; nothing of it is secret. */
  readonly sealing: {
    readonly origin: string
    readonly formId: string
    readonly formVersion: number
    readonly formDigest: string
    readonly inner: readonly string[]
    readonly outer: readonly string[]
    readonly recipientsDigest: string
    readonly bundleDigest: string
  }
  readonly ticketAddress: string
  readonly sendAddress: string
  readonly draftAddress: string
  readonly draftOpenAddress: string
  readonly draftDeleteAddress: string
  readonly filesMax: number
  readonly fileMaxBytes: number
  readonly allMaxBytes: number
}
