/** Hints for the full rights test: its sections, and earlier tests to begin with. Pure. */
import type { RecordedTest } from '../../../core/rights/rights.ts'
import type { RightsAnswer } from '../../../core/rights/rights-test.ts'
import { type NamedSafeguard, safeguardsOf } from '../../../core/rights/test-detail.ts'
import type { RawValues } from '../../form/form-model.ts'
import { readable } from '../../words.ts'
import { type HintContext, type Hints, type HintsOf, merged, oneOf, plain } from './hint-context.ts'
import {
  exhibits,
  inForce,
  offered,
  purposes,
  reviewedReleases,
  testChoice,
} from './hints-exchange.ts'
import { heldChoices } from './hints-retraction.ts'

/** One after the other; only the first stands open. */
const SECTIONS = [
  'scope',
  'legalBasis',
  'necessity',
  'proportionality',
  'nonDiscrimination',
  'leastIntrusive',
  'expression',
  'confirm',
] as const

const recordRightsTest: HintsOf = (context) => {
  const { participants } = context.read.state.disclosure
  const isIn = (id: string) => participants.some((participant) => participant.id === id)
  const peers = context.peers.toSorted((a, b) => Number(isIn(b.id)) - Number(isIn(a.id)))
  const outside = context.agreements
    .flatMap(({ document }) => document.parties)
    .filter(({ node }) => node !== context.node.id && !peers.some(({ id }) => id === node))
    .map(({ node, name }) => [node, name] as const)
  const tests = context.read.state.rights.tests.flatMap((test) => fullOf(test) ?? [])
  return merged(
    oneOf('recipient', [
      ...peers.map(({ id, name }) => plain(id, name)),
      ...[...new Map(outside)].map(([id, name]) => plain(id, name)),
    ]),
    oneOf('purpose', purposes(context)),
    offered('releaseId', reviewedReleases(context)),
    offered(
      'exhibitId',
      exhibits(context, () => true),
    ),
    offered('passesOn', heldChoices(context)),
    offered(
      'takenFrom',
      tests.map((test) => testChoice(context, test)),
    ),
    categoryReasons(context),
    { widgets: { confirmed: 'confirm' }, sections: SECTIONS },
    { startFrom: Object.fromEntries(tests.map((test) => [test.testId, valuesOf(test)])) },
  )
}

/** For each category that an agreement knows: why is it needed? */
function categoryReasons(context: HintContext): Hints {
  const named = inForce(context).flatMap((document) => safeguardsOf(document))
  const once = [...new Map(named.map((one) => [one.category, one])).values()]
  const entries = once.map((one) => [`categories.${one.category}`, one] as const)
  return {
    records: { categories: Object.fromEntries(once.map(({ category }) => [category, []])) },
    openRecords: ['categories'],
    labels: Object.fromEntries(entries.map(([field, one]) => [field, labelOf(one)])),
    widgets: Object.fromEntries(entries.map(([field]) => [field, 'textarea' as const])),
  }
}

const NEEDS: Readonly<Record<NamedSafeguard['needs'][number], string>> = {
  reviewer: 'an independent reviewer',
  consent: 'consent of every affected person',
  authorisation: 'the authorisation of a court or another outside body',
  secondOfficer: 'a second officer',
}

function labelOf({ category, text, needs }: NamedSafeguard): string {
  const asked = needs.map((need) => NEEDS[need]).join(', ')
  return `${readable(category)}: ${text}${asked ? ` (needs ${asked})` : ''}`
}

type FullTest = RecordedTest & Required<Pick<RecordedTest, 'covers'>>

function fullOf(recorded: RecordedTest): FullTest | undefined {
  return recorded.covers && recorded.test.detail ? (recorded as FullTest) : undefined
}

/** Everything but the confirmation and what makes it another release. */
function valuesOf({ testId, test, covers }: FullTest): RawValues {
  const { detail, expression, ...answers } = test
  const all = { ...answers, ...(expression ? { expression } : {}) }
  const answered = Object.entries(all).flatMap(([question, { answer, reason }]) => [
    [`${question}.answer`, answer],
    [`${question}.reason`, reason],
  ])
  const reasons = Object.entries(detail?.categories ?? {})
  return {
    ...Object.fromEntries(answered),
    ...Object.fromEntries(reasons.map(([id, why]) => [`categories.${id}`, why])),
    ...(detail && {
      'necessity.aim': detail.aim,
      'necessity.alternatives': detail.alternatives,
      'proportionality.seriousness': detail.seriousness,
      'proportionality.people': String(detail.people),
      'proportionality.safeguards': detail.safeguards,
      'nonDiscrimination.groups': detail.groups,
      'nonDiscrimination.effect': detail.effect,
      'nonDiscrimination.mitigation': detail.mitigation,
      'expression.touches': detail.touches,
    }),
    takenFrom: testId,
    recipient: covers.recipient,
    purpose: covers.purpose,
  } satisfies Record<string, RawValues[string] | RightsAnswer>
}

export const rightsTestHints = { recordRightsTest }
