/** What would each authority get of a case? A page to read and to print; nothing is written. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { requireCaseId } from '../../app/case-stream.ts'
import { type PreviewAsk, previewReleases } from '../../app/preview-release.ts'
import { readCase } from '../../app/read-case.ts'
import { RELEASE_KINDS } from '../../core/agreement/clause.ts'
import { problemOfRefusal } from '../../wire/problem.ts'
import { ROUTES } from '../routes.ts'
import { type SiteKit, sendProblem } from '../site-kit.ts'
import { namesOf } from './case/names.ts'
import { caseHead } from './case/present-case.ts'
import { releasePreviewModel } from './release-preview/presenter.ts'
import { type OfficerTurn, officerRoute } from './session.ts'

export function releasePreviewRoutes(server: FastifyInstance, kit: SiteKit): void {
  officerRoute(server, kit, {
    method: 'GET',
    url: ROUTES.officerReleasePreview,
    group: 'exchange',
    handler: previewPage,
  })
}

async function previewPage(
  turn: OfficerTurn,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { kit, acting, signedIn } = turn
  const { kernel } = kit
  const caseId = requireCaseId((request.params as { readonly caseId: string }).caseId)
  const { chosen, ask } = askOf(request.query as Readonly<Record<string, unknown>>)
  const preview = await previewReleases(kernel, caseId, ask, acting)
  if (preview.decision === 'refuse') {
    return sendProblem(kit, request, reply, problemOfRefusal(preview), { signedIn })
  }
  const [read, names] = await Promise.all([readCase(kernel, caseId, acting), namesOf(kernel)])
  const parts = { head: caseHead(read, names), chosen, at: acting.now, nameOf: names.authority }
  return turn.page(
    'officer/release-preview',
    releasePreviewModel({ ...parts, preview: preview.value }),
  )
}

/** What is not a known value chooses nothing. */
function askOf({ recipient, purpose, kind }: Readonly<Record<string, unknown>>): {
  readonly chosen: string
  readonly ask: Partial<PreviewAsk>
} {
  const known = RELEASE_KINDS.find((one) => one === kind)
  const chosen = isShort(recipient, 100) ? recipient : ''
  return {
    chosen,
    ask: {
      ...(chosen === '' ? {} : { recipients: [chosen] }),
      ...(isShort(purpose, 60) ? { purpose } : {}),
      ...(known ? { kind: known } : {}),
    },
  }
}

function isShort(value: unknown, lengthMax: number): value is string {
  return typeof value === 'string' && value !== '' && value.length <= lengthMax
}
