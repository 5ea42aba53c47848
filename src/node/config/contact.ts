/** Other ways to reach the authority, as its public pages name them. */
import { type Static, Type } from '@sinclair/typebox'
import { NameForm, section } from './text.ts'

export const ContactForm = section({
  phone: Type.Optional(Type.String({ pattern: '^[+0-9][0-9 ()./-]{2,39}$' })),
  post: Type.Optional(Type.String({ minLength: 1, maxLength: 500 })),
  email: Type.Optional(NameForm),
  /**
   * Where Tor Browser finds the public door: an onion service of version 3, by its own
   * address (Tor's rend-spec-v3, "Encoding onion addresses"). The service itself is Tor's.
   */
  onion: Type.Optional(Type.String({ pattern: '^http://[a-z2-7]{56}\\.onion$' })),
})

export type ContactConfig = Static<typeof ContactForm>
