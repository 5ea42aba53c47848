/** What was found, for each requirement of the specification, as text and as JSON. */
import requirements from '../../../protocol/spec/requirements.json' with { type: 'json' }
import { ComityError } from '../../base/errors.ts'
import { plainText } from '../../wire/package/plain-text.ts'
import { type Check, Failed, NotTested, type Session } from './check.ts'

export type Result = 'passed' | 'failed' | 'not tested'

export type Finding = {
  readonly requirement: string
  readonly does: string
  readonly result: Result
  readonly why?: string
  /** Statuses and codes of the answers, in their order; many of one kind are counted. */
  readonly came?: string
}

export type Requirement = {
  readonly id: string
  readonly page: string
  /** The sentence of the specification, or the part of it that is meant. */
  readonly says: string
  /** Why it cannot be seen from outside. */
  readonly outside?: string
}

export const REQUIREMENTS: readonly Requirement[] = requirements

export type Verdict = Requirement & {
  readonly result: Result
  readonly findings: readonly Finding[]
}

/** One after the other: they share a channel. */
export async function runChecks(
  session: Session,
  checks: readonly Check[],
  told: (finding: Finding) => void = () => {},
): Promise<readonly Finding[]> {
  const findings: Finding[] = []
  for (const check of checks) {
    session.talk.came()
    const found = withAnswers(await findingsOf(session, check), session.talk.came())
    for (const finding of found) told(finding)
    findings.push(...found)
    // It may have taken what it should have refused: nobody shall see two histories by mistake.
    if (found.some(({ result }) => result === 'failed')) await session.findPosition()
  }
  return findings
}

async function findingsOf(session: Session, check: Check): Promise<readonly Finding[]> {
  const { requirement, does, run } = check
  try {
    await run(session)
    return [{ requirement, does, result: 'passed' }]
  } catch (error) {
    if (error instanceof NotTested) {
      return [{ requirement, does, result: 'not tested', why: error.message }]
    }
    const failed = { requirement, does, result: 'failed', why: said(error) } as const
    const other = error instanceof Failed ? error.requirement : undefined
    return other && other !== requirement ? [failed, { ...failed, requirement: other }] : [failed]
  }
}

function withAnswers(found: readonly Finding[], answers: readonly string[]): readonly Finding[] {
  const counts = new Map<string, number>()
  for (const answer of answers) counts.set(answer, (counts.get(answer) ?? 0) + 1)
  const came = [...counts].map(([answer, times]) => (times > 1 ? `${times} × ${answer}` : answer))
  return came.length === 0 ? found : found.map((each) => ({ ...each, came: came.join(', ') }))
}

function said(error: unknown): string {
  if (error instanceof Failed) return error.message
  if (error instanceof ComityError) return `${error.message} (${error.reason ?? error.code})`
  return String((error as Error).message)
}

/** Every requirement, also those that no check looks at. */
export function verdictsOf(findings: readonly Finding[]): readonly Verdict[] {
  return REQUIREMENTS.map((requirement) => {
    const own = findings.filter((finding) => finding.requirement === requirement.id)
    return { ...requirement, result: resultOf(own), findings: own }
  })
}

function resultOf(findings: readonly Finding[]): Result {
  if (findings.some(({ result }) => result === 'failed')) return 'failed'
  return findings.some(({ result }) => result === 'passed') ? 'passed' : 'not tested'
}

export function countOf(verdicts: readonly Verdict[], result: Result): number {
  return verdicts.filter((verdict) => verdict.result === result).length
}

const MARK: Readonly<Record<Result, string>> = {
  passed: 'ok  ',
  failed: 'FAIL',
  'not tested': '-   ',
}

export function textOf(verdicts: readonly Verdict[]): string {
  const lines = verdicts.flatMap(({ id, says, result, outside, findings }) => [
    `${MARK[result]} ${id}`,
    `       ${says}`,
    ...(outside ? [`       not tested: ${outside}`] : []),
    ...findings.map(
      (finding) => `       ${finding.result}: ${finding.does}${whyOf(finding)}${cameOf(finding)}`,
    ),
  ])
  const counts = (['passed', 'failed', 'not tested'] as const).map(
    (result) => `${countOf(verdicts, result)} ${result}`,
  )
  return `${lines.join('\n')}\n\n${counts.join(', ')} of ${verdicts.length} requirements\n`
}

const cameOf = ({ came }: Finding) => (came === undefined ? '' : ` [came: ${came}]`)
/** The node that was tested may have chosen words in it. */
const whyOf = ({ why }: Finding) => (why === undefined ? '' : `: ${plainText(why, 1000)}`)
