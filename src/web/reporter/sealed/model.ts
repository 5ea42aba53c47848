/**
 * The report form whose answers are sealed in the browser. Its controls have no names and
 * its page forbids every form to be sent, so that nothing written there can leave but
 * through the script, sealed. Without the script nothing can be sent at all.
 */
import type { FieldModel } from '../../form/form-model.ts'

export type SealedReportModel = {
  readonly fields: readonly FieldModel[]
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
  readonly filesMax: number
  readonly fileMaxBytes: number
  readonly allMaxBytes: number
}
