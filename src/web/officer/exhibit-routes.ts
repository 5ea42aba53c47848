/**
 * Exhibits and their bytes. A file comes in as the last part of a form, is sealed while
 * it comes, and goes out as something to keep, never as something to run.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { decideCaseAccess } from '../../app/access.ts'
import { downloadFile, previewFile, sealFile } from '../../app/acts/file-acts.ts'
import { requireCaseId } from '../../app/case-stream.ts'
import { openFile, takeFile } from '../../app/exhibit-files.ts'
import { mayInspect } from '../../app/oversight/inspect-exhibit.ts'
import { previewExhibit } from '../../app/preview-file.ts'
import { readCase } from '../../app/read-case.ts'
import type { Because } from '../../base/decision.ts'
import type { Exhibit } from '../../core/evidence/evidence.ts'
import { problemOfRefusal, statusOfRefusal } from '../../wire/problem.ts'
import { acceptFilePart, type FileParts } from '../form/read-file-part.ts'
import { linkTo, ROUTES } from '../routes.ts'
import { type SiteKit, seeOther, sendProblem, wantsJson } from '../site-kit.ts'
import { sendStream } from '../streamed-file.ts'
import { namesOf } from './case/names.ts'
import { caseHead } from './case/present-case.ts'
import { controlOf } from './control.ts'
import { firstPageOf, nothingHere, sendDrawnPage, whyOriginalOf } from './drawn-page.ts'
import { type Look, presentExhibit, presentLook } from './exhibit/presenter.ts'
import type { ExhibitFileModel } from './exhibit-file/model.ts'
import { type PageShelf, pageShelf } from './redact/page-shelf.ts'
import { type OfficerTurn, officerRoute, sessionOf } from './session.ts'

const PURPOSE_MAX = 2000
const TEXTS = ['formToken', 'purpose']
const TEXT_MAX_BYTES = 4 * PURPOSE_MAX

type Params = { readonly caseId: string; readonly exhibitId: string; readonly page?: string }

export async function exhibitRoutes(server: FastifyInstance, kit: SiteKit): Promise<void> {
  const { fileBytesMax } = kit.kernel.exhibits
  const files = await acceptFilePart(server, {
    ...{ texts: TEXTS, textMaxBytes: TEXT_MAX_BYTES },
    fileMaxBytes: fileBytesMax,
  })
  const shelf = pageShelf()
  const paramsOf = (request: FastifyRequest) => {
    const params = request.params as Params
    return { ...params, caseId: requireCaseId(params.caseId) }
  }
  officerRoute(server, kit, {
    method: 'GET',
    url: ROUTES.officerExhibitFile,
    group: 'read',
    handler: (turn, request) => filePage(turn, paramsOf(request), { purpose: '' }),
  })
  officerRoute(server, kit, {
    method: 'POST',
    url: ROUTES.officerExhibitFile,
    group: 'read',
    handler: (turn, request, reply) => take(turn, paramsOf(request), { files, request, reply }),
  })
  officerRoute(server, kit, {
    method: 'GET',
    url: ROUTES.officerExhibitPage,
    group: 'read',
    handler: (turn, request) => exhibitPage(turn, paramsOf(request)),
  })
  officerRoute(server, kit, {
    method: 'POST',
    url: ROUTES.officerExhibitPreview,
    group: 'read',
    handler: (turn, request) => preview(turn, paramsOf(request), shelf),
  })
  officerRoute(server, kit, {
    method: 'GET',
    url: ROUTES.officerExhibitLook,
    group: 'read',
    handler: async (turn, request, reply) => drawnPage(turn, paramsOf(request), { shelf, reply }),
  })
  officerRoute(server, kit, {
    method: 'POST',
    url: ROUTES.officerExhibitDownload,
    group: 'read',
    handler: (turn, request, reply) => download(turn, paramsOf(request), reply),
  })
}

async function filePage(
  turn: OfficerTurn,
  { caseId }: Params,
  shown: Pick<ExhibitFileModel, 'purpose' | 'error' | 'refused'>,
  status = 200,
): Promise<FastifyReply> {
  const { kernel } = turn.kit
  const [read, names] = await Promise.all([readCase(kernel, caseId, turn.acting), namesOf(kernel)])
  const may = await decideCaseAccess(kernel, caseId, sealFile.action, turn.acting)
  const model = {
    case: caseHead(read, names),
    take: controlOf(may, linkTo(turn.lang, 'officerExhibitFile', { caseId })),
    formToken: turn.signedIn.formToken,
    maxBytes: kernel.exhibits.fileBytesMax,
    ...shown,
  }
  return turn.page('officer/exhibit-file', model, status)
}

type Sending = {
  readonly files: FileParts
  readonly request: FastifyRequest
  readonly reply: FastifyReply
}

async function take(
  turn: OfficerTurn,
  params: Params,
  { files, request, reply }: Sending,
): Promise<FastifyReply> {
  const { caseId } = params
  const purpose = purposeOf(turn)
  const file = files.of(request)
  if (!file) return filePage(turn, params, { purpose, error: 'file' }, 400)
  if (purpose === '') return filePage(turn, params, { purpose, error: 'purpose' }, 400)
  const taken = await takeFile(turn.kit.kernel, caseId, turn.acting, { ...file, purpose })
  if (taken.decision === 'permit') {
    const { exhibitId } = taken.value.result as { readonly exhibitId: string }
    return seeOther(reply, linkTo(turn.lang, 'officerExhibitPage', { caseId, exhibitId }))
  }
  if (wantsJson(request)) {
    return sendProblem(turn.kit, request, reply, problemOfRefusal(taken))
  }
  const refused = { purpose, refused: taken.because }
  return filePage(turn, params, refused, statusOfRefusal(taken.why))
}

type Asked = {
  readonly look?: Omit<Look, 'claimed'>
  readonly refused?: readonly Because[]
}

/** With what somebody looked at just now, or why not. */
export async function exhibitPage(
  turn: OfficerTurn,
  { caseId, exhibitId }: Pick<Params, 'caseId' | 'exhibitId'>,
  { look, refused }: Asked = {},
  status = 200,
): Promise<FastifyReply> {
  const { kernel } = turn.kit
  const [read, names] = await Promise.all([readCase(kernel, caseId, turn.acting), namesOf(kernel)])
  const exhibit = read.state.evidence.exhibits.find((one) => one.exhibitId === exhibitId)
  if (!exhibit) throw nothingHere()
  const model = {
    ...presentExhibit({ read, names, head: caseHead(read, names) }, exhibit),
    ...(await controlsOf(turn, caseId, exhibit)),
    formToken: turn.signedIn.formToken,
    ...(look ? { shown: presentLook({ ...look, claimed: exhibit.mediaType }) } : {}),
    ...(refused ? { refused } : {}),
  }
  return turn.page('officer/exhibit', model, status)
}

async function controlsOf(turn: OfficerTurn, caseId: string, exhibit: Exhibit) {
  if (!exhibit.file || exhibit.isDestroyed) return {}
  const place = { caseId, exhibitId: exhibit.exhibitId }
  const { kernel } = turn.kit
  const [down, show, inspect] = await Promise.all([
    decideCaseAccess(kernel, caseId, downloadFile.action, turn.acting),
    decideCaseAccess(kernel, caseId, previewFile.action, turn.acting),
    turn.acting.roles.includes('oversight') ? mayInspect(kernel, caseId, turn.acting) : undefined,
  ])
  return {
    download: controlOf(down, linkTo(turn.lang, 'officerExhibitDownload', place)),
    preview: controlOf(show, linkTo(turn.lang, 'officerExhibitPreview', place)),
    ...(inspect
      ? { inspect: controlOf(inspect, linkTo(turn.lang, 'officerExhibitInspect', place)) }
      : {}),
  }
}

async function preview(turn: OfficerTurn, params: Params, shelf: PageShelf): Promise<FastifyReply> {
  const { exhibitId, caseId } = params
  const { kernel } = turn.kit
  const purpose = purposeOf(turn)
  const ask = { exhibitId, purpose, ...whyOriginalOf(turn.sent), first: firstPageOf(turn.sent) }
  const decided = await previewExhibit(kernel, caseId, turn.acting, ask)
  if (decided.decision === 'refuse') {
    return exhibitPage(turn, params, { refused: decided.because }, statusOfRefusal(decided.why))
  }
  const { sheet } = decided.value
  if (sheet) {
    const pages = sheet.pages.map(({ png }) => png)
    const onShelf = { pages, first: sheet.first }
    shelf.put(sessionOf(turn), exhibitId, onShelf, kernel.clocks.wireNow())
  }
  const hrefOf = (page: number) =>
    linkTo(turn.lang, 'officerExhibitLook', { caseId, exhibitId, page: String(page) })
  const turnAt = linkTo(turn.lang, 'officerExhibitPreview', { caseId, exhibitId })
  return exhibitPage(turn, params, {
    look: { preview: decided.value, purpose, ...whyOriginalOf(turn.sent), hrefOf, turnAt },
  })
}

function drawnPage(
  turn: OfficerTurn,
  { exhibitId, page }: Params,
  { shelf, reply }: { readonly shelf: PageShelf; readonly reply: FastifyReply },
): FastifyReply {
  const now = turn.kit.kernel.clocks.wireNow()
  return sendDrawnPage(reply, shelf.page(sessionOf(turn), exhibitId, Number(page), now))
}

async function download(
  turn: OfficerTurn,
  params: Params,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { exhibitId, caseId } = params
  const input = { exhibitId, purpose: purposeOf(turn), ...whyOriginalOf(turn.sent) }
  const decided = await openFile(turn.kit.kernel, caseId, turn.acting, input)
  if (decided.decision === 'refuse') {
    const refused = { refused: decided.because }
    return exhibitPage(turn, params, refused, statusOfRefusal(decided.why))
  }
  return sendStream(reply, decided.value)
}

function purposeOf({ sent }: OfficerTurn): string {
  const { purpose } = sent
  return typeof purpose === 'string' ? purpose.trim().slice(0, PURPOSE_MAX) : ''
}
