/** Notices by mail. Without this section the node sends none, and passes no period on. */
import { type Static, Type } from '@sinclair/typebox'
import { NameForm, PathForm, PortForm, section } from './text.ts'

export const MailForm = section({
  host: NameForm,
  port: PortForm,
  /** `tls` from the first byte, `startTls` before anything is said; `none` on loopback only. */
  security: Type.Union([Type.Literal('tls'), Type.Literal('startTls'), Type.Literal('none')]),
  from: Type.String({ maxLength: 254, pattern: '^[^\\s<>@]+@[^\\s<>@]+$' }),
  user: Type.Optional(NameForm),
  /** One line. */
  passwordFile: Type.Optional(PathForm),
  /** PEM; without it the system's authorities count. */
  caFile: Type.Optional(PathForm),
  /** Where officers may be written to. Without it anywhere. */
  domains: Type.Optional(Type.Array(NameForm, { minItems: 1, maxItems: 50 })),
  /** A mail that says that reports wait leaves up to so much later, at random. */
  intakeDelayMinutes: Type.Optional(Type.Integer({ minimum: 0, maximum: 1440 })),
  /** Periods are passed to a deputy when their owner is away or silent. */
  escalation: Type.Optional(
    section({
      withinDays: Type.Integer({ minimum: 1, maximum: 60 }),
      silentDays: Type.Integer({ minimum: 1, maximum: 60 }),
    }),
  ),
})

export type MailConfig = Static<typeof MailForm>
