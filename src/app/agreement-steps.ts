/**
 * A step of this authority in the life of an agreement: decided, signed, kept, told to the
 * other parties. A step that does not count is kept too, with its reason.
 */
import { toBase64 } from '../base/bytes.ts'
import { type Decision, permit, type Refusal } from '../base/decision.ts'
import { addMs, DAY_MS, type Instant } from '../base/time.ts'
import type { Action } from '../core/access/decide-access.ts'
import type { DeskActionGroup } from '../core/access/rules.ts'
import { ownStepBar, stepBar } from '../core/agreement/admit-step.ts'
import type { AgreementState } from '../core/agreement/agreement.ts'
import type { AgreementEvent, AgreementStep } from '../core/agreement/agreement-events.ts'
import { no, noticeOf, silentConsent } from '../core/agreement/decide-agreement.ts'
import { disputeSteps } from '../core/agreement/dispute.ts'
import type { AgreementDocument } from '../core/agreement/document.ts'
import { audience, joiningParties } from '../core/agreement/membership.ts'
import { hasBound } from '../core/agreement/offered-texts.ts'
import type { Acting } from '../core/case/recorded.ts'
import { agreementSignatureInput } from '../wire/agreement-statement.ts'
import { decideDeskAccess } from './access.ts'
import { type ActDone, actDone } from './act.ts'
import {
  foldAgreementStream,
  noSuchAgreement,
  offerOf,
  type Recording,
  recordEvents,
  recordRefusal,
} from './agreement-record.ts'
import { agreementDigest, isPinned, signStep, tellParties } from './agreements.ts'
import type { Kernel } from './kernel.ts'
import type { Unit } from './ports/streams.ts'

export type AgreementAction = Action & { readonly group: DeskActionGroup }

export type Making = {
  readonly kernel: Kernel
  readonly state: AgreementState
  /** The text that binds, or else the newest one. */
  readonly document: AgreementDocument
  readonly party: string
  readonly now: Instant
}

/** The step that an officer asks for, before it is signed; or why there is none. */
export type MakeStep = (making: Making) => AgreementStep | Refusal

export async function takeStep(
  kernel: Kernel,
  agreementId: string,
  { action, make }: { readonly action: AgreementAction; readonly make: MakeStep },
  acting: Acting,
): Promise<Decision<ActDone>> {
  const access = await decideDeskAccess(kernel, action, acting)
  if (access.decision === 'refuse') return access
  return kernel.streams.transact(async (unit) => {
    const stream = await unit.open(agreementId)
    if (stream?.kind !== 'agreement') return noSuchAgreement()
    const recording = { kernel, unit, stream, now: acting.now }
    const taken = await takeStepIn(recording, make, acting)
    if (taken.decision === 'permit') return permit(actDone(stream, taken.value, { id: stream.id }))
    const tried = { step: action.name, party: kernel.node.id, by: acting.officer }
    await recordRefusal(recording, tried, taken)
    return taken
  })
}

/** Inside a transaction that others began, e.g. where a breach opens a dispute. */
export async function takeStepIn(
  recording: Recording,
  make: MakeStep,
  acting: Acting,
): Promise<Decision<readonly AgreementEvent[]>> {
  const { kernel, unit, stream, now } = recording
  const state = foldAgreementStream(stream.history)
  const { document } = state
  if (!document) return noSuchAgreement()
  const step = make({ kernel, state, document, party: kernel.node.id, now })
  if ('decision' in step) return step
  const bar = stepBar(state, step) ?? ownStepBar(state, step, now)
  if (bar) return bar
  const signed: AgreementStep = {
    ...step,
    statement: await signStep(kernel, stream.id, step, acting),
  }
  const events = await recordEvents(recording, [signed], acting.officer)
  const about = 'digest' in step && state.texts.find(({ digest }) => digest === step.digest)
  const offer = about ? offerOf(about) : {}
  const content = { agreementId: stream.id, step: signed, ...offer }
  const told = { type: 'agreementStep', content }
  await tellParties(kernel, unit, stream.id, audience(state, step), told)
  return permit(events)
}

/**
 * Opens a dispute about a clause. For those who find a breach: within their transaction, by
 * the officer or node that acts.
 */
export async function openDisputeIn(
  kernel: Kernel,
  unit: Unit,
  about: { readonly agreementId: string; readonly clause: string; readonly reason: string },
  acting: Acting,
): Promise<Decision<readonly AgreementEvent[]>> {
  const stream = await unit.open(about.agreementId)
  if (stream?.kind !== 'agreement') return noSuchAgreement()
  const recording = { kernel, unit, stream, now: acting.now }
  return takeStepIn(recording, makeDispute(about), acting)
}

export function makeDispute({
  clause,
  reason,
}: {
  readonly clause: string
  readonly reason: string
}): MakeStep {
  return ({ kernel, document, party, now }) => ({
    type: 'clauseDisputeOpened',
    party,
    disputeId: kernel.random.uuidByTime(),
    clause,
    reason,
    ...disputeSteps(document, now),
  })
}

export type OfferText = {
  readonly document: AgreementDocument
  readonly signWithinDays: number
  readonly rapid: boolean
  readonly reason: string
}

/** A counter-offer or an amendment: another text of the same agreement. */
export function makeOffer({ document, signWithinDays, rapid, reason }: OfferText): MakeStep {
  return ({ kernel, state, document: current, party, now }) => {
    const joining = hasBound(state) ? joiningParties(state, document) : []
    const notice = rapid ? (noticeOf(current, joining) ?? 0) : 0
    return {
      type: 'agreementTextOffered',
      party,
      document,
      digest: agreementDigest(kernel, document),
      signBy: addMs(now, (notice + signWithinDays) * DAY_MS),
      rapid,
      reason,
      ...(joining.length > 0 ? { joining } : {}),
    }
  }
}

/** The next text is this authority's by silence: its notice has passed, and nobody objected. */
export async function consentBySilence(recording: Recording): Promise<void> {
  const { kernel, unit, stream, now } = recording
  const state = foldAgreementStream(stream.history)
  const party = kernel.node.id
  const text = silentConsent(state, party, now)
  const { keyId: id, publicKey, sign } = kernel.keys.messageSigner()
  if (!text || !state.document || !isPinned(kernel, text.document, party, { id, publicKey })) return
  const { digest } = text
  const agreement = stream.id
  const said = { agreement, digest, party, signedAt: now, bySilence: true } as const
  const signature = toBase64(await sign(agreementSignatureInput(said)))
  const simulated = kernel.node.profile === 'demo'
  const consent = { party, digest, signature, signedAt: now, simulated }
  const event = { type: 'agreementConsentedBySilence', ...consent, officer: party } as const
  await recordEvents(recording, [event], party)
  const content = { agreementId: agreement, consent, ...offerOf(text) }
  const told = { type: 'agreementConsent', content }
  await tellParties(kernel, unit, stream.id, audience(state), told)
}

/** Ids of the clauses that bind beyond the end of the agreement. */
export function survivingClauses({ clauses }: AgreementDocument): readonly string[] {
  return clauses
    .filter(({ kind }) => kind === 'duty' || kind === 'confidentiality')
    .map(({ id }) => id)
}

export function unknownDispute(): Refusal {
  return no('unknownDispute', 'no such dispute is open')
}
