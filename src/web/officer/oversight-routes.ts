/**
 * Oversight in the workspace: its record, one draw, and one form for every act. Decides
 * nothing: the acts in app/oversight do.
 */
import type { FastifyInstance, FastifyReply } from 'fastify'
import { listCases } from '../../app/access.ts'
import { type OversightAct, readOversight } from '../../app/oversight/oversight-act.ts'
import { findOversightAct } from '../../app/oversight/oversight-acts.ts'
import { malformed } from '../../base/errors.ts'
import { isWaiting, type OversightState } from '../../core/oversight/oversight.ts'
import type { Choice, FormHints } from '../form/field-spec.ts'
import type { RawValues } from '../form/form-model.ts'
import { formatInstant } from '../instants.ts'
import { oversightRecordModel } from '../oversight/record/presenter.ts'
import { linkTo, ROUTES } from '../routes.ts'
import type { SiteKit } from '../site-kit.ts'
import { controlOf } from './control.ts'
import { deskActRoutes } from './desk-act-form.ts'
import { type OfficerTurn, officerRoute } from './session.ts'

type Params = { readonly drawId: string }

export function oversightRoutes(server: FastifyInstance, kit: SiteKit): void {
  officerRoute(server, kit, {
    method: 'GET',
    url: ROUTES.oversightRecord,
    group: 'workspace',
    handler: async (turn) => turn.page('oversight/record', await oversightRecordModel(turn)),
  })
  officerRoute(server, kit, {
    method: 'GET',
    url: ROUTES.oversightDraw,
    group: 'oversee',
    handler: (turn, request) => drawPage(turn, (request.params as Params).drawId),
  })
  deskActRoutes(server, kit, {
    route: 'oversightAct',
    page: 'oversight/act',
    group: 'workspace',
    find: findOversightAct,
    startAt: preselected,
    placeOf: async (turn, act) => ({
      hints: await hintsOf(turn, act),
      back: linkTo(turn.lang, 'oversightRecord'),
    }),
  })
}

async function drawPage(turn: OfficerTurn, drawId: string): Promise<FastifyReply> {
  const { kernel } = turn.kit
  const draw = (await readOversight(kernel)).draws.find((one) => one.drawId === drawId)
  if (!draw) throw malformed('there is no such draw')
  const { list, held, beacon, ...announced } = draw
  const action = `${linkTo(turn.lang, 'oversightAct', { act: 'holdDraw' })}?about=${drawId}`
  return turn.page('oversight/draw', {
    ...announced,
    length: list.length,
    beacon: { ...beacon, name: kernel.beacon.name },
    held: held && {
      ...held,
      picked: held.picked.map((place) => ({
        place,
        caseId: list[place]?.split('/')[0] ?? '',
      })),
    },
    hold: controlOf(turn.may({ name: 'holdDraw', group: 'oversee' }), action),
  })
}

const ABOUT = ['mandateId', 'inspectionId', 'drawId', 'recommendationId', 'caseId']

/** An act that was opened from one thing stands on that thing. */
function preselected({ input }: OversightAct, about: string): RawValues {
  const field = ABOUT.find((one) => Object.hasOwn(input.properties, one))
  return field ? { [field]: about } : {}
}

/** Choices that are data. A field that the act does not have is left out. */
async function hintsOf(turn: OfficerTurn, { name, input }: OversightAct): Promise<FormHints> {
  const { kernel } = turn.kit
  const fields = Object.keys(input.properties)
  const cases = fields.some((field) => field === 'caseId' || field === 'caseIds')
    ? (await listCases(kernel, turn.acting)).map(({ id, title }) => ({ value: id, text: title }))
    : []
  const all: Readonly<Record<string, readonly Choice[]>> = {
    ...thingsOf(turn, name, await readOversight(kernel)),
    caseId: cases,
    caseIds: cases,
  }
  const choices = Object.entries(all).filter(([field]) => fields.includes(field))
  return { choices: Object.fromEntries(choices), widgets: { confirmed: 'confirm' } }
}

function thingsOf(
  turn: OfficerTurn,
  act: string,
  state: OversightState,
): Record<string, readonly Choice[]> {
  const { zone } = turn.kit.site
  return {
    mandateId: state.mandates
      .filter(({ endedAt }) => endedAt === null)
      .filter((one) => act === 'endMandate' || isWaiting(one) === (act === 'confirmMandate'))
      .map(({ mandateId, body, statute, article }) => ({
        value: mandateId,
        text: `${body}: ${statute}, ${article}`,
      })),
    inspectionId: state.inspections
      .filter(({ finding, officer }) => finding === null && officer === turn.acting.officer)
      .map(({ inspectionId, question }) => ({ value: inspectionId, text: question.slice(0, 100) })),
    drawId: state.draws.map(({ drawId, announcedAt }) => ({
      value: drawId,
      text: formatInstant(announcedAt, zone, turn.lang),
    })),
    recommendationId: state.recommendations.map(({ recommendationId, title }) => ({
      value: recommendationId,
      text: title,
    })),
  }
}
