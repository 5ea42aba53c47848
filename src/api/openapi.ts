/**
 * The description of the machine interface (OpenAPI 3.1), as `/openapi.json`
 * serves it and `protocol/openapi.json` holds it.
 *
 * Inputs are the schemas that requests are checked with. Answers are described
 * here and are not enforced. What peers, logs and witnesses say to each other is
 * no part of it: that is in `protocol/spec`.
 */
import type { FastifyDynamicSwaggerOptions, SwaggerTransformObject } from '@fastify/swagger'
import { type TSchema, Type } from '@sinclair/typebox'
import type { CaseAct } from '../app/act.ts'
import { caseActs } from '../app/acts.ts'
import { DisclosureFiguresForm } from '../wire/open-data/disclosure-figures.ts'
import { PROBLEM_TYPE } from '../wire/problem.ts'

const API = '/api/v1'
const SESSION = 'session'

const Because = Type.Array(Type.Object({ rule: Type.String(), text: Type.String() }), {
  description: 'The rules and clauses that decided.',
})

const Answer = Type.Object(
  { decision: Type.String(), because: Because },
  { description: 'Whether you may answer so now, and why not.' },
)

const schemas = {
  Problem: Type.Object(
    {
      type: Type.String({ description: '`urn:comity:problem:` and the code.' }),
      title: Type.String(),
      status: Type.Integer(),
      code: Type.String({ description: 'Stable. Decide by it, never by the words.' }),
      detail: Type.Optional(Type.String()),
      field: Type.Optional(Type.String({ description: 'JSON pointer to what is wrong.' })),
      because: Type.Optional(Because),
      errors: Type.Optional(
        Type.Array(Type.Object({ field: Type.String(), reason: Type.String() })),
      ),
    },
    { description: 'Problem details (RFC 9457).' },
  ),
  Done: Type.Object(
    {
      value: Type.Object({
        streamId: Type.String({ format: 'uuid' }),
        events: Type.Array(Type.String(), { description: 'Types of the appended events.' }),
        result: Type.Object({}, { description: 'What the caller needs to go on, e.g. an id.' }),
      }),
      because: Because,
    },
    { description: 'The act was permitted and is done.' },
  ),
  Officer: Type.Object({
    id: Type.String({ format: 'uuid' }),
    name: Type.String(),
    roles: Type.Array(Type.String()),
  }),
  CaseRow: Type.Object({
    id: Type.String({ format: 'uuid' }),
    title: Type.String(),
    lead: Type.String({ description: 'Node id of the authority that leads the case.' }),
    phase: Type.String(),
    priority: Type.Optional(Type.String()),
    isUnderEmbargo: Type.Boolean(),
    openedAt: Type.String({ format: 'date-time' }),
    changedAt: Type.String({ format: 'date-time' }),
  }),
  Case: Type.Object({
    caseId: Type.String({ format: 'uuid' }),
    state: Type.Object({}, { description: 'The folded history, area by area.' }),
    events: Type.Array(
      Type.Object({
        event: Type.Object({ type: Type.String() }),
        version: Type.Integer(),
        at: Type.String({ format: 'date-time', description: 'Case time.' }),
        by: Type.String({ description: 'Officer id, or a node id.' }),
        logId: Type.String({ format: 'uuid' }),
        receipt: Type.Optional(Type.String({ description: 'State of the log receipt.' })),
      }),
    ),
    acts: Type.Array(
      Type.Object({
        name: Type.String(),
        topic: Type.String(),
        available: Type.Object({
          decision: Type.String(),
          why: Type.Optional(Type.String()),
          because: Because,
        }),
      }),
    ),
  }),
  Filing: Type.Object({
    id: Type.String({ format: 'uuid' }),
    filedOn: Type.String({ format: 'date' }),
    language: Type.String(),
    hasContact: Type.Boolean(),
    acceptedReceipt: Type.Object({}, { description: 'See schemas/intake/filing-accepted.json.' }),
  }),
  Agreement: Type.Object({
    id: Type.String({ format: 'uuid' }),
    state: Type.String(),
    digest: Type.String({ description: 'SHA-256, hex: see spec/agreement.md.' }),
    document: Type.Object({}),
  }),
  WaitingProposal: Type.Object({
    proposalId: Type.String({ format: 'uuid' }),
    act: Type.String(),
    proposedBy: Type.String({ description: 'Officer id.' }),
    expiresAt: Type.String({ format: 'date-time' }),
    case: Type.Union([
      Type.Object({
        caseId: Type.String({ format: 'uuid' }),
        caseTitle: Type.String(),
        caseOpenedAt: Type.String({ format: 'date-time' }),
      }),
      Type.Null({ description: 'The roster of sealing keys: answered in the workspace.' }),
    ]),
  }),
  Proposal: Type.Object({
    proposalId: Type.String({ format: 'uuid' }),
    act: Type.String(),
    input: Type.Object({}, { description: 'What was proposed, in the form of the act.' }),
    digest: Type.String({ description: 'SHA-256, hex. An approval names it.' }),
    proposedBy: Type.String({ description: 'Officer id.' }),
    inPlaceOf: Type.Union([Type.String(), Type.Null()]),
    proposedAt: Type.String({ format: 'date-time' }),
    expiresAt: Type.String({ format: 'date-time' }),
    because: Because,
    approve: Answer,
    reject: Answer,
    withdraw: Answer,
    isForYou: Type.Boolean({ description: 'You can be the second person.' }),
  }),
  Counts: Type.Object({}, { description: 'Counts with small cells suppressed.' }),
  DisclosureFigures: DisclosureFiguresForm,
} as const satisfies Record<string, TSchema>

type SchemaName = keyof typeof schemas
type Operation = Record<string, unknown> & { readonly parameters?: readonly object[] }
type Paths = Record<string, Record<string, Operation>>

const ref = (name: SchemaName) => ({ $ref: `#/components/schemas/${name}` })
const listOf = (name: SchemaName) => ({ type: 'array', items: ref(name) })
const content = (mediaType: string, schema: object) => ({ content: { [mediaType]: { schema } } })
const json = (description: string, schema: object) => ({
  description,
  ...content('application/json', schema),
})
const file = (description: string, mediaType: string) => ({
  description,
  ...content(mediaType, {}),
})

/** What each operation answers when it did what was asked; acts answer `Done`. */
const ANSWERS: Readonly<Record<string, object>> = {
  'GET /me': json('Who is signed in', ref('Officer')),
  'GET /filings': json('Filings that wait for admission', listOf('Filing')),
  'GET /filings/{filingId}/{part}': file('An age file', 'application/octet-stream'),
  'GET /cases': json('Every case of this node', listOf('CaseRow')),
  'GET /cases/{caseId}': json('The case', ref('Case')),
  'GET /cases/{caseId}/receipts/{version}': {
    description: 'The receipt; `{state}` while it waits for cosignatures',
    content: {
      'text/plain': { schema: {} },
      'application/json': { schema: Type.Object({ state: Type.String() }) },
    },
  },
  'GET /proposals': json('The next to expire first', listOf('WaitingProposal')),
  'GET /cases/{caseId}/proposals': json('Open proposals', listOf('Proposal')),
  'GET /cases/{caseId}/timeline': json('The events, oldest first', {}),
  'GET /cases/{caseId}/openings/{version}': json(
    'The envelope, its salt, the log entry and its receipt; 409 while it waits',
    {},
  ),
  'POST /cases/{caseId}/package': file('The evidence package', 'application/x-tar'),
  'GET /agreements': json('Agreements of this node', listOf('Agreement')),
  'GET /open-data/counts.json': json('Counts', ref('Counts')),
  'GET /open-data/counts.csv': file('The same counts', 'text/csv'),
  'GET /open-data/disclosure.json': json('The figures', ref('DisclosureFigures')),
  'GET /open-data/disclosure.csv': file('The same figures', 'text/csv'),
}

/** For routes that do not say it themselves. */
const SUMMARIES: Readonly<Record<string, string>> = {
  'POST /sign-out': 'End the session',
  'GET /me': 'Who is signed in',
  'GET /filings': 'Filings that wait for admission',
  'GET /cases': 'Every case of this node',
  'GET /agreements': 'Agreements of this node',
  'POST /agreements': 'Offer an agreement to its other parties',
  'POST /law/sign-offs': 'Sign off a version of a law pack',
  'POST /law/sign-offs/by-code': 'Sign off the files of a law pack with a code from the page',
  'GET /open-data/counts.json': 'Counts, with small cells suppressed',
  'GET /open-data/counts.csv': 'Counts, with small cells suppressed',
  'GET /open-data/disclosure.json': 'How disclosure goes, read once a quarter',
  'GET /open-data/disclosure.csv': 'How disclosure goes, read once a quarter',
  'GET /open-data/disclosure.schema.json': 'What each figure of disclosure counts (JSON Schema)',
  'GET /open-data/advisories.json': 'Published advisories',
}

const NOTHING: Readonly<Record<string, number>> = { 'POST /sign-in': 204, 'POST /sign-out': 204 }
const WITHOUT_SESSION = new Set(['POST /sign-in', 'POST /law/sign-offs/by-code'])

/** Options of the framework's plugin. Routes without a tag are no part of the description. */
export const OPENAPI: FastifyDynamicSwaggerOptions = {
  hideUntagged: true,
  openapi: {
    openapi: '3.1.0',
    info: {
      title: 'Comity: officers’ interface and open data',
      version: '1.0.0',
      description:
        'What an officer can ask of a node, and what everyone may read. Errors are RFC 9457 problems with a stable code; a lawful no is 409 with its rules.',
      license: { name: 'EUPL-1.2', identifier: 'EUPL-1.2' },
    },
    components: {
      schemas: schemas as unknown as Record<string, object>,
      securitySchemes: {
        [SESSION]: {
          type: 'apiKey',
          in: 'cookie',
          name: 'comity-<node id>',
          description:
            'Dots of the node id are written as hyphens, e.g. `comity-meridia-example`. Got by `POST /api/v1/sign-in`.',
        },
      },
    },
  },
  transformObject: withAnswers as SwaggerTransformObject,
}

/** In the order of paths, so that it does not matter in which order routes are registered. */
function withAnswers(document: { readonly openapiObject: { readonly paths: Paths } }): object {
  const inOrder = Object.entries(document.openapiObject.paths).sort(([a], [b]) => (a < b ? -1 : 1))
  const paths = inOrder.map(([path, methods]) => [
    path,
    Object.fromEntries(
      Object.entries(methods).map(([method, operation]) => [
        method,
        describe(`${method.toUpperCase()} ${path.replace(API, '')}`, path, operation),
      ]),
    ),
  ])
  return { ...document.openapiObject, paths: Object.fromEntries(paths) }
}

function describe(name: string, path: string, operation: Operation): Operation {
  const act = caseActs.find((one) => path.endsWith(`/acts/${one.name}`))
  const isOfficers = path.startsWith(API) && !WITHOUT_SESSION.has(name)
  return {
    ...(SUMMARIES[name] ? { summary: SUMMARIES[name] } : {}),
    ...operation,
    ...(act ? describeAct(act, operation) : {}),
    ...(isOfficers ? { security: [{ [SESSION]: [] }] } : {}),
    responses: responsesOf(name, path),
  }
}

const IF_MATCH = {
  name: 'If-Match',
  in: 'header',
  description: 'The act is meant for this version of the case, e.g. `"12"`; another one refuses.',
  schema: { type: 'string', pattern: '^"[0-9]{1,9}"$' },
} as const

function describeAct({ name, roles }: CaseAct, { parameters = [] }: Operation): object {
  return {
    summary: inWords(name),
    description: `Roles: ${roles.join(', ')}.`,
    parameters: [...parameters, IF_MATCH],
  }
}

function responsesOf(name: string, path: string): object {
  const nothing = NOTHING[name]
  if (nothing) return { [nothing]: { description: 'Done' }, default: problemAnswer() }
  const isAct = path.startsWith(API) && name.startsWith('POST ')
  const fallback = isAct ? json('Permitted and done', ref('Done')) : json('The answer', {})
  const refused = problemAnswer('Refused, with the rules in `because`')
  return {
    200: ANSWERS[name] ?? fallback,
    ...(isAct ? { 409: refused } : {}),
    default: problemAnswer(),
  }
}

function problemAnswer(description = 'Anything else: see `code`') {
  return { description, ...content(PROBLEM_TYPE, ref('Problem')) }
}

/** `releaseToPeer` as "Release to peer". */
function inWords(name: string): string {
  const words = name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
  return words.charAt(0).toUpperCase() + words.slice(1)
}
