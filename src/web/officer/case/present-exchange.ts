/** What crosses borders in a case: releases, assistance, and the exhibits behind them. Pure. */
import type { ReadCase } from '../../../app/read-case.ts'
import { handOverState } from '../../../core/evidence/hand-over-state.ts'
import { holdsOn } from '../../../core/evidence/legal-holds.ts'
import { isBinding, ordersForAccess } from '../../../core/evidence/protective-orders.ts'
import { awaitsValidation } from '../../../core/release/emergency.ts'
import type { Release as DecidedRelease } from '../../../core/release/release.ts'
import { retractionOf } from '../../../core/release/retraction.ts'
import type { Assistance, Exhibit, Release } from './model.ts'
import type { CaseView } from './present-case.ts'

export function releaseRows(view: CaseView): readonly Release[] {
  const { permitted } = view.read.state.releases
  const { received } = view.read.state.releases
  return [...permitted.map((release) => sentRow(view, release)), ...receivedRows(view, received)]
}

function sentRow({ read, names }: CaseView, release: DecidedRelease): Release {
  const { releaseId, recipient, agreement } = release
  const recorded = decisionOf(read, releaseId)
  const handOver = handOverState(read.state.evidence, release)
  return {
    id: releaseId,
    ...(handOver ? { handOver } : {}),
    to: names.authority(recipient),
    title: KIND_TITLES[release.kind],
    state: stateOf(release),
    at: release.decidedAt,
    by: names.actor(release.preparedBy),
    purpose: release.purpose,
    agreement: agreementText(agreement),
    categories: release.categories,
    withheld: withheldFrom(read, release),
    because: release.because,
    duties: release.duties.map((duty) => dutyRow(duty, names.authority(duty.owedBy).name)),
    decisionId: recorded,
  }
}

function stateOf(release: DecidedRelease): Release['state'] {
  const { receipt, sentAt, stopped, withdrawn } = release
  if (stopped) return 'stopped'
  if (withdrawn) return 'retracted'
  if (awaitsValidation(release)) return 'unvalidated'
  return receipt?.status ?? (sentAt ? 'sent' : 'pending')
}

const KIND_TITLES = {
  stub: 'Invitation: that a case exists',
  case: 'Minimised case',
  exhibit: 'Redacted exhibit',
} as const

type Duty = DecidedRelease['duties'][number]

function dutyRow({ text, dueAt, dischargedAt }: Duty, owedBy: string): Release['duties'][number] {
  return {
    text: `${text} (${owedBy})`,
    state: dischargedAt ? 'discharged' : 'open',
    ...(dueAt ? { due: { at: dueAt } } : {}),
  }
}

function agreementText(agreement: DecidedRelease['agreement']): Release['agreement'] {
  const { id = '–', version = 0, digest = '–' } = agreement ?? {}
  return { id, version: String(version), sha256: digest }
}

/** What was asked for together with this recipient and refused, with the clause that refused it. */
function withheldFrom({ state }: ReadCase, { recipient, kind }: DecidedRelease) {
  const refused = state.releases.refused.filter(
    (one) => one.recipient === recipient && one.kind === kind,
  )
  return refused.flatMap(({ categories, because }) =>
    because.slice(0, 1).map((reason) => ({ what: categories.join(', '), because: reason })),
  )
}

function receivedRows(
  { names, read }: CaseView,
  received: ReadCase['state']['releases']['received'],
): readonly Release[] {
  return received.map((release) => ({
    id: release.releaseId,
    to: names.own,
    title: `${KIND_TITLES[release.kind]}, from ${names.authority(release.from).name}`,
    state: retractionOf(read.state.releases, release.releaseId, release.from)
      ? 'retracted'
      : 'released',
    at: release.receivedAt,
    by: { kind: 'peer', name: names.authority(release.from).name },
    purpose: release.purpose,
    agreement: agreementText(release.agreement),
    categories: release.categories,
    withheld: [],
    because: [{ rule: 'release:received', text: `Released under ${release.legalBasis}` }],
    duties: release.duties.map((duty) => dutyRow(duty, names.authority(duty.owedBy).name)),
    decisionId: decisionOf(read, release.releaseId),
  }))
}

function decisionOf({ events }: ReadCase, releaseId: string): string {
  const found = events.findLast(
    ({ event }) =>
      (event.type === 'releaseDecided' || event.type === 'releaseReceived') &&
      event.releaseId === releaseId,
  )
  return String(found?.version ?? 1)
}

export function exhibitRows({ read, names, isDemo }: CaseView): readonly Exhibit[] {
  const { exhibits } = read.state.evidence
  return exhibits.map((exhibit) => {
    const { exhibitId, name, derivedFrom, redactions, parts, digest } = exhibit
    const source = exhibits.find((one) => one.exhibitId === derivedFrom)
    const removed = `${redactions.length} of ${parts} parts removed.`
    const made = read.events.find(
      ({ event }) => 'exhibitId' in event && event.exhibitId === exhibitId,
    )
    const first = made
      ? [
          {
            at: made.at,
            event: BEGINNINGS[exhibit.origin],
            by: names.causeOf(made),
            sha256: digest,
          },
        ]
      : []
    return {
      id: exhibitId,
      title: name,
      isInvented: isDemo,
      sizeBytes: exhibit.sizeBytes,
      sha256: digest,
      ...(derivedFrom
        ? {
            derivedFrom: {
              id: source?.exhibitId ?? '',
              title: source?.name ?? derivedFrom,
              removed,
            },
          }
        : {}),
      holds: holdsOf(read.state, exhibitId),
      custody: [
        ...first,
        ...exhibit.custody.map(({ at, act, by, digest: of }) => ({
          at,
          event: act,
          by: names.actor(by),
          sha256: of,
        })),
      ],
    }
  })
}

/** A tag beside the exhibit: what stands against showing it, or destroying it. */
function holdsOf({ evidence, changedAt }: ReadCase['state'], exhibitId: string): Exhibit['holds'] {
  const isCovered = (bound: readonly string[] | null) => bound === null || bound.includes(exhibitId)
  const orders = ordersForAccess(evidence).some(
    (order) => isCovered(order.exhibits) && changedAt !== null && isBinding(order, changedAt),
  )
  const held = holdsOn(evidence, exhibitId).length > 0
  return [...(orders ? ['protectiveOrder' as const] : []), ...(held ? ['legalHold' as const] : [])]
}

const BEGINNINGS = { sealedHere: 'sealed', redactedHere: 'redacted', received: 'received' } as const

export function assistanceRows({ read, names }: CaseView): readonly Assistance[] {
  const { assistance, rights } = read.state
  return assistance.items.map(({ side, request, openedAt, answer, fulfilment }) => {
    const isIncoming = side === 'requested'
    const peer = isIncoming ? request.requestingAuthority : request.requestedAuthority
    const review = rights.reviews.find(
      ({ subject }) => subject.kind === 'assistance' && subject.id === request.requestId,
    )
    const decided = read.events.findLast(
      ({ event }) =>
        (event.type === 'assistanceDecided' || event.type === 'assistanceAnswerReceived') &&
        event.requestId === request.requestId,
    )
    const waiting =
      review && review.outcome === null ? 'inReview' : isIncoming ? 'received' : 'requested'
    return {
      id: request.requestId,
      direction: isIncoming ? 'incoming' : 'outgoing',
      peer: names.authority(peer),
      about: request.identifiers.map(({ kind, value }) => `${kind} ${value}`).join(', '),
      state: fulfilment ? 'fulfilled' : answer ? ANSWER_STATES[answer.answer] : waiting,
      at: openedAt,
      rightsTest: [
        { part: 'legalBasis', text: request.legalBasis.join('; ') },
        { part: 'necessity', text: request.necessity },
        { part: 'proportionality', text: request.proportionality },
      ],
      ...(review?.reviewer && review.outcome
        ? {
            reviewer: {
              name: names.officer(review.reviewer),
              at: review.openedAt,
              reason: review.reason ?? review.outcome,
            },
          }
        : {}),
      because: answer ? [{ rule: `assistance:${answer.answer}`, text: answer.reasons }] : [],
      ...(decided ? { decisionId: String(decided.version) } : {}),
    }
  })
}

const ANSWER_STATES = { full: 'answered', partial: 'partly', refused: 'refused' } as const
