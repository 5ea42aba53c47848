/** Requests for records of a case, as their page shows them. Decides nothing. Pure. */
import { recordsBasisOf } from '../../../app/acts/records-request-acts.ts'
import type { ReadCase } from '../../../app/read-case.ts'
import type { Instant } from '../../../base/time.ts'
import type { Acting } from '../../../core/case/recorded.ts'
import type { AskedOfUs } from '../../../core/evidence/records-consultation.ts'
import { itemFaults, originatorsOf } from '../../../core/evidence/records-item.ts'
import { RECORDS_LETTER } from '../../../core/evidence/records-letter.ts'
import {
  type Consultation,
  type ItemDecision,
  isSameItem,
  type RecordsItem,
  type RecordsRequest,
} from '../../../core/evidence/records-request.ts'
import { decideRecordsRelease, undecidedItems } from '../../../core/release/records-release.ts'
import { actItem } from '../../parts.ts'
import { recordsItemName } from '../act/hints-records-request.ts'
import type { Names } from '../case/names.ts'
import { caseHead } from '../case/present-case.ts'
import type { AskedRow, ItemRow, RecordsRequestsModel, RequestRow } from './model.ts'

export type RecordsView = {
  readonly read: ReadCase
  readonly names: Names
  readonly acting: Acting
}

export function recordsRequestsModel(view: RecordsView): RecordsRequestsModel {
  const { read, names } = view
  const { requests, consultations } = read.state.evidence
  return {
    case: caseHead(read, names),
    // What waits stands first.
    requests: [
      ...requests.filter(({ answered }) => !answered),
      ...requests.filter(({ answered }) => answered),
    ].map((request) => requestRow(view, request)),
    asked: consultations.map((one) => askedRow(view, one)),
    acts: actsOf(view, ['recordRecordsRequest']),
  }
}

function requestRow(view: RecordsView, request: RecordsRequest): RequestRow {
  const { acting, names } = view
  const { requestId: id, requester, asked, receivedAt, dueAt, search, answered } = request
  const about = { id, label: requester }
  return {
    ...{ id, requester, asked, receivedAt, dueAt },
    standing: standingOf(request, acting.now),
    basis: basisOf(request),
    ...(search
      ? {
          search: {
            how: search.how,
            at: search.at,
            by: names.officer(search.by),
            found: search.items.length,
          },
        }
      : {}),
    items: [
      ...undecidedItems(request).map((item) => undecidedRow(view, request, item)),
      ...request.items.map((one) => decidedRow(view, request, one)),
    ],
    against: answered && request.released.length === 0 ? [] : againstAnswer(view, request),
    ...(answered
      ? {
          answer: {
            outcome: answered.outcome,
            at: answered.at,
            by: names.officer(answered.by),
            reason: answered.reason,
            digest: answered.digest,
            released: request.released.length,
          },
        }
      : {}),
    letters: lettersOf(view, id),
    appeals: request.appeals,
    acts: answered
      ? actsOf(view, ['makeRecordsLetter', 'noteRecordsAppeal'], about)
      : actsOf(view, ['searchRecords', 'decideRecordsItem', 'answerRecordsRequest'], about),
  }
}

function standingOf({ dueAt, answered }: RecordsRequest, now: Instant): RequestRow['standing'] {
  if (answered) return answered.at <= dueAt ? 'inTime' : 'late'
  return dueAt <= now ? 'overdue' : 'open'
}

function basisOf({ dueBasis }: RecordsRequest): RequestRow['basis'] {
  return dueBasis.kind === 'clock'
    ? { kind: 'clock', text: dueBasis.clockId }
    : { kind: 'citation', text: dueBasis.citation }
}

/** Who declared a conflict of interest is asked when the answer is given, not shown here. */
function againstAnswer({ read, acting }: RecordsView, request: RecordsRequest) {
  const basis = { ...recordsBasisOf(read.state), conflicted: [], proposedBy: null }
  const decided = decideRecordsRelease(basis, request, acting)
  return decided.decision === 'refuse' ? decided.because : []
}

function undecidedRow(view: RecordsView, request: RecordsRequest, item: RecordsItem): ItemRow {
  const { read, acting } = view
  const whole = { item, outcome: 'disclose', copy: null } as const
  const faults = itemFaults(recordsBasisOf(read.state), request, whole, acting.now)
  return {
    ...shared(view, request, item),
    state: 'undecided',
    against: faults.flatMap(({ because }) => because),
  }
}

function decidedRow(
  view: RecordsView,
  request: RecordsRequest,
  { item, outcome, copy, exemption, by }: ItemDecision & { readonly by: string },
): ItemRow {
  const { code = '', ...words } = exemption ?? {}
  return {
    ...shared(view, request, item),
    state: outcome,
    by: view.names.officer(by),
    ...(copy === null ? {} : { copy: exhibitName(view, copy) }),
    ...(exemption ? { exemption: { ...exemption, ...words, ground: code } } : {}),
    against: [],
  }
}

function shared(view: RecordsView, request: RecordsRequest, item: RecordsItem) {
  const { read, names } = view
  const name = recordsItemName(read.state, names, item)
  const originators = originatorsOf(recordsBasisOf(read.state), item)
  const acts = ['decideRecordsItem', ...(originators.length > 0 ? ['askRecordsOriginator'] : [])]
  const about = { id: `${request.requestId}.${item.kind}:${item.id}`, label: name }
  return {
    kind: item.kind,
    name,
    originators: originators.map((id) => names.authority(id).name),
    consultations: request.consultations
      .filter((one) => isSameItem(one.item, item))
      .map((one) => consultationRow(view, one)),
    acts: request.answered ? [] : actsOf(view, acts, about),
  }
}

function consultationRow(
  { names, acting }: RecordsView,
  { originator, askedAt, answerBy, question, answer }: Consultation,
): ItemRow['consultations'][number] {
  return {
    originator: names.authority(originator).name,
    ...{ askedAt, answerBy },
    isByMessage: question !== undefined,
    state: answer ? answer.answer : answerBy <= acting.now ? 'silent' : 'waiting',
    ...(answer ? { reason: answer.reason, answeredAt: answer.at } : {}),
  }
}

function askedRow(view: RecordsView, asked: AskedOfUs): AskedRow {
  const { names, acting } = view
  const { consultationId: id, from, question, receivedAt, answerBy, answer } = asked
  const { name } = names.authority(from)
  return {
    ...{ id, from: name, question, receivedAt, answerBy, releases: asked.releaseIds },
    state: answer ? answer.answer : answerBy <= acting.now ? 'late' : 'waiting',
    ...(answer
      ? { answer: { reason: answer.reason, at: answer.at, by: names.officer(answer.by) } }
      : {}),
    acts: answer ? [] : actsOf(view, ['answerRecordsConsultation'], { id, label: name }),
  }
}

function lettersOf({ read }: RecordsView, requestId: string): RequestRow['letters'] {
  return read.state.desk.letters
    .filter(({ template, about }) => template === RECORDS_LETTER && about === requestId)
    .map(({ letterId, madeAt, pdfDigest }) => {
      return { id: letterId, at: madeAt, hasPdf: pdfDigest !== null }
    })
}

function exhibitName({ read }: RecordsView, id: string): string {
  const found = read.state.evidence.exhibits.find(({ exhibitId }) => exhibitId === id)
  return found?.name ?? id
}

function actsOf(
  { read }: RecordsView,
  named: readonly string[],
  about?: { readonly id: string; readonly label: string },
) {
  return named.flatMap((name) => {
    const act = read.acts.find((one) => one.name === name)
    return act ? [actItem(name, act.available, about)] : []
  })
}
