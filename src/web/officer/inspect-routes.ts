/**
 * Oversight looks into a file on the page of the exhibit. Each look and each of its drawn
 * pages ask whether the inspection is open; pages go to that person in that session only.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { requireCaseId } from '../../app/case-stream.ts'
import { lookAsOversight, mayStillInspect } from '../../app/oversight/inspect-exhibit.ts'
import { statusOfRefusal } from '../../wire/problem.ts'
import { linkTo, ROUTES } from '../routes.ts'
import type { SiteKit } from '../site-kit.ts'
import { firstPageOf, nothingHere, sendDrawnPage, whyOriginalOf } from './drawn-page.ts'
import { exhibitPage } from './exhibit-routes.ts'
import { type PageShelf, pageShelf } from './redact/page-shelf.ts'
import { type OfficerTurn, officerRoute, sessionOf } from './session.ts'

type Params = { readonly caseId: string; readonly exhibitId: string; readonly page: string }

export function inspectRoutes(server: FastifyInstance, kit: SiteKit): void {
  const shelf = pageShelf()
  officerRoute(server, kit, {
    method: 'POST',
    url: ROUTES.officerExhibitInspect,
    group: 'read',
    handler: (turn, request) => inspect(turn, paramsOf(request), shelf),
  })
  officerRoute(server, kit, {
    method: 'GET',
    url: ROUTES.officerExhibitInspected,
    group: 'read',
    handler: async (turn, request, reply) => {
      const { kernel } = turn.kit
      const { caseId, exhibitId, page } = paramsOf(request)
      const now = kernel.clocks.wireNow()
      const png = shelf.page(sessionOf(turn), exhibitId, Number(page), now)
      if (!png || !(await mayStillInspect(kernel, caseId, turn.acting))) throw nothingHere()
      return sendDrawnPage(reply, png)
    },
  })
}

async function inspect(turn: OfficerTurn, place: Params, shelf: PageShelf): Promise<FastifyReply> {
  const { caseId, exhibitId } = place
  const { kernel } = turn.kit
  const why = whyOriginalOf(turn.sent)
  const ask = { exhibitId, ...why, first: firstPageOf(turn.sent) }
  const decided = await lookAsOversight(kernel, caseId, turn.acting, ask)
  if (decided.decision === 'refuse') {
    return exhibitPage(turn, place, { refused: decided.because }, statusOfRefusal(decided.why))
  }
  const { sheet } = decided.value
  if (sheet) {
    const pages = sheet.pages.map(({ png }) => png)
    shelf.put(sessionOf(turn), exhibitId, { pages, first: sheet.first }, kernel.clocks.wireNow())
  }
  const hrefOf = (page: number) =>
    linkTo(turn.lang, 'officerExhibitInspected', { caseId, exhibitId, page: String(page) })
  const turnAt = linkTo(turn.lang, 'officerExhibitInspect', { caseId, exhibitId })
  return exhibitPage(turn, place, {
    look: { preview: decided.value, purpose: '', ...why, hrefOf, turnAt },
  })
}

function paramsOf({ params }: FastifyRequest): Params {
  const { caseId, ...rest } = params as Params
  return { ...rest, caseId: requireCaseId(caseId) }
}
