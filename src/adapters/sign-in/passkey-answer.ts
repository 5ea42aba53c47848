/**
 * A browser's answer to a passkey's challenge (WebAuthn level 3, `toJSON`), as far
 * as one must look into it before it is verified. Promises form and size only.
 */
import { Type } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import { type Json, parseJson } from '../../base/canonical-json.ts'

const text = (maxLength: number) => Type.String({ maxLength, pattern: '^[A-Za-z0-9_-]*$' })

const AnswerForm = Type.Object({
  id: text(1400),
  rawId: text(1400),
  type: Type.Literal('public-key'),
  response: Type.Object({
    clientDataJSON: text(4096),
    attestationObject: Type.Optional(text(12_000)),
    authenticatorData: Type.Optional(text(4096)),
    signature: Type.Optional(text(2048)),
    userHandle: Type.Optional(Type.Union([text(128), Type.Null()])),
  }),
})

/** A challenge carries what it is for, sealed. */
const CHALLENGE_MAX = 400

export type PasskeyAnswer = {
  readonly id: string
  /** Base64url, as the browser says that it was asked. */
  readonly challenge: string
  readonly userHandle: string | undefined
  readonly value: Json
}

/** `undefined` for what can be no answer. */
export function readPasskeyAnswer(given: unknown): PasskeyAnswer | undefined {
  if (!Value.Check(AnswerForm, given)) return undefined
  const challenge = challengeIn(given.response.clientDataJSON)
  if (challenge === undefined) return undefined
  const userHandle = given.response.userHandle ?? undefined
  return { id: given.id, challenge, userHandle, value: given as unknown as Json }
}

function challengeIn(clientData: string): string | undefined {
  try {
    const { challenge } = parseJson(Buffer.from(clientData, 'base64url')) as { challenge?: unknown }
    return typeof challenge === 'string' && challenge.length <= CHALLENGE_MAX
      ? challenge
      : undefined
  } catch {
    // No JSON, no answer.
    return undefined
  }
}
