/** Hints for playbooks, reviews, support, task forces and the lineage of models. Pure. */
import { playbooks } from '../../../wire/playbooks.ts'
import {
  dayOf,
  type HintContext,
  type HintsOf,
  merged,
  nameOf,
  oneOf,
  plain,
  someOf,
  widget,
} from './hint-context.ts'

const officerChoices = ({ officers }: HintContext) =>
  officers.map(({ id, name, roles }) => plain(id, `${name} (${roles.join(', ')})`))

function partyChoices(context: HintContext) {
  const { disclosure, lead } = context.read.state
  const others = disclosure.participants.filter(({ left }) => left === null).map(({ id }) => id)
  const all = [...new Set([context.node.id, lead, ...others])].filter((id) => id !== '')
  return all.map((id) => plain(id, nameOf(context, id)))
}

const startPlaybook: HintsOf = (context) =>
  merged(
    oneOf(
      'playbook',
      playbooks.map(({ id, title, items }) => plain(id, `${title} (${items.length})`)),
    ),
    oneOf('officer', officerChoices(context)),
  )

const changePlaybookItem: HintsOf = (context) => {
  const items = context.read.state.joint.playbooks.flatMap(({ items: all }) => all)
  const choices = items.map(({ itemId, text, state }) => plain(itemId, `${text} (${state})`))
  return merged(
    oneOf('itemId', choices),
    { choices: { officer: officerChoices(context), authority: partyChoices(context) } },
    { about: Object.fromEntries(items.map(({ itemId }) => [itemId, { itemId }])) },
  )
}

const offerSupport: HintsOf = (context) => oneOf('from', partyChoices(context))

const answerSupport: HintsOf = (context) =>
  oneOf(
    'offerId',
    context.read.state.joint.offers
      .filter(({ answered }) => answered === null)
      .map(({ offerId, from, text }) =>
        plain(offerId, `${nameOf(context, from)}: ${text.slice(0, 80)}`),
      ),
  )

const formTaskForce: HintsOf = (context) =>
  merged(
    oneOf('lead', officerChoices(context)),
    someOf('officers', officerChoices(context)),
    someOf('participants', partyChoices(context)),
  )

const endTaskForce: HintsOf = (context) =>
  oneOf(
    'taskForceId',
    context.read.state.joint.taskForces
      .filter(({ ended }) => ended === null)
      .map(({ taskForceId, name, startsOn }) =>
        plain(taskForceId, `${name}, ${dayOf(startsOn as never)}`),
      ),
  )

const addReviewAction: HintsOf = (context) => oneOf('officer', officerChoices(context))

const importLineage: HintsOf = () => widget('document', 'textarea')

const addLineage: HintsOf = ({ read }) => {
  const { components } = read.state.joint.lineage
  const choices = components
    .slice(0, 500)
    .map(({ id, name, kind }) => plain(id, `${name} (${kind})`))
  return choices.length === 0 ? {} : { choices: { other: choices } }
}

export const jointHints = {
  ...{ startPlaybook, changePlaybookItem, addReviewAction, offerSupport, answerSupport },
  ...{ formTaskForce, endTaskForce, importLineage, addLineage },
}
