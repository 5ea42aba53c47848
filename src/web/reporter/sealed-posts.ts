/** What the routes for the scripts of sealed pages share: ciphertext in small JSON bodies, paid for with work. */
import { type Static, type TObject, Type } from '@sinclair/typebox'
import type { FastifyInstance, FastifyReply } from 'fastify'
import type { Kernel } from '../../app/kernel.ts'
import { fromHex } from '../../base/bytes.ts'

export const strict = { additionalProperties: false }

/** An id that follows from a reporter's code; lower-case hex. */
export const codeId = Type.String({ pattern: '^[0-9a-f]{64}$' })

/** As it is sent with a question: what is no id is answered like one that nobody has. */
export const anyCodeId = Type.String({ maxLength: 200 })

/** An id by which nothing is found stands for what is none; random, so that nobody files for it. */
export function idOrNobodys({ random }: Pick<Kernel, 'random'>, sent: string): Uint8Array {
  const nobodys = random.bytes(32)
  return /^[0-9a-f]{64}$/.test(sent) ? fromHex(sent) : nobodys
}

/** Something sealed, and the work that was done for it. */
export const paidFor = (bodyMax: number) => ({
  ticket: Type.String({ maxLength: 200 }),
  work: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
  sealed: Type.String({ maxLength: bodyMax, pattern: '^[A-Za-z0-9+/]+={0,2}$' }),
})

export function sealedPosts(server: FastifyInstance, bodyLimit: number) {
  return <Body extends TObject>(
    url: string,
    body: Body,
    answer: (sent: Static<Body>, reply: FastifyReply) => Promise<FastifyReply>,
  ) =>
    server.post(url, { bodyLimit, schema: { body, hide: true } }, (request, reply) =>
      answer(request.body as Static<Body>, reply),
    )
}
