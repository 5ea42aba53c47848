/**
 * Import of cases or reports from a table. First a plan, which changes nothing: each
 * row as the form of a hand-made case or report would take it, or where and why it
 * would not. Then, if the whole plan is sound, row by row through the very use case
 * that opens a case, or files a report, by hand.
 *
 * Every row has a key of its own, e.g. its number in the old register. A row whose
 * key came in before adds nothing.
 */
import { Type } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import { toHex, utf8 } from '../../base/bytes.ts'
import { type Because, type Decision, permit, refuse } from '../../base/decision.ts'
import { ComityError } from '../../base/errors.ts'
import type { Acting } from '../../core/case/recorded.ts'
import { decideDeskAccess } from '../access.ts'
import { fileReport } from '../file-report.ts'
import type { Kernel } from '../kernel.ts'
import { openCase } from '../open-case.ts'
import type { ImportKind } from '../ports/imports.ts'
import type { Table } from '../ports/tables.ts'
import { type ReportAnswers, reportForm } from '../report-form.ts'

/** What a column can be. */
export const IMPORT_FIELDS = [
  'key',
  'title',
  'whatHappened',
  'systemName',
  'developer',
  'deployer',
  'affected',
  'isPublic',
  'references',
  'language',
] as const
export type ImportField = (typeof IMPORT_FIELDS)[number]
const REQUIRED: readonly ImportField[] = ['key', 'title', 'whatHappened']
const KEY_MAX = 200

/** Field to the name of its column. */
export type Mapping = Partial<Readonly<Record<ImportField, string>>>

export type RowFault = {
  /** As in the file: the names of columns are row 1. */
  readonly row: number
  readonly column: string
  readonly why: 'missing' | 'keyTwice' | 'tooLong' | 'notAllowed'
}

export type PlannedRow = {
  readonly row: number
  readonly key: string
  readonly answers: ReportAnswers
}

export type ImportPlan = {
  readonly kind: ImportKind
  /** What would come in. */
  readonly fresh: readonly PlannedRow[]
  /** How many came in before. */
  readonly known: number
  readonly faults: readonly RowFault[]
}

export type ImportDone = {
  readonly added: number
  readonly known: number
  /** Rows that the use case refused, with its reasons; the rows before them are in. */
  readonly refused: readonly { readonly row: number; readonly because: readonly Because[] }[]
  /** Where something that the node needs went away; from that row on nothing was tried. */
  readonly stoppedAt?: number
}

const answersForm = Type.Omit(reportForm, ['contact'])

export async function planImport(
  { desk }: Kernel,
  kind: ImportKind,
  table: Table,
  mapping: Mapping,
): Promise<ImportPlan> {
  const unmapped = REQUIRED.filter((field) => mapping[field] === undefined)
  if (unmapped.length > 0) {
    const faults = unmapped.map((field) => ({ row: 1, column: field, why: 'missing' as const }))
    return { kind, fresh: [], known: 0, faults }
  }
  const keys = new Map<string, number>()
  const planned = table.rows.map((cells, index) => planRow(table, mapping, cells, index + 2, keys))
  const faults = planned.flatMap((one) => ('faults' in one ? one.faults : []))
  const sound = planned.flatMap((one) => ('key' in one ? [one] : []))
  const known = await desk.imports.known(
    kind,
    sound.map(({ key }) => key),
  )
  return { kind, fresh: sound.filter(({ key }) => !known.has(key)), known: known.size, faults }
}

function planRow(
  table: Table,
  mapping: Mapping,
  cells: readonly string[],
  row: number,
  keys: Map<string, number>,
): PlannedRow | { readonly faults: readonly RowFault[] } {
  const cellOf = (field: ImportField) => {
    const column = mapping[field]
    return column === undefined ? '' : (cells[table.columns.indexOf(column)] ?? '')
  }
  const columnOf = (field: ImportField) => mapping[field] ?? field
  const missing = REQUIRED.filter((field) => cellOf(field) === '')
  if (missing.length > 0) {
    return { faults: missing.map((field) => ({ row, column: columnOf(field), why: 'missing' })) }
  }
  const key = cellOf('key')
  if (key.length > KEY_MAX) return { faults: [{ row, column: columnOf('key'), why: 'tooLong' }] }
  if (keys.has(key)) return { faults: [{ row, column: columnOf('key'), why: 'keyTwice' }] }
  keys.set(key, row)
  const optional = (['systemName', 'developer', 'deployer', 'affected', 'references'] as const)
    .map((field) => [field, cellOf(field)] as const)
    .filter(([, value]) => value !== '')
  const answers = {
    title: cellOf('title'),
    whatHappened: cellOf('whatHappened'),
    ...Object.fromEntries(optional),
    isPublic: cellOf('isPublic').toLowerCase() || 'unknown',
    language: cellOf('language') || 'en',
  }
  const faults = [...Value.Errors(answersForm, answers)].map(({ path, schema, value }) => {
    const field = path.slice(1) as ImportField
    const why =
      String(value).length > (schema['maxLength'] ?? Infinity)
        ? ('tooLong' as const)
        : ('notAllowed' as const)
    return { row, column: columnOf(field), why }
  })
  const [first] = faults
  return first ? { faults: [first] } : { row, key, answers: answers as ReportAnswers }
}

/** Refuses a plan with a fault: nothing of it comes in. */
export async function runImport(
  kernel: Kernel,
  plan: ImportPlan,
  acting: Acting,
): Promise<Decision<ImportDone>> {
  const action = { name: 'importRows', group: 'openCase' } as const
  const role = await decideDeskAccess(kernel, action, acting)
  if (role.decision === 'refuse') return role
  if (plan.faults.length > 0) {
    const text = 'a table with a fault is not imported: mend the rows named, nothing was changed'
    return refuse('faultyTable', { rule: 'import:faults', text })
  }
  const add = plan.kind === 'case' ? addCase : addReport
  let added = 0
  let { known } = plan
  const refused: ImportDone['refused'][number][] = []
  for (const planned of plan.fresh) {
    const outcome = await add(kernel, planned, acting).catch(outageOf)
    if (outcome === 'outage') return permit({ added, known, refused, stoppedAt: planned.row })
    if (outcome === 'added') added += 1
    else if (outcome === 'known') known += 1
    else refused.push({ row: planned.row, because: outcome })
  }
  return permit({ added, known, refused })
}

/** Rows before it are in, so whoever imports is told how far it went. A fault of ours is thrown. */
function outageOf(error: unknown): 'outage' {
  if (error instanceof ComityError && error.code === 'unavailable') return 'outage'
  throw error
}

type Outcome = 'added' | 'known' | readonly Because[]

async function addCase(
  kernel: Kernel,
  { key, answers }: PlannedRow,
  acting: Acting,
): Promise<Outcome> {
  const { imports } = kernel.desk
  const { targetId, isDone } = await imports.claim('case', key, kernel.random.uuidByTime())
  if (isDone) return 'known'
  const isThere = (await kernel.streams.read(targetId)) !== undefined
  if (!isThere) {
    const opened = await openCase(kernel, { title: answers.title, answers }, acting, targetId)
    if (opened.decision === 'refuse') return opened.because
  }
  await imports.finish('case', key)
  return isThere ? 'known' : 'added'
}

async function addReport(kernel: Kernel, { key, answers }: PlannedRow): Promise<Outcome> {
  const { imports } = kernel.desk
  const { targetId, isDone } = await imports.claim('report', key, kernel.random.uuid())
  if (isDone) return 'known'
  // The same at every try, so that the use case itself takes the report once.
  const formToken = toHex(kernel.primitives.sha256(utf8(`import-report/v1\n${targetId}`)))
  const filed = await fileReport(kernel, {
    answers,
    contact: undefined,
    attachment: undefined,
    formToken,
  })
  if (filed.decision === 'refuse' && filed.why !== 'alreadyFiled') return filed.because
  await imports.finish('report', key)
  return filed.decision === 'permit' ? 'added' : 'known'
}
