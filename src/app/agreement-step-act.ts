/** An act of an officer that is one step of this party: decided, signed and told by `takeStep`. */
import type { Static, TObject } from '@sinclair/typebox'
import { type Decision, permit } from '../base/decision.ts'
import { ownPhaseBar } from '../core/agreement/admit-step.ts'
import type { AgreementState } from '../core/agreement/agreement.ts'
import type { AgreementStep } from '../core/agreement/agreement-events.ts'
import { type AgreementAct, action, SUMMARIES } from './agreement-act.ts'
import { type MakeStep, takeStep } from './agreement-steps.ts'

type StepAct<Schema extends TObject> = {
  readonly name: string
  readonly step: AgreementStep['type']
  readonly hurts?: boolean
  readonly stepUp?: boolean
  readonly input: Schema
  readonly when?: (state: AgreementState, party: string) => Decision<null>
  readonly make: (input: Static<Schema>) => MakeStep
}

export function stepAct<Schema extends TObject>(definition: StepAct<Schema>): AgreementAct {
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
