/** The record of oversight as a member of the staff sees it. */
import { listFilter } from '../../../app/access.ts'
import { readOversight } from '../../../app/oversight/oversight-act.ts'
import { findOversightAct } from '../../../app/oversight/oversight-acts.ts'
import { invariant } from '../../../base/errors.ts'
import {
  isWaiting,
  type OversightState,
  type Recommendation,
  type RecordedMandate,
  statusOf,
} from '../../../core/oversight/oversight.ts'
import { namesOf } from '../../officer/case/names.ts'
import { type Control, controlOf } from '../../officer/control.ts'
import type { OfficerTurn } from '../../officer/session.ts'
import { linkTo } from '../../routes.ts'
import type { OversightRecordModel } from './model.ts'

export async function oversightRecordModel(turn: OfficerTurn): Promise<OversightRecordModel> {
  const { kernel } = turn.kit
  const [state, names, hiddenList] = await Promise.all([
    readOversight(kernel),
    namesOf(kernel),
    listFilter(kernel, turn.acting).then((sees) => kernel.registers.hiddenCases(sees)),
  ])
  const hidden = new Set(hiddenList)
  const looks = Map.groupBy(state.looks, ({ officer }) => officer)
  return {
    mandates: state.mandates.map((one) => mandateOf(turn, one)),
    inspections: state.inspections.map((one) => ({
      officer: names.officer(one.officer),
      question: one.question,
      cases: one.caseIds.length,
      openedAt: one.openedAt,
      finding: one.finding,
      ...(one.finding === null && one.officer === turn.acting.officer
        ? { close: controlFor(turn, 'closeInspection', one.inspectionId) }
        : {}),
    })),
    draws: drawsOf(state),
    recommendations: state.recommendations.map((one) => recommendationOf(turn, one, hidden)),
    looks: [...looks].map(([officer, own]) => ({
      name: names.officer(officer),
      count: own.length,
    })),
    add: {
      recordMandate: controlFor(turn, 'recordMandate'),
      openInspection: controlFor(turn, 'openInspection'),
      announceDraw: controlFor(turn, 'announceDraw'),
      makeRecommendation: controlFor(turn, 'makeRecommendation'),
    },
  }
}

function mandateOf(
  turn: OfficerTurn,
  one: RecordedMandate,
): OversightRecordModel['mandates'][number] {
  const { mandateId, body, statute, article, source, retrievedOn, access, endedAt } = one
  const isOpen = isWaiting(one)
  return {
    ...{ body, statute, article, source, retrievedOn, access, endedAt, isWaiting: isOpen },
    ...(isOpen ? { confirm: controlFor(turn, 'confirmMandate', mandateId) } : {}),
    ...(endedAt ? {} : { end: controlFor(turn, 'endMandate', mandateId) }),
  }
}

function drawsOf({ draws }: OversightState): OversightRecordModel['draws'] {
  return draws.map(({ drawId, population, from, until, list, sampleSize, beacon, held }) => ({
    ...{ drawId, population, from, until, length: list.length, sampleSize },
    appearsAt: beacon.appearsAt,
    isHeld: held !== null,
  }))
}

function recommendationOf(
  turn: OfficerTurn,
  one: Recommendation,
  hidden: ReadonlySet<string>,
): OversightRecordModel['recommendations'][number] {
  const { recommendationId: id, title, text, caseId, madeAt, dueAt } = one
  const { answer, assessment, published } = one
  const acts = [
    ...(answer || assessment ? [] : ['answerRecommendation']),
    ...(assessment ? [] : ['assessRecommendation']),
    ...(published ? [] : ['publishRecommendation']),
  ]
  return {
    ...{ title, text, madeAt, dueAt },
    caseId: caseId !== null && hidden.has(caseId) ? null : caseId,
    status: statusOf(one, turn.acting.now),
    answer: answer?.reasons ?? null,
    assessment: assessment?.reasons ?? null,
    isPublished: published !== null,
    controls: acts.map((act) => ({ act, control: controlFor(turn, act, id) })),
  }
}

/** Leads to the form; what the form may do is decided there again. */
function controlFor(turn: OfficerTurn, name: string, about?: string): Control {
  const act = findOversightAct(name)
  invariant(act, 'an act of oversight has a name')
  const query = about === undefined ? '' : `?about=${about}`
  const { stepUp: _, ...action } = act.action
  return controlOf(turn.may(action), `${linkTo(turn.lang, 'oversightAct', { act: name })}${query}`)
}
