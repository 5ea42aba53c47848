/** Candidates for duplicates over real streams, for who may read them, and the public count of overrules. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { matchWith, relatedReports } from '../../src/app/related-reports.ts'
import { reportFromPortal } from '../../src/core/triage/portal-report.ts'
import { deskKernel } from '../support/desk-kernel.ts'

const reportOf = (title: string, description: string) =>
  reportFromPortal({
    reportId: 'R1',
    language: 'en',
    title,
    description,
    developers: [],
    deployers: [],
    artifacts: [],
    references: [],
    reportedOn: '2026-11-22',
    isPublic: false,
  })
const same = reportOf('Companion Larkspur', 'It is about CVE-2026-1234.')
const again = reportOf(
  'A chat program (invented)',
  'As in cve-2026-1234, it told a person to stop.',
)
const other = reportOf('A ranking of applicants', 'It prefers one invented university.')

test('other cases with a shared identifier are found, others and closed ones are not', async (t) => {
  const desk = await deskKernel(t)
  const iris = await desk.enrol('Iris Quill (invented)', ['caseOfficer'])
  const admin = await desk.enrol('Ada Moss (invented)', ['administrator'])
  const admit = async (title: string, report: typeof same) => {
    const id = await desk.openCase(title, iris)
    await desk.append(id, iris.officer, { type: 'reportAdmitted', report, filingId: null } as {
      readonly type: string
    })
    return id
  }
  const first = await admit('first', same)
  const second = await admit('second', again)
  await admit('third', other)
  await desk.openCase('without a report', iris)
  const acting = desk.now(iris)
  const found = await relatedReports(desk.kernel, { caseId: first, report: same, acting })
  assert.deepEqual(
    found.map(({ caseId, match }) => [caseId, match.likeness]),
    [[second, 'same']],
  )
  const asked = { report: same, otherCaseId: second }
  assert.ok(await matchWith(desk.kernel, { ...asked, acting }))
  const closed = { ...asked, acting: desk.now(admin) }
  assert.equal(await matchWith(desk.kernel, closed), undefined)
  assert.equal(await matchWith(desk.kernel, { ...asked, otherCaseId: 'x', acting }), undefined)
  const unknown = desk.kernel.random.uuid()
  assert.equal(await matchWith(desk.kernel, { ...asked, otherCaseId: unknown, acting }), undefined)
  await desk.append(first, iris.officer, {
    type: 'priorityDecided',
    decision: 'overruled',
    outcome: 'AC',
    reason: 'by hand, in a test',
    computedOutcome: 'T',
  } as { readonly type: string })
  const counts = await desk.kernel.registers.counts(acting.now)
  const standings = counts.filter(({ measure }) => measure === 'priorityStandings')
  assert.deepEqual(standings, [{ measure: 'priorityStandings', key: 'overruled', count: 1 }])
})
