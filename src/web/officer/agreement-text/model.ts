/** A text of an agreement as a lawyer writes it: clause by clause, before it is offered. */
import type { Because } from '../../../base/decision.ts'
import type { FormModel } from '../../form/form-model.ts'
import type { AgreementModel, ShownChange } from '../agreement/model.ts'

export type AgreementTextModel = {
  readonly about: string
  readonly back: string
  /** The same as data. */
  readonly expert: string
  readonly action: string
  readonly formToken: string
  readonly version: number
  /** The whole text, which travels with each button. */
  readonly document: string
  readonly clauses: readonly (Omit<AgreementModel['clauses'][number], 'isHeld'> & {
    readonly isOpen: boolean
  })[]
  readonly kinds: readonly string[]
  /** The clause that is open. */
  readonly editing?: { readonly kind: string; readonly form: FormModel; readonly when?: string }
  /** Against the text that stands now. */
  readonly changes: readonly ShownChange[]
  readonly findings: AgreementModel['findings']
  /** What must be mended before it can be offered. */
  readonly faults: readonly Because[]
  readonly send: FormModel
  readonly refusedNow?: readonly Because[]
}
