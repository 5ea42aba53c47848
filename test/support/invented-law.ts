/**
 * The law of Zedland, which does not exist: packs for tests of versions. Every value is
 * invented, so that no test depends on what a real law says.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'

export type Zedland = {
  readonly version: string
  readonly validFrom?: string
  readonly validTo?: string
  readonly replaces?: string
  readonly legalOrder?: string
  /** Days of the duty to report; 0: the law has no such clock. */
  readonly days?: number
  /** Hours of a second duty; 0: there is none. */
  readonly hours?: number
  readonly evidence?: 'P' | 'S'
  /** Condition under which the office is competent, as YAML. */
  readonly competentWhen?: string
}

/** Name in the folder of the pack, to text. */
export function zedlandFiles(law: Zedland): Readonly<Record<string, string>> {
  const { version, validFrom = '2026-01-01', legalOrder = 'ZZ' } = law
  const head = [
    `pack: law.${legalOrder.toLowerCase()}`,
    `version: ${version}`,
    'status: draft',
    `legalOrder: ${legalOrder}`,
    'name: Zedland (invented)',
    `validFrom: ${validFrom}`,
    ...(law.validTo ? [`validTo: ${law.validTo}`] : []),
    ...(law.replaces ? [`replaces: ${law.replaces}`] : []),
    'asOf: 2026-01-01',
    'languages: [en]',
    'sources:',
    '  act: { title: Invented Act, place: nowhere, retrievedOn: 2026-01-01 }',
    'calendar:',
    '  places: [{ zone: Europe/Brussels, holidays: BE }]',
    '  weekend: [6, 7]',
    '  counting: eu1182',
    "  countingBasis: { article: '3', source: act, evidence: P }",
    "  holidaysBasis: { article: '2', source: act, evidence: S }",
    'instruments: [act.yaml]',
  ]
  return { 'pack.yaml': `${head.join('\n')}\n`, 'act.yaml': actText(law) }
}

function actText(law: Zedland): string {
  const { days = 15, hours = 0, evidence = 'P', legalOrder = 'ZZ' } = law
  const { competentWhen = '{ fact: offeredIn, here: true }' } = law
  const clocks = [
    ...(days > 0 ? clockLines('report', `{ count: ${days}, unit: calendar_day }`, evidence) : []),
    ...(hours > 0 ? clockLines('warning', `{ count: ${hours}, unit: hour }`, evidence) : []),
  ]
  const lines = [
    'instrument:',
    `  id: ${legalOrder.toLowerCase()}.act`,
    '  name: Invented Act',
    '  matter: ai_system',
    '  citation: { text: Act 1 }',
    '  status: in_force',
    "  statusBasis: { article: '9', source: act, evidence: P }",
    '  authorities:',
    '    - id: zz.office',
    '      kind: office',
    '      name: Office',
    "      basis: { article: '2', source: act, evidence: P }",
    '  competence:',
    '    - id: office',
    '      authority: zz.office',
    '      text: Where it is offered.',
    `      when: ${competentWhen}`,
    "      basis: { article: '2', source: act, evidence: P }",
    ...(clocks.length > 0 ? ['  clocks:', ...clocks] : []),
  ]
  return `${lines.join('\n')}\n`
}

function clockLines(id: string, period: string, evidence: 'P' | 'S'): readonly string[] {
  return [
    `    - id: ${id}`,
    '      stage: notification',
    '      kind: max',
    `      period: ${period}`,
    '      start: { event: aware }',
    `      basis: { article: '1(1)', source: act, evidence: ${evidence} }`,
  ]
}

const QUESTIONS = 'questions:\n  offeredIn: Where is it offered?\n  isLarge: Is it large?\n'

/** A folder of law with these packs, each at its place, e.g. `zz` or `zz/versions/0.1.0`. */
export function lawFolder(t: TestContext, packs: Readonly<Record<string, Zedland>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'law-'))
  t.after(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, 'questions.yaml'), QUESTIONS)
  for (const [place, law] of Object.entries(packs)) {
    mkdirSync(join(folder, place), { recursive: true })
    for (const [name, text] of Object.entries(zedlandFiles(law))) {
      writeFileSync(join(folder, place, name), text)
    }
  }
  return folder
}
