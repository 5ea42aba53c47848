/**
 * One agreement, and a form for each act on it. Decides nothing: the acts do. Whoever may
 * see the workspace reads; a control that cannot be used says why.
 */

import { Type } from '@sinclair/typebox'
import type { FastifyInstance, FastifyReply } from 'fastify'
import type { AgreementAct } from '../../app/agreement-act.ts'
import { agreementActs, findAgreementAct } from '../../app/agreement-acts.ts'
import { carveOuts } from '../../app/agreement-own-acts.ts'
import { foldAgreementStream } from '../../app/agreement-record.ts'
import { SIGN_WITHIN_DAYS } from '../../app/agreements.ts'
import {
  DRAFT_AGREEMENT,
  type DraftForm,
  draftAgreement,
  draftForm,
} from '../../app/draft-agreement.ts'
import type { Decision } from '../../base/decision.ts'
import { malformed } from '../../base/errors.ts'
import { isUuid } from '../../base/ids.ts'
import type { AgreementState } from '../../core/agreement/agreement.ts'
import type { AgreementEvent } from '../../core/agreement/agreement-events.ts'
import { openDisputes } from '../../core/agreement/dispute.ts'
import { type AgreementDocument, partyOf } from '../../core/agreement/document.ts'
import { lintAgreement } from '../../core/agreement/lint/lint-agreement.ts'
import { joiningParties } from '../../core/agreement/membership.ts'
import { openText } from '../../core/agreement/offered-texts.ts'
import type { Recorded } from '../../core/case/recorded.ts'
import { lintContext } from '../../wire/agreement-lint.ts'
import { modelAgreements } from '../../wire/model-agreements.ts'
import { statusOfRefusal } from '../../wire/problem.ts'
import type { Choice, FormHints, FormSchema } from '../form/field-spec.ts'
import { formModel, type RawValues, type ShownForm } from '../form/form-model.ts'
import { readForm, readSoundForm, soundInput } from '../form/read-form.ts'
import { linkTo, ROUTES } from '../routes.ts'
import { type SiteKit, seeOther } from '../site-kit.ts'
import { agreementModel } from './agreement/presenter.ts'
import { namesOf } from './case/names.ts'
import { type OfficerTurn, officerRoute } from './session.ts'

const BODY_MAX = 1024 * 1024
const group = 'workspace'

const WRITING: readonly string[] = ['changeDraft', 'offerText']

type Params = { readonly agreementId: string; readonly act: string }

export function agreementRoutes(server: FastifyInstance, kit: SiteKit): void {
  const route = (
    method: 'GET' | 'POST',
    url: string,
    handler: (turn: OfficerTurn, params: Params, reply: FastifyReply) => Promise<FastifyReply>,
  ) =>
    officerRoute(server, kit, {
      ...{ method, url, group, bodyLimit: BODY_MAX },
      handler: (turn, request, reply) => handler(turn, request.params as Params, reply),
    })
  route('GET', ROUTES.officerDraftAgreement, (turn) => draftPage(turn, BLANK))
  route('POST', ROUTES.officerDraftAgreement, (turn, _params, reply) => draft(turn, reply))
  route('GET', ROUTES.officerAgreement, (turn, { agreementId }) => onePage(turn, agreementId))
  route('GET', ROUTES.officerAgreementAct, (turn, params) => actPage(turn, params))
  route('POST', ROUTES.officerAgreementAct, (turn, params, reply) => act(turn, params, reply))
}

const BLANK: ShownForm = { values: {}, errors: [] }

type Seen = {
  readonly state: AgreementState
  readonly document: AgreementDocument
  readonly history: readonly Recorded<AgreementEvent>[]
}

export async function seenAgreement({ kit }: OfficerTurn, agreementId: string): Promise<Seen> {
  const stream = isUuid(agreementId) ? await kit.kernel.streams.read(agreementId) : undefined
  const history = stream?.kind === 'agreement' ? stream.history : []
  const state = foldAgreementStream(history)
  if (!state.document) throw malformed('there is nothing here', { reason: 'not-found' })
  return { state, document: state.document, history: history as Seen['history'] }
}

async function onePage(turn: OfficerTurn, agreementId: string): Promise<FastifyReply> {
  const { kernel } = turn.kit
  const { state, document, history } = await seenAgreement(turn, agreementId)
  const { packs } = await kernel.law.context()
  const text = openText(state)?.document ?? document
  const findings = lintAgreement(text, lintContext(kernel.primitives, packs, turn.acting.now))
  const acts = agreementActs.map((one) => {
    const href = linkTo(turn.lang, 'officerAgreementAct', { agreementId, act: one.name })
    const may = availableOf(turn, one, state)
    const because = may.decision === 'refuse' ? { because: may.because } : {}
    return { name: one.name, href, ...because }
  })
  const writes = acts.some(({ name, because }) => !because && WRITING.includes(name))
  const writeHref = linkTo(turn.lang, 'officerAgreementText', { agreementId })
  const sight = { state, document, history, findings, acts, names: await namesOf(kernel) }
  const model = agreementModel(sight)
  return turn.page('officer/agreement', writes ? { ...model, writeHref } : model)
}

/** A missing proof alone is no reason to hide the form: it says where to give one. */
function availableOf(
  turn: OfficerTurn,
  one: AgreementAct,
  state: AgreementState,
): Decision<unknown> {
  const access = turn.may(one.action)
  if (access.decision === 'refuse' && access.why !== 'stepUpNeeded') return access
  return one.available(state, turn.kit.kernel.node.id)
}

async function actPage(
  turn: OfficerTurn,
  params: Params,
  shown?: ShownForm,
  status = 200,
): Promise<FastifyReply> {
  const one = actOf(params)
  const { state, document } = await seenAgreement(turn, params.agreementId)
  const possible = one.available(state, turn.kit.kernel.node.id)
  const { values, errors, refusedNow } = shown ?? { ...BLANK, values: firstValues(one, state) }
  const { agreementId } = params
  const form = formModel(one.name, pageSchema(one), values, errors, {
    ...hintsOf(turn, one, document, state),
    action: linkTo(turn.lang, 'officerAgreementAct', { agreementId, act: one.name }),
    hidden: { formToken: turn.signedIn.formToken },
    decision: possible.decision === 'refuse' ? possible : turn.may(one.action),
  })
  const back = linkTo(turn.lang, 'officerAgreement', { agreementId })
  const refused = refusedNow ? { refusedNow } : {}
  const model = { form, about: document.title, back, hurts: one.hurts, ...refused }
  return turn.page('officer/agreement-act', model, status)
}

async function act(turn: OfficerTurn, params: Params, reply: FastifyReply): Promise<FastifyReply> {
  const one = actOf(params)
  const { state, document } = await seenAgreement(turn, params.agreementId)
  const { kernel, site } = turn.kit
  const options = { ...hintsOf(turn, one, document, state), zone: site.zone }
  const plain = readForm(pageSchema(one), turn.sent, options)
  const simulated = kernel.node.profile === 'demo'
  const full =
    plain.isValid && one.name === 'signAgreement'
      ? { isValid: true as const, input: { ...plain.input, simulated } }
      : plain
  const read = soundInput(one.input, full)
  const values = turn.sent
  if (!read.isValid) return actPage(turn, params, { values, errors: read.errors }, 400)
  const decision = await one.run(kernel, params.agreementId, read.input, turn.acting)
  if (decision.decision === 'permit') {
    const { agreementId } = params
    return seeOther(reply, linkTo(turn.lang, 'officerAgreement', { agreementId }))
  }
  const shown = { values, errors: [], refusedNow: decision.because }
  return actPage(turn, params, shown, statusOfRefusal(decision.why))
}

function actOf({ act: name }: Params): AgreementAct {
  const one = findAgreementAct(name)
  if (!one) throw malformed('there is no such act', { field: 'act', reason: 'unknown-act' })
  return one
}

/** A whole text is written as data; whether a signature binds says the node, not the form. */
function pageSchema({ input }: AgreementAct): FormSchema {
  const { document, simulated: _, ...properties } = input.properties
  const whole = document ? { document: Type.Unknown() } : {}
  return Type.Object({ ...whole, ...properties }) as FormSchema
}

function firstValues({ name, input }: AgreementAct, state: AgreementState): RawValues {
  const text = openText(state)?.document ?? state.document
  const version = name === 'changeDraft' ? text?.version : state.lastVersion + 1
  return {
    ...(input.properties['document']
      ? { document: JSON.stringify({ ...text, version }, null, 2) }
      : {}),
    ...(input.properties['signWithinDays'] ? { signWithinDays: String(SIGN_WITHIN_DAYS) } : {}),
  }
}

function hintsOf(
  { kit }: OfficerTurn,
  act: AgreementAct,
  document: AgreementDocument,
  state: AgreementState,
): FormHints {
  const choice = ({ id, text }: { readonly id: string; readonly text: string }): Choice => ({
    value: id,
    text: `${id} ${text}`,
    lang: 'en',
  })
  const disputes = openDisputes(state).map(({ disputeId, clause, reason }) => ({
    value: disputeId,
    text: `${clause} ${reason}`,
  }))
  const clauses = document.clauses.map(choice)
  const outsiders = kit.kernel.peers
    .all()
    .filter(({ id }) => joiningParties(state, document).includes(id) || !partyOf(document, id))
    .map(({ id, name }) => ({ value: id, text: name }))
  return {
    choices: {
      clauses,
      clause: act.name === 'useCarveOut' ? carveOuts(document).map(choice) : clauses,
      disputeId: disputes,
      joining: outsiders,
    },
    widgets: { document: 'json', joining: 'select', clause: 'select', disputeId: 'select' },
  }
}

async function draftPage(turn: OfficerTurn, shown: ShownForm, status = 200): Promise<FastifyReply> {
  const { values, errors, refusedNow } = shown
  const form = formModel('draftAgreement', draftForm as FormSchema, values, errors, {
    ...draftHints(turn),
    action: linkTo(turn.lang, 'officerDraftAgreement'),
    hidden: { formToken: turn.signedIn.formToken },
    decision: turn.may(DRAFT_AGREEMENT),
  })
  const back = linkTo(turn.lang, 'officerAgreements')
  const refused = refusedNow ? { refusedNow } : {}
  return turn.page('officer/agreement-act', { form, back, hurts: false, ...refused }, status)
}

function draftHints({ kit }: OfficerTurn): FormHints {
  const models = Object.entries(modelAgreements).map(([value, { title }]) => ({
    ...{ value, text: title, lang: 'en' },
  }))
  const parties = kit.kernel.peers.all().map(({ id, name }) => ({ value: id, text: name }))
  return { choices: { model: models, parties }, widgets: { model: 'select' } }
}

async function draft(turn: OfficerTurn, reply: FastifyReply): Promise<FastifyReply> {
  const values = turn.sent
  const options = { ...draftHints(turn), zone: turn.kit.site.zone }
  const read = readSoundForm(draftForm, values, options)
  if (!read.isValid) return draftPage(turn, { values, errors: read.errors }, 400)
  const decision = await draftAgreement(turn.kit.kernel, read.input as DraftForm, turn.acting)
  if (decision.decision === 'permit') {
    const agreementId = decision.value.streamId
    return seeOther(reply, linkTo(turn.lang, 'officerAgreement', { agreementId }))
  }
  const shown = { values, errors: [], refusedNow: decision.because }
  return draftPage(turn, shown, statusOfRefusal(decision.why))
}
