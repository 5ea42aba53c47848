/** Acts on an agreement that nobody else is told of: on a draft, and the use of a carve-out. */
import { type Static, type TObject, Type } from '@sinclair/typebox'
import { type Decision, permit } from '../base/decision.ts'
import type { AgreementState } from '../core/agreement/agreement.ts'
import type { ClauseOf } from '../core/agreement/clause.ts'
import { draftAgreement } from '../core/agreement/decide-agreement.ts'
import type { AgreementDocument } from '../core/agreement/document.ts'
import type { Acting } from '../core/case/recorded.ts'
import { AgreementDocumentForm } from '../wire/exchange/documents.ts'
import { decideDeskAccess } from './access.ts'
import { actDone } from './act.ts'
import { type AgreementAct, action, days, id, nothing, reason, SUMMARIES } from './agreement-act.ts'
import {
  foldAgreementStream,
  noSuchAgreement,
  type Recording,
  recordEvents,
} from './agreement-record.ts'
import { agreementDigest, OFFER_AGREEMENT, offerDraft } from './agreements.ts'
import type { AnyEvent } from './ports/streams.ts'

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

export const commentOnDraft = ownAct({
  name: 'commentOnDraft',
  hurts: false,
  input: Type.Object({ text: reason }),
  available: onDraft,
  act: keep(({ text }: { text: string }) => ({ type: 'agreementCommented', text }) as AnyEvent),
})

export const changeDraft = ownAct({
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

export const dropDraft = ownAct({
  name: 'dropDraft',
  hurts: true,
  input: Type.Object({ reason }),
  available: onDraft,
  act: keep(
    ({ reason }: { reason: string }) => ({ type: 'agreementDraftDropped', reason }) as AnyEvent,
  ),
})

export const offerTheDraft = ownAct({
  name: 'offerDraft',
  hurts: true,
  input: Type.Object({ signWithinDays: days(365) }),
  available: onDraft,
  act: offerDraft,
})

export const useCarveOut = ownAct({
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
