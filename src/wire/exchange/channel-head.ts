/**
 * A signed channel head: how far a channel has come, as one of its two ends says.
 * Given at least every ten minutes, it makes silence and omission visible; two
 * heads that cannot be of one history are proof of equivocation.
 */
import type { Static } from '@sinclair/typebox'
import type { Bytes } from '../../base/bytes.ts'
import { canonicalBytes } from '../../base/canonical-json.ts'
import { unverified } from '../../base/errors.ts'
import { asVerified, type Verified } from '../../base/verified.ts'
import type { Primitives } from '../../proof/primitives.ts'
import type { MessageKey } from '../http-signature.ts'
import type { ChannelPosition } from './channel.ts'
import {
  CountForm,
  HashForm,
  InstantForm,
  NodeIdForm,
  NodeSignatureForm,
  readForm,
  requireInstant,
  SeqForm,
  strictObject,
  Version1,
} from './form.ts'
import { DOMAIN, verifyValue } from './signed.ts'

const ChannelHeadForm = strictObject({
  v: Version1,
  origin: NodeIdForm,
  destination: NodeIdForm,
  epoch: CountForm,
  seq: SeqForm,
  link: HashForm,
  at: InstantForm,
})

export const SignedChannelHeadForm = strictObject({
  head: ChannelHeadForm,
  signature: NodeSignatureForm,
})

export type SignedChannelHead = Readonly<Static<typeof SignedChannelHeadForm>>

export function encodeChannelHead(signed: SignedChannelHead): Bytes {
  return canonicalBytes(signed)
}

/**
 * @param by the end that must have signed it
 * @throws ComityError `malformed`; `unverified` with reason `head-subject`, `key-unknown` or `signature`
 */
export function verifyChannelHead(
  primitives: Primitives,
  bytes: Uint8Array,
  expected: Pick<ChannelPosition, 'origin' | 'destination'> & {
    readonly by: { readonly node: string; readonly messageKeys: readonly MessageKey[] }
  },
): Verified<SignedChannelHead> {
  const signed = readForm(SignedChannelHeadForm, bytes, '')
  requireInstant(signed.head.at, '/head/at')
  const { origin, destination } = signed.head
  if (origin !== expected.origin || destination !== expected.destination) {
    throw unverified('a head is of another channel', { field: '/head', reason: 'head-subject' })
  }
  const by = { ...expected.by, at: signed.head.at }
  verifyValue(primitives, DOMAIN.channelHead, signed.head, signed.signature, by)
  return asVerified(signed)
}
