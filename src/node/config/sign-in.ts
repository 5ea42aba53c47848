/** How officers sign in. */
import { type Static, Type } from '@sinclair/typebox'
import { section } from './text.ts'

export const SignInForm = section({
  /** One-time links for whoever knows the secret: in the demonstration only. */
  demoLinks: Type.Optional(section({ secret: Type.String({ pattern: '^[0-9a-f]{64}$' }) })),
})

export type SignInConfig = Static<typeof SignInForm>
