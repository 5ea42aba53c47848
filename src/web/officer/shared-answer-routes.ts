/**
 * Answers of people from outside, and the files that were shared with them. The same
 * for those with an account and for guests; what each may do is decided in app.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import {
  ANSWER_FORMS,
  type AnswerInput,
  answerAsGuest,
  answerReceipt,
  answerShared,
  sharedWithGuest,
} from '../../app/answer-shared.ts'
import { requireCaseId } from '../../app/case-stream.ts'
import { type GuestLook, lookAsGuest } from '../../app/guests.ts'
import { cookieNameOf } from '../../app/officer-session.ts'
import { readCase } from '../../app/read-case.ts'
import { lookAsPerson, readShared, type SharedCase, sharedLetter } from '../../app/shared-cases.ts'
import { toHex, utf8 } from '../../base/bytes.ts'
import { canonicalBytes, type Json } from '../../base/canonical-json.ts'
import { malformed } from '../../base/errors.ts'
import { isUuid } from '../../base/ids.ts'
import { problem, problemOfRefusal, statusOfRefusal } from '../../wire/problem.ts'
import type { FormSchema } from '../form/field-spec.ts'
import type { RawValues, ShownForm } from '../form/form-model.ts'
import { readForm, soundInput } from '../form/read-form.ts'
import { linkTo, ROUTES } from '../routes.ts'
import { languageOf, type SiteKit, seeOther, sendFile, sendPage, sendProblem } from '../site-kit.ts'
import { namesOf } from './case/names.ts'
import { caseHead, caseRef } from './case/present-case.ts'
import { isFromOwnPage, type OfficerTurn, officerRoute } from './session.ts'
import type { SharedCaseModel } from './shared-case/model.ts'
import { presentOtherSide } from './shared-case/other-side.ts'
import { answerHints, answerKind, presentAnswer, presentShared } from './shared-case/presenter.ts'
import { presentSeat } from './shared-case/seat.ts'
import { foreign } from './sign-in-routes.ts'

/** The longest statement, as a browser encodes it, and the form around it. */
const BODY_MAX = 256 * 1024
const LETTER_TYPES: Readonly<Record<string, string>> = {
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  pdf: 'application/pdf',
}

export const NOTHING_SENT: ShownForm = { values: {}, errors: [] }

type Params = {
  readonly caseId: string
  readonly linkId: string
  readonly letterId: string
  readonly format: string
  readonly statementId: string
}

/** Where the forms and files of one person are. */
export type Places = {
  readonly answer: { readonly action: string; readonly hidden?: Readonly<Record<string, string>> }
  readonly letter: (letterId: string, format: string) => string
  readonly receipt: (statementId: string) => string
  readonly say: (word: string) => string
  readonly exhibit: (exhibitId: string) => string
}

export function personPlaces({ lang, signedIn }: OfficerTurn, caseId: string): Places {
  const { formToken } = signedIn
  return {
    answer: { action: linkTo(lang, 'officerSharedAnswer', { caseId }), hidden: { formToken } },
    letter: (letterId, format) => linkTo(lang, 'officerSharedLetter', { caseId, letterId, format }),
    receipt: (statementId) => linkTo(lang, 'officerSharedReceipt', { caseId, statementId }),
    say: (word) => linkTo(lang, 'officerSharedSay', { caseId, word }),
    exhibit: (exhibitId) => linkTo(lang, 'officerSharedExhibit', { caseId, exhibitId }),
  }
}

export function guestPlaces(kit: SiteKit, request: FastifyRequest, linkId: string): Places {
  const lang = languageOf(kit, request)
  return {
    answer: { action: linkTo(lang, 'officerGuestAnswer', { linkId }) },
    letter: (letterId, format) => linkTo(lang, 'officerGuestLetter', { linkId, letterId, format }),
    receipt: (statementId) => linkTo(lang, 'officerGuestReceipt', { linkId, statementId }),
    say: (word) => linkTo(lang, 'officerGuestSay', { linkId, word }),
    exhibit: (exhibitId) => linkTo(lang, 'officerGuestExhibit', { linkId, exhibitId }),
  }
}

export function sharedModel(
  { kernel }: SiteKit,
  shared: SharedCase,
  { answer, say, exhibit, ...places }: Places,
  sent: ShownForm,
  filed?: string,
  said?: ShownForm & { readonly word: string },
): SharedCaseModel {
  const { node, peers, primitives } = kernel
  const nameOf = (id: string) => (id === node.id ? node.name : (peers.find(id)?.name ?? id))
  const isFiled = shared.view.answers?.some(({ statementId }) => statementId === filed) === true
  return {
    ref: caseRef(shared.caseId, shared.openedAt, node.id),
    view: presentShared(shared.view, { primitives, nameOf, ...places }),
    ...(shared.sees.includes('wholeCase') ? { wholeCaseId: shared.caseId } : {}),
    ...presentAnswer(shared, answer, sent),
    ...presentOtherSide(
      shared,
      { say, exhibit, ...(answer.hidden ? { hidden: answer.hidden } : {}) },
      said,
    ),
    ...presentSeat(
      shared,
      { say, nameOf, ...(answer.hidden ? { hidden: answer.hidden } : {}) },
      said,
    ),
    ...(isFiled && filed !== undefined ? { filed } : {}),
  }
}

export function sharedAnswerRoutes(server: FastifyInstance, kit: SiteKit): void {
  const group = 'readShared'
  officerRoute(server, kit, {
    method: 'POST',
    url: ROUTES.officerSharedAnswer,
    group,
    bodyLimit: BODY_MAX,
    handler: personAnswers,
  })
  officerRoute(server, kit, {
    method: 'GET',
    url: ROUTES.officerSharedLetter,
    group,
    handler: async ({ kit, acting, signedIn }, request, reply) => {
      const { caseId, letterId } = request.params as Params
      const shared = await lookAsPerson(kit.kernel, caseId, acting, letterId)
      if (shared.decision === 'permit') return letterFile(kit, shared.value, request, reply)
      return sendProblem(kit, request, reply, problemOfRefusal(shared), { signedIn })
    },
  })
  officerRoute(server, kit, {
    method: 'GET',
    url: ROUTES.officerSharedReceipt,
    group,
    handler: async ({ kit, acting, signedIn }, request, reply) => {
      const { caseId } = request.params as Params
      const shared = await readShared(kit.kernel, caseId, acting)
      if (shared.decision === 'permit') return receiptFile(kit, shared.value, request, reply)
      return sendProblem(kit, request, reply, problemOfRefusal(shared), { signedIn })
    },
  })
  officerRoute(server, kit, {
    method: 'GET',
    url: ROUTES.officerAnswers,
    group: 'read',
    handler: (turn, request) => answersPage(turn, (request.params as Params).caseId),
  })
  guestAnswerRoutes(server, kit)
}

async function personAnswers(turn: OfficerTurn, request: FastifyRequest, reply: FastifyReply) {
  const { kit, acting, sent, lang, signedIn } = turn
  const { caseId } = request.params as Params
  const shared = await readShared(kit.kernel, caseId, acting)
  if (shared.decision === 'refuse') {
    return sendProblem(kit, request, reply, problemOfRefusal(shared), { signedIn })
  }
  const places = personPlaces(turn, caseId)
  const again = (now: SharedCase, shown: ShownForm, status: number) =>
    turn.page('officer/shared-case', sharedModel(kit, now, places, shown), status)
  const read = readAnswer(kit, shared.value, sent)
  if (!read.isValid) return again(shared.value, { values: sent, errors: read.errors }, 400)
  const decision = await answerShared(kit.kernel, caseId, read.input as AnswerInput, acting)
  if (decision.decision === 'refuse') {
    const refused = { values: sent, errors: [], refusedNow: decision.because }
    return again(shared.value, refused, statusOfRefusal(decision.why))
  }
  const place = linkTo(lang, 'officerSharedCase', { caseId })
  return seeOther(reply, `${place}?filed=${decision.value.statementId}`)
}

function guestAnswerRoutes(server: FastifyInstance, kit: SiteKit): void {
  const { kernel } = kit
  const name = cookieNameOf(kernel.node, '-guest')
  const doorOf = (request: FastifyRequest) => {
    const { linkId } = request.params as Params
    return { linkId, secret: request.cookies[name] ?? '' }
  }
  server.post(ROUTES.officerGuestAnswer, { bodyLimit: BODY_MAX }, async (request, reply) => {
    if (!isFromOwnPage(request, kernel.node)) return foreign(kit, request, reply)
    const door = doorOf(request)
    const lang = languageOf(kit, request)
    const place = linkTo(lang, 'officerGuest', { linkId: door.linkId })
    const shared = await sharedWithGuest(kernel, door)
    // The page of the link says that the session is over and asks for the code.
    if (!shared) return seeOther(reply, place)
    const sent = (request.body ?? {}) as RawValues
    const again = (shown: ShownForm, status: number) =>
      guestPage({ kit, request, reply, shared, shown, status })
    const read = readAnswer(kit, shared, sent)
    if (!read.isValid) return again({ values: sent, errors: read.errors }, 400)
    const decision = await answerAsGuest(kernel, door, read.input as AnswerInput)
    if (!decision) return seeOther(reply, place)
    if (decision.decision === 'refuse') {
      const refused = { values: sent, errors: [], refusedNow: decision.because }
      return again(refused, statusOfRefusal(decision.why))
    }
    return seeOther(reply, `${place}?filed=${decision.value.statementId}`)
  })
  server.get(ROUTES.officerGuestLetter, async (request, reply) => {
    const { linkId, secret } = doorOf(request)
    const { letterId } = request.params as Params
    const documentId = isUuid(letterId) ? letterId : ''
    const shared = await lookAsGuest(kernel, linkId, secret, documentId)
    if (!shared) return sendProblem(kit, request, reply, problem(401, 'not-signed-in'))
    return letterFile(kit, shared, request, reply)
  })
  server.get(ROUTES.officerGuestReceipt, async (request, reply) => {
    const shared = await sharedWithGuest(kernel, doorOf(request))
    if (!shared) return sendProblem(kit, request, reply, problem(401, 'not-signed-in'))
    return receiptFile(kit, shared, request, reply)
  })
}

type GuestShown = {
  readonly kit: SiteKit
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  readonly shared: GuestLook
  readonly shown: ShownForm
  readonly status: number
}

function guestPage({ kit, request, reply, shared, shown, status }: GuestShown): FastifyReply {
  const { linkId } = request.params as Params
  const model = sharedModel(kit, shared, guestPlaces(kit, request, linkId), shown)
  const guest = { linkId, until: shared.until }
  const path = linkTo('en', 'officerGuest', { linkId }).replace('/en', '')
  return sendPage(kit, request, reply, 'officer/shared-case', { ...model, guest }, { status, path })
}

function readAnswer({ site }: SiteKit, shared: SharedCase, sent: RawValues) {
  const kind = answerKind(shared)
  if (!kind) return { isValid: true, input: {} } as const
  const form = ANSWER_FORMS[kind]
  const options = { ...answerHints(shared), zone: site.zone }
  return soundInput(form, readForm(form as FormSchema, sent, options))
}

async function letterFile(
  { kernel }: SiteKit,
  shared: SharedCase,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { letterId, format } = request.params as Params
  const letter = await sharedLetter(kernel, shared, letterId)
  const mediaType = LETTER_TYPES[format]
  const bytes = format === 'pdf' ? letter?.pdf : letter?.docx
  if (!bytes || !mediaType) throw malformed('there is no such letter', { reason: 'not-found' })
  return sendFile(reply, { name: `letter-${letterId.slice(-6)}.${format}`, mediaType, bytes })
}

async function receiptFile(
  { kernel }: SiteKit,
  shared: SharedCase,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { statementId } = request.params as Params
  const opening = await answerReceipt(kernel, shared, statementId)
  if (!opening) {
    throw malformed('the receipt is not sealed yet: try again later', { reason: 'not-found' })
  }
  const bytes = canonicalBytes(opening as unknown as Json)
  const name = `answer-${statementId.slice(0, 8)}.json`
  return sendFile(reply, { name, mediaType: 'application/json', bytes })
}

/** For the officers of the case: what came in from outside. */
async function answersPage(turn: OfficerTurn, caseId: string): Promise<FastifyReply> {
  const { kernel } = turn.kit
  requireCaseId(caseId)
  const [read, names, guests] = await Promise.all([
    readCase(kernel, caseId, turn.acting),
    namesOf(kernel),
    kernel.desk.guests.of(caseId),
  ])
  const nameOf = (person: string) =>
    guests.find((one) => one.person === person)?.name ?? names.officer(person)
  return turn.page('officer/answers', {
    case: caseHead(read, names),
    answers: read.state.statements.toReversed().map((one) => ({
      statementId: one.statementId,
      by: nameOf(one.person),
      capacity: one.capacity,
      kind: one.about.kind,
      filedAt: one.filedAt,
      text: one.text,
      acknowledges: one.acknowledges,
      ...(one.fixOn === null ? {} : { fixOn: one.fixOn }),
      sha256: toHex(kernel.primitives.sha256(utf8(one.text))),
    })),
  })
}
