/**
 * Law packs at the officers' door: the list, the review of a version with its sign-off, a
 * code for signing one's own files, and what a version would change for open cases. Whether
 * a control is enabled comes from the same decisions that the use cases make.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { decideDeskAccess } from '../../app/access.ts'
import { COMPARE_LAW, lawEffect, startLawEffect } from '../../app/law-effect.ts'
import { giveSignOffCode, SIGN_OFF_LAW_PACK, signOffLawPack } from '../../app/sign-off-law-pack.ts'
import type { Because, Decision } from '../../base/decision.ts'
import { isUuid } from '../../base/ids.ts'
import type { AccessDecision } from '../../core/access/decide-access.ts'
import { type LawPack, packRef } from '../../core/law/pack.ts'
import { versionsOf } from '../../core/law/pack-versions.ts'
import {
  signOffLawPack as decideSignOff,
  isSignedOff,
  type SignOffs,
} from '../../core/law/sign-off.ts'
import { problem } from '../../wire/problem.ts'
import { packContent, packOf } from '../public/law-pack/presenter.ts'
import { lawFacts } from '../public/law-pack/read-law.ts'
import { linkTo, ROUTES } from '../routes.ts'
import { type SiteKit, seeOther, sendProblem } from '../site-kit.ts'
import { namesOf } from './case/names.ts'
import { controlOf } from './control.ts'
import type { OfficerLawModel } from './law/model.ts'
import type { LawEffectModel } from './law-effect/model.ts'
import type { OfficerLawPackModel } from './law-pack/model.ts'
import { type OfficerHandler, type OfficerTurn, officerRoute } from './session.ts'

const EXCEPTED_MAX = 500

export function lawRoutes(server: FastifyInstance, kit: SiteKit): void {
  const group = 'workspace'
  const on = (method: 'GET' | 'POST', url: string, handler: OfficerHandler) =>
    officerRoute(server, kit, { method, url, group, handler })
  on('GET', ROUTES.officerLaw, (turn) => listPage(turn))
  on('GET', ROUTES.officerLawPack, (turn, request, reply) => reviewPage(turn, request, reply))
  on('POST', ROUTES.officerSignOffPack, async (turn, request, reply) => {
    const named = namedIn(request)
    const wish = {
      ...named,
      digest: digestIn(turn),
      simulated: isSimulated(turn),
      excepted: exceptedIn(turn),
    }
    const decision = await signOffLawPack(turn.kit.kernel, wish, turn.acting)
    if (decision.decision === 'refuse') {
      return reviewPage(turn, request, reply, { refused: decision.because })
    }
    return seeOther(reply, linkTo(turn.lang, 'officerLawPack', named))
  })
  on('POST', ROUTES.officerSignOffCode, async (turn, request, reply) => {
    const decision = await giveSignOffCode(turn.kit.kernel, namedIn(request), turn.acting)
    if (decision.decision === 'refuse') {
      return reviewPage(turn, request, reply, { refused: decision.because })
    }
    const { code: text, expiresAt } = decision.value
    return reviewPage(turn, request, reply, { code: { text, expiresAt } })
  })
  on('GET', ROUTES.officerLawEffect, (turn, request, reply) => effectPage(turn, request, reply))
  on('POST', ROUTES.officerLawEffect, async (turn, request, reply) => {
    const named = namedIn(request)
    const decision = await startLawEffect(turn.kit.kernel, named, turn.acting)
    if (decision.decision === 'refuse') {
      return effectPage(turn, request, reply, decision.because)
    }
    return seeOther(reply, linkTo(turn.lang, 'officerLawEffect', named))
  })
}

type Named = { readonly pack: string; readonly version: string }
const namedIn = ({ params }: FastifyRequest) => params as Named

/** In a demonstration nobody signs for a real authority. */
const isSimulated = ({ kit }: OfficerTurn) => kit.kernel.node.profile === 'demo'

/** Of what the page showed: the officer signs that, or nothing. */
function digestIn({ sent }: OfficerTurn): string {
  const { digest } = sent as { readonly digest?: unknown }
  return typeof digest === 'string' ? digest : ''
}

function exceptedIn({ sent }: OfficerTurn): readonly string[] {
  const { excepted = [] } = sent as { readonly excepted?: unknown }
  const list = Array.isArray(excepted) ? excepted : [excepted]
  return list.filter((one): one is string => typeof one === 'string').slice(0, EXCEPTED_MAX)
}

async function listPage(turn: OfficerTurn): Promise<FastifyReply> {
  const { kernel } = turn.kit
  const [context, names] = await Promise.all([kernel.law.context(), namesOf(kernel)])
  const { packs, versions = packs, signOffs } = context
  const access = await decideDeskAccess(kernel, SIGN_OFF_LAW_PACK, turn.acting)
  const model: OfficerLawModel = {
    packs: versions.map((pack) => {
      const may = maySign(turn, access, signOffs, pack)
      return {
        ...{ id: pack.id, title: pack.name, jurisdiction: pack.legalOrder },
        ...{ version: pack.version, validFrom: pack.validFrom, sha256: pack.digest },
        isInUse: packs.includes(pack),
        signers: ownSignOffs(signOffs, pack).map(({ officer, simulated }) => ({
          name: names.officer(officer),
          simulated,
        })),
        ...(may.decision === 'refuse' ? { because: may.because } : {}),
      }
    }),
  }
  return turn.page('officer/law', model)
}

function ownSignOffs({ signOffs }: SignOffs, pack: LawPack) {
  const { id, version, digest } = packRef(pack)
  return signOffs.filter(
    (one) => one.pack === id && one.version === version && one.digest === digest,
  )
}

function maySign(
  turn: OfficerTurn,
  access: AccessDecision,
  signOffs: SignOffs,
  pack: LawPack,
): Decision<unknown> {
  if (access.decision === 'refuse') return access
  const command = { pack: packRef(pack), simulated: isSimulated(turn) }
  return decideSignOff(signOffs, command, turn.acting)
}

type Shown = Pick<OfficerLawPackModel, 'code' | 'refused'>

async function reviewPage(
  turn: OfficerTurn,
  request: FastifyRequest,
  reply: FastifyReply,
  shown: Shown = {},
): Promise<FastifyReply> {
  const { kit, lang } = turn
  const { kernel } = kit
  const named = namedIn(request)
  const facts = await lawFacts(kernel, kit.renderer.catalogues.messagesFor(lang, 'officers'))
  const pack = packOf(facts, named.pack, named.version)
  if (!pack) return noSuchPack(turn, request, reply)
  const [names, access] = await Promise.all([
    namesOf(kernel),
    decideDeskAccess(kernel, SIGN_OFF_LAW_PACK, turn.acting),
  ])
  const { signOffs, versions = facts.context.packs } = facts.context
  const may = maySign(turn, access, signOffs, pack)
  const { id, version, digest } = packRef(pack)
  const own = facts.history.filter(
    ({ event }) => event.pack === id && event.version === version && event.digest === digest,
  )
  const model: OfficerLawPackModel = {
    pack: packContent(facts, pack, signedBefore(versions, signOffs, pack)),
    signers: own.map(({ event, at }) => ({
      ...{ name: names.officer(event.officer), at, simulated: event.simulated },
      excepted: event.excepted,
    })),
    signOff: controlOf(may, linkTo(lang, 'officerSignOffPack', named)),
    codeControl: controlOf(may, linkTo(lang, 'officerSignOffCode', named)),
    command: commandFor(pack, kernel.node.urls.officers),
    formToken: turn.signedIn.formToken,
    simulated: isSimulated(turn),
    ...shown,
  }
  return turn.page('officer/law-pack', model, shown.refused ? 409 : 200)
}

/** The overlay of a Member State is signed with its pack. */
function commandFor({ overlay }: LawPack, door: string): string {
  const own = overlay ? ` --overlay ${overlay.code.toLowerCase()}.yaml` : ''
  return `comity law sign-off FOLDER${own} --door ${door} --code CODE`
}

/** The newest older version that two officers signed; changes since then are to be read. */
function signedBefore(versions: readonly LawPack[], signOffs: SignOffs, pack: LawPack) {
  return versionsOf(versions, pack.id).findLast(
    (older) => older.validFrom < pack.validFrom && isSignedOff(signOffs, packRef(older)),
  )
}

async function effectPage(
  turn: OfficerTurn,
  request: FastifyRequest,
  reply: FastifyReply,
  refused?: readonly Because[],
): Promise<FastifyReply> {
  const { kernel } = turn.kit
  const named = namedIn(request)
  const pack = packOf({ context: await kernel.law.context() }, named.pack, named.version)
  if (!pack) return noSuchPack(turn, request, reply)
  const { after } = request.query as { readonly after?: unknown }
  const from = typeof after === 'string' && isUuid(after) ? after : undefined
  const found = await lawEffect(kernel, packRef(pack), turn.acting, from)
  const access = await decideDeskAccess(kernel, COMPARE_LAW, turn.acting)
  const address = linkTo(turn.lang, 'officerLawEffect', named)
  const model: LawEffectModel = {
    pack: { id: pack.id, title: pack.name, version: pack.version },
    ...(found ? { run: { ...found.run, counts: countsOf(found.run.counts) } } : {}),
    cases: (found?.page.cases ?? []).map(({ caseId: id, title, kinds }) => ({ id, title, kinds })),
    hidden: found?.page.hidden ?? 0,
    ...(found?.page.next ? { next: `${address}?after=${found.page.next}` } : {}),
    start: controlOf(access, address),
    formToken: turn.signedIn.formToken,
    ...(refused ? { refused } : {}),
  }
  return turn.page('officer/law-effect', model, refused ? 409 : 200)
}

function countsOf(counts: Readonly<Record<string, number | undefined>>) {
  return Object.entries(counts).flatMap(([kind, count]) =>
    count === undefined ? [] : [{ kind, count }],
  )
}

function noSuchPack(turn: OfficerTurn, request: FastifyRequest, reply: FastifyReply) {
  const { kit, signedIn } = turn
  return sendProblem(kit, request, reply, problem(404, 'not-found'), { signedIn })
}
