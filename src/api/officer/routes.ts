/**
 * The officers' interface for programs: `/api/v1`. Decides nothing by itself: it
 * finds out who asks, checks the form, and calls the use case.
 */
import { Readable } from 'node:stream'
import { type Static, Type } from '@sinclair/typebox'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { listCases } from '../../app/access.ts'
import { actingAs } from '../../app/acting.ts'
import { caseActs } from '../../app/acts.ts'
import { admitRecord, previewRecord } from '../../app/admit-record.ts'
import { agreementActs } from '../../app/agreement-acts.ts'
import { foldAgreementStream } from '../../app/agreement-record.ts'
import { offerAgreement } from '../../app/agreements.ts'
import { signatureForm } from '../../app/attest.ts'
import { attachAgreementSignature, stampAgreement } from '../../app/attest-agreement.ts'
import { caseStream } from '../../app/case-stream.ts'
import { draftAgreement, draftForm } from '../../app/draft-agreement.ts'
import { openingOf } from '../../app/event-openings.ts'
import { exportEvidencePackage } from '../../app/export-evidence-package.ts'
import type { Kernel } from '../../app/kernel.ts'
import { isOwnOrigin } from '../../app/officer-session.ts'
import { type OpenCase, openCase, openCaseForm } from '../../app/open-case.ts'
import { readCase, readTimeline } from '../../app/read-case.ts'
import { signOffByCode, signOffLawPack } from '../../app/sign-off-law-pack.ts'
import { canonicalBytes, type Json } from '../../base/canonical-json.ts'
import { malformed } from '../../base/errors.ts'
import { isUuid } from '../../base/ids.ts'
import type { AgreementDocument } from '../../core/agreement/document.ts'
import { AgreementDocumentForm } from '../../wire/exchange/documents.ts'
import { sendError, sendProblem, sendRefusal } from '../problem.ts'
import { answer, caseIdOf, checked, notFound, withAccess } from './asked.ts'
import { fileRoutes } from './file-routes.ts'
import { lawRoutes } from './law-routes.ts'
import { oversightRoutes } from './oversight-routes.ts'
import { previewRoutes } from './preview-routes.ts'
import { proposalRoutes } from './proposal-routes.ts'
import { recordRoutes } from './record-routes.ts'
import { asOfficer } from './session.ts'
import { signInRoutes } from './sign-in-routes.ts'
import { togetherRoutes } from './together-routes.ts'

const BODY_MAX = 2 * 1024 * 1024
const recordForm = Type.Object({ record: Type.Unknown() }, { additionalProperties: false })
const caseParams = Type.Object({ caseId: Type.String() })

export async function officerRoutes(server: FastifyInstance, kernel: Kernel): Promise<void> {
  server.setErrorHandler((error, _request, reply) => sendError(reply, error))
  server.removeContentTypeParser('text/plain')
  server.addHook('onRequest', async (request, reply) => {
    reply.header('cache-control', 'no-store')
    if (request.method !== 'GET' && !isOwnOrigin(request.headers, kernel.node)) {
      return sendProblem(reply, 403, 'cross-origin')
    }
  })
  signInRoutes(server, kernel)
  caseRoutes(server, kernel)
  previewRoutes(server, kernel)
  togetherRoutes(server, kernel)
  recordRoutes(server, kernel)
  fileRoutes(server, kernel)
  proposalRoutes(server, kernel)
  lawRoutes(server, kernel)
  oversightRoutes(server, kernel)
  agreementRoutes(server, kernel)
}

function caseRoutes(server: FastifyInstance, kernel: Kernel): void {
  server.get('/filings', { schema: { tags: ['intake'] } }, (request, reply) =>
    withAccess(kernel, request, reply, 'intake', () => kernel.filings.waiting()),
  )
  server.get<{ Params: { filingId: string } }>(
    '/filings/:filingId/report',
    { schema: { tags: ['intake'], summary: 'The sealed report, as an age file' } },
    (request, reply) =>
      withAccess(kernel, request, reply, 'intake', async () => {
        const { filingId } = request.params
        const bytes = isUuid(filingId) && (await kernel.filings.sealedReport(filingId))
        if (!bytes) throw notFound()
        reply.header('content-type', 'application/octet-stream')
        return Buffer.from(bytes)
      }),
  )
  server.post<{ Body: unknown }>(
    '/cases',
    {
      bodyLimit: BODY_MAX,
      schema: { body: openCaseForm, tags: ['cases'], summary: 'Admit a report into a new case' },
    },
    (request, reply) =>
      asOfficer(kernel, request, reply, (officer) => {
        const input = checked(openCaseForm, request.body) as OpenCase
        const { record, title, filingId, avid, answers } = input
        const isAlone = filingId === undefined && avid === undefined && answers === undefined
        const acting = actingAs(officer, kernel)
        return record !== undefined && isAlone
          ? answer(reply, admitRecord(kernel, { record, title }, acting))
          : answer(reply, openCase(kernel, input, acting))
      }),
  )
  server.post<{ Body: { readonly record: Json } }>(
    '/records/preview',
    {
      bodyLimit: BODY_MAX,
      schema: {
        body: recordForm,
        tags: ['cases'],
        summary: 'What a record of another system would carry into a case, and what not',
        operationId: 'previewRecord',
      },
    },
    (request, reply) =>
      asOfficer(kernel, request, reply, (officer) => {
        const { record } = checked(recordForm, request.body) as { readonly record: Json }
        return answer(reply, previewRecord(kernel, record, actingAs(officer, kernel)))
      }),
  )
  server.get('/cases', { schema: { tags: ['cases'] } }, (request, reply) =>
    withAccess(kernel, request, reply, 'listCases', ({ acting }) => listCases(kernel, acting)),
  )
  server.get<{ Params: { caseId: string } }>(
    '/cases/:caseId',
    { schema: { params: caseParams, tags: ['cases'], summary: 'The folded case and its acts' } },
    (request, reply) =>
      withAccess(kernel, request, reply, 'read', async ({ acting }) => {
        const read = await readCase(kernel, caseIdOf(request), acting)
        reply.header('etag', `"${read.state.version}"`)
        return read
      }),
  )
  const timelineQuery = Type.Object({
    after: Type.Optional(Type.String({ pattern: '^[0-9]{1,9}$' })),
  })
  server.get<{ Params: { caseId: string }; Querystring: { after?: string } }>(
    '/cases/:caseId/timeline',
    {
      schema: {
        params: caseParams,
        querystring: timelineQuery,
        tags: ['cases'],
        summary: 'Types, times and actors of the events after a version',
      },
    },
    (request, reply) =>
      withAccess(kernel, request, reply, 'read', () =>
        readTimeline(kernel, caseIdOf(request), Number(request.query.after ?? 0)),
      ),
  )
  for (const act of caseActs) {
    server.post<{ Params: { caseId: string }; Body: unknown }>(
      `/cases/:caseId/acts/${act.name}`,
      {
        bodyLimit: BODY_MAX,
        schema: { params: caseParams, body: act.input, tags: [act.topic], operationId: act.name },
      },
      (request, reply) =>
        asOfficer(kernel, request, reply, (officer) => {
          const input = checked(act.input, request.body)
          const call = { input, acting: actingAs(officer, kernel), ...expectedVersion(request) }
          return answer(reply, act.run(kernel, caseIdOf(request), call))
        }),
    )
  }
  server.get<{ Params: { caseId: string; version: string } }>(
    '/cases/:caseId/receipts/:version',
    { schema: { tags: ['proof'], summary: 'The receipt of one event, as .tlog-proof' } },
    (request, reply) =>
      withAccess(kernel, request, reply, 'read', async () => {
        const stream = await caseStream(kernel, caseIdOf(request))
        const event = stream.sealedEvents[Number(request.params.version) - 1]
        const logged = event && (await kernel.receipts.of(event.logId))
        if (!logged) throw notFound()
        if (!logged.receipt) return { state: logged.state }
        reply.header('content-type', 'text/plain; charset=utf-8')
        return Buffer.from(logged.receipt)
      }),
  )
  server.get<{ Params: { caseId: string; version: string } }>(
    '/cases/:caseId/openings/:version',
    { schema: { tags: ['proof'], summary: 'One event with everything that opens its receipt' } },
    (request, reply) =>
      withAccess(kernel, request, reply, 'read', async () => {
        const stream = await caseStream(kernel, caseIdOf(request))
        const version = Number(request.params.version)
        if (!stream.sealedEvents[version - 1]) throw notFound()
        const opening = await openingOf(kernel, stream, version)
        if (!opening) return sendProblem(reply, 409, 'receiptNotSealed')
        reply.header('content-type', 'application/json')
        return Buffer.from(canonicalBytes(opening))
      }),
  )
  server.post<{ Params: { caseId: string } }>(
    '/cases/:caseId/package',
    { schema: { params: caseParams, tags: ['proof'], summary: 'Make the evidence package' } },
    (request, reply) =>
      asOfficer(kernel, request, reply, async (officer) => {
        const acting = actingAs(officer, kernel)
        const made = await exportEvidencePackage(kernel, caseIdOf(request), acting)
        if (made.decision === 'refuse') return sendRefusal(reply, made)
        reply.header('content-type', 'application/x-tar')
        reply.header('x-comity-digest', made.value.digest)
        reply.header('content-length', String(made.value.sizeBytes))
        return reply.send(Readable.from(made.value.bytes, { objectMode: false }))
      }),
  )
}

function agreementRoutes(server: FastifyInstance, kernel: Kernel): void {
  const tags = ['agreements']
  server.get('/agreements', { schema: { tags } }, (request, reply) =>
    withAccess(kernel, request, reply, 'workspace', () => kernel.registers.agreements()),
  )
  const offerBody = Type.Object({ document: AgreementDocumentForm })
  server.post<{ Body: unknown }>(
    '/agreements',
    { bodyLimit: BODY_MAX, schema: { tags, body: offerBody } },
    (request, reply) =>
      asOfficer(kernel, request, reply, (officer) => {
        const { document } = checked(offerBody, request.body) as { document: AgreementDocument }
        return answer(reply, offerAgreement(kernel, document, actingAs(officer, kernel)))
      }),
  )
  server.post<{ Body: unknown }>(
    '/agreements/drafts',
    { schema: { tags, body: draftForm, summary: 'Draft an agreement from a model' } },
    (request, reply) =>
      asOfficer(kernel, request, reply, (officer) => {
        const input = checked(draftForm, request.body)
        return answer(reply, draftAgreement(kernel, input, actingAs(officer, kernel)))
      }),
  )
  server.get<{ Params: { id: string } }>(
    '/agreements/:id',
    { schema: { tags, summary: 'The folded agreement, and which acts are possible now' } },
    (request, reply) =>
      withAccess(kernel, request, reply, 'workspace', async () => {
        const stream = await kernel.streams.read(agreementIdOf(request))
        if (stream?.kind !== 'agreement') throw notFound()
        const state = foldAgreementStream(stream.history)
        const history = stream.history.map(({ event: { type }, at, by }) => ({ type, at, by }))
        const acts = agreementActs.map(({ name, available }) => {
          const { decision, because } = available(state, kernel.node.id)
          return { name, decision, because }
        })
        return { state, acts, history }
      }),
  )
  for (const act of agreementActs) {
    // Signing had an address of its own before.
    const url = act.name === 'signAgreement' ? 'sign' : `acts/${act.name}`
    server.post<{ Params: { id: string }; Body: unknown }>(
      `/agreements/:id/${url}`,
      {
        bodyLimit: BODY_MAX,
        schema: { tags, body: act.input, operationId: act.name, summary: act.summary },
      },
      (request, reply) =>
        asOfficer(kernel, request, reply, (officer) => {
          const input = checked(act.input, request.body)
          const acting = actingAs(officer, kernel)
          return answer(reply, act.run(kernel, agreementIdOf(request), input, acting))
        }),
    )
  }
  server.post<{ Params: { id: string } }>(
    '/agreements/:id/time-stamps',
    { schema: { tags, summary: 'Ask for an outside time stamp on the text' } },
    (request, reply) =>
      asOfficer(kernel, request, reply, (officer) => {
        const id = agreementIdOf(request)
        return answer(reply, stampAgreement(kernel, id, actingAs(officer, kernel)))
      }),
  )
  server.post<{ Params: { id: string }; Body: unknown }>(
    '/agreements/:id/signatures',
    {
      bodyLimit: BODY_MAX,
      schema: { tags, body: signatureForm, summary: 'Attach a signature file to the text' },
    },
    (request, reply) =>
      asOfficer(kernel, request, reply, (officer) => {
        const input = checked(signatureForm, request.body)
        const acting = actingAs(officer, kernel)
        return answer(
          reply,
          attachAgreementSignature(kernel, agreementIdOf(request), input, acting),
        )
      }),
  )
  const exceptedClocks = Type.Array(Type.String({ maxLength: 80 }), { maxItems: 500 })
  const packBody = Type.Object(
    {
      pack: Type.String({ maxLength: 60 }),
      version: Type.Optional(Type.String({ maxLength: 20 })),
      digest: Type.Optional(Type.String({ pattern: '^[0-9a-f]{64}$' })),
      simulated: Type.Boolean(),
      excepted: Type.Optional(exceptedClocks),
    },
    { additionalProperties: false },
  )
  server.post<{ Body: Static<typeof packBody> }>(
    '/law/sign-offs',
    { schema: { tags: ['law'], body: packBody } },
    (request, reply) =>
      asOfficer(kernel, request, reply, (officer) =>
        answer(reply, signOffLawPack(kernel, request.body, actingAs(officer, kernel))),
      ),
  )
  const byCode = Type.Object(
    {
      code: Type.String({ maxLength: 60 }),
      pack: Type.String({ maxLength: 60 }),
      version: Type.String({ maxLength: 20 }),
      digest: Type.String({ pattern: '^[0-9a-f]{64}$' }),
      excepted: Type.Optional(exceptedClocks),
    },
    { additionalProperties: false },
  )
  server.post<{ Body: Static<typeof byCode> }>(
    '/law/sign-offs/by-code',
    { schema: { tags: ['law'], body: byCode } },
    (request, reply) => answer(reply, signOffByCode(kernel, request.body)),
  )
}

/** `If-Match: "12"`: the act is meant for version 12 of the case (RFC 9110, section 13.1.1). */
function expectedVersion(request: FastifyRequest): { expectedVersion?: number } {
  const given = request.headers['if-match']
  if (given === undefined) return {}
  const version = /^"([0-9]{1,9})"$/.exec(given)?.[1]
  if (version === undefined) throw malformed('not a version of a case', { field: 'if-match' })
  return { expectedVersion: Number(version) }
}

function agreementIdOf({ params }: FastifyRequest): string {
  const { id } = params as { readonly id: string }
  if (!isUuid(id)) throw notFound()
  return id
}
