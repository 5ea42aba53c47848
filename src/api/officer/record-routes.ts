/** What a case gives as a document of another system, for programs. */
import { Type } from '@sinclair/typebox'
import type { FastifyInstance } from 'fastify'
import type { Kernel } from '../../app/kernel.ts'
import { recordOut } from '../../app/record-out.ts'
import { vulnerabilityReport } from '../../app/vulnerability-report.ts'
import { RECORD_FORMATS } from '../../wire/outputs/record-out.ts'
import { answer, caseIdOf, withAccess } from './asked.ts'

const params = Type.Object({
  caseId: Type.String(),
  // Any text fits, so that nobody is told about formats before saying who asks.
  format: Type.String({ maxLength: 100, description: RECORD_FORMATS.join(', ') }),
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
  const report = 'The CSAF 2.1 vulnerability report of a release, to hand to its recipient'
  server.get<{ Params: { caseId: string; releaseId: string } }>(
    '/cases/:caseId/releases/:releaseId/vulnerability-report',
    {
      schema: {
        params: Type.Object({ caseId: Type.String(), releaseId: Type.String({ maxLength: 100 }) }),
        ...{ tags: ['publication'], summary: report, operationId: 'vulnerabilityReport' },
      },
    },
    (request, reply) =>
      withAccess(kernel, request, reply, 'export', ({ acting }) => {
        const { releaseId } = request.params
        return answer(reply, vulnerabilityReport(kernel, caseIdOf(request), releaseId, acting))
      }),
  )
}
