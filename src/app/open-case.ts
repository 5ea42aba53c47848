/**
 * An intake officer admits a filing, or an imported record, into a new case.
 *
 * What is admitted was opened on the officer's side; the node gets the admitted
 * record, never the sealed original's text. The first acts on a filing reach the
 * log with an intake batch, so that the log's timing does not show the filing.
 */
import { Type } from '@sinclair/typebox'
import type { Json } from '../base/canonical-json.ts'
import { type Decision, permit, refuse } from '../base/decision.ts'
import { malformed } from '../base/errors.ts'
import { isUuid } from '../base/ids.ts'
import { utcDateOf } from '../base/time.ts'
import { isAlone, NOBODY_LEFT } from '../core/access/steer-case.ts'
import type { CaseEvent } from '../core/case/case.ts'
import type { Acting } from '../core/case/recorded.ts'
import { initialDisclosure } from '../core/disclosure/disclosure-state.ts'
import { receiveReport } from '../core/disclosure/report.ts'
import {
  type AdmittedReport,
  publicSources,
  type StatedReport,
} from '../core/triage/admitted-report.ts'
import type { FilingClock, FilingExtension } from '../core/triage/filing-clocks.ts'
import { reportFromPortal } from '../core/triage/portal-report.ts'
import { admitReport, initialTriage } from '../core/triage/triage.ts'
import { readAvid } from '../wire/avid.ts'
import { readInput } from '../wire/inputs/read-input.ts'
import { decideDeskAccess } from './access.ts'
import { type ActDone, actDone } from './act.ts'
import type { Kernel } from './kernel.ts'
import { othersWhoSteer } from './others-who-steer.ts'
import type { Filing } from './ports/filings.ts'
import { startProtection } from './protection.ts'
import { type AdmittedAnswers, admittedAnswersForm, furtherOf } from './report-form.ts'
import { startHeldAppeal } from './reporter-appeals.ts'

export const openCaseForm = Type.Object({
  filingId: Type.Optional(Type.String({ maxLength: 40 })),
  title: Type.String({ minLength: 1, maxLength: 300 }),
  /** Exactly one: a record in AVID's form or in any that is read, or the answers of the portal's form. */
  avid: Type.Optional(Type.Unknown()),
  record: Type.Optional(Type.Unknown()),
  answers: Type.Optional(admittedAnswersForm),
  /** Officers whom the reporter names as people who must not see it. */
  barred: Type.Optional(
    Type.Array(Type.String({ maxLength: 40 }), { maxItems: 20, uniqueItems: true }),
  ),
})

export type OpenCase = {
  readonly filingId?: string
  readonly title: string
  readonly avid?: Json
  readonly record?: Json
  readonly answers?: AdmittedAnswers
  readonly barred?: readonly string[]
}

/** `importedId`: of an imported record, chosen before, so that a second try finds the first. */
export async function openCase(
  kernel: Kernel,
  input: OpenCase,
  acting: Acting,
  importedId?: string,
): Promise<Decision<ActDone>> {
  const action = { name: 'openCase', group: 'openCase' } as const
  const access = await decideDeskAccess(kernel, action, acting)
  if (access.decision === 'refuse') return access
  const { filingId = '' } = input
  const filing = isUuid(filingId) ? await kernel.filings.find(filingId) : undefined
  if (input.filingId !== undefined && (!filing || filing.caseId)) {
    throw malformed('no filing with this id waits for admission', { field: 'filingId' })
  }
  const report = reportOf(kernel, input, acting)
  const barred = await barredOf(kernel, input.barred ?? [], acting)
  if (barred.length > 0 && isAlone(await othersWhoSteer(kernel, acting.officer), barred)) {
    return refuse('nobodyLeft', { rule: 'steering:nobodyLeft', text: NOBODY_LEFT })
  }
  const extensions = filing ? kernel.law.filingExtensions(filing.filedOn) : []
  const opening = { title: input.title, report, filing, barred, extensions }
  const events = openingEvents(kernel.node.id, opening, acting)
  if (events.decision === 'refuse') return events
  const ownId = importedId ?? kernel.random.uuidByTime()
  const caseId = filing ? kernel.random.uuid() : ownId
  await kernel.streams.transact(async (unit) => {
    const stream = await unit.create(caseId, 'case')
    await stream.append(events.value, acting.officer, filing ? 'intake' : 'ordinary')
    if (!filing) return
    await unit.admitFiling(filing.id, caseId)
    const messages = await kernel.filings.messages(filing.id)
    const said = messages.filter(({ kind }) => kind === 'retaliation').map(({ id }) => id)
    await startProtection(kernel, unit, caseId, said)
    await startHeldAppeal(kernel, unit, caseId, messages)
  })
  return permit(actDone({ id: caseId }, events.value, { caseId }), ...events.because)
}

/** Whoever opens the case cannot keep itself out: somebody else opens it then. */
async function barredOf({ people }: Kernel, officers: readonly string[], { officer }: Acting) {
  if (officers.length === 0) return officers
  const known = new Set((await people.officers()).map(({ id }) => id))
  if (officers.some((one) => !known.has(one) || one === officer)) {
    throw malformed('an officer who is kept out is another one of this authority', {
      field: 'barred',
    })
  }
  return officers
}

function reportOf(
  kernel: Kernel,
  { avid, record, answers, filingId }: OpenCase,
  acting: Acting,
): AdmittedReport {
  if ([avid, record, answers].filter((one) => one !== undefined).length !== 1) {
    throw malformed('either a record or the answers of the form', { field: 'avid' })
  }
  if (avid !== undefined) return readAvid(avid)
  if (record !== undefined) return readInput(record).report
  const given = answers as AdmittedAnswers
  const lines = (text = '') =>
    text
      .split(/\r?\n/)
      .map((line) => line.trim())
      .filter(Boolean)
  return reportFromPortal({
    reportId: filingId ?? kernel.random.uuid(),
    language: given.language,
    title: given.title,
    description: given.whatHappened,
    developers: lines(given.developer),
    deployers: lines(given.deployer),
    artifacts: lines(given.systemName).map((name) => ({ kind: 'System', name })),
    references: lines(given.references).map((url) => ({ url })),
    reportedOn: utcDateOf(acting.now),
    isPublic: given.isPublic === undefined ? undefined : given.isPublic === 'yes',
    stated: statedOf(given),
  })
}

function statedOf(given: AdmittedAnswers): StatedReport | undefined {
  const { kind, sector, furtherAnswers } = given
  if (kind === undefined) return undefined
  const answers = furtherOf(given)
  return {
    kind,
    ...(sector === undefined ? {} : { sector }),
    ...(Object.keys(answers).length === 0 ? {} : { answers }),
    ...(furtherAnswers === undefined ? {} : { further: furtherAnswers }),
  }
}

type Opening = {
  readonly title: string
  readonly report: AdmittedReport
  readonly filing: Filing | undefined
  readonly barred: readonly string[]
  readonly extensions: readonly FilingExtension[]
}

/** What the receipt promises, with how far law lets each of it be put off. */
function owedOf({ acceptedReceipt }: Filing, extensions: readonly FilingExtension[]) {
  return (acceptedReceipt.receipt?.clocks ?? []).map((clock): FilingClock => {
    const found = extensions.find(({ kind }) => kind === clock.kind)
    return found ? { ...clock, extendsTo: { dueOn: found.dueOn, source: found.source } } : clock
  })
}

function openingEvents(
  node: string,
  { title, report, filing, barred, extensions }: Opening,
  acting: Acting,
): Decision<readonly CaseEvent[]> {
  const received = receiveReport(
    initialDisclosure,
    {
      participant: node,
      roles: ['coordinator', 'caseOwner', 'caseManager'],
      publicSources: publicSources(report),
    },
    acting,
  )
  if (received.decision === 'refuse') return received
  const origin = filing ? { filingId: filing.id, owed: owedOf(filing, extensions) } : {}
  const admitted = admitReport(initialTriage, { report, ...origin }, acting)
  if (admitted.decision === 'refuse') return admitted
  const opened: CaseEvent = {
    type: 'caseOpened',
    title,
    kinds: ['disclosure', 'enforcement'],
    lead: node,
    leadCaseId: null,
    filedOn: filing?.filedOn ?? null,
  }
  const bars = barred.map(
    (officer): CaseEvent => ({
      ...{ type: 'officerBarred', officer, ground: 'namedByReporter' },
      reason: 'the reporter names this person as one who must not see it',
    }),
  )
  return permit([opened, ...bars, ...admitted.value, ...received.value], ...received.because)
}
