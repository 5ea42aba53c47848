/**
 * The release decision: engine, entity slice and explanation, without the write, one after
 * the other in this process; and the preview of a case with a thousand exhibits.
 *
 *   node bench/release.ts    measures and prints, and writes no file
 *
 * A decision here is what `decideRelease` makes of one prepared release: the clauses in
 * effect, the questions to the engine, the checks, the view and the duties. Its cases
 * differ in officer, recipient, purpose, kind and categories, about half are permitted,
 * and no answer is kept from one to the next. What it is not: reading the case from the
 * database, the rights test's own record, the event, the message and the log.
 */
import { createCedarPolicy } from '../src/adapters/policy/cedar.ts'
import { documentInEffect } from '../src/core/agreement/clauses-in-effect.ts'
import type { PrepareRelease, ReleaseBasis } from '../src/core/release/basis.ts'
import { prepareRelease, releaseQuestion } from '../src/core/release/decide-release.ts'
import { type PreviewItem, previewRelease } from '../src/core/release/preview-release.ts'
import { noReleases } from '../src/core/release/release.ts'
import { askPolicy, type ReleaseQuestion } from '../src/core/release/request.ts'
import { foldRights, noRights, type RightsEvent } from '../src/core/rights/rights.ts'
import { RIGHTS_QUESTIONS, type RightsTest } from '../src/core/rights/rights-test.ts'
import { ALBION, folded, MERIDIA, officer, ringInForce, SIERRA } from '../test/support/ring.ts'
import { NO_SAFEGUARDS } from '../test/support/ring-release.ts'
import { loadText } from './machine.ts'
import { atMost, type Measured, milliseconds, percentile, type Section, table } from './measured.ts'

const DECISIONS = 6000
const WARM_UP = 2000
const RATE_GOAL = 2000
const P99_GOAL_MS = 3
const EXHIBITS = 1000
const PREVIEWS = 9
const PREVIEW_GOAL_MS = 300
const REASON = 'a reason of more than twenty characters'

const test = Object.fromEntries(
  RIGHTS_QUESTIONS.map((question) => [question, { answer: 'yes', reason: REASON }]),
) as unknown as RightsTest
const record = {
  caseSummary: { title: 'A companion app urges people to stop their treatment (invented)' },
  technicalFacts: { problem: 'It answers questions about treatment (invented).'.repeat(20) },
  personalData: { affectedPersons: ['p1', 'p2'] },
  statistics: { releases: 2 },
}

export function measureRelease(): readonly Section[] {
  const before = { what: 'load average before', figure: loadText() }
  return [{ title: 'Releases', lines: [before, ...measureDecisions(), measurePreview()] }]
}

function measureDecisions(): Measured[] {
  const policy = createCedarPolicy()
  const basis = basisOf([tested('r1')])
  let permitted = 0
  const decide = (n: number) => {
    const command = commandOf(n)
    const acting = officer(`officer-${n % 50}`)
    const started = performance.now()
    const { document } = basis.agreement
    if (!document) throw new Error('there is no agreement')
    const inEffect = documentInEffect(document, acting.now)
    const answers = askPolicy(inEffect, releaseQuestion(command, acting), policy.decide)
    const decided = prepareRelease(basis, command, acting, answers)
    const ms = performance.now() - started
    if (decided.decision === 'permit') permitted += 1
    return ms
  }
  for (let n = 0; n < WARM_UP; n += 1) decide(n)
  permitted = 0
  const used = process.cpuUsage()
  const each: number[] = []
  for (let n = 0; n < DECISIONS; n += 1) each.push(decide(n))
  const { user, system } = process.cpuUsage(used)
  const sum = each.reduce((total, ms) => total + ms, 0)
  const rate = Math.round((DECISIONS / sum) * 1000)
  const ofCore = Math.round((DECISIONS / (user + system)) * 1e6)
  const p99 = percentile(each, 0.99)
  return [
    {
      what: `release decisions one after the other (${DECISIONS}, ${permitted} permitted)`,
      figure: `${rate.toLocaleString('en')}/s`,
      goal: { text: `≥ ${RATE_GOAL}/s a core`, isMet: rate >= RATE_GOAL },
      beside: `${ofCore.toLocaleString('en')} for each second of processor time, which depends less on what else this machine does`,
    },
    {
      what: 'one release decision',
      figure: `p50 ${milliseconds(percentile(each, 0.5))}, p99 ${milliseconds(p99)}`,
      goal: atMost(P99_GOAL_MS, p99, 'ms p99'),
    },
  ]
}

/** Half of the exhibits were approved by a reviewer, and the case has as many rights tests. */
function measurePreview(): Measured {
  const ids = Array.from({ length: EXHIBITS }, (_, n) => `x${n}`)
  const reviewed = ids.filter((_, n) => n % 2 === 0).flatMap((id) => approved(`r-${id}`, id))
  const basis = basisOf([...ids.map((id) => tested(`old-${id}`)), ...reviewed])
  const items = ids.map(
    (id): PreviewItem => ({
      command: {
        ...commandOf(0),
        ...{ kind: 'exhibit', categories: ['exhibitTranscript'], exhibitId: id },
        ...{ recipient: ALBION, purpose: 'investigation', releaseId: `r-${id}` },
        record: { exhibitTranscript: { parts: 12 } },
      },
      test,
    }),
  )
  const acting = officer('ada')
  const { document } = basis.agreement
  if (!document) throw new Error('there is no agreement')
  const found: number[] = []
  let going = 0
  for (let n = 0; n < PREVIEWS; n += 1) {
    const policy = createCedarPolicy()
    policy.decide('', REQUEST, [])
    const ask = (question: ReleaseQuestion) =>
      askPolicy(documentInEffect(document, acting.now), question, policy.decide)
    const started = performance.now()
    const previewed = previewRelease(basis, items, acting, ask)
    found.push(performance.now() - started)
    going = previewed.filter(({ outcome }) => outcome === 'goes').length
  }
  if (going !== EXHIBITS / 2) throw new Error(`${going} would go, not half of them`)
  const worst = Math.max(...found)
  return {
    what: `preview of ${EXHIBITS.toLocaleString('en')} exhibits for one authority (${going} would go), an engine without compiled policies each time`,
    figure: `p50 ${milliseconds(percentile(found, 0.5))}, slowest of ${PREVIEWS} ${milliseconds(worst)}`,
    goal: atMost(PREVIEW_GOAL_MS, worst, 'ms'),
  }
}

/** Starts the engine, which is done once in a process. */
const REQUEST = {
  principal: { type: 'Comity::Officer', id: 'x' },
  action: { type: 'Comity::Action', id: 'release' },
  resource: { type: 'Comity::Category', id: 'x' },
  context: {},
}

const RECIPIENTS = [ALBION, ALBION, SIERRA, 'outside.example']
const PURPOSES = ['investigation', 'coordinatedDisclosure', 'investigation']
const CATEGORIES = [['caseSummary'], ['caseSummary', 'technicalFacts'], ['personalData']]

function commandOf(n: number): PrepareRelease {
  return {
    releaseId: 'r1',
    kind: 'case',
    recipient: RECIPIENTS[n % RECIPIENTS.length] as string,
    purpose: PURPOSES[n % PURPOSES.length] as string,
    legalBasis: 'statute 1, section 2 (invented)',
    categories: CATEGORIES[Math.floor(n / 2) % CATEGORIES.length] as string[],
    record,
    rightsTestId: 't-r1',
    emergency: null,
    policyDigest: 'aa',
  }
}

function basisOf(events: readonly RightsEvent[]): ReleaseBasis {
  return {
    ...NO_SAFEGUARDS,
    // Its transfer instruments are made up.
    isExercise: true,
    releases: noReleases,
    agreement: ringInForce(),
    rights: folded(foldRights, noRights, events),
    embargo: { state: 'active', signatories: [MERIDIA, ALBION, SIERRA] },
    conflicted: [],
  }
}

function tested(releaseId: string): RightsEvent {
  const subject = { kind: 'release', id: releaseId } as const
  return { type: 'rightsTestRecorded', testId: `t-${releaseId}`, subject, test }
}

function approved(releaseId: string, exhibitId: string): readonly RightsEvent[] {
  const reviewId = `v-${releaseId}`
  const categories = ['exhibitTranscript']
  const covers = { recipient: ALBION, purpose: 'investigation', categories, exhibitId }
  const subject = { kind: 'release', id: releaseId } as const
  const outcome = { outcome: 'approved', reviewer: 'judge', reason: REASON, remedy: null } as const
  return [
    { type: 'reviewOpened', reviewId, subject, covers, reviewerMustNotBe: [] },
    { type: 'reviewDecided', reviewId, ...outcome },
  ]
}

if (import.meta.main) {
  process.stdout.write(`${measureRelease().map(table).join('\n')}\n`)
}
