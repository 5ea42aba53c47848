/** How a node reaches its database. One URL of the owner, and one role for each door. */
import { type Static, Type } from '@sinclair/typebox'
import { PostgresUrlForm, section } from './text.ts'

export const DatabaseForm = section({
  /** Of the role that owns the tables: migrations, the log's sequencer, jobs. */
  url: PostgresUrlForm,
  /** Of roles that can do only what their door needs. Without them the owner does it all. */
  doors: Type.Optional(
    section({ public: PostgresUrlForm, officers: PostgresUrlForm, federation: PostgresUrlForm }),
  ),
})

export type DatabaseConfig = Static<typeof DatabaseForm>
