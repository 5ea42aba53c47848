/**
 * Protective orders: what a court, or another body that may, has said about who sees the
 * exhibits of a case and who may receive them. Events, state, decisions and the two
 * questions that others ask: who may read, and what stands against a release.
 *
 * An order only ever narrows. What it does not name it does not allow; a copy made from an
 * exhibit is under the orders of that exhibit. It ends on the day that it names itself, or
 * when two persons record that it was lifted. What they say of the court nobody here can
 * check, so nobody lifts alone what keeps him from reading: both are people whom the order
 * lets see, as far as there are such people.
 */
import { type Because, type Decision, permit, type Refusal, refuse } from '../../base/decision.ts'
import { changeWhere } from '../../base/lists.ts'
import type { Instant } from '../../base/time.ts'
import type { Acting, Recorded } from '../case/recorded.ts'
import { isSameSide, type Side, sideOf } from '../people/standing.ts'

export type ProtectiveOrderFacts = {
  readonly orderId: string
  /** The court or body, as it calls itself. */
  readonly orderedBy: string
  /** Its own reference: docket, case number, date. */
  readonly reference: string
  /** Ids; null: every exhibit and the whole record of the case. */
  readonly exhibits: readonly string[] | null
  /** Officers of this authority who may read. Empty: nobody. */
  readonly maySee: readonly string[]
  /** Node ids of authorities that may receive. Empty: nobody. */
  readonly mayReceive: readonly string[]
  /** For which purposes it may be released. Empty: for none. */
  readonly purposes: readonly string[]
  /** Null: until it is lifted. */
  readonly until: Instant | null
}

export type OrderEvent =
  | ({ readonly type: 'protectiveOrderRecorded' } & ProtectiveOrderFacts)
  | {
      readonly type: 'protectiveOrderLifted'
      readonly orderId: string
      /** Who lifted it, and under which reference. */
      readonly liftedBy: string
      readonly reference: string
    }

export type ProtectiveOrder = ProtectiveOrderFacts & {
  readonly recordedAt: Instant
  readonly recordedBy: string
  readonly lifted: {
    readonly at: Instant
    readonly liftedBy: string
    readonly reference: string
  } | null
}

export type WhyOrder =
  | 'orderExists'
  | 'orderFaulty'
  | 'unknownExhibit'
  | 'unknownOrder'
  | 'notBound'
  | 'secondPersonMissing'
  | 'samePerson'
  | 'notNamedInOrder'

export type OrderDecision = Decision<readonly OrderEvent[], WhyOrder>

/** What is read of exhibits: which there are, and what each was made from. */
export type Lineage = readonly {
  readonly exhibitId: string
  readonly derivedFrom: string | null
}[]

type Basis = { readonly exhibits: Lineage; readonly orders: readonly ProtectiveOrder[] }

export function recordOrder(
  { exhibits, orders }: Basis,
  command: ProtectiveOrderFacts,
  { now }: Acting,
): OrderDecision {
  if (orders.some(({ orderId }) => orderId === command.orderId)) {
    return no('orderExists', 'the order is recorded')
  }
  if (command.orderedBy.trim() === '' || command.reference.trim() === '') {
    return no('orderFaulty', 'an order names who made it and its reference')
  }
  if (command.until !== null && command.until <= now) {
    return no('orderFaulty', 'the order has ended already')
  }
  if (command.exhibits?.length === 0) return no('orderFaulty', 'an order binds some exhibit')
  const known = (id: string) => exhibits.some(({ exhibitId }) => exhibitId === id)
  if (command.exhibits && !command.exhibits.every(known)) {
    return no('unknownExhibit', 'the order names an exhibit that this case does not have')
  }
  return permit([{ type: 'protectiveOrderRecorded', ...command }])
}

/** Who lifts an order beside the acting person, and who could. */
export type Lifting = {
  /** Who proposed exactly this; null: nobody yet. */
  readonly proposedBy: Side | null
  /** Of the officers whom the order names: those who may lift orders in this case now. */
  readonly able: readonly string[]
}

export function liftOrder(
  { orders }: Basis,
  command: Omit<Extract<OrderEvent, { type: 'protectiveOrderLifted' }>, 'type'>,
  acting: Acting,
  { proposedBy, able }: Lifting,
): OrderDecision {
  const order = orders.find(({ orderId }) => orderId === command.orderId)
  if (!order) return no('unknownOrder', 'there is no such order')
  if (!isBinding(order, acting.now)) return no('notBound', 'the order does not bind any more')
  if (command.liftedBy.trim() === '' || command.reference.trim() === '') {
    return no('orderFaulty', 'name who lifted the order, and the reference')
  }
  const sides = [...(proposedBy ? [proposedBy] : []), sideOf(acting)]
  const outside = sides.filter(({ officer }) => !order.maySee.includes(officer))
  if (outside.length > Math.max(0, 2 - able.length)) {
    return no('notNamedInOrder', OUTSIDE[able.length === 1 ? 'one' : 'more'])
  }
  if (!proposedBy) return no('secondPersonMissing', 'an order is lifted by two persons')
  if (isSameSide(proposedBy, sideOf(acting))) {
    return no('samePerson', 'whoever proposes does not approve: a second person must')
  }
  return permit([{ type: 'protectiveOrderLifted', ...command }])
}

const OUTSIDE = {
  one: 'one of the two must be the person whom the order lets see: somebody named can do it',
  more: 'only people whom the order lets see lift it, as long as two of them can',
}

export function foldOrders(
  orders: readonly ProtectiveOrder[],
  { event, at, by }: Recorded<OrderEvent>,
): readonly ProtectiveOrder[] {
  switch (event.type) {
    case 'protectiveOrderRecorded': {
      const { type: _, ...facts } = event
      return [...orders, { ...facts, recordedAt: at, recordedBy: by, lifted: null }]
    }
    case 'protectiveOrderLifted': {
      const { orderId, liftedBy, reference } = event
      const isIt = (order: ProtectiveOrder) => order.orderId === orderId
      return changeWhere(orders, isIt, (order) => ({
        ...order,
        lifted: { at, liftedBy, reference },
      }))
    }
    default:
      return orders
  }
}

/** True while the order stands: not lifted, and not past the day that it names. */
export function isBinding(
  { lifted, until }: Pick<ProtectiveOrder, 'until'> & { readonly lifted?: object | null },
  now: Instant,
): boolean {
  return !lifted && (until === null || now < until)
}

/** What the decision about access reads of an order. `exhibits` includes their copies. */
export type OrderForAccess = Pick<
  ProtectiveOrder,
  'orderId' | 'reference' | 'exhibits' | 'maySee' | 'until'
>

export function ordersForAccess({ exhibits, orders }: Basis): readonly OrderForAccess[] {
  return orders
    .filter(({ lifted }) => !lifted)
    .map(({ orderId, reference, exhibits: named, maySee, until }) => {
      const bound = named && withCopies(exhibits, named)
      return { orderId, reference, exhibits: bound, maySee, until }
    })
}

/** What is asked about something that is to leave. */
export type LeavingUnderOrders = {
  readonly recipient: string
  readonly purpose: string
  /** What leaves; of a release without an exhibit only orders on the whole case are asked. */
  readonly exhibitIds: readonly string[]
}

/**
 * Every order that binds now, covers what leaves and does not allow this recipient and
 * this purpose; empty: no order stands against it.
 */
export function ordersAgainst(
  { exhibits, orders }: Basis,
  { recipient, purpose, exhibitIds }: LeavingUnderOrders,
  now: Instant,
): readonly ProtectiveOrder[] {
  return orders
    .filter((order) => isBinding(order, now))
    .filter(({ exhibits: named }) => {
      const bound = named && withCopies(exhibits, named)
      return bound === null || exhibitIds.some((id) => bound.includes(id))
    })
    .filter((order) => !order.mayReceive.includes(recipient) || !order.purposes.includes(purpose))
}

export function becauseOfOrder({
  orderId,
  orderedBy,
  reference,
}: Pick<ProtectiveOrder, 'orderId' | 'orderedBy' | 'reference'>): Because {
  const text = `a protective order of ${orderedBy} (${reference}) does not allow it`
  return { rule: `order:${orderId}`, text }
}

/** These exhibits and everything that was made from them, over any number of steps. */
export function withCopies(exhibits: Lineage, named: readonly string[]): readonly string[] {
  const bound = new Set(named)
  for (const { exhibitId, derivedFrom } of exhibits) {
    // A copy is always recorded after what it was made from.
    if (derivedFrom !== null && bound.has(derivedFrom)) bound.add(exhibitId)
  }
  return [...bound]
}

function no(why: WhyOrder, text: string): Refusal<WhyOrder> {
  return refuse(why, { rule: `order:${why}`, text })
}
