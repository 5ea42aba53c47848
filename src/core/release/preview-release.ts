/**
 * What a recipient would get, before anything is written: each category of the case and
 * each exhibit is put to the one decision (decide-release.ts) as the release that an
 * officer would make of it alone.
 *
 * Promises the answer that the decision gives at the same moment, on the same basis and
 * to the same command, because it is that decision. Records nothing, sends nothing,
 * opens no exhibit. It does not promise that the facts stay as they are.
 */
import type { Because } from '../../base/decision.ts'
import { requireInForce } from '../agreement/agreement.ts'
import { documentInEffect } from '../agreement/clauses-in-effect.ts'
import type { Acting } from '../case/recorded.ts'
import type { RightsState } from '../rights/rights.ts'
import type { RightsTest } from '../rights/rights-test.ts'
import type { PrepareRelease, ReleaseBasis } from './basis.ts'
import { prepareRelease, releaseFaults, releaseQuestion, shownOf } from './decide-release.ts'
import type { Duty, ReleaseView, WhyRelease } from './release.ts'
import { type Remedy, remedyOf } from './remedies.ts'
import type { PolicyAnswers, ReleaseQuestion } from './request.ts'

export type PreviewItem = {
  /** The release that would be made of it. */
  readonly command: PrepareRelease
  /** The rights test that would be recorded with it; undefined: the one it names is on record. */
  readonly test: RightsTest | undefined
}

export type PreviewedItem = {
  readonly categories: readonly string[]
  readonly exhibitId: string | null
} & (
  | {
      readonly outcome: 'goes'
      readonly view: ReleaseView
      readonly duties: readonly Duty[]
      readonly because: readonly Because[]
    }
  | {
      readonly outcome: 'stays'
      /** The first of the reasons; `because` holds all. */
      readonly why: WhyRelease
      readonly because: readonly Because[]
      /** What would have to happen, all of it, before this could go. */
      readonly remedies: readonly Remedy[]
    }
)

type Ask = (question: ReleaseQuestion) => PolicyAnswers

/** Each item for itself. `ask` is called once for each distinct question. */
export function previewRelease(
  basis: ReleaseBasis,
  items: readonly PreviewItem[],
  acting: Acting,
  ask: Ask,
): readonly PreviewedItem[] {
  const askOnce = onceForEachQuestion(ask)
  return items.map((item) => previewItem(basis, item, acting, askOnce))
}

function previewItem(
  basis: ReleaseBasis,
  { command, test }: PreviewItem,
  acting: Acting,
  ask: Ask,
): PreviewedItem {
  const { categories, exhibitId = null } = command
  const rights = test ? withTest(basis.rights, command, test, acting) : basis.rights
  const tested = { ...basis, rights }
  const answers = ask(releaseQuestion(command, acting))
  const decided = prepareRelease(tested, command, acting, answers)
  const { because } = decided
  if (decided.decision === 'refuse') {
    const { why } = decided
    const remedies = remediesOf(tested, command, why, { acting, answers })
    return { categories, exhibitId, outcome: 'stays', why, because, remedies }
  }
  const released = decided.value.find((event) => event.type === 'releaseDecided')
  const duties = released?.duties ?? []
  return { categories, exhibitId, outcome: 'goes', view: shownOf(command), duties, because }
}

/** Of every reason, not only of the first: to meet one of them would not be enough. */
function remediesOf(
  basis: ReleaseBasis,
  command: PrepareRelease,
  first: WhyRelease,
  more: { readonly acting: Acting; readonly answers: PolicyAnswers },
): readonly Remedy[] {
  const { now } = more.acting
  const force = requireInForce(basis.agreement, now)
  const faults =
    force.decision === 'permit'
      ? releaseFaults(
          basis,
          documentInEffect(force.value.document, now, new Set(basis.disputed)),
          command,
          more,
        )
      : []
  return [...new Set([first, ...faults.map(({ why }) => why)].map(remedyOf))]
}

/** The state as it would be when the test is on record, as it is when a release is decided. */
export function withTest(
  rights: RightsState,
  { rightsTestId, releaseId }: Pick<PrepareRelease, 'rightsTestId' | 'releaseId'>,
  test: RightsTest,
  { officer, now }: Pick<Acting, 'officer' | 'now'>,
): RightsState {
  if (rightsTestId === null) return rights
  const subject = { kind: 'release', id: releaseId } as const
  const recorded = { testId: rightsTestId, subject, test, officer, at: now }
  return { ...rights, tests: [recorded, ...rights.tests] }
}

function onceForEachQuestion(ask: Ask): Ask {
  const answered = new Map<string, PolicyAnswers>()
  return (question) => {
    const key = JSON.stringify(question)
    const known = answered.get(key) ?? ask(question)
    answered.set(key, known)
    return known
  }
}
