/** The steps of a recovery. Shares arrive sealed; what opens them stays in browsers. */
import { Value } from '@sinclair/typebox/value'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { accessContext } from '../../app/access.ts'
import {
  askForRecovery,
  cancelKeyRecovery,
  completeKeyRecovery,
  escrowForm,
  giveRecoveryShare,
  mayStillAsk,
  type NewEscrow,
  recordEscrow,
} from '../../app/recover-key.ts'
import { fingerprintOf, readSealingWork, type SealingWork } from '../../app/sealing-keys.ts'
import { SEALING_STEPS } from '../../app/sealing-steps.ts'
import { utf8 } from '../../base/bytes.ts'
import { parseJson } from '../../base/canonical-json.ts'
import { type Decision, type Refusal, refuse } from '../../base/decision.ts'
import type { AccessContext } from '../../core/access/decide-access.ts'
import type { RecoveryRequest } from '../../core/sealing/recovery.ts'
import { currentRoster, keyOf } from '../../core/sealing/sealing-keys.ts'
import { statusOfRefusal } from '../../wire/problem.ts'
import { linkTo, ROUTES } from '../routes.ts'
import type { SiteKit } from '../site-kit.ts'
import { type Names, namesOf } from './case/names.ts'
import { controlOf } from './control.ts'
import type { RecoveryModel } from './recovery/model.ts'
import { textOf, to } from './sealing-routes.ts'
import { type OfficerTurn, officerRoute } from './session.ts'

const BODY_MAX = 256 * 1024
const MADE_MAX = 128 * 1024
const GROUND_MAX = 2000
const SEALED_MAX = 8192

export function recoveryRoutes(server: FastifyInstance, kit: SiteKit): void {
  const { kernel } = kit
  officerRoute(server, kit, {
    method: 'GET',
    url: ROUTES.officerRecovery,
    group: 'ownMatters',
    handler: (turn) => recoveryPage(turn),
  })
  const post = (url: string, act: (turn: OfficerTurn) => Promise<Decision<unknown>>) =>
    officerRoute(server, kit, {
      method: 'POST',
      url,
      group: 'ownMatters',
      bodyLimit: BODY_MAX,
      handler: (turn, _request, reply) => answer(turn, reply, act),
    })
  post(ROUTES.officerRecordEscrow, async (turn) => {
    const made = readEscrow(textOf(turn, 'made'))
    if (!made || !kernel.sealing.isRecipient(made.recipient)) return notASet()
    return recordEscrow(kernel, made, turn.acting)
  })
  post(ROUTES.officerAskRecovery, (turn) => {
    const ground = textOf(turn, 'ground').slice(0, GROUND_MAX)
    return askForRecovery(kernel, { setId: textOf(turn, 'setId'), ground }, turn.acting)
  })
  post(ROUTES.officerGiveShare, async (turn) => {
    const sealed = textOf(turn, 'sealed')
    if (sealed.length > SEALED_MAX || !/^[A-Za-z0-9+/]*={0,2}$/.test(sealed)) return notASet()
    const command = {
      requestId: textOf(turn, 'requestId'),
      index: Number(textOf(turn, 'index')),
      sealed: sealed === '' ? null : sealed,
    }
    return giveRecoveryShare(kernel, command, turn.acting)
  })
  post(ROUTES.officerCancelRecovery, (turn) => {
    const reason = textOf(turn, 'reason').slice(0, GROUND_MAX)
    return cancelKeyRecovery(kernel, { requestId: textOf(turn, 'requestId'), reason }, turn.acting)
  })
  post(ROUTES.officerCompleteRecovery, (turn) =>
    completeKeyRecovery(kernel, textOf(turn, 'requestId'), turn.acting),
  )
}

async function answer(
  turn: OfficerTurn,
  reply: FastifyReply,
  act: (turn: OfficerTurn) => Promise<Decision<unknown>>,
): Promise<FastifyReply> {
  const decided = await act(turn)
  if (decided.decision === 'refuse') return recoveryPage(turn, decided)
  return to(turn, reply, 'officerRecovery')
}

function readEscrow(text: string): NewEscrow | undefined {
  if (text.length > MADE_MAX) return undefined
  try {
    const made = parseJson(utf8(text))
    return Value.Check(escrowForm, made) ? made : undefined
  } catch {
    return undefined
  }
}

function notASet() {
  const text = 'this is not what the page or `comity keys recovery make` writes'
  return refuse('notASet', { rule: 'escrow:form', text })
}

async function recoveryPage(turn: OfficerTurn, refused?: Refusal): Promise<FastifyReply> {
  const { kernel } = turn.kit
  const [work, names, context] = await Promise.all([
    readSealingWork(kernel),
    namesOf(kernel),
    accessContext(kernel),
  ])
  const inRoster = currentRoster(work.keys)?.entries.map(({ recipient }) => recipient) ?? []
  const ask = turn.may(SEALING_STEPS.askForRecovery)
  const make = turn.may(SEALING_STEPS.recordEscrow)
  const model: RecoveryModel = {
    sets: work.recovery.sets.map(({ setId, recipient, threshold, shares }) => ({
      id: setId,
      fingerprint: fingerprintOf(kernel.primitives, recipient),
      threshold,
      isInRoster: inRoster.includes(recipient),
      holders: shares.map(({ index, holder, sealed }) => ({
        index,
        name: 'officer' in holder ? names.officer(holder.officer) : holder.person,
        isPrinted: sealed === null,
      })),
      ask: controlOf(ask, linkTo(turn.lang, 'officerAskRecovery')),
    })),
    requests: work.recovery.requests
      .map((request) => requestOf({ turn, names, context }, work, request))
      .reverse(),
    make: controlOf(make, linkTo(turn.lang, 'officerRecordEscrow')),
    holders: work.facts.officers.flatMap((id) => {
      const key = keyOf(work.keys, id)
      return key ? [{ id, name: names.officer(id), recipient: key.recipient }] : []
    }),
    formToken: turn.signedIn.formToken,
    ...(refused ? { refused: refused.because } : {}),
  }
  const status = refused ? statusOfRefusal(refused.why) : 200
  return turn.page('officer/recovery', model, status)
}

type Sight = {
  readonly turn: OfficerTurn
  readonly names: Names
  readonly context: AccessContext
}

function requestOf(
  { turn, names, context }: Sight,
  { recovery }: SealingWork,
  request: RecoveryRequest,
): RecoveryModel['requests'][number] {
  const { officer } = turn.acting
  const { requestId, setId, ground, by, until, state, given, recipient } = request
  const set = recovery.sets.find((one) => one.setId === setId)
  const isLive = state === 'open' || state === 'ready'
  const own = set?.shares.find(({ holder }) => 'officer' in holder && holder.officer === officer)
  const isGiven = given.some(({ index }) => index === own?.index)
  const isRequester = by === officer
  const mayCancel =
    own !== undefined ||
    isRequester ||
    turn.may(SEALING_STEPS.cancelAnyRecovery).decision === 'permit'
  const mayGive = turn.may(SEALING_STEPS.giveShare)
  const give = mayGive.decision === 'refuse' ? mayGive : mayStillAsk(request, context, turn.acting)
  const facts = {
    setId,
    recipient: set?.recipient ?? '',
    threshold: set?.threshold ?? 0,
    digests: set?.shares.map(({ digest }) => digest) ?? [],
    requester: recipient,
    given: isRequester ? given : [],
    until,
  }
  return {
    id: requestId,
    setId,
    ground,
    by: names.officer(by),
    until,
    state,
    given: given.length,
    threshold: set?.threshold ?? 0,
    ...(isLive && own && !isGiven ? { mine: { index: own.index, sealed: own.sealed } } : {}),
    give: controlOf(give, linkTo(turn.lang, 'officerGiveShare')),
    ...(isLive && mayCancel ? { cancel: linkTo(turn.lang, 'officerCancelRecovery') } : {}),
    ...(isLive && isRequester
      ? {
          complete: controlOf(
            turn.may(SEALING_STEPS.completeRecovery),
            linkTo(turn.lang, 'officerCompleteRecovery'),
          ),
        }
      : {}),
    facts: JSON.stringify(facts),
  }
}
