/** Hints for consent, authorisations, remedies, and answers to the other side. Pure. */
import { personOfRemedy } from '../../../app/acts/remedy-acts.ts'
import { appealableDecisions } from '../../../app/open-to-other-side.ts'
import { addMs, DAY_MS } from '../../../base/time.ts'
import { OWN_DATA_GROUNDS, ownDataOf } from '../../../core/rights/own-data.ts'
import type { Remedy } from '../../../core/rights/remedies.ts'
import type { Choice } from '../../form/field-spec.ts'
import { localTimeOf } from '../../form/read-form.ts'
import { readable } from '../../words.ts'
import { personName } from '../case/present-measures.ts'
import {
  dayOf,
  filled,
  type HintContext,
  type Hints,
  type HintsOf,
  merged,
  nameOf,
  oneOf,
  plain,
  shortId,
  someOf,
  worded,
} from './hint-context.ts'
import { inForce, offered, purposes } from './hints-exchange.ts'

const REMEDY_DAYS = 30
const FOLLOW_UP_DAYS = 90
const QUOTED = 60

const inDays = ({ now, node }: HintContext, days: number) =>
  localTimeOf(addMs(now, days * DAY_MS), node.zone)

/** Recipients, categories and purposes as the agreements in force name them. */
function covered(context: HintContext): Hints {
  const all = inForce(context).flatMap((document) => document.categories)
  const categories = [...new Map(all.map((one) => [one.id, one])).values()]
  return merged(
    someOf(
      'recipients',
      context.peers.map(({ id, name }) => plain(id, name)),
    ),
    someOf(
      'categories',
      categories.map(({ id, text }) => plain(id, readable(id), text)),
    ),
    someOf('purposes', purposes(context)),
  )
}

function people({ read }: HintContext, isTold: boolean): readonly Choice[] {
  const { persons, notices } = read.state.rights
  const told = new Set(notices.map(({ personId }) => personId))
  return persons
    .filter(({ personId }) => !isTold || told.has(personId))
    .map(({ personId }) => plain(personId, personName(personId)))
}

const askConsent: HintsOf = (context) =>
  merged(oneOf('personId', people(context, true)), covered(context))

const recordConsent: HintsOf = (context) =>
  merged(oneOf('personId', people(context, false)), covered(context))

const withdrawConsent: HintsOf = (context) =>
  oneOf(
    'consentId',
    context.read.state.rights.consents
      .filter(({ state }) => state === 'given')
      .map(({ consentId, personId, covers }) => {
        const to = covers.recipients.map((id) => nameOf(context, id)).join(', ')
        const text = `${personName(personId)}: ${covers.categories.join(', ')} to ${to}`
        return plain(consentId, text)
      }),
  )

const recordAuthorisation: HintsOf = (context) =>
  merged(
    covered(context),
    filled({ fromAt: inDays(context, 0), until: inDays(context, REMEDY_DAYS) }),
  )

const endAuthorisation: HintsOf = ({ read }) =>
  oneOf(
    'authorisationId',
    read.state.rights.authorisations
      .filter(({ endedAt }) => endedAt === null)
      .map(({ authorisationId, by, reference }) => plain(authorisationId, `${by}, ${reference}`)),
  )

const orderRemedy: HintsOf = (context) => {
  const { rights, releases } = context.read.state
  const challenges = rights.reviews
    .filter(({ subject, outcome }) => subject.kind === 'challenge' && outcome === 'upheld')
    .map(({ subject, remedy, remedies }) =>
      plain(subject.id, remedy ?? shortId(subject.id), remedies?.join(', ')),
    )
  const left = releases.permitted.map(({ releaseId, recipient, categories, decidedAt }) =>
    plain(
      releaseId,
      `${dayOf(decidedAt)} to ${nameOf(context, recipient)}: ${categories.join(', ')}`,
    ),
  )
  const able = context.officers.filter(({ roles }) => roles.includes('caseOfficer'))
  return merged(
    oneOf('challengeId', challenges),
    oneOf(
      'responsible',
      able.map(({ id, name }) => plain(id, name)),
    ),
    someOf('releaseIds', left),
    filled({ dueAt: inDays(context, REMEDY_DAYS), followUpAt: inDays(context, FOLLOW_UP_DAYS) }),
  )
}

function remedies({ read }: HintContext, fits: (remedy: Remedy) => boolean): readonly Choice[] {
  return read.state.rights.remedies
    .filter(fits)
    .map(({ remedyId, kind, text }) =>
      plain(remedyId, `${readable(kind)}: ${text.slice(0, QUOTED)}`),
    )
}

const isOpen = ({ doneAt }: Remedy) => doneAt === null

const reportRemedy: HintsOf = (context) => oneOf('remedyId', remedies(context, isOpen))

const finishRemedy: HintsOf = (context) =>
  oneOf(
    'remedyId',
    remedies(context, (one) => isOpen(one) && one.kind !== 'access'),
  )

const followUpRemedy: HintsOf = (context) =>
  oneOf(
    'remedyId',
    remedies(context, (one) => !isOpen(one) && one.followUp?.finding !== 'held'),
  )

const GROUND_CHOICES = OWN_DATA_GROUNDS.map((value) => ({
  value,
  key: `word.ownDataGround.${value}`,
}))

const SECTION_LABELS: Readonly<Record<string, string>> = {
  report: 'The report, as the case holds it: take out what is of others',
  notices: 'Notices',
  statements: 'What the person said',
  decisions: 'Decisions about the person',
  remedies: 'Remedies',
  consents: 'Consents',
  messages: 'Letters',
  releases: 'What left, and to whom',
  exhibits: 'Descriptions of exhibits: take out what is not about the person',
  other: 'Whatever else the case holds about the person',
}

/** What the case holds of each section: the officer cuts out what is of others. */
const giveOwnData: HintsOf = (context) => {
  const { state } = context.read
  const open = state.rights.remedies.find((one) => isOpen(one) && one.kind === 'access')
  const personId = open && personOfRemedy(state, open.remedyId)
  const held = personId === undefined ? [] : ownDataOf(state, personId, context.now)
  const begun: Readonly<Record<string, string>> = {
    ...Object.fromEntries(held.map(({ category, text }) => [category, text])),
    other: '',
  }
  const parts = Object.keys(begun)
  const sections = held.map(({ category }) => category)
  const perSection = <T>(name: string, value: T) =>
    Object.fromEntries(sections.map((one) => [`${name}.${one}`, value]))
  return merged(
    oneOf(
      'remedyId',
      remedies(context, (one) => isOpen(one) && one.kind === 'access'),
    ),
    {
      records: {
        parts: Object.fromEntries(parts.map((part) => [part, []])),
        withheldGrounds: Object.fromEntries(sections.map((one) => [one, GROUND_CHOICES])),
        withheldReasons: Object.fromEntries(sections.map((one) => [one, []])),
      },
      openRecords: ['parts', 'withheldGrounds', 'withheldReasons'],
      labels: Object.fromEntries([
        ...parts.map((part) => [`parts.${part}`, SECTION_LABELS[part] ?? part]),
        ...sections.map((one) => [
          `withheldGrounds.${one}`,
          `Not given: ${SECTION_LABELS[one]}. Kind of ground`,
        ]),
        ...sections.map((one) => [
          `withheldReasons.${one}`,
          `Not given: ${SECTION_LABELS[one]}. Provision and reason`,
        ]),
      ]),
      widgets: {
        ...Object.fromEntries(parts.map((part) => [`parts.${part}`, 'textarea' as const])),
        ...perSection('withheldReasons', 'textarea' as const),
      },
      values: Object.fromEntries(parts.map((part) => [`parts.${part}`, begun[part] ?? ''])),
    },
  )
}

const answerPerson: HintsOf = (context) => oneOf('personId', people(context, true))

const decideClaim: HintsOf = ({ read }) =>
  oneOf(
    'claimId',
    read.state.rights.claims
      .filter(({ outcome }) => outcome === null)
      .map(({ claimId, kind, text, filedAt }) =>
        plain(claimId, `${readable(kind)}, ${dayOf(filedAt)}: ${text.slice(0, QUOTED)}`),
      ),
  )

const answerCommitment: HintsOf = ({ read }) =>
  oneOf(
    'commitmentId',
    read.state.rights.commitments
      .filter(({ answer }) => answer === null)
      .map(({ commitmentId, text, byOn }) =>
        plain(commitmentId, `by ${byOn}: ${text.slice(0, QUOTED)}`),
      ),
  )

const recordAppealPeriod: HintsOf = ({ read }) =>
  oneOf(
    'against',
    appealableDecisions(read.state).map(({ against: { kind, id }, madeOn }) =>
      plain(`${kind}:${id}`, `${readable(kind)} of ${madeOn}, ${shortId(id)}`),
    ),
  )

const followAppeal: HintsOf = ({ read }) =>
  merged(
    oneOf(
      'appealId',
      read.state.rights.appeals
        .filter(({ isClosed }) => !isClosed)
        .map(({ appealId, against, filedAt, text }) =>
          plain(appealId, `${readable(against.kind)}, ${dayOf(filedAt)}: ${text.slice(0, QUOTED)}`),
        ),
    ),
    offered('outcome', worded('followAppeal', 'outcome', ['upheld', 'partlyUpheld', 'dismissed'])),
  )

export const remedyHints = {
  askConsent,
  recordConsent,
  withdrawConsent,
  recordAuthorisation,
  endAuthorisation,
  orderRemedy,
  reportRemedy,
  finishRemedy,
  followUpRemedy,
  giveOwnData,
  answerPerson,
  decideClaim,
  answerCommitment,
  recordAppealPeriod,
  followAppeal,
}
