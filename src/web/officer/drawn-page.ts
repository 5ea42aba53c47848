/**
 * A drawn page on its way to whoever had it drawn: a picture, kept by nobody. And what the
 * form of a look says beside its purpose.
 */
import type { FastifyReply } from 'fastify'
import { malformed } from '../../base/errors.ts'
import type { RawValues } from '../form/form-model.ts'

const REASON_MAX = 2000

/** @throws ComityError `malformed` with reason `not-found` */
export function sendDrawnPage(reply: FastifyReply, png: Uint8Array | undefined): FastifyReply {
  if (!png) throw nothingHere()
  return reply
    .headers({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' })
    .type('image/png')
    .send(Buffer.from(png))
}

/** What is no page is the first. */
export function firstPageOf({ first }: RawValues): number {
  return typeof first === 'string' && /^[1-9]\d{0,3}$/.test(first) ? Number(first) : 1
}

export function whyOriginalOf({ whyOriginal }: RawValues): { readonly whyOriginal?: string } {
  return typeof whyOriginal === 'string' ? { whyOriginal: whyOriginal.slice(0, REASON_MAX) } : {}
}

export function nothingHere() {
  return malformed('there is nothing here', { reason: 'not-found' })
}
