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

const decideRecordsItem: HintsOf = (context) => {
  const copies = context.read.state.evidence.exhibits.filter(
    ({ derivedFrom, isDestroyed }) => derivedFrom !== null && !isDestroyed,
  )
  const choices = copies.map(({ exhibitId, name }) =>
    plain(exhibitId, `${name} (${shortId(exhibitId)})`),
  )
  // Most items go out without a copy, so none stands chosen.
  return merged(ofOpen(context), choices.length > 0 ? { choices: { copy: choices } } : {})
}

const askRecordsOriginator: HintsOf = (context) =>
  merged(
    ofOpen(context),
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
  decideRecordsItem,
  askRecordsOriginator,
  recordRecordsConsultation,
  answerRecordsRequest,
  noteRecordsAppeal,
}
