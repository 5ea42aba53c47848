/**
 * `comity eval release`: the one decision on what crosses a border, asked from outside. The
 * same function, the same policy engine and the shipped packs; what a node would read from
 * its case comes with the line. Whatever the line does not say is not there: no rights test,
 * no review, no consent.
 *
 * A document of a wrong form, or one that contradicts itself, is refused with what is wrong.
 */
import { Value } from '@sinclair/typebox/value'
import { nodePrimitives } from '../../adapters/node-primitives.ts'
import { createCedarPolicy } from '../../adapters/policy/cedar.ts'
import { toHex } from '../../base/bytes.ts'
import type { Json } from '../../base/canonical-json.ts'
import { type Because, refuse } from '../../base/decision.ts'
import { malformed } from '../../base/errors.ts'
import { type Instant, instant, utcDateOf } from '../../base/time.ts'
import { type AgreementState, noAgreement } from '../../core/agreement/agreement.ts'
import { HANDLING_CODES, TLP_LABELS } from '../../core/agreement/clause.ts'
import { documentInEffect } from '../../core/agreement/clauses-in-effect.ts'
import {
  type AgreementDocument,
  agreementDigestInput,
  partyOf,
} from '../../core/agreement/document.ts'
import { documentFaults } from '../../core/agreement/document-faults.ts'
import { answerConditions } from '../../core/agreement/threshold.ts'
import type { Acting } from '../../core/case/recorded.ts'
import type { LawPack } from '../../core/law/pack.ts'
import type { PrepareRelease, ReleaseBasis } from '../../core/release/basis.ts'
import {
  prepareRelease,
  releaseFaults,
  releaseQuestion,
} from '../../core/release/decide-release.ts'
import { noReleases } from '../../core/release/release.ts'
import { remedyOf } from '../../core/release/remedies.ts'
import { askPolicy } from '../../core/release/request.ts'
import { transferLaw } from '../../core/release/transfer-law.ts'
import { AgreementDocumentForm } from '../../wire/exchange/documents.ts'
import { packsOf } from '../../wire/law-question.ts'
import { factsIn } from '../../wire/question-fields.ts'
import { shippedLaw } from '../law/shipped-law.ts'
import { EVAL_IDS, evidenceOf, heldOf, rightsOf } from './release-case.ts'
import { ReleaseLine } from './release-form.ts'

const policy = createCedarPolicy()

/** @throws ComityError `malformed` for a line that is no such question */
export function evalRelease(input: Json): Json {
  const line = lineIn(input)
  const wrong = [...formFaults(line.agreement), ...unknownWords(line)]
  if (wrong.length > 0) return refused('unknownConstraint', wrong, ['amendAgreement'])
  const document = line.agreement as unknown as AgreementDocument
  const contradictions = documentFaults(document)
  if (contradictions.length > 0) {
    return refused('agreementFaulty', contradictions, ['amendAgreement'])
  }
  return decide(line, document)
}

function lineIn(input: Json): ReleaseLine {
  const [error] = Value.Errors(ReleaseLine, input)
  if (error) throw malformed(error.message, { field: error.path.slice(1, 200) || 'line' })
  return input as unknown as ReleaseLine
}

const FAULTS_MAX = 20

function formFaults(document: object): readonly Because[] {
  if (Value.Check(AgreementDocumentForm, document)) return []
  const found: Because[] = []
  for (const { path, message } of Value.Errors(AgreementDocumentForm, document)) {
    if (found.length === FAULTS_MAX) break
    found.push({ rule: 'agreement:form', text: `${path.slice(1, 200) || 'document'}: ${message}` })
  }
  return found
}

/** Labels and codes of what a peer gave, in words that this version does not know. */
function unknownWords({ context }: ReleaseLine): readonly Because[] {
  const known = new Set<string>([...TLP_LABELS, ...HANDLING_CODES])
  const words = (context.held ?? []).flatMap(({ tlp, codes = [] }) => [
    ...(tlp === undefined ? [] : [tlp]),
    ...codes,
  ])
  return words
    .filter((word) => !known.has(word))
    .map((word) => ({ rule: 'handling:unknown', text: `${word} is no known label or code` }))
}

function decide(line: ReleaseLine, text: AgreementDocument): Json {
  const { context, recipient } = line
  const now = instant(context.at, 'context/at')
  const packs = packsIn(line.packs, now)
  const acting = actingOf(line, now)
  const disputed = new Set(context.disputed)
  const document = documentInEffect(text, now, disputed)
  const command = commandOf(line, document, packs)
  const basis = basisOf(line, text, { packs, now })
  const answers = askPolicy(document, releaseQuestion(command, acting), policy.decide)
  const decision = prepareRelease(basis, command, acting, answers)
  if (decision.decision === 'refuse') {
    const faults = releaseFaults(basis, document, command, { acting, answers })
    const whys = [decision.why, ...faults.map(({ why }) => why)]
    return refused(decision.why, decision.because, [...new Set(whys.map(remedyOf))])
  }
  const [event] = decision.value
  if (event?.type !== 'releaseDecided') throw malformed(`nothing was decided for ${recipient}`)
  const { view, duties, handling } = event
  return {
    decision: 'permit',
    view: view ?? {},
    handling: { tlp: handling?.tlp ?? '', codes: [...(handling?.codes ?? [])] },
    duties: duties.map(({ dutyId, kind, text: words, owedBy, dueAt }) => {
      return { duty: dutyId, kind, text: words, owedBy, dueAt }
    }),
    because: decision.because as unknown as Json,
  }
}

function refused(why: string, because: readonly Because[], remedies: readonly string[]): Json {
  const { decision } = refuse(why, ...because)
  return { decision, why, because: because as unknown as Json, remedies: [...remedies] }
}

/** By legal order, or by the id of the pack, in its version of that day. */
function packsIn(ids: readonly string[] | undefined, now: Instant): readonly LawPack[] {
  const names = ids?.map((id) => id.replace(/^law\./, ''))
  const on = utcDateOf(now)
  return packsOf(names as Json | undefined, shippedLaw().packs).filter(
    ({ validFrom, validTo }) => validFrom <= on && (validTo === null || on <= validTo),
  )
}

function actingOf({ principal }: ReleaseLine, now: Instant): Acting {
  const { authority, officer = 'officer', roles = [] } = principal
  return { officer, roles, authority, now }
}

function commandOf(
  { context, recipient, facts = {}, principal }: ReleaseLine,
  document: AgreementDocument,
  packs: readonly LawPack[],
): PrepareRelease {
  const { kind, purpose, categories, legalBasis = '', emergency = null } = context
  const order = partyOf(document, principal.authority)?.legalOrder ?? ''
  const own = packs.find(({ legalOrder }) => legalOrder === order)
  const here = own ?? { legalOrder: order, members: [], within: [] }
  const empty = Object.fromEntries(categories.map((id) => [id, null]))
  return {
    ...{ releaseId: EVAL_IDS.release, kind, recipient, purpose, legalBasis, categories, emergency },
    ...(context.held ? { exhibitId: EVAL_IDS.exhibit } : {}),
    record: (context.record ?? empty) as Record<string, Json>,
    rightsTestId: EVAL_IDS.test,
    policyDigest: '',
    conditions: answerConditions(document.clauses, factsIn(facts as Json), here),
  }
}

function basisOf(
  line: ReleaseLine,
  text: AgreementDocument,
  { packs, now }: { readonly packs: readonly LawPack[]; readonly now: Instant },
): ReleaseBasis {
  const { context, principal, recipient } = line
  const orderOf = (node: string) => partyOf(text, node)?.legalOrder
  const [from, to] = [orderOf(principal.authority), orderOf(recipient)]
  const { embargo = { state: 'none', signatories: [] }, proposedBy } = context
  return {
    releases: noReleases,
    agreement: agreementOf(text, context.agreement),
    rights: rightsOf(line, now),
    embargo,
    conflicted: context.conflicted ?? [],
    law:
      from && to ? transferLaw(packs, { from, to }, utcDateOf(now)) : { isAbroad: true, paths: [] },
    evidence: evidenceOf(line, now),
    held: heldOf(line),
    disputed: context.disputed ?? [],
    proposedBy: proposedBy === undefined ? null : { officer: proposedBy, inPlaceOf: null },
    isExercise: context.isExercise ?? false,
  }
}

function agreementOf(
  document: AgreementDocument,
  phase: ReleaseLine['context']['agreement'] = 'inForce',
): AgreementState {
  if (phase === 'none') return noAgreement
  const digest = toHex(nodePrimitives.sha256(agreementDigestInput(document)))
  return { ...noAgreement, phase, document, digest }
}
