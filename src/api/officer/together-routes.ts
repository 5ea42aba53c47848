/** Releases of several cases by one act, and what each of them would answer. For programs. */
import type { FastifyInstance } from 'fastify'
import { actingAs } from '../../app/acting.ts'
import type { Kernel } from '../../app/kernel.ts'
import {
  previewTogether,
  releaseCasesTogether,
  releaseTogetherForm,
} from '../../app/release-together.ts'
import { statusOfRefusal } from '../../wire/problem.ts'
import { sendProblem } from '../problem.ts'
import { checked } from './asked.ts'
import { asOfficer } from './session.ts'

const BODY_MAX = 64 * 1024

export function togetherRoutes(server: FastifyInstance, kernel: Kernel): void {
  const options = (operationId: string, summary: string) => ({
    bodyLimit: BODY_MAX,
    schema: { body: releaseTogetherForm, tags: ['release'], summary, operationId },
  })
  server.post<{ Body: unknown }>(
    '/releases',
    options('releaseTogether', 'Release something of several cases: all of it or nothing'),
    (request, reply) =>
      asOfficer(kernel, request, reply, async (officer) => {
        const input = checked(releaseTogetherForm, request.body)
        const decision = await releaseCasesTogether(kernel, input, actingAs(officer, kernel))
        if (decision.decision === 'permit') {
          return { value: decision.value, because: decision.because }
        }
        const { why, because, refused } = decision
        const errors = refused.map((one) => ({ field: one.caseId, reason: one.why }))
        return sendProblem(reply, statusOfRefusal(why), why, { because, errors })
      }),
  )
  server.post<{ Body: unknown }>(
    '/releases/preview',
    options('previewTogether', 'What each case would answer; nothing is written'),
    (request, reply) =>
      asOfficer(kernel, request, reply, (officer) => {
        const input = checked(releaseTogetherForm, request.body)
        return previewTogether(kernel, input, actingAs(officer, kernel))
      }),
  )
}
