/**
 * Recovery of an escrow key by M of N people: its steps, each an event. The shares pass
 * through here sealed; the key comes together in the requester's browser only.
 */
import { type Static, Type } from '@sinclair/typebox'
import type { Decision } from '../base/decision.ts'
import { malformed } from '../base/errors.ts'
import type { Acting } from '../core/case/recorded.ts'
import type { EscrowShare, SealingWorkEvent } from '../core/sealing/events.ts'
import {
  cancelRecovery as decideCancel,
  completeRecovery as decideComplete,
  giveShare as decideGive,
  makeEscrow as decideMake,
  requestRecovery as decideRequest,
  SHARES_MAX,
} from '../core/sealing/recovery.ts'
import { decideDeskAccess } from './access.ts'
import type { ActDone } from './act.ts'
import type { Kernel } from './kernel.ts'
import { appended, type BothStreams, inBoth } from './sealing-keys.ts'

export const RECORD_ESCROW = { name: 'recordEscrow', group: 'control' } as const
export const ASK_FOR_RECOVERY = { name: 'askForRecovery', group: 'recoverKey' } as const
/** Of a request that is somebody else's; its requester and the holders cancel too. */
export const CANCEL_ANY_RECOVERY = { name: 'cancelRecovery', group: 'oversee' } as const
const SEALED_SHARE_MAX = 8192

const HexDigest = Type.String({ pattern: '^[0-9a-f]{64}$' })
const SealedShare = Type.String({
  minLength: 1,
  maxLength: SEALED_SHARE_MAX,
  pattern: '^[A-Za-z0-9+/]+={0,2}$',
})

/** What a browser or `comity keys recovery make` writes about a set of shares. */
export const escrowForm = Type.Object(
  {
    setId: Type.String({ pattern: '^[0-9a-f]{16}$' }),
    recipient: Type.String({ maxLength: 2100 }),
    threshold: Type.Integer({ minimum: 1, maximum: SHARES_MAX }),
    shares: Type.Array(
      Type.Object(
        {
          index: Type.Integer({ minimum: 1, maximum: SHARES_MAX }),
          holder: Type.Union([
            Type.Object(
              { officer: Type.String({ maxLength: 100 }) },
              { additionalProperties: false },
            ),
            Type.Object(
              { person: Type.String({ minLength: 1, maxLength: 200 }) },
              { additionalProperties: false },
            ),
          ]),
          digest: HexDigest,
          sealed: Type.Union([SealedShare, Type.Null()]),
        },
        { additionalProperties: false },
      ),
      { minItems: 1, maxItems: SHARES_MAX },
    ),
  },
  { additionalProperties: false },
)

export type NewEscrow = Omit<Static<typeof escrowForm>, 'shares'> & {
  readonly shares: readonly EscrowShare[]
}

export async function recordEscrow(
  kernel: Kernel,
  made: NewEscrow,
  acting: Acting,
): Promise<Decision<ActDone>> {
  if (!kernel.sealing.isRecipient(made.recipient)) {
    throw malformed('not an age recipient', { field: 'recipient', reason: 'bad-recipient' })
  }
  const access = await decideDeskAccess(kernel, RECORD_ESCROW, acting)
  if (access.decision === 'refuse') return access
  return decided(kernel, acting, ({ work }) => decideMake(work.recovery, made, work.facts.officers))
}

export async function askForRecovery(
  kernel: Kernel,
  { setId, ground }: { readonly setId: string; readonly ground: string },
  acting: Acting,
): Promise<Decision<ActDone>> {
  const command = { setId, ground, requestId: kernel.random.uuid(), now: kernel.clocks.wireNow() }
  const access = await decideDeskAccess(kernel, ASK_FOR_RECOVERY, acting)
  if (access.decision === 'refuse') return access
  return decided(kernel, acting, ({ work }) =>
    decideRequest(work.recovery, work.keys, command, acting),
  )
}

export type GiveRecoveryShare = {
  readonly requestId: string
  readonly index: number
  /** Sealed to the requester, base64; null for one that is typed at the requester's desk. */
  readonly sealed: string | null
}

export function giveRecoveryShare(
  kernel: Kernel,
  command: GiveRecoveryShare,
  acting: Acting,
): Promise<Decision<ActDone>> {
  return decided(kernel, acting, ({ work }) => decideGive(work.recovery, command, acting))
}

export async function cancelKeyRecovery(
  kernel: Kernel,
  asked: { readonly requestId: string; readonly reason: string },
  acting: Acting,
): Promise<Decision<ActDone>> {
  const access = await decideDeskAccess(kernel, CANCEL_ANY_RECOVERY, acting)
  const command = { ...asked, mayCancelAny: access.decision === 'permit' }
  return decided(kernel, acting, ({ work }) => decideCancel(work.recovery, command, acting))
}

export function completeKeyRecovery(
  kernel: Kernel,
  requestId: string,
  acting: Acting,
): Promise<Decision<ActDone>> {
  return decided(kernel, acting, ({ work }) => decideComplete(work.recovery, requestId, acting))
}

function decided(
  kernel: Kernel,
  acting: Acting,
  decide: (both: BothStreams) => Decision<readonly SealingWorkEvent[]>,
): Promise<Decision<ActDone>> {
  return inBoth(kernel, async (both) => appended(both.sealing, decide(both), acting.officer))
}
