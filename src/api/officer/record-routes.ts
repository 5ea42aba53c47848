/** A case as a record of another system, for programs. */
import { Type } from '@sinclair/typebox'
import type { FastifyInstance } from 'fastify'
import type { Kernel } from '../../app/kernel.ts'
import { recordOut } from '../../app/record-out.ts'
import { RECORD_FORMATS } from '../../wire/outputs/record-out.ts'
import { answer, caseIdOf, withAccess } from './asked.ts'

const params = Type.Object({
  caseId: Type.String(),
  format: Type.Union(RECORD_FORMATS.map((format) => Type.Literal(format))),
})

export function recordRoutes(server: FastifyInstance, kernel: Kernel): void {
  const summary = 'What the case made public, for AVID, the AI Incident Database or a CVE CNA'
  server.get<{ Params: { caseId: string; format: string } }>(
    '/cases/:caseId/records-out/:format',
    { schema: { params, tags: ['publication'], summary, operationId: 'recordOut' } },
    (request, reply) =>
      withAccess(kernel, request, reply, 'read', () =>
        answer(reply, recordOut(kernel, caseIdOf(request), request.params.format)),
      ),
  )
}
