/** Pages and files of outside time stamps and signatures. Decides nothing by itself. */

import { Type } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { decideDeskAccess } from '../../app/access.ts'
import { attestedOrder } from '../../app/acts/attestation-acts.ts'
import { foldAgreementStream } from '../../app/agreement-record.ts'
import { type SignatureInput, signatureForm } from '../../app/attest.ts'
import {
  ATTACH_TO_AGREEMENT,
  agreementSignature,
  attachAgreementSignature,
  STAMP_AGREEMENT,
  stampAgreement,
} from '../../app/attest-agreement.ts'
import { caseStream, foldCaseStream } from '../../app/case-stream.ts'
import { toBase64 } from '../../base/bytes.ts'
import { canonicalBytes } from '../../base/canonical-json.ts'
import type { Because, Decision } from '../../base/decision.ts'
import { malformed } from '../../base/errors.ts'
import { isUuid } from '../../base/ids.ts'
import { agreementDigestInput } from '../../core/agreement/document.ts'
import {
  type Attestation,
  attestationsIn,
  requireTimeStamps,
  SIGNATURE_FILE_SIZE_MAX,
} from '../../core/attestation/attestation.ts'
import { orderDocument } from '../../core/enforcement/order-document.ts'
import type { FormSchema } from '../form/field-spec.ts'
import { type FieldError, formModel, type RawValues } from '../form/form-model.ts'
import { readForm } from '../form/read-form.ts'
import { acceptUploads } from '../form/read-upload.ts'
import { linkTo, ROUTES } from '../routes.ts'
import { type SiteKit, sendFile } from '../site-kit.ts'
import { readable } from '../words.ts'
import type { AttestedModel } from './attested/model.ts'
import { type OfficerTurn, officerRoute } from './session.ts'

const FILE = { name: 'file', maxBytes: SIGNATURE_FILE_SIZE_MAX }
const PARTS = {
  texts: ['formToken', ...Object.keys(signatureForm.properties).filter((name) => name !== 'file')],
  textMaxBytes: 8 * 1024,
  file: FILE,
}
const WIDGETS = { widgets: { file: 'file' } } as const

type Params = {
  readonly agreementId: string
  readonly caseId: string
  readonly measureId: string
  readonly signatureId: string
}
type Handler = (turn: OfficerTurn, params: Params, reply: FastifyReply) => Promise<FastifyReply>

export async function attestationRoutes(server: FastifyInstance, kit: SiteKit): Promise<void> {
  const uploads = await acceptUploads(server, () => PARTS)
  const get = (name: keyof typeof ROUTES, group: 'workspace' | 'read', handler: Handler) =>
    officerRoute(server, kit, {
      method: 'GET',
      url: ROUTES[name],
      group,
      handler: (turn, request, reply) => handler(turn, request.params as Params, reply),
    })
  get('officerAttested', 'workspace', (turn, { agreementId }) => agreementPage(turn, agreementId))
  get('officerAgreementFile', 'workspace', agreementFile)
  get('officerAgreementSignature', 'workspace', agreementSignatureFile)
  get('officerOrders', 'read', (turn, { caseId }) => ordersPage(turn, caseId))
  get('officerOrderFile', 'read', orderFile)
  get('officerOrderSignature', 'read', orderSignatureFile)
  officerRoute(server, kit, {
    method: 'POST',
    url: ROUTES.officerStampAgreement,
    group: 'workspace',
    handler: async (turn, request, reply) => {
      const agreementId = idOf((request.params as Params).agreementId)
      const done = await stampAgreement(turn.kit.kernel, agreementId, turn.acting)
      return answered(turn, reply, agreementId, done)
    },
  })
  officerRoute(server, kit, {
    method: 'POST',
    url: ROUTES.officerAttachToAgreement,
    group: 'workspace',
    handler: async (turn, request, reply) => {
      const agreementId = idOf((request.params as Params).agreementId)
      const { sent, acting } = turn
      const zone = kit.site.zone
      const read = readForm(signatureForm as FormSchema, sent, { ...WIDGETS, zone })
      const content = uploads.of(request)?.content
      const errors = read.isValid ? [] : [...read.errors]
      if (!content) errors.push({ field: 'file', reason: 'required' })
      if (!read.isValid || !content) {
        return agreementPage(turn, agreementId, { errors, values: sent, status: 400 })
      }
      const input = { ...read.input, file: toBase64(content) }
      if (!Value.Check(signatureForm, input)) throw malformed('the form could not be read')
      const { kernel } = turn.kit
      const done = await attachAgreementSignature(
        kernel,
        agreementId,
        input as SignatureInput,
        acting,
      )
      return answered(turn, reply, agreementId, done)
    },
  })
}

async function answered(
  turn: OfficerTurn,
  reply: FastifyReply,
  agreementId: string,
  done: Decision<unknown>,
): Promise<FastifyReply> {
  if (done.decision === 'refuse') {
    return agreementPage(turn, agreementId, {
      refusedNow: done.because,
      values: turn.sent,
      status: 409,
    })
  }
  const place = linkTo(turn.lang, 'officerAttested', { agreementId })
  return reply.header('cache-control', 'no-store').redirect(place, 303)
}

type Shown = {
  readonly values?: RawValues
  readonly errors?: readonly FieldError[]
  readonly refusedNow?: readonly Because[]
  readonly status?: number
}

async function agreementPage(
  turn: OfficerTurn,
  agreementId: string,
  { values = {}, errors = [], refusedNow, status = 200 }: Shown = {},
): Promise<FastifyReply> {
  const { kernel } = turn.kit
  const { document, digest, attestations } = await agreementOf(turn, agreementId)
  const mayStamp = await decideDeskAccess(kernel, STAMP_AGREEMENT, turn.acting)
  const mayAttach = await decideDeskAccess(kernel, ATTACH_TO_AGREEMENT, turn.acting)
  const canStamp = requireTimeStamps(kernel.attestations.stamp !== undefined)
  const hidden = { formToken: turn.signedIn.formToken }
  const to = (route: Parameters<typeof linkTo>[1], more: object = {}) =>
    linkTo(turn.lang, route, { agreementId, ...more })
  const stampForm = formModel('stampAgreement', Type.Object({}) as FormSchema, {}, [], {
    action: to('officerStampAgreement'),
    hidden,
    decision: mayStamp.decision === 'refuse' ? mayStamp : canStamp,
  })
  const attachForm = formModel(
    'attachAgreementSignature',
    signatureForm as FormSchema,
    values,
    errors,
    {
      ...WIDGETS,
      action: to('officerAttachToAgreement'),
      hidden,
      decision: mayAttach,
    },
  )
  const model: AttestedModel = {
    title: document.title,
    documents: [
      {
        id: agreementId,
        name: document.title,
        sha256: digest,
        file: to('officerAgreementFile'),
        ...rowsOf(attestations, agreementId, (signatureId) =>
          to('officerAgreementSignature', { signatureId }),
        ),
      },
    ],
    forms: [stampForm, attachForm],
    ...(refusedNow ? { refusedNow } : {}),
  }
  return turn.page('officer/attested', model, status)
}

async function ordersPage(turn: OfficerTurn, caseId: string): Promise<FastifyReply> {
  const state = foldCaseStream((await caseStream(turn.kit.kernel, caseId)).history)
  const { kernel } = turn.kit
  const documents = state.enforcement.measures.flatMap(({ measureId, rung }) => {
    const order = attestedOrder({ kernel, caseId, state }, measureId)
    if (!order) return []
    const to = (signatureId: string) =>
      linkTo(turn.lang, 'officerOrderSignature', { caseId, signatureId })
    return [
      {
        id: measureId,
        name: readable(rung),
        sha256: order.digest,
        file: linkTo(turn.lang, 'officerOrderFile', { caseId, measureId }),
        ...rowsOf(state.attestations, measureId, to),
      },
    ]
  })
  return turn.page('officer/attested', { title: state.title, caseId, documents, forms: [] })
}

function rowsOf(
  attestations: readonly Attestation[],
  id: string,
  fileOf: (signatureId: string) => string,
) {
  const own = attestations.filter(({ event }) => event.document.id === id)
  return {
    stamps: own.flatMap(({ event }) =>
      event.type === 'timeStampReceived'
        ? [{ at: event.stampedAt, authority: event.authority }]
        : [],
    ),
    signatures: own.flatMap(({ event, at }) => {
      if (event.type !== 'signatureAttached') return []
      const { signatureId, digest: sha256, signerFunction, checkedBy, checkedHow } = event
      return [{ file: fileOf(signatureId), sha256, signerFunction, checkedBy, checkedHow, at }]
    }),
  }
}

async function agreementOf({ kit }: OfficerTurn, agreementId: string) {
  const stream = await kit.kernel.streams.read(idOf(agreementId))
  const history = stream?.kind === 'agreement' ? stream.history : []
  const { document, digest } = foldAgreementStream(history)
  if (!document || !digest) throw notFound()
  return { document, digest, attestations: attestationsIn(history) }
}

async function agreementFile(turn: OfficerTurn, { agreementId }: Params, reply: FastifyReply) {
  const { document } = await agreementOf(turn, agreementId)
  const name = `agreement-${agreementId.slice(-6)}.txt`
  const bytes = agreementDigestInput(document)
  return sendFile(reply, { name, mediaType: 'application/octet-stream', bytes })
}

async function agreementSignatureFile(
  turn: OfficerTurn,
  { agreementId, signatureId }: Params,
  reply: FastifyReply,
) {
  const bytes = await agreementSignature(turn.kit.kernel, idOf(agreementId), idOf(signatureId))
  return sendSignature(reply, signatureId, bytes)
}

async function orderFile(turn: OfficerTurn, { caseId, measureId }: Params, reply: FastifyReply) {
  const { kernel } = turn.kit
  const { enforcement } = foldCaseStream((await caseStream(kernel, caseId)).history)
  const document = orderDocument(enforcement, measureId, { authority: kernel.node.id, caseId })
  if (!document) throw notFound()
  const name = `order-${measureId.slice(-6)}.json`
  const bytes = canonicalBytes(document)
  return sendFile(reply, { name, mediaType: 'application/json', bytes })
}

async function orderSignatureFile(
  turn: OfficerTurn,
  { caseId, signatureId }: Params,
  reply: FastifyReply,
) {
  const { kernel } = turn.kit
  const { attestations } = foldCaseStream((await caseStream(kernel, caseId)).history)
  const isOfCase = attestations.some(
    ({ event }) => event.type === 'signatureAttached' && event.signatureId === signatureId,
  )
  const bytes = isOfCase ? await kernel.attestations.keptSignature(caseId, signatureId) : undefined
  if (!bytes) throw notFound()
  return sendSignature(reply, signatureId, bytes)
}

/** As bytes only: nobody's browser opens what came from outside. */
function sendSignature(reply: FastifyReply, signatureId: string, bytes: Uint8Array) {
  const name = `signature-${signatureId.slice(-6)}.bin`
  return sendFile(reply, { name, mediaType: 'application/octet-stream', bytes })
}

function idOf(id: string): string {
  if (!isUuid(id)) throw notFound()
  return id
}

const notFound = () => malformed('there is nothing here', { reason: 'not-found' })
