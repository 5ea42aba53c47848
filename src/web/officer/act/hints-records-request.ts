/** Hints for requests under public-records law. Pure. */
import { recordsBasisOf } from '../../../app/acts/records-request-acts.ts'
import { addMs, DAY_MS } from '../../../base/time.ts'
import type { CaseState } from '../../../core/case/case.ts'
import { originatorsOf } from '../../../core/evidence/records-item.ts'
import {
  EXEMPTION_GROUNDS,
  isSameItem,
  type RecordsItem,
  type RecordsRequest,
} from '../../../core/evidence/records-request.ts'
import { undecidedItems } from '../../../core/release/records-release.ts'
import type { RawValues } from '../../form/form-model.ts'
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
} from './hint-context.ts'

const requestChoice = ({ requestId, requester, receivedAt, version }: RecordsRequest) =>
  plain(requestId, `${requester}, ${receivedAt}`, `version ${version}`)

const openOnes = ({ read }: HintContext) =>
  read.state.evidence.requests.filter(({ answered }) => !answered)
const answeredOnes = ({ read }: HintContext) =>
  read.state.evidence.requests.filter(({ answered }) => answered)

const ofOpen: HintsOf = (context) => oneOf('requestId', openOnes(context).map(requestChoice))

/** Everything that the case holds and that may be asked for. */
function everything({ evidence, releases, desk, publications }: CaseState): readonly RecordsItem[] {
  return [
    ...evidence.exhibits.map(({ exhibitId }) => ({ kind: 'exhibit' as const, id: exhibitId })),
    ...[...releases.permitted, ...releases.received].map(({ releaseId }) => {
      return { kind: 'release' as const, id: releaseId }
    }),
    ...desk.letters.map(({ letterId }) => ({ kind: 'document' as const, id: letterId })),
    ...publications.map(({ trackingId }) => ({ kind: 'document' as const, id: trackingId })),
  ]
}

/** In the words of the case; an exhibit has a name, a release a day and its other side. */
export function recordsItemName(
  { evidence, releases, desk }: CaseState,
  names: { readonly authority: (id: string) => { readonly name: string } },
  { kind, id }: RecordsItem,
): string {
  if (kind === 'exhibit') {
    const exhibit = evidence.exhibits.find(({ exhibitId }) => exhibitId === id)
    return exhibit ? `${exhibit.name} (${shortId(id)})` : id
  }
  if (kind === 'release') {
    const sent = releases.permitted.find(({ releaseId }) => releaseId === id)
    if (sent) return `${dayOf(sent.decidedAt)} to ${names.authority(sent.recipient).name}`
    const came = releases.received.find(({ releaseId }) => releaseId === id)
    return came ? `${dayOf(came.receivedAt)} from ${names.authority(came.from).name}` : id
  }
  const letter = desk.letters.find(({ letterId }) => letterId === id)
  return letter ? `${dayOf(letter.madeAt)}, ${letter.template}` : id
}

const KIND_WORDS = {
  exhibit: 'Exhibit',
  release: 'Release',
  document: 'Letter or advisory',
} as const

function itemText(context: HintContext, item: RecordsItem): string {
  const names = { authority: (id: string) => ({ name: nameOf(context, id) }) }
  return `${KIND_WORDS[item.kind]}: ${recordsItemName(context.read.state, names, item)}`
}

const items: HintsOf = (context) =>
  oneOf(
    'itemId',
    everything(context.read.state).map((item) => plain(item.id, itemText(context, item))),
  )

/** Only clocks that give a date which binds. */
const recordRecordsRequest: HintsOf = ({ read, now }) => {
  const clocks = Object.values(read.state.law.clocks).filter(
    ({ state, strictDue }) => (state === 'due' || state === 'overdue') && strictDue !== null,
  )
  const today = filled({ receivedOn: dayOf(now) })
  if (clocks.length === 0) return today
  const choices = clocks.map(({ clock, strictDue }) => plain(clock, clock, strictDue ?? ''))
  return merged(today, { choices: { clockId: choices } })
}

const searchRecords: HintsOf = (context) => {
  const found = openOnes(context)
    .flatMap(({ search }) => search?.items ?? [])
    .map(itemValue)
  const all = everything(context.read.state)
  return merged(
    ofOpen(context),
    someOf(
      'items',
      all.map((item) => plain(itemValue(item), itemText(context, item))),
      found,
    ),
  )
}

const itemValue = ({ kind, id }: RecordsItem) => `${kind}:${id}`

const decideRecordsItem: HintsOf = (context) => {
  const copies = context.read.state.evidence.exhibits.filter(
    ({ derivedFrom, isDestroyed }) => derivedFrom !== null && !isDestroyed,
  )
  const choices = copies.map(({ exhibitId, name }) =>
    plain(exhibitId, `${name} (${shortId(exhibitId)})`),
  )
  const grounds = EXEMPTION_GROUNDS.map((value) => ({
    value,
    key: `word.exemptionGround.${value}`,
  }))
  // Most items go out without a copy and without a ground, so none stands chosen.
  return merged(
    ofOpen(context),
    items(context),
    choices.length > 0 ? { choices: { copy: choices } } : {},
    { choices: { exemptionCode: grounds } },
    { widgets: { exemptionCode: 'select' } },
    aboutItems(context),
  )
}

/** From the page of the requests the form opens with the request and the item. */
function aboutItems(context: HintContext): Hints {
  const about = openOnes(context).flatMap((request) => {
    const named = [...undecidedItems(request), ...request.items.map(({ item }) => item)]
    return named.map((item): [string, RawValues] => [
      `${request.requestId}.${itemValue(item)}`,
      {
        ...{ requestId: request.requestId, itemKind: item.kind, itemId: item.id },
        ...decidedValues(request, item),
      },
    ])
  })
  return { about: Object.fromEntries(about) }
}

/** What was decided before, to be changed. */
function decidedValues({ items: decided }: RecordsRequest, item: RecordsItem): RawValues {
  const found = decided.find((one) => isSameItem(one.item, item))
  if (!found) return {}
  const { outcome, copy, exemption } = found
  const { code = '', citation = '', source = '', reason = '' } = exemption ?? {}
  const { harm = '', publicInterest = '' } = exemption ?? {}
  return {
    ...{ outcome, exemptionCode: code, citation, harm, publicInterest },
    ...{ exemptionSource: source, exemptionReason: reason },
    ...(copy === null ? {} : { copy }),
  }
}

const ANSWER_DAYS = 14

const askRecordsOriginator: HintsOf = (context) => {
  const { now, read } = context
  const asked = aboutItems(context).about ?? {}
  const answerBy = addMs(now, ANSWER_DAYS * DAY_MS)
  const about = Object.entries(asked).map(([key, values]): [string, RawValues] => {
    const item = { kind: values['itemKind'], id: values['itemId'] } as RecordsItem
    const [originator = ''] = originatorsOf(recordsBasisOf(read.state), item)
    const { requestId = '', itemKind = '', itemId = '' } = values
    return [key, { requestId, itemKind, itemId, originator, answerBy }]
  })
  return merged(
    ofOpen(context),
    items(context),
    oneOf(
      'originator',
      context.peers.map(({ id, name }) => plain(id, name)),
    ),
    filled({ answerBy }),
    { about: Object.fromEntries(about) },
  )
}

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

const answerRecordsConsultation: HintsOf = (context) => {
  const waiting = context.read.state.evidence.consultations.filter(({ answer }) => !answer)
  return oneOf(
    'consultationId',
    waiting.map(({ consultationId, from, receivedAt, question }) =>
      plain(consultationId, `${dayOf(receivedAt)}: ${nameOf(context, from)}`, question),
    ),
  )
}

const answerRecordsRequest: HintsOf = (context) => {
  const [only, ...others] = openOnes(context)
  const version = only && others.length === 0 ? filled({ asOf: String(only.version) }) : {}
  const about = openOnes(context).map(({ requestId, version: asOf }): [string, RawValues] => [
    requestId,
    { requestId, asOf: String(asOf) },
  ])
  return merged(ofOpen(context), version, { about: Object.fromEntries(about) })
}

const ofAnswered: HintsOf = (context) =>
  oneOf('requestId', answeredOnes(context).map(requestChoice))

export const recordsRequestHints = {
  recordRecordsRequest,
  searchRecords,
  decideRecordsItem,
  askRecordsOriginator,
  recordRecordsConsultation,
  answerRecordsConsultation,
  answerRecordsRequest,
  makeRecordsLetter: ofAnswered,
  noteRecordsAppeal: ofAnswered,
}
