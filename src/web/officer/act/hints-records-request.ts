/** Hints for requests under public-records law. Pure. */
import type { RecordsRequest } from '../../../core/evidence/records-request.ts'
import {
  dayOf,
  filled,
  type HintContext,
  type HintsOf,
  merged,
  nameOf,
  oneOf,
  plain,
  shortId,
} from './hint-context.ts'

const requestChoice = ({ requestId, requester, receivedAt, version }: RecordsRequest) =>
  plain(requestId, `${requester}, ${receivedAt}`, `version ${version}`)

const openOnes = ({ read }: HintContext) =>
  read.state.evidence.requests.filter(({ answered }) => !answered)

const ofOpen: HintsOf = (context) => oneOf('requestId', openOnes(context).map(requestChoice))

/** Everything that the case holds and that may be asked for. */
const items = (context: HintContext) => {
  const { evidence, releases, desk, publications } = context.read.state
  return oneOf('itemId', [
    ...evidence.exhibits.map(({ exhibitId, name }) =>
      plain(exhibitId, `Exhibit: ${name} (${shortId(exhibitId)})`),
    ),
    ...releases.permitted.map(({ releaseId, recipient, decidedAt }) =>
      plain(releaseId, `Release: ${dayOf(decidedAt)} to ${nameOf(context, recipient)}`),
    ),
    ...releases.received.map(({ releaseId, from, receivedAt }) =>
      plain(releaseId, `Release: ${dayOf(receivedAt)} from ${nameOf(context, from)}`),
    ),
    ...desk.letters.map(({ letterId, madeAt, template }) =>
      plain(letterId, `Letter: ${dayOf(madeAt)}, ${template}`),
    ),
    ...publications.map(({ trackingId }) => plain(trackingId, `Advisory: ${trackingId}`)),
  ])
}

/** Only clocks that give a date which binds. */
const recordRecordsRequest: HintsOf = ({ read }) => {
  const clocks = Object.values(read.state.law.clocks).filter(
    ({ state, strictDue }) => (state === 'due' || state === 'overdue') && strictDue !== null,
  )
  if (clocks.length === 0) return {}
  const choices = clocks.map(({ clock, strictDue }) => plain(clock, clock, strictDue ?? ''))
  return { choices: { clockId: choices } }
}

const decideRecordsItem: HintsOf = (context) => {
  const copies = context.read.state.evidence.exhibits.filter(
    ({ derivedFrom, isDestroyed }) => derivedFrom !== null && !isDestroyed,
  )
  const choices = copies.map(({ exhibitId, name }) =>
    plain(exhibitId, `${name} (${shortId(exhibitId)})`),
  )
  // Most items go out without a copy, so none stands chosen.
  return merged(
    ofOpen(context),
    items(context),
    choices.length > 0 ? { choices: { copy: choices } } : {},
  )
}

const askRecordsOriginator: HintsOf = (context) =>
  merged(
    ofOpen(context),
    items(context),
    oneOf(
      'originator',
      context.peers.map(({ id, name }) => plain(id, name)),
    ),
  )

const recordRecordsConsultation: HintsOf = (context) => {
  const requests = openOnes(context)
  const waiting = requests.flatMap(({ consultations }) =>
    consultations.filter((one) => !one.answer),
  )
  return merged(
    ofOpen(context),
    oneOf(
      'consultationId',
      waiting.map(({ consultationId, originator, askedAt }) =>
        plain(consultationId, `${dayOf(askedAt)}: ${nameOf(context, originator)}`),
      ),
    ),
  )
}

const answerRecordsRequest: HintsOf = (context) => {
  const [only, ...others] = openOnes(context)
  const version = only && others.length === 0 ? filled({ asOf: String(only.version) }) : {}
  return merged(ofOpen(context), version)
}

const noteRecordsAppeal: HintsOf = ({ read }) =>
  oneOf(
    'requestId',
    read.state.evidence.requests.filter(({ answered }) => answered).map(requestChoice),
  )

export const recordsRequestHints = {
  recordRecordsRequest,
  decideRecordsItem,
  askRecordsOriginator,
  recordRecordsConsultation,
  answerRecordsRequest,
  noteRecordsAppeal,
}
