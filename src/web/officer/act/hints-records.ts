/** Hints for protective orders and legal holds. Pure. */
import { addMs, DAY_MS } from '../../../base/time.ts'
import { isBinding } from '../../../core/evidence/protective-orders.ts'
import { disposalClasses } from '../../../wire/disposal-classes.ts'
import { localTimeOf } from '../../form/read-form.ts'
import { readable } from '../../words.ts'
import {
  dayOf,
  filled,
  type HintContext,
  type HintsOf,
  merged,
  oneOf,
  plain,
  shortId,
  someOf,
} from './hint-context.ts'

const REVIEW_DAYS = 180

const exhibitChoices = ({ read }: HintContext) =>
  read.state.evidence.exhibits
    .filter(({ isDestroyed }) => !isDestroyed)
    .map(({ exhibitId, name }) => plain(exhibitId, `${name} (${shortId(exhibitId)})`))

const recordProtectiveOrder: HintsOf = (context) => {
  const { agreements, officers, peers } = context
  const purposes = agreements.flatMap(({ document }) => document.purposes)
  const unique = [...new Map(purposes.map((one) => [one.id, one])).values()]
  return merged(
    filled({ scope: 'wholeCase' }),
    someOf('exhibits', exhibitChoices(context)),
    someOf(
      'maySee',
      officers.map(({ id, name, roles }) => plain(id, name, roles.map(readable).join(', '))),
    ),
    someOf(
      'mayReceive',
      peers.map(({ id, name }) => plain(id, name)),
    ),
    someOf(
      'purposes',
      unique.map(({ id, text }) => plain(id, readable(id), text)),
    ),
  )
}

const liftProtectiveOrder: HintsOf = ({ read, now }) => {
  const binding = read.state.evidence.orders.filter((order) => isBinding(order, now))
  return oneOf(
    'orderId',
    binding.map(({ orderId, orderedBy, reference }) =>
      plain(orderId, `${orderedBy}, ${reference}`),
    ),
  )
}

const placeLegalHold: HintsOf = (context) =>
  merged(
    filled({
      scope: 'wholeCase',
      reviewAt: localTimeOf(addMs(context.now, REVIEW_DAYS * DAY_MS), context.node.zone),
    }),
    someOf('exhibits', exhibitChoices(context)),
  )

const liftLegalHold: HintsOf = ({ read }) => {
  const standing = read.state.evidence.holds.filter(({ lifted }) => lifted === null)
  return oneOf(
    'holdId',
    standing.map(({ holdId, ground, placedAt }) =>
      plain(holdId, `${dayOf(placedAt)}: ${ground.slice(0, 120)}`),
    ),
  )
}

const setDisposalClass: HintsOf = (context) =>
  merged(
    filled({ scope: 'wholeCase' }),
    someOf('exhibits', exhibitChoices(context)),
    oneOf(
      'classId',
      disposalClasses.map(({ id, title, retainDays, basis, source }) =>
        plain(id, title, `${retainDays} days; ${basis === 'law' ? source : 'a house rule'}`),
      ),
    ),
  )

const appraiseExhibits: HintsOf = (context) => someOf('exhibits', exhibitChoices(context))

export const recordsHints = {
  setDisposalClass,
  appraiseExhibits,
  recordProtectiveOrder,
  liftProtectiveOrder,
  placeLegalHold,
  liftLegalHold,
}
