/** A time-stamp authority outside (RFC 3161), chosen and pinned by an administrator. */
import { type Static, Type } from '@sinclair/typebox'
import { PathForm, section, UrlForm } from './text.ts'

export const TimestampsForm = section({
  /** May be http: the answer is signed, and the question is a digest. */
  url: UrlForm,
  /** PEM certificates to which the authority's certificate must lead. */
  rootFile: PathForm,
  /** OID of the policy to stamp under; absent: the authority's own. */
  policy: Type.Optional(Type.String({ maxLength: 100, pattern: '^[0-2](\\.(0|[1-9][0-9]*))+$' })),
})

export type TimestampsConfig = Static<typeof TimestampsForm>
