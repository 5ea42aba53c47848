/**
 * One act that releases something of several cases to one peer, with the same reasons. Each
 * case is decided by itself, as if it were released alone: who may do it, the agreement, the
 * rights test, the law, the embargo. Either all of it leaves, in one transaction, or nothing
 * does; then each case that stood against it keeps its refusal.
 */
import { type Static, Type } from '@sinclair/typebox'
import { type Because, type Decision, type Permit, permit, type Refusal } from '../base/decision.ts'
import { malformed } from '../base/errors.ts'
import type { Acting } from '../core/case/recorded.ts'
import type { ActDone, JudgedAct } from './act.ts'
import { draftOf, hasPartners, releaseTogether, togetherForm } from './acts/release-acts.ts'
import { caseStream, foldCaseStream, requireCaseId } from './case-stream.ts'
import type { Kernel } from './kernel.ts'
import { previewFilledIn } from './preview-release.ts'

/** The transaction holds all of these cases, so that nobody else writes to them meanwhile. */
const CASES_MAX = 50

export const releaseTogetherForm = Type.Object(
  {
    ...togetherForm.properties,
    cases: Type.Array(
      Type.Object(
        {
          caseId: Type.String({ maxLength: 40 }),
          /** What the officer saw of it; without one, however it stands. */
          version: Type.Optional(Type.Integer({ minimum: 1 })),
        },
        { additionalProperties: false },
      ),
      { minItems: 1, maxItems: CASES_MAX },
    ),
  },
  { additionalProperties: false },
)

export type ReleaseTogether = Static<typeof releaseTogetherForm>

export type ReleasedTogether = {
  readonly actId: string
  readonly releases: readonly { readonly caseId: string; readonly result: object }[]
}

/** Why one of the cases does not let it go. */
export type RefusedCase = Pick<Refusal, 'why' | 'because'> & { readonly caseId: string }

/** `why` is that of every refused case, or `notEachCase` where they differ. */
export type NotTogether = Refusal & { readonly refused: readonly RefusedCase[] }

/** @throws ComityError `malformed` if a case is not there, or is named twice */
export async function releaseCasesTogether(
  kernel: Kernel,
  { cases, ...input }: ReleaseTogether,
  acting: Acting,
): Promise<Permit<ReleasedTogether> | NotTogether> {
  const inOrder = eachOnce(cases)
  const together = { actId: kernel.random.uuidByTime(), cases: cases.length }
  return kernel.streams.transact(async (unit) => {
    const judged: (JudgedAct & { readonly caseId: string })[] = []
    for (const { caseId, version } of inOrder) {
      const expected = version === undefined ? {} : { expectedVersion: version }
      const call = { input: { ...input, together }, acting, ...expected }
      judged.push({ caseId, ...(await releaseTogether.judge(kernel, unit, caseId, call)) })
    }
    const against = judged.filter(({ decision }) => decision.decision === 'refuse')
    if (against.length > 0) return refusedTogether(against)
    const done: (Decision<ActDone> & { readonly caseId: string })[] = []
    for (const { caseId, record } of judged) done.push({ caseId, ...(await record()) })
    const releases = done.flatMap((one) =>
      one.decision === 'permit' ? [{ caseId: one.caseId, result: one.value.result }] : [],
    )
    const because = done.flatMap((one) => one.because)
    return permit({ actId: together.actId, releases }, ...eachReason(because))
  })
}

/** In one order, so that two such acts on the same cases never wait for each other. */
function eachOnce(cases: ReleaseTogether['cases']): ReleaseTogether['cases'] {
  const byId = new Map(cases.map((one) => [requireCaseId(one.caseId), one]))
  if (byId.size < cases.length) {
    throw malformed('a case is named twice', { field: '/cases', reason: 'named-twice' })
  }
  return [...byId.values()].sort((a, b) => (a.caseId < b.caseId ? -1 : 1))
}

async function refusedTogether(
  against: readonly (JudgedAct & { readonly caseId: string })[],
): Promise<NotTogether> {
  const refused: RefusedCase[] = []
  for (const { caseId, record } of against) {
    const recorded = await record()
    if (recorded.decision === 'refuse') {
      refused.push({ caseId, why: recorded.why, because: recorded.because })
    }
  }
  const whys = new Set(refused.map(({ why }) => why))
  const [first] = whys
  const why = first !== undefined && whys.size === 1 ? first : 'notEachCase'
  const because = eachReason(refused.flatMap((one) => one.because))
  return { decision: 'refuse', why, because, refused }
}

function eachReason(because: readonly Because[]): readonly Because[] {
  return [...new Map(because.map((one) => [`${one.rule}\n${one.text}`, one])).values()]
}

export type PreviewedCase = {
  readonly caseId: string
  /** Of the case that this was decided on. */
  readonly version: number
  readonly outcome: 'goes' | 'stays'
  readonly because: readonly Because[]
}

/**
 * What each case would answer now; nothing is written.
 *
 * @throws ComityError `malformed` if a case is not there, or is named twice
 */
export async function previewTogether(
  kernel: Kernel,
  { cases, ...input }: ReleaseTogether,
  acting: Acting,
): Promise<readonly PreviewedCase[]> {
  const previewed: PreviewedCase[] = []
  for (const { caseId } of eachOnce(cases)) {
    const { history } = await caseStream(kernel, caseId)
    const state = foldCaseStream(history)
    const draft = draftOf(input)
    const shown = await previewFilledIn({ kernel, caseId, state, acting }, draft)
    const isThere = hasPartners(state)
    const { outcome, because } =
      shown.decision === 'refuse' || isThere.decision === 'permit'
        ? answerOf(shown)
        : { outcome: 'stays' as const, because: isThere.because }
    previewed.push({ caseId, version: history.length, outcome, because })
  }
  return previewed
}

function answerOf(
  shown: Awaited<ReturnType<typeof previewFilledIn>>,
): Pick<PreviewedCase, 'outcome' | 'because'> {
  if (shown.decision === 'refuse') return { outcome: 'stays', because: shown.because }
  const { outcome, because } = shown.value.wholeRelease
  return { outcome, because }
}
