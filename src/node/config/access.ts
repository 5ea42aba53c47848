/** How strictly access is decided on this node. */
import { type Static, Type } from '@sinclair/typebox'
import { section } from './text.ts'

export const AccessForm = section({
  /**
   * Acts that are marked so want a strong proof of who acts, given in the last minutes.
   * Left out: wanted, except in the demonstration.
   */
  requireStepUp: Type.Optional(Type.Boolean()),
})

export type AccessConfig = Static<typeof AccessForm>
