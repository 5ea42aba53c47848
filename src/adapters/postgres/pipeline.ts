/**
 * Connections that do not wait where nobody needs an answer. `begin` goes out with the first
 * statement of its transaction, and what is sent ahead with the next one that is awaited, at
 * the latest with `commit`: a round trip costs both processes more than a statement does.
 *
 * A statement that was sent ahead and failed has aborted its transaction, so nothing after
 * it counts; its error is thrown by the next statement that is awaited. Statements that
 * come again and again are prepared once for each connection.
 */
import type { CompiledQuery, PostgresPool, PostgresPoolClient, Transaction } from 'kysely'
import type { Client, Pool, QueryResult } from 'pg'
import type { Schema } from './database.ts'
import { preparedName } from './prepared-names.ts'

/** @param pool of clients with `pipeline` */
export function pipelinedPool(pool: Pool): PostgresPool {
  const known = new WeakMap<object, PostgresPoolClient>()
  return {
    options: pool.options,
    end: () => pool.end(),
    async connect() {
      const client = (await pool.connect()) as PooledClient
      const pipelined = known.get(client) ?? pipelinedClient(client)
      known.set(client, pipelined)
      return pipelined
    },
  }
}

/** For a statement whose answer nobody needs. Its error comes with a later statement. */
export async function sendAhead(tx: Transaction<Schema>, statement: CompiledQuery): Promise<void> {
  sentAhead.add(statement.parameters)
  await tx.executeQuery(statement)
}

/** Parameters of statements that were sent ahead: the dialect hands them on as they are. */
const sentAhead = new WeakSet<readonly unknown[]>()

type PooledClient = Client & { release(destroy?: boolean): void }

const NO_ANSWER = { command: 'SELECT', rowCount: 0, rows: [] } as const

function pipelinedClient(client: PooledClient): PostgresPoolClient {
  let failure: { readonly error: unknown } | undefined
  const query = async (sql: string, parameters: readonly unknown[] = []) => {
    const sent = send(client, sql, parameters)
    if (sql === 'begin' || sentAhead.has(parameters)) {
      sent.catch((error: unknown) => {
        failure ??= { error }
      })
      return NO_ANSWER
    }
    const [answer] = await Promise.allSettled([sent])
    // Whatever was sent ahead of it has been answered before it.
    const earlier = failure
    failure = undefined
    if (earlier && !isRollback(sql)) throw earlier.error
    if (answer.status === 'rejected') throw answer.reason
    return answer.value
  }
  return {
    query: query as unknown as PostgresPoolClient['query'],
    release: (destroy) => client.release(destroy),
  }
}

/** Also to a savepoint: what failed after that is undone. */
const isRollback = (sql: string) => /^rollback\b/i.test(sql)

/** What is sent before the event loop goes on leaves in one write. */
function send(
  client: PooledClient,
  text: string,
  parameters: readonly unknown[],
): Promise<QueryResult> {
  const { stream } = client.connection
  stream.cork()
  process.nextTick(() => stream.uncork())
  if (parameters.length === 0) return client.query(text)
  const name = preparedName(text)
  const values = [...parameters]
  return client.query(name === undefined ? { text, values } : { name, text, values })
}
