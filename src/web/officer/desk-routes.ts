/**
 * What officers do for the authority as a whole: sign agreements, and look at the
 * counts of decisions. Whether a control is enabled comes
 * from the same decisions that the use cases make.
 */
import type { FastifyInstance, FastifyReply } from 'fastify'
import { decideDeskAccess, listFilter } from '../../app/access.ts'
import { foldAgreementStream } from '../../app/agreement-record.ts'
import { SIGN_AGREEMENT, signAgreement } from '../../app/agreements.ts'
import type { Because, Decision } from '../../base/decision.ts'
import { isUuid } from '../../base/ids.ts'
import type { AccessDecision } from '../../core/access/decide-access.ts'
import type { AgreementState } from '../../core/agreement/agreement.ts'
import { signAgreement as decideSignature } from '../../core/agreement/decide-agreement.ts'
import { linkTo, ROUTES } from '../routes.ts'
import { type SiteKit, seeOther } from '../site-kit.ts'
import type { OfficerAgreementsModel } from './agreements/model.ts'
import { type Names, namesOf } from './case/names.ts'
import { type OfficerTurn, officerRoute } from './session.ts'

export function deskRoutes(server: FastifyInstance, kit: SiteKit): void {
  const group = 'workspace'
  const get = (url: string, handler: (turn: OfficerTurn) => Promise<FastifyReply>) =>
    officerRoute(server, kit, { method: 'GET', url, group, handler })
  get(ROUTES.officerAgreements, (turn) => agreementsPage(turn))
  get(ROUTES.oversight, oversightPage)
  officerRoute(server, kit, {
    method: 'POST',
    url: ROUTES.officerSignAgreement,
    group,
    handler: async (turn, request, reply) => {
      const { agreementId } = request.params as { readonly agreementId: string }
      const simulated = isSimulated(turn)
      const { kernel } = turn.kit
      const id = isUuid(agreementId) ? agreementId : ''
      const decision = await signAgreement(kernel, id, { simulated }, turn.acting)
      if (decision.decision === 'refuse') return agreementsPage(turn, decision.because)
      return back(turn, reply)
    },
  })
}

/** In a demonstration nobody signs for a real authority. */
const isSimulated = ({ kit }: OfficerTurn) => kit.kernel.node.profile === 'demo'

function back(turn: OfficerTurn, reply: FastifyReply) {
  return seeOther(reply, linkTo(turn.lang, 'officerAgreements'))
}

type Refused = readonly Because[]

async function agreementsPage(turn: OfficerTurn, refused?: Refused): Promise<FastifyReply> {
  const { kernel } = turn.kit
  const [rows, names] = await Promise.all([kernel.registers.agreements(), namesOf(kernel)])
  const streams = await Promise.all(rows.map(({ id }) => kernel.streams.read(id)))
  const access = await decideDeskAccess(kernel, SIGN_AGREEMENT, turn.acting)
  const states = streams.map((stream) => stream && foldAgreementStream(stream.history))
  const model = {
    agreements: states.flatMap((state) => (state ? agreementRow(turn, state, names, access) : [])),
    formToken: turn.signedIn.formToken,
    simulated: isSimulated(turn),
    ...(refused ? { refused } : {}),
  }
  return turn.page('officer/agreements', model, refused ? 409 : 200)
}

type AgreementItem = OfficerAgreementsModel['agreements'][number]

function agreementRow(
  turn: OfficerTurn,
  state: AgreementState,
  names: Names,
  access: AccessDecision,
): AgreementItem[] {
  const { document, digest, signatures, phase } = state
  if (!document || !digest) return []
  const { acting } = turn
  const ours = { party: names.own.id, officer: acting.officer, digest, signature: '' }
  const may =
    access.decision === 'refuse'
      ? access
      : decideSignature(state, { ...ours, simulated: isSimulated(turn) }, acting)
  const action = linkTo(turn.lang, 'officerSignAgreement', { agreementId: document.id })
  return [
    {
      id: document.id,
      title: document.title,
      version: document.version,
      sha256: digest,
      state: phase,
      parties: document.parties.map(({ node, name }) => ({
        name,
        hasSigned: signatures.some(({ party }) => party === node),
      })),
      sunsetAt: document.sunsetAt,
      sign: controlOf(may, action),
    },
  ]
}

function controlOf(decision: Decision<unknown>, action: string) {
  return decision.decision === 'permit'
    ? ({ isAllowed: true, action } as const)
    : ({ isAllowed: false, because: decision.because } as const)
}

const RUNNING = new Set(['due', 'confirm', 'advisory'])
const LATE = new Set(['overdue', 'overdue_on_reclassification'])
const MET = new Set(['met', 'satisfied_by'])

async function oversightPage(turn: OfficerTurn): Promise<FastifyReply> {
  const { kernel } = turn.kit
  const { registers } = kernel
  const hidden = await registers.hiddenCases(await listFilter(kernel, turn.acting))
  const [counts, decisions] = await Promise.all([
    registers.counts(turn.acting.now, hidden),
    registers.decisionCounts(hidden),
  ])
  const clocks = counts.filter(({ measure }) => measure === 'clocks')
  const sumOf = (states: ReadonlySet<string>) =>
    clocks.filter(({ key }) => states.has(key)).reduce((sum, { count }) => sum + count, 0)
  return turn.page('oversight/decisions', {
    from: decisions.since ?? turn.acting.now,
    until: turn.acting.now,
    acts: decisions.acts,
    refusals: decisions.refusals,
    clocks: { met: sumOf(MET), overdue: sumOf(LATE), running: sumOf(RUNNING) },
  })
}
