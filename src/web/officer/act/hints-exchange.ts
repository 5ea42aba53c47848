/** Hints for releases, duties, exhibits and assistance. Pure. */
import { REFUSAL_CODES } from '../../../core/assistance/refusal-codes.ts'
import type { Exhibit } from '../../../core/evidence/evidence.ts'
import type { RecordedTest, TestCover } from '../../../core/rights/rights.ts'
import type { Choice } from '../../form/field-spec.ts'
import { readable } from '../../words.ts'
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
  widget,
  worded,
} from './hint-context.ts'

const ANSWER_DAYS = 30

/** Every category is offered: that the agreement forbids one is an answer with its clause. */
const releaseToPeer: HintsOf = (context) =>
  merged(
    oneOf('recipient', recipients(context)),
    oneOf('purpose', purposes(context)),
    someOf('categories', categories(context)),
    recordedTests(context),
  )

/** A file to one peer. What came from a peer goes on only as that one consented. */
const releaseFile: HintsOf = (context) =>
  merged(
    files(context),
    oneOf('recipient', recipients(context)),
    oneOf('purpose', purposes(context)),
    recordedTests(context),
  )

function files(context: HintContext): Hints {
  const isFile = ({ file }: Exhibit) => file !== undefined
  return oneOf('exhibitId', exhibits(context, isFile), '')
}

export function recipients(context: HintContext): readonly Choice[] {
  const { participants } = context.read.state.disclosure
  const isIn = (id: string) => participants.some((participant) => participant.id === id)
  const peers = [...context.peers].sort((a, b) => Number(isIn(b.id)) - Number(isIn(a.id)))
  return peers.map(({ id, name }) =>
    plain(id, name, isIn(id) ? 'takes part in this case' : 'does not take part in this case'),
  )
}

/** Full tests of releases that were not decided yet. None is chosen beforehand. */
export function recordedTests(context: HintContext): Hints {
  const { rights, releases } = context.read.state
  const isLeft = (id: string) => !releases.permitted.some(({ releaseId }) => releaseId === id)
  const choices = rights.tests.flatMap(({ testId, subject, covers, at }) =>
    covers && isLeft(subject.id) ? [testChoice(context, { testId, covers, at })] : [],
  )
  return offered('rightsTestId', choices)
}

/** Choices of which none is chosen beforehand; without one the field is not asked at all. */
export const offered = (field: string, choices: readonly Choice[]): Hints =>
  choices.length > 0 ? { choices: { [field]: choices } } : widget(field, 'hidden')

export function testChoice(
  context: HintContext,
  { testId, covers, at }: Pick<RecordedTest, 'testId' | 'at'> & { readonly covers: TestCover },
): Choice {
  const to = nameOf(context, covers.recipient)
  return plain(testId, `${dayOf(at)} ${to}: ${covers.categories.join(', ')} (${shortId(testId)})`)
}

/** The turns come as a JSON list, for example pasted from a file. */
const sealExhibit: HintsOf = () =>
  merged(widget('parts', 'json'), filled({ mediaType: 'application/json' }))

const openExhibit: HintsOf = (context) =>
  oneOf(
    'exhibitId',
    exhibits(context, ({ file }) => file === undefined),
  )

const acknowledgeExhibit: HintsOf = (context) =>
  merged(
    oneOf(
      'exhibitId',
      exhibits(context, ({ origin, acknowledged }) => origin === 'received' && !acknowledged),
    ),
    oneOf('answer', worded('acknowledgeExhibit', 'answer', ['accepted', 'rejected']), ''),
  )

/** The id of the peer's exhibit is not known here, so it is typed. */
const requestAssistance: HintsOf = (context) => {
  const { lead, leadCaseId, disclosure } = context.read.state
  const isIn = (id: string) => disclosure.participants.some((one) => one.id === id)
  const roleOf = (id: string) =>
    id === lead ? 'leads the case' : isIn(id) ? 'takes part in this case' : undefined
  const peers = context.peers.map(({ id, name }) => plain(id, name, roleOf(id)))
  return merged(
    oneOf('requestedAuthority', peers, leadCaseId ? lead : undefined),
    oneOf('purpose', purposes(context)),
    filled({ type: 'info', answerWithinDays: String(ANSWER_DAYS) }),
  )
}

/** Each turn has a reason of its own: lines of text, read by `readRedactions`. */
const prepareAnswer: HintsOf = (context) =>
  merged(
    oneOf('requestId', requests(context, 'requested')),
    oneOf(
      'exhibitId',
      exhibits(context, ({ origin, file }) => origin !== 'received' && file === undefined),
    ),
    widget('redactions', 'textarea'),
  )

const answerAssistance: HintsOf = (context) =>
  merged(
    oneOf('requestId', requests(context, 'requested')),
    oneOf(
      'exhibitId',
      exhibits(context, ({ origin }) => origin === 'redactedHere'),
    ),
    oneOf('releaseId', reviewedReleases(context)),
    someOf('codes', refusalCodes()),
    recordedTests(context),
  )

/** What reviewers were asked to let go. Before the approval it is refused, with the rule. */
export function reviewedReleases(context: HintContext): readonly Choice[] {
  const { rights, releases } = context.read.state
  const isSent = (id: string) => releases.permitted.some(({ releaseId }) => releaseId === id)
  return rights.reviews
    .filter(({ subject, outcome }) => subject.kind === 'release' && outcome !== 'rejected')
    .filter(({ subject }) => !isSent(subject.id))
    .map(({ subject, covers, outcome }) => {
      const to = covers ? `to ${nameOf(context, covers.recipient)}` : shortId(subject.id)
      const what = covers?.categories.join(', ') ?? ''
      const state = outcome === 'approved' ? 'approved by the reviewer' : 'still being reviewed'
      return plain(subject.id, `${what} ${to} (${shortId(subject.id)})`.trim(), state)
    })
}

const refuseAssistance: HintsOf = (context) =>
  merged(oneOf('requestId', requests(context, 'requested')), someOf('codes', refusalCodes()))

function refusalCodes(): readonly Choice[] {
  return worded('answerAssistance', 'codes', Object.keys(REFUSAL_CODES))
}

const fulfilAssistance: HintsOf = (context) =>
  merged(
    oneOf('requestId', requests(context, 'requesting')),
    oneOf(
      'exhibitId',
      exhibits(context, ({ origin }) => origin === 'received'),
    ),
  )

function requests(context: HintContext, side: 'requesting' | 'requested'): readonly Choice[] {
  const isOpen = side === 'requested' ? 'answer' : 'fulfilment'
  return context.read.state.assistance.items
    .filter((item) => item.side === side && item[isOpen] === null)
    .map(({ request }) => {
      const { requestId, type, requestingAuthority, requestedAuthority, subject } = request
      const other = side === 'requested' ? requestingAuthority : requestedAuthority
      const text = `${readable(type)}, ${nameOf(context, other)} (${shortId(requestId)})`
      return plain(requestId, text, subject.classification)
    })
}

export function exhibits(
  { read }: HintContext,
  fits: (exhibit: Exhibit) => boolean,
): readonly Choice[] {
  return read.state.evidence.exhibits
    .filter((exhibit) => !exhibit.isDestroyed && fits(exhibit))
    .map(({ exhibitId, name, parts, redactions, derivation }) => {
      const hidden = redactions.length > 0 ? `, ${redactions.length} of them not shown` : ''
      const verified = derivation ? ', derivation verified' : ''
      return plain(
        exhibitId,
        `${name} (${shortId(exhibitId)})`,
        `${parts} parts${hidden}${verified}`,
      )
    })
}

type Agreed = Pick<HintContext, 'agreements'>

export function inForce({ agreements }: Agreed) {
  return agreements.filter(({ state }) => state === 'inForce').map(({ document }) => document)
}

export function purposes(context: Agreed): readonly Choice[] {
  const all = inForce(context).flatMap((document) => document.purposes)
  return once(all.map(({ id, text }) => plain(id, readable(id), text)))
}

export function categories(context: Agreed): readonly Choice[] {
  const all = inForce(context).flatMap((document) => document.categories)
  return once(
    all.map(({ id, text, releasable, personal, reviewRequired }) => {
      const notes = [
        ...(releasable ? [] : ['the agreement forbids its release']),
        ...(personal ? ['personal data: needs a transfer instrument'] : []),
        ...(reviewRequired ? ['needs an independent review first'] : []),
      ]
      return plain(id, readable(id), [text, ...notes].join(' – '))
    }),
  )
}

function once(choices: readonly Choice[]): readonly Choice[] {
  return [...new Map(choices.map((choice) => [choice.value, choice])).values()]
}

/** Every party of an agreement, with a node or without one. */
const releaseByHand: HintsOf = (context) =>
  merged(
    allParties(context),
    oneOf('purpose', purposes(context)),
    someOf('categories', categories(context)),
    recordedTests(context),
  )

const releaseFileByHand: HintsOf = (context) =>
  merged(
    files(context),
    allParties(context),
    oneOf('purpose', purposes(context)),
    recordedTests(context),
  )

function allParties(context: HintContext): Hints {
  const parties = context.agreements
    .flatMap(({ document }) => document.parties)
    .filter(({ node }) => node !== context.node.id)
  const recipients = [...new Map(parties.map((party) => [party.node, party])).values()]
  return oneOf(
    'recipient',
    recipients.map(({ node, name }) => plain(node, name)),
  )
}

const makeHandOver: HintsOf = ({ read }) => {
  const { releases, desk } = read.state
  const waiting = releases.permitted.filter(
    ({ releaseId, sentAt, withdrawn }) =>
      sentAt === null &&
      withdrawn === null &&
      !desk.handOvers.some((one) => one.releaseId === releaseId),
  )
  return oneOf(
    'releaseId',
    waiting.map((release) =>
      plain(
        release.releaseId,
        `${dayOf(release.decidedAt)} to ${release.recipient}: ${release.categories.join(', ')}`,
      ),
    ),
  )
}

const recordHandOver: HintsOf = ({ read }) => {
  const open = read.state.desk.handOvers.filter(({ receipt }) => receipt === null)
  return oneOf(
    'handOverId',
    open.map((one) => plain(one.handOverId, `${dayOf(one.madeAt)} to ${one.recipient}`)),
  )
}

export const exchangeHints = {
  releaseByHand,
  releaseFileByHand,
  makeHandOver,
  recordHandOver,
  releaseToPeer,
  releaseInEmergency: releaseToPeer,
  releaseFile,
  releaseFileInEmergency: releaseFile,
  sealExhibit,
  openExhibit,
  acknowledgeExhibit,
  requestAssistance,
  prepareAnswer,
  answerAssistance,
  refuseAssistance,
  fulfilAssistance,
}
