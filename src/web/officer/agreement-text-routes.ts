/**
 * A text of an agreement written clause by clause: a draft, a counter-offer, an amendment.
 * The text travels with the form, so nothing is kept before it is offered or saved; what
 * changes, what the linter finds and what must be mended are shown at each step.
 */
import { Type } from '@sinclair/typebox'
import type { FastifyInstance, FastifyReply } from 'fastify'
import type { AgreementAct } from '../../app/agreement-act.ts'
import { findAgreementAct } from '../../app/agreement-acts.ts'
import { SIGN_WITHIN_DAYS } from '../../app/agreements.ts'
import { utf8 } from '../../base/bytes.ts'
import { canonicalText, parseJson } from '../../base/canonical-json.ts'
import type { Because } from '../../base/decision.ts'
import { malformed } from '../../base/errors.ts'
import type { AgreementState } from '../../core/agreement/agreement.ts'
import type { AgreementDocument } from '../../core/agreement/document.ts'
import { documentFaults } from '../../core/agreement/document-faults.ts'
import { lintAgreement } from '../../core/agreement/lint/lint-agreement.ts'
import { openText } from '../../core/agreement/offered-texts.ts'
import { lintContext } from '../../wire/agreement-lint.ts'
import { AgreementDocumentForm } from '../../wire/exchange/documents.ts'
import { statusOfRefusal } from '../../wire/problem.ts'
import type { FormSchema } from '../form/field-spec.ts'
import { type FieldError, formModel, type RawValues } from '../form/form-model.ts'
import { readForm, soundInput } from '../form/read-form.ts'
import { linkTo, ROUTES } from '../routes.ts'
import { type SiteKit, seeOther } from '../site-kit.ts'
import { changesBetween, shownClause } from './agreement/presenter.ts'
import { seenAgreement } from './agreement-routes.ts'
import {
  CLAUSE_FIELDS,
  CLAUSE_FORM,
  clauseForm,
  clauseValues,
  readClause,
} from './agreement-text/clause-fields.ts'
import {
  CLAUSES_MAX,
  type TextCommand,
  textCommand,
  withClause,
  withNewClause,
  withoutClause,
} from './agreement-text/edit-text.ts'
import type { AgreementTextModel } from './agreement-text/model.ts'
import { type OfficerTurn, officerRoute } from './session.ts'

/** The text comes twice: with its list of clauses and with the clause that is open. */
const BODY_MAX = 2 * 1024 * 1024

export function agreementTextRoutes(server: FastifyInstance, kit: SiteKit): void {
  const url = ROUTES.officerAgreementText
  const group = 'workspace'
  const idOf = (params: unknown) => (params as { agreementId: string }).agreementId
  officerRoute(server, kit, {
    ...{ method: 'GET', url, group },
    handler: async (turn, { params }) => {
      const place = await placeOf(turn, idOf(params))
      return textPage(turn, place, { text: place.start })
    },
  })
  officerRoute(server, kit, {
    ...{ method: 'POST', url, group, bodyLimit: BODY_MAX },
    handler: (turn, { params }, reply) => write(turn, idOf(params), reply),
  })
}

type Place = {
  readonly agreementId: string
  readonly state: AgreementState
  /** What the new text is compared with. */
  readonly current: AgreementDocument
  readonly start: AgreementDocument
  readonly act: AgreementAct
}

type Shown = {
  readonly text: AgreementDocument
  /** The clause that is open, counted from 0, with what was sent of it. */
  readonly open?: {
    readonly at: number
    readonly values?: RawValues
    readonly errors?: readonly FieldError[]
  }
  readonly send?: { readonly values: RawValues; readonly errors: readonly FieldError[] }
  readonly refusedNow?: readonly Because[]
  readonly status?: number
}

async function placeOf(turn: OfficerTurn, agreementId: string): Promise<Place> {
  const { state, document } = await seenAgreement(turn, agreementId)
  const isDraft = state.phase === 'drafted'
  const act = findAgreementAct(isDraft ? 'changeDraft' : 'offerText')
  if (!act) throw malformed('there is no such act', { reason: 'unknown-act' })
  const newest = openText(state)?.document ?? document
  const version = isDraft ? newest.version : state.lastVersion + 1
  return { agreementId, state, current: document, start: { ...newest, version }, act }
}

async function write(
  turn: OfficerTurn,
  agreementId: string,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const place = await placeOf(turn, agreementId)
  const text = sentText(turn, place)
  const command = textCommand(word(turn, 'do'), word(turn, 'kind'))
  if (!command) throw malformed('there is no such button', { field: 'do' })
  if (command.what === 'send') return send(turn, place, text, reply)
  if (command.what === 'save') return save(turn, place, text)
  return textPage(turn, place, edited(text, command))
}

const word = ({ sent }: OfficerTurn, name: string) => {
  const value = sent[name]
  return typeof value === 'string' ? value : ''
}

/** The text as the page sent it back: of this agreement, in the form of every text. */
function sentText(turn: OfficerTurn, { agreementId, start }: Place): AgreementDocument {
  const document = parseJson(utf8(word(turn, 'document')))
  const schema = Type.Object({ document: AgreementDocumentForm })
  const read = soundInput(schema, { isValid: true, input: { document } })
  const text = document as unknown as AgreementDocument
  if (!read.isValid || text.id !== agreementId || text.clauses.length > CLAUSES_MAX) {
    throw malformed('this is no text of the agreement', { field: 'document' })
  }
  return { ...text, version: start.version }
}

function edited(text: AgreementDocument, command: TextCommand): Shown {
  switch (command.what) {
    case 'edit':
      return text.clauses[command.at] ? { text, open: { at: command.at } } : { text }
    case 'remove':
      return { text: withoutClause(text, command.at) }
    case 'add': {
      if (text.clauses.length >= CLAUSES_MAX) return { text }
      return { text: withNewClause(text, command.kind), open: { at: text.clauses.length } }
    }
    default:
      return { text }
  }
}

async function save(
  turn: OfficerTurn,
  place: Place,
  text: AgreementDocument,
): Promise<FastifyReply> {
  const at = Number(word(turn, 'at'))
  const before = text.clauses[at]
  if (!before) throw malformed('there is no such clause', { field: 'at' })
  const read = readClause(before, turn.sent, text, turn.kit.site.zone)
  if ('clause' in read) return textPage(turn, place, { text: withClause(text, at, read.clause) })
  const open = { at, values: turn.sent, errors: read.errors }
  return textPage(turn, place, { text, open, status: 400 })
}

async function send(
  turn: OfficerTurn,
  place: Place,
  text: AgreementDocument,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { act, agreementId } = place
  const zone = turn.kit.site.zone
  const read = readForm(sendSchema(act), turn.sent, { zone })
  const values = turn.sent
  if (!read.isValid) {
    return textPage(turn, place, { text, send: { values, errors: read.errors }, status: 400 })
  }
  const input = { ...read.input, document: text }
  const decision = await act.run(turn.kit.kernel, agreementId, input, turn.acting)
  if (decision.decision === 'permit') {
    return seeOther(reply, linkTo(turn.lang, 'officerAgreement', { agreementId }))
  }
  const shown = { text, send: { values, errors: [] }, refusedNow: decision.because }
  return textPage(turn, place, { ...shown, status: statusOfRefusal(decision.why) })
}

/** What is asked besides the text. */
function sendSchema({ input }: AgreementAct): FormSchema {
  const { document: _, ...properties } = input.properties
  return Type.Object(properties) as unknown as FormSchema
}

async function textPage(turn: OfficerTurn, place: Place, shown: Shown): Promise<FastifyReply> {
  const { kernel } = turn.kit
  const { packs } = await kernel.law.context()
  const { text, refusedNow, status = 200 } = shown
  const { agreementId, current, act } = place
  const found = lintAgreement(text, lintContext(kernel.primitives, packs, turn.acting.now))
  const document = canonicalText(text)
  const model: AgreementTextModel = {
    about: text.title,
    back: linkTo(turn.lang, 'officerAgreement', { agreementId }),
    expert: linkTo(turn.lang, 'officerAgreementAct', { agreementId, act: act.name }),
    action: linkTo(turn.lang, 'officerAgreementText', { agreementId }),
    formToken: turn.signedIn.formToken,
    version: text.version,
    document,
    clauses: text.clauses.map((clause, index) => {
      const { isHeld: _, ...row } = shownClause(clause, false)
      return { ...row, isOpen: shown.open?.at === index }
    }),
    kinds: Object.keys(CLAUSE_FIELDS),
    ...editing(turn, place, shown, document),
    changes: changesBetween(current, text).filter(({ where }) => where !== 'version'),
    findings: found.map(({ severity, where, text, source }) => ({
      ...{ severity, where, text },
      ...(source ? { source } : {}),
    })),
    faults: documentFaults(text),
    send: sendForm(turn, place, shown, document),
    ...(refusedNow ? { refusedNow } : {}),
  }
  return turn.page('officer/agreement-text', model, status)
}

function hidden(turn: OfficerTurn, document: string, pressed: 'save' | 'send') {
  return { formToken: turn.signedIn.formToken, document, do: pressed }
}

function editing(
  turn: OfficerTurn,
  { agreementId }: Place,
  { text, open }: Shown,
  document: string,
): Pick<AgreementTextModel, 'editing'> {
  const clause = open && text.clauses[open.at]
  if (!open || !clause) return {}
  const { schema, hints } = clauseForm(clause.kind, text)
  const values = open.values ?? clauseValues(clause, turn.kit.site.zone)
  const form = formModel(CLAUSE_FORM, schema, values, open.errors ?? [], {
    ...hints,
    action: linkTo(turn.lang, 'officerAgreementText', { agreementId }),
    hidden: { ...hidden(turn, document, 'save'), at: String(open.at) },
    idPrefix: 'c',
  })
  const when = 'when' in clause && clause.when ? { when: canonicalText(clause.when) } : {}
  return { editing: { kind: clause.kind, form, ...when } }
}

function sendForm(
  turn: OfficerTurn,
  { agreementId, act, state }: Place,
  { send }: Shown,
  document: string,
) {
  const access = turn.may(act.action)
  const possible = act.available(state, turn.kit.kernel.node.id)
  const first = { signWithinDays: String(SIGN_WITHIN_DAYS) }
  return formModel(act.name, sendSchema(act), send?.values ?? first, send?.errors ?? [], {
    action: linkTo(turn.lang, 'officerAgreementText', { agreementId }),
    hidden: hidden(turn, document, 'send'),
    decision: access.decision === 'refuse' ? access : possible,
  })
}
