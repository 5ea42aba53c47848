/** A case as records of other systems: the page with what each has no room for, and the files. */
import type { FastifyInstance, FastifyReply } from 'fastify'
import { requireCaseId } from '../../app/case-stream.ts'
import { readCase } from '../../app/read-case.ts'
import { recordFileName, recordOfCase, recordOut } from '../../app/record-out.ts'
import { utf8 } from '../../base/bytes.ts'
import { RECORD_FORMATS, type RecordFormat } from '../../wire/outputs/record-out.ts'
import { ROUTES } from '../routes.ts'
import { type SiteKit, sendFile } from '../site-kit.ts'
import { namesOf } from './case/names.ts'
import { caseHead } from './case/present-case.ts'
import type { RecordItem } from './records-out/model.ts'
import { type OfficerTurn, officerRoute } from './session.ts'

const SHOWN_MAX = 200

type Params = { readonly caseId: string; readonly format: string }

export function recordsOutRoutes(server: FastifyInstance, kit: SiteKit): void {
  officerRoute(server, kit, {
    method: 'GET',
    url: ROUTES.officerRecordsOut,
    group: 'read',
    handler: (turn, request) => page(turn, request.params as Params),
  })
  officerRoute(server, kit, {
    method: 'GET',
    url: ROUTES.officerRecordOut,
    group: 'read',
    handler: (turn, request, reply) => file(turn, request.params as Params, reply),
  })
}

async function page(turn: OfficerTurn, { caseId }: Params, status = 200): Promise<FastifyReply> {
  const { kernel } = turn.kit
  const [read, names] = await Promise.all([
    readCase(kernel, requireCaseId(caseId), turn.acting),
    namesOf(kernel),
  ])
  const records = RECORD_FORMATS.map((format): RecordItem => {
    const decision = recordOfCase(kernel, read.state, format)
    if (decision.decision === 'refuse') {
      return { format, isThere: false, because: decision.because }
    }
    const { from, notCarried } = decision.value
    const more = Math.max(0, notCarried.length - SHOWN_MAX)
    return { format, isThere: true, from, notCarried: notCarried.slice(0, SHOWN_MAX), more }
  })
  return turn.page('officer/records-out', { case: caseHead(read, names), records }, status)
}

async function file(turn: OfficerTurn, params: Params, reply: FastifyReply): Promise<FastifyReply> {
  const { caseId, format } = params
  const decision = await recordOut(turn.kit.kernel, requireCaseId(caseId), format)
  if (decision.decision === 'refuse') return page(turn, params, 409)
  return sendFile(reply, {
    name: recordFileName(format as RecordFormat, caseId),
    mediaType: 'application/json',
    bytes: utf8(`${JSON.stringify(decision.value.record, null, 2)}\n`),
  })
}
