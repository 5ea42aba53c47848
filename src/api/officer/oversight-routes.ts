/** Oversight for programs: its record, and every act of it. Lists of draws only for oversight. */
import { Type } from '@sinclair/typebox'
import type { FastifyInstance } from 'fastify'
import { listFilter } from '../../app/access.ts'
import type { Kernel } from '../../app/kernel.ts'
import { readOversight } from '../../app/oversight/oversight-act.ts'
import { oversightActs } from '../../app/oversight/oversight-acts.ts'
import { statusOf } from '../../core/oversight/oversight.ts'
import { answer, checked, notFound, withAccess } from './asked.ts'

export function oversightRoutes(server: FastifyInstance, kernel: Kernel): void {
  const tags = ['oversight']
  server.get(
    '/oversight',
    { schema: { tags, summary: 'Statutes, draws without their lists, recommendations' } },
    (request, reply) =>
      withAccess(kernel, request, reply, 'workspace', async ({ acting }) => {
        const [state, hiddenList] = await Promise.all([
          readOversight(kernel),
          listFilter(kernel, acting).then((sees) => kernel.registers.hiddenCases(sees)),
        ])
        const hidden = new Set<string | null>(hiddenList)
        return {
          mandates: state.mandates,
          draws: state.draws.map(({ list, ...draw }) => ({ ...draw, length: list.length })),
          recommendations: state.recommendations.map((one) => ({
            ...one,
            caseId: hidden.has(one.caseId) ? null : one.caseId,
            status: statusOf(one, acting.now),
          })),
        }
      }),
  )
  server.get<{ Params: { drawId: string } }>(
    '/oversight/draws/:drawId',
    {
      schema: {
        tags,
        params: Type.Object({ drawId: Type.String({ maxLength: 40 }) }),
        summary: 'One draw with its list, for holding it again',
      },
    },
    (request, reply) =>
      withAccess(kernel, request, reply, 'oversee', async () => {
        const { draws } = await readOversight(kernel)
        const draw = draws.find(({ drawId }) => drawId === request.params.drawId)
        if (!draw) throw notFound()
        return draw
      }),
  )
  for (const act of oversightActs) {
    const { group } = act.action
    server.post(
      `/oversight/acts/${act.name}`,
      { schema: { tags, summary: act.name, body: act.input, operationId: act.name } },
      (request, reply) =>
        withAccess(kernel, request, reply, group, ({ acting }) =>
          answer(reply, act.run(kernel, checked(act.input, request.body), acting)),
        ),
    )
  }
}
