/** Outgoing hooks: where this node tells that something happened, without saying what. */
import { type Static, Type } from '@sinclair/typebox'
import { PathForm, section, UrlForm } from './text.ts'

export const HooksForm = Type.Array(
  section({
    name: Type.String({ pattern: '^[a-z0-9-]{1,40}$' }),
    /** https, except on this machine. */
    url: UrlForm,
    /** One line: at least 32 characters that only the receiver knows as well. */
    secretFile: PathForm,
  }),
  { maxItems: 10 },
)

export type HooksConfig = Static<typeof HooksForm>
