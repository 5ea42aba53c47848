/**
 * What the other side says, and the exhibits that it reads: the same for people with an
 * account and for guests. What each may do is decided in app.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { sharedWithGuest } from '../../app/answer-shared.ts'
import { cookieNameOf } from '../../app/officer-session.ts'
import {
  OTHER_SIDE_FORMS,
  type OtherSideDoor,
  type OtherSideInput,
  type OtherSideWord,
  readSharedExhibit,
  sayAsOtherSide,
} from '../../app/other-side.ts'
import { textOfPart } from '../../app/redaction/record-rows.ts'
import { readShared, type SharedCase } from '../../app/shared-cases.ts'
import type { Refusal } from '../../base/decision.ts'
import { malformed } from '../../base/errors.ts'
import { problemOfRefusal, statusOfRefusal } from '../../wire/problem.ts'
import type { FormSchema } from '../form/field-spec.ts'
import type { RawValues, ShownForm } from '../form/form-model.ts'
import { readForm, soundInput } from '../form/read-form.ts'
import { linkTo, ROUTES } from '../routes.ts'
import { languageOf, type SiteKit, seeOther, sendPage, sendProblem } from '../site-kit.ts'
import { isFromOwnPage, type OfficerTurn, officerRoute } from './session.ts'
import { guestPlaces, NOTHING_SENT, personPlaces, sharedModel } from './shared-answer-routes.ts'
import { LOOK, otherSideHints } from './shared-case/other-side.ts'
import { foreign } from './sign-in-routes.ts'

const BODY_MAX = 64 * 1024

type Params = {
  readonly caseId: string
  readonly linkId: string
  readonly word: string
  readonly exhibitId: string
}

export function otherSideRoutes(server: FastifyInstance, kit: SiteKit): void {
  const shared = { method: 'POST', group: 'readShared', bodyLimit: BODY_MAX } as const
  officerRoute(server, kit, {
    ...shared,
    url: ROUTES.officerSharedSay,
    handler: async (turn, request, reply) => say(await personSeat(turn, request, reply)),
  })
  officerRoute(server, kit, {
    ...shared,
    url: ROUTES.officerSharedExhibit,
    handler: async (turn, request, reply) => look(await personSeat(turn, request, reply)),
  })
  const guest = (act: (seat: Seat) => Promise<FastifyReply>) => {
    return async (request: FastifyRequest, reply: FastifyReply) => {
      if (!isFromOwnPage(request, kit.kernel.node)) return foreign(kit, request, reply)
      const seat = await guestSeat(kit, request, reply)
      return seat ? act(seat) : seeOther(reply, guestPlace(kit, request))
    }
  }
  server.post(ROUTES.officerGuestSay, { bodyLimit: BODY_MAX }, guest(say))
  server.post(ROUTES.officerGuestExhibit, { bodyLimit: BODY_MAX }, guest(look))
}

/** Who speaks, what is shared with it, and where its pages are. */
type Seat = {
  readonly kit: SiteKit
  readonly door: OtherSideDoor
  readonly params: Params
  readonly sent: RawValues
  readonly shared: SharedCase | Refusal
  readonly home: string
  readonly reply: FastifyReply
  readonly show: (
    shown: (ShownForm & { readonly word: string }) | undefined,
    status: number,
  ) => FastifyReply
  readonly exhibit: (model: {
    readonly name: string
    readonly purpose: string
    readonly parts: readonly { readonly part: number; readonly text?: string }[]
  }) => FastifyReply
  readonly refuse: (refusal: Refusal) => FastifyReply
}

async function personSeat(
  turn: OfficerTurn,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<Seat> {
  const { kit, acting, lang, sent, signedIn } = turn
  const params = request.params as Params
  const { caseId } = params
  const read = await readShared(kit.kernel, caseId, acting)
  const home = linkTo(lang, 'officerSharedCase', { caseId })
  const places = personPlaces(turn, caseId)
  return {
    kit,
    params,
    sent,
    home,
    reply,
    door: { caseId, acting },
    shared: read.decision === 'permit' ? read.value : read,
    show: (shown, status) => {
      if (read.decision === 'refuse') throw malformed('there is nothing here')
      const model = sharedModel(kit, read.value, places, NOTHING_SENT, undefined, shown)
      return turn.page('officer/shared-case', model, status)
    },
    exhibit: (model) => turn.page('officer/shared-exhibit', { ...model, back: home }),
    refuse: (refusal) => sendProblem(kit, request, reply, problemOfRefusal(refusal), { signedIn }),
  }
}

const guestPlace = (kit: SiteKit, request: FastifyRequest) =>
  linkTo(languageOf(kit, request), 'officerGuest', { linkId: (request.params as Params).linkId })

async function guestSeat(
  kit: SiteKit,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<Seat | undefined> {
  const params = request.params as Params
  const { linkId } = params
  const door = { linkId, secret: request.cookies[cookieNameOf(kit.kernel.node, '-guest')] ?? '' }
  const shared = await sharedWithGuest(kit.kernel, door)
  if (!shared) return undefined
  const home = guestPlace(kit, request)
  const path = linkTo('en', 'officerGuest', { linkId }).replace('/en', '')
  const places = guestPlaces(kit, request, linkId)
  const guest = { linkId, until: shared.until }
  return {
    kit,
    params,
    shared,
    door,
    home,
    reply,
    sent: (request.body ?? {}) as RawValues,
    show: (shown, status) => {
      const model = sharedModel(kit, shared, places, NOTHING_SENT, undefined, shown)
      const options = { status, path }
      return sendPage(kit, request, reply, 'officer/shared-case', { ...model, guest }, options)
    },
    exhibit: (model) =>
      sendPage(kit, request, reply, 'officer/shared-exhibit', { ...model, back: home }, { path }),
    refuse: (refusal) => sendProblem(kit, request, reply, problemOfRefusal(refusal)),
  }
}

async function say(seat: Seat): Promise<FastifyReply> {
  const { kit, shared, sent, params, door, reply, home } = seat
  if ('decision' in shared) return seat.refuse(shared)
  const word = wordOf(params.word)
  const hints = otherSideHints(shared, word)
  if (!hints) {
    const rule = 'otherSide:seat'
    return seat.refuse({
      decision: 'refuse',
      why: 'notAsked',
      because: [{ rule, text: 'there is nothing of this kind to say here' }],
    })
  }
  const form = OTHER_SIDE_FORMS[word]
  const options = { ...hints, zone: kit.site.zone }
  const read = soundInput(form, readForm(form as FormSchema, sent, options))
  if (!read.isValid) return seat.show({ word, values: sent, errors: read.errors }, 400)
  const decision = await sayAsOtherSide(kit.kernel, door, word, read.input as OtherSideInput)
  if (!decision) return seeOther(reply, home)
  if (decision.decision === 'permit') return seeOther(reply, `${home}?said=${word}`)
  const refused = { word, values: sent, errors: [], refusedNow: decision.because }
  return seat.show(refused, statusOfRefusal(decision.why))
}

async function look(seat: Seat): Promise<FastifyReply> {
  const { kit, shared, sent, params, door, reply, home } = seat
  if ('decision' in shared) return seat.refuse(shared)
  const read = readForm(LOOK, sent, { zone: kit.site.zone })
  if (!read.isValid) return seat.show(undefined, 400)
  const { exhibitId } = params
  const purpose = String(read.input['purpose'])
  const decision = await readSharedExhibit(kit.kernel, door, { exhibitId, purpose })
  if (!decision) return seeOther(reply, home)
  if (decision.decision === 'refuse') return seat.refuse(decision)
  const name = shared.view.exhibits?.find((one) => one.exhibitId === exhibitId)?.name ?? ''
  const parts = decision.value.parts.map((_, part) => {
    const text = textOfPart(decision.value, part)
    return text === undefined ? { part } : { part, text }
  })
  return seat.exhibit({ name, purpose, parts })
}

/** @throws ComityError `malformed` */
function wordOf(word: string): OtherSideWord {
  if (Object.hasOwn(OTHER_SIDE_FORMS, word)) return word as OtherSideWord
  throw malformed('there is nothing here', { reason: 'not-found' })
}
