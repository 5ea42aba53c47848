/** The rows that lists across streams need of one stream. Derived from it alone. */
import type { Instant } from '../../base/time.ts'
import type { CaseForAccess } from '../../core/access/case-access.ts'
import type { AgreementDocument } from '../../core/agreement/document.ts'
import type { Recorded } from '../../core/case/recorded.ts'
import type { Publication } from '../../core/disclosure/advisories.ts'
import type { CaseLaw } from '../../core/law/case-inputs.ts'
import type { DisclosureFacts } from './disclosure-facts.ts'
import type { PublicTextRow } from './public-texts.ts'
import type { DueKind } from './registers.ts'
import type { AnyEvent, StreamKind } from './streams.ts'
import type { ThanksRow } from './thanks.ts'

export type Projection = {
  readonly cases: readonly {
    readonly title: string
    readonly lead: string
    readonly leadCaseId: string | null
    readonly phase: string
    readonly priority: string | null
    /** What a person did with the computed priority. */
    readonly priorityStanding: 'accepted' | 'overruled' | null
    readonly isUnderEmbargo: boolean
    readonly openedAt: Instant
    readonly changedAt: Instant
    /** Without the id of the case. */
    readonly access: Omit<CaseForAccess, 'caseId'>
  }[]
  readonly deadlines: readonly {
    readonly clock: string
    readonly legalOrder: string
    readonly state: string
    /** RFC 9557, exclusive: the first moment that is too late by the stricter count. */
    readonly dueAt: string | null
    readonly legalDue: string | null
  }[]
  /** What its clocks and its competence follow from, for comparing versions of the law. */
  readonly law: readonly { readonly isDecided: boolean; readonly inputs: CaseLaw }[]
  readonly decisions: readonly {
    readonly version: number
    readonly act: string
    readonly decision: 'permit' | 'refuse'
    readonly why: string | null
    readonly rules: readonly string[]
    readonly decidedAt: Instant
  }[]
  readonly duties: readonly {
    readonly releaseId: string
    readonly duty: string
    readonly dueAt: Instant | null
    readonly dischargedAt: Instant | null
    readonly kind: string
    readonly owedBy: string
    readonly otherSide: string
    readonly isOwedByUs: boolean
    readonly state: string
    readonly breachedAt: Instant | null
  }[]
  /** From here, in an emergency or called back; others have no row. */
  readonly releases: readonly {
    readonly releaseId: string
    readonly emergency: 'waiting' | 'validated' | 'withdrawn' | null
    readonly validateBy: Instant | null
    /** The cause. */
    readonly withdrawn: string | null
    readonly isDeletionConfirmed: boolean
  }[]
  /** Files on their way to a peer (ours) or from one. */
  readonly transfers: readonly {
    readonly releaseId: string
    readonly peer: string
    readonly isOurs: boolean
    readonly sizeBytes: number
    readonly begunAt: Instant
  }[]
  readonly retention: readonly {
    readonly exhibitId: string
    readonly state: string
    readonly dueAt: Instant | null
  }[]
  readonly notices: readonly {
    readonly personId: string
    readonly state: string
    readonly dueAt: Instant | null
    /** At some time, whatever became of it. */
    readonly wasDelayed: boolean
  }[]
  /** What falls due beside clocks and duties. */
  readonly dues: readonly {
    readonly kind: DueKind
    readonly subjectId: string
    readonly dueAt: Instant
    readonly isToConfirm: boolean
    /** Officer id. */
    readonly owner: string | null
    readonly doneAt: Instant | null
    readonly grounds: readonly string[]
  }[]
  readonly publications: readonly Publication[]
  readonly publicTexts: readonly PublicTextRow[]
  readonly disclosures: readonly DisclosureFacts[]
  /** At most one. */
  readonly thanks: readonly ThanksRow[]
  /** What other lists ask of a case: who handled it, with whom, under what, and what waits. */
  readonly ties: readonly {
    readonly kind:
      | 'handler'
      | 'peer'
      | 'agreement'
      | 'reviewer'
      | 'awaits'
      | 'holdReview'
      | 'matchable'
    readonly value: string
  }[]
  readonly agreements: readonly {
    readonly state: string
    readonly digest: string
    readonly document: AgreementDocument
  }[]
  readonly signOffs: readonly {
    readonly pack: string
    readonly version: string
    readonly officers: number
    readonly simulated: boolean
  }[]
}

/** Pure: the same history gives the same rows. */
export type Project = (kind: StreamKind, history: readonly Recorded<AnyEvent>[]) => Projection
