/** One release of several cases: the form, what each case answers, what was done. */
import type { Because } from '../../../base/decision.ts'
import type { FormModel } from '../../form/form-model.ts'

export type ReleaseTogetherModel = {
  /** Absent where there is nothing to choose from. */
  readonly form?: FormModel
  /** How many cases the form offers, where there are more. */
  readonly offered?: number
  readonly refused?: readonly Because[]
  readonly answers?: {
    readonly peer: string
    readonly categories: readonly string[]
    /** How many cases were chosen. */
    readonly count: number
    readonly goes: readonly AnsweringCase[]
    readonly stays: readonly AnsweringCase[]
    /** The form as it was sent, with the versions of the cases that were looked at. */
    readonly sent: readonly { readonly name: string; readonly value: string }[]
    /** Nothing stands against it, or only a fresh proof of who acts is missing. */
    readonly canGoOn: boolean
  }
  readonly done?: { readonly peer: string; readonly cases: readonly CaseLink[] }
}

export type CaseLink = { readonly id: string; readonly ref: string; readonly title: string }

export type AnsweringCase = CaseLink & { readonly because: readonly Because[] }
