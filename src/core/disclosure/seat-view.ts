/**
 * What the seat of a party without a node shows: its own states, the terms, drafts that were
 * shared with this very person, and of the others no more than the rules let it know.
 *
 * Of parties without a node there is only a number at each step, never a name; of finders,
 * reporters and observers nothing at all, not even that there are any. While an embargo is
 * proposed or in force, whoever has not consented sees the terms and no others.
 */
import type { Because, Decision } from '../../base/decision.ts'
import type { Instant } from '../../base/time.ts'
import type { Admission } from '../access/case-access.ts'
import { documentsOf } from '../access/documents.ts'
import type { CaseState } from '../case/case.ts'
import type { AdvisoryDraft } from './advisories.ts'
import type { PublicContent } from './advisory-steps.ts'
import { mayReceiveContent } from './consent.ts'
import {
  type FactClaim,
  type Participant,
  type ProductStatus,
  participantOf,
  type Spoken,
} from './disclosure-state.ts'
import type { EmbargoTerms, SeatWord } from './events.ts'
import { isLedHere } from './lead.ts'
import type { ConsentState, EmbargoState, PublicState } from './machines.ts'
import { openAtSeat } from './seat.ts'

export type SeatView = {
  readonly own: Pick<
    Participant,
    'id' | 'roles' | 'reportState' | 'vendorState' | 'consent' | 'answerBy'
  >
  readonly publicState: PublicState
  readonly embargo: {
    readonly state: EmbargoState
    /** In force, or the last ones; null: there never were any. */
    readonly terms: EmbargoTerms | null
    readonly proposals: readonly EmbargoTerms[]
    /** Ids of the terms to which this party said yes. */
    readonly consentedTo: readonly string[]
  }
  readonly products: readonly ProductStatus[]
  readonly claims: readonly FactClaim[]
  readonly said: readonly Spoken[]
  readonly drafts: readonly {
    readonly trackingId: string
    readonly draftedAs: number
    readonly content: PublicContent
  }[]
  /** Null: the rules tell this party nothing of the others now. */
  readonly others: {
    /** Node ids. */
    readonly authorities: readonly { readonly id: string; readonly consent: ConsentState }[]
    readonly vendors: {
      readonly total: number
      readonly aware: number
      readonly fixReady: number
      readonly fixDeployed: number
    }
  } | null
  /** Why content of the report may not come here now. */
  readonly withheld: readonly Because[]
  readonly open: Readonly<Record<SeatWord, Decision<unknown>>>
}

/** Undefined: the admission speaks for nobody who takes part, or the case is led elsewhere. */
export function seatView(
  state: CaseState,
  admission: Pick<Admission, 'person' | 'sees' | 'speaksFor'>,
  isNode: (participant: string) => boolean,
): SeatView | undefined {
  const { disclosure } = state
  const own = participantOf(disclosure, admission.speaksFor ?? '')
  if (own === undefined || !isLedHere(state)) return undefined
  const content = mayReceiveContent(disclosure, own.id)
  const mayKnow = content.decision === 'permit'
  const drafts = mayKnow ? draftsOf(state, admission) : []
  const { id, roles, reportState, vendorState, consent, answerBy, consentedTo } = own
  const { embargo, terms, proposals, publicState } = disclosure
  const isOwn = ({ participant }: { readonly participant: string }) => participant === id
  return {
    own: { id, roles, reportState, vendorState, consent, answerBy },
    publicState,
    embargo: { state: embargo, terms, proposals, consentedTo },
    products: disclosure.products.filter(isOwn),
    claims: disclosure.claims.filter(isOwn),
    said: disclosure.spoken.filter(isOwn),
    drafts: drafts.map(({ trackingId, draftedAs, revision: { content } }) => {
      return { trackingId, draftedAs, content }
    }),
    others: mayKnow ? othersOf(state, own, isNode) : null,
    withheld: content.decision === 'refuse' ? content.because : [],
    open: openAtSeat(disclosure, own, drafts),
  }
}

/** Drafts that somebody shared with this very person, as they stand now. */
export function draftsOf(
  { access, advisoryDrafts }: Pick<CaseState, 'access' | 'advisoryDrafts'>,
  admission: Pick<Admission, 'person' | 'sees'>,
): readonly AdvisoryDraft[] {
  const shared = documentsOf(access, admission, 'drafts')
  return advisoryDrafts.filter(({ trackingId }) => shared.includes(trackingId))
}

function othersOf(
  { disclosure }: CaseState,
  own: Participant,
  isNode: (participant: string) => boolean,
) {
  const others = disclosure.participants.filter(({ id, left }) => id !== own.id && left === null)
  const vendors = others.filter(
    ({ id, roles }) => !isNode(id) && (roles.includes('vendor') || roles.includes('deployer')),
  )
  const at = (letter: string) =>
    vendors.filter(({ vendorState }) => vendorState.includes(letter)).length
  const authorities = others.flatMap(({ id, consent }) => (isNode(id) ? [{ id, consent }] : []))
  return {
    authorities,
    vendors: {
      total: vendors.length,
      aware: at('V'),
      fixReady: at('F'),
      fixDeployed: at('D'),
    },
  }
}

/** When it told that it received the report; null: not yet. */
export function acknowledgedAt({ said }: Pick<SeatView, 'said'>): Instant | null {
  return said.find(({ word }) => word === 'acknowledge')?.at ?? null
}
