/** A record of another system, from a file: what would be carried, then its admission. */
import type { FastifyInstance, FastifyReply } from 'fastify'
import { admitRecord, parseRecord, previewRecord } from '../../app/admit-record.ts'
import { textFromUtf8, utf8 } from '../../base/bytes.ts'
import { ComityError, malformed } from '../../base/errors.ts'
import { isUuid } from '../../base/ids.ts'
import { isAlreadyPublic } from '../../core/triage/admitted-report.ts'
import { INPUT_SIZE_MAX_BYTES } from '../../wire/inputs/read-input.ts'
import type { SentFile } from '../form/read-parts.ts'
import { acceptUploads } from '../form/read-upload.ts'
import { linkTo, ROUTES } from '../routes.ts'
import { type SiteKit, seeOther } from '../site-kit.ts'
import { type ImportRecordModel, recordView, shownNotCarried } from './import-record/model.ts'
import { type OfficerTurn, officerRoute } from './session.ts'

const PARTS = {
  texts: ['formToken'],
  textMaxBytes: 1000,
  file: { name: 'record', maxBytes: INPUT_SIZE_MAX_BYTES },
}
const TITLE_MAX = 300

export async function importRecordRoutes(server: FastifyInstance, kit: SiteKit): Promise<void> {
  const uploads = await acceptUploads(server, () => PARTS)
  const url = ROUTES.officerImportRecord
  const group = 'openCase'
  officerRoute(server, kit, { method: 'GET', url, group, handler: async (turn) => page(turn, {}) })
  officerRoute(server, kit, {
    method: 'POST',
    url,
    group,
    handler: (turn, request) => uploaded(turn, uploads.of(request)),
  })
  officerRoute(server, kit, {
    method: 'POST',
    url: ROUTES.officerImportRecordRun,
    group,
    handler: (turn, request, reply) => admit(turn, request.params as Params, reply),
  })
}

type Params = { readonly draftId: string }

function page(turn: OfficerTurn, shown: Partial<ImportRecordModel>, status = 200): FastifyReply {
  const { formToken } = turn.signedIn
  return turn.page('officer/import-record', { formToken, ...shown }, status)
}

async function uploaded(turn: OfficerTurn, file: SentFile | undefined): Promise<FastifyReply> {
  const content = file?.content ?? new Uint8Array()
  try {
    parseRecord(content)
    const text = textFromUtf8(content)
    const table = { columns: ['record'], rows: [[text]] }
    const draftId = await turn.kit.kernel.desk.imports.keep(turn.officer.id, table)
    return await preview(turn, draftId, text, undefined)
  } catch (error) {
    if (!(error instanceof ComityError) || error.code !== 'malformed') throw error
    const { reason = '', field = '', message } = error
    return page(turn, { fault: { reason, at: field, text: message } }, 400)
  }
}

async function preview(
  turn: OfficerTurn,
  draftId: string,
  text: string,
  title: string | undefined,
  refused?: ImportRecordModel['refused'],
): Promise<FastifyReply> {
  const read = await previewRecord(turn.kit.kernel, parseRecord(utf8(text)), turn.acting)
  if (read.decision === 'refuse') return page(turn, { refused: read.because }, 403)
  const { format, report, notCarried } = read.value
  const shown = {
    draftId,
    format,
    title: title ?? report.title.text.slice(0, TITLE_MAX),
    hasNoTitle: title === '',
    report: recordView(report, isAlreadyPublic(report)),
    ...shownNotCarried(notCarried),
  }
  const status = title === undefined ? 200 : refused ? 409 : 400
  return page(turn, { shown, ...(refused ? { refused } : {}) }, status)
}

async function admit(
  turn: OfficerTurn,
  { draftId }: Params,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { kernel } = turn.kit
  const { imports } = kernel.desk
  const table = isUuid(draftId) ? await imports.kept(draftId, turn.officer.id) : undefined
  const text = table?.columns[0] === 'record' ? table.rows[0]?.[0] : undefined
  if (text === undefined) {
    throw malformed('this import is gone; begin again', { reason: 'not-found' })
  }
  const given = turn.sent['title']
  const title = typeof given === 'string' ? given.trim().slice(0, TITLE_MAX) : ''
  if (title === '') return preview(turn, draftId, text, '')
  const done = await admitRecord(kernel, { record: parseRecord(utf8(text)), title }, turn.acting)
  if (done.decision === 'refuse') return preview(turn, draftId, text, title, done.because)
  await imports.drop(draftId)
  return seeOther(reply, linkTo(turn.lang, 'officerCase', { caseId: done.value.streamId }))
}
