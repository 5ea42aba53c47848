/** What every act on one agreement is: one value for its page and for the interface. */
import { type TObject, Type } from '@sinclair/typebox'
import { type Decision, type Refusal, refuse } from '../base/decision.ts'
import type { AgreementState } from '../core/agreement/agreement.ts'
import type { Acting } from '../core/case/recorded.ts'
import type { ActDone } from './act.ts'
import type { AgreementAction } from './agreement-steps.ts'
import type { Kernel } from './kernel.ts'

export type AgreementAct = {
  readonly name: string
  /** For the description of the interface. */
  readonly summary: string
  readonly action: AgreementAction
  readonly input: TObject
  /** It stops, ends or binds something: its page says so before the button. */
  readonly hurts: boolean
  /** Beyond access: is there anything to do? `party`: this authority. */
  available(state: AgreementState, party: string): Decision<null>
  run(
    kernel: Kernel,
    agreementId: string,
    input: unknown,
    acting: Acting,
  ): Promise<Decision<ActDone>>
}

export const SUMMARIES: Readonly<Record<string, string>> = {
  commentOnDraft: 'Comment on a draft; nobody else sees it',
  changeDraft: 'Put another text in the place of a draft',
  offerDraft: 'Offer a draft to the other parties',
  dropDraft: 'Drop a draft',
  offerText: 'Offer another text: a counter-offer, or an amendment of what is in force',
  withdrawOffer: 'Withdraw what this authority has offered',
  objectToAmendment: 'Object to a rapid amendment within its notice',
  suspendAgreement: 'Suspend an agreement, or some of its clauses',
  resumeAgreement: 'End a suspension of this authority',
  retireAgreement: 'Give notice of retirement',
  admitParty: 'Offer a text by which one more authority becomes a party',
  leaveAgreement: 'Give notice that this party alone leaves',
  useCarveOut: 'Count that something was kept back under a carve-out',
  openDispute: 'Open a dispute about a clause',
  recordDisputeStep: 'Record the next step of a dispute',
  resolveDispute: 'Declare a dispute resolved',
}

export const reason = Type.String({ minLength: 1, maxLength: 4000 })
export const id = Type.String({ minLength: 1, maxLength: 128 })
export const time = Type.String({ maxLength: 40 })
export const days = (maximum: number) => Type.Integer({ minimum: 1, maximum })
export const oneOf = <Word extends string>(words: readonly Word[]) =>
  Type.Unsafe<Word>(Type.Union(words.map((word) => Type.Literal(word))))
export const action = (name: string, stepUp = false): AgreementAction =>
  stepUp ? { name, group: 'signAgreement', stepUp } : { name, group: 'signAgreement' }

export function nothing(why: string, text: string): Refusal {
  return refuse(why, { rule: `agreement:${why}`, text })
}
