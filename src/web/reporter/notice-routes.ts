/**
 * The page of an affected person, behind the code of a notice: no account, no cookie, no
 * address that holds the code. Each form of the page carries the code on; every wrong code
 * gets the same answer.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { challengeNotice, type OpenedNotice, openNotice } from '../../app/challenge-notice.ts'
import { type ConsentWord, sayOnConsent, writeToAuthority } from '../../app/person-page.ts'
import { utf8 } from '../../base/bytes.ts'
import type { Decision } from '../../base/decision.ts'
import { problem, problemOfRefusal } from '../../wire/problem.ts'
import type { FormSchema } from '../form/field-spec.ts'
import { readForm } from '../form/read-form.ts'
import { readSent } from '../form/read-sent.ts'
import { linkTo, ROUTES, type RouteName } from '../routes.ts'
import {
  languageOf,
  type SiteKit,
  sendFile,
  sendJson,
  sendPage,
  sendProblem,
  sendProblemJson,
  wantsJson,
} from '../site-kit.ts'
import { challengeSchema, messageSchema, noticeModel, type SentToNotice } from './presenter.ts'

export const unknownCode = problem(404, 'unknown-code', {
  detail: 'there is nothing for this code',
  field: 'code',
})

/** Where the other languages of a page are that itself has no address. */
export function addressOf(name: RouteName): string {
  return ROUTES[name].replace('/:lang', '')
}

const PAGES = [
  ROUTES.noticeSignIn,
  ROUTES.notice,
  ROUTES.noticeChallenge,
  ROUTES.noticeConsent,
  ROUTES.noticeMessage,
  ROUTES.noticeData,
]

export function noticeRoutes(server: FastifyInstance, kit: SiteKit): void {
  for (const address of PAGES) {
    server.get(address, async (request, reply) => signIn({ kit, request, reply }, false))
  }
  for (const address of [ROUTES.noticeSignIn, ROUTES.notice]) {
    server.post(address, async (request, reply) => {
      const { code = '' } = await readSent(request, ['code'])
      return noticePage({ kit, request, reply }, code, { values: {}, errors: [] })
    })
  }
  server.post(ROUTES.noticeChallenge, (request, reply) => challenge({ kit, request, reply }))
  server.post(ROUTES.noticeConsent, (request, reply) => consent({ kit, request, reply }))
  server.post(ROUTES.noticeMessage, (request, reply) => message({ kit, request, reply }))
  server.post(ROUTES.noticeData, (request, reply) => ownData({ kit, request, reply }))
}

type Turn = {
  readonly kit: SiteKit
  readonly request: FastifyRequest
  readonly reply: FastifyReply
}

function signIn({ kit, request, reply }: Turn, isUnknown: boolean) {
  if (isUnknown && wantsJson(request)) return sendProblemJson(reply, unknownCode)
  const action = linkTo(languageOf(kit, request), 'notice')
  const model = { action, formToken: '', ...(isUnknown ? { failure: 'unknown' as const } : {}) }
  const options = { path: addressOf('noticeSignIn'), status: isUnknown ? 404 : 200 }
  return sendPage(kit, request, reply, 'reporter/notice-sign-in', model, options)
}

async function noticePage(turn: Turn, code: string, sent: SentToNotice, status = 200) {
  const { kit, request, reply } = turn
  const { kernel } = kit
  const opened = await openNotice(kernel, code)
  if (!opened) return signIn(turn, true)
  if (wantsJson(request)) return sendJson(reply, plainNotice(opened))
  const lang = languageOf(kit, request)
  const view = {
    messages: kit.renderer.catalogues.messagesFor(lang, 'public'),
    nameOf: (id: string) => kernel.peers.find(id)?.name ?? id,
    action: linkTo(lang, 'noticeChallenge'),
    messageAction: linkTo(lang, 'noticeMessage'),
    zone: kit.site.zone,
    now: kernel.clocks.caseNow(),
    code,
  }
  const options = { path: addressOf('noticeSignIn'), status }
  return sendPage(kit, request, reply, 'reporter/notice', noticeModel(view, opened, sent), options)
}

/** The same facts for programs; a recipient that is kept unnamed is not in it. */
export function plainNotice({ notice, reviews, remedies, consents, messages }: OpenedNotice) {
  const withheld = notice.withholds?.recipients ?? []
  return {
    sentAt: notice.sentAt,
    channel: notice.channel,
    // Of a review what the page shows: who decides, and who must not, is no business of it.
    reviews: reviews.map(({ reviewId, openedAt, outcome, reason, remedy }) => {
      return { reviewId, openedAt, outcome, reason, remedy }
    }),
    remedies: remedies.map(({ remedyId, kind, text, dueAt, doneAt, steps }) => ({
      remedyId,
      kind,
      text,
      dueAt,
      doneAt,
      steps: steps.map(({ recipient, askedAt, confirmedAt }) => ({
        recipient: withheld.includes(recipient) ? null : recipient,
        askedAt,
        confirmedAt,
      })),
    })),
    consents: consents.map(({ consentId, state, covers }) => ({ consentId, state, covers })),
    messages: messages.map(({ isFromPerson, text, at }) => ({ isFromPerson, text, at })),
  }
}

async function challenge(turn: Turn) {
  const { kit, request, reply } = turn
  const { kernel } = kit
  const { code = '', ground = '' } = await readSent(request, ['code', 'ground'])
  if (!(await openNotice(kernel, code))) return signIn(turn, true)
  const values = { ground }
  const read = readForm(challengeSchema, values, { zone: kit.site.zone })
  if (!read.isValid) return notRead(turn, code, { values, errors: read.errors })
  const challenged = await challengeNotice(kernel, code, String(read.input['ground']))
  if (challenged.decision === 'refuse') return refused(turn, code, challenged, { values })
  const { reviewId, receivedAt, challengeId } = challenged.value
  if (wantsJson(request)) return sendJson(reply, { challengeId, reviewId, receivedAt }, 201)
  const options = { path: addressOf('noticeSignIn'), status: 201 }
  const model = { receivedAt, reviewId, clocks: [] }
  return sendPage(kit, request, reply, 'reporter/challenged', model, options)
}

const CONSENT_WORDS: readonly string[] = ['give', 'refuse', 'withdraw'] satisfies ConsentWord[]

async function consent(turn: Turn) {
  const names = ['code', 'consentId', 'word'] as const
  const { code = '', consentId = '', word = '' } = await readSent(turn.request, names)
  if (!(await openNotice(turn.kit.kernel, code))) return signIn(turn, true)
  if (!CONSENT_WORDS.includes(word)) {
    const because = [{ rule: 'consent:word', text: 'say give, refuse or withdraw' }]
    const { request, reply } = turn
    if (wantsJson(request)) return sendProblemJson(reply, problem(400, 'form', { field: 'word' }))
    return noticePage(turn, code, { values: {}, errors: [], refusedNow: because }, 400)
  }
  const said = { consentId, word: word as ConsentWord }
  const decided = await sayOnConsent(turn.kit.kernel, code, said)
  if (decided.decision === 'refuse') return refused(turn, code, decided, { values: {} })
  return noticePage(turn, code, { values: {}, errors: [], done: 'consent' })
}

async function message(turn: Turn) {
  const { kit, request } = turn
  const { code = '', text = '' } = await readSent(request, ['code', 'text'])
  if (!(await openNotice(kit.kernel, code))) return signIn(turn, true)
  const values = { text }
  const schema: FormSchema = messageSchema
  const read = readForm(schema, values, { zone: kit.site.zone })
  if (!read.isValid) return notRead(turn, code, { values, errors: read.errors, of: 'message' })
  const decided = await writeToAuthority(kit.kernel, code, String(read.input['text']))
  if (decided.decision === 'refuse') return refused(turn, code, decided, { values, of: 'message' })
  return noticePage(turn, code, { values: {}, errors: [], done: 'message' })
}

/** What an officer released to the person, as a file to keep. */
async function ownData(turn: Turn) {
  const { kit, request, reply } = turn
  const { code = '', remedyId = '' } = await readSent(request, ['code', 'remedyId'])
  const opened = await openNotice(kit.kernel, code)
  if (!opened) return signIn(turn, true)
  const given = opened.remedies.find((one) => one.remedyId === remedyId)?.ownData
  if (!given) return sendProblem(kit, request, reply, problem(404, 'not-found'))
  const { parts, withheld, givenAt } = given
  const { notice, consents, messages } = opened
  const content = {
    authority: kit.kernel.node.name,
    givenAt,
    noticeSentAt: notice.sentAt,
    parts,
    withheld,
    consents: consents.map(({ covers, state, givenAt: at }) => ({ covers, state, givenAt: at })),
    messages: messages.map(({ isFromPerson, text, at }) => ({ isFromPerson, text, at })),
  }
  const bytes = utf8(`${JSON.stringify(content, null, 2)}\n`)
  return sendFile(reply, { name: 'own-data.json', mediaType: 'application/json', bytes })
}

function notRead(turn: Turn, code: string, sent: SentToNotice) {
  const { request, reply } = turn
  const { errors } = sent
  const [first] = errors
  const facts = { field: first?.field || 'form', errors }
  if (wantsJson(request)) return sendProblemJson(reply, problem(400, 'form', facts))
  return noticePage(turn, code, sent, 400)
}

function refused(
  turn: Turn,
  code: string,
  refusal: Extract<Decision<unknown>, { decision: 'refuse' }>,
  sent: Pick<SentToNotice, 'values' | 'of'>,
) {
  if (wantsJson(turn.request)) return sendProblemJson(turn.reply, problemOfRefusal(refusal))
  return noticePage(turn, code, { ...sent, errors: [], refusedNow: refusal.because }, 409)
}
