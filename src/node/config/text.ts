/** Texts that stand in several sections of a configuration. */
import { Type } from '@sinclair/typebox'

export const PathForm = Type.String({ minLength: 1, maxLength: 4096 })
/** Without a path behind the host: addresses of pages and interfaces are put behind it. */
export const OriginForm = Type.String({
  maxLength: 300,
  pattern: '^https?://[A-Za-z0-9.\\[\\]:-]+$',
})
export const UrlForm = Type.String({ maxLength: 1000, pattern: '^https?://\\S+$' })
export const PostgresUrlForm = Type.String({ maxLength: 1000, pattern: '^postgres(ql)?://\\S+$' })
export const PortForm = Type.Integer({ minimum: 1, maximum: 65535 })
export const MillisecondsForm = Type.Integer({ minimum: 1, maximum: 86_400_000 })
export const NameForm = Type.String({ minLength: 1, maxLength: 200 })
/** A verifier key of a signed note (C2SP); one of ML-DSA-44 has 1,800 characters. */
export const VkeyForm = Type.String({ minLength: 1, maxLength: 3000 })

/** Nothing beside the named members: a word that nobody reads is a mistake, not a wish. */
export function section<P extends Parameters<typeof Type.Object>[0]>(members: P) {
  return Type.Object(members, { additionalProperties: false })
}
