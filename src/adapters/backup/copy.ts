/**
 * `COPY … TO STDOUT` and `COPY … FROM STDIN` as streams over the driver `pg`, which
 * hands on the messages of the protocol but has no interface of its own for them.
 * Memory stays bounded: the connection pauses while the other side is slow.
 *
 * The statements are made of names that come from the database's own catalogue or
 * from a verified manifest, quoted; never of anybody's input.
 */
import type { Client, Connection } from 'pg'
import { unavailable } from '../../base/errors.ts'

/** Rows are small: joined to blocks of this size before they are handed on. */
const BLOCK_BYTES = 256 * 1024
/** What may wait here before the connection pauses. */
const WAITING_BYTES = 4 * BLOCK_BYTES

type Wire = Connection & {
  readonly stream: {
    pause(): void
    resume(): void
    readonly writableNeedDrain: boolean
    once(event: 'drain', listener: () => void): void
  }
  query(text: string): void
  sendCopyFromChunk(chunk: Uint8Array): void
  endCopyFrom(): void
  sendCopyFail(message: string): void
}

/** The bytes of a `COPY … TO STDOUT`, in blocks. Its end is the end of the statement. */
export async function* copyOut(client: Client, statement: string): AsyncGenerator<Buffer> {
  const inbox = new Inbox()
  client.query({
    submit(connection: Connection) {
      inbox.connection = connection as Wire
      inbox.connection.query(statement)
    },
    handleCopyData({ chunk }: { chunk: Buffer }) {
      inbox.add(chunk)
    },
    handleCommandComplete() {},
    handleReadyForQuery: () => inbox.end(),
    handleError: (error: Error) => inbox.end(error),
  } as never)
  yield* inbox.blocks()
}

/** Writes `source` into a `COPY … FROM STDIN`. @returns the number of rows */
export function copyIn(
  client: Client,
  statement: string,
  source: AsyncIterable<Uint8Array>,
): Promise<number> {
  return new Promise((resolve, reject) => {
    let rows = 0
    let fault: unknown
    client.query({
      submit(connection: Wire) {
        connection.query(statement)
      },
      handleCopyInResponse(connection: Wire) {
        pump(connection, source).catch((error) => {
          fault = error
          connection.sendCopyFail('the source failed')
        })
      },
      handleCommandComplete({ text }: { text: string }) {
        rows = Number(/^COPY (\d+)$/.exec(text)?.[1] ?? Number.NaN)
      },
      handleReadyForQuery: () => resolve(rows),
      handleError: (error: Error) => reject(fault ?? error),
    } as never)
  })
}

async function pump(connection: Wire, source: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const chunk of source) {
    connection.sendCopyFromChunk(chunk)
    if (connection.stream.writableNeedDrain) {
      await new Promise<void>((resolve) => connection.stream.once('drain', resolve))
    }
  }
  connection.endCopyFrom()
}

/** Between the driver, which pushes, and a reader, who pulls. */
class Inbox {
  connection: Wire | undefined
  #chunks: Buffer[] = []
  #waitingBytes = 0
  #isEnded = false
  #error: Error | undefined
  #wake = () => {}

  add(chunk: Buffer): void {
    // A copy: the driver's parser uses its buffer again.
    this.#chunks.push(Buffer.from(chunk))
    this.#waitingBytes += chunk.length
    if (this.#waitingBytes >= WAITING_BYTES) this.connection?.stream.pause()
    if (this.#waitingBytes >= BLOCK_BYTES) this.#wake()
  }

  end(error?: Error): void {
    this.#isEnded = true
    this.#error = error
    this.#wake()
  }

  async *blocks(): AsyncGenerator<Buffer> {
    try {
      for (;;) {
        while (this.#waitingBytes < BLOCK_BYTES && !this.#isEnded) await this.#anything()
        if (this.#error) throw unavailable('a table cannot be read', { cause: this.#error })
        const block = Buffer.concat(this.#chunks)
        this.#chunks = []
        this.#waitingBytes = 0
        this.connection?.stream.resume()
        if (block.length > 0) yield block
        else if (this.#isEnded) return
      }
    } finally {
      // A reader that leaves early must not leave the connection paused.
      this.connection?.stream.resume()
    }
  }

  #anything(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve
    })
  }
}
