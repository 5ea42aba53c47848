/** Protective orders, legal holds and how long each exhibit is kept. Pure. */
import type { Exhibit } from '../../../core/evidence/evidence.ts'
import { holdsOn, type LegalHold } from '../../../core/evidence/legal-holds.ts'
import {
  isBinding,
  type ProtectiveOrder,
  withCopies,
} from '../../../core/evidence/protective-orders.ts'
import {
  appraisalOf,
  classOf,
  dueAtOf,
  type Retention,
  retentionStateOf,
} from '../../../core/evidence/retention.ts'
import type { Names } from '../case/names.ts'
import type { DisposalClassRow, RecordsPart } from './model.ts'
import { exhibitNames, type RightsView } from './rights-view.ts'

export function recordsPart(view: RightsView): RecordsPart {
  const { orders, holds, exhibits, retention } = view.read.state.evidence
  const ofCase = retention.classes.findLast((one) => one.exhibits === null)
  return {
    orders: orders.map((order) => orderRow(view, order)),
    holds: holds.map((hold) => holdRow(view, hold)),
    ...(ofCase ? { caseClass: classRow(view, ofCase) } : {}),
    exhibits: exhibits.map((exhibit) => exhibitRow(view, exhibit)),
  }
}

function orderRow({ read, names, now }: RightsView, order: ProtectiveOrder) {
  const { orderedBy, reference, purposes, until, lifted, exhibits } = order
  const state = lifted ? 'lifted' : isBinding(order, now) ? 'binding' : 'ended'
  return {
    ...({ orderedBy, reference, purposes, state } as const),
    ...(exhibits === null ? {} : { exhibits: exhibitNames(read, exhibits) }),
    maySee: order.maySee.map((id) => names.officer(id)),
    mayReceive: order.mayReceive.map((id) => names.authority(id).name),
    ...(until === null ? {} : { until }),
    ...(lifted
      ? { lifted: { at: lifted.at, by: lifted.liftedBy, reference: lifted.reference } }
      : {}),
  }
}

function holdRow({ read, names, now }: RightsView, hold: LegalHold) {
  const { ground, placedAt, placedBy, reviewAt, lifted, exhibits } = hold
  const state = lifted ? 'lifted' : reviewAt <= now ? 'reviewDue' : 'stands'
  return {
    ...({ ground, placedAt, reviewAt, state } as const),
    placedBy: names.officer(placedBy),
    ...(exhibits === null ? {} : { exhibits: exhibitNames(read, exhibits) }),
    ...(lifted ? { lifted: { ...lifted, by: names.officer(lifted.by) } } : {}),
  }
}

function exhibitRow(view: RightsView, exhibit: Exhibit): RecordsPart['exhibits'][number] {
  const { evidence } = view.read.state
  const { exhibitId: id, name, custody, isDestroyed } = exhibit
  const set = classOf(evidence, id)
  const endsAt = dueAtOf(evidence, exhibit)
  const appraisal = appraisalOf(evidence, id)
  const destroyed = custody.findLast(({ act }) => act === 'destroyed')
  const isToGo = appraisal?.outcome === 'destroy' && endsAt !== null && !isDestroyed
  return {
    ...{ id, name },
    state: retentionStateOf(evidence, exhibit),
    ...(set ? { class: classRow(view, set) } : {}),
    ...(endsAt === null ? {} : { periodEndsAt: endsAt }),
    ...(appraisal ? { appraisal: appraisalRow(appraisal, view.names) } : {}),
    ...(isToGo ? { destroyedFrom: endsAt } : {}),
    ...(destroyed ? { destroyedAt: destroyed.at } : {}),
    holds: holdsOn(evidence, id).map(({ ground }) => ground),
    orders: ordersOn(view, id),
  }
}

function ordersOn({ read, now }: RightsView, id: string): readonly string[] {
  const { exhibits, orders } = read.state.evidence
  return orders
    .filter((order) => isBinding(order, now))
    .filter(({ exhibits: named }) => named === null || withCopies(exhibits, named).includes(id))
    .map(({ orderedBy, reference }) => `${orderedBy}, ${reference}`)
}

function classRow(
  { classTitle }: RightsView,
  { classId, retainDays, countedFrom, exhibits }: Retention['classes'][number],
): DisposalClassRow {
  return { title: classTitle(classId), days: retainDays, countedFrom, isOfCase: exhibits === null }
}

function appraisalRow(
  { outcome, reason, archive, by, at }: Retention['appraisals'][number],
  names: Names,
) {
  return { outcome, reason, by: names.officer(by), at, ...(archive === null ? {} : { archive }) }
}
