/** Everything that oversight can do, and the authority's answer. */
import { type TSchema, Type } from '@sinclair/typebox'
import { fromHex, toHex } from '../../base/bytes.ts'
import { type Decision, refuse } from '../../base/decision.ts'
import { addMs, calendarDate, instant } from '../../base/time.ts'
import type { AccessContext } from '../../core/access/decide-access.ts'
import { decideForProposer } from '../../core/access/second-person.ts'
import {
  announceDraw,
  answerRecommendation,
  assessRecommendation,
  BEACON_LEAD_MS,
  closeInspection,
  confirmMandate,
  endMandate,
  holdDraw,
  openInspection,
  publishRecommendation,
  recommend,
  recordMandate,
} from '../../core/oversight/decide-oversight.ts'
import { ANSWERS, ASSESSMENTS, type Draw, POPULATIONS } from '../../core/oversight/oversight.ts'
import { drawListDigest, drawnPlaces } from '../../proof/draw.ts'
import { accessContext } from '../access.ts'
import { id, reason } from '../acts/fields.ts'
import type { Kernel } from '../kernel.ts'
import { type OversightAct, oversightAct } from './oversight-act.ts'

const oneOf = <T extends string>(values: readonly T[]) =>
  Type.Union(values.map((value) => Type.Literal(value)))
const line = Type.String({ minLength: 1, maxLength: 200 })
const time = Type.String({ maxLength: 30 })
const orNull = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()])

const ofMandates: readonly OversightAct[] = [
  oversightAct({
    name: 'recordMandate',
    stepUp: true,
    input: Type.Object({
      body: line,
      statute: line,
      article: line,
      source: line,
      retrievedOn: Type.String({ maxLength: 10 }),
      access: oneOf(['decisions', 'content'] as const),
    }),
    decide: ({ state, input, acting, newId }) => {
      const retrievedOn = calendarDate(input.retrievedOn, 'retrievedOn')
      return recordMandate(state, { ...input, retrievedOn, mandateId: newId() }, acting)
    },
  }),
  oversightAct({
    name: 'confirmMandate',
    stepUp: true,
    input: Type.Object({ mandateId: id }),
    prepare: (kernel) => accessContext(kernel),
    decide: ({ state, input, acting, prepared: context }) => {
      const found = state.mandates.find(({ mandateId }) => mandateId === input.mandateId)
      const proposed = {
        proposedBy: found?.recordedBy.officer ?? '',
        proposedAt: found?.recordedAt ?? acting.now,
      }
      const action = { name: 'recordMandate', group: 'oversee' } as const
      const recorderMay = decideForProposer({ proposed, action, resource: null, context, acting })
      return confirmMandate(state, input, acting, { others: inOffice(context), recorderMay })
    },
  }),
  oversightAct({
    name: 'endMandate',
    stepUp: true,
    input: Type.Object({ mandateId: id, reason }),
    decide: ({ state, input }) => endMandate(state, input),
  }),
  oversightAct({
    name: 'openInspection',
    stepUp: true,
    input: Type.Object({
      mandateId: id,
      caseIds: Type.Array(id, { minItems: 1, maxItems: 200 }),
      question: reason,
    }),
    decide: ({ state, input, newId }) => openInspection(state, { ...input, inspectionId: newId() }),
  }),
  oversightAct({
    name: 'closeInspection',
    input: Type.Object({ inspectionId: id, finding: reason }),
    decide: ({ state, input, acting }) => closeInspection(state, input, acting),
  }),
]

function inOffice({ standing }: AccessContext): readonly string[] {
  return standing.people
    .filter(({ state, roles }) => state === 'active' && roles.includes('oversight'))
    .map(({ officer }) => officer)
}

const ofDraws: readonly OversightAct[] = [
  oversightAct({
    name: 'announceDraw',
    input: Type.Object({
      population: oneOf(POPULATIONS),
      fromAt: time,
      untilAt: time,
      sampleSize: Type.Integer({ minimum: 1, maximum: 500 }),
    }),
    prepare: async ({ registers }, { population, fromAt, untilAt }) => {
      const period = { from: instant(fromAt, 'fromAt'), until: instant(untilAt, 'untilAt') }
      return { ...period, list: await registers.drawList(population, period) }
    },
    decide: ({ kernel, input, prepared, newId }) => {
      const { population, sampleSize } = input
      const wireNow = kernel.clocks.wireNow()
      const round = kernel.beacon.roundAt(addMs(wireNow, 2 * BEACON_LEAD_MS))
      const { chain } = kernel.beacon
      const beacon = { chain, round, appearsAt: kernel.beacon.appearsAt(round) }
      const listDigest = drawListDigest(kernel.primitives, prepared.list)
      const draw = { drawId: newId(), population, sampleSize, ...prepared, listDigest, beacon }
      return announceDraw(draw, { wireNow })
    },
  }),
  oversightAct({
    name: 'holdDraw',
    input: Type.Object({
      drawId: id,
      /** As the beacon publishes it, in hex. */
      signature: Type.String({ pattern: '^[0-9a-f]{96}$' }),
    }),
    decide: ({ kernel, state, input }) => {
      const draw = state.draws.find(({ drawId }) => drawId === input.drawId)
      const held = draw && heldBy(kernel, draw, input.signature)
      if (draw && !held) return notTheRound()
      return holdDraw(state, { drawId: input.drawId, ...(held ?? NOT_HELD) })
    },
  }),
]

const NOT_HELD = { signature: '', randomness: '', picked: [] }

function notTheRound(): Decision<never> {
  const text = 'this is not the signature of the announced round: nothing was drawn'
  return refuse('wrongSignature', { rule: 'oversight:beacon', text })
}

/** What the draw gives with this signature; undefined: it is not that of the round. */
export function heldBy(
  { beacon, primitives }: Pick<Kernel, 'beacon' | 'primitives'>,
  draw: Pick<Draw, 'beacon' | 'list' | 'listDigest' | 'sampleSize'>,
  signature: string,
) {
  if (draw.beacon.chain !== beacon.chain) return undefined
  const randomness = beacon.randomnessOf(draw.beacon.round, fromHex(signature, 'signature'))
  if (!randomness) return undefined
  const { list, listDigest, sampleSize: size } = draw
  const picked = drawnPlaces(primitives, randomness, { listDigest, length: list.length, size })
  return { signature, randomness: toHex(randomness), picked }
}

const ofRecommendations: readonly OversightAct[] = [
  oversightAct({
    name: 'makeRecommendation',
    input: Type.Object({
      title: line,
      text: reason,
      caseId: Type.Optional(orNull(id)),
      drawId: Type.Optional(orNull(id)),
      dueAt: time,
    }),
    decide: ({ state, input, acting, newId }) => {
      const { title, text, caseId = null, drawId = null } = input
      const dueAt = instant(input.dueAt, 'dueAt')
      const command = { recommendationId: newId(), title, text, caseId, drawId, dueAt }
      return recommend(state, command, acting)
    },
  }),
  oversightAct({
    name: 'answerRecommendation',
    group: 'answerOversight',
    input: Type.Object({ recommendationId: id, answer: oneOf(ANSWERS), reasons: reason }),
    decide: ({ state, input }) => answerRecommendation(state, input),
  }),
  oversightAct({
    name: 'assessRecommendation',
    input: Type.Object({ recommendationId: id, assessment: oneOf(ASSESSMENTS), reasons: reason }),
    decide: ({ state, input }) => assessRecommendation(state, input),
  }),
  oversightAct({
    name: 'publishRecommendation',
    stepUp: true,
    input: Type.Object({ recommendationId: id, summary: reason, confirmed: Type.Literal(true) }),
    decide: ({ state, input: { recommendationId, summary } }) =>
      publishRecommendation(state, { recommendationId, summary }),
  }),
]

export const oversightActs: readonly OversightAct[] = [
  ...ofMandates,
  ...ofDraws,
  ...ofRecommendations,
]

export function findOversightAct(name: string): OversightAct | undefined {
  return oversightActs.find((act) => act.name === name)
}
