/** Why a decision came out as it did: from the event that recorded it, and from nothing else. Pure. */
import type { ReadCase } from '../../../app/read-case.ts'
import type { Because } from '../../../base/decision.ts'
import type { CaseEvent } from '../../../core/case/case.ts'
import { rungOf } from '../../../core/enforcement/ladder.ts'
import type { LawPack } from '../../../core/law/pack.ts'
import { readable } from '../../words.ts'
import { fineText } from '../act/hints-fines.ts'
import type { WhyModel } from '../why/model.ts'
import { dayOf } from './due.ts'
import type { Names } from './names.ts'
import { detailOf } from './present-detail.ts'
import { refusalOf } from './present-measures.ts'

type Reasons = Pick<WhyModel, 'act' | 'subject' | 'because'> &
  Partial<Pick<WhyModel, 'inputs' | 'steps' | 'duties'>> & { readonly why?: string }

export type WhyView = {
  readonly read: ReadCase
  readonly names: Names
  readonly packs: readonly LawPack[]
  readonly head: WhyModel['case']
}

/** `undefined` if the case has no decision of that version. */
export function presentWhy({ read, names, head }: WhyView, version: number): WhyModel | undefined {
  const recorded = read.events.find((one) => one.version === version)
  const found = recorded && reasonsOf(recorded.event, names)
  if (!recorded || !found) return undefined
  const { why, ...reasons } = found
  return {
    case: head,
    inputs: [],
    steps: [],
    duties: [],
    ...reasons,
    decision: refusalOf(recorded.event) || why !== undefined ? 'refuse' : 'permit',
    ...(why === undefined ? {} : { why }),
    at: recorded.at,
    by: names.causeOf(recorded),
    version,
    stage: recorded.receipt ?? 'accepted',
  }
}

export function hasReasons(event: CaseEvent): boolean {
  return reasonsOf(event, NOBODY) !== undefined
}

/** For the question alone whether there are reasons. */
const NOBODY: Names = {
  own: { id: '', name: '' },
  authority: (id) => ({ id, name: id }),
  officer: (id) => id,
  actor: () => ({ kind: 'timer' }),
  causeOf: () => ({ kind: 'timer' }),
}

const stated = (rule: string, text: string, source?: string | null): Because =>
  source ? { rule, text, source } : { rule, text }

function reasonsOf(event: CaseEvent, names: Names): Reasons | undefined {
  const refused = refusalOf(event)
  if (refused && event.type !== 'releaseDecided') {
    return { ...refused, subject: detailOf(event, names) ?? readable(refused.why) }
  }
  return triageReasons(event) ?? exchangeReasons(event, names) ?? measureReasons(event, names)
}

function triageReasons(event: CaseEvent): Reasons | undefined {
  switch (event.type) {
    case 'priorityComputed':
      return {
        act: 'computePriority',
        subject: event.outcomes.map(({ name }) => name).join(' or '),
        because: [stated('triage.tableLookup', `The row of ${event.table} with these inputs.`)],
        inputs: event.path.map(({ name, valueName, point }) => ({
          name,
          value: valueName ?? 'not known',
          from: point,
        })),
      }
    case 'priorityDecided':
      return {
        act: 'decidePriority',
        subject: `${readable(event.decision)}: ${event.outcome}`,
        because: [stated('triage.personDecides', event.reason)],
        inputs: [{ name: 'The table said', value: event.computedOutcome ?? 'open' }],
      }
    case 'embargoEndSet':
      return {
        act: 'setEmbargoEnd',
        subject: `Until ${event.until} (${event.zone})`,
        because: [stated('disclosure:embargoGround', event.ground)],
        inputs: event.justification ? [{ name: 'Justification', value: event.justification }] : [],
      }
    case 'competenceAssessed':
      return {
        act: 'assessCompetence',
        subject: event.packs.map(({ id, version }) => `${id} ${version}`).join(', '),
        because: event.findings.flatMap(({ legalOrder, competent, because }) =>
          because.map(({ text, ...rest }) => ({
            ...rest,
            text: `${legalOrder} (${competent}): ${text}`,
          })),
        ),
      }
    case 'clocksComputed':
      return {
        act: 'computeClocks',
        subject: event.packs.map(({ id, version }) => `${id} ${version}`).join(', '),
        because: event.results.flatMap(({ clock, state, because }) =>
          because.map(({ text, ...rest }) => ({
            ...rest,
            text: `${clock}, ${readable(state).toLowerCase()}: ${text}`,
          })),
        ),
        inputs: event.results.map(({ clock, state, legalDue, strictDue }) => ({
          name: clock,
          value: [readable(state), legalDue ?? strictDue].filter(Boolean).join(', '),
        })),
        steps: event.results.flatMap(({ clock, steps }) =>
          steps.map(({ at, text }) => ({ on: dayOf(at), text: `${clock}: ${text}` })),
        ),
      }
    default:
      return undefined
  }
}

function markingText({ tlp, codes }: { readonly tlp: string; readonly codes: readonly string[] }) {
  return [`TLP:${tlp}`, ...codes].join(', ')
}

function exchangeReasons(event: CaseEvent, names: Names): Reasons | undefined {
  switch (event.type) {
    case 'releaseDecided': {
      const { agreement, because, why } = event
      const by = agreement ? `${agreement.id}, version ${agreement.version}` : 'none'
      return {
        act: 'releaseToPeer',
        subject: `To ${names.authority(event.recipient).name}`,
        because,
        ...(event.decision === 'refuse' ? { why: why ?? 'refused' } : {}),
        inputs: [
          { name: 'Purpose', value: event.purpose, from: 'officer' },
          { name: 'Legal basis', value: event.legalBasis, from: 'officer' },
          { name: 'Categories', value: event.categories.join(', '), from: 'officer' },
          { name: 'Agreement', value: by, from: 'agreements in force' },
          { name: 'Rights test', value: event.rightsTest ?? 'none', from: 'case' },
          { name: 'Policy (SHA-256)', value: event.policyDigest, from: 'agreement, compiled' },
          ...(event.handling
            ? [{ name: 'Marking', value: markingText(event.handling), from: 'agreement' }]
            : []),
          ...(event.emergency
            ? [{ name: 'Emergency', value: event.emergency.reason, from: 'officer' } as const]
            : []),
          ...(event.together
            ? [
                {
                  name: 'Cases decided on by the same act',
                  value: String(event.together.cases),
                  from: 'officer',
                } as const,
              ]
            : []),
          ...(event.secondOfficer
            ? [{ name: 'Second officer', value: names.officer(event.secondOfficer), from: 'case' }]
            : []),
          ...(event.reviewedBy
            ? [{ name: 'Reviewed by', value: names.officer(event.reviewedBy), from: 'review' }]
            : []),
        ],
        duties: event.duties.map(({ text, owedBy }) => `${text} (${names.authority(owedBy).name})`),
      }
    }
    case 'releaseReceived':
      return {
        act: 'releaseToPeer',
        subject: `From ${names.authority(event.from).name}`,
        because: [stated('release:received', event.legalBasis)],
        inputs: [
          { name: 'Purpose', value: event.purpose, from: names.authority(event.from).name },
          { name: 'Categories', value: event.categories.join(', ') },
        ],
        duties: event.duties.map(({ text }) => text),
      }
    case 'assistanceDecided':
    case 'assistanceAnswerReceived':
      return {
        act: 'answerAssistance',
        subject: `${readable(event.answer)}: request ${event.requestId}`,
        because: [stated(`assistance:${event.answer}`, event.reasons, event.regime)],
        inputs: event.codes.map((code) => ({ name: 'Code', value: code })),
      }
    case 'derivationVerified':
      return {
        act: 'derivationVerified',
        subject: `Exhibit ${event.exhibitId}`,
        because: [
          stated(
            'evidence:derivation',
            `The shown parts lead to the root that entry ${event.leafIndex} of ${event.origin} commits to.`,
          ),
        ],
        inputs: [
          { name: 'Shown parts', value: event.shownParts.join(', ') },
          { name: 'Redacted parts', value: event.redactedParts.join(', ') || 'none' },
          { name: 'Root', value: event.partsRoot },
        ],
      }
    default:
      return undefined
  }
}

function measureReasons(event: CaseEvent, names: Names): Reasons | undefined {
  switch (event.type) {
    case 'measureTaken':
    case 'measureProposed': {
      const { rung, basis, reason } = event
      const officers = event.type === 'measureTaken' ? event.officers : [event.proposedBy]
      const fine = event.type === 'measureProposed' ? event.fine : null
      return {
        act: event.type === 'measureTaken' && rung === 'warning' ? 'warnOperator' : 'proposeOrder',
        subject: readable(rung),
        because: [
          stated(`ladder:${rung}`, rungOf(rung)?.precondition ?? rung, basis),
          stated('enforcement:reason', reason),
          ...(fine ? [stated('ladder:fine', fineText(fine), fine.limit?.source)] : []),
        ],
        inputs: officers.map((id) => ({ name: 'Officer', value: names.officer(id) })),
      }
    }
    case 'rungSkipped':
      return {
        act: 'skipRung',
        subject: readable(event.rung),
        because: [stated(`ladder:${event.ground}`, event.reason, rungOf(event.rung)?.skip.source)],
      }
    case 'hearingOpened':
      return {
        act: 'openHearing',
        subject: readable(event.rung),
        because: [stated('hearing', `The operator is heard until ${event.endsAt}.`, event.source)],
        steps: event.steps.map(({ at, reason }) => ({ on: dayOf(at), text: readable(reason) })),
      }
    case 'measureRecommended':
      return {
        act: 'recommendMeasure',
        subject: readable(event.rung),
        because: [
          stated(`tree:${event.row}`, `Row ${event.row} of ${event.tree} is the first that fits.`),
        ],
        inputs: Object.entries(event.inputs).map(([name, value]) => ({ name, value })),
      }
    case 'reviewDecided':
      return {
        act: 'decideReview',
        subject: readable(event.outcome),
        because: [stated(`review:${event.outcome}`, event.reason)],
        inputs: event.remedy ? [{ name: 'Remedy', value: event.remedy }] : [],
      }
    case 'noticeDelayed':
      return {
        act: 'delayNotice',
        subject: `Until ${event.dueAt}`,
        because: [stated(`notice:${event.ground}`, event.reason)],
      }
    default:
      return undefined
  }
}
