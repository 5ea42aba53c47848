/**
 * What an officer can ask of one agreement. The same value serves the page and the API:
 * its schema makes the form, `available` says why a control is disabled and is asked again
 * before anything is decided.
 */
import { type Static, type TObject, Type } from '@sinclair/typebox'
import { type Decision, permit, type Refusal, refuse } from '../base/decision.ts'
import { instant } from '../base/time.ts'
import { ownPhaseBar } from '../core/agreement/admit-step.ts'
import type { AgreementState } from '../core/agreement/agreement.ts'
import {
  type AgreementStep,
  DISPUTE_OUTCOMES,
  SUSPENSION_CODES,
} from '../core/agreement/agreement-events.ts'
import type { ClauseOf } from '../core/agreement/clause.ts'
import { draftAgreement } from '../core/agreement/decide-agreement.ts'
import { openDisputes } from '../core/agreement/dispute.ts'
import type { AgreementDocument } from '../core/agreement/document.ts'
import { amendmentOf, openText, unsigned } from '../core/agreement/offered-texts.ts'
import type { Acting } from '../core/case/recorded.ts'
import { AgreementDocumentForm } from '../wire/exchange/documents.ts'
import { decideDeskAccess } from './access.ts'
import { type ActDone, actDone } from './act.ts'
import {
  foldAgreementStream,
  noSuchAgreement,
  type Recording,
  recordEvents,
} from './agreement-record.ts'
import {
  type AgreementAction,
  type MakeStep,
  makeDispute,
  makeOffer,
  survivingClauses,
  takeStep,
} from './agreement-steps.ts'
import {
  agreementDigest,
  OFFER_AGREEMENT,
  offerDraft,
  SIGN_AGREEMENT,
  signAgreement,
} from './agreements.ts'
import type { Kernel } from './kernel.ts'
import type { AnyEvent } from './ports/streams.ts'

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

const SUMMARIES: Readonly<Record<string, string>> = {
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
  useCarveOut: 'Count that something was kept back under a carve-out',
  openDispute: 'Open a dispute about a clause',
  recordDisputeStep: 'Record the next step of a dispute',
  resolveDispute: 'Declare a dispute resolved',
}

const reason = Type.String({ minLength: 1, maxLength: 4000 })
const id = Type.String({ minLength: 1, maxLength: 128 })
const time = Type.String({ maxLength: 40 })
const days = (maximum: number) => Type.Integer({ minimum: 1, maximum })
const oneOf = <Word extends string>(words: readonly Word[]) =>
  Type.Unsafe<Word>(Type.Union(words.map((word) => Type.Literal(word))))
const action = (name: string, stepUp = false): AgreementAction =>
  stepUp ? { name, group: 'signAgreement', stepUp } : { name, group: 'signAgreement' }

type StepAct<Schema extends TObject> = {
  readonly name: string
  readonly step: AgreementStep['type']
  readonly hurts?: boolean
  readonly stepUp?: boolean
  readonly input: Schema
  readonly when?: (state: AgreementState, party: string) => Decision<null>
  readonly make: (input: Static<Schema>) => MakeStep
}

function stepAct<Schema extends TObject>(definition: StepAct<Schema>): AgreementAct {
  const { name, step, input, hurts = false, stepUp = false, when, make } = definition
  const own = action(name, stepUp)
  return {
    ...{ name, input, hurts, action: own, summary: SUMMARIES[name] ?? name },
    available(state, party) {
      const phase = ownPhaseBar(state, step)
      return phase ?? when?.(state, party) ?? permit(null)
    },
    run: (kernel, agreementId, given, acting) =>
      takeStep(kernel, agreementId, { action: own, make: make(given as Static<Schema>) }, acting),
  }
}

const suspendAgreement = stepAct({
  name: 'suspendAgreement',
  step: 'agreementSuspended',
  hurts: true,
  input: Type.Object({
    code: oneOf(SUSPENSION_CODES),
    reason,
    clauses: Type.Array(id, { maxItems: 100 }),
    reviewAt: time,
  }),
  make:
    ({ code, reason, clauses, reviewAt }) =>
    ({ party }) => ({
      type: 'agreementSuspended',
      party,
      reason,
      code,
      reviewAt: instant(reviewAt, 'reviewAt'),
      ...(clauses.length > 0 ? { clauses } : {}),
    }),
})

const resumeAgreement = stepAct({
  name: 'resumeAgreement',
  step: 'agreementResumed',
  input: Type.Object({ reason }),
  when: ({ suspensions }, party) =>
    suspensions.some((one) => one.party === party)
      ? permit(null)
      : nothing('onlyBySuspendingParty', 'the party that suspended the agreement resumes it'),
  make:
    ({ reason }) =>
    ({ party }) => ({ type: 'agreementResumed', party, reason }),
})

const retireAgreement = stepAct({
  name: 'retireAgreement',
  step: 'agreementRetirementNotified',
  hurts: true,
  stepUp: true,
  input: Type.Object({ reason, endsAt: time }),
  make:
    ({ reason, endsAt }) =>
    ({ party, document }) => ({
      type: 'agreementRetirementNotified',
      party,
      reason,
      endsAt: instant(endsAt, 'endsAt'),
      survivingDuties: survivingClauses(document),
    }),
})

const offerText = stepAct({
  name: 'offerText',
  step: 'agreementTextOffered',
  hurts: true,
  input: Type.Object({
    document: AgreementDocumentForm,
    reason,
    signWithinDays: days(365),
    rapid: Type.Boolean(),
  }),
  when: (state, party) =>
    openText(state)?.signatures.some((one) => one.party === party)
      ? nothing('alreadySigned', 'who has signed a text offers no other one in its place')
      : permit(null),
  make: ({ document, ...more }) =>
    makeOffer({ ...more, document: document as unknown as AgreementDocument }),
})

const withdrawOffer = stepAct({
  name: 'withdrawOffer',
  step: 'agreementOfferWithdrawn',
  hurts: true,
  input: Type.Object({ reason }),
  when: (state, party) => {
    const text = openText(state)
    if (text?.offeredBy !== party) {
      return nothing('notTheOfferer', 'no text that this authority has offered waits')
    }
    return unsigned(text).includes(party)
      ? permit(null)
      : nothing('alreadySigned', 'who has signed an offer does not withdraw it')
  },
  make:
    ({ reason }) =>
    ({ party, state }) => ({
      type: 'agreementOfferWithdrawn',
      party,
      digest: openText(state)?.digest ?? '',
      reason,
    }),
})

const objectToAmendment = stepAct({
  name: 'objectToAmendment',
  step: 'agreementObjected',
  hurts: true,
  input: Type.Object({ reason }),
  when: (state, party) => {
    const text = amendmentOf(state)
    return text?.rapid && unsigned(text).includes(party)
      ? permit(null)
      : nothing('nothingOffered', 'no rapid amendment waits for this authority')
  },
  make:
    ({ reason }) =>
    ({ party, state }) => ({
      type: 'agreementObjected',
      party,
      digest: openText(state)?.digest ?? '',
      reason,
    }),
})

const openDispute = stepAct({
  name: 'openDispute',
  step: 'clauseDisputeOpened',
  hurts: true,
  input: Type.Object({ clause: id, reason }),
  make: makeDispute,
})

const ownDispute = (state: AgreementState, party: string): Decision<null> =>
  openDisputes(state).some(({ openedBy }) => openedBy === party)
    ? permit(null)
    : nothing('unknownDispute', 'no dispute that this authority has opened is open')

const recordDisputeStep = stepAct({
  name: 'recordDisputeStep',
  step: 'clauseDisputeStepTaken',
  input: Type.Object({ disputeId: id, outcome: reason }),
  when: ownDispute,
  make:
    ({ disputeId, outcome }) =>
    ({ party, state }) => {
      const dispute = state.disputes.find((one) => one.disputeId === disputeId)
      const step = dispute?.steps.findIndex(({ taken }) => taken === null) ?? -1
      return { type: 'clauseDisputeStepTaken', party, disputeId, step, outcome }
    },
})

const resolveDispute = stepAct({
  name: 'resolveDispute',
  step: 'clauseDisputeResolved',
  input: Type.Object({ disputeId: id, outcome: oneOf(DISPUTE_OUTCOMES), reason }),
  when: ownDispute,
  make:
    ({ disputeId, outcome, reason }) =>
    ({ party }) => ({ type: 'clauseDisputeResolved', party, disputeId, outcome, reason }),
})

const sign: AgreementAct = {
  name: 'signAgreement',
  summary: 'Sign the text that waits for this authority',
  action: SIGN_AGREEMENT,
  hurts: true,
  input: Type.Object({ simulated: Type.Boolean() }, { additionalProperties: false }),
  available(state, party) {
    const text = openText(state)
    if (!text) return nothing('nothingOffered', 'no text waits for signatures')
    return unsigned(text).includes(party)
      ? permit(null)
      : nothing('alreadySigned', `${party} has signed already`)
  },
  run: (kernel, agreementId, input, acting) =>
    signAgreement(kernel, agreementId, input as { simulated: boolean }, acting),
}

/** Acts that stay here: on a draft, and the use of a carve-out. */
type OwnAct<Schema extends TObject> = Pick<AgreementAct, 'name' | 'hurts' | 'available'> & {
  readonly input: Schema
  readonly act: (
    recording: Recording,
    input: Static<Schema>,
    acting: Acting,
  ) => Promise<Decision<readonly AnyEvent[]>>
}

function ownAct<Schema extends TObject>(definition: OwnAct<Schema>): AgreementAct {
  const { name, input, hurts, available, act } = definition
  const own = name === 'offerDraft' ? OFFER_AGREEMENT : action(name)
  return {
    ...{ name, input, hurts, action: own, available, summary: SUMMARIES[name] ?? name },
    async run(kernel, agreementId, given, acting) {
      const access = await decideDeskAccess(kernel, own, acting)
      if (access.decision === 'refuse') return access
      return kernel.streams.transact(async (unit) => {
        const stream = await unit.open(agreementId)
        if (stream?.kind !== 'agreement') return noSuchAgreement()
        const possible = available(foldAgreementStream(stream.history), kernel.node.id)
        if (possible.decision === 'refuse') return possible
        const recording = { kernel, unit, stream, now: acting.now }
        const done = await act(recording, given as Static<Schema>, acting)
        if (done.decision === 'refuse') return done
        return permit(actDone(stream, done.value, { id: stream.id }), ...done.because)
      })
    },
  }
}

const onDraft = ({ phase }: AgreementState): Decision<null> =>
  phase === 'drafted' ? permit(null) : nothing('wrongPhase', 'this is no draft')

const keep =
  (make: (input: never) => AnyEvent) =>
  async (recording: Recording, input: unknown, acting: Acting) =>
    permit(await recordEvents(recording, [make(input as never) as never], acting.officer))

const commentOnDraft = ownAct({
  name: 'commentOnDraft',
  hurts: false,
  input: Type.Object({ text: reason }),
  available: onDraft,
  act: keep(({ text }: { text: string }) => ({ type: 'agreementCommented', text }) as AnyEvent),
})

const changeDraft = ownAct({
  name: 'changeDraft',
  hurts: false,
  input: Type.Object({ document: AgreementDocumentForm }),
  available: onDraft,
  act: async (recording, input, acting) => {
    const document = input.document as unknown as AgreementDocument
    const digest = agreementDigest(recording.kernel, document)
    const state = foldAgreementStream(recording.stream.history)
    const drafted = draftAgreement(state, { document, digest }, acting)
    if (drafted.decision === 'refuse') return drafted
    return permit(await recordEvents(recording, drafted.value, acting.officer))
  },
})

const dropDraft = ownAct({
  name: 'dropDraft',
  hurts: true,
  input: Type.Object({ reason }),
  available: onDraft,
  act: keep(
    ({ reason }: { reason: string }) => ({ type: 'agreementDraftDropped', reason }) as AnyEvent,
  ),
})

const offerTheDraft = ownAct({
  name: 'offerDraft',
  hurts: true,
  input: Type.Object({ signWithinDays: days(365) }),
  available: onDraft,
  act: offerDraft,
})

const useCarveOut = ownAct({
  name: 'useCarveOut',
  hurts: false,
  input: Type.Object({ clause: id }),
  available: (state) => {
    const { phase, document } = state
    const binds = phase === 'inForce' || phase === 'suspended' || phase === 'retiring'
    if (!binds) return nothing('wrongPhase', `not possible while the agreement is ${phase}`)
    return document && carveOuts(document).length > 0
      ? permit(null)
      : nothing('unknownClause', 'the agreement has no carve-out')
  },
  act: async (recording, { clause }, acting) => {
    const { document } = foldAgreementStream(recording.stream.history)
    const used = document && carveOuts(document).find((one) => one.id === clause)
    if (!used) return nothing('unknownClause', 'this clause is no carve-out')
    const event = { type: 'carveOutUsed', clause, ground: used.ground } as const
    return permit(await recordEvents(recording, [event], acting.officer))
  },
})

export function carveOuts({ clauses }: AgreementDocument): readonly ClauseOf<'carveOut'>[] {
  return clauses.flatMap((clause) => (clause.kind === 'carveOut' ? [clause] : []))
}

function nothing(why: string, text: string): Refusal {
  return refuse(why, { rule: `agreement:${why}`, text })
}

/** In the order of a page. */
export const agreementActs: readonly AgreementAct[] = [
  commentOnDraft,
  changeDraft,
  offerTheDraft,
  dropDraft,
  sign,
  offerText,
  withdrawOffer,
  objectToAmendment,
  suspendAgreement,
  resumeAgreement,
  retireAgreement,
  useCarveOut,
  openDispute,
  recordDisputeStep,
  resolveDispute,
]

export function findAgreementAct(name: string): AgreementAct | undefined {
  return agreementActs.find((act) => act.name === name)
}
