/**
 * Projections: what lists across streams need, derived from one stream alone.
 *
 * Pure: the same history gives the same rows. `comity rebuild` runs exactly this.
 */
import {
  type CaseEvent,
  type CasePhase,
  type CaseState,
  caseForAccess,
  foldCase,
  phaseOf,
} from '../core/case/case.ts'
import type { Recorded } from '../core/case/recorded.ts'
import { isUnderEmbargo } from '../core/disclosure/disclosure-state.ts'
import { agreedCredit, publicCredit } from '../core/disclosure/recognition.ts'
import type { Erasure } from '../core/erasure/erasure.ts'
import { dueAtOf, retentionStateOf } from '../core/evidence/retention.ts'
import { transferOf } from '../core/evidence/transfer.ts'
import { caseLawOf } from '../core/law/case-inputs.ts'
import {
  foldSignOffs,
  isSignOffSimulated,
  noSignOffs,
  type SignOffEvent,
} from '../core/law/sign-off.ts'
import { fileFollowing } from '../core/release/file-view.ts'
import { otherSideOf, standingOf } from '../core/release/follow-duties.ts'
import type { ReceivedRelease, Release } from '../core/release/release.ts'
import { DELETION_DUTY } from '../core/release/retraction.ts'
import { isNoticeDelayed } from '../core/rights/notice.ts'
import { foldAgreementStream } from './agreement-record.ts'
import { caseTies } from './case-ties.ts'
import { disclosureFacts } from './disclosure-facts.ts'
import { dueRows } from './due-rows.ts'
import { foldErasureStream } from './erasure/read-erasures.ts'
import type { Projection } from './ports/projection.ts'
import type { AnyEvent, StreamKind } from './ports/streams.ts'
import { publicTextRows } from './public-text-rows.ts'
import { creditFactsOf } from './recognition-facts.ts'

const nothing: Projection = {
  cases: [],
  deadlines: [],
  law: [],
  decisions: [],
  duties: [],
  releases: [],
  transfers: [],
  retention: [],
  notices: [],
  dues: [],
  publications: [],
  publicTexts: [],
  disclosures: [],
  thanks: [],
  ties: [],
  agreements: [],
  signOffs: [],
}

export function projectStream(
  kind: StreamKind,
  history: readonly Recorded<AnyEvent>[],
): Projection {
  switch (kind) {
    case 'case':
      return projectCase(history as readonly Recorded<CaseEvent>[])
    case 'agreement':
      return projectAgreement(history)
    case 'law':
      return projectLaw(history as readonly Recorded<SignOffEvent>[])
    case 'authority':
    case 'sealing':
    case 'oversight':
      return nothing
    case 'erasure':
      return { ...nothing, duties: foldErasureStream(history).erasures.flatMap(erasureDuties) }
  }
}

function projectCase(history: readonly Recorded<CaseEvent>[]): Projection {
  const state = foldCase(history)
  const { openedAt, changedAt, title, lead, leadCaseId, triage } = state
  if (openedAt === null || changedAt === null) return nothing
  const { caseId: _, ...access } = caseForAccess('', state)
  const released = [...state.releases.permitted, ...state.releases.received]
  return {
    ...nothing,
    cases: [
      {
        title,
        lead,
        leadCaseId,
        phase: phaseOf(state),
        priority: triage.decided?.outcome ?? null,
        priorityStanding: triage.decided?.decision ?? null,
        isUnderEmbargo: isUnderEmbargo(state.disclosure),
        openedAt,
        changedAt,
        access,
      },
    ],
    deadlines: Object.values(state.law.clocks).map((result) => ({
      clock: result.clock,
      legalOrder: result.legalOrder,
      state: result.state,
      dueAt: result.strictDue,
      legalDue: result.legalDue,
    })),
    law: [{ isDecided: isDecided(phaseOf(state)), inputs: caseLawOf(state.law) }],
    decisions: history.flatMap(decisionOf),
    duties: released.flatMap(dutyRows),
    releases: state.releases.permitted.flatMap(releaseRow),
    transfers: [...filesLeaving(state), ...filesComing(state)],
    retention: state.evidence.exhibits.map((exhibit) => ({
      exhibitId: exhibit.exhibitId,
      state: retentionStateOf(state.evidence, exhibit),
      dueAt: dueAtOf(state.evidence, exhibit),
    })),
    notices: state.rights.persons.map((person) => {
      const notice = state.rights.notices.find(({ personId }) => personId === person.personId)
      const waits = isNoticeDelayed(person, changedAt) ? 'delayed' : 'due'
      const told = notice && (notice.challengeIds.length > 0 ? 'challenged' : 'sent')
      const dueAt = person.delay?.dueAt ?? null
      const wasDelayed = person.delay !== null
      return { personId: person.personId, state: told ?? waits, dueAt, wasDelayed }
    }),
    dues: dueRows(state),
    publications: state.publications,
    disclosures: disclosureFacts(history),
    publicTexts: publicTextRows(state, agreedCredit(creditFactsOf(state))?.name),
    thanks: [publicCredit(creditFactsOf(state))].filter((line) => line !== undefined),
    ties: caseTies(state),
  }
}

/** What recipients of an erased case owe, beside the duties of cases. */
function erasureDuties({ requests }: Erasure): Projection['duties'] {
  return requests.map(({ releaseId, recipient, dueAt, answer }) => ({
    ...{ releaseId, duty: DELETION_DUTY, kind: 'deleteBy' as const, breachedAt: null },
    ...{ owedBy: recipient, otherSide: recipient, isOwedByUs: false },
    // Whoever keeps it on a ground is not late.
    dueAt: answer === null || answer.answer === 'done' ? dueAt : null,
    dischargedAt: answer?.answer === 'done' ? answer.at : null,
    state: answer?.answer === 'done' ? ('discharged' as const) : ('open' as const),
  }))
}

function dutyRows(release: Release | ReceivedRelease): Projection['duties'] {
  const otherSide = otherSideOf(release)
  return release.duties.map((duty) => ({
    releaseId: release.releaseId,
    duty: duty.dutyId,
    dueAt: duty.dueAt,
    dischargedAt: duty.dischargedAt,
    kind: duty.kind,
    owedBy: duty.owedBy,
    otherSide,
    isOwedByUs: duty.owedBy !== otherSide,
    state: standingOf(release, duty),
    breachedAt: duty.breach?.at ?? null,
  }))
}

function releaseRow(release: Release): Projection['releases'] {
  const { releaseId, emergency, withdrawn, validation } = release
  const validateBy = emergency?.validateBy ?? null
  if (validateBy === null && withdrawn === null) return []
  const state = withdrawn ? 'withdrawn' : validation ? 'validated' : 'waiting'
  return [
    {
      releaseId,
      emergency: validateBy === null ? null : state,
      validateBy,
      withdrawn: withdrawn?.cause ?? null,
      isDeletionConfirmed: withdrawn?.done !== null && withdrawn !== null,
    },
  ]
}

function filesLeaving({ releases, evidence }: CaseState): Projection['transfers'] {
  return releases.permitted.flatMap(({ releaseId, recipient, view, sentAt, stopped }) => {
    const file = fileFollowing(view)
    if (!file || sentAt === null || stopped) return []
    if (transferOf(evidence, releaseId, recipient)) return []
    const facts = { peer: recipient, isOurs: true, sizeBytes: file.sizeBytes }
    return [{ releaseId, ...facts, begunAt: sentAt }]
  })
}

function filesComing({ evidence }: CaseState): Projection['transfers'] {
  return evidence.transfers.flatMap(({ releaseId, peer, announced, ended }) => {
    if (!announced || ended) return []
    const { file, at: begunAt } = announced
    return [{ releaseId, peer, isOurs: false, sizeBytes: file.sizeBytes, begunAt }]
  })
}

/** A measure was taken, or an advisory published: what was decided keeps its law. */
function isDecided(phase: CasePhase): boolean {
  return phase === 'enforcement' || phase === 'published'
}

function decisionOf({ event, version, at }: Recorded<CaseEvent>): Projection['decisions'] {
  const base = { version, decidedAt: at }
  switch (event.type) {
    case 'releaseDecided': {
      const { decision, why, because } = event
      return [{ ...base, act: 'release', decision, why, rules: rulesOf(because) }]
    }
    case 'measureTaken':
      return [{ ...base, act: event.rung, decision: 'permit', why: null, rules: [] }]
    case 'actRefused':
    case 'measureRefused': {
      const act = event.type === 'actRefused' ? event.act : event.rung
      const rules = rulesOf(event.because)
      return [{ ...base, act, decision: 'refuse', why: event.why, rules }]
    }
    case 'embargoEndRefused': {
      const rules = rulesOf(event.because)
      return [{ ...base, act: 'setEmbargoEnd', decision: 'refuse', why: event.why, rules }]
    }
    case 'assistanceDecided': {
      const decision = event.answer === 'refused' ? 'refuse' : 'permit'
      return [{ ...base, act: 'assistance', decision, why: null, rules: [...event.codes] }]
    }
    case 'reviewDecided': {
      const isYes = event.outcome === 'approved' || event.outcome === 'upheld'
      const decision = isYes ? 'permit' : 'refuse'
      return [{ ...base, act: 'review', decision, why: null, rules: [] }]
    }
    default:
      return []
  }
}

const rulesOf = (because: readonly { readonly rule: string }[]) => [
  ...new Set(because.map(({ rule }) => rule)),
]

function projectAgreement(history: readonly Recorded<AnyEvent>[]): Projection {
  const { document, digest, phase } = foldAgreementStream(history)
  if (!document || !digest) return nothing
  return { ...nothing, agreements: [{ state: phase, digest, document }] }
}

function projectLaw(history: readonly Recorded<SignOffEvent>[]): Projection {
  const state = history.reduce(foldSignOffs, noSignOffs)
  const byPack = new Map(state.signOffs.map((one) => [`${one.pack} ${one.version}`, one]))
  const signOffs = [...byPack.values()].map(({ pack, version, digest }) => {
    const own = state.signOffs.filter((one) => one.pack === pack && one.version === version)
    const officers = new Set(own.map(({ officer }) => officer)).size
    const simulated = isSignOffSimulated(state, { id: pack, version, digest })
    return { pack, version, officers, simulated }
  })
  return { ...nothing, signOffs }
}
