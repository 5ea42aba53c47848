/** Proposals that take a second person: what waits for whoever asks, and the three answers. */
import { Type } from '@sinclair/typebox'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { askingAbout } from '../../app/access.ts'
import { caseStream, foldCaseStream } from '../../app/case-stream.ts'
import { proposalsFor } from '../../app/desk/waiting-proposals.ts'
import type { Kernel } from '../../app/kernel.ts'
import {
  approveProposal,
  openProposalsIn,
  rejectProposal,
  withdrawProposal,
} from '../../app/proposals.ts'
import { isUuid } from '../../base/ids.ts'
import { answer, caseIdOf, checked, notFound, withAccess } from './asked.ts'

const tags = ['proposals']
const PLACE = '/cases/:caseId/proposals/:proposalId'
const params = Type.Object({ caseId: Type.String(), proposalId: Type.String() })
const approval = Type.Object(
  { digest: Type.String({ pattern: '^[0-9a-f]{64}$' }) },
  { additionalProperties: false },
)
const rejection = Type.Object(
  { reason: Type.String({ minLength: 1, maxLength: 2000 }) },
  { additionalProperties: false },
)

export function proposalRoutes(server: FastifyInstance, kernel: Kernel): void {
  server.get(
    '/proposals',
    { schema: { tags, summary: 'What waits for you as the second person' } },
    (request, reply) =>
      withAccess(kernel, request, reply, 'workspace', ({ acting }) => proposalsFor(kernel, acting)),
  )
  server.get(
    '/cases/:caseId/proposals',
    {
      schema: {
        params: Type.Pick(params, ['caseId']),
        tags,
        summary: 'Open proposals of a case, and what you may answer',
      },
    },
    (request, reply) =>
      withAccess(kernel, request, reply, 'read', async ({ acting }) => {
        const caseId = caseIdOf(request)
        const { history } = await caseStream(kernel, caseId)
        const asking = await askingAbout(kernel, caseId, acting)
        return openProposalsIn(foldCaseStream(history), asking)
      }),
  )
  server.post(
    `${PLACE}/approve`,
    {
      schema: {
        params,
        body: approval,
        tags,
        summary: 'Approve exactly what was proposed, by its digest: it is done then',
      },
    },
    (request, reply) =>
      withAccess(kernel, request, reply, 'read', ({ acting }) => {
        const command = { ...placeOf(request), ...checked(approval, request.body) }
        return answer(reply, approveProposal(kernel, command, acting))
      }),
  )
  server.post(
    `${PLACE}/reject`,
    { schema: { params, body: rejection, tags, summary: 'Reject a proposal of somebody else' } },
    (request, reply) =>
      withAccess(kernel, request, reply, 'read', ({ acting }) => {
        const command = { ...placeOf(request), ...checked(rejection, request.body) }
        return answer(reply, rejectProposal(kernel, command, acting))
      }),
  )
  server.post(
    `${PLACE}/withdraw`,
    { schema: { params, tags, summary: 'Withdraw an own proposal' } },
    (request, reply) =>
      withAccess(kernel, request, reply, 'read', ({ acting }) =>
        answer(reply, withdrawProposal(kernel, placeOf(request), acting)),
      ),
  )
}

function placeOf(request: FastifyRequest) {
  const { proposalId } = request.params as { readonly proposalId: string }
  if (!isUuid(proposalId)) throw notFound()
  return { caseId: caseIdOf(request), proposalId }
}
