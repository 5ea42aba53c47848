/**
 * Officers' sealing keys and the roster. The server gets public parts only: a private
 * key is made and used in the officer's browser, or with the officer's own tool.
 */
import type { FastifyInstance, FastifyReply } from 'fastify'
import { resealWork } from '../../app/reseal.ts'
import {
  announceSealingKey,
  approveSealingRoster,
  endRosterProposal,
  fingerprintOf,
  loseSealingKey,
  mayEndRoster,
  proposeSealingRoster,
  readSealingKeys,
  readSealingWork,
  rosterMoment,
  type SealingWork,
} from '../../app/sealing-keys.ts'
import { SEALING_STEPS } from '../../app/sealing-steps.ts'
import { type Decision, type Refusal, refuse } from '../../base/decision.ts'
import { ComityError } from '../../base/errors.ts'
import { isWaiting } from '../../core/access/second-person.ts'
import type { IntakeLayer, RosterEntry } from '../../core/sealing/events.ts'
import {
  mayApprove,
  mayPropose,
  newRecipients,
  type RosterProposal,
} from '../../core/sealing/roster.ts'
import { currentRoster, keyOf } from '../../core/sealing/sealing-keys.ts'
import { statusOfRefusal } from '../../wire/problem.ts'
import { linkTo, ROUTES, type RouteName } from '../routes.ts'
import { type SiteKit, seeOther } from '../site-kit.ts'
import { type Names, namesOf } from './case/names.ts'
import { controlOf } from './control.ts'
import type { SealingKeyModel } from './sealing-key/model.ts'
import type { RosterRow, SealingRosterModel } from './sealing-roster/model.ts'
import { type OfficerTurn, officerRoute } from './session.ts'

export function sealingRoutes(server: FastifyInstance, kit: SiteKit): void {
  const route = (
    method: 'GET' | 'POST',
    url: string,
    handler: (turn: OfficerTurn, reply: FastifyReply) => Promise<FastifyReply>,
  ) =>
    officerRoute(server, kit, {
      method,
      url,
      group: 'ownMatters',
      handler: (turn, _request, reply) => handler(turn, reply),
    })
  route('GET', ROUTES.officerSealingKey, (turn) => keyPage(turn))
  route('POST', ROUTES.officerSealingKey, async (turn, reply) => {
    const recipient = textOf(turn, 'recipient').trim()
    const kept = textOf(turn, 'kept') === 'browser' ? 'browser' : 'file'
    const decided = await tried(() =>
      announceSealingKey(kit.kernel, { recipient, kept }, turn.acting),
    )
    return decided.decision === 'refuse'
      ? keyPage(turn, decided)
      : to(turn, reply, 'officerSealingKey')
  })
  route('POST', ROUTES.officerSealingKeyLost, async (turn, reply) => {
    const decided = await loseSealingKey(kit.kernel, turn.acting)
    return decided.decision === 'refuse'
      ? keyPage(turn, decided)
      : to(turn, reply, 'officerSealingKey')
  })
  route('GET', ROUTES.officerSealingRoster, (turn) => rosterPage(turn))
  route('POST', ROUTES.officerProposeRoster, async (turn, reply) => {
    const decided = await proposeSealingRoster(kit.kernel, await sentRoster(turn), turn.acting)
    return afterRoster(turn, reply, decided)
  })
  route('POST', ROUTES.officerApproveRoster, async (turn, reply) => {
    const told = textOf(turn, 'told').slice(0, TOLD_MAX).split(/\r?\n/)
    const command = { proposalId: textOf(turn, 'proposalId'), told }
    return afterRoster(turn, reply, await approveSealingRoster(kit.kernel, command, turn.acting))
  })
  route('POST', ROUTES.officerEndRoster, async (turn, reply) => {
    const id = textOf(turn, 'proposalId')
    return afterRoster(turn, reply, await endRosterProposal(kit.kernel, id, turn.acting))
  })
}

const TOLD_MAX = 8192

export function textOf({ sent }: OfficerTurn, name: string): string {
  const value = Object.hasOwn(sent, name) ? sent[name] : undefined
  return typeof value === 'string' ? value : ''
}

export function to(turn: OfficerTurn, reply: FastifyReply, route: RouteName): FastifyReply {
  return seeOther(reply, linkTo(turn.lang, route))
}

/** A form that says something impossible is answered on its own page. */
async function tried<T>(attempt: () => Promise<Decision<T>>): Promise<Decision<T>> {
  try {
    return await attempt()
  } catch (error) {
    if (!(error instanceof ComityError) || error.code !== 'malformed') throw error
    const text = 'this is not the public part of an age key: it starts with age1'
    return refuse('badRecipient', { rule: 'sealing:recipient', text })
  }
}

async function keyPage(turn: OfficerTurn, refused?: Refusal): Promise<FastifyReply> {
  const { kernel } = turn.kit
  const [keys, work] = await Promise.all([readSealingKeys(kernel), resealWork(kernel)])
  const own = keyOf(keys, turn.acting.officer)
  const listed = currentRoster(keys)?.entries.find(({ recipient }) => recipient === own?.recipient)
  const model: SealingKeyModel = {
    ...(own
      ? {
          own: {
            recipient: own.recipient,
            fingerprint: fingerprintOf(kernel.primitives, own.recipient),
            kept: own.kept,
            ...(listed ? { layer: listed.layer } : {}),
          },
        }
      : {}),
    past: keys.keys.flatMap(({ officer, recipient, ended }) =>
      officer === turn.acting.officer && ended !== null
        ? [{ fingerprint: fingerprintOf(kernel.primitives, recipient), ended }]
        : [],
    ),
    openWithOld: work.oldKeys.find(({ officer }) => officer === turn.acting.officer)?.count ?? 0,
    announce: controlOf(
      turn.may(SEALING_STEPS.announceKey),
      linkTo(turn.lang, 'officerSealingKey'),
    ),
    lose: controlOf(turn.may(SEALING_STEPS.loseKey), linkTo(turn.lang, 'officerSealingKeyLost')),
    formToken: turn.signedIn.formToken,
    ...(refused ? { refused: refused.because } : {}),
  }
  return turn.page('officer/sealing-key', model, refused ? statusOfRefusal(refused.why) : 200)
}

/** Every known key with the layer that the form gives it; what else was sent is not read. */
async function sentRoster(turn: OfficerTurn): Promise<RosterEntry[]> {
  const work = await readSealingWork(turn.kit.kernel)
  return candidatesOf(work).flatMap(({ recipient, holder }) => {
    const layer = textOf(turn, `layer-${recipient}`)
    return layer === 'inner' || layer === 'outer' ? [{ recipient, holder, layer }] : []
  })
}

function candidatesOf({ keys, facts, recovery }: SealingWork): Omit<RosterEntry, 'layer'>[] {
  const officers = facts.officers.flatMap((officer) => {
    const key = keyOf(keys, officer)
    return key ? [{ recipient: key.recipient, holder: { officer } }] : []
  })
  const escrows = recovery.sets.map(({ setId, recipient }) => ({
    recipient,
    holder: { escrow: setId },
  }))
  return [...officers, ...escrows]
}

async function afterRoster(
  turn: OfficerTurn,
  reply: FastifyReply,
  decided: Decision<unknown>,
): Promise<FastifyReply> {
  if (decided.decision === 'refuse') return rosterPage(turn, decided)
  return to(turn, reply, 'officerSealingRoster')
}

async function rosterPage(turn: OfficerTurn, refused?: Refusal): Promise<FastifyReply> {
  const { kernel } = turn.kit
  const [work, reseal, names] = await Promise.all([
    readSealingWork(kernel),
    resealWork(kernel),
    namesOf(kernel),
  ])
  const roster = currentRoster(work.keys)
  const { proposal } = work
  const access = turn.may(SEALING_STEPS.proposeRoster)
  const propose =
    access.decision === 'refuse' ? access : mayPropose(proposal, kernel.clocks.wireNow())
  const used = new Set(candidatesOf(work).map(({ recipient }) => recipient))
  const layerOf = (recipient: string): IntakeLayer | 'none' =>
    roster?.entries.find((entry) => entry.recipient === recipient)?.layer ?? 'none'
  const model: SealingRosterModel = {
    digest: roster?.digest ?? '',
    ...(roster ? { since: roster.at } : {}),
    entries: (roster?.entries ?? []).map((entry) => ({
      ...rowOf(entry, names),
      fingerprint: fingerprintOf(kernel.primitives, entry.recipient),
      isUsed: used.has(entry.recipient),
    })),
    left: reseal.left,
    oldKeys: reseal.oldKeys.map(({ officer, count }) => ({ name: names.officer(officer), count })),
    ...(proposal && isWaiting(proposal, kernel.clocks.wireNow())
      ? { proposal: await proposalOf(turn, work, proposal, names) }
      : {}),
    candidates: candidatesOf(work).map(({ recipient, holder }) => {
      const layer = layerOf(recipient)
      return { ...rowOf({ recipient, holder, layer: 'inner' }, names), recipient, layer }
    }),
    propose: controlOf(propose, linkTo(turn.lang, 'officerProposeRoster')),
    formToken: turn.signedIn.formToken,
    ...(refused ? { refused: refused.because } : {}),
  }
  const status = refused ? statusOfRefusal(refused.why) : 200
  return turn.page('officer/sealing-roster', model, status)
}

async function proposalOf(
  turn: OfficerTurn,
  { facts, keys }: SealingWork,
  proposal: RosterProposal,
  names: Names,
): Promise<NonNullable<SealingRosterModel['proposal']>> {
  const { acting, kit, lang } = turn
  const fresh = newRecipients(keys, proposal.entries)
  const named = proposal.entries.map(({ recipient }) => recipient)
  const access = turn.may(SEALING_STEPS.approveRoster)
  const moment = await rosterMoment(kit.kernel, proposal, acting)
  const may =
    access.decision === 'refuse' ? access : mayApprove(facts, proposal, moment, access.value.acting)
  const end = await mayEndRoster(kit.kernel, proposal, acting)
  return {
    id: proposal.proposalId,
    by: names.officer(proposal.proposedBy),
    until: proposal.expiresAt,
    entries: proposal.entries.map((entry) => ({
      ...rowOf(entry, names),
      isNew: fresh.includes(entry.recipient),
    })),
    dropped: (currentRoster(keys)?.entries ?? []).flatMap((entry) =>
      named.includes(entry.recipient) ? [] : [rowOf(entry, names).name],
    ),
    approve: controlOf(may, linkTo(lang, 'officerApproveRoster')),
    end: controlOf(end, linkTo(lang, 'officerEndRoster')),
    isOwn: proposal.proposedBy === acting.officer,
  }
}

function rowOf({ holder, layer }: RosterEntry, names: Names): RosterRow {
  return 'officer' in holder
    ? { name: names.officer(holder.officer), isEscrow: false, layer }
    : { name: holder.escrow, isEscrow: true, layer }
}
