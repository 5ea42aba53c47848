/** Hints for who is let into a case and for what it may be used. Pure. */

import { addMs, DAY_MS } from '../../../base/time.ts'
import { shareableDocuments } from '../../../core/access/documents.ts'
import { ADMITTED_ROLES, PURPOSES, ruleOf } from '../../../core/access/rules.ts'
import type { CaseState } from '../../../core/case/case.ts'
import type { Role } from '../../../core/case/recorded.ts'
import type { Choice } from '../../form/field-spec.ts'
import { localTimeOf } from '../../form/read-form.ts'
import { readable } from '../../words.ts'
import {
  filled,
  type HintContext,
  type HintsOf,
  merged,
  oneOf,
  plain,
  shortId,
  someOf,
  worded,
} from './hint-context.ts'

const ADMISSION_DAYS = 90

const assignOfficer: HintsOf = (context) => {
  const { assigned } = context.read.state.access
  const reading: readonly Role[] = ruleOf('workspace').roles
  return oneOf('officer', peopleWith(context, reading, assigned))
}

const unassignOfficer: HintsOf = (context) =>
  oneOf(
    'officer',
    context.read.state.access.assigned.map((id) => plain(id, personName(context, id))),
  )

const barOfficer: HintsOf = (context) => {
  const { barred = [] } = context.read.state.access
  const reading: readonly Role[] = ruleOf('workspace').roles
  return oneOf('officer', peopleWith(context, reading, barred))
}

const liftBar: HintsOf = (context) =>
  oneOf(
    'officer',
    (context.read.state.access.barred ?? []).map((id) => plain(id, personName(context, id))),
  )

const admitPerson: HintsOf = (context) => {
  const { node, now } = context
  return merged(
    oneOf('person', peopleWith(context, ADMITTED_ROLES, [])),
    oneOf('legalOrder', legalOrders(context), node.legalOrder),
    filled({ until: localTimeOf(addMs(now, ADMISSION_DAYS * DAY_MS), node.zone) }),
  )
}

const admitGuest: HintsOf = (context) =>
  merged(
    oneOf('legalOrder', legalOrders(context), context.node.legalOrder),
    oneOf('speaksFor', speakers(context)),
    filled({ days: '14' }),
  )

/** Parties that have no node and have not left. */
const speakers = ({ read, node, peers }: HintContext) =>
  read.state.disclosure.participants
    .filter(({ id, left }) => left === null && id !== node.id && !peers.some((p) => p.id === id))
    .map(({ id, roles }) => plain(id, id, roles.map(readable).join(', ')))

/** Named as a person tells them apart: letters by what they are about, the others by their end. */
const documentChoices = ({ read }: HintContext, isOffered: (documentId: string) => boolean) => {
  const { desk, advisoryDrafts } = read.state
  return shareableDocuments(read.state as CaseState)
    .filter(({ documentId }) => isOffered(documentId))
    .map(({ part, documentId }) => {
      const letter = desk.letters.find(({ letterId }) => letterId === documentId)
      const draft = advisoryDrafts.find(({ trackingId }) => trackingId === documentId)
      const known = letter ? `${letter.subject}, ${letter.to}` : draft?.revision.content.title
      const name = known ?? shortId(documentId)
      return plain(documentId, `${readable(part)}: ${name}`)
    })
}

const admittedChoices = (context: HintContext) =>
  context.read.state.access.admitted.map(({ person, capacity }) =>
    plain(person, personName(context, person), readable(capacity)),
  )

const shareDocument: HintsOf = (context) =>
  merged(
    oneOf(
      'documentId',
      documentChoices(context, () => true),
    ),
    oneOf('person', admittedChoices(context)),
  )

const withdrawDocument: HintsOf = (context) => {
  const { documents } = context.read.state.access
  const isShared = (id: string) => documents.some(({ documentId }) => documentId === id)
  return merged(
    oneOf('documentId', documentChoices(context, isShared)),
    oneOf('person', admittedChoices(context)),
  )
}

const removePerson: HintsOf = (context) => oneOf('person', admittedChoices(context))

/** What is declared now stands ticked. */
const declarePurposes: HintsOf = (context) => {
  const { purposes, legalOrders: confinedTo } = context.read.state.access
  return merged(
    someOf('purposes', worded('declarePurposes', 'purposes', PURPOSES), purposes ?? PURPOSES),
    someOf('legalOrders', legalOrders(context), confinedTo),
  )
}

function peopleWith(
  { officers }: HintContext,
  wanted: readonly Role[],
  except: readonly string[],
): readonly Choice[] {
  return officers
    .filter(({ id, roles }) => !except.includes(id) && roles.some((role) => wanted.includes(role)))
    .map(({ id, name, roles }) => plain(id, name, roles.map(readable).join(', ')))
}

function personName({ officers }: HintContext, id: string): string {
  return officers.find((one) => one.id === id)?.name ?? id
}

function legalOrders({ law, node }: HintContext): readonly Choice[] {
  const orders = [node.legalOrder, ...law.packs.map(({ legalOrder }) => legalOrder)]
  return [...new Set(orders)].map((order) => plain(order, order))
}

export const accessHints = {
  assignOfficer,
  unassignOfficer,
  barOfficer,
  liftBar,
  admitPerson,
  admitGuest,
  removePerson,
  shareDocument,
  withdrawDocument,
  declarePurposes,
}
