/** The case page's model from the folded case and its events. Pure; each section has its file. */
import type { Filing } from '../../../app/ports/filings.ts'
import type { ReadCase } from '../../../app/read-case.ts'
import { utcDateOf } from '../../../base/time.ts'
import { phaseOf } from '../../../core/case/case.ts'
import type { LawPack } from '../../../core/law/pack.ts'
import { isAlreadyPublic } from '../../../core/triage/admitted-report.ts'
import { actItem } from '../../parts.ts'
import type { CaseModel, Disclosure, Priority, ReportPanel, TimelineEntry } from './model.ts'
import type { Names } from './names.ts'
import { detailOf } from './present-detail.ts'
import { assistanceRows, exhibitRows, releaseRows } from './present-exchange.ts'
import { clockRows, competenceRows } from './present-law.ts'
import { measureRows, refusalRows, rightsOf } from './present-measures.ts'
import { newerLawOf } from './present-newer-law.ts'
import { hasReasons } from './present-why.ts'
import { nextClock, receiptCounts, splitTimeline } from './presenter.ts'

export type CaseView = {
  readonly read: ReadCase
  readonly names: Names
  readonly packs: readonly LawPack[]
  /** The filing that the case came from, where it came from one. */
  readonly filing: Pick<Filing, 'filedOn' | 'hasContact' | 'acceptedReceipt'> | undefined
  /** Exhibits and operators of a demonstration are invented. */
  readonly isDemo: boolean
}

export function presentCase(view: CaseView): CaseModel {
  const { read, names } = view
  const { state, events, caseId } = read
  const clocks = clockRows(view)
  const next = nextClock(clocks)
  const [first] = events
  const timeline = events.map((recorded) => timelineEntry(view, recorded))
  const report = reportOf(view)
  const priority = priorityOf(view)
  const disclosure = disclosureOf(view)
  return {
    ...caseHead(read, names),
    id: caseId,
    kinds: state.kinds,
    phase: phaseOf(state),
    lead: names.authority(state.lead),
    isLead: state.lead === names.own.id,
    openedAt: state.openedAt ?? (first?.at as CaseModel['openedAt']),
    openedBy: first ? names.causeOf(first) : { kind: 'timer' },
    ...(next ? { nextClock: next } : {}),
    subject: subjectOf(view),
    timeline: splitTimeline(timeline),
    receipts: receiptCounts(timeline),
    ...(report ? { report } : {}),
    ...(priority ? { priority } : {}),
    ...(disclosure ? { disclosure } : {}),
    competence: competenceRows(view),
    clocks,
    newerLaw: newerLawOf(view),
    releases: releaseRows(view),
    exhibits: exhibitRows(view),
    assistance: assistanceRows(view),
    measures: measureRows(view),
    rights: rightsOf(view),
    refusals: refusalRows(view),
    acts: actGroups(read),
  }
}

/** A short name for people: it carries the node and the year, and is no key. */
export function caseRef(caseId: string, openedAt: string | null, node: string): string {
  const short = caseId.replaceAll('-', '').slice(-6).toUpperCase()
  return `${node.slice(0, 3).toUpperCase()}-${(openedAt ?? '').slice(0, 4)}-${short}`
}

export function caseHead({ caseId, state }: ReadCase, { own }: Names) {
  return { id: caseId, ref: caseRef(caseId, state.openedAt, own.id), title: state.title }
}

function subjectOf({ read: { state }, isDemo }: CaseView): CaseModel['subject'] {
  const { operator } = state.enforcement
  const affected = state.triage.report?.affected
  const artifacts = affected?.artifacts?.map(({ name }) => name) ?? []
  const deployers = affected?.deployers?.join(', ')
  const developers = affected?.developers?.join(', ')
  return {
    system: artifacts.join(', ') || '–',
    provider: operator?.name ?? (developers || '–'),
    ...(deployers ? { deployer: deployers } : {}),
    isInvented: operator?.invented ?? (isDemo && state.triage.report?.source.format === 'portal'),
  }
}

type CaseRecorded = ReadCase['events'][number]

function timelineEntry({ names }: CaseView, recorded: CaseRecorded): TimelineEntry {
  const { event, version, at, receipt } = recorded
  const detail = detailOf(event, names)
  return {
    version,
    at,
    by: names.causeOf(recorded),
    event: event.type,
    stage: receipt ?? 'accepted',
    ...(detail ? { detail } : {}),
    ...(hasReasons(event) ? { decisionId: String(version) } : {}),
  }
}

function actGroups({ acts }: ReadCase): CaseModel['acts'] {
  const groups = [...new Set(acts.map(({ topic }) => topic))]
  return groups.map((group) => ({
    group,
    items: acts
      .filter(({ topic }) => topic === group)
      .map(({ name, available }) => actItem(name, available)),
  }))
}

function reportOf({ read: { state }, filing }: CaseView): ReportPanel | undefined {
  const { report, terms, admittedAt } = state.triage
  if (!report) return undefined
  return {
    text: report.description.text || report.title.text,
    language: languageTag(report.description.language),
    receivedOn:
      filing?.filedOn ?? state.filedOn ?? utcDateOf(admittedAt ?? state.openedAt ?? NEVER),
    level: filing?.acceptedReceipt.receipt.mode ?? 'by-officer',
    isAlreadyPublic: isAlreadyPublic(report),
    references: (report.references ?? []).map(({ label, url }) =>
      label && label !== url ? `${label}: ${url}` : url,
    ),
    hasSealedContact: filing?.hasContact ?? false,
    taxonomy: terms.map(({ scheme, id, label }) => ({ scheme, code: id, term: label })),
  }
}

const NEVER = '1970-01-01T00:00:00.000Z' as NonNullable<ReadCase['state']['openedAt']>

/** AVID writes ISO 639-3; pages need BCP 47. What is not known stays undetermined. */
function languageTag(language: string): string {
  if (language === 'eng') return 'en'
  return /^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/.test(language) ? language : 'und'
}

function priorityOf({ read, names }: CaseView): Priority | undefined {
  const { computed, decided, cvss } = read.state.triage
  if (!computed) return undefined
  const nameOf = (key: string | null) =>
    computed.choices.find((choice) => choice.key === key)?.name ?? key ?? 'open'
  const version = versionOf(read, decided ? 'priorityDecided' : 'priorityComputed')
  return {
    outcome: nameOf(decided?.outcome ?? computed.outcome).toLowerCase(),
    table: `${computed.table} ${computed.version}`,
    state: decided?.decision ?? 'proposed',
    inputs: computed.path
      .map(({ name, valueName, point }) => ({
        name,
        value: valueName ?? 'not known',
        from: point,
      }))
      .concat(
        // Beside the table, never instead of it: it changes no outcome.
        cvss
          ? [
              {
                name: 'CVSS 4.0',
                value: `${cvss.score.toFixed(1)} ${cvss.severity}`,
                from: cvss.vector,
              },
            ]
          : [],
      ),
    ...(decided ? { by: names.actor(decided.by), reason: decided.reason } : {}),
    ...(version ? { decisionId: version } : {}),
  }
}

/** Of the newest event of a type. */
export function versionOf({ events }: ReadCase, type: string): string | undefined {
  const found = events.findLast(({ event }) => event.type === type)
  return found && String(found.version)
}

function disclosureOf({ read: { state, events }, names }: CaseView): Disclosure | undefined {
  const { disclosure } = state
  const own = disclosure.participants.find(({ id }) => id === names.own.id)
  if (!own && !state.invitation) return undefined
  const endsAt = disclosure.terms?.until ?? disclosure.embargoEnd?.until
  const vendor = disclosure.participants.map(({ vendorState }) => vendorState).join('')
  const happened = vendor + disclosure.publicState
  return {
    state: own?.reportState ?? 'received',
    embargo: { state: disclosure.embargo, ...(endsAt ? { endsAt } : {}) },
    consents: disclosure.participants.map(({ id, consent }) => {
      const change = events.findLast(
        ({ event }) => event.type === 'consentChanged' && event.participant === id,
      )
      return {
        authority: names.authority(id),
        state: consent,
        ...(change ? { at: change.at } : {}),
      }
    }),
    awareness: AWARENESS.map(([letter, fact]) => ({ fact, holds: happened.includes(letter) })),
  }
}

/** The letters of a case's state: a capital one has happened. */
const AWARENESS = [
  ['V', 'vendorAware'],
  ['F', 'fixReady'],
  ['D', 'fixDeployed'],
  ['P', 'publicAware'],
  ['X', 'exploitPublic'],
  ['A', 'attacksObserved'],
] as const
