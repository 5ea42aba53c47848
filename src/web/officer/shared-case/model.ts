/** What one case shares, as core/access/shared-view.ts made it; the page has nothing else. */
import type { Because } from '../../../base/decision.ts'
import type { Instant } from '../../../base/time.ts'
import type { SharedView } from '../../../core/access/shared-view.ts'
import type { EmbargoTerms } from '../../../core/disclosure/events.ts'
import type { SeatView } from '../../../core/disclosure/seat-view.ts'
import type { FormModel } from '../../form/form-model.ts'

export type SharedCaseModel = {
  readonly ref: string
  readonly view: SharedViewModel
  /** For an auditor to whom the whole case was shown. */
  readonly wholeCaseId?: string
  /** For a guest, who came by a link. */
  readonly guest?: { readonly linkId: string; readonly until: Instant }
  /** For whoever was admitted: what may be answered, or why nothing may. */
  readonly answer?: {
    readonly form: FormModel
    readonly dueAt?: Instant
    readonly refusedNow?: readonly Because[]
  }
  /** For an operator or its counsel: what may be claimed, challenged, offered, appealed. */
  readonly otherSide?: {
    readonly forms: readonly { readonly form: FormModel; readonly isOpen: boolean }[]
    readonly refusedNow?: readonly Because[]
  }
  /** For whoever speaks for a participant of the disclosure. */
  readonly seat?: SeatModel
  /** For whoever may read exhibits: one form for each, which asks for the purpose. */
  readonly exhibitForms?: readonly { readonly name: string; readonly form: FormModel }[]
  /** What the other side said just now. */
  readonly said?: string
  /** The answer that was sent just now. */
  readonly filed?: string
}

export type SeatModel = {
  readonly own: SeatView['own']
  readonly acknowledgedAt: Instant | null
  /** Of P, X and A those that hold. */
  readonly facts: readonly string[]
  readonly embargo: {
    readonly state: string
    readonly terms?: EmbargoTerms
    readonly proposals: readonly (EmbargoTerms & { readonly isAgreed: boolean })[]
  }
  readonly products: SeatView['products']
  readonly claims: readonly {
    readonly letter: string
    readonly at: Instant
    readonly state: string
  }[]
  readonly drafts: readonly {
    readonly trackingId: string
    readonly parts: readonly {
      readonly part: string
      readonly text: string
      readonly lang: string
    }[]
  }[]
  /** `act`: end of a catalogue key. */
  readonly said: readonly { readonly act: string; readonly at: Instant; readonly text: string }[]
  readonly others?: {
    readonly vendors: NonNullable<SeatView['others']>['vendors']
    readonly authorities: readonly { readonly name: string; readonly consent: string }[]
  }
  readonly withheld: readonly Because[]
  readonly forms: readonly { readonly form: FormModel; readonly isOpen: boolean }[]
  readonly refusedNow?: readonly Because[]
}

/** The parts as they are shown to a person, and to the officer who looks at them beforehand. */
export type SharedViewModel = Omit<SharedView, 'letters' | 'notices' | 'handOvers' | 'answers'> & {
  readonly letters?: readonly {
    readonly subject: string
    readonly madeAt: Instant
    /** Addresses of the files; none where an officer only looks at what will be shown. */
    readonly docx?: string
    readonly pdf?: string
  }[]
  readonly notices?: readonly {
    readonly sentAt: Instant
    readonly categories: readonly string[]
    /** Names of authorities. */
    readonly recipients: readonly string[]
    readonly challenges: readonly {
      readonly openedAt: Instant
      readonly state: string
      readonly reason?: string
      readonly remedy?: string
    }[]
  }[]
  readonly handOvers?: readonly {
    readonly recipient: string
    readonly madeAt: Instant
    readonly purpose: string
    readonly contents: readonly { readonly category: string; readonly text: string }[]
    readonly duties: readonly { readonly text: string; readonly dueAt: Instant | null }[]
  }[]
  readonly answers?: readonly {
    readonly statementId: string
    readonly filedAt: Instant
    readonly text: string
    readonly acknowledges: boolean
    readonly fixOn?: string
    readonly sha256: string
    /** Address of the receipt of the log; none where an officer only looks. */
    readonly receipt?: string
  }[]
}
