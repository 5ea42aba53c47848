/** Import of a table: the file, what its columns are, a trial run, and the import itself. */
import type { FastifyInstance, FastifyReply } from 'fastify'
import {
  IMPORT_FIELDS,
  type ImportPlan,
  type Mapping,
  planImport,
  runImport,
} from '../../app/desk/import-rows.ts'
import type { ImportKind } from '../../app/ports/imports.ts'
import type { Table, TableFault } from '../../app/ports/tables.ts'
import { malformed } from '../../base/errors.ts'
import { isUuid } from '../../base/ids.ts'
import type { SentFile } from '../form/read-parts.ts'
import { acceptUploads } from '../form/read-upload.ts'
import { ROUTES } from '../routes.ts'
import type { SiteKit } from '../site-kit.ts'
import type { ImportModel } from './import/model.ts'
import { type OfficerTurn, officerRoute } from './session.ts'

const FILE_MAX_BYTES = 1024 * 1024
const PARTS = {
  texts: ['formToken', 'kind'],
  textMaxBytes: 1000,
  file: { name: 'table', maxBytes: FILE_MAX_BYTES },
}
const FAULTS_SHOWN = 20

export async function importRoutes(server: FastifyInstance, kit: SiteKit): Promise<void> {
  const uploads = await acceptUploads(server, () => PARTS)
  const url = ROUTES.officerImport
  const group = 'openCase'
  officerRoute(server, kit, {
    method: 'GET',
    url,
    group,
    handler: async (turn) => importPage(turn, {}),
  })
  officerRoute(server, kit, {
    method: 'POST',
    url,
    group,
    handler: (turn, request) => uploaded(turn, uploads.of(request)),
  })
  officerRoute(server, kit, {
    method: 'POST',
    url: ROUTES.officerImportRun,
    group,
    handler: (turn, request) => mapped(turn, request.params as { readonly draftId: string }),
  })
}

function importPage(turn: OfficerTurn, shown: Partial<ImportModel>, status = 200): FastifyReply {
  const { formToken } = turn.signedIn
  return turn.page('officer/import', { formToken, faults: [], ...shown }, status)
}

const kindOf = ({ sent }: OfficerTurn): ImportKind =>
  sent['kind'] === 'report' ? 'report' : 'case'

async function uploaded(turn: OfficerTurn, file: SentFile | undefined): Promise<FastifyReply> {
  if (!file || file.content.length === 0) {
    return importPage(turn, { faults: [{ row: 1, why: 'empty' }] }, 400)
  }
  const { desk } = turn.kit.kernel
  const format = isZip(file.content) ? 'xlsx' : 'csv'
  const read = await desk.tables.read(file.content, format)
  if (!read.isSound) return importPage(turn, { faults: read.faults.map(faultRow) }, 400)
  const draftId = await desk.imports.keep(turn.officer.id, read.table)
  return importPage(turn, { mapping: mappingModel(turn, draftId, read.table, guess(read.table)) })
}

/** What it is, it says itself; its name proves nothing. */
const isZip = ([first, second]: Uint8Array) => first === 0x50 && second === 0x4b

function faultRow({ row, column, name, why }: TableFault) {
  const place = name ?? (column === undefined ? undefined : String(column))
  return place === undefined ? { row, why } : { row, column: place, why }
}

/** A column that is named like a field is taken for it. */
function guess({ columns }: Table): Mapping {
  const plain = (text: string) => text.toLowerCase().replaceAll(/[^a-z]/g, '')
  const found = IMPORT_FIELDS.flatMap((field) => {
    const column = columns.find((name) => plain(name) === plain(field))
    return column === undefined ? [] : [[field, column] as const]
  })
  return Object.fromEntries(found)
}

function mappingModel(
  turn: OfficerTurn,
  draftId: string,
  { columns, rows }: Table,
  mapping: Mapping,
): NonNullable<ImportModel['mapping']> {
  const required = ['key', 'title', 'whatHappened']
  return {
    draftId,
    kind: kindOf(turn),
    rows: rows.length,
    columns,
    fields: IMPORT_FIELDS.map((field) => ({
      field,
      isRequired: required.includes(field),
      column: mapping[field] ?? '',
    })),
  }
}

async function mapped(
  turn: OfficerTurn,
  { draftId }: { readonly draftId: string },
): Promise<FastifyReply> {
  const { kernel } = turn.kit
  const table = isUuid(draftId)
    ? await kernel.desk.imports.kept(draftId, turn.officer.id)
    : undefined
  if (!table) throw malformed('this import is gone; begin again', { reason: 'not-found' })
  const mapping = mappingSent(turn, table)
  const plan = await planImport(kernel, kindOf(turn), table, mapping)
  const model = mappingModel(turn, draftId, table, mapping)
  if (plan.faults.length > 0) {
    return importPage(turn, { mapping: model, faults: plan.faults.slice(0, FAULTS_SHOWN) }, 400)
  }
  if (turn.sent['step'] === 'run') return run(turn, draftId, plan)
  return importPage(turn, {
    mapping: { ...model, trial: { fresh: plan.fresh.length, known: plan.known } },
  })
}

function mappingSent({ sent }: OfficerTurn, { columns }: Table): Mapping {
  const given = IMPORT_FIELDS.flatMap((field) => {
    const column = sent[`map.${field}`]
    const isKnown = typeof column === 'string' && columns.includes(column)
    return isKnown ? [[field, column] as const] : []
  })
  return Object.fromEntries(given)
}

async function run(turn: OfficerTurn, draftId: string, plan: ImportPlan): Promise<FastifyReply> {
  const { kernel } = turn.kit
  const done = await runImport(kernel, plan, turn.acting)
  if (done.decision === 'refuse') return importPage(turn, { refused: done.because }, 409)
  await kernel.desk.imports.drop(draftId)
  const { added, known, refused, stoppedAt } = done.value
  const [first] = refused
  const how = stoppedAt === undefined ? {} : { stoppedAt }
  return importPage(
    turn,
    {
      done: { added, known, refused: refused.length, ...how },
      ...(first ? { refused: first.because } : {}),
    },
    stoppedAt === undefined ? 200 : 503,
  )
}
