/** Form of the engine that judges one request of the exchange. */
import { type Static, Type } from '@sinclair/typebox'
import {
  CountForm,
  HashForm,
  InstantForm,
  KeyIdForm,
  NodeIdForm,
  SeqForm,
  strictObject,
  UuidForm,
} from '../../wire/exchange/form.ts'
import { NodeDocumentForm } from '../../wire/exchange/node-document.ts'
import { ExerciseForm } from '../../wire/exchange/world.ts'
import type { EvalForm } from './forms.ts'

const Base64 = Type.String({ contentEncoding: 'base64' })
const MANY = 10_000

const KeyForm = strictObject({
  id: KeyIdForm,
  publicKey: Type.String({ pattern: '^[A-Za-z0-9+/]{43}=$' }),
  validFrom: InstantForm,
  validUntil: InstantForm,
  revokedAt: Type.Optional(InstantForm),
})

/** By its pinned node document, or by what the exchange reads of one. */
const PeerForm = Type.Union([
  strictObject({ document: NodeDocumentForm }),
  strictObject({
    node: NodeIdForm,
    messageKeys: Type.Array(KeyForm, { maxItems: 16 }),
    exercise: Type.Optional(ExerciseForm),
  }),
])

const FirstDecision = Type.Union(
  (['applied', 'held', 'rejected', 'expired'] as const).map((word) => Type.Literal(word)),
)
const Position = { epoch: CountForm, seq: SeqForm, link: HashForm }

export const MessageLineForm = strictObject({
  request: strictObject({
    method: Type.String({ pattern: '^[A-Z]{1,16}$' }),
    target: Type.String({
      pattern: '^/[!-~]{0,2000}$',
      description: 'Path and query, as they stand in the request line.',
    }),
    headers: Type.Array(
      Type.Tuple([Type.String({ maxLength: 256 }), Type.String({ maxLength: 16_384 })]),
      { maxItems: 100, description: 'Name and value, in order, repeated ones too.' },
    ),
    body: Base64,
  }),
  receiver: strictObject({
    node: NodeIdForm,
    baseUrl: Type.String({
      pattern: '^https?://[!-~]{1,300}$',
      description: 'endpoints.federation of its node document.',
    }),
    identities: Type.Array(Type.String({ pattern: '^AGE-SECRET-KEY-' }), {
      maxItems: 16,
      description: 'Age identities, the current one and those before it.',
    }),
    exercise: Type.Optional(ExerciseForm),
  }),
  peers: Type.Array(PeerForm, { maxItems: 16, description: 'Whose keys are pinned.' }),
  now: InstantForm,
  caseNow: Type.Optional(InstantForm),
  agreement: Type.Boolean({ description: 'Whether there is anything under which they talk.' }),
  nonces: Type.Array(strictObject({ keyId: KeyIdForm, nonce: Type.String() }), { maxItems: MANY }),
  channel: strictObject({ ...Position, frozen: Type.Optional(Type.Boolean()) }),
  messages: Type.Array(
    strictObject({
      epoch: CountForm,
      seq: CountForm,
      id: UuidForm,
      link: HashForm,
      decision: FirstDecision,
      reason: Type.Optional(Type.String()),
    }),
    { maxItems: MANY, description: 'Messages of the channel that came before.' },
  ),
  transactions: Type.Array(strictObject({ id: UuidForm, digest: HashForm }), {
    maxItems: MANY,
    description: 'Answered before, each with the SHA-256 of its body.',
  }),
})

export type MessageLine = Static<typeof MessageLineForm>

const Accepted = strictObject({
  decision: Type.Literal('accepted'),
  status: Type.Literal(200),
  signed: Type.Literal(true),
  transaction: UuidForm,
  repeated: Type.Boolean({ description: 'The receipts given before are given again.' }),
  messages: Type.Array(
    strictObject({
      seq: CountForm,
      id: UuidForm,
      link: HashForm,
      decision: Type.Union([FirstDecision, Type.Literal('duplicate')]),
      firstDecision: Type.Optional(FirstDecision),
      reason: Type.Optional(Type.String()),
    }),
  ),
  channel: strictObject(Position),
})

const Refused = strictObject({
  decision: Type.Literal('refused'),
  status: Type.Integer({ minimum: 400, maximum: 599 }),
  code: Type.String(),
  signed: Type.Boolean({ description: 'Whether the answer would be signed.' }),
  field: Type.Optional(Type.String()),
  detail: Type.Optional(Type.String()),
  expected: Type.Optional(strictObject({ epoch: CountForm, seq: CountForm, link: HashForm })),
})

export const MESSAGE_FORM: EvalForm = {
  says: 'What a node does with one request of a peer, given how its channel stands',
  input: MessageLineForm,
  output: Type.Union([Accepted, Refused]),
}
