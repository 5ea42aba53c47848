/**
 * What the other side says, and the exhibits that it reads: the same for people with an
 * account and for guests. What each may do is decided in app.
 */
import type { TObject } from '@sinclair/typebox'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { sharedWithGuest } from '../../app/answer-shared.ts'
import { cookieNameOf } from '../../app/officer-session.ts'
import {
  OTHER_SIDE_FORMS,
  type OtherSideDoor,
  type OtherSideInput,
  sayAsOtherSide,
} from '../../app/other-side.ts'
import { mayStillSee, readSharedExhibit } from '../../app/read-shared-exhibit.ts'
import { textOfPart } from '../../app/redaction/record-rows.ts'
import { readShared, type SharedCase } from '../../app/shared-cases.ts'
import { SEAT_FORMS, speakFor } from '../../app/speak-at-seat.ts'
import { toHex, utf8 } from '../../base/bytes.ts'
import type { Decision, Refusal } from '../../base/decision.ts'
import { malformed } from '../../base/errors.ts'
import { problemOfRefusal, statusOfRefusal } from '../../wire/problem.ts'
import type { FormHints, FormSchema } from '../form/field-spec.ts'
import type { RawValues, ShownForm } from '../form/form-model.ts'
import { readForm, soundInput } from '../form/read-form.ts'
import { linkTo, ROUTES } from '../routes.ts'
import { languageOf, type SiteKit, seeOther, sendPage, sendProblem } from '../site-kit.ts'
import { firstPageOf, nothingHere, sendDrawnPage, whyOriginalOf } from './drawn-page.ts'
import { presentLook } from './exhibit/presenter.ts'
import { type PageShelf, pageShelf } from './redact/page-shelf.ts'
import { isFromOwnPage, type OfficerTurn, officerRoute, sessionOf } from './session.ts'
import { guestPlaces, NOTHING_SENT, personPlaces, sharedModel } from './shared-answer-routes.ts'
import { LOOK, LOOK_AT_ORIGINAL, otherSideHints } from './shared-case/other-side.ts'
import { SEAT_HINTS } from './shared-case/seat.ts'
import type { SharedExhibitModel } from './shared-exhibit/model.ts'
import { foreign } from './sign-in-routes.ts'

const BODY_MAX = 64 * 1024

type Params = {
  readonly caseId: string
  readonly linkId: string
  readonly word: string
  readonly exhibitId: string
  readonly page: string
}

export function otherSideRoutes(server: FastifyInstance, kit: SiteKit): void {
  const shelf = pageShelf()
  const shared = { method: 'POST', group: 'readShared', bodyLimit: BODY_MAX } as const
  officerRoute(server, kit, {
    ...shared,
    url: ROUTES.officerSharedSay,
    handler: async (turn, request, reply) => say(await personSeat(turn, request, reply)),
  })
  officerRoute(server, kit, {
    ...shared,
    url: ROUTES.officerSharedExhibit,
    handler: async (turn, request, reply) => look(await personSeat(turn, request, reply), shelf),
  })
  officerRoute(server, kit, {
    method: 'GET',
    group: 'readShared',
    url: ROUTES.officerSharedExhibitPage,
    handler: async (turn, request, reply) => {
      const { caseId } = request.params as Params
      const door = { caseId, acting: turn.acting }
      return drawnPage({ kit, door, owner: sessionOf(turn), request, reply }, shelf)
    },
  })
  const guest = (act: (seat: Seat) => Promise<FastifyReply>) => {
    return async (request: FastifyRequest, reply: FastifyReply) => {
      if (!isFromOwnPage(request, kit.kernel.node)) return foreign(kit, request, reply)
      const seat = await guestSeat(kit, request, reply)
      return seat ? act(seat) : seeOther(reply, guestPlace(kit, request))
    }
  }
  server.post(ROUTES.officerGuestSay, { bodyLimit: BODY_MAX }, guest(say))
  const guestLook = guest((seat) => look(seat, shelf))
  server.post(ROUTES.officerGuestExhibit, { bodyLimit: BODY_MAX }, guestLook)
  server.get(ROUTES.officerGuestExhibitPage, async (request, reply) => {
    const door = guestDoor(kit, request)
    return drawnPage({ kit, door, owner: guestSession(kit, door), request, reply }, shelf)
  })
}

/** Who speaks, what is shared with it, and where its pages are. */
type Seat = {
  readonly kit: SiteKit
  readonly door: OtherSideDoor
  readonly params: Params
  readonly sent: RawValues
  readonly shared: SharedCase | Refusal
  readonly home: string
  /** This very person in this very session. */
  readonly owner: string
  readonly pageHref: (page: number) => string
  readonly lookAt: () => string
  readonly hidden: { readonly formToken?: string }
  readonly reply: FastifyReply
  readonly show: (
    shown: (ShownForm & { readonly word: string }) | undefined,
    status: number,
  ) => FastifyReply
  readonly exhibit: (model: Omit<SharedExhibitModel, 'back'>) => FastifyReply
  readonly refuse: (refusal: Refusal) => FastifyReply
}

async function personSeat(
  turn: OfficerTurn,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<Seat> {
  const { kit, acting, lang, sent, signedIn } = turn
  const params = request.params as Params
  const { caseId, exhibitId } = params
  const read = await readShared(kit.kernel, caseId, acting)
  const home = linkTo(lang, 'officerSharedCase', { caseId })
  const places = personPlaces(turn, caseId)
  return {
    kit,
    params,
    sent,
    home,
    reply,
    owner: sessionOf(turn),
    hidden: { formToken: signedIn.formToken },
    lookAt: () => places.exhibit(exhibitId),
    pageHref: (page) =>
      linkTo(lang, 'officerSharedExhibitPage', { caseId, exhibitId, page: String(page) }),
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
  const { linkId, exhibitId } = params
  const door = guestDoor(kit, request)
  const shared = await sharedWithGuest(kit.kernel, door)
  if (!shared) return undefined
  const home = guestPlace(kit, request)
  const path = linkTo('en', 'officerGuest', { linkId }).replace('/en', '')
  const places = guestPlaces(kit, request, linkId)
  const guest = { linkId, until: shared.until }
  const lang = languageOf(kit, request)
  return {
    kit,
    params,
    shared,
    door,
    home,
    reply,
    owner: guestSession(kit, door),
    hidden: {},
    lookAt: () => places.exhibit(exhibitId),
    pageHref: (page) =>
      linkTo(lang, 'officerGuestExhibitPage', { linkId, exhibitId, page: String(page) }),
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
  const speech = speechOf(shared, params.word)
  if (!speech) return seat.refuse(nothingToSay)
  const { word, form, hints, speak } = speech
  const options = { ...hints, zone: kit.site.zone }
  const read = soundInput(form, readForm(form as FormSchema, sent, options))
  if (!read.isValid) return seat.show({ word, values: sent, errors: read.errors }, 400)
  const decision = await speak(kit.kernel, door, read.input)
  if (!decision) return seeOther(reply, home)
  if (decision.decision === 'refuse') {
    const refused = { word, values: sent, errors: [], refusedNow: decision.because }
    return seat.show(refused, statusOfRefusal(decision.why))
  }
  return seeOther(reply, `${home}?said=${word}`)
}

type Speech = {
  readonly word: string
  readonly form: TObject
  readonly hints: FormHints
  readonly speak: (
    kernel: SiteKit['kernel'],
    door: OtherSideDoor,
    input: object,
  ) => Promise<Decision<unknown> | undefined>
}

/**
 * Undefined: there is nothing of the kind to say here.
 *
 * @throws ComityError `malformed` if there is no such word at all
 */
function speechOf(shared: SharedCase, word: string): Speech | undefined {
  if (isWordOf(OTHER_SIDE_FORMS, word)) {
    const hints = otherSideHints(shared, word)
    const speak: Speech['speak'] = (kernel, door, input) =>
      sayAsOtherSide(kernel, door, word, input as OtherSideInput)
    return hints && { word, form: OTHER_SIDE_FORMS[word], hints, speak }
  }
  if (isWordOf(SEAT_FORMS, word)) {
    const speak: Speech['speak'] = (kernel, door, input) => speakFor(kernel, door, word, input)
    return shared.seat && { word, form: SEAT_FORMS[word], hints: SEAT_HINTS, speak }
  }
  throw malformed('there is nothing here', { reason: 'not-found' })
}

function isWordOf<Words extends object>(forms: Words, word: string): word is keyof Words & string {
  return Object.hasOwn(forms, word)
}

const nothingToSay: Refusal = {
  decision: 'refuse',
  why: 'notAsked',
  because: [{ rule: 'otherSide:seat', text: 'there is nothing of this kind to say here' }],
}

async function look(seat: Seat, shelf: PageShelf): Promise<FastifyReply> {
  const { kit, shared, sent, params, door, reply, home } = seat
  if ('decision' in shared) return seat.refuse(shared)
  const { exhibitId } = params
  const { name = '', file } = shared.view.exhibits?.find((one) => one.exhibitId === exhibitId) ?? {}
  const read = readForm(file?.hasCopy ? LOOK_AT_ORIGINAL : LOOK, sent, { zone: kit.site.zone })
  if (!read.isValid) return seat.show(undefined, 400)
  const purpose = String(read.input['purpose'])
  const why = whyOriginalOf(sent)
  const ask = { exhibitId, purpose, ...why, first: firstPageOf(sent) }
  const decision = await readSharedExhibit(kit.kernel, door, ask)
  if (!decision) return seeOther(reply, home)
  if (decision.decision === 'refuse') return seat.refuse(decision)
  const shown = decision.value
  if ('record' in shown) {
    const parts = shown.record.parts.map((_, part) => {
      const text = textOfPart(shown.record, part)
      return text === undefined ? { part } : { part, text }
    })
    return seat.exhibit({ name, purpose, parts })
  }
  const { sheet } = shown.file
  if (sheet) {
    const pages = sheet.pages.map(({ png }) => png)
    const now = kit.kernel.clocks.wireNow()
    shelf.put(seat.owner, exhibitId, { pages, first: sheet.first }, now)
  }
  const mediaType = file?.mediaType ?? ''
  const places = { hrefOf: seat.pageHref, turnAt: seat.lookAt() }
  const looked = { preview: shown.file, claimed: mediaType, purpose, ...why, ...places }
  const ofFile = { mediaType, shown: presentLook(looked), ...seat.hidden }
  return seat.exhibit({ name, purpose, file: ofFile })
}

type Fetching = {
  readonly kit: SiteKit
  readonly door: OtherSideDoor
  readonly owner: string
  readonly request: FastifyRequest
  readonly reply: FastifyReply
}

/** One answer to whoever may not see it, and to whoever had nothing drawn. */
async function drawnPage({ kit, door, owner, request, reply }: Fetching, shelf: PageShelf) {
  const { exhibitId, page } = request.params as Params
  const png = shelf.page(owner, exhibitId, Number(page), kit.kernel.clocks.wireNow())
  if (!png || !(await mayStillSee(kit.kernel, door, exhibitId))) throw nothingHere()
  return sendDrawnPage(reply, png)
}

function guestDoor(kit: SiteKit, request: FastifyRequest) {
  const { linkId } = request.params as Params
  return { linkId, secret: request.cookies[cookieNameOf(kit.kernel.node, '-guest')] ?? '' }
}

/** The link and the secret of its session, which is kept as a hash here too. */
function guestSession({ kernel }: SiteKit, door: ReturnType<typeof guestDoor>): string {
  return `${door.linkId} ${toHex(kernel.primitives.sha256(utf8(door.secret)))}`
}
