/** `comity agreement`: what is wrong with an agreement, and what a version of it changes. */
import { parseArgs } from 'node:util'
import { nodePrimitives } from '../../adapters/node-primitives.ts'
import { calendarDate, type Instant, instant, instantFromMs } from '../../base/time.ts'
import type { ChangeEffect } from '../../core/agreement/diff/change.ts'
import { type AgreementDiff, diffAgreements } from '../../core/agreement/diff/diff-agreements.ts'
import type { LintFinding } from '../../core/agreement/lint/finding.ts'
import { countsOf, documentOf, lintDocument } from '../../wire/agreement-ask.ts'
import { packsOf } from '../../wire/law-question.ts'
import { shippedLaw } from '../law/shipped-law.ts'
import { wrapped } from '../law/text-lines.ts'
import { type AgreementFile, agreementFile } from './agreement-file.ts'

const USAGE = `usage: comity agreement lint FILE [--on DAY] [--against EU,GB] [--between EU,GB] [--json]
       comity agreement diff OLD NEW [--between EU,GB] [--json]

lint     what a careful reader would say of an agreement before signing, by the shipped law packs
diff     what a newer version changes, and whether it permits more, less or something else
FILE     JSON: an agreement, or a model as in agreements/
DAY      the day asked about, such as 2027-01-01; without it today
--against  whose law packs count; without it those of all parties
--between  the legal orders of the parties that a model is tried with; without it EU,GB

Not legal advice. Exit codes: 0 no errors found, 1 errors found or no agreement, 2 wrong usage.
`

export async function agreementCommand(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args
  const command = name === 'lint' ? lintCommand : name === 'diff' ? diffCommand : undefined
  if (command === undefined || rest.includes('--help')) {
    process[rest.includes('--help') ? 'stdout' : 'stderr'].write(USAGE)
    return name === '--help' || rest.includes('--help') ? 0 : 2
  }
  return command(rest)
}

function lintCommand(args: readonly string[]): number {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { ...OPTIONS, on: { type: 'string' }, against: { type: 'string' } },
  })
  const [path, ...more] = positionals
  if (path === undefined || more.length > 0) return wrongUsage()
  const now = dayOf(values.on)
  const file = agreementFile(path, ordersOf(values.between), now)
  const against = values.against === undefined ? undefined : [...ordersOf(values.against)]
  const packs = packsOf(against, shippedLaw().packs, '--against')
  const means = { packs, primitives: nodePrimitives }
  const findings = ofFile(file, lintDocument(means, file.document, now))
  const counts = countsOf(findings)
  const text = `${[...findings.flatMap(findingLines), countLine(findings)].join('\n')}\n`
  process.stdout.write(values.json ? `${JSON.stringify({ findings, counts })}\n` : text)
  return counts.error > 0 ? 1 : 0
}

function diffCommand(args: readonly string[]): number {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: OPTIONS,
  })
  const [oldPath, newPath, ...more] = positionals
  if (oldPath === undefined || newPath === undefined || more.length > 0) return wrongUsage()
  const [older, newer] = [oldPath, newPath].map((path) =>
    documentOf(agreementFile(path, ordersOf(values.between), DIFF_START).document, path),
  )
  if (older === undefined || newer === undefined) return wrongUsage()
  const diff = diffAgreements(older, newer)
  process.stdout.write(
    values.json ? `${JSON.stringify(diff)}\n` : `${diffLines(diff).join('\n')}\n`,
  )
  return 0
}

const OPTIONS = {
  between: { type: 'string', default: 'EU,GB' },
  json: { type: 'boolean', default: false },
} as const
/** Both models of a comparison start at one instant, whichever. */
const DIFF_START = '2027-01-01T00:00:00.000Z' as Instant

function wrongUsage(): number {
  process.stderr.write(USAGE)
  return 2
}

function dayOf(on: string | undefined): Instant {
  if (on === undefined) return instantFromMs(Date.now())
  return instant(`${calendarDate(on, '--on')}T00:00:00.000Z`)
}

function ordersOf(list: string): readonly string[] {
  return list.split(',').map((order) => order.trim().toUpperCase())
}

/** What a model cannot have yet is not held against it. */
function ofFile({ isModel }: AgreementFile, findings: readonly LintFinding[]) {
  return isModel ? findings.filter(({ code }) => code !== 'quorumNone') : findings
}

function findingLines({ severity, code, where, text, source }: LintFinding): readonly string[] {
  return [
    ...wrapped(`${severity.padEnd(8)}`, `${where}: ${text} [${code}]`),
    ...(source === undefined ? [] : wrapped('          ', source)),
  ]
}

function countLine(findings: readonly LintFinding[]): string {
  const { error, warning, note } = countsOf(findings)
  return `${error} errors, ${warning} warnings, ${note} notes`
}

const VERDICTS: Readonly<Record<ChangeEffect | 'same', string>> = {
  more: 'The newer text permits more, or guards less.',
  less: 'The newer text permits less, or guards more.',
  moreAndLess: 'The newer text permits more in some respects, and less in others.',
  somethingElse: 'The newer text permits the same; it binds people, or how they deal, otherwise.',
  onlyWords: 'Only words differ. Do they still say what the values say?',
  same: 'There is no difference.',
}

function diffLines({ verdict, changes, ways }: AgreementDiff): readonly string[] {
  const wayLines = (sign: string, list: NonNullable<AgreementDiff['ways']>['opened']) =>
    list.map(
      ({ from, to, category, purpose, kind }) =>
        `${sign} ${from} → ${to}: ${category} for ${purpose} (${kind})`,
    )
  return [
    VERDICTS[verdict],
    ...changes.flatMap(({ effect, text }) => wrapped(`${effect.padEnd(14)}`, text)),
    ...(ways === null
      ? ['There are too many ways to name.']
      : [...wayLines('opens ', ways.opened), ...wayLines('closes', ways.closed)]),
  ]
}
