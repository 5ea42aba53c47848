/** What would each authority get of a case, before anything is written? For programs. */
import { type Static, Type } from '@sinclair/typebox'
import type { FastifyInstance } from 'fastify'
import { actingAs } from '../../app/acting.ts'
import type { Kernel } from '../../app/kernel.ts'
import { previewReleases } from '../../app/preview-release.ts'
import { RELEASE_KINDS } from '../../core/agreement/clause.ts'
import { answer, caseIdOf, checked } from './asked.ts'
import { asOfficer } from './session.ts'

const params = Type.Object({ caseId: Type.String() })
const asked = Type.Object(
  {
    recipients: Type.Optional(
      Type.Array(Type.String({ maxLength: 100 }), { minItems: 1, maxItems: 20 }),
    ),
    purpose: Type.Optional(Type.String({ maxLength: 60 })),
    kind: Type.Optional(Type.Union(RELEASE_KINDS.map((kind) => Type.Literal(kind)))),
  },
  { additionalProperties: false },
)

/** A question that changes nothing; a POST, so that no address says whom it is about. */
export function previewRoutes(server: FastifyInstance, kernel: Kernel): void {
  const summary = 'What each authority would get, and why not the rest; nothing is written'
  server.post<{ Params: { caseId: string }; Body: Static<typeof asked> }>(
    '/cases/:caseId/release-preview',
    { schema: { params, body: asked, tags: ['release'], summary, operationId: 'previewRelease' } },
    (request, reply) =>
      asOfficer(kernel, request, reply, (officer) => {
        const ask = checked(asked, request.body)
        const acting = actingAs(officer, kernel)
        return answer(reply, previewReleases(kernel, caseIdOf(request), ask, acting))
      }),
  )
}
