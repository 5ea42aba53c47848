/**
 * The page on which two officers open a contact, one layer each, in their browsers. The
 * sealed file is fetched by a form, because that is on record; nothing that is open comes
 * back, only which step was taken.
 */
import { Type } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { requireCaseId } from '../../app/case-stream.ts'
import { readCase } from '../../app/read-case.ts'
import { readTakenContact, takeContactStep } from '../../app/sealed-contact.ts'
import { malformed } from '../../base/errors.ts'
import { CONTACT_STEPS } from '../../core/sealing/events.ts'
import { problemOfRefusal } from '../../wire/problem.ts'
import { ROUTES } from '../routes.ts'
import { type SiteKit, sendFile, sendJson, sendProblem, sendProblemJson } from '../site-kit.ts'
import { namesOf } from './case/names.ts'
import { caseHead } from './case/present-case.ts'
import { type OfficerTurn, officerRoute } from './session.ts'

const BODY_MAX = 4 * 1024

/** The first step is the file itself. */
const said = Type.Object(
  {
    formToken: Type.String({ maxLength: 200 }),
    step: Type.Union(
      CONTACT_STEPS.filter((step) => step !== 'fetched').map((step) => Type.Literal(step)),
    ),
  },
  { additionalProperties: false },
)

export function sealedContactRoutes(server: FastifyInstance, kit: SiteKit): void {
  const group = 'openContact'
  const url = ROUTES.officerSealedContact
  officerRoute(server, kit, { method: 'GET', url, group, handler: contactPage })
  officerRoute(server, kit, {
    method: 'POST',
    url: ROUTES.officerSealedContactFile,
    group,
    bodyLimit: BODY_MAX,
    handler: sendContact,
  })
  officerRoute(server, kit, {
    method: 'POST',
    url: ROUTES.officerContactStep,
    group,
    bodyLimit: BODY_MAX,
    handler: recordStep,
  })
}

const caseOf = ({ params }: FastifyRequest) =>
  requireCaseId((params as { readonly caseId: string }).caseId)

async function contactPage(turn: OfficerTurn, request: FastifyRequest): Promise<FastifyReply> {
  const { kernel } = turn.kit
  const caseId = caseOf(request)
  const taken = await readTakenContact(kernel, caseId, turn.acting)
  if (!taken) throw malformed('no contact is open to you', { field: 'caseId', reason: 'not-found' })
  const [read, names] = await Promise.all([readCase(kernel, caseId, turn.acting), namesOf(kernel)])
  const { ground, basis, takenAt, until, layers } = taken
  return turn.page('officer/sealed-contact', {
    case: caseHead(read, names),
    ...{ ground, takenAt, until, layers },
    ...(basis ? { basis } : {}),
    proposedBy: names.officer(taken.proposedBy),
    approvedBy: names.officer(taken.approvedBy),
    formToken: turn.signedIn.formToken,
  })
}

async function sendContact(
  { kit, acting, signedIn }: OfficerTurn,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const step = { caseId: caseOf(request), step: 'fetched' as const }
  const taken = await takeContactStep(kit.kernel, step, acting)
  if (taken.decision === 'refuse') {
    return sendProblem(kit, request, reply, problemOfRefusal(taken), { signedIn })
  }
  const mediaType = 'application/octet-stream'
  return sendFile(reply, { name: 'contact.age', mediaType, bytes: taken.value })
}

async function recordStep(
  { kit, acting }: OfficerTurn,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { body } = request
  if (!Value.Check(said, body)) throw malformed('not a step with a contact')
  const step = { caseId: caseOf(request), step: body.step }
  const taken = await takeContactStep(kit.kernel, step, acting)
  if (taken.decision === 'refuse') return sendProblemJson(reply, problemOfRefusal(taken))
  return sendJson(reply, {})
}
