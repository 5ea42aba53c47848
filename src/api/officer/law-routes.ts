/**
 * Questions about the law, put to the packs of this node with its officers' sign-offs:
 * free ones, and those about one case. Nothing is stored.
 */
import { Type } from '@sinclair/typebox'
import type { FastifyInstance } from 'fastify'
import { caseLaw } from '../../app/case-law.ts'
import { clockBoard } from '../../app/desk/clock-board.ts'
import { dutyBoard } from '../../app/desk/duty-board.ts'
import type { Kernel } from '../../app/kernel.ts'
import { type Json, requireSafe } from '../../base/canonical-json.ts'
import { packRef } from '../../core/law/pack.ts'
import { isSignedOff } from '../../core/law/sign-off.ts'
import { competenceJson, gapsJson } from '../../wire/law-answers.ts'
import { ASK_LAW } from '../../wire/law-ask.ts'
import { DUE_FORM, SANCTION_FORM } from '../../wire/law-number-forms.ts'
import { COMPETENCE_FORM, GAPS_FORM } from '../../wire/law-question-forms.ts'
import { caseIdOf, withAccess } from './asked.ts'

const BODY_MAX = 256 * 1024

const QUESTIONS = {
  due: DUE_FORM,
  sanction: SANCTION_FORM,
  competence: COMPETENCE_FORM,
  gaps: GAPS_FORM,
} as const

export function lawRoutes(server: FastifyInstance, kernel: Kernel): void {
  const tags = ['law']
  server.get(
    '/law/packs',
    { schema: { tags, summary: 'The law packs in use, and whether they are signed off' } },
    (request, reply) =>
      withAccess(kernel, request, reply, 'workspace', async () => {
        const { packs, signOffs } = await kernel.law.context()
        return packs.map((pack) => {
          const { legalOrder, name, validFrom, asOf } = pack
          const isSigned = isSignedOff(signOffs, packRef(pack))
          return { ...packRef(pack), legalOrder, name, validFrom, asOf, isSigned }
        })
      }),
  )
  for (const name of ['due', 'sanction', 'competence', 'gaps'] as const) {
    const { says: summary, input: body } = QUESTIONS[name]
    server.post<{ Body: Json }>(
      `/law/${name}`,
      { bodyLimit: BODY_MAX, schema: { tags, summary, body, operationId: `law-${name}` } },
      (request, reply) =>
        withAccess(kernel, request, reply, 'workspace', async () => {
          requireSafe(request.body, '', 0)
          return ASK_LAW[name](await kernel.law.context(), request.body)
        }),
    )
  }
  server.get(
    '/clocks',
    { schema: { tags, summary: 'The clocks of all cases that the asking person may see' } },
    (request, reply) =>
      withAccess(kernel, request, reply, 'workspace', ({ acting }) =>
        clockBoard(kernel, acting, { isComplete: true }),
      ),
  )
  server.get(
    '/duties',
    {
      schema: {
        tags: ['releases'],
        summary: 'Duties after releases, of all cases that the asking person may see',
      },
    },
    (request, reply) =>
      withAccess(kernel, request, reply, 'workspace', ({ acting }) => dutyBoard(kernel, acting)),
  )
  server.get<{ Params: { caseId: string } }>(
    '/cases/:caseId/law',
    {
      schema: {
        tags,
        params: Type.Object({ caseId: Type.String() }),
        summary: 'What the packs say on the facts of a case: competence, clocks, measures, gaps',
      },
    },
    (request, reply) =>
      withAccess(kernel, request, reply, 'read', async ({ acting }) => {
        const { on, overview, terms } = await caseLaw(kernel, caseIdOf(request), {}, acting)
        const { clocks, powers, competence } = overview
        return {
          on,
          competence: competenceJson(competence),
          clocks,
          powers,
          ...gapsJson(overview, terms),
        }
      }),
  )
}
