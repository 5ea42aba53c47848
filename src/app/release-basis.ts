/**
 * What the release decision reads, brought together at one moment: the agreement with the
 * recipient, the law between both, the case. Whoever releases or previews takes it from
 * here, so that both see the same.
 */
import { toHex, utf8 } from '../base/bytes.ts'
import { type AgreementState, noAgreement } from '../core/agreement/agreement.ts'
import { documentInEffect } from '../core/agreement/clauses-in-effect.ts'
import { disputedClauses } from '../core/agreement/dispute.ts'
import { type AgreementDocument, partyOf } from '../core/agreement/document.ts'
import { hasLeft, presentParties } from '../core/agreement/membership.ts'
import { answerConditions, type ConditionAnswers } from '../core/agreement/threshold.ts'
import type { CaseState } from '../core/case/case.ts'
import type { Acting } from '../core/case/recorded.ts'
import { localDate } from '../core/desk/local-time.ts'
import type { Participant } from '../core/disclosure/disclosure-state.ts'
import type { Region } from '../core/law/condition.ts'
import { conflictIn, type Side } from '../core/people/standing.ts'
import type { ReleaseBasis, TransferLaw } from '../core/release/basis.ts'
import { compileAgreement } from '../core/release/compile-agreement.ts'
import { heldContent } from '../core/release/held.ts'
import { transferLaw } from '../core/release/transfer-law.ts'
import { agreementStateOf } from './agreements.ts'
import type { Kernel } from './kernel.ts'
import { readStanding } from './people/standing.ts'

/** All that is not in the case itself. */
export type Gathered = Pick<
  ReleaseBasis,
  'agreement' | 'conflicted' | 'law' | 'disputed' | 'proposedBy' | 'isExercise'
>

export type ReleaseGround = {
  readonly gathered: Gathered
  /** With the clauses that bind now; null: there is no agreement. */
  readonly document: AgreementDocument | null
  /** SHA-256 of the compiled document, lower-case hex; empty without one. */
  readonly policyDigest: string
  readonly conditions: ConditionAnswers
}

type Sight = {
  readonly kernel: Kernel
  readonly caseId: string
  readonly state: CaseState
  readonly acting: Acting
}

/** Read in the transaction that decides: what was declared up to this moment counts. */
export async function groundOfRelease(
  sight: Sight,
  recipient: string,
  proposedBy: Side | null = null,
): Promise<ReleaseGround> {
  const { kernel, caseId, state } = sight
  const lasting = await lastingGround(sight, recipient)
  const conflicted = await conflictedIn(kernel, state, caseId, recipient)
  return { ...lasting, gathered: { ...lasting.gathered, conflicted, proposedBy } }
}

/**
 * What is asked again when a release leaves. Who declared a conflict of interest is not:
 * it bars people from deciding, and the deliverer may not read what they declared.
 */
export async function lastingGround(
  { kernel, state, acting }: Sight,
  recipient: string,
): Promise<ReleaseGround> {
  const agreement = await agreementWith(kernel, recipient)
  const disputed = [...disputedClauses(agreement)]
  const document =
    agreement.document &&
    documentInEffect(
      presentParties(agreement.document, agreement, acting.now),
      acting.now,
      new Set(disputed),
    )
  const { law, here } = await lawFor(kernel, document, recipient, acting)
  const isExercise = kernel.node.profile !== 'production'
  return {
    gathered: { agreement, conflicted: [], law, disputed, proposedBy: null, isExercise },
    document,
    policyDigest: document ? toHex(kernel.primitives.sha256(utf8(compileAgreement(document)))) : '',
    conditions: answerConditions(document?.clauses ?? [], state.law.facts, here),
  }
}

/** The node says which legal order binds it; the agreement, which binds the other side. */
async function lawFor(
  { node, law }: Kernel,
  document: AgreementDocument | null,
  recipient: string,
  { now }: Acting,
): Promise<{ readonly law: TransferLaw; readonly here: Region }> {
  const { packs } = await law.context()
  const from = node.legalOrder
  const own = packs.find(({ legalOrder }) => legalOrder === from)
  const here = own ?? { legalOrder: from, members: [], within: [] }
  const to = document && partyOf(document, recipient)?.legalOrder
  // Without a party there is no way to judge; the release is refused for that already.
  const way = to ? transferLaw(packs, { from, to }, localDate(now, node.zone)) : NO_WAY
  return { law: way, here }
}

const NO_WAY: TransferLaw = { isAbroad: true, paths: [] }

/** The case as it stands, joined with what was gathered. */
export function releaseBasis(
  { releases, rights, disclosure, evidence, leadCaseId }: CaseState,
  gathered: Gathered,
): ReleaseBasis {
  const embargo = embargoBasis(disclosure, leadCaseId === null)
  const held = heldContent(releases, evidence.exhibits)
  return { ...gathered, releases, rights, embargo, evidence, held }
}

/** Only the lead knows of others who has the report. */
function embargoBasis(
  { embargo: state, participants }: CaseState['disclosure'],
  isLead: boolean,
): ReleaseBasis['embargo'] {
  const which = (is: (one: Participant) => boolean) =>
    participants.flatMap((one) => (is(one) ? [one.id] : []))
  return {
    state,
    signatories: which(({ consent }) => consent === 'signatory'),
    left: which(({ left }) => left !== null),
    withoutReport: which(({ reportState }) => isLead && reportState === 'start'),
  }
}

/** Officers who declared a conflict of interest in this case or with those in it. */
export async function conflictedIn(
  kernel: Kernel,
  { enforcement, disclosure }: CaseState,
  caseId: string,
  recipient: string,
): Promise<readonly string[]> {
  const standing = await readStanding(kernel)
  const matter = {
    caseId,
    operators: enforcement.operator ? [enforcement.operator.name] : [],
    authorities: [recipient, ...disclosure.participants.map(({ id }) => id)],
  }
  const officers = new Set(standing.conflicts.map(({ officer }) => officer))
  return [...officers].filter((officer) => conflictIn(standing, officer, matter))
}

const BINDING: readonly string[] = ['inForce', 'retiring']

/** The agreement in which both are parties; the one in force first. */
export async function agreementWith(kernel: Kernel, peer: string): Promise<AgreementState> {
  const rows = await kernel.registers.agreements()
  const shared = rows.filter(({ document }) => partyOf(document, peer))
  const binding = shared.filter(({ state }) => BINDING.includes(state))
  const states: AgreementState[] = []
  for (const { id } of binding.length > 0 ? binding : shared.slice(0, 1)) {
    const state = await agreementStateOf(kernel, id)
    const isPresent = ![peer, kernel.node.id].some((node) => hasLeft(state, node))
    if (isPresent) return state
    states.push(state)
  }
  return states[0] ?? noAgreement
}
