/** Reading reports of a verification in tests. */
import assert from 'node:assert/strict'
import type { Check, Report } from '../../src/wire/package/report.ts'

export function failedChecks({ checks }: Report): readonly Check[] {
  return checks.filter(({ ok }) => !ok)
}

/** The check failed and named the file, and the event where one is meant. */
export function requireFailure(
  report: Report,
  id: Check['id'],
  file: string,
  version?: number,
): void {
  assert.equal(report.verdict, 'failed')
  const failures = report.checks.find((check) => check.id === id)?.failures ?? []
  const isNamed = failures.some(
    (failure) => failure.file === file && (version === undefined || failure.version === version),
  )
  const said = failedChecks(report).map((check) => [check.id, check.failures.slice(0, 3)])
  assert.ok(isNamed, `${id} did not name ${file}, event ${version}: ${JSON.stringify(said)}`)
}
